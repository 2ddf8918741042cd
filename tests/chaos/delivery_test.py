"""A faulty endpoint and kill -9 at random moments: none of the alerts lost, each webhook-id accepted once by a receiver that
drops repeats, the order kept where it is asked for.

ALERTS (default 400), SECONDS (default 90) in the environment bound the run, SEED repeats one.
"""
import json
import os
import random
import socket
import struct
import threading
import time
import unittest

from dprkwatch_test import SECRET, THREAT, Daemon, Folder, rss, wait_until
from webhook_receiver import verify

ALERTS = int(os.environ.get("ALERTS", 400))
SECONDS = float(os.environ.get("SECONDS", 90))
SEED = int(os.environ.get("SEED", time.time_ns() % 1_000_000))


class Faulty:
    """Answers POSTs, or does one of the things that endpoints do. Drops repeats by webhook-id."""

    def __init__(self, chance):
        self.chance = chance
        self.calm = False
        self.accepted = {}  # webhook-id to body, in order of acceptance
        self.repeats = 0
        self.faults = {}
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def fault(self):
        if self.calm:
            return "none"
        return self.chance.choice(["none"] * 6 + ["500", "503", "429", "reset", "half", "slow", "taken but cut", "redirect", "hang"])

    def serve(self, peer):
        with peer:
            stream = peer.makefile("rb")
            try:
                while stream.readline():
                    headers = {}
                    while (line := stream.readline()) not in (b"\r\n", b""):
                        name, _, value = line.decode().partition(":")
                        headers[name.lower()] = value.strip()
                    body = stream.read(int(headers.get("content-length", 0)))
                    if not self.answer(peer, headers, body):
                        return
            except OSError:
                pass

    def answer(self, peer, headers, body):
        """False when the connection is over."""
        with self.lock:
            fault = self.fault()
            self.faults[fault] = self.faults.get(fault, 0) + 1
        if fault == "reset":
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if fault == "hang":
            time.sleep(0.7)
            return False
        if fault in ("500", "503"):
            peer.sendall(f"HTTP/1.1 {fault} no\r\nContent-Length: 4\r\n\r\nlate".encode())
            return True
        if fault == "429":
            peer.sendall(b"HTTP/1.1 429 slow\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n")
            return True
        if fault == "redirect":
            peer.sendall(b"HTTP/1.1 302 there\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n")
            return True
        if fault == "half":
            peer.sendall(b"HTTP/1.1 200 ok\r\nContent-Le")
            return False
        refused = verify(SECRET, headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"], body,
                         time.time())
        if refused:
            raise AssertionError(refused)
        with self.lock:
            if headers["webhook-id"] in self.accepted:
                self.repeats += 1
            else:
                self.accepted[headers["webhook-id"]] = json.loads(body)
        if fault == "taken but cut":
            return False
        answer = b"HTTP/1.1 204 ok\r\n\r\n"
        for byte in answer if fault == "slow" else [None]:
            peer.sendall(answer if byte is None else bytes([byte]))
            time.sleep(0.002 if fault == "slow" else 0)
        return True

    def close(self):
        self.listener.close()


class Delivery(Folder):
    def endpoint(self, chance):
        endpoint = Faulty(chance)
        self.addCleanup(endpoint.close)
        return endpoint

    def test_each_alert_is_accepted_exactly_once(self):
        chance = random.Random(SEED)
        wire = self.site()
        entries = [(f"a{i}", f"North Korea threatens strike number {i}", f"{THREAT[1]} This is statement number {i}.")
                   for i in range(ALERTS)]
        shown = [0]

        def feed(_):
            shown[0] = min(len(entries), shown[0] + max(1, ALERTS // 40))
            return 200, {"Content-Type": "application/rss+xml"}, rss(list(reversed(entries[max(0, shown[0] - 200):shown[0]])))
        wire.pages["/feed.xml"] = feed
        faulty, ordered = self.endpoint(chance), self.endpoint(chance)
        path = self.config({"wire": wire.url("/feed.xml")}, [wire.address, faulty.address, ordered.address])
        waits = "retry_schedule: [" + ", ".join(["0s"] + ["200ms"] * 60) + "]"
        lines = [f"  - {{ name: {name}, type: webhook, url: 'http://{endpoint.address}/', secret_file: hook.secret, "
                 f"timeout: 500ms, concurrency: 8, order: {order}, {waits} }}\n"
                 for name, endpoint, order in (("faulty", faulty, "free"), ("ordered", ordered, "strict"))]
        text = path.read_text().replace('receivers: ["record"]', "receivers: [record, faulty, ordered]")
        # A breaker's longest rest is the schedule's longest wait; the troubles themselves are no alerts of this test.
        path.write_text(text.replace("receivers:\n", "receivers:\n" + "".join(lines), 1) + "self_alerts: { mode: off }\n")

        end = time.monotonic() + SECONDS
        kills = 0
        while time.monotonic() < end and (kills < 20 or len(faulty.accepted) < ALERTS // 2):
            daemon = Daemon(path, self.folder)
            time.sleep(chance.uniform(0.2, 1.5))
            daemon.kill()
            kills += 1
        faulty.calm = ordered.calm = True
        daemon = self.daemon(path)
        wait_until(lambda: daemon.get("/readyz")["articles"] == ALERTS, "every article", patience=180)
        daemon.settle()
        self.assertEqual(daemon.stop()[0], 0)
        print(f"SEED={SEED}: {ALERTS} alerts, killed {kills} times, faults {faulty.faults}, repeats dropped "
              f"{faulty.repeats} and {ordered.repeats}", flush=True)

        alerts = {alert for (alert,) in self.query("SELECT id FROM alerts")}
        self.assertEqual(len(alerts), ALERTS)
        self.assertEqual(self.query("SELECT count(*) FROM outbox WHERE state <> 1"), [(0,)])
        for endpoint in (faulty, ordered):
            created = [body["data"]["alert_id"] for body in endpoint.accepted.values() if body["type"] == "alert.created"]
            self.assertEqual(sorted(created), sorted(alerts))
        numbers = [body["data"]["sequence"] for body in ordered.accepted.values()]
        self.assertEqual(numbers, sorted(numbers))
        self.assertGreater(faulty.repeats + ordered.repeats, 0)  # else nothing was put to the test


if __name__ == "__main__":
    unittest.main()
