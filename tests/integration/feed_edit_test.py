"""`feed add`, `feed remove`, `opml import`, `opml export`: the configuration's file changes there, and nowhere else."""
import os
import stat
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree

from dprkwatch_test import PROGRAM, SOURCE, Folder

CONFIG = """# Our watch.
store: { url: "sqlite:./w.db" }   # beside this file

feeds:
  # The wire first.
  - name: wire
    url: "https://wire.example/feed"   # every minute
    interval: 1m

# Who is told.
rules: [ { name: r, when: { feed: wire }, receivers: [log] } ]
receivers: [ { name: log, type: log, path: "-" } ]
"""


def run(*arguments, text=None):
    done = subprocess.run([PROGRAM, *map(str, arguments)], input=text, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


class FeedEdit(Folder):
    def setUp(self):
        super().setUp()
        self.file = self.folder / "dprkwatch.yaml"
        self.file.write_text(CONFIG)

    def edit(self, *arguments):
        return run(*arguments[:2], "--config", self.file, *arguments[2:])

    def assert_unchanged(self, outcome, status, reason):
        self.assertEqual((outcome[0], outcome[1]), (status, ""), outcome[2])
        self.assertIn(reason, outcome[2])
        self.assertIn("the file was not changed", outcome[2])
        self.assertEqual(self.file.read_text(), CONFIG)
        self.assertEqual(sorted(os.listdir(self.folder)), ["dprkwatch.yaml", "hook.secret"])

    def test_a_feed_is_added_and_removed_and_all_else_stays(self):
        status, out, err = self.edit("feed", "add", "--interval", "90m", "--language", "ko", "--category", "Asia",
                                     "--category", "Korea", "북한 뉴스", "https://b.example/rss?a=1&b=2")
        self.assertEqual((status, err), (0, ""))
        self.assertIn("SIGHUP", out)
        added = """  - name: "북한 뉴스"
    url: "https://b.example/rss?a=1&b=2"
    interval: 90m
    language: ko
    category: [Asia, Korea]
"""
        place = CONFIG.index("    interval: 1m\n") + len("    interval: 1m\n")
        self.assertEqual(self.file.read_text(), CONFIG[:place] + added + CONFIG[place:])
        self.assertEqual(run("check-config", self.file)[0], 0)
        self.assertEqual(self.edit("feed", "remove", "북한 뉴스")[0], 0)
        self.assertEqual(self.file.read_text(), CONFIG)

    def test_what_would_make_a_bad_configuration_is_refused(self):
        self.assert_unchanged(self.edit("feed", "add", "b", "ftp://b.example/"), 2, "`url`")
        self.assert_unchanged(self.edit("feed", "add", "--interval", "1ms", "b", "https://b.example/"), 2, "at least 200ms")
        self.assert_unchanged(self.edit("feed", "add", "wire", "https://b.example/"), 1, "already")
        self.assert_unchanged(self.edit("feed", "add", "b", "https://wire.example/feed"), 1, "`wire` has that address")
        self.assert_unchanged(self.edit("feed", "remove", "wire"), 2, "there is no feed `wire`")
        self.assert_unchanged(self.edit("feed", "remove", "nobody"), 1, "nobody")
        status, _, err = self.edit("feed", "add", "--interval", "soon", "b", "https://b.example/")
        self.assertEqual(status, 2)
        self.assertIn("--interval", err)

    def test_a_bad_configuration_is_not_touched(self):
        self.file.write_text("feeds: [ { nam: a } ]\n")
        status, _, err = self.edit("feed", "add", "b", "https://b.example/")
        self.assertEqual(status, 2)
        self.assertIn(":1:12", err)
        self.assertEqual(self.file.read_text(), "feeds: [ { nam: a } ]\n")
        self.assertEqual(run("feed", "add", "--config", self.folder / "none.yaml", "b", "https://b/")[0], 2)

    def test_mode_and_symbolic_link_stay(self):
        os.chmod(self.file, 0o640)
        link = self.folder / "link.yaml"
        link.symlink_to("dprkwatch.yaml")
        self.assertEqual(run("feed", "add", "--config", link, "b", "https://b.example/")[0], 0)
        self.assertTrue(link.is_symlink())
        self.assertEqual(stat.S_IMODE(os.stat(self.file).st_mode), 0o640)
        self.assertIn("b.example", self.file.read_text())

    def test_edits_at_once_lose_nothing(self):
        adds = [subprocess.Popen([PROGRAM, "feed", "add", "--config", self.file, f"feed{n}", f"https://{n}.example/"],
                                 stdout=subprocess.DEVNULL) for n in range(8)]
        self.assertEqual([add.wait(timeout=60) for add in adds], [0] * 8)
        text = self.file.read_text()
        self.assertEqual([text.count(f"https://{n}.example/") for n in range(8)], [1] * 8)
        self.assertEqual(run("check-config", self.file)[0], 0)

    def test_the_feed_of_an_opml_file_is_taken_out_there(self):
        (self.folder / "more.opml").write_text("<opml><body><outline text='x' xmlUrl='https://x.example/'/></body></opml>")
        self.file.write_text(CONFIG + "opml: more.opml\n")
        status, _, err = self.edit("feed", "remove", "x")
        self.assertEqual(status, 1)
        self.assertIn("opml", err)

    def told(self, opml):
        """(categories, attributes) of each feed of an OPML text."""
        found = []

        def walk(element, path):
            for outline in element.findall("outline"):
                if "xmlUrl" in outline.attrib:
                    found.append((path, dict(outline.attrib)))
                else:
                    walk(outline, [*path, outline.attrib["text"]])
        walk(ElementTree.fromstring(opml).find("body"), [])
        return found

    def test_opml_comes_back_exactly(self):
        self.file.write_text("feeds:\n  - { name: first, url: https://first.example/ }\n")
        catalogue = SOURCE / "seeds" / "feeds.opml"
        feeds = self.told(catalogue.read_text())
        status, out, err = self.edit("opml", "import", catalogue)
        self.assertEqual((status, err), (0, ""))
        self.assertIn(f"{len(feeds)} of {len(feeds)} feeds were new", out)
        self.assertEqual(run("feed", "remove", "--config", self.file, "first")[0], 0)
        status, exported, err = self.edit("opml", "export")
        self.assertEqual((status, err), (0, ""))
        self.assertEqual(self.told(exported), feeds)
        again = self.folder / "again.opml"
        self.assertEqual(self.edit("opml", "export", "-o", again)[0], 0)
        self.assertEqual(again.read_text(), exported)
        before = self.file.read_text()
        self.assertIn(f"0 of {len(feeds)} feeds were new", self.edit("opml", "import", again)[1])
        self.assertEqual(self.file.read_text(), before)
        second = self.folder / "second.yaml"
        second.write_text("feeds:\n  - { name: first, url: https://first.example/ }\n")
        self.assertEqual(run("opml", "import", "--config", second, again)[0], 0)
        self.assertEqual(second.read_text().replace("  - { name: first, url: https://first.example/ }\n", ""), before)

    def test_import_adds_only_what_is_new(self):
        opml = """<opml version='1.0'><body><outline text='K'>
            <outline text='wire' xmlUrl='https://other.example/'/><outline text='w' xmlUrl='https://wire.example/feed'/>
            <outline text='twice' xmlUrl='https://t.example/'/><outline text='t' xmlUrl='https://t.example/'/>
            </outline></body></opml>"""
        status, out, _ = run("opml", "import", "--config", self.file, "-", text=opml)
        self.assertEqual(status, 0)
        self.assertIn("2 of 4 feeds were new", out)
        text = self.file.read_text()
        self.assertIn('  - name: "wire 2"\n    url: "https://other.example/"\n    source: wire\n    category: [K]\n', text)
        self.assertEqual(text.count("https://t.example/"), 1)
        self.assertEqual(text.count("https://wire.example/feed"), 1)

    def test_hostile_opml_is_refused(self):
        bomb = "<!DOCTYPE o [<!ENTITY a 'x'>" + "".join(
            f"<!ENTITY a{n} '&a;&a;&a;&a;&a;&a;&a;&a;'>" for n in range(99)) + "]><opml>&a9;</opml>"
        for text, reason in ((bomb, "entities"), ("<opml>" + "<outline text='x'>" * 5000, "deeper than 64"),
                             ("<rss/>", "no feeds"), ("{}", "not well-formed"), ("x" * (5 << 20), "larger than")):
            with self.subTest(reason):
                status, out, err = run("opml", "import", "--config", self.file, "-", text=text)
                self.assertEqual((status, out), (1, ""))
                self.assertIn(reason, err)
        self.assertEqual(self.file.read_text(), CONFIG)

    def test_usage(self):
        for arguments in (["feed", "add", "b"], ["feed", "add", "b", "https://b/"], ["feed", "remove", "b"], ["opml"],
                          ["opml", "import", "x"], ["opml", "export"]):
            self.assertEqual(run(*arguments)[0], 2, arguments)
        for verb in (["feed", "add"], ["feed", "remove"], ["opml", "import"], ["opml", "export"], ["feed", "list"],
                     ["feed", "refresh"], ["feed", "test"], ["feed", "discover"], ["feed", "parse"]):
            status, out, _ = run(*verb, "--help")
            self.assertEqual(status, 0)
            self.assertIn("Example", out)
            self.assertIn("dprkwatch " + " ".join(verb), out)


if __name__ == "__main__":
    unittest.main()
