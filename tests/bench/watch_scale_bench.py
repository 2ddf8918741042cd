#!/usr/bin/env python3
"""What 1,000, 10,000 and 100,000 feeds cost the daemon: memory a feed, and polls a second beside a bare libcurl loop.

The daemon, and in turn the bare loop, has core 0 alone with all of its threads; the server has core 1. Both poll the same
URLs of 16 hosts over keep-alive, 32 at once, conditionally, and all answers are 304. They take turns, three times; the
figures are those of the turn with the median ratio. The feeds have no entries: what those cost is first_load_bench.py's.

usage: PYTHONPATH=tests/support tests/bench/watch_scale_bench.py build/release/bin/dprkwatch . [FEEDS ...]
"""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import dprkwatch_test
from dprkwatch_test import Daemon, rss, wait_until

HOSTS, AT_ONCE, TURNS = 16, 32, 3
SECONDS = float(os.environ.get("SECONDS", "5"))
BENCH = pathlib.Path(dprkwatch_test.PROGRAM).with_name("bench_watch_scale")
TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_bytes(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) * 1024


class Scale:
    def __init__(self, folder, base):
        self.folder, self.base = folder, base
        self.port = base.rsplit(":", 1)[1]

    def urls(self, feeds):
        return [f"http://127.0.0.{1 + n % HOSTS}:{self.port}/feed.xml?{n}" for n in range(feeds)]

    def count(self):
        with urllib.request.urlopen(self.base + "/count", timeout=30) as answer:
            return int(answer.read())

    def daemon(self, feeds, interval):
        """With a store of its own, on core 0."""
        folder = self.folder / f"{feeds}-{interval}"
        folder.mkdir()
        outlines = "".join(f"<outline text='feed {n}' type='rss' xmlUrl='{url}'/>\n" for n, url in enumerate(self.urls(feeds)))
        (folder / "feeds.opml").write_text(f"<opml version='2.0'><head/><body>{outlines}</body></opml>")
        config = folder / "dprkwatch.yaml"
        config.write_text(f"api: {{ listen: '127.0.0.1:0' }}\nnetwork: {{ allow: ['127.0.0.0/8'] }}\nopml: [feeds.opml]\n"
                          f"fetch: {{ interval: {interval}, max_interval: {interval}, max_in_flight: {AT_ONCE}, max_per_host: {AT_ONCE} }}\n")
        daemon = Daemon(config, folder)
        subprocess.run(["taskset", "-apc", "0", str(daemon.process.pid)], check=True, capture_output=True)
        daemon.wait_for("started")
        return daemon

    def memory(self, feeds):
        """After every feed was polled once, in a daemon that then idles."""
        begin = self.count()
        daemon = self.daemon(feeds, "24h")
        wait_until(lambda: self.count() - begin >= feeds, f"{feeds} feeds to be polled", patience=900)
        time.sleep(1)
        resident = resident_bytes(daemon.process.pid)
        daemon.kill()
        return resident

    def polling(self, daemon):
        """Polls a second, and how much of a core they took."""
        begin, start, used = self.count(), time.monotonic(), processor_seconds(daemon.process.pid)
        time.sleep(SECONDS)
        polls, took = self.count() - begin, time.monotonic() - start
        return polls / took, (processor_seconds(daemon.process.pid) - used) / took

    def bare(self, feeds):
        before = os.times()
        answer = subprocess.run(["taskset", "-c", "0", BENCH, "bare", str(SECONDS), str(AT_ONCE), *self.urls(min(feeds, 1000))],
                                check=True, capture_output=True, text=True)
        after = os.times()
        share = (after.children_user + after.children_system - before.children_user - before.children_system) / SECONDS
        return float(answer.stdout), share

    def rate(self, feeds):
        daemon = self.daemon(feeds, "200ms")
        begin = self.count()
        wait_until(lambda: self.count() - begin >= 2 * feeds, "two polls of every feed", patience=900)
        turns = []
        for _ in range(TURNS):
            rate, share = self.polling(daemon)
            daemon.process.send_signal(19)  # SIGSTOP: the bare loop has the core
            bare, bare_share = self.bare(feeds)
            daemon.process.send_signal(18)
            turns.append((rate / bare, rate, bare, share / rate, bare_share / bare))
        daemon.kill()
        return sorted(turns)[TURNS // 2]


def main():
    sizes = [int(size) for size in sys.argv[1:]] or [1000, 10000, 100000]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        site = folder / "site"
        site.mkdir()
        (site / "feed.xml").write_bytes(rss([]))
        server = subprocess.Popen(["taskset", "-c", "1", BENCH, "serve", site], stdout=subprocess.PIPE, text=True)
        try:
            scale = Scale(folder, server.stdout.readline().strip())
            base = scale.memory(1)
            print(f"base: {base / 2**20:.1f} MB resident with one feed")
            for feeds in sizes:
                resident = scale.memory(feeds)
                ratio, rate, bare, cost, bare_cost = scale.rate(feeds)
                print(f"{feeds:7} feeds: {(resident - base) / feeds:5.0f} bytes a feed ({resident / 2**20:.1f} MB); "
                      f"{rate:6.0f} polls/s at {1e6 * cost:.0f} us of processor time, bare libcurl {bare:6.0f}/s at {1e6 * bare_cost:.0f} us: "
                      f"ratio {ratio:.2f}, by processor time {bare_cost / cost:.2f}", flush=True)
        finally:
            server.kill()
            server.wait()


if __name__ == "__main__":
    main()
