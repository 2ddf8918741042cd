"""WebSub over real loopback HTTP: a hub in this process, the daemon, and what reaches a receiver."""
import concurrent.futures
import json
import subprocess
import unittest
import urllib.error
import urllib.request

from dprkwatch_test import PROGRAM, THREAT, Folder, rss, wait_until
from websub_hub import METHODS, Hub

CALM = ("c0", "Floral baskets laid in Pyongyang", "A floral basket was laid before the statue in Pyongyang on Monday.")
TARGETS = ("Seoul", "Tokyo", "Guam", "Busan", "Hawaii", "Okinawa", "Osaka", "Alaska", "Incheon", "Daegu")


def threat(number):
    """An entry that the rule matches, and that is a story of its own."""
    place = TARGETS[number % len(TARGETS)]
    return (f"t{number}", f"North Korea threatens to strike {place}, statement {number}",
            f"North Korea will launch a merciless nuclear strike on {place} if it is provoked, the Korean People's Army "
            f"General Staff said in Pyongyang in its statement number {number}.")


class WebSub(Folder):
    def setUp(self):
        super().setUp()
        self.wire = self.site()
        self.desk = self.receiver()
        self.hub = self.new_hub()
        self.publish()

    def new_hub(self):
        hub = Hub()
        self.addCleanup(hub.close)
        return hub

    def publish(self, *entries, hub=None, topic=None):
        """The document as the site shows it: a calm entry and these."""
        hub = self.hub.url() if hub is None else hub
        links = f"<atom:link rel='hub' href='{hub}'/>" if hub else ""
        links += f"<atom:link rel='self' href='{topic or self.wire.url('/feed.xml')}'/>"
        self.document = rss([CALM, *entries]).replace(
            b"<rss version='2.0'><channel>",
            f"<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel>{links}".encode())
        self.wire.pages["/feed.xml"] = (200, {"Content-Type": "application/rss+xml"}, self.document)

    @property
    def topic(self):
        return self.wire.url("/feed.xml")

    def settings(self, websub="interval: 1h", more=""):
        return self.config({"wire": self.topic}, [self.wire.address, self.desk.address, self.hub.address],
                           hook=self.desk.url("/hook"), rule_min=20,
                           more=f"websub: {{ callback_url: 'http://watch.example/base/', retry: 300ms, {websub} }}\n{more}")

    def start(self, config=None, subscribed=True):
        daemon = self.daemon(config or self.settings())
        for hub in {self.hub, *getattr(self, "hubs", [])}:
            hub.names["watch.example"] = daemon.address()
        if subscribed:
            wait_until(lambda: self.hub.subscribers, "a subscription")
        return daemon

    def feed(self, daemon):
        return daemon.get("/api/v1/feeds")["items"][0]

    def wait_for_state(self, daemon, **wanted):
        """Until the API shows these fields of the subscription; what a call changes is stored beside its answer."""
        wait_until(lambda: wanted.items() <= self.feed(daemon)["websub"].items(), wanted)

    def pushed(self):
        """A push with one more threat, which the receiver gets."""
        number = self.number = getattr(self, "number", 0) + 1
        self.assertEqual(self.hub.publish(self.topic, rss([threat(number)])), [202])
        wait_until(lambda: threat(number)[1] in self.titles(), "the webhook of a push")

    def titles(self):
        return [body["data"]["article"]["title"] for _, body in self.desk.accepted]

    def polls(self):
        return self.wire.requests.count(("GET", "/feed.xml"))

    def plan(self):
        """Why the next poll is when it is, its interval, and its distance from the last one, in milliseconds."""
        return self.query("SELECT poll_why, poll_interval, next_poll - last_poll FROM feeds")[0]

    def metrics(self, daemon):
        with urllib.request.urlopen(f"http://{daemon.address()}/metrics", timeout=30) as answer:
            lines = answer.read().decode().splitlines()
        return dict(line.rsplit(" ", 1) for line in lines if line.startswith("dprkwatch_websub"))

    def call(self, daemon, path, method="GET", body=None, headers=None):
        request = urllib.request.Request(f"http://{daemon.address()}{path}", data=body, headers=headers or {}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def callback_path(self):
        """Where the daemon is called, without its public name."""
        return next(iter(self.hub.subscribers.values())).callback.removeprefix("http://watch.example/base")

    def test_a_push_reaches_the_receiver_and_polls_become_rare(self):
        daemon = self.start()
        asked = self.hub.requests[0]
        self.assertEqual((asked["hub.mode"], asked["hub.topic"]), ("subscribe", self.topic))
        self.assertEqual(asked["hub.lease_seconds"], str(10 * 24 * 3600))
        self.assertRegex(asked["hub.callback"], r"^http://watch\.example/base/websub/[0-9a-f]{32}$")
        self.assertGreaterEqual(len(asked["hub.secret"]), 32)
        self.assertEqual(self.hub.verified, [("subscribe", self.topic, 200, True)])
        polls = self.polls()
        wait_until(lambda: self.polls() > polls + 1, "polls at the feed's own pace before the first push")
        self.pushed()
        wait_until(lambda: self.plan()[0] == "pushed", "a slow plan")
        self.assertEqual(self.plan(), ("pushed", 3600 * 1000, 3600 * 1000))
        polls = self.polls()
        for _ in range(4):
            self.pushed()
        self.assertEqual(self.polls(), polls)
        shown = self.feed(daemon)["websub"]
        self.assertEqual((shown["state"], shown["relied_on"], shown["hub"], shown["topic"], shown["error"]),
                         ("active", True, self.hub.url(), self.topic, None))
        self.assertIsNotNone(shown["lease_end"])
        self.assertIsNotNone(shown["last_push"])
        self.assertNotIn("secret", json.dumps(shown))
        self.assertEqual(self.metrics(daemon), {"dprkwatch_websub_pushes_total": "5", "dprkwatch_websub_refused_total": "0",
                                                "dprkwatch_websub_subscriptions": "1"})

    def test_a_push_and_a_poll_of_the_same_entry_are_one_article(self):
        daemon = self.start()
        self.publish(threat(1))
        wait_until(lambda: self.desk.accepted, "the webhook of a poll")
        self.assertEqual(self.hub.publish(self.topic, self.document), [202])
        self.assertEqual(self.hub.publish(self.topic, rss([threat(1)])), [202])
        daemon.settle()
        self.assertEqual(self.query("SELECT count(*) FROM articles"), [(2,)])
        self.assertEqual(len(self.desk.accepted), 1)

    def test_every_hash_of_the_recommendation(self):
        self.start()
        for method in METHODS:
            with self.subTest(method):
                self.hub.method = method
                self.pushed()

    def test_what_is_not_authentic_is_ignored_and_polls_go_on(self):
        daemon = self.start()
        self.pushed()
        bad = rss([("bad", "North Korea threatens to strike Mars", THREAT[1])])
        self.assertEqual(self.hub.publish(self.topic, bad, secret="wrong"), [202])
        daemon.wait_for("ignored a push that is not authentic")
        self.assertEqual(self.hub.publish(self.topic, bad, signed=False), [202])
        self.wait_for_state(daemon, relied_on=False, error="no X-Hub-Signature")
        polls = self.polls()
        wait_until(lambda: self.polls() > polls + 2, "polls at the feed's own pace")
        self.assertEqual(self.metrics(daemon)["dprkwatch_websub_refused_total"], "2")
        self.pushed()
        self.assertEqual(self.query("SELECT count(*) FROM articles WHERE identity = 'bad' OR title LIKE '%Mars%'"), [(0,)])
        self.wait_for_state(daemon, relied_on=True, error=None)

    def test_a_poll_that_finds_what_no_push_brought_is_believed(self):
        daemon = self.start(self.settings("interval: 700ms"))
        self.pushed()
        self.publish(threat(50))
        daemon.wait_for("a hub left something out")
        wait_until(lambda: len(self.desk.accepted) == 2, "the webhook of the poll")
        wait_until(lambda: self.plan()[:2] == ("interval", 200), "a plan at the feed's own pace")
        self.pushed()
        wait_until(lambda: self.plan()[:2] == ("pushed", 700), "a slow plan again")

    def test_calls_that_nobody_asked_for_are_refused(self):
        daemon = self.start()
        path = self.callback_path()
        query = "hub.topic={}&hub.challenge=x&hub.lease_seconds=60"
        for name, target in (("another topic", f"{path}?hub.mode=subscribe&" + query.format("http://other/")),
                             ("the end", f"{path}?hub.mode=unsubscribe&" + query.format(self.topic)),
                             ("another mode", f"{path}?hub.mode=publish&" + query.format(self.topic)),
                             ("no query", path),
                             ("another path", "/websub/" + "0" * 32 + "?hub.mode=subscribe&" + query.format(self.topic))):
            with self.subTest(name):
                status, body = self.call(daemon, target)
                self.assertEqual(status, 404)
                self.assertNotIn(b"x", body)
        self.assertEqual(self.call(daemon, "/websub/" + "0" * 32, "POST", b"x")[0], 410)
        self.assertEqual(self.call(daemon, path, "PUT", b"x")[0], 405)
        self.assertEqual(self.feed(daemon)["websub"]["state"], "active")

    def test_bodies_are_bounded(self):
        daemon = self.start()
        path = self.callback_path()
        for name, target, size, status in (("a push", path, 2 ** 24, 202), ("a larger one", path, 2 ** 24 + 1, 413),
                                           ("elsewhere", "/websub/" + "0" * 32, 2 ** 21, 413)):
            with self.subTest(name):
                try:
                    answered = self.call(daemon, target, "POST", b" " * size)[0]
                except (urllib.error.URLError, ConnectionError):
                    answered = 413  # closed while the body was still being sent
                self.assertEqual(answered, status)
        self.pushed()

    def test_a_push_that_is_no_feed_is_ignored(self):
        daemon = self.start()
        self.pushed()
        self.assertEqual(self.hub.publish(self.topic, b"<html><body>Sorry</body></html>", "text/html"), [202])
        daemon.wait_for("could not take in a push")
        self.wait_for_state(daemon, relied_on=False)
        self.pushed()

    def test_a_lease_is_renewed_before_its_end(self):
        self.start(self.settings("interval: 1h, lease: 2s"))
        begin = next(iter(self.hub.subscribers.values())).ends
        self.pushed()
        wait_until(lambda: len(self.hub.verified) >= 3, "two renewals")
        self.assertEqual({(mode, echoed) for mode, _, _, echoed in self.hub.verified}, {("subscribe", True)})
        self.assertGreater(next(iter(self.hub.subscribers.values())).ends, begin + 2)
        self.assertEqual(len({form["hub.callback"] for form in self.hub.requests}), 1)
        self.pushed()

    def test_when_the_lease_ends_polls_are_as_before(self):
        daemon = self.start(self.settings("interval: 1h, lease: 2s"))
        self.pushed()
        self.hub.status = 503
        wait_until(lambda: self.feed(daemon)["websub"]["state"] == "expired", "the end of the lease")
        polls = self.polls()
        wait_until(lambda: self.polls() > polls + 2, "polls at the feed's own pace")
        wait_until(lambda: "503" in (self.feed(daemon)["websub"]["error"] or ""), "the reason")
        self.hub.status = None
        wait_until(lambda: self.feed(daemon)["websub"]["state"] == "active", "a new lease")
        self.pushed()

    def test_a_denial_is_shown_and_polls_go_on(self):
        self.hub.denial = "not for you"
        daemon = self.start(subscribed=False)
        daemon.wait_for("a hub denied a subscription")
        shown = self.feed(daemon)["websub"]
        self.assertEqual((shown["state"], shown["error"]), ("denied", "the hub denied the subscription: not for you"))
        self.publish(threat(1))
        wait_until(lambda: self.desk.accepted, "the webhook of a poll")
        asked = len(self.hub.requests)
        polls = self.polls()
        wait_until(lambda: self.polls() > polls + 5, "polls")
        self.assertEqual(len(self.hub.requests), asked)

    def test_a_denial_ends_a_verified_subscription(self):
        daemon = self.start()
        self.pushed()
        self.assertEqual(self.hub.deny(self.topic, self.hub.requests[0]["hub.callback"], "over"), 200)
        self.assertEqual(self.feed(daemon)["websub"]["state"], "denied")
        polls = self.polls()
        wait_until(lambda: self.polls() > polls + 2, "polls at the feed's own pace")

    def test_a_hub_that_is_down_leaves_the_feed_polled(self):
        self.hub.close()
        daemon = self.start(subscribed=False)
        daemon.wait_for("a hub took no request")
        self.publish(threat(1))
        wait_until(lambda: self.desk.accepted, "the webhook of a poll")
        wait_until(lambda: self.feed(daemon)["websub"]["error"], "the reason")
        self.assertEqual(self.feed(daemon)["websub"]["state"], "pending")
        self.hub = Hub(port=int(self.hub.address.split(":")[1]))
        self.addCleanup(self.hub.close)
        self.hub.names["watch.example"] = daemon.address()
        wait_until(lambda: self.hub.subscribers, "a subscription when the hub is up again")
        self.pushed_after(2)

    def pushed_after(self, number):
        self.number = number
        self.pushed()

    def test_a_hub_on_a_private_address_is_not_called(self):
        other = self.new_hub()
        self.publish(hub=other.url())
        daemon = self.start(subscribed=False)
        line = daemon.wait_for("a hub took no request")
        self.assertIn("private or loopback", line)
        self.assertEqual(other.requests, [])

    def test_a_hub_may_send_the_request_on(self):
        for status in (301, 302, 307, 308):
            with self.subTest(status):
                self.hub.redirect = (status, self.hub.url("/other"))
                daemon = self.start()
                self.assertEqual(daemon.stop()[0], 0)
                self.hub.subscribers.clear()
                (self.folder / "dprkwatch.db").unlink()

    def test_link_headers_count_before_the_document(self):
        other = self.wire.url("/topic")
        self.wire.pages["/feed.xml"] = (200, {"Link": f'<{self.hub.url()}>; rel="hub", </topic>; rel="self"'},
                                        self.document.replace(self.hub.url().encode(), b"http://127.0.0.1:1/"))
        self.start()
        self.assertEqual([topic for topic, _ in self.hub.subscribers], [other])

    def test_the_second_hub_takes_over_from_one_that_is_down(self):
        self.publish(hub=f"http://127.0.0.1:1/'/><atom:link rel='hub' href='{self.hub.url()}")
        daemon = self.settings(more="").read_text().replace("network: { allow: [", "network: { allow: ['127.0.0.1:1', ")
        (self.folder / "dprkwatch.yaml").write_text(daemon.replace("retry: 300ms", "retry: 100ms"))
        stamp = [0]

        def page(_):  # another document each time, as news makes it
            stamp[0] += 1
            return 200, {}, self.document + f"<!-- {stamp[0]} -->".encode()
        self.wire.pages["/feed.xml"] = page
        self.start(self.folder / "dprkwatch.yaml")
        self.pushed()

    def test_a_restart_keeps_the_subscription(self):
        first = self.start()
        self.pushed()
        self.assertEqual(first.stop()[0], 0)
        second = self.start(self.folder / "dprkwatch.yaml")
        self.pushed()
        self.assertEqual(len(self.hub.requests), 1)
        self.assertEqual(self.feed(second)["websub"]["state"], "active")

    def test_a_killed_daemon_keeps_the_subscription_and_asks_what_it_missed(self):
        first = self.start()
        self.pushed()
        first.kill()
        self.publish(threat(77))
        self.start(self.folder / "dprkwatch.yaml")
        wait_until(lambda: len(self.desk.accepted) == 2, "what was published meanwhile")
        self.assertEqual(len(self.hub.requests), 1)

    def test_what_the_hub_was_told_has_arrived_survives_a_kill(self):
        for number in range(5):
            with self.subTest(number):
                daemon = self.start(self.folder / "dprkwatch.yaml" if number else None)
                self.assertEqual(self.hub.publish(self.topic, rss([threat(number)])), [202])
                daemon.kill()
        self.start(self.folder / "dprkwatch.yaml")
        wait_until(lambda: {threat(number)[1] for number in range(5)} <= set(self.titles()), "every push")
        self.assertEqual(len(self.hub.requests), 1)

    def test_many_pushes_at_once_are_taken_in_or_refused_openly(self):
        daemon = self.start()
        with concurrent.futures.ThreadPoolExecutor(40) as pool:
            statuses = list(pool.map(lambda number: self.hub.publish(self.topic, rss([threat(number)]))[0], range(40)))
        self.assertLessEqual(set(statuses), {202, 503})
        taken = {threat(number)[1] for number, status in enumerate(statuses) if status == 202}
        self.assertTrue(taken)
        daemon.settle()
        self.assertLessEqual(taken, {title for title, in self.query("SELECT title FROM articles")})
        self.pushed_after(41)

    def reload(self, daemon, change):
        path = self.folder / "dprkwatch.yaml"
        text = change(path.read_text())
        self.assertNotEqual(text, path.read_text())
        path.write_text(text)
        daemon.signal(1)
        daemon.wait_for("took over the new configuration")

    def test_unsubscribes_when_it_is_switched_off(self):
        for name, change in (
                ("for the feed", lambda text: text.replace("interval: 200ms }", "interval: 200ms, websub: false }")),
                ("for all", lambda text: "".join(line for line in text.splitlines(True) if not line.startswith("websub"))),
                ("with the feed", lambda text: text.replace("name: wire,", "name: other,"))):
            with self.subTest(name):
                daemon = self.start()
                before = len(self.hub.verified)
                self.reload(daemon, change)
                daemon.wait_for("unsubscribed from a hub")
                # With the feed, another one subscribes meanwhile.
                wait_until(lambda: ("unsubscribe", True) in [(mode, echoed) for mode, _, _, echoed in self.hub.verified[before:]],
                           "the verification")
                if name != "with the feed":
                    wait_until(lambda: not self.hub.subscribers, "the hub to forget it")
                    wait_until(lambda: self.query("SELECT count(*) FROM websub") == [(0,)], "the store to forget it")
                self.assertEqual(daemon.stop()[0], 0)
                self.hub.subscribers.clear()
                (self.folder / "dprkwatch.db").unlink()

    def test_a_hub_that_hears_no_goodbye_is_told_again_after_a_restart(self):
        daemon = self.start()
        self.hub.status = 503
        self.reload(daemon, lambda text: text.replace("interval: 200ms }", "interval: 200ms, websub: false }"))
        daemon.wait_for("a hub took no request")
        daemon.kill()
        self.hub.status = None
        second = self.start(self.folder / "dprkwatch.yaml", subscribed=False)
        second.wait_for("unsubscribed from a hub")
        wait_until(lambda: not self.hub.subscribers, "the hub to forget it")

    def test_another_topic_replaces_the_old_one(self):
        self.start()
        moved = self.wire.url("/moved.xml")
        self.publish(topic=moved)
        wait_until(lambda: [topic for topic, _ in self.hub.subscribers] == [moved], "the new topic alone")
        # A request that is slow to be verified may be made twice.
        verified = dict.fromkeys((mode, topic) for mode, topic, _, echoed in self.hub.verified if echoed)
        self.assertEqual([mode for mode, _ in verified], ["subscribe", "subscribe", "unsubscribe"])
        callbacks = {form["hub.topic"]: form["hub.callback"] for form in self.hub.requests}
        self.assertEqual(len(callbacks), 2)
        self.assertEqual(len(set(callbacks.values())), 2)

    def test_a_feed_that_names_no_hub_any_more_is_left(self):
        daemon = self.start()
        for number in range(3):
            polls = self.polls()
            self.publish(threat(number), hub="")
            wait_until(lambda: self.polls() > polls + 1, "polls of a document without a hub")
        daemon.wait_for("unsubscribed from a hub")
        wait_until(lambda: self.feed(daemon)["websub"] is None, "no subscription")

    def test_another_callback_url_replaces_the_old_one(self):
        daemon = self.start()
        self.hub.names["new.example"] = daemon.address()
        self.reload(daemon, lambda text: text.replace("watch.example", "new.example"))
        wait_until(lambda: [callback.split("/")[2] for _, callback in self.hub.subscribers] == ["new.example"],
                   "the new callback alone")
        self.pushed()

    def test_a_publisher_tells_the_hub(self):
        self.start()
        self.publish(threat(1))
        self.hub.take("/hub", {"hub.mode": "publish", "hub.url": self.topic})
        wait_until(lambda: self.desk.accepted, "the webhook")

    def test_once_subscribes_to_nothing(self):
        config = self.settings()
        done = subprocess.run([PROGRAM, "run", "--config", config, "--once"], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.hub.requests, [])


if __name__ == "__main__":
    unittest.main()
