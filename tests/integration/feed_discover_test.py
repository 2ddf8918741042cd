"""`dprkwatch feed discover` on sites of every kind, over real HTTP."""
import json
import subprocess
import unittest

from dprkwatch_test import PROGRAM, Folder, rss

HTML = {"Content-Type": "text/html; charset=utf-8"}
ATOM = ("<feed xmlns='http://www.w3.org/2005/Atom'><title type='html'>A &lt;b&gt;C&lt;/b&gt;</title><id>x</id>"
        "<updated>2024-01-01T00:00:00Z</updated><entry><id>e</id><title>E</title>"
        "<updated>2024-01-02T00:00:00Z</updated></entry></feed>").encode()
JSON_FEED = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "J",
                        "items": [{"id": "1", "content_text": "t"}]}).encode()


class Discover(Folder):
    def setUp(self):
        super().setUp()
        self.web = self.site()

    def page(self, path, html, headers=None):
        self.web.pages[path] = (200, {**HTML, **(headers or {})}, ("<!doctype html>" + html).encode())

    def run_verb(self, path, *arguments, allow=True):
        options = ["--allow", self.web.address] if allow else []
        done = subprocess.run([PROGRAM, "feed", "discover", *options, *arguments, self.web.url(path)],
                              capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def find(self, path):
        """(path, how it was found, format, entries) of each feed."""
        status, out, err = self.run_verb(path, "--json")
        found = json.loads(out)
        self.assertEqual(status, 0 if found["feeds"] else 1, err)
        return [(feed["url"].removeprefix(f"http://{self.web.address}"), feed["found_by"], feed["format"], feed["entries"])
                for feed in found["feeds"]]

    def test_declared_links_of_every_kind(self):
        self.page("/news/", """<html><head><link rel="alternate" type="application/rss+xml" href="/a.xml">
            <link rel="alternate" type="application/atom+xml" href="b.atom"><link rel="feed" href="/c.json">
            <link rel="alternate" type="application/json" href="/wp-json/1"></head></html>""",
                  {"Link": '</d.xml>; rel="alternate"; type="application/rss+xml", </style.css>; rel=preload'})
        self.web.pages["/a.xml"] = (200, {}, rss([("1", "T", "x"), ("2", "U", "y")]))
        self.web.pages["/news/b.atom"] = (200, {}, ATOM)
        self.web.pages["/c.json"] = (200, {}, JSON_FEED)
        self.web.pages["/d.xml"] = (200, {}, rss([("9", "From the header", "x")]))
        self.web.pages["/wp-json/1"] = (200, {}, b'{"id": 1}')
        self.assertEqual(self.find("/news/"), [("/d.xml", "header", "rss-2.0", 1), ("/a.xml", "link", "rss-2.0", 2),
                                               ("/news/b.atom", "link", "atom-1.0", 1),
                                               ("/c.json", "link", "json-feed-1.1", 1)])

    def test_a_feed_is_its_own_answer(self):
        self.web.pages["/feed.xml"] = (200, {}, ATOM)
        self.web.pages["/old"] = (301, {"Location": "/feed.xml"}, b"")
        self.assertEqual(self.find("/old"), [("/feed.xml", "address", "atom-1.0", 1)])
        self.assertEqual(len(self.web.requests), 2)
        status, out, _ = self.run_verb("/feed.xml")
        self.assertEqual(status, 0)
        self.assertIn("atom-1.0, 1 entry, newest 2024-01-02T00:00:00Z: A C", out)

    def test_usual_paths_are_the_last_resort_and_one_feed_is_shown_once(self):
        self.page("/", "<h1>Ministry</h1><a href='/about'>About</a>")
        self.web.pages["/feed"] = (302, {"Location": "/feed/"}, b"")
        self.web.pages["/feed/"] = (200, {}, rss([("1", "T", "x")]))
        self.web.pages["/rss"] = (200, {}, rss([("1", "T", "x")]))
        self.assertEqual(self.find("/"), [("/feed/", "path", "rss-2.0", 1)])
        self.assertIn(("GET", "/sitemap_news.xml"), self.web.requests)

    def test_usual_paths_of_a_page_that_is_forbidden(self):
        self.web.pages["/"] = (403, {}, b"no robots")
        self.web.pages["/atom.xml"] = (200, {}, ATOM)
        self.assertEqual(self.find("/"), [("/atom.xml", "path", "atom-1.0", 1)])

    def test_a_page_that_lists_feeds_is_looked_through(self):
        self.page("/", "<a href='/rss/list.php'>RSS</a>")
        self.page("/rss/list.php", "<ul><li><a href='/rss/politics.xml'>정치</a><li><a href='/rss/north.xml'>북한</a></ul>")
        self.web.pages["/rss/politics.xml"] = (200, {}, rss([("1", "T", "x")]))
        self.web.pages["/rss/north.xml"] = (200, {}, rss([("2", "T", "x")]))
        self.assertEqual([found[:2] for found in self.find("/")],
                         [("/rss/politics.xml", "anchor"), ("/rss/north.xml", "anchor")])

    def test_no_feed_is_told_with_all_that_was_tried(self):
        self.page("/", "<link rel=alternate type=application/rss+xml href=/gone.xml><p>Hello</p>")
        status, out, err = self.run_verb("/")
        self.assertEqual((status, out), (1, ""))
        self.assertIn("no feed was found", err)
        for path, reason in (("/", "HTML"), ("/gone.xml", "404"), ("/rss.xml", "404")):
            self.assertRegex(err, rf"{self.web.address}{path}: .*{reason}")

    def test_private_addresses_are_refused(self):
        status, out, err = self.run_verb("/", allow=False)
        self.assertEqual((status, out), (1, ""))
        self.assertIn("network.allow", err)
        self.assertEqual(self.web.requests, [])

    def test_a_page_can_not_make_it_call_a_neighbour(self):
        neighbour = self.site()
        neighbour.pages["/feed.xml"] = (200, {}, ATOM)
        self.page("/", f"<link rel=feed href='{neighbour.url('/feed.xml')}'><link rel=feed href=/moved>")
        self.web.pages["/moved"] = (302, {"Location": neighbour.url("/feed.xml")}, b"")
        self.assertEqual(self.find("/"), [])
        self.assertEqual(neighbour.requests, [])

    def test_a_page_of_a_thousand_links_costs_a_bounded_number_of_requests(self):
        self.page("/", "".join(f"<link rel=feed href=/{n}>" for n in range(1000)))
        self.assertEqual(self.find("/"), [])
        self.assertLessEqual(len(self.web.requests), 32)

    def test_feed_parse_on_a_page_names_the_verb_that_helps(self):
        done = subprocess.run([PROGRAM, "feed", "parse", "-"], input="<!doctype html><p>x", capture_output=True, text=True,
                              timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("feed discover", done.stderr)

    def test_a_configuration_gives_addresses_and_limits(self):
        self.web.pages["/feed.xml"] = (200, {}, ATOM + b" " * 5000)
        config = self.config({"a": "https://a.example/"}, [self.web.address], "fetch: { max_bytes: 4KiB }\n")
        status, _, err = self.run_verb("/feed.xml", "--config", str(config), allow=False)
        self.assertEqual(status, 1)
        self.assertIn("larger than 4096 bytes", err)


if __name__ == "__main__":
    unittest.main()
