"""A small SMTP server for tests: takes mails on loopback, of Python's standard library alone."""
import base64
import email
import email.policy
import socketserver
import threading


class SmtpServer:
    """`mails`: (sender, recipients, parsed message) of each that was taken. `refusals`: what the next DATA is answered with,
    such as "451 later"; taken when there are none left. `login`: (user, password) that AUTH PLAIN must show, or None."""

    def __init__(self, login=None):
        self.mails = []
        self.refusals = []
        self.logins = []
        self.login = login
        smtp = self

        class Handler(socketserver.StreamRequestHandler):
            def say(self, line):
                self.wfile.write(line.encode() + b"\r\n")

            def handle(self):
                self.sender, self.recipients = None, []
                self.say("220 test")
                while line := self.rfile.readline():
                    word = line.decode("latin-1").strip()
                    verb = word.split(" ")[0].upper()
                    if verb == "QUIT":
                        self.say("221 bye")
                        return
                    getattr(self, "on_" + verb.lower(), lambda _: self.say("500 unknown"))(word)

            def on_ehlo(self, _):
                self.say("250-test")
                self.say("250 AUTH PLAIN" if smtp.login else "250 8BITMIME")

            def on_auth(self, word):
                words = word.split(" ")
                if len(words) < 3:
                    self.say("334 ")
                    words.append(self.rfile.readline().decode().strip())
                given = base64.b64decode(words[2]).decode().split("\0")[1:]
                smtp.logins.append(tuple(given))
                self.say("235 welcome" if tuple(given) == smtp.login else "535 no")

            def on_mail(self, word):
                self.sender, self.recipients = word.split("<")[1].split(">")[0], []
                self.say("250 ok")

            def on_rcpt(self, word):
                self.recipients.append(word.split("<")[1].split(">")[0])
                self.say("250 ok")

            def on_data(self, _):
                self.say("354 go on")
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line[1:] if line.startswith(b"..") else line)
                if smtp.refusals:
                    self.say(smtp.refusals.pop(0))
                    return
                message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
                smtp.mails.append((self.sender, self.recipients, message))
                self.say("250 taken")

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = "127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
