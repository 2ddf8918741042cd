"""An archive through `dprkwatch backtest`: what it finds, the same bytes on one and two workers and after a kill."""
import csv
import datetime
import json
import pathlib
import random
import signal
import subprocess
import tempfile
import time
import unittest

from dprkwatch_test import PROGRAM

FILES = ("series.csv", "alerts.jsonl", "report.html")
FIRST = datetime.date(2016, 1, 1)
QUIET = ("Floral basket laid before the statue of the President on the occasion of the spring festival by workers of the "
         "textile mill number {0} who sang {1}.",
         "Delegation {0} of the friendship society of a distant country arrived by air and was met at the airport by {1}.",
         "The {0} power station produced more electricity than planned, reports the correspondent, and {1} took part.")
THREAT = ("The Korean People's Army will wipe out the U.S. imperialists with a merciless nuclear strike, the Supreme Command of "
          "the Korean People's Army warned in statement {0}. The {1} aggressors will not escape a sea of fire.",
          "Our revolutionary armed forces will launch an annihilating attack on the United States at any moment, a "
          "spokesman for the General Staff of the Korean People's Army said in answer {0} to {1}.")
WORDS = [a + b for a in ("red", "north", "iron", "river", "early", "golden") for b in ("field", "star", "bridge", "youth", "song")]


def archive(path, days=500, rise=430):
    """Every day four calm articles; from day `rise` on three threats a day for two weeks."""
    chance = random.Random(3)
    with open(path, "w", encoding="utf-8") as file:
        for day in range(days):
            texts = [chance.choice(QUIET) for _ in range(4)]
            if rise <= day < rise + 14:
                texts += [chance.choice(THREAT) for _ in range(3)]
            for text in texts:
                body = text.format(chance.randrange(1000), " and ".join(chance.sample(WORDS, 8)))
                file.write(json.dumps({"date": str(FIRST + datetime.timedelta(day)), "title": body[:60],
                                       "text": body + "\n" + " ".join(chance.choices(WORDS, k=40)), "source": "KCNA"}) + "\n")


class Backtest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="dprkwatch-test-")))
        cls.articles = cls.folder / "archive.jsonl"
        archive(cls.articles)
        cls.one = cls.run_it("one", "--workers", "1")

    @classmethod
    def command(cls, name, *more):
        return [PROGRAM, "backtest", "--articles", str(cls.articles), "--report", str(cls.folder / name), *more]

    @classmethod
    def run_it(cls, name, *more):
        done = subprocess.run(cls.command(name, "--json", *more), capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        if done.stderr:
            raise AssertionError("progress in a pipe: " + done.stderr)
        return json.loads(done.stdout)

    def bytes_of(self, name):
        return [(self.folder / name / file).read_bytes() for file in FILES]

    def test_finds_the_rise_with_its_evidence(self):
        alerts = [json.loads(line) for line in (self.folder / "one/alerts.jsonl").read_text().splitlines()]
        self.assertTrue(alerts)
        first = datetime.date.fromisoformat(alerts[0]["date"])
        self.assertLessEqual(abs((first - FIRST).days - 433), 4, alerts[0])
        self.assertEqual(alerts[0]["dyad"], "DPRK->*")
        self.assertTrue(alerts[0]["evidence"][0]["text"])
        with open(self.folder / "one/series.csv", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if (row["actor"], row["target"]) == ("DPRK", "*")]
        self.assertEqual(len(rows), 500)
        self.assertEqual(rows[420]["state"], "calm")
        self.assertIn(rows[440]["state"], ("escalating", "crisis"))

    def test_gives_the_same_bytes_on_two_workers(self):
        self.run_it("two", "--workers", "2")
        self.assertEqual(self.bytes_of("two"), self.bytes_of("one"))

    def test_goes_on_where_it_was_killed(self):
        journal = self.folder / "killed/journal.jsonl"
        with subprocess.Popen(self.command("killed", "--workers", "1"), stdout=subprocess.DEVNULL) as process:
            end = time.monotonic() + 120
            while (not journal.exists() or journal.stat().st_size < 100_000) and process.poll() is None:
                self.assertLess(time.monotonic(), end)
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
        if journal.exists():  # else it was done before the kill
            self.assertGreater(self.run_it("killed", "--workers", "2")["resumed"], 100)
        self.assertEqual(self.bytes_of("killed"), self.bytes_of("one"))
        self.assertFalse(journal.exists())

    def test_names_lines_that_are_wrong_and_goes_on(self):
        bad = self.folder / "bad.jsonl"
        bad.write_text(self.articles.read_text() + "no json\n")
        done = subprocess.run([PROGRAM, "backtest", "--articles", bad, "--report", self.folder / "bad"],
                              capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0)
        self.assertIn(f"line {self.one['articles'] + 1}: not JSON", done.stderr)

    def test_judges_states_by_months(self):
        windows = self.folder / "windows.json"
        windows.write_text(json.dumps({"crisis": ["2017-03"], "calm": ["2016-09", "2016-10", "2016-11"]}))
        done = subprocess.run([PROGRAM, "evaluate", "--timeline", windows, "--articles", self.articles, "--json"],
                              capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        figures = json.loads(done.stdout)
        self.assertEqual(figures["auc"], 1)
        self.assertEqual(figures["windows_hit"], 1)
        self.assertEqual(figures["false_alarms"], 0)

    def test_refuses_what_it_cannot_read(self):
        for arguments in (["backtest", "--articles", "nowhere", "--report", str(self.folder / "x")],
                          ["evaluate", "--timeline", "nowhere", "--articles", str(self.articles)]):
            done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 1)
            self.assertIn("nowhere", done.stderr)


if __name__ == "__main__":
    unittest.main()
