#!/usr/bin/env python3
"""How long a push takes from the hub to the webhook of a matching rule, on loopback.

The time runs from just before the hub opens its connection to the daemon until the receiver has read the webhook and
checked its signature. Beside it, the same for polls at their shortest interval (200 ms), from the moment the document
changes.

usage: PYTHONPATH=tests/support tests/bench/websub_bench.py build/release/bin/dprkwatch . [PUSHES]
"""
import json
import os
import pathlib
import statistics
import sys
import tempfile
import time

import dprkwatch_test
from dprkwatch_test import SECRET, Daemon, Receiver, Site, rss, wait_until
from websub_hub import Hub

PLACES = ("Seoul", "Tokyo", "Guam", "Busan", "Hawaii", "Okinawa", "Osaka", "Alaska", "Incheon", "Daegu")


def threat(number):
    place = PLACES[number % len(PLACES)]
    return (f"g{number}", f"North Korea threatens to strike {place}, statement {number}",
            f"North Korea will launch a merciless nuclear strike on {place} if it is provoked, the Korean People's Army "
            f"General Staff said in Pyongyang in its statement number {number}.")


class Desk(Receiver):
    """Notes when each webhook has been read and its signature checked."""

    def __init__(self):
        self.came = {}  # title to time
        super().__init__()

    def take(self, request):
        answer = super().take(request)
        if answer[0] == 204:
            self.came[self.accepted[-1][1]["data"]["article"]["title"]] = time.monotonic()
        return answer


def show(name, seconds):
    ordered = sorted(1000 * value for value in seconds)
    print(f"{name}: {len(ordered)} webhooks, median {statistics.median(ordered):.1f} ms, "
          f"95% {ordered[int(0.95 * len(ordered))]:.1f} ms, longest {ordered[-1]:.1f} ms")


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    wire, desk, hub = Site(), Desk(), Hub()
    topic = wire.url("/feed.xml")

    def document(*entries):
        return rss([("c0", "Floral baskets laid", "A floral basket was laid."), *entries]).replace(
            b"<channel>", f"<channel><link rel='hub' xmlns='http://www.w3.org/2005/Atom' href='{hub.url()}'/>"
            f"<link rel='self' xmlns='http://www.w3.org/2005/Atom' href='{topic}'/>".encode())

    def publish(*entries):
        wire.pages["/feed.xml"] = (200, {"Content-Type": "application/rss+xml"}, document(*entries))
    publish()
    with tempfile.TemporaryDirectory(prefix="dprkwatch-bench-") as name:
        folder = pathlib.Path(name)
        (folder / "hook.secret").write_text(SECRET)
        config = folder / "dprkwatch.yaml"
        config.write_text(f"""api: {{ listen: '127.0.0.1:0' }}
network: {{ allow: {json.dumps([wire.address, desk.address, hub.address])} }}
websub: {{ callback_url: 'http://watch.example' }}
feeds: [ {{ name: wire, url: '{topic}', interval: 200ms }} ]
rules: [ {{ name: any, when: {{ relevance: about, escalation: {{ min: 20 }} }}, receivers: [desk] }} ]
receivers: [ {{ name: desk, type: webhook, url: '{desk.url("/hook")}', secret_file: hook.secret }} ]
""")
        daemon = Daemon(config, folder)
        try:
            hub.names["watch.example"] = daemon.address()
            wait_until(lambda: hub.subscribers, "the subscription")
            polled = []
            for number in range(count // 10):
                entry = threat(number)
                begin = time.monotonic()
                publish(entry)
                wait_until(lambda: entry[1] in desk.came, "the webhook of a poll")
                polled.append(desk.came[entry[1]] - begin)
            pushed = []
            for number in range(count, 2 * count + 10):
                entry = threat(number)
                body = document(entry)
                begin = time.monotonic()
                statuses = hub.publish(topic, body)
                assert statuses == [202], statuses
                wait_until(lambda: entry[1] in desk.came, "the webhook of a push")
                pushed.append(desk.came[entry[1]] - begin)
            show("polls every 200 ms", polled)
            show("pushes", pushed[10:])
        finally:
            daemon.kill()
    for server in (wire, desk, hub):
        server.close()


if __name__ == "__main__":
    print(f"program: {os.path.relpath(dprkwatch_test.PROGRAM)}")
    main()
