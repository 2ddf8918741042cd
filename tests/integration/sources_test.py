"""Where articles come from: pages, commands, files, full text, and what happens to them after they were published."""
import time
import unittest

from dprkwatch_test import Folder, THREAT, rss, wait_until

FULL = ("North Korea will launch a merciless nuclear strike on the United States if it attacks, the Korean People's Army "
        "General Staff said in Pyongyang on Sunday. The statement, carried by state media, said that the army stands ready "
        "and that its patience has run out. It demanded that the joint drills be stopped at once, and warned that any "
        "provocation will be answered by the annihilation of the aggressors. Officials in Seoul called for restraint.")


def page(title, text, more=""):
    return (200, {"Content-Type": "text/html; charset=utf-8"},
            f"<!doctype html><html><head><title>{title}</title><meta property='og:title' content='{title}'>"
            f"<meta property='article:published_time' content='2026-11-20T01:02:03Z'></head><body><nav><a href='/'>Home</a>"
            f"</nav><article><h1>{title}</h1><p>{text}</p></article>{more}</body></html>".encode())


class Sources(Folder):
    def configure(self, feeds, site, more=""):
        path = self.folder / "dprkwatch.yaml"
        path.write_text(f"""
api: {{ listen: '127.0.0.1:0' }}
network: {{ allow: ["{site.address}"] }}
{more}
feeds:
{feeds}
rules:
  - {{ name: any, when: {{ relevance: about }}, receivers: [record] }}
  - {{ name: revised, when: {{ revision: {{ kind: [edited, removed, restored] }} }}, receivers: [record] }}
receivers: [ {{ name: record, type: log, path: alerts.jsonl }} ]
""")
        return path

    def articles(self):
        return self.query("SELECT title, text, language, published, state FROM articles ORDER BY id")

    def analysed(self, count):
        wait_until(lambda: self.query("SELECT count(*) FROM articles WHERE state IN (1, 2)")[0][0] >= count,
                   f"{count} analysed articles")
        return self.articles()

    def linked_feed(self, site, entries):
        items = "".join(f"<item><guid>{path}</guid><title>{title}</title><link>{site.url(path)}</link>"
                        f"<description>{text}</description></item>" for path, title, text in entries)
        return 200, {"Content-Type": "application/rss+xml"}, f"<rss version='2.0'><channel>{items}</channel></rss>".encode()

    def test_full_text_comes_from_the_page_and_the_entry_stays_where_there_is_none(self):
        site = self.site()
        site.pages["/feed.xml"] = self.linked_feed(site, [
            ("/1", THREAT[0], "In short."), ("/2", "North Korea says no to talks", "Pyongyang refuses talks with Washington."),
            ("/private/3", "North Korea warns Seoul", "Pyongyang warns Seoul of a strike."),
            ("/4", "Kim Jong Un visits a base", "He came from Pyongyang.")])
        site.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /private/\n")
        site.pages["/1"] = page("Another headline", FULL, "<p>Share</p>")
        site.pages["/4"] = (500, {}, b"trouble")
        site.pages["/private/3"] = page("Secret", FULL)
        config = self.configure(f"  - {{ name: wire, url: '{site.url('/feed.xml')}', interval: 200ms, full_text: true }}", site)
        daemon = self.daemon(config)
        wait_until(lambda: self.query("SELECT count(*) FROM articles WHERE state IN (1, 2)")[0][0] == 3, "three articles")
        texts = {row[0]: row[1] for row in self.articles()}
        self.assertIn("its patience has run out", texts[THREAT[0]], "the page's text")
        self.assertNotIn("Share", texts[THREAT[0]])
        self.assertEqual(texts["North Korea says no to talks"], "Pyongyang refuses talks with Washington.", "404: its own")
        self.assertEqual(texts["North Korea warns Seoul"], "Pyongyang warns Seoul of a strike.", "robots.txt forbids it")
        requests = [path for _, path in site.requests]
        self.assertEqual(requests.count("/robots.txt"), 1)
        self.assertNotIn("/private/3", requests)
        # A server in trouble is asked again a little later; the article waits, over a restart too.
        self.assertEqual(self.query("SELECT state FROM articles WHERE url LIKE '%/4'"), [(4,)])
        daemon.stop()
        site.pages["/4"] = page("x", FULL.replace("Sunday", "Monday"))
        daemon = self.daemon(config)
        wait_until(lambda: "Monday" in self.query("SELECT text FROM articles WHERE url LIKE '%/4'")[0][0], "its page")
        published = self.query("SELECT published FROM articles WHERE url LIKE '%/1'")[0][0]
        self.assertEqual(published, 1795136523000, "2026-11-20T01:02:03Z: the page's own date, since the entry has none")

    def test_a_page_of_links_is_a_feed(self):
        site = self.site()
        index = "<html><body><ul id=list><li><a href='/en/a1'>One</a></li><li><a href='/en/a2'>Two</a></li></ul>" \
                "<a href='/about'>About</a></body></html>"
        site.pages["/"] = (200, {"Content-Type": "text/html"}, index.encode())
        site.pages["/en/a1"] = page(THREAT[0], FULL)
        site.pages["/en/a2"] = page("North Korea opens a farm", "The farm near Pyongyang was opened by Kim Jong Un, state media "
                                    "said on Friday, and will grow vegetables for the city. " * 4)
        feed = f"  - {{ name: kcna, url: '{site.url('/')}', type: page, links: {{ pattern: '*/en/*', selector: '#list a' }}, " \
               "interval: 200ms }"
        daemon = self.daemon(self.configure(feed, site))
        rows = self.analysed(2)
        self.assertEqual({row[0] for row in rows}, {THREAT[0], "North Korea opens a farm"})
        self.assertTrue(all(row[2] == "en" for row in rows))
        # A page that yields no link is an error, not calm.
        site.pages["/"] = (200, {"Content-Type": "text/html"}, b"<html><body>Database error</body></html>")
        def error():
            return daemon.get("/api/v1/feeds")["items"][0]["error"]
        self.assertIn("no link", wait_until(error, "the error"))
        self.assertEqual(len(self.articles()), 2, "an error page never becomes an article")

    def test_commands_files_and_filters(self):
        site = self.site()
        document = rss([("1", *THREAT)]).decode()
        (self.folder / "feeds").mkdir()
        (self.folder / "feeds" / "a.xml").write_text(document.replace("Sunday", "Monday"))
        (self.folder / "print.sh").write_text("#!/bin/sh\ncat <<'EOF2'\n" + document.replace("Sunday", "Tuesday") + "\nEOF2\n")
        (self.folder / "print.sh").chmod(0o755)
        site.pages["/odd"] = (200, {"Content-Type": "text/plain"}, document.replace("rss", "RUSS").encode())
        feeds = f"""
  - {{ name: file, file: ./feeds/a.xml, interval: 200ms }}
  - {{ name: exec, exec: [./print.sh], interval: 200ms }}
  - {{ name: filter, url: '{site.url('/odd')}', filter: [sed, 's/RUSS/rss/g'], interval: 200ms }}
  - {{ name: broken, exec: [sh, -c, 'echo no database >&2; exit 4'], interval: 200ms }}
  - {{ name: slow, exec: [sleep, '1000'], interval: 200ms }}"""
        daemon = self.daemon(self.configure(feeds, site, "fetch: { allow_files: [./feeds], timeout: 500ms }"))
        rows = self.analysed(3)
        self.assertEqual({word for row in rows for word in ("Sunday", "Monday", "Tuesday") if word in row[1]},
                         {"Sunday", "Monday", "Tuesday"})
        def errors():
            found = {feed["name"]: feed["error"] for feed in daemon.get("/api/v1/feeds")["items"]}
            return found if found["broken"] and found["slow"] else None
        found = wait_until(errors, "both errors")
        self.assertIn("exit status 4: no database", found["broken"])
        self.assertIn("did not end within", found["slow"])
        self.assertIsNone(found["file"])
        status, seconds = daemon.stop()
        self.assertEqual(status, 0)
        self.assertLess(seconds, 20, "a command under way does not hold up the end")

    def test_credentials_and_headers(self):
        site = self.site()
        seen = {}

        def answer(request):
            seen[request.path] = dict(request.headers)
            return 200, {"Content-Type": "application/rss+xml"}, rss([(request.path, *THREAT)])
        site.pages["/basic"] = site.pages["/bearer"] = answer
        (self.folder / "password").write_text("open sesame\n")
        (self.folder / "token").write_text("t0ken\n")
        feeds = f"""
  - {{ name: basic, url: '{site.url('/basic')}', user: desk, password_file: ./password, interval: 200ms }}
  - {{ name: bearer, url: '{site.url('/bearer')}', token_file: ./token, headers: {{ X-Desk: '7' }}, interval: 200ms }}"""
        daemon = self.daemon(self.configure(feeds, site, "fetch: { contact: 'https://example.org/bot' }"))
        self.analysed(1)
        wait_until(lambda: len(seen) == 2, "both feeds")
        self.assertEqual(seen["/basic"]["Authorization"], "Basic ZGVzazpvcGVuIHNlc2FtZQ==")
        self.assertEqual(seen["/bearer"]["Authorization"], "Bearer t0ken")
        self.assertEqual(seen["/bearer"]["X-Desk"], "7")
        self.assertNotIn("X-Desk", seen["/basic"])
        self.assertIn("(+https://example.org/bot)", seen["/basic"]["User-Agent"])
        self.assertNotIn("sesame", daemon.log())

    def test_requests_a_minute_hold_for_all_feeds_of_a_host(self):
        site = self.site()
        for number in range(12):
            site.pages[f"/{number}"] = (200, {}, rss([(str(number), *THREAT)]))
        feeds = "\n".join(f"  - {{ name: f{n}, url: '{site.url(f'/{n}')}', interval: 1h }}" for n in range(12))
        self.daemon(self.configure(feeds, site, "fetch: { requests_per_minute: 600 }"))
        start = time.monotonic()
        wait_until(lambda: len(site.requests) == 12, "all feeds")
        self.assertGreater(time.monotonic() - start, 0.5, "four at once, then ten a second")

    def test_edits_and_removals_in_a_feed_are_revisions(self):
        site = self.site()
        calm = "North Korea said in Pyongyang on Sunday that it is ready for talks with the United States."

        def feed(*entries):
            items = "".join(f"<item><guid>{n}</guid><title>North Korea statement {n}</title>"
                            f"<pubDate>Mon, 16 Nov 2026 0{n}:00:00 GMT</pubDate><description>{text}</description></item>"
                            for n, text in entries)
            return 200, {}, f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
        other = [(n, calm.replace("Sunday", f"Sunday at {n} o'clock")) for n in (3, 2, 1)]
        site.pages["/feed"] = feed((4, calm), *other)
        daemon = self.daemon(self.configure(f"  - {{ name: wire, url: '{site.url('/feed')}', interval: 200ms }}", site))
        self.analysed(4)
        before = self.query("SELECT a.id, n.escalation FROM articles a JOIN analyses n ON n.article_id = a.id "
                            "WHERE a.title LIKE '%4'")[0]
        alerts = self.query("SELECT count(*) FROM alerts")[0][0]
        # Markup alone is no edit.
        site.pages["/feed"] = feed((4, f"&lt;p&gt;{calm}&lt;/p&gt;"), *other)
        # Then the text becomes a threat.
        site.pages["/feed"] = feed((4, THREAT[1]), *other)
        daemon.wait_for("after publication")
        article = daemon.get(f"/api/v1/articles/{before[0]}")
        self.assertEqual([r["kind"] for r in article["revisions"]], ["edited"])
        self.assertGreater(article["escalation"], before[1] + 20)
        self.assertEqual(article["revisions"][0]["escalation_before"], round(before[1], 2))
        changes = article["revisions"][0]["text_changes"]
        self.assertTrue(any(c["kind"] == "added" and "strike" in c["text"] for c in changes), changes)
        self.assertEqual(self.query("SELECT count(*) FROM alerts")[0][0], alerts + 1, "the rule on revisions, no other")
        # It is taken back while older entries stay, and comes again.
        site.pages["/feed"] = feed(*other)
        daemon.wait_for("removed after publication")
        site.pages["/feed"] = feed((4, THREAT[1]), *other)
        daemon.wait_for("restored after publication")
        article = daemon.get(f"/api/v1/articles/{before[0]}")
        self.assertEqual([r["kind"] for r in article["revisions"]], ["edited", "removed", "restored"])
        self.assertEqual(self.query("SELECT count(*) FROM articles")[0][0], 4)

    def test_a_feed_that_ran_away_is_a_gap(self):
        site = self.site()
        site.pages["/feed"] = (200, {}, rss([(f"a{n}", f"North Korea {n}", f"Pyongyang {n}") for n in range(3)]))
        daemon = self.daemon(self.configure(f"  - {{ name: wire, url: '{site.url('/feed')}', interval: 200ms }}", site))
        self.analysed(3)
        site.pages["/feed"] = (200, {}, rss([(f"b{n}", f"North Korea {n + 9}", f"Seoul {n}") for n in range(3)]))
        daemon.wait_for("may have had entries unseen")
        blind = daemon.get("/api/v1/feeds")["items"][0]["blind"]
        self.assertEqual(len(blind), 1)
        self.assertLess(blind[0]["from"], blind[0]["to"])
        self.assertEqual(daemon.get("/api/v1/series")["blind"][0]["feed"], "wire")


if __name__ == "__main__":
    unittest.main()
