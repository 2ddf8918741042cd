"""What the Python tests share: a daemon in a folder of its own, a site that serves documents, a receiver of webhooks.

Everything listens on loopback on ports that the kernel chooses. Usage of a test file: FILE.py PROGRAM SOURCE_DIR [unittest options].
"""
import base64
import http.server
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

from webhook_receiver import verify

PROGRAM = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 2 else "dprkwatch"
SOURCE = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else ".").resolve()
SECRET = "whsec_" + base64.b64encode(b"a key that only tests are signed with").decode()
PATIENCE = 60  # seconds; only a failing test waits that long


def wait_until(holds, what, patience=PATIENCE):
    """Waits until `holds()` is true, and gives what it gave."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        value = holds()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError(f"waited {patience} s for {what}")


class Site:
    """An HTTP server. `pages`: path to (status, headers, body) or to a function of the request that gives that."""

    def __init__(self):
        self.pages = {}
        self.requests = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                length = int(self.headers.get("Content-Length", 0))
                self.body = self.rfile.read(length)
                site.requests.append((self.command, self.path))
                page = site.pages.get(self.path, (404, {}, b"not found"))
                status, headers, body = page(self) if callable(page) else page
                self.send_response(status)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    for block in [body] if isinstance(body, bytes) else body:
                        self.wfile.write(block)
                except OSError:
                    self.close_connection = True

            do_GET = do_POST = answer

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # a client that goes away in the middle is part of the tests

        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = "127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://{self.address}{path}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Receiver(Site):
    """Takes webhooks at /hook. `statuses`: what the next POSTs are answered with; 204 when there are none left."""

    def __init__(self):
        super().__init__()
        self.accepted = []  # (webhook-id, body as JSON) of each POST that was answered with 204
        self.refused = []   # why
        self.statuses = []
        self.pages["/hook"] = self.take

    def take(self, request):
        header = request.headers.get
        reason = verify(SECRET, header("webhook-id", ""), header("webhook-timestamp", ""), header("webhook-signature", ""),
                        request.body, time.time())
        if reason:
            self.refused.append(reason)
            return 401, {}, reason.encode()
        if self.statuses:
            return self.statuses.pop(0), {}, b""
        self.accepted.append((request.headers["webhook-id"], json.loads(request.body)))
        return 204, {}, b""


def rss(entries):
    """An RSS document of (guid, title, text)."""
    items = "".join(f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title>"
                    f"<link>https://wire.example/{guid}</link><description>{text}</description></item>"
                    for guid, title, text in entries)
    return f"<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>".encode()


THREAT = ("North Korea threatens to strike the United States",
          "North Korea will launch a merciless nuclear strike on the United States if it attacks, "
          "the Korean People's Army General Staff said in Pyongyang on Sunday.")


class Folder(unittest.TestCase):
    """A test with a temporary folder and daemons that end with it."""

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="dprkwatch-test-")))
        (self.folder / "hook.secret").write_text(SECRET + "\n")

    def site(self):
        site = Site()
        self.addCleanup(site.close)
        return site

    def receiver(self):
        receiver = Receiver()
        self.addCleanup(receiver.close)
        return receiver

    def config(self, feeds, allow, more="", hook="", rule_min=0):
        """Writes a configuration. `feeds`: name to URL."""
        lines = ["api: { listen: '127.0.0.1:0' }", f"network: {{ allow: {json.dumps(allow)} }}",
                 "feeds:"]
        lines += [f"  - {{ name: {name}, url: {json.dumps(url)}, interval: 200ms }}" for name, url in feeds.items()]
        names = (["desk"] if hook else []) + ["record"]
        lines += ["rules:", f"  - {{ name: any, when: {{ relevance: about, escalation: {{ min: {rule_min} }} }}, "
                  f"receivers: {json.dumps(names)} }}", "receivers:", "  - { name: record, type: log, path: alerts.jsonl }"]
        if hook:
            lines.append(f"  - {{ name: desk, type: webhook, url: {json.dumps(hook)}, secret_file: hook.secret, "
                         "retry_schedule: [0s, 100ms, 100ms, 100ms, 100ms, 100ms] }")
        path = self.folder / "dprkwatch.yaml"
        path.write_text("\n".join(lines) + "\n" + more)
        return path

    def daemon(self, config, wait=True):
        daemon = Daemon(config, self.folder)
        self.addCleanup(daemon.kill)
        if wait:
            daemon.wait_for("started")
        return daemon

    def demo(self, step_ms, rule_min):
        """Starts the demonstration; gives a configuration that watches it, its status as a function, and its receipts."""
        receipts = self.folder / f"receipts-{step_ms}.jsonl"
        demo = subprocess.Popen([PROGRAM, "demo", "--listen", "127.0.0.1:0", "--secret-file", self.folder / "hook.secret",
                                 "--step-ms", str(step_ms), "--receipts", receipts], stdout=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (demo.kill(), demo.wait(), demo.stdout.close()))
        address = demo.stdout.readline().split("http://")[1].split(": ")[0]

        def status():
            with urllib.request.urlopen(f"http://{address}/status", timeout=PATIENCE) as answer:
                return json.loads(answer.read())
        feeds = {"wire": "/wire.xml", "analysis": "/analysis.xml", "korean": "/korean.json"}
        config = self.config({name: f"http://{address}{path}" for name, path in feeds.items()}, [address],
                             hook=f"http://{address}/hook", rule_min=rule_min)
        return config, status, receipts

    def query(self, sql, *values):
        """Rows of the daemon's store."""
        database = sqlite3.connect(f"file:{self.folder}/dprkwatch.db?mode=ro", uri=True)
        try:
            return database.execute(sql, values).fetchall()
        finally:
            database.close()


class Daemon:
    """`dprkwatch run` with its log in a file."""

    def __init__(self, config, folder, *arguments):
        self.log_path = folder / "daemon.log"
        self.begin = self.log_path.stat().st_size if self.log_path.exists() else 0
        with open(self.log_path, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen([PROGRAM, "run", "--config", str(config), *arguments], stdout=log, stderr=log)

    def log(self):
        """What this run has written; earlier runs may have written into the same file."""
        return self.log_path.read_bytes()[self.begin:].decode()

    def lines(self, word):
        return [line for line in self.log().splitlines() if word in line]

    def wait_for(self, word, count=1):
        """Until `count` lines of the log hold the word; gives the last."""
        def look():
            if self.process.poll() is not None:
                raise AssertionError(f"the daemon ended with {self.process.returncode}: {self.log()}")
            found = self.lines(word)
            return found[-1] if len(found) >= count else None
        return wait_until(look, f"{count} lines with {word!r} in the log")

    def address(self):
        return self.wait_for("api=").split("api=")[1].split()[0]

    def get(self, path):
        with urllib.request.urlopen(f"http://{self.address()}{path}", timeout=PATIENCE) as answer:
            return json.loads(answer.read())

    def settle(self):
        """Until no article waits and no delivery is owed."""
        def settled():
            ready = self.get("/readyz")
            return ready if ready["waiting"] == 0 and ready["deliveries_owed"] == 0 else None
        return wait_until(settled, "articles analysed and alerts delivered")

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        """SIGTERM; gives exit status and seconds."""
        start = time.monotonic()
        self.signal(signal.SIGTERM)
        status = self.process.wait(timeout=PATIENCE)
        return status, time.monotonic() - start

    def kill(self):
        self.process.kill()
        self.process.wait()
