#!/usr/bin/env python3
"""The verbs of `dprkwatch plugin`, and the way of docs/plugin-guide.md from nothing to a running daemon.

usage: verbs_test.py BUILD_DIR
"""
import contextlib
import http.server
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unittest

BUILD = pathlib.Path(sys.argv.pop()).resolve()
SOURCE = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = str(BUILD / "bin/dprkwatch")
ITEM = """<item><guid>{0}</guid><title>North Korea fires a missile</title><link>http://127.0.0.1/{0}</link>
<description>North Korea fired a missile on Monday, KCNA said, and threatened Seoul with war. {0}</description></item>"""
FEED = '<rss version="2.0"><channel><title>Wire</title>' + ITEM.format("first") + ITEM.format("poison") + "</channel></rss>"
KILLED = """
import os
from dprkwatch_plugin import run
def analyze(article, config):
    if "poison" in article.text:
        os._exit(7)
    yield {"kind": "words", "score": 1}
run(analyze, id="words", version="0.1", provides=["words"])
"""


def run(*words, folder=None, expect=0):
    done = subprocess.run([PROGRAM, *words], cwd=folder, capture_output=True, text=True, timeout=100)
    if done.returncode != expect:
        raise AssertionError(f"{words}: exit status {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout + done.stderr


class Feed(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(FEED)))
        self.end_headers()
        self.wfile.write(FEED.encode())

    def log_message(self, *words):
        pass


class Verbs(unittest.TestCase):
    def setUp(self):
        self.held = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.held.name)
        self.addCleanup(self.held.cleanup)

    def test_list_names_the_built_in_analyzers_in_order(self):
        listed = json.loads(run("plugin", "list", "--json"))
        self.assertEqual([plugin["id"] for plugin in listed], ["relevance", "rhetoric"])
        self.assertIn("escalation", listed[1]["provides"])

    def test_new_in_c_and_cpp_builds_and_conforms(self):
        for language in ("c", "c++"):
            name = "fresh-" + language[0] + str(len(language))
            run("plugin", "new", name, "--language", language, folder=self.folder)
            made = self.folder / name
            for command in (["cmake", "-S", made, "-B", made / "build"], ["cmake", "--build", made / "build"]):
                subprocess.run(command, check=True, capture_output=True)
            report = run("plugin", "check", str(made / "build" / (name + ".so")))
            self.assertIn("The plugin is good.", report)
            self.assertNotIn("FAILED", report)

    def test_new_in_python_passes_its_own_test_and_conforms(self):
        run("plugin", "new", "fresh", folder=self.folder)
        subprocess.run([sys.executable, "test_plugin.py"], cwd=self.folder / "fresh", check=True, capture_output=True,
                       env={"PYTHONPATH": str(BUILD / "share/dprkwatch/sdk/python")})
        self.assertIn("The plugin is good.", run("plugin", "check", "--", "python3", "fresh/plugin.py", folder=self.folder))

    def test_new_overwrites_nothing_and_refuses_bad_names(self):
        run("plugin", "new", "fresh", folder=self.folder)
        self.assertIn("exists already", run("plugin", "new", "fresh", folder=self.folder, expect=1))
        self.assertIn("a-z", run("plugin", "new", "../escape", folder=self.folder, expect=1))

    def test_examples_conform(self):
        for name in ("exclaim", "length"):
            run("plugin", "check", str(BUILD / "examples" / (name + ".so")))
            run("plugin", "check", "--in-process", str(BUILD / "examples" / (name + ".so")))
        run("plugin", "check", "--", "python3", str(SOURCE / "plugins/examples/python/keywords.py"))

    def test_built_in_analyzers_conform(self):
        for name in ("relevance", "rhetoric"):
            run("plugin", "check", str(BUILD / "lib/dprkwatch/plugins" / (name + ".so")))

    def test_check_finds_what_is_wrong(self):
        faults = {
            "random.random()": "gave different findings",
            "article.text and 1 / (len(article.text) - 1)": "ZeroDivisionError",
        }
        for score, complaint in faults.items():
            script = self.folder / "bad.py"
            script.write_text(
                "import random\nfrom dprkwatch_plugin import run\n"
                f"def analyze(article, config):\n    yield {{'kind': 'bad', 'score': ({score}) or 0}}\n"
                "run(analyze, id='bad', version='1', provides=['bad'])\n")
            report = run("plugin", "check", "--", "python3", str(script), expect=1)
            self.assertIn(complaint, report)
            self.assertIn("never learn of a misspelt key", report)

    def test_bench_measures(self):
        self.assertIn("articles a second", run("plugin", "bench", str(BUILD / "examples/length.so")))

    def test_the_guide_ends_with_annotations_in_the_store(self):
        run("plugin", "new", "words", folder=self.folder)
        config = self.configuration("config: {}")
        # From elsewhere: ./ is the configuration's folder.
        run("check-config", config, folder="/")
        run("run", "--config", config, "--once", folder="/")
        stored = self.rows("SELECT annotations, versions FROM analyses")
        self.assertEqual(len(stored), 2)
        for annotations, versions in stored:
            kinds = {annotation["kind"] for annotation in json.loads(annotations)}
            self.assertLessEqual({"relevance", "escalation", "words"}, kinds)
            self.assertEqual(json.loads(versions)["words"], "0.1")

    def test_the_article_that_kills_its_analyzer_is_quarantined_alone(self):
        (self.folder / "words").mkdir()
        (self.folder / "words/plugin.py").write_text(KILLED)
        said = run("run", "--config", self.configuration("config: {}"), "--once")
        self.assertEqual(self.rows("SELECT count(*) FROM analyses"), [(1,)])
        self.assertEqual(self.rows("SELECT count(*) FROM articles WHERE state = 3"), [(1,)])
        self.assertEqual(said.count("died and is started again"), 3, said)
        self.assertIn("died on this article 3 times", said)

    def test_optional_analyzers_are_marked_as_missing(self):
        (self.folder / "words").mkdir()
        (self.folder / "words/plugin.py").write_text(KILLED)
        run("run", "--config", self.configuration("need: optional"), "--once")
        versions = [json.loads(row[0]) for row in self.rows("SELECT versions FROM analyses")]
        self.assertEqual(sorted(str(version["words"]) for version in versions), ["0.1", "None"])

    def configuration(self, words):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Feed)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        address = f"127.0.0.1:{server.server_address[1]}"
        (self.folder / "dprkwatch.yaml").write_text(f"""
store: {{ url: "sqlite:{self.folder}/store.db" }}
api: {{ listen: "127.0.0.1:0" }}
network: {{ allow: ["{address}"] }}
feeds: [ {{ name: wire, url: "http://{address}/feed.xml" }} ]
plugins:
  - {{ id: relevance, mode: isolated }}
  - {{ id: rhetoric }}
  - {{ id: words, mode: command, command: [python3, ./words/plugin.py], {words} }}
""")
        return str(self.folder / "dprkwatch.yaml")

    def rows(self, query):
        with contextlib.closing(sqlite3.connect(self.folder / "store.db")) as store:
            return store.execute(query).fetchall()


if __name__ == "__main__":
    unittest.main()
