"""`dprkwatch feed test`: one poll, told step by step, over real HTTP."""
import json
import subprocess
import unittest

from dprkwatch_test import PROGRAM, Folder, rss

FEED = rss([("1", "First", "x"), ("2", "Second", "y")]).replace(
    b"<guid", b"<pubDate>Tue, 02 Jan 2024 03:04:05 GMT</pubDate><guid", 1)


class FeedTest(Folder):
    def setUp(self):
        super().setUp()
        self.web = self.site()

    def run_verb(self, target, *arguments):
        done = subprocess.run([PROGRAM, "feed", "test", "--allow", self.web.address, *arguments,
                               self.web.url(target) if target.startswith("/") else target],
                              capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def try_json(self, path, *arguments):
        status, out, err = self.run_verb(path, "--json", *arguments)
        trial = json.loads(out)
        self.assertEqual(status, 1 if trial["error"] else 0, err)
        return trial

    def conditional(self, request):
        if request.headers.get("If-None-Match") == '"v1"':
            return 304, {"ETag": '"v1"'}, b""
        return 200, {"ETag": '"v1"', "Cache-Control": "max-age=7200", "Content-Type": "application/rss+xml"}, FEED

    def test_every_step_of_a_moved_feed(self):
        self.web.pages["/old"] = (301, {"Location": "/middle"}, b"")
        self.web.pages["/middle"] = (308, {"Location": "/feed.xml"}, b"")
        self.web.pages["/feed.xml"] = self.conditional
        trial = self.try_json("/old")
        self.assertEqual([(hop["status"], hop["address"]) for hop in trial["requests"]],
                         [(301, self.web.address), (308, self.web.address), (200, self.web.address)])
        self.assertEqual(trial["requests"][0]["to"], self.web.url("/middle"))
        self.assertTrue(trial["moved_for_good"])
        self.assertEqual(trial["headers"]["ETag"], '"v1"')
        self.assertEqual((trial["feed"]["format"], trial["feed"]["title"]), ("rss-2.0", "Wire"))
        self.assertEqual([entry["published"] for entry in trial["feed"]["entries"]], ["2024-01-02T03:04:05Z", None])
        self.assertEqual((trial["has_validators"], trial["conditional_status"]), (True, 304))
        self.assertEqual((trial["next_poll"]["interval_ms"], trial["next_poll"]["why"]), (7200_000, "fresh"))

    def test_it_is_told_to_people(self):
        self.web.pages["/feed.xml"] = self.conditional
        status, out, err = self.run_verb("/feed.xml")
        self.assertEqual((status, err), (0, ""))
        for line in (f"answer      200 from {self.web.address} in ", "header      Cache-Control: max-age=7200",
                     "feed        rss-2.0: Wire", "entries     2, 1 of them dated", "2024-01-02T03:04:05Z  First",
                     "condition   304: ", "next poll   after 2h, ", "(fresh: the server says"):
            self.assertIn(line, out)
        self.assertNotIn("\x1b", out)

    def test_a_temporary_redirect_is_no_move(self):
        self.web.pages["/old"] = (301, {"Location": "/now"}, b"")
        self.web.pages["/now"] = (302, {"Location": "/feed.xml"}, b"")
        self.web.pages["/feed.xml"] = (200, {}, FEED)
        trial = self.try_json("/old")
        self.assertFalse(trial["moved_for_good"])
        self.assertEqual((trial["has_validators"], trial["conditional_status"]), (False, None))

    def test_a_server_that_ignores_its_validators_is_shown(self):
        self.web.pages["/feed.xml"] = (200, {"ETag": '"x"'}, FEED)
        self.assertEqual(self.try_json("/feed.xml")["conditional_status"], 200)
        self.assertEqual(len(self.web.requests), 2)

    def test_a_server_that_asks_to_wait(self):
        self.web.pages["/feed.xml"] = (503, {"Retry-After": "5400"}, b"busy")
        trial = self.try_json("/feed.xml")
        self.assertIn("503", trial["error"])
        self.assertEqual((trial["next_poll"]["interval_ms"], trial["next_poll"]["why"]), (5400_000, "retry-after"))
        self.assertEqual(len(self.web.requests), 1)

    def test_a_feed_that_is_gone(self):
        self.web.pages["/feed.xml"] = (410, {}, b"")
        trial = self.try_json("/feed.xml")
        self.assertEqual((trial["next_poll"]["at"], trial["next_poll"]["why"]), (None, "gone"))
        self.assertIn("next poll   never (gone: ", self.run_verb("/feed.xml")[1])

    def test_a_loop_and_a_redirect_to_a_file_and_to_a_neighbour_are_refused(self):
        neighbour = self.site()
        neighbour.pages["/feed.xml"] = (200, {}, FEED)
        self.web.pages["/loop"] = (302, {"Location": "/loop"}, b"")
        self.web.pages["/file"] = (302, {"Location": "file:///etc/passwd"}, b"")
        self.web.pages["/neighbour"] = (302, {"Location": neighbour.url("/feed.xml")}, b"")
        for path, reason in (("/loop", "more than 5 redirects"), ("/file", "file:///etc/passwd"),
                             ("/neighbour", "network.allow")):
            with self.subTest(path):
                self.assertIn(reason, self.try_json(path)["error"])
        self.assertEqual(len(self.web.requests), 6 + 1 + 1)
        self.assertEqual(neighbour.requests, [])

    def test_encoding_and_warnings(self):
        text = FEED.decode().replace("First", "북한 &nbsp; 미사일")
        self.web.pages["/feed.xml"] = (200, {"Content-Type": "text/xml; charset=euc-kr"}, text.encode("euc-kr"))
        trial = self.try_json("/feed.xml")
        self.assertEqual(trial["encoding"], "euc-kr, by the HTTP header")
        self.assertEqual(trial["feed"]["entries"][0]["title"], "북한 미사일")
        self.assertIn("undeclared-entity", [warning["code"] for warning in trial["feed"]["warnings"]])

    def test_a_page_is_no_feed_and_the_way_on_is_named(self):
        self.web.pages["/"] = (200, {"Content-Type": "text/html"}, b"<!doctype html><p>Hello")
        status, out, err = self.run_verb("/")
        self.assertEqual(status, 1)
        self.assertIn("feed discover", err)
        self.assertIn("(errors: ", out)

    def test_a_feed_of_the_configuration_by_name(self):
        self.web.pages["/feed.xml"] = self.conditional
        config = self.config({"wire": self.web.url("/feed.xml")}, [self.web.address])
        trial = self.try_json("wire", "--config", str(config))
        self.assertEqual((trial["next_poll"]["interval_ms"], trial["next_poll"]["why"]), (200, "interval"))


if __name__ == "__main__":
    unittest.main()
