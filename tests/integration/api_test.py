"""The HTTP interface of a running daemon: resources, paging, mistakes, access, metrics, Atom."""
import concurrent.futures
import gzip
import json
import pathlib
import unittest
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree

import dprkwatch_test
from dprkwatch_test import THREAT, Folder, rss, wait_until

HOSTILE = "&lt;script&gt;alert(1)&lt;/script&gt; Pyongyang &amp;amp; Seoul"
ATOM = "{http://www.w3.org/2005/Atom}"


class Api(Folder):
    def setUp(self):
        super().setUp()
        self.wire = self.site()
        entries = [("a1", *THREAT), ("a2", THREAT[0] + ", again", THREAT[1] + " Copies differ."),
                   ("a3", HOSTILE, "북한은 평양에서 미국을 겨냥한 무자비한 징벌을 경고했다. North Korea will destroy Seoul.")]
        self.wire.pages["/feed.xml"] = (200, {}, rss(entries))
        self.settings = self.config({"wire": self.wire.url("/feed.xml")}, [self.wire.address])

    def begin(self, api="api: { listen: '127.0.0.1:0' }"):
        text = self.settings.read_text().replace("api: { listen: '127.0.0.1:0' }", api)
        self.settings.write_text(text)
        self.running = self.daemon(self.settings)
        wait_until(lambda: self.running.get("/readyz")["articles"] == 3, "three articles")
        self.running.settle()

    def ask(self, path, method="GET", body=None, **headers):
        request = urllib.request.Request(f"http://{self.running.address()}{path}", data=body, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read()

    def items(self, resource, **query):
        status, _, body = self.ask(f"/api/v1/{resource}?" + urllib.parse.urlencode(query))
        self.assertEqual(status, 200, body)
        return json.loads(body)["items"]

    def test_large_answers_are_compressed_for_those_who_ask(self):
        self.begin()
        plain = self.ask("/api/v1/articles")
        status, headers, body = self.ask("/api/v1/articles", **{"Accept-Encoding": "gzip"})
        self.assertEqual((status, headers["Content-Encoding"], headers["Vary"]), (200, "gzip", "Accept-Encoding"))
        self.assertEqual(gzip.decompress(body), plain[2])
        self.assertLess(len(body), len(plain[2]))
        self.assertNotIn("Content-Encoding", plain[1])
        self.assertNotIn("Content-Encoding", self.ask("/api/v1/articles", **{"Accept-Encoding": "gzip;q=0"})[1])
        self.assertEqual(self.ask("/api/v1/articles", **{"Accept-Encoding": "gzip", "If-None-Match": headers["ETag"]})[0], 304)
        # The whole page, as a phone gets it.
        names = ["", "style.css", "dygraph.js", "dygraph.css", "icon.svg"] + [path.name for path in
                 pathlib.Path(dprkwatch_test.SOURCE, "web").glob("*.js")]
        size = sum(len(self.ask("/" + name, **{"Accept-Encoding": "gzip"})[2]) for name in names)
        self.assertLess(size, 200_000)

    def events(self, path, count, only="", **headers):
        """The first events of a stream, or of one kind, as {"id", "event", "data"}."""
        request = urllib.request.Request(f"http://{self.running.address()}{path}", headers=headers)
        found = []
        with urllib.request.urlopen(request, timeout=30) as answer:
            self.assertEqual(answer.headers["Content-Type"], "text/event-stream; charset=utf-8")
            event = {}
            while len(found) < count:
                line = answer.readline().decode().rstrip("\n")
                key, _, value = line.partition(": ")
                if line and key:
                    event[key] = value
                    continue
                if event.get("event") and only in ("", event["event"]):
                    found.append(event)
                event = {}
        return found

    def test_alerts_are_streamed_and_none_is_left_out_after_a_break(self):
        self.begin()
        known = self.items("alerts")[::-1]
        first, second = self.events("/api/v1/stream?after=0", 2)
        self.assertEqual([first["event"], second["event"]], ["alert", "alert"])
        self.assertEqual([json.loads(one["data"])["id"] for one in (first, second)], [alert["id"] for alert in known[:2]])
        resumed = self.events("/api/v1/stream", 1, **{"Last-Event-ID": first["id"]})[0]
        self.assertEqual([resumed["id"], resumed["data"]], [second["id"], second["data"]])
        # One that follows hears of what is new: the alert itself, and that something has changed.
        newest = known[-1]["id"]
        last = self.events("/api/v1/stream?after=0", len(known))[-1]
        self.assertEqual(json.loads(last["data"])["id"], newest)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            alert = pool.submit(self.events, f"/api/v1/stream?after={last['id']}", 1, only="alert")
            change = pool.submit(self.events, f"/api/v1/stream?after={last['id']}", 1, only="change")
            body = "North Korea will strike Japan with nuclear missiles at any moment, its army said."
            self.wire.pages["/feed.xml"] = (200, {}, rss([("n1", "North Korea threatens Japan", body)]))
            heard = alert.result(timeout=30)[0]
            self.assertEqual(change.result(timeout=30)[0]["data"], "{}")
        self.assertEqual(json.loads(heard["data"])["data"]["article"]["title"], "North Korea threatens Japan")
        self.assertGreater(int(heard["id"]), int(last["id"]))
        for path in ("/api/v1/stream?after=x", "/api/v1/stream?after=-1", "/api/v1/stream?what=1"):
            self.assertEqual(self.ask(path)[0], 400, path)

    def test_an_alert_is_acknowledged(self):
        self.begin()
        alert = self.items("alerts")[0]["id"]
        own = {"Content-Type": "application/json"}
        for body in (b"", b"[]", b'{"by": ""}', b'{"by": 1}', b'{"by": "Ada", "what": 1}', b'{"by": "' + b"x" * 2000 + b'"}'):
            status, _, answer = self.ask(f"/api/v1/alerts/{alert}/ack", "POST", body, **own)
            self.assertEqual((status, "expected" in json.loads(answer)["error"]), (400, True), body)
        status, _, answer = self.ask(f"/api/v1/alerts/{alert}/ack", "POST", b'{"by": "Ada", "comment": "seen"}', **own)
        self.assertEqual((status, json.loads(answer)["acknowledged_by"]), (200, "Ada"), answer)
        self.assertEqual(self.items("alerts")[0]["acknowledged_by"], "Ada")
        self.assertEqual(self.ask("/api/v1/alerts/none/ack", "POST", b'{"by": "Ada"}', **own)[0], 404)
        self.assertEqual(self.ask(f"/api/v1/alerts/{alert}/ack", "POST", b'{"by": "Ada"}')[0], 415)

    def test_articles_are_listed_filtered_and_explained(self):
        self.begin()
        everything = self.items("articles")
        self.assertEqual([item["id"] for item in everything], [3, 2, 1])
        self.assertEqual(everything[2]["title"], THREAT[0])
        self.assertEqual(len(self.items("articles", min_escalation=99.9)), 0)
        wait_until(lambda: [item["id"] for item in self.items("articles", q="again")] == [2], "the index of words")
        for word in ("북한", "평양", "징벌"):
            self.assertEqual([item["id"] for item in self.items("articles", q=word)], [3], word)
        self.assertEqual(len(self.items("articles", dyad="DPRK->USA")) >= 2, True)
        self.assertEqual(self.items("articles", dyad="JPN->CHN"), [])
        self.assertEqual(self.items("articles", feed="other"), [])
        whole = json.loads(self.ask("/api/v1/articles/1")[2])
        self.assertIn("merciless nuclear strike", whole["text"])
        self.assertTrue(any(found["kind"] == "escalation" for found in whole["annotations"]))
        self.assertEqual(self.ask("/api/v1/articles/77")[0], 404)

    def test_pages_follow_the_cursor(self):
        self.begin()
        seen, path = [], "/api/v1/articles?limit=1"
        while path:
            page = json.loads(self.ask(path)[2])
            seen += [item["id"] for item in page["items"]]
            path = f"/api/v1/articles?limit=1&before={page['next']}" if page["next"] else None
        self.assertEqual(seen, [3, 2, 1])

    def test_other_resources(self):
        self.begin()
        alerts = self.items("alerts")
        self.assertEqual({alert["rule"] for alert in alerts}, {"any"})
        deliveries = self.items("deliveries", state="delivered")
        self.assertEqual(len(deliveries), len(alerts))
        self.assertEqual((deliveries[0]["receiver"], deliveries[0]["attempts"]), ("record", 1))
        self.assertEqual(self.items("deliveries", state="dead"), [])
        self.assertEqual(self.items("feeds")[0]["error"], None)
        self.assertEqual([plugin["id"] for plugin in self.items("plugins")][:1], ["relevance"])
        self.assertEqual(sum(story["size"] for story in self.items("stories")), len(self.items("articles", relevance="about")))
        series = json.loads(self.ask("/api/v1/series")[2])["dyads"]
        pair = next(dyad for dyad in series if (dyad["actor"], dyad["target"]) == ("DPRK", "USA"))
        self.assertEqual(set(pair["days"][0]), {"day", "articles", "escalation", "deescalation", "baseline", "state"})

    def test_mistakes_are_named(self):
        self.begin()
        for path, word in (("articles?limit=0", "limit"), ("articles?limits=5", "limits"), ("articles?from=yesterday", "from"),
                           ("articles?dyad=DPRK", "dyad"), ("deliveries?state=lost", "state"), ("articles/x", "number")):
            status, _, body = self.ask("/api/v1/" + path)
            self.assertEqual(status, 400, path)
            self.assertIn(word, json.loads(body)["error"])
        self.assertEqual(self.ask("/api/v1/nothing")[0], 404)
        self.assertEqual(self.ask("/api/v1/articles", method="DELETE")[0], 405)

    def test_an_unchanged_answer_is_not_sent_again(self):
        self.begin()
        _, headers, body = self.ask("/api/v1/alerts")
        status, _, again = self.ask("/api/v1/alerts", **{"If-None-Match": headers["ETag"]})
        self.assertEqual((status, again), (304, b""))
        self.assertTrue(body)

    def test_a_token_guards_the_data(self):
        (self.folder / "api.token").write_text("a-token-of-32-characters-or-more\n")
        self.begin("api: { listen: '127.0.0.1:0', token_file: api.token }")
        self.assertEqual(self.ask("/")[0], 200)
        for path in ("/api/v1/alerts", "/metrics", "/alerts.atom"):
            self.assertEqual(self.ask(path)[0], 401, path)
            self.assertEqual(self.ask(path, Authorization="Bearer a-token-of-32-characters-or-morE")[0], 401)
            self.assertEqual(self.ask(path, Authorization="Bearer a-token-of-32-characters-or-more")[0], 200)

    def test_metrics_and_security_headers(self):
        self.begin()
        _, headers, body = self.ask("/metrics")
        values = dict(line.rsplit(" ", 1) for line in body.decode().splitlines() if not line.startswith("#"))
        self.assertEqual(values["dprkwatch_articles"], "3")
        self.assertGreater(float(values["dprkwatch_polls_total"]), 0)
        self.assertIn("script-src 'self'", headers["Content-Security-Policy"])
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")

    def test_hostile_titles_stay_text_in_the_atom_feed(self):
        self.begin()
        _, _, body = self.ask("/alerts.atom")
        feed = xml.etree.ElementTree.fromstring(body)
        titles = [entry.findtext(ATOM + "title") for entry in feed.findall(ATOM + "entry")]
        self.assertEqual(len(titles), len(self.items("alerts")))
        self.assertNotIn(b"<script", body)


if __name__ == "__main__":
    unittest.main()
