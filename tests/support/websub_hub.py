"""A small WebSub hub (W3C Recommendation, the hub's side), with nothing but Python's standard library.

It verifies intent, keeps leases, signs what it distributes and forgets what has ended. Tests bend it: see Hub's fields.
"""
import hashlib
import hmac
import http.client
import http.server
import secrets
import threading
import time
import urllib.parse
import urllib.request

METHODS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}


class Subscriber:
    def __init__(self, topic, callback, secret, ends):
        self.topic, self.callback, self.secret, self.ends = topic, callback, secret, ends


class Hub:
    def __init__(self, port=0):
        self.subscribers = {}  # (topic, callback) to Subscriber
        self.requests = []     # the form of each request, as a dict
        self.verified = []     # (mode, topic, status, whether the challenge was echoed) of each verification
        self.names = {}        # host of a callback to the address that it resolves to here
        self.method = "sha256"
        self.status = None     # answers requests with this instead of 202
        self.denial = None     # denies what is asked for, with this reason
        self.longest = 10 * 24 * 3600
        self.redirect = None   # (status, URL) that requests are sent on to
        self.lock = threading.Lock()
        hub = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
                status, text = hub.take(self.path, form)
                self.send_response(status)
                if status in (301, 302, 307, 308):
                    self.send_header("Location", text)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.address = "127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path="/hub"):
        return f"http://{self.address}{path}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def take(self, path, form):
        """A request of a subscriber, or a publisher's word that a topic has changed."""
        if self.redirect and path == "/hub":
            return self.redirect
        self.requests.append(form)
        if self.status:
            return self.status, "no room for you"
        mode = form.get("hub.mode")
        if mode == "publish":
            self.later(self.fetch_and_publish, form["hub.url"])
            return 202, ""
        if mode not in ("subscribe", "unsubscribe") or not form.get("hub.callback") or not form.get("hub.topic"):
            return 400, "expected hub.mode, hub.callback and hub.topic"
        if len(form.get("hub.secret", "")) >= 200:
            return 400, "the secret is too long"
        if self.denial is not None and mode == "subscribe":
            self.later(self.deny, form["hub.topic"], form["hub.callback"], self.denial)
        else:
            self.later(self.verify, form)
        return 202, ""

    def later(self, work, *arguments):
        """Does it on a thread of its own; a subscriber that is not there is none of the hub's troubles."""
        def run():
            try:
                work(*arguments)
            except OSError:
                pass
        threading.Thread(target=run, daemon=True).start()

    def call(self, method, callback, query=None, body=None, headers=None):
        """Calls a callback; gives status and body."""
        url = urllib.parse.urlsplit(callback)
        connection = http.client.HTTPConnection(self.names.get(url.netloc, url.netloc), timeout=30)
        try:
            target = url.path + ("?" + urllib.parse.urlencode(query) if query else "")
            connection.request(method, target, body=body, headers={"Host": url.netloc, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def verify(self, form):
        """Section 5.3."""
        mode, topic, callback = form["hub.mode"], form["hub.topic"], form["hub.callback"]
        lease = min(int(form.get("hub.lease_seconds", self.longest)), self.longest)
        challenge = secrets.token_urlsafe(24)
        query = {"hub.mode": mode, "hub.topic": topic, "hub.challenge": challenge}
        if mode == "subscribe":
            query["hub.lease_seconds"] = lease
        status, body = self.call("GET", callback, query)
        echoed = 200 <= status < 300 and body.decode() == challenge
        with self.lock:
            if echoed and mode == "subscribe":
                self.subscribers[topic, callback] = Subscriber(topic, callback, form.get("hub.secret"), time.time() + lease)
            elif echoed:
                self.subscribers.pop((topic, callback), None)
        self.verified.append((mode, topic, status, echoed))
        return status, body

    def deny(self, topic, callback, reason):
        """Section 5.2."""
        self.subscribers.pop((topic, callback), None)
        return self.call("GET", callback, {"hub.mode": "denied", "hub.topic": topic, "hub.reason": reason})[0]

    def fetch_and_publish(self, topic):
        with urllib.request.urlopen(topic, timeout=30) as answer:
            self.publish(topic, answer.read(), answer.headers.get("Content-Type", ""))

    def publish(self, topic, body, content_type="application/rss+xml", method=None, secret=None, signed=True):
        """Section 7: distributes to the topic's subscribers; gives the status of each."""
        statuses = []
        for subscriber in list(self.subscribers.values()):
            if subscriber.topic != topic or subscriber.ends < time.time():
                continue
            headers = {"Content-Type": content_type, "Link": f'<{self.url()}>; rel="hub", <{topic}>; rel="self"'}
            key = secret or subscriber.secret
            name = method or self.method
            if key and signed:
                headers["X-Hub-Signature"] = f"{name}={hmac.new(key.encode(), body, METHODS[name]).hexdigest()}"
            status, _ = self.call("POST", subscriber.callback, body=body, headers=headers)
            if status == 410:
                self.subscribers.pop((subscriber.topic, subscriber.callback), None)
            statuses.append(status)
        return statuses
