"""Plugins in a running daemon: health, hot reload, what happens while one is down, quarantine, and nothing left behind."""
import json
import os
import pathlib
import signal
import subprocess
import unittest
import urllib.request

from dprkwatch_test import PATIENCE, PROGRAM, SOURCE, THREAT, Folder, rss, wait_until

# What it does hangs on files beside it, so that a test decides while it runs.
SCRIPT = """
import os, pathlib, sys, time
from dprkwatch_plugin import metric, run

here = pathlib.Path(__file__).parent
while (here / "slow").exists():
    time.sleep(0.01)

def analyze(article, config):
    if (here / "broken").exists():
        os._exit(3)
    if "poison" in article.text and not (here / "mended").exists():
        raise ValueError("cannot read this")
    metric("texts_seen", 7)
    yield {"kind": "word", "label": "VERSION", "score": 1}

run(analyze, id="words", version="VERSION", provides=["word"])
"""


def is_running(process):
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


class Plugins(Folder):
    def setUp(self):
        super().setUp()
        self.wire = self.site()
        self.desk = self.receiver()
        self.folder_of_plugin = self.folder / "words"
        self.folder_of_plugin.mkdir()
        self.entries = []
        self.write_plugin("1")
        self.publish()

    def write_plugin(self, version):
        (self.folder_of_plugin / "plugin.py").write_text(SCRIPT.replace("VERSION", version))

    def flag(self, name, there=True):
        path = self.folder_of_plugin / name
        path.touch() if there else path.unlink()

    def publish(self, *texts):
        """Adds an entry for each text, all of them about the subject and with a threat."""
        for text in texts:
            number = len(self.entries)
            self.entries.append((f"a{number}", f"{THREAT[0]}, report {number}", f"{THREAT[1]} {text} {number}."))
        self.wire.pages["/feed.xml"] = (200, {}, rss(self.entries))

    def configure(self, *plugins):
        lines = "".join(f"  - {plugin}\n" for plugin in ("{ id: relevance }", "{ id: rhetoric }", *plugins))
        return self.config({"wire": self.wire.url("/feed.xml")}, [self.wire.address, self.desk.address],
                           hook=self.desk.url("/hook"), more="plugins:\n" + lines)

    def words(self, more=""):
        return "{ id: words, mode: command, command: [/usr/bin/python3, ./words/plugin.py], timeout: 5s" + more + " }"

    def verb(self, *arguments):
        return subprocess.run([PROGRAM, "plugin", *arguments], capture_output=True, text=True, timeout=PATIENCE)

    def labels(self):
        """Article by number in its title: what the plugin said of it, None when it did not see it."""
        rows = self.query("SELECT title, annotations FROM articles JOIN analyses ON article_id = id ORDER BY id")
        found = {}
        for title, annotations in rows:
            said = [each["label"] for each in json.loads(annotations) if each["kind"] == "word"]
            found[int(title.rsplit(" ", 1)[1])] = said[0] if said else None
        return found

    def series(self):
        """To three digits: stored findings have four."""
        return self.query("SELECT actor, target, day, articles, round(escalation_max, 3), round(escalation_sum, 2), "
                          "round(deescalation_max, 3) FROM series ORDER BY actor, target, day")

    def plugin(self, daemon):
        return {each["id"]: each for each in daemon.get("/api/v1/plugins")["items"]}["words"]

    def alerts_once(self, count):
        """Every alert reached the receiver, each one time."""
        wait_until(lambda: len(self.desk.accepted) >= count, f"{count} webhooks")
        self.assertEqual(len({message for message, _ in self.desk.accepted}), count)
        self.assertEqual(len(self.desk.accepted), count)

    def test_health_is_shown(self):
        self.publish("one")
        daemon = self.daemon(self.configure(self.words()))
        self.alerts_once(1)
        health = self.plugin(daemon)
        self.assertEqual((health["mode"], health["need"], health["state"]), ("command", "required", "up"))
        self.assertEqual((health["calls"], health["failures"], health["restarts"], health["quarantined"]), (1, 0, 0, 0))
        self.assertGreater(health["seconds_per_call"], 0)
        self.assertEqual(health["metrics"], {"texts_seen": 7})
        with urllib.request.urlopen(f"http://{daemon.address()}/metrics", timeout=PATIENCE) as answer:
            lines = answer.read().decode().splitlines()
        for line in ('dprkwatch_plugin_info{plugin="words",version="1",mode="command",need="required"} 1',
                     'dprkwatch_plugin_state{plugin="words",state="up"} 1',
                     'dprkwatch_plugin_state{plugin="words",state="down"} 0',
                     'dprkwatch_plugin_calls_total{plugin="words"} 1', 'dprkwatch_plugin_failures_total{plugin="words"} 0',
                     'dprkwatch_plugin_restarts_total{plugin="words"} 0', 'dprkwatch_plugin_quarantined{plugin="words"} 0',
                     'dprkwatch_plugin_metric{plugin="words",name="texts_seen"} 7'):
            self.assertIn(line, lines)
        self.assertTrue(any(line.startswith('dprkwatch_plugin_busy_seconds_total{plugin="rhetoric"} ') for line in lines))

    def test_a_plugin_that_is_slow_to_start_holds_up_nothing(self):
        daemon = self.daemon(self.configure())
        self.configure(self.words())
        self.flag("slow")
        daemon.signal(signal.SIGHUP)
        # The daemon takes in, analyses, alerts and answers with the plugins that it has.
        self.publish("while it starts")
        self.alerts_once(1)
        self.assertEqual([each["id"] for each in daemon.get("/api/v1/plugins")["items"]], ["relevance", "rhetoric"])
        self.assertEqual(daemon.lines("took over"), [])
        self.flag("slow", False)
        daemon.wait_for("took over the new configuration")
        self.publish("with it")
        self.alerts_once(2)
        self.assertEqual(self.labels(), {0: None, 1: "1"})

    def test_a_stop_does_not_wait_for_a_plugin_that_starts(self):
        daemon = self.daemon(self.configure())
        self.configure(self.words())
        self.flag("slow")
        daemon.signal(signal.SIGHUP)
        wait_until(lambda: "plugin.py" in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout,
                   "the plugin's process")
        self.assertEqual(daemon.stop()[0], 0)

    def test_reloads_under_load_lose_and_repeat_nothing(self):
        daemon = self.daemon(self.configure(self.words()))
        settings = [(), (self.words(", max_in_flight: 4"),), (self.words().replace("command:", "need: optional, command:"),)]
        count = 0
        for turn in range(6):
            self.publish(*[f"turn {turn}, text {i}" for i in range(25)])
            count += 25
            self.configure(*settings[turn % 3])
            daemon.signal(signal.SIGHUP)
            daemon.wait_for("took over the new configuration", count=turn + 1)
        wait_until(lambda: daemon.get("/readyz")["articles"] == count, "every entry to be stored")
        daemon.settle()
        self.alerts_once(count)
        self.assertEqual(daemon.get("/readyz")["quarantined"], 0)
        self.assertEqual(len(self.labels()), count)
        with urllib.request.urlopen(f"http://{daemon.address()}/metrics", timeout=PATIENCE) as answer:
            self.assertIn(f"dprkwatch_articles_analysed_total {count}", answer.read().decode().splitlines())
        self.assertEqual(daemon.stop()[0], 0)

    def test_what_went_on_without_an_optional_plugin_is_analysed_when_it_is_back(self):
        self.publish("before")
        daemon = self.daemon(self.configure(self.words(", need: optional")))
        wait_until(lambda: self.labels() == {0: "1"}, "the plugin's finding")
        self.flag("broken")
        self.publish("meanwhile", "meanwhile, too")
        self.alerts_once(3)  # nobody waits for it
        self.assertEqual(self.labels(), {0: "1", 1: None, 2: None})
        self.assertEqual(self.plugin(daemon)["state"], "down")
        article = daemon.get("/api/v1/articles?limit=1")["items"][0]["id"]
        self.assertIsNone(daemon.get(f"/api/v1/articles/{article}")["versions"]["words"])
        series = self.series()
        self.flag("broken", False)
        wait_until(lambda: self.labels() == {0: "1", 1: "1", 2: "1"}, "what was missing")
        self.assertEqual(self.query("SELECT count(*) FROM reanalyses"), [(0,)])
        self.assertEqual(self.series(), series)
        daemon.settle()
        self.alerts_once(3)
        self.assertEqual(self.plugin(daemon)["state"], "up")

    def test_reanalyze_replaces_findings_and_repeats_no_alert(self):
        self.publish(*[f"text {i}" for i in range(40)])
        config = self.configure(self.words())
        daemon = self.daemon(config)
        self.alerts_once(40)
        series = self.series()
        self.assertNotEqual(series, [])
        self.write_plugin("2")
        daemon.signal(signal.SIGHUP)
        daemon.wait_for("took over the new configuration")
        done = self.verb("reanalyze", "--config", config, "--since", "1d")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "40 articles analysed anew\n", ""))
        self.assertEqual(self.labels(), {i: "2" for i in range(40)})
        self.assertEqual(self.series(), series)
        self.publish("one more")
        self.alerts_once(41)

    def test_reanalyze_without_a_daemon_is_done_by_the_next_one(self):
        self.publish("one")
        config = self.configure(self.words())
        daemon = self.daemon(config)
        self.alerts_once(1)
        daemon.stop()
        self.write_plugin("2")
        done = self.verb("reanalyze", "--config", config, "--since", "2020-01-01", "--json")
        self.assertEqual(json.loads(done.stdout), {"marked": 1, "daemon": False, "done": False})
        self.daemon(config, wait=False)
        wait_until(lambda: self.labels() == {0: "2"}, "the article to be analysed anew")
        self.assertEqual(self.verb("reanalyze", "--config", config, "--since", "yesterday").returncode, 2)

    def test_quarantine_is_listed_and_retried(self):
        config = self.configure(self.words())
        self.publish("good")
        daemon = self.daemon(config)
        self.alerts_once(1)
        self.publish("poison", "poison again", "good, too")
        self.alerts_once(2)
        wait_until(lambda: daemon.get("/readyz")["quarantined"] == 2, "two articles in quarantine")
        self.assertEqual(self.plugin(daemon)["quarantined"], 2)
        listed = daemon.get("/api/v1/quarantine")["items"]
        self.assertEqual([(each["plugin"], "cannot read this" in each["reason"]) for each in listed],
                         [("words", True)] * 2)
        shown = self.verb("quarantine", "list", "--config", config)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertEqual(shown.stdout.count("cannot read this"), 2)
        ids = [each["id"] for each in json.loads(self.verb("quarantine", "list", "--config", config, "--json").stdout)]
        self.assertEqual(ids, [each["id"] for each in listed])

        again = self.verb("quarantine", "retry", "--config", config, str(ids[0]))
        self.assertEqual((again.returncode, again.stdout), (0, "1 articles wait for analysis again\n"), again.stderr)
        daemon.wait_for("quarantined an article", count=3)
        self.flag("mended")
        self.assertEqual(self.verb("quarantine", "retry", "--config", config, "--all", "--plugin", "words").returncode, 0)
        self.alerts_once(4)
        self.assertEqual(daemon.get("/api/v1/quarantine")["items"], [])
        missing = self.verb("quarantine", "retry", "--config", config, "999")
        self.assertEqual(missing.returncode, 1)
        self.assertIn("article 999 is not in quarantine", missing.stderr)
        self.assertEqual(self.verb("quarantine", "retry", "--config", config).returncode, 2)

    def test_once_ends_with_an_error_when_a_required_plugin_stays_down(self):
        self.publish("one")
        self.flag("broken")
        done = subprocess.run([PROGRAM, "run", "--config", self.configure(self.words()), "--once"], capture_output=True,
                              text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("plugin words: is down: it ended with exit status 3", done.stderr)
        self.assertIn("articles wait for it in the store", done.stderr)
        self.assertEqual(self.query("SELECT state FROM articles"), [(0,)], "the article is not blamed")

    def test_nothing_of_a_plugin_outlives_a_killed_daemon(self):
        self.publish("one")
        script = SOURCE / "tests/support/misbehave/misbehave.py"
        daemon = self.daemon(self.configure(f"{{ id: misbehave, mode: command, command: [/usr/bin/python3, {script}], "
                                            "config: { always: fork } }"))
        self.alerts_once(1)
        annotations = json.loads(self.query("SELECT annotations FROM analyses")[0][0])
        grandchild = int(next(each["score"] for each in annotations if each["kind"] == "act"))
        self.assertTrue(is_running(grandchild))
        os.kill(daemon.process.pid, signal.SIGKILL)
        wait_until(lambda: not is_running(grandchild), "the grandchild to be ended")


class Misbehaving(Folder):
    """Every kind of harm at once, in a daemon: each article ends analysed or in quarantine, each other one is unharmed."""

    HARMLESS = ("good", "socket", "passwd", "write", "group", "fork")  # tried, and refused where that is promised
    ENDS_IN_QUARANTINE = {"crash": "signal 11", "hang": "no answer in time", "ignore-sigterm": "no answer in time",
                          "exit": "exit status 3", "garbage": "no answer (", "other": "was not asked",
                          "outside": "a span", "error": "told to fail", "leak": ""}

    def run_all(self, plugin, more_quarantined):
        wire, desk = self.site(), self.receiver()
        guilty = dict(self.ENDS_IN_QUARANTINE, **more_quarantined)
        flood = [] if "flood" in guilty else ["flood"]
        entries = [(act, f"{THREAT[0]} ({act})", f"{act} {THREAT[1]} {number}")
                   for number, act in enumerate([*self.HARMLESS, *flood, *guilty, "good2", "good3"])]
        wire.pages["/feed.xml"] = (200, {}, rss(entries))
        config = self.config({"wire": wire.url("/feed.xml")}, [wire.address, desk.address], hook=desk.url("/hook"),
                             more=f"plugins:\n  - {plugin}\n  - {{ id: relevance }}\n  - {{ id: rhetoric }}\n")
        daemon = self.daemon(config)
        wait_until(lambda: daemon.get("/readyz")["articles"] == len(entries), "every entry to be stored")
        daemon.settle()
        reasons = {each["title"].rsplit("(", 1)[1][:-1]: each["reason"]
                   for each in daemon.get("/api/v1/quarantine?limit=100")["items"]}
        self.assertEqual(sorted(reasons), sorted(guilty))
        for act, part in guilty.items():
            self.assertIn(part, reasons[act])
        # The others, with the findings of all analyzers.
        wait_until(lambda: len(desk.accepted) == len(entries) - len(guilty), "an alert of each other article")
        labels = {}
        for title, annotations in self.query("SELECT title, annotations FROM articles JOIN analyses ON article_id = id"):
            found = {each["kind"]: each["label"] for each in json.loads(annotations)}
            labels[title.rsplit("(", 1)[1][:-1]] = found["act"]
            self.assertIn("escalation", found)
        for act in ("socket", "passwd", "write"):
            self.assertEqual(labels[act], "refused", act)
        health = next(each for each in daemon.get("/api/v1/plugins")["items"] if each["id"] == "misbehave")
        self.assertEqual((health["state"], health["quarantined"]), ("up", len(guilty)))
        self.assertEqual(len(daemon.lines("died and is started again")), health["restarts"], "one line a death")
        self.assertEqual(daemon.stop()[0], 0)

    def test_isolated(self):
        shared_object = pathlib.Path(PROGRAM).parents[1] / "tests/plugins/misbehave.so"
        self.run_all(f"{{ id: misbehave, mode: isolated, path: {shared_object}, timeout: 1s, memory: 256MiB }}", {})

    def test_command(self):
        script = SOURCE / "tests/support/misbehave/misbehave.py"
        self.run_all(f"{{ id: misbehave, mode: command, command: [/usr/bin/python3, {script}], timeout: 1s, "
                     "memory: 256MiB }", {"flood": "no answer ("})


if __name__ == "__main__":
    unittest.main()
