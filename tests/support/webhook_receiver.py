#!/usr/bin/env python3
"""A receiver of Standard Webhooks, with nothing but Python's standard library.

    webhook_receiver.py verify SECRET NOW < request.json   exit 0 accepted, 1 refused (the reason is printed)
    webhook_receiver.py serve SECRET [PORT]                 answers 204 or 401; prints each accepted webhook-id once

`request.json` is {"id", "timestamp", "signature", "body"} as received; NOW is in Unix seconds.
"""
import base64
import hashlib
import hmac
import http.server
import json
import sys
import time

TOLERANCE_SECONDS = 300


def verify(secret, message_id, timestamp, signatures, body, now):
    """Why the message is refused; None when it is accepted. `body` is bytes."""
    try:
        sent = int(timestamp)
    except ValueError:
        return "the timestamp is no number"
    if abs(now - sent) > TOLERANCE_SECONDS:
        return "the timestamp is too far from now"
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = message_id.encode() + b"." + timestamp.encode() + b"." + body
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    for signature in signatures.split():
        version, _, value = signature.partition(",")
        if version == "v1" and hmac.compare_digest(value, expected):
            return None
    return "no signature fits the body"


def serve(secret, port):
    seen = set()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            message_id = self.headers.get("webhook-id", "")
            refused = verify(secret, message_id, self.headers.get("webhook-timestamp", ""),
                             self.headers.get("webhook-signature", ""), body, time.time())
            if refused is None and message_id not in seen:
                seen.add(message_id)
                print(message_id, flush=True)
            self.send_response(204 if refused is None else 401)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    print("listening on 127.0.0.1:%d" % server.server_address[1], flush=True)
    server.serve_forever()


def main(arguments):
    if len(arguments) == 3 and arguments[0] == "verify":
        request = json.load(sys.stdin)
        refused = verify(arguments[1], request["id"], request["timestamp"], request["signature"],
                         request["body"].encode(), int(arguments[2]))
        print("accepted" if refused is None else refused)
        return 0 if refused is None else 1
    if len(arguments) in (2, 3) and arguments[0] == "serve":
        serve(arguments[1], int(arguments[2]) if len(arguments) == 3 else 0)
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
