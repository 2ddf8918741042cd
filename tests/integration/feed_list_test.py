"""`feed list` and `feed refresh` beside a running daemon."""
import http.client
import json
import os
import pty
import subprocess
import unittest

from dprkwatch_test import PROGRAM, THREAT, Folder, rss, wait_until


class FeedList(Folder):
    def setUp(self):
        super().setUp()
        self.web = self.site()

    def write(self, feeds, more=""):
        """A configuration whose feeds are polled once an hour."""
        lines = ["api: { listen: '127.0.0.1:0' }", f"network: {{ allow: ['{self.web.address}'] }}",
                 "fetch: { interval: 1h, jitter: 0 }", "feeds:"]
        lines += [f"  - {{ name: {json.dumps(name)}, url: {json.dumps(self.web.url(path))} }}" for name, path in feeds.items()]
        self.file = self.folder / "dprkwatch.yaml"
        self.file.write_text("\n".join(lines) + "\n" + more)
        return self.file

    def run_verb(self, *arguments):
        done = subprocess.run([PROGRAM, "feed", *arguments, "--config", self.file], capture_output=True, text=True,
                              timeout=60)
        return done.returncode, done.stdout, done.stderr

    def list(self):
        status, out, err = self.run_verb("list", "--json")
        self.assertEqual((status, err), (0, ""))
        return {feed["name"]: feed for feed in json.loads(out)["items"]}

    def fare(self):
        """A daemon that has polled a feed of each kind once."""
        self.web.pages["/good"] = (200, {}, rss([("a", *THREAT), ("b", "Two", "x"), ("c", "Three", "y")]))
        self.web.pages["/moved"] = (301, {"Location": "/good"}, b"")
        self.web.pages["/gone"] = (410, {}, b"")
        self.web.pages["/page"] = (200, {}, b"<!doctype html><p>x")
        self.write({"good": "/good", "moved": "/moved", "gone": "/gone", "북한 page": "/page"})
        daemon = self.daemon(self.file)
        wait_until(lambda: len(self.query("SELECT 1 FROM feeds WHERE last_poll IS NOT NULL")) == 4, "first polls")
        return daemon

    def test_it_says_how_each_feed_fares_beside_the_daemon(self):
        self.write({"good": "/good", "new": "/new"})
        self.assertEqual([feed["state"] for feed in self.list().values()], ["new", "new"])
        self.assertFalse((self.folder / "dprkwatch.db").exists())
        daemon = self.fare()
        feeds = self.list()
        self.assertEqual({name: feed["state"] for name, feed in feeds.items()},
                         {"good": "good", "moved": "moving", "gone": "gone", "북한 page": "failing"})
        good = feeds["good"]
        self.assertEqual((good["why"], good["interval_ms"], good["failures"], good["error"]), ("interval", 3600_000, 0, None))
        self.assertAlmostEqual(good["entries_a_day"], 3 / 7)
        self.assertGreater(good["next_poll"], good["last_success"])
        self.assertEqual(feeds["moved"]["moved_to"], self.web.url("/good"))
        self.assertEqual((feeds["gone"]["next_poll"], feeds["gone"]["why"]), (None, "gone"))
        self.assertEqual((feeds["북한 page"]["failures"], feeds["북한 page"]["why"]), (1, "errors"))
        self.assertIn("HTML", feeds["북한 page"]["error"])
        self.assertIsNone(feeds["북한 page"]["last_success"])
        self.assertEqual(daemon.stop()[0], 0)
        self.assertEqual(self.list(), feeds)

    def test_a_pipe_gets_fields_and_a_terminal_columns(self):
        self.fare()
        status, out, _ = self.run_verb("list")
        self.assertEqual(status, 0)
        rows = [line.split("\t") for line in out.splitlines()]
        self.assertEqual(rows[0], ["name", "state", "last success", "next poll", "why", "interval", "a day", "failures", "note"])
        self.assertEqual({len(row) for row in rows}, {9})
        self.assertEqual([row[:2] for row in rows[1:]],
                         [["good", "good"], ["moved", "moving"], ["gone", "gone"], ["북한 page", "failing"]])
        self.assertRegex(rows[1][2], r"^\d{4}-\d\d-\d\dT.*Z$")
        self.assertEqual(rows[3][3], "-")
        ours, theirs = pty.openpty()
        done = subprocess.run([PROGRAM, "feed", "list", "--config", self.file], stdout=theirs, timeout=60)
        os.close(theirs)
        shown = os.read(ours, 65536).decode().replace("\r\n", "\n").splitlines()
        os.close(ours)
        self.assertEqual(done.returncode, 0)
        self.assertTrue(all(len(line) <= 80 for line in shown), shown)
        self.assertRegex(shown[1], r"^good       good     \d+s ago +in (1h|59m \d+s) +interval +1h +0\.4 +0$")
        self.assertEqual(shown[3], "    moved to " + self.web.url("/good"))
        self.assertTrue(shown[6].startswith("북한 page  failing  never"), shown)
        self.assertIn("HTML", shown[7])

    def test_refresh_polls_now(self):
        daemon = self.fare()
        address = daemon.address()
        asked = self.web.requests.count
        before = asked(("GET", "/page"))
        status, out, err = self.run_verb("refresh", "--api", address, "북한 page")
        self.assertEqual((status, err), (0, ""))
        self.assertIn("polls 북한 page now", out)
        wait_until(lambda: asked(("GET", "/page")) == before + 1, "a poll of the page")
        # A feed that is being polled is not polled once more.
        wait_until(lambda: self.query("SELECT failures FROM feeds WHERE name = '북한 page'") == [(2,)], "its end")
        before = asked(("GET", "/good")), asked(("GET", "/moved")), asked(("GET", "/page"))
        status, out, _ = self.run_verb("refresh", "--api", address, "--json")
        self.assertEqual((status, json.loads(out)), (0, {"asked": 3, "gone": 1}))
        # The move is followed to /good once more.
        wait_until(lambda: (asked(("GET", "/good")), asked(("GET", "/moved")), asked(("GET", "/page"))) ==
                   (before[0] + 2, before[1] + 1, before[2] + 1), "a poll of every feed")
        self.assertEqual(asked(("GET", "/gone")), 1)

    def test_refresh_says_why_it_can_not(self):
        daemon = self.fare()
        address = daemon.address()
        for name, reason in (("gone", "410"), ("nobody", "no feed nobody"), ("../gone", "no feed ../gone")):
            status, out, err = self.run_verb("refresh", "--api", address, name)
            self.assertEqual((status, out), (1, ""))
            self.assertIn(reason, err)
        self.assertEqual(daemon.stop()[0], 0)
        status, _, err = self.run_verb("refresh", "--api", address)
        self.assertEqual(status, 1)
        self.assertIn("running?", err)

    def post(self, address, path="/api/v1/feeds/refresh", method="POST", **headers):
        connection = http.client.HTTPConnection(address, timeout=60)
        headers = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection.request(method, path, "{}", {name: value for name, value in headers.items() if value})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    def test_pages_of_other_sites_can_not_make_it_poll(self):
        address = self.fare().address()
        before = len(self.web.requests)
        self.assertEqual(self.post(address, Content_Type="application/x-www-form-urlencoded"), 415)
        self.assertEqual(self.post(address, Content_Type="text/plain"), 415)
        self.assertEqual(self.post(address, Content_Type=None), 415)
        self.assertEqual(self.post(address, Origin="https://evil.example"), 403)
        self.assertEqual(self.post(address, Origin="null"), 403)
        self.assertEqual(self.post(address, Sec_Fetch_Site="cross-site"), 403)
        self.assertEqual(self.post(address, Host="evil.example"), 403)
        self.assertEqual(self.post(address, Host="127.0.0.1.evil.example", Origin="http://127.0.0.1.evil.example"), 403)
        self.assertEqual(self.post(address, method="PUT"), 405)
        self.assertEqual(self.post(address, "/api/v1/alerts"), 405)
        self.assertEqual(self.post(address, "/api/v1/feeds//refresh"), 404)
        self.assertEqual(self.post(address, "/api/v1/feeds/refresh?x=1"), 400)
        self.assertEqual(len(self.web.requests), before)
        self.assertEqual(self.post(address, Origin=f"http://{address}", Sec_Fetch_Site="same-origin"), 202)

    def test_a_token_is_asked_for(self):
        token = "0123456789abcdef0123456789abcdef"
        (self.folder / "token").write_text(token)
        self.web.pages["/good"] = (200, {}, rss([]))
        self.write({"good": "/good"})
        self.file.write_text(self.file.read_text().replace("'127.0.0.1:0' }", "'127.0.0.1:0', token_file: token }"))
        address = self.daemon(self.file).address()
        self.assertEqual(self.post(address), 401)
        self.assertEqual(self.post(address, Authorization="Bearer wrong"), 401)
        self.assertEqual(self.post(address, Authorization=f"Bearer {token}", Origin="https://evil.example"), 403)
        self.assertEqual(self.run_verb("refresh", "--api", address, "good")[0], 0)


if __name__ == "__main__":
    unittest.main()
