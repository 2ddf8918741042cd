"""Feeds in trouble: one clear warning each, and the daemon goes on."""
import unittest

from dprkwatch_test import THREAT, Folder, rss, wait_until

ENTRY = ("a1", *THREAT)


class Trouble(Folder):
    def setUp(self):
        super().setUp()
        self.wire = self.site()

    def watch(self, page):
        """Polls `page` beside a good feed for a while; gives the daemon and the warnings about the bad one."""
        self.wire.pages["/bad.xml"] = page
        self.wire.pages["/good.xml"] = (200, {}, rss([ENTRY]))
        config = self.config({"bad": self.wire.url("/bad.xml"), "good": self.wire.url("/good.xml")}, [self.wire.address])
        daemon = self.daemon(config)
        for path in ("/bad.xml", "/good.xml"):
            wait_until(lambda: self.wire.requests.count(("GET", path)) >= 4, f"polls of {path}")
        wait_until(lambda: self.query("SELECT 1 FROM alerts"), "the good feed's alert")
        warnings = daemon.lines("feed=bad")
        self.assertEqual(daemon.stop()[0], 0)
        return warnings

    def assert_one_warning(self, page, reason):
        warnings = self.watch(page)
        self.assertEqual(len(warnings), 1, warnings)
        self.assertIn(" warning ", warnings[0])
        self.assertRegex(warnings[0], reason)

    def test_an_html_page(self):
        self.assert_one_warning((200, {"Content-Type": "text/html"}, b"<!DOCTYPE html><html><body><h1>Hello</h1></body></html>"),
                                "HTML")

    def test_nothing(self):
        self.assert_one_warning((200, {}, b""), "empty")

    def test_404(self):
        self.assert_one_warning((404, {}, b"gone fishing"), "HTTP 404")

    def test_a_cut_document_keeps_its_whole_entries(self):
        whole = rss([ENTRY, ("a2", "Second", "Second text about nothing much.")])
        self.assert_one_warning((200, {}, whole[:whole.index(b"Second text")]), "truncated|unclosed")
        self.assertEqual(self.query("SELECT count(*) FROM articles JOIN feeds ON feeds.id = feed_id "
                                    "WHERE name = 'bad' AND title = ?", THREAT[0]), [(1,)])

    def test_an_answer_shorter_than_announced_is_refused(self):
        self.assert_one_warning((200, {"Content-Length": "5000", "Connection": "close"}, rss([ENTRY])), "shorter than announced")

    def test_200_megabytes(self):
        megabyte = b" " * (1 << 20)
        self.assert_one_warning(lambda _: (200, {"Transfer-Encoding": "identity", "Content-Length": str(200 << 20)},
                                           (megabyte for _ in range(200))), "larger than 16777216 bytes")


if __name__ == "__main__":
    unittest.main()
