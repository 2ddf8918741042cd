#!/usr/bin/env python3
"""The same as plugin.cpp, as a program that speaks the protocol by hand, so that it can break it."""

import json
import os
import signal
import socket
import sys
import time


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def attempt(act):
    """"done", or "refused"."""
    try:
        act()
        return "done"
    except OSError:
        return "refused"


def fork():
    """Leaves a child that would not end by itself; gives its number."""
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        attempt(os.setsid)
        while True:
            time.sleep(1)
    return child


def write_everywhere():
    """Garbage into every descriptor there may be."""
    for descriptor in range(16):
        attempt(lambda: os.write(descriptor, b"\x00\xff{{{\n"))


def answer(message):
    text = message["article"].get("text", "")
    if always and not (spared and text.startswith(spared)):
        text = always
    act, _, rest = text.partition(" ")
    found = {"kind": "act", "score": 1, "label": "done", "spans": [{"begin": 0, "end": 1}]}
    seq = message["seq"]
    if act == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif act == "hang":
        time.sleep(1000)
    elif act == "ignore-sigterm":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(1000)
    elif act == "exit":
        os._exit(3)
    elif act == "leak":
        kept = []
        while True:
            kept.append(bytearray(16 << 20))
    elif act == "flood":
        for _ in range(100_000):
            sys.stdout.write("a line that nobody asked for\n")
    elif act == "garbage":
        write_everywhere()
    elif act == "other":
        seq += 1000
    elif act == "twice":
        say({"type": "result", "seq": seq, "annotations": []})
    elif act == "silent":
        return
    elif act == "outside":
        found["spans"] = [{"begin": 0, "end": len(text) + 100}]
    elif act == "socket":
        found["label"] = attempt(lambda: socket.socket())
    elif act == "passwd":
        found["label"] = attempt(lambda: open("/etc/passwd"))
    elif act == "write":
        found["label"] = attempt(lambda: open(rest, "w"))
    elif act == "fork":
        found["score"] = fork()
    elif act == "group":
        found["label"] = attempt(lambda: os.setpgid(0, 0))
    elif act == "error":
        say({"type": "error", "seq": seq, "message": "told to fail"})
        return
    say({"type": "result", "seq": seq, "annotations": [found]})


later = []
always = spared = ""  # what is done whatever the text says, and the beginning of texts that it is not done for
for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "hello":
        if message["config"].get("die"):
            sys.exit("no reason to live")
        always, spared = message["config"].get("always", ""), message["config"].get("but", "")
        if message["config"].get("gauges"):
            say({"type": "metric", "name": "words_known", "value": 42.5})
            say({"type": "metric", "name": "Not A Name", "value": 1})
        say({"type": "hello", "protocol": 1, "id": "misbehave", "version": "1", "provides": ["act"]})
    elif message["type"] == "stop":
        pass
    elif message["type"] == "ping":
        say({"type": "pong", "seq": message["seq"]})
    elif message["article"].get("text", "").startswith("later"):
        # Answers in reverse, four at a time.
        later.append(message)
        if len(later) == 4:
            while later:
                answer(later.pop())
    else:
        answer(message)
