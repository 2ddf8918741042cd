"""kill -9 at random moments of the scenario: no article and no alert may be lost or told under a second id.

KILLS (default 200) and SECONDS (default 110) in the environment bound the run, SEED repeats one.
"""
import collections
import json
import os
import random
import time
import unittest

from dprkwatch_test import Daemon, Folder, wait_until

KILLS = int(os.environ.get("KILLS", 200))
SECONDS = float(os.environ.get("SECONDS", 110))
SEED = int(os.environ.get("SEED", time.time_ns() % 1_000_000))


class Kill(Folder):
    def finish(self, config, status):
        """Lets a daemon live until everything that was published is analysed and delivered."""
        daemon = self.daemon(config)
        wait_until(lambda: daemon.get("/readyz")["articles"] == status()["entries"], "every entry to be stored")
        daemon.settle()
        self.assertEqual(daemon.stop()[0], 0)

    def told(self, receipts):
        """Alert id to the webhook ids that it was told under."""
        ids = collections.defaultdict(set)
        for line in receipts.read_text(encoding="utf-8").splitlines():
            receipt = json.loads(line)
            ids[receipt["alert_id"]].add(receipt["webhook_id"])
        return dict(ids)

    def test_nothing_is_lost(self):
        chance = random.Random(SEED)
        config, status, receipts = self.demo(step_ms=int(SECONDS * 1000 / 45 / 2), rule_min=30)
        end = time.monotonic() + SECONDS
        kills = 0
        while kills < KILLS and time.monotonic() < end:
            daemon = Daemon(config, self.folder)
            time.sleep(chance.uniform(0, 0.5))
            daemon.kill()
            kills += 1
        print(f"killed {kills} times (SEED={SEED}), {status()['published']} of {status()['entries']} entries published",
              flush=True)
        self.assertGreaterEqual(kills, min(KILLS, 100))
        self.finish(config, status)

        self.assertEqual(self.query("SELECT count(*), count(DISTINCT identity) FROM articles"), [(45, 45)])
        self.assertEqual(self.query("SELECT title FROM articles WHERE state NOT IN (1, 2)"), [])
        alerts = {alert for (alert,) in self.query("SELECT id FROM alerts")}
        self.assertGreaterEqual(len(alerts), 10)
        told = self.told(receipts)
        self.assertEqual(set(told), alerts)
        self.assertEqual([alert for alert, ids in told.items() if len(ids) != 1], [])
        self.assertEqual(self.query("SELECT count(*) FROM outbox WHERE state <> 1"), [(0,)])
        logged = [json.loads(line)["data"]["alert_id"] for line in (self.folder / "alerts.jsonl").read_text().splitlines()]
        self.assertEqual(set(logged), alerts)

        # A life without a kill tells the same stories.
        for path in self.folder.glob("dprkwatch.db*"):
            path.unlink()
        config, status, receipts = self.demo(step_ms=0, rule_min=30)
        self.finish(config, status)
        self.assertEqual({alert for (alert,) in self.query("SELECT id FROM alerts")}, alerts)


if __name__ == "__main__":
    unittest.main()
