"""Start, reload and stop of the daemon, and what reaches a receiver."""
import json
import signal
import subprocess
import time
import unittest

from dprkwatch_test import PROGRAM, THREAT, Folder, rss, wait_until


class Running(Folder):
    def setUp(self):
        super().setUp()
        self.wire = self.site()
        self.desk = self.receiver()
        self.publish(("a1", *THREAT))
        self.allow = [self.wire.address, self.desk.address]

    def publish(self, *entries):
        self.wire.pages["/feed.xml"] = (200, {"Content-Type": "application/rss+xml"}, rss(entries))

    def start(self, **more):
        return self.daemon(self.config({"wire": self.wire.url("/feed.xml")}, self.allow, hook=self.desk.url("/hook"), **more))

    def test_an_alert_reaches_the_receiver_once(self):
        daemon = self.start()
        wait_until(lambda: self.desk.accepted, "a webhook")
        polls = len(self.wire.requests)
        wait_until(lambda: len(self.wire.requests) > polls + 3, "further polls")
        daemon.settle()
        self.assertEqual(len(self.desk.accepted), 1)
        self.assertEqual(self.desk.refused, [])
        body = self.desk.accepted[0][1]
        self.assertEqual(body["type"], "alert.created")
        data = body["data"]
        self.assertEqual(data["article"]["title"], THREAT[0])
        self.assertEqual(data["dyad"], "DPRK->USA")
        self.assertEqual(data["sequence"], 1)
        self.assertIn("merciless nuclear strike", data["evidence"][0]["text"])

    def test_two_receivers_get_ids_of_their_own(self):
        daemon = self.start()
        wait_until(lambda: self.desk.accepted, "a webhook")
        daemon.settle()
        ids = self.query("SELECT receiver, webhook_id, state FROM outbox")
        self.assertEqual(sorted((name, state) for name, _, state in ids), [("desk", 1), ("record", 1)])
        self.assertNotEqual(ids[0][1], ids[1][1])
        line = json.loads((self.folder / "alerts.jsonl").read_text())
        self.assertEqual(line["data"]["alert_id"], self.desk.accepted[0][1]["data"]["alert_id"])

    def test_a_failing_receiver_gets_the_same_message_again(self):
        self.desk.statuses = [500, 503, 429]
        daemon = self.start()
        wait_until(lambda: self.desk.accepted, "the fourth attempt")
        daemon.settle()
        attempts = self.query("SELECT status FROM attempts JOIN outbox ON outbox.id = delivery_id "
                              "WHERE receiver = 'desk' ORDER BY attempt")
        self.assertEqual(attempts, [(500,), (503,), (429,), (204,)])

    def test_a_refusal_is_a_dead_letter_at_once(self):
        self.desk.statuses = [400]
        daemon = self.start()
        daemon.wait_for("gave up on a delivery")
        self.assertEqual(daemon.get("/readyz")["dead_letters"], 1)
        self.assertEqual(self.desk.accepted, [])

    def test_stops_cleanly_while_a_feed_and_a_receiver_hang(self):
        self.wire.pages["/slow.xml"] = lambda request: (time.sleep(30), (200, {}, b""))[1]
        self.config({"wire": self.wire.url("/feed.xml"), "slow": self.wire.url("/slow.xml")}, self.allow,
                    hook=self.desk.url("/hook"))
        daemon = self.daemon(self.folder / "dprkwatch.yaml")
        wait_until(lambda: ("GET", "/slow.xml") in self.wire.requests, "the slow feed to be asked")
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number):
                daemon.signal(number)
                start = time.monotonic()
                self.assertEqual(daemon.process.wait(timeout=10), 0)
                self.assertLess(time.monotonic() - start, 5)
                self.assertIn("stopped", daemon.log())
                daemon = self.daemon(self.folder / "dprkwatch.yaml")

    def test_a_restart_tells_nothing_twice(self):
        first = self.start()
        wait_until(lambda: self.desk.accepted, "a webhook")
        first.settle()
        self.assertEqual(first.stop()[0], 0)
        self.publish(("a2", "North Korea vows to annihilate South Korea", THREAT[1].replace("United States", "South")),
                     ("a1", *THREAT))
        second = self.daemon(self.folder / "dprkwatch.yaml", wait=False)
        wait_until(lambda: len(self.desk.accepted) == 2, "the second webhook")
        second.settle()
        self.assertEqual([body["data"]["sequence"] for _, body in self.desk.accepted], [1, 2])
        self.assertEqual(len(self.query("SELECT * FROM articles")), 2)

    def test_reload_takes_a_good_configuration_and_refuses_a_bad_one(self):
        daemon = self.start()
        wait_until(lambda: self.desk.accepted, "a webhook")
        good = (self.folder / "dprkwatch.yaml").read_text()
        (self.folder / "dprkwatch.yaml").write_text(good.replace("feeds:", "feedz:"))
        daemon.signal(signal.SIGHUP)
        line = daemon.wait_for("refused the new configuration")
        self.assertIn("feedz", line)
        self.wire.pages["/more.xml"] = (200, {}, rss([("b1", "Pyongyang will destroy Seoul, army says", THREAT[1].replace(
            "the United States", "South Korea"))]))
        more = good.replace("rules:", f"  - {{ name: more, url: {json.dumps(self.wire.url('/more.xml'))} }}\nrules:", 1)
        (self.folder / "dprkwatch.yaml").write_text(more)
        daemon.signal(signal.SIGHUP)
        daemon.wait_for("took over the new configuration")
        wait_until(lambda: len(self.desk.accepted) == 2, "an alert from the new feed")
        self.assertEqual(self.desk.accepted[1][1]["data"]["article"]["feed"], "more")
        self.assertEqual(daemon.stop()[0], 0)

    def test_once_polls_processes_delivers_and_ends(self):
        config = self.config({"wire": self.wire.url("/feed.xml")}, self.allow, hook=self.desk.url("/hook"))
        done = subprocess.run([PROGRAM, "run", "--config", config, "--once"], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, "1 feeds polled, 0 failed, 1 articles analysed, 1 alerts\n")
        self.assertEqual(len(self.desk.accepted), 1)

    def test_a_second_daemon_on_the_same_store_is_refused(self):
        self.start()
        second = subprocess.run([PROGRAM, "run", "--config", self.folder / "dprkwatch.yaml"], capture_output=True, text=True,
                                timeout=60)
        self.assertEqual(second.returncode, 1)
        self.assertIn("another dprkwatch is using this store", second.stderr)

    def test_private_addresses_are_not_called_unless_allowed(self):
        self.allow = [self.desk.address]
        daemon = self.start()
        daemon.wait_for("private or loopback")
        self.assertEqual(self.wire.requests, [])


if __name__ == "__main__":
    unittest.main()
