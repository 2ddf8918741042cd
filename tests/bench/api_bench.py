#!/usr/bin/env python3
"""How fast the API answers while articles come in: a store of many articles, a feed that brings new ones, and readers.

usage: PYTHONPATH=tests/support tests/bench/api_bench.py build/release/bin/dprkwatch . [ARTICLES [SECONDS]]

By default 1,000,000 articles, a tenth of them relevant, and 200 new ones a second for 30 seconds. FOLDER in the environment
is where the store is made and kept, so that another run needs not make it anew.
"""
import http.client
import json
import os
import pathlib
import random
import sqlite3
import sys
import tempfile
import time

from dprkwatch_test import Daemon, Site, rss, wait_until

ENGLISH = ("the ministry said that talks on trade and energy would continue next week while markets waited for data from central "
           "banks and farmers asked for rain after a dry spring in the north of the country where prices rose again").split()
KOREAN = "정부는 내년 예산안을 발표하고 지역 경제를 살리기 위한 대책을 마련했다 북한은 평양에서 미국을 위협했다 태평양 훈련 핵 실험".split()
DYADS = [("DPRK", "USA"), ("DPRK", "ROK"), ("USA", "DPRK"), ("ROK", "DPRK"), ("DPRK", "JPN"), ("JPN", "DPRK")]
PER_SECOND = 200
READS = [
    ("articles, newest", "/api/v1/articles?limit=20"),
    ("articles by score", "/api/v1/articles?limit=20&min_escalation=80"),
    ("articles by feed", "/api/v1/articles?limit=20&feed=f7"),
    ("articles by language", "/api/v1/articles?limit=20&language=ko"),
    ("articles by dyad", "/api/v1/articles?limit=20&dyad=DPRK-%3EJPN"),
    ("articles of one day", "/api/v1/articles?limit=20&from=2026-03-02&to=2026-03-03"),
    ("one article", "/api/v1/articles/500001"),
    ("alerts", "/api/v1/alerts?limit=20"),
    ("series", "/api/v1/series"),
    ("feeds", "/api/v1/feeds"),
    ("deliveries", "/api/v1/deliveries?limit=20"),
    ("stories", "/api/v1/stories?limit=20"),
    ("readyz", "/readyz"),
]
SEARCHES = [("search sohae", "/api/v1/articles?q=sohae"), ("search 평양", "/api/v1/articles?q=%ED%8F%89%EC%96%91"),
            ("search 핵", "/api/v1/articles?q=%ED%95%B5"), ("search talks trade", "/api/v1/articles?q=talks%20trade"),
            ("search nothing", "/api/v1/articles?q=zzyzx")]


def fill(path, count):
    """Writes articles as the daemon would have; words come from a few thousand sentences."""
    random_ = random.Random(3)
    database = sqlite3.connect(path)
    database.execute("PRAGMA synchronous = OFF")
    database.executemany("INSERT INTO feeds (name, url) VALUES (?, ?)", [(f"f{n}", f"http://wire/{n}") for n in range(100)])
    start = 1_600_000_000_000
    step = (int(time.time() * 1000) - start) // count
    texts = {language: [" ".join(random_.choices(words, k=250)) for _ in range(500)]
             for language, words in (("en", ENGLISH), ("ko", KOREAN))}
    for first in range(0, count, 20_000):
        articles, analyses = [], []
        for number in range(first + 1, min(first + 20_000, count) + 1):
            language = "ko" if number % 5 == 0 else "en"
            relevant = number % 10 == 0 or number % 50 == 1
            text = random_.choice(texts[language]) + (" Sohae" if number % 1000 == 0 else "") if relevant else ""
            at = start + number * step
            articles.append((number, number % 100 + 1, f"e{number}", f"http://wire/{number}", f"Title {number}", text, language,
                             at, at, 1 if relevant else 2))
            actor, target = random_.choice(DYADS)
            found = json.dumps([{"kind": "dyad", "actor": actor, "target": target, "score": random_.random() * 100}]) if relevant else "[]"
            analyses.append((number, "about" if relevant else "none", .5, random_.random() * 100 if relevant else 0, 0, 1,
                             f"s{number // 3}", found, "{}", at))
        database.executemany("INSERT INTO articles (id, feed_id, identity, url, title, text, language, published, fetched, state) "
                             "VALUES (?,?,?,?,?,?,?,?,?,?)", articles)
        database.executemany("INSERT INTO analyses (article_id, relevance, relevance_probability, escalation, deescalation, level, "
                             "story, annotations, versions, analysed) VALUES (?,?,?,?,?,?,?,?,?,?)", analyses)
        database.commit()
    database.close()


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 30
    site, published, run = Site(), [0], time.time_ns()

    def page(_):
        published[0] += PER_SECOND // 2
        last = published[0]
        return 200, {}, rss([(f"n{run}-{n}", f"Report {n} on North Korea", " ".join(random.choices(ENGLISH, k=80)) + " Pyongyang.")
                             for n in range(last - PER_SECOND // 2, last)])
    site.pages["/feed.xml"] = page
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(os.environ.get("FOLDER", temporary))
        config = folder / "dprkwatch.yaml"
        text = ("api: { listen: '127.0.0.1:0' }\nnetwork: { allow: ['127.0.0.0/8'] }\n"
                "plugins: [ { id: relevance }, { id: rhetoric } ]\n")
        feed = f"feeds: [ {{ name: live, url: '{site.url('/feed.xml')}', interval: 500ms }} ]\n"
        if not (folder / "dprkwatch.db").exists():
            config.write_text(text + feed.replace("/feed.xml", "/none.xml"))
            daemon = Daemon(config, folder)
            daemon.address()
            daemon.stop()
            fill(folder / "dprkwatch.db", count)
        config.write_text(text + feed)
        begin = time.monotonic()
        daemon = Daemon(config, folder)
        try:
            address = daemon.address()
            print(f"{count} articles; up after {time.monotonic() - begin:.2f} s")
            due = lambda: sqlite3.connect(f"file:{folder}/dprkwatch.db?mode=ro", uri=True).execute(
                "SELECT count(*) FROM search_due").fetchone()[0]
            wait_until(lambda: due() < 1000, "the index of words", patience=1800)
            print(f"the index of words is complete after {time.monotonic() - begin:.0f} s")
            connection, took = http.client.HTTPConnection(address), {}
            first, begin = published[0], time.monotonic()
            while time.monotonic() - begin < seconds:
                for name, path in READS + SEARCHES:
                    start = time.monotonic()
                    connection.request("GET", path)
                    answer = connection.getresponse()
                    body = answer.read()
                    took.setdefault(name, []).append(1000 * (time.monotonic() - start))
                    assert answer.status == 200, (path, answer.status, body)
            rate = (published[0] - first) / (time.monotonic() - begin)
            print(f"while {rate:.0f} articles/s were published, {daemon.get('/readyz')['waiting']} of them wait:")
            for name, values in took.items():
                print(f"  {name:22} median {percentile(values, .5):8.2f} ms   95% {percentile(values, .95):8.2f} ms")
            reads = [value for name, _ in READS for value in took[name]]
            searches = [value for name, _ in SEARCHES for value in took[name]]
            print(f"  {'all reads':22} median {percentile(reads, .5):8.2f} ms   95% {percentile(reads, .95):8.2f} ms")
            print(f"  {'all searches':22} median {percentile(searches, .5):8.2f} ms   95% {percentile(searches, .95):8.2f} ms")
        finally:
            daemon.kill()
    site.close()


if __name__ == "__main__":
    main()
