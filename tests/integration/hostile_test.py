"""A server that does everything wrong: each way costs a bounded time and memory, shows in the feed's state, and hurts nobody else."""
import os
import pathlib
import re
import socket
import time
import unittest

from dprkwatch_test import Folder, wait_until
from hostile_server import CASES, GOOD, HostileServer, make_certificate

TIMEOUT = 1.0    # seconds in all for one answer, as configured below
TICKS = os.sysconf("SC_CLK_TCK")
MEGABYTE = 1 << 20
SOURCE_LIMITS = f"fetch: {{ timeout: {TIMEOUT:g}s, connect_timeout: 500ms, max_bytes: 4MiB, max_backoff: 200ms }}\n"

# The state that each case leaves its feed in.
STATES = {
    "no_answer": "timed out",
    "slow_headers": "timed out",
    "slow_body": "timed out",
    "endless_body": "larger than 4194304 bytes",
    "endless_chunks": "larger than 4194304 bytes",
    "endless_chunk_extension": "sent more than",
    "endless_trailers": "headers are larger",
    "error_with_endless_body": "larger than 4194304 bytes|HTTP 500",
    "redirect_with_endless_body": "sent more than 4194304 bytes",
    "gzip_bomb": "larger than 4194304 bytes after decoding",
    "deflate_bomb": "larger than 4194304 bytes after decoding",
    "gzip_twice": "more than one content encoding",
    "gzip_twice_in_two_headers": "more than one content encoding",
    "gzip_in_transfer_and_content": "more than one content encoding",
    "gzip_of_endless_nothing": "sent more than 4194304 bytes",
    "broken_gzip": "unencoding",
    "no_gzip_at_all": "unencoding",
    "unknown_encoding": "encoding",
    "redirect_loop": "redirects",
    "redirect_chain": "redirects",
    "redirect_to_file": "file",
    "redirect_to_ftp": "ftp",
    "redirect_to_cloud_metadata": "network.allow",
    "redirect_to_zero_address": "network.allow",
    "redirect_to_ipv6_loopback": "network.allow",
    "redirect_to_mapped_loopback": "network.allow",
    "redirect_to_hexadecimal": "network.allow",
    "redirect_to_nonsense": "URL|port|hostname",
    "redirect_without_location": "HTTP 302",
    "length_too_long": "shorter than announced",
    "length_negative": "length|Content-Length",
    "length_in_exabytes": "larger than 4194304 bytes",
    "length_beyond_numbers": "larger than 4194304 bytes|length",
    "chunk_size_is_no_number": "[Cc]hunk",
    "chunk_size_is_huge": "[Cc]hunk",
    "chunk_without_end_of_line": "[Cc]hunk",
    "chunk_is_cut": "shorter than announced|chunk",
    "chunks_without_last_one": "shorter than announced|chunk",
    "reset_in_body": "reset",
    "reset_in_headers": "reset",
    "closed_at_once": "[Ee]mpty reply",
    "header_flood": "headers",
    "endless_headers": "headers",
    "header_of_ten_megabytes": "headers",
    "endless_continue": "headers",
    "not_http": "HTTP/0.9|HTTP",
    "http_0_9": "HTTP/0.9|HTTP",
    "zero_in_header": "header|Nul",
    "empty_with_success": "empty",
    "no_content": "HTTP 204",
    "status_999": "HTTP 999|status",
    "partial_content_unasked": "HTTP 206",
    "not_modified_unasked": "HTTP 304",
}
# What is read for what it holds, with a warning in the log.
MENDED = {"cut_gzip": "truncated|unclosed"}


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(pid, what):
    return int(re.search(what + r":\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) * 1024


class Hostile(Folder):
    def setUp(self):
        super().setUp()
        self.server = HostileServer()
        self.addCleanup(self.server.close)
        self.wire = self.site()
        self.wire.pages["/good.xml"] = self.good
        self.good_polls = []

    def good(self, _):
        self.good_polls.append(time.monotonic())
        return 200, {}, GOOD

    def start(self, feeds, more_allowed=()):
        config = self.config({**feeds, "good": self.wire.url("/good.xml")},
                             [self.server.address, self.wire.address, *more_allowed], SOURCE_LIMITS)
        return self.daemon(config)

    def feed(self, daemon, name):
        return next(feed for feed in daemon.get("/api/v1/feeds")["items"] if feed["name"] == name)

    def assert_bounded(self, name, feeds, expected, more_allowed=()):
        """Starts a daemon on a bad feed and a good one, and holds cost and state of two polls to the limits."""
        self.good_polls.clear()
        daemon = self.start({name: feeds}, more_allowed)
        pid = daemon.process.pid
        wait_until(lambda: len(self.good_polls) > 2, "the first polls")
        pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak begins anew
        begin, used, resident = time.monotonic(), processor_seconds(pid), memory(pid, "VmRSS")
        polls = self.feed(daemon, name)["failures"]
        state = wait_until(lambda: self.state_after(daemon, name, polls + 2), f"two failures of {name}", 30)
        took = time.monotonic() - begin
        used, grown = processor_seconds(pid) - used, memory(pid, "VmHWM") - resident
        print(f"{name:30} {took / 2:5.2f} s {used / 2 * 1000:5.0f} ms processor a poll, {grown / MEGABYTE:5.1f} MB: {state['error']}")
        self.assertRegex(state["error"], expected)
        self.assertIsNone(state["last_success"])
        self.assertEqual(self.query("SELECT count(*) FROM articles JOIN feeds ON feeds.id = feed_id WHERE name = ?", name), [(0,)])
        # A poll takes its timeout at most, and the wait between two is 200 ms, give or take the jitter.
        self.assertLess(took, 2 * (TIMEOUT + 0.3) + 6)
        self.assertLess(grown, 24 * MEGABYTE)
        self.assertLess(used, 2 * 0.4)
        gaps = [b - a for a, b in zip(self.good_polls, self.good_polls[1:])]
        self.assertLess(max(gaps), 3, "the good feed waited")
        self.assertEqual(daemon.stop()[0], 0)

    def state_after(self, daemon, name, failures):
        state = self.feed(daemon, name)
        return state if state["failures"] >= failures else None

    def test_a_certificate_that_nobody_trusts(self):
        server = HostileServer(make_certificate(self.folder, "wire.example"))
        self.addCleanup(server.close)
        self.assert_bounded("self_signed", server.url("/good"), "certificate", [server.address])
        self.assertEqual(server.requests, [], "nothing is asked of a server that is not who it says")

    def test_plain_text_instead_of_a_handshake(self):
        server = HostileServer(greeting=b"HTTP/1.1 400 Bad Request\r\n\r\n")
        self.addCleanup(server.close)
        self.assert_bounded("no_tls", f"https://{server.address}/", "wrong version number", [server.address])

    def test_a_handshake_that_never_ends(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        address = "127.0.0.1:%d" % listener.getsockname()[1]
        self.assert_bounded("stalled_tls", f"https://{address}/", "no connection within 500 ms: timed out", [address])

    def test_a_cut_gzip_stream_is_mended(self):
        daemon = self.start({"bad": self.server.url("/cut_gzip")})
        self.assertRegex(daemon.wait_for("mended a damaged feed"), MENDED["cut_gzip"])
        self.assertIsNone(self.feed(daemon, "bad")["error"])

    def test_every_case_has_a_state(self):
        self.assertEqual(sorted(CASES), sorted([*STATES, *MENDED, "good"]))


def add_case(name, expected):
    def test(self):
        self.assert_bounded(name, self.server.url("/" + name), expected)
    setattr(Hostile, "test_" + name, test)


for name, expected in STATES.items():
    add_case(name, expected)

if __name__ == "__main__":
    unittest.main()
