#!/usr/bin/env python3
"""What an idle daemon with 1,000 feeds costs: memory, processor, and the time from start to the first poll.

usage: PYTHONPATH=tests/support tests/bench/idle_bench.py build/release/bin/dprkwatch . [SECONDS]
"""
import os
import pathlib
import sys
import tempfile
import time

import dprkwatch_test
from dprkwatch_test import Daemon, Site, rss, wait_until

FEEDS = 1000
TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_megabytes(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30
    site = Site()
    first = []

    def page(_):
        first.append(time.monotonic())
        return 200, {"ETag": '"1"'}, rss([("g1", "Floral baskets laid in Pyongyang", "A floral basket was laid on Monday.")])
    for number in range(FEEDS):
        site.pages[f"/{number}"] = page
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        feeds = "\n".join(f"  - {{ name: f{n}, url: 'http://{site.address}/{n}' }}" for n in range(FEEDS))
        config = folder / "dprkwatch.yaml"
        config.write_text(f"api: {{ listen: '127.0.0.1:0' }}\nnetwork: {{ allow: ['{site.address}'] }}\nfeeds:\n{feeds}\n")
        start = time.monotonic()
        daemon = Daemon(config, folder)
        try:
            wait_until(lambda: len(first) >= FEEDS, "every feed to be polled once", patience=300)
            daemon.settle()
            before, begin = processor_seconds(daemon.process.pid), time.monotonic()
            time.sleep(seconds)
            used = (processor_seconds(daemon.process.pid) - before) / (time.monotonic() - begin)
            print(f"{FEEDS} feeds, idle for {seconds:.0f} s: {resident_megabytes(daemon.process.pid):.1f} MB resident, "
                  f"{100 * used:.2f}% of a core; start to first poll {1000 * (first[0] - start):.0f} ms")
        finally:
            daemon.kill()
    site.close()


if __name__ == "__main__":
    print(f"program: {os.path.relpath(dprkwatch_test.PROGRAM)}")
    main()
