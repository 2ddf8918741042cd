#!/usr/bin/env python3
"""How long the daemon's loop is held up while plugins start slowly, hang and die: PYTHONPATH=tests/support loop_bench.py PROGRAM SOURCE

Asks /healthz again and again, each time on the same connection, and prints how long the answers took: while nothing happens
(the reference), while a reload starts a plugin that takes 3 s, and while a plugin hangs and dies on articles.
"""
import http.client
import signal
import threading
import time

from dprkwatch_test import SOURCE, THREAT, Folder, rss, wait_until


class Loop(Folder):
    def ask(self, address, seconds, until=lambda: False):
        connection = http.client.HTTPConnection(address, timeout=60)
        took = []
        end = time.monotonic() + seconds
        while time.monotonic() < end and not until():
            start = time.monotonic()
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            took.append(time.monotonic() - start)
            time.sleep(0.001)
        connection.close()
        took.sort()
        return f"{len(took)} answers, median {took[len(took) // 2] * 1e3:.1f} ms, 99.9% {took[-1 - len(took) // 1000] * 1e3:.1f} ms, longest {took[-1] * 1e3:.1f} ms"

    def test_loop(self):
        wire = self.site()
        wire.pages["/feed.xml"] = (200, {}, rss([]))
        slow = self.folder / "slow.py"
        slow.write_text("import time\ntime.sleep(3)\nfrom dprkwatch_plugin import run\n"
                        "run(lambda article, config: (), id='slow', version='1', provides=['word'])\n")
        builtin = "  - { id: relevance }\n  - { id: rhetoric }\n"
        harm = (f"plugins:\n  - {{ id: misbehave, mode: command, timeout: 500ms, command: [/usr/bin/python3, "
                f"{SOURCE}/tests/support/misbehave/misbehave.py] }}\n" + builtin)
        feeds = ({"wire": wire.url("/feed.xml")}, [wire.address])
        daemon = self.daemon(self.config(*feeds, more=harm))
        address = daemon.address()
        print("nothing:          ", self.ask(address, 4))
        self.config(*feeds, more=harm + "  - { id: slow, mode: command, command: [/usr/bin/python3, ./slow.py] }\n")
        daemon.signal(signal.SIGHUP)
        print("a slow reload:    ", self.ask(address, 60, lambda: daemon.lines("took over")))
        acts = ["good", "crash", "hang", "exit", "garbage", "good2"]
        wire.pages["/feed.xml"] = (200, {}, rss([(act, THREAT[0], f"{act} {THREAT[1]}") for act in acts]))
        done = threading.Event()
        threading.Thread(target=lambda: (wait_until(lambda: daemon.get("/readyz")["articles"] == len(acts) and
                                                    daemon.get("/readyz")["waiting"] == 0, "the end"), done.set())).start()
        print("hangs and deaths: ", self.ask(address, 60, done.is_set))


if __name__ == "__main__":
    import unittest
    unittest.main()
