"""What servers ask for is obeyed: the requests that they count are held against what they said."""
import socket
import time
import unittest
from email.utils import formatdate

from dprkwatch_test import Folder, wait_until
from hostile_server import GOOD, HostileServer

PROMPT = 4.0  # seconds that a loaded machine may add to a wait


class Politeness(Folder):
    def setUp(self):
        super().setUp()
        self.server = self.hostile()

    def hostile(self):
        server = HostileServer()
        self.addCleanup(server.close)
        return server

    def start(self, feeds, fetch="", allow=()):
        config = self.config(feeds, [self.server.address, *allow], f"fetch: {{ {fetch or 'timeout: 30s'} }}\n")
        return self.daemon(config)

    def feed(self, daemon, name):
        return next(feed for feed in daemon.get("/api/v1/feeds")["items"] if feed["name"] == name)

    def wait_for_requests(self, path, count):
        return wait_until(lambda: len(self.server.asked(path)) >= count and self.server.asked(path), f"{count} requests of {path}")

    def test_requests_are_conditional_and_keep_validators_as_they_were_sent(self):
        self.tag, self.date = 'W/"strange, tag"', "Sun, 01 Nov 2026 10:00:00 GMT"

        def page(it):
            fields = [("ETag", self.tag), ("Last-Modified", self.date)]
            if it.headers.get("if-none-match") == self.tag:
                return it.answer(304, fields, length="none")
            return it.answer(200, fields, GOOD)
        self.server.pages["/feed"] = page
        daemon = self.start({"wire": self.server.url("/feed")})
        first, *later = self.wait_for_requests("/feed", 4)
        self.assertNotIn("if-none-match", first.headers)
        for request in later:
            self.assertEqual(request.headers["if-none-match"], self.tag)
            self.assertEqual(request.headers["if-modified-since"], self.date)
        self.tag = '"second"'
        wait_until(lambda: self.server.requests[-1].headers.get("if-none-match") == '"second"', "the new validator")
        feed = self.feed(daemon, "wire")
        self.assertIsNone(feed["error"])
        self.assertEqual(feed["why"], "interval")
        daemon.stop()
        # They are kept over a restart.
        count = len(self.server.requests)
        self.daemon(self.folder / "dprkwatch.yaml")
        self.assertEqual(self.wait_for_requests("/feed", count + 1)[count].headers["if-none-match"], '"second"')

    def hold_off(self, status, value, seconds):
        """A host that asks to wait is asked by none of its feeds meanwhile, and by them all afterwards."""
        self.busy = False

        def page(it):
            if self.busy:
                return it.answer(status, [("Retry-After", value())])
            return it.answer(200, [], GOOD)
        for path in ("/a", "/b", "/c"):
            self.server.pages[path] = page
        daemon = self.start({path[1:]: self.server.url(path) for path in ("/a", "/b", "/c")})
        for path in ("/a", "/b", "/c"):
            self.wait_for_requests(path, 2)
        self.busy = True
        state = wait_until(lambda: [f for f in daemon.get("/api/v1/feeds")["items"] if f["why"] == "retry-after"], "a hold")[0]
        self.assertIn(f"HTTP {status}", state["error"])
        self.busy = False
        refused = max(request.time for request in self.server.requests)
        begin = len(self.server.requests)
        # Each of them that was under way may have been asked to wait; then there is silence.
        wait_until(lambda: len({request.path for request in self.server.requests[begin:]}) == 3, "the feeds to be asked again")
        self.assertGreaterEqual(self.server.requests[begin].time - refused, seconds)
        self.assertLess(self.server.requests[begin].time - refused, seconds + 1 + PROMPT)
        self.assertEqual(len({self.server.requests[begin].path} & {state["name"], "/a", "/b", "/c"}), 1)
        wait_until(lambda: all(f["error"] is None for f in daemon.get("/api/v1/feeds")["items"]), "all feeds to be well")

    def test_429_with_seconds_holds_for_all_feeds_of_the_host(self):
        self.hold_off(429, lambda: "3", 2.9)

    def test_503_with_a_date_holds_for_all_feeds_of_the_host(self):
        # A date has whole seconds: the wait is between 3 and 4.
        self.hold_off(503, lambda: formatdate(time.time() + 4, usegmt=True), 2.9)

    def test_a_move_that_held_three_times_is_followed_directly(self):
        new = self.hostile()
        new.pages["/new"] = lambda it: it.answer(200, [], GOOD)
        for status in (301, 308):
            self.server.pages[f"/old{status}"] = lambda it, status=status: it.answer(status, [("Location", new.url("/new"))])
        self.server.pages["/guest"] = lambda it: it.answer(302, [("Location", new.url("/new"))])
        names = ("old301", "old308", "guest")
        daemon = self.start({name: self.server.url("/" + name) for name in names}, allow=[new.address])
        self.wait_for_requests("/guest", 8)
        wait_until(lambda: len(new.asked("/new")) >= 20, "polls of the new place")
        self.assertEqual(len(self.server.asked("/old301")), 3)
        self.assertEqual(len(self.server.asked("/old308")), 3)
        self.assertEqual(self.feed(daemon, "old301")["moved_to"], new.url("/new"))
        self.assertIsNone(self.feed(daemon, "guest")["moved_to"])

    def test_a_move_that_did_not_hold_is_forgotten(self):
        self.server.pages["/new"] = lambda it: it.answer(200, [], GOOD)
        self.server.pages["/old"] = lambda it: (it.answer(200, [], GOOD) if len(self.server.asked("/old")) % 3 == 0 else
                                                it.answer(301, [("Location", "/new")]))
        self.start({"old": self.server.url("/old")})
        self.wait_for_requests("/old", 10)

    def test_a_feed_that_is_gone_is_asked_no_more(self):
        self.server.pages["/gone"] = lambda it: it.answer(410)
        self.server.pages["/other"] = lambda it: it.answer(200, [], GOOD)
        feeds = {"gone": self.server.url("/gone"), "other": self.server.url("/other")}
        daemon = self.start(feeds)
        self.wait_for_requests("/other", 5)
        feed = self.feed(daemon, "gone")
        self.assertEqual((feed["why"], feed["next_poll"]), ("gone", None))
        self.assertIn("HTTP 410", feed["error"])
        daemon.stop()
        self.daemon(self.folder / "dprkwatch.yaml")
        count = len(self.server.asked("/other"))
        self.wait_for_requests("/other", count + 3)
        self.assertEqual(len(self.server.asked("/gone")), 1)

    def test_a_host_that_fails_for_all_feeds_is_asked_by_one_alone_ever_more_seldom(self):
        names = [f"f{n}" for n in range(8)]
        self.down = True
        for name in names:
            self.server.pages["/" + name] = lambda it: None if self.down else it.answer(200, [], GOOD)
        daemon = self.start({name: self.server.url("/" + name) for name in names}, "max_backoff: 1s")
        wait_until(lambda: any(f["failures"] >= 5 for f in daemon.get("/api/v1/feeds")["items"]), "five failures")
        # The first round: at most four at once, as the host is believed to be down after three.
        self.assertLessEqual(len({request.path for request in self.server.requests}), 7)
        scouts = [request.path for request in self.server.requests[-3:]]
        self.assertEqual(len(set(scouts)), 1, [request.path for request in self.server.requests])
        times = [request.time for request in self.server.asked(scouts[0])]
        self.assertGreater(times[-1] - times[-2], 0.6)  # 1 s, give or take the jitter; it began with 200 ms
        self.down = False
        wait_until(lambda: all(f["last_success"] for f in daemon.get("/api/v1/feeds")["items"]), "all feeds to be well")

    def test_slow_feeds_of_one_host_take_no_place_of_others(self):
        slow = self.hostile()
        self.server.pages["/good"] = lambda it: it.answer(200, [], GOOD)
        feeds = {f"slow{n}": slow.url(f"/no_answer?{n}") for n in range(60)}
        daemon = self.start({**feeds, "good": self.server.url("/good")}, "timeout: 20s, max_in_flight: 8", [slow.address])
        wait_until(lambda: len(slow.requests) >= 4, "the slow host to be asked")
        self.wait_for_requests("/good", 12)
        gaps = [b.time - a.time for a, b in zip(self.server.requests, self.server.requests[1:])]
        self.assertLess(max(gaps), PROMPT, "the good feed waited")
        self.assertEqual(slow.connections, 4)
        self.assertLess(daemon.stop()[1], 5 + PROMPT)

    def test_polls_of_one_host_are_spread_over_the_minute(self):
        for n in range(6):
            self.server.pages[f"/{n}"] = lambda it: it.answer(200, [], GOOD)
        self.start({f"f{n}": self.server.url(f"/{n}") for n in range(6)}, "requests_per_minute: 120")
        wait_until(lambda: len(self.server.requests) >= 8, "eight requests")
        times = [request.time for request in self.server.requests]
        self.assertGreaterEqual(times[7] - times[0], 1.9)  # four at once, then four steps of half a second

    def test_http_2_is_offered(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        address = "127.0.0.1:%d" % listener.getsockname()[1]
        self.start({"tls": f"https://{address}/"}, allow=[address])
        listener.settimeout(60)
        peer, _ = listener.accept()
        with peer:
            peer.settimeout(60)
            hello = b""
            while len(hello) < 5 or len(hello) < 5 + int.from_bytes(hello[3:5], "big"):
                hello += peer.recv(4096)
        # The extension 16 of the ClientHello, ALPN (RFC 7301 §3.1): a list of names with their lengths.
        self.assertIn(b"\x00\x10\x00\x0e\x00\x0c\x02h2\x08http/1.1", hello)

    def test_connections_are_reused(self):
        for n in range(5):
            self.server.pages[f"/{n}"] = lambda it: it.answer(200, [], GOOD)
        self.start({f"f{n}": self.server.url(f"/{n}") for n in range(5)})
        wait_until(lambda: len(self.server.requests) >= 40, "forty requests")
        self.assertLessEqual(self.server.connections, 4)


if __name__ == "__main__":
    unittest.main()
