#!/usr/bin/env python3
"""The first load: 400 feeds with 12,000 entries of about 3 KB, half English and half Korean, fetched, parsed, deduplicated,
judged relevant or not, and stored by `run --once`.

usage: PYTHONPATH=tests/support tests/bench/first_load_bench.py build/release/bin/dprkwatch . [RUNS]
"""
import html
import os
import pathlib
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time

import dprkwatch_test

FEEDS, ENTRIES, BYTES = 400, 30, 3000
BENCH = pathlib.Path(dprkwatch_test.PROGRAM).with_name("bench_watch_scale")
ENGLISH = ("the ministry said that talks on trade and energy would continue next week while markets waited for data from "
           "central banks and farmers asked for rain after a dry spring in the north of the country where prices rose again "
           "local councils voted on schools roads and hospitals and a museum opened its doors to visitors").split()
KOREAN = ("정부는 내년 예산안을 발표하고 지역 경제를 살리기 위한 대책을 마련했다 기상청은 주말에 비가 내릴 것으로 내다봤으며 시민들은 공원에서 "
          "축제를 즐겼다 기업들은 새로운 기술을 선보였고 대학은 연구 결과를 공개했다 교통 당국은 도로 공사를 알렸다").split()
# A tenth is about the subject, as with general news wires.
ABOUT = {"en": "North Korea fired a ballistic missile from Pyongyang and warned the United States of a merciless strike.",
         "ko": "북한은 평양에서 탄도미사일을 발사하고 미국에 무자비한 타격을 가하겠다고 위협했다."}


def entry(random_, feed, number, language):
    words = ENGLISH if language == "en" else KOREAN
    paragraphs, size = [], 0
    while size < BYTES - 400:
        sentences = [" ".join(random_.choices(words, k=14)).capitalize() + "." for _ in range(4)]
        if not paragraphs and number % 10 == 0:
            sentences.insert(1, ABOUT[language])
        paragraphs.append("<p>" + " ".join(sentences) + "</p>")
        size += len(paragraphs[-1].encode())
    title = " ".join(random_.choices(words, k=8)).capitalize() if number % 10 else ABOUT[language][:60]
    name = f"{feed}-{number}"
    body = html.escape("<div>" + "".join(paragraphs) + f"<p><a href='/news/{name}'>More</a></p></div>", quote=False)
    return (f"<item><title>{title}</title><link>https://wire.example/news/{name}</link><guid isPermaLink='false'>{name}</guid>"
            f"<pubDate>Mon, {1 + number % 28:02} Nov 2026 10:{number:02}:00 GMT</pubDate><category>News</category>"
            f"<description>{body}</description></item>")


def generate(folder):
    """Writes the feeds; gives the bytes of all entries."""
    random_, total = random.Random(1), 0
    for feed in range(FEEDS):
        language = "en" if feed % 2 == 0 else "ko"
        items = "".join(entry(random_, feed, number, language) for number in range(ENTRIES))
        total += len(items.encode())
        (folder / f"{feed}.xml").write_text(f"<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'><channel><title>Wire {feed}</title>"
                                            f"<link>https://wire.example/</link><language>{language}</language>{items}</channel></rss>")
    return total


def first_load(folder, base):
    """Gives entries a second, processor seconds, and how many articles have which relevance."""
    folder.mkdir()
    feeds = "".join(f"  - {{ name: f{n}, url: '{base}/{n}.xml' }}\n" for n in range(FEEDS))
    config = folder / "dprkwatch.yaml"
    config.write_text("api: { listen: '127.0.0.1:0' }\nnetwork: { allow: ['127.0.0.0/8'] }\n"
                      f"fetch: {{ max_per_host: 16 }}\nlog: {{ level: error }}\nplugins: [ {{ id: relevance }} ]\nfeeds:\n{feeds}")
    start, before = time.monotonic(), os.times()
    subprocess.run([dprkwatch_test.PROGRAM, "run", "--config", config, "--once"], check=True, stdout=subprocess.DEVNULL)
    took, after = time.monotonic() - start, os.times()
    database = sqlite3.connect(folder / "dprkwatch.db")
    found = dict(database.execute("SELECT relevance, count(*) FROM analyses GROUP BY 1"))
    states = dict(database.execute("SELECT state, count(*) FROM articles GROUP BY 1"))
    database.close()
    assert sum(states.values()) == FEEDS * ENTRIES and 0 not in states, states
    assert found.get("about", 0) + found.get("passing", 0) >= FEEDS * ENTRIES // 10, found
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return FEEDS * ENTRIES / took, used, found


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory(dir=os.environ.get("FOLDER")) as name:
        folder = pathlib.Path(name)
        site = folder / "site"
        site.mkdir()
        total = generate(site)
        print(f"{FEEDS} feeds, {FEEDS * ENTRIES} entries of {total / FEEDS / ENTRIES:.0f} bytes each")
        server = subprocess.Popen([BENCH, "serve", site], stdout=subprocess.PIPE, text=True)
        try:
            base = server.stdout.readline().strip()
            for run in range(runs):
                rate, used, found = first_load(folder / str(run), base)
                print(f"run {run}: {rate:.0f} entries/s, {used:.2f} s of processor time; {re.sub('[{}]', '', str(found))}", flush=True)
        finally:
            server.kill()
            server.wait()


if __name__ == "__main__":
    main()
