"""What people do with alerts: verbs and API on the store of a running and of a stopped daemon; receivers by mail and program."""
import json
import subprocess
import unittest
import urllib.error
import urllib.request

from dprkwatch_test import PROGRAM, THREAT, Folder, rss, wait_until
from smtp_server import SmtpServer

HOSTILE = ("Pyongyang @everyone <b>x</b> [a](http://evil.example) `id` \"q\" %s {rule} =?utf-8?q?x?= .", THREAT[1])
OTHER = ("North Korea vows to annihilate South Korea", THREAT[1].replace("United States", "South"))


class Alerting(Folder):
    def setUp(self):
        super().setUp()
        self.wire = self.site()
        self.desk = self.receiver()
        self.publish(("a1", *THREAT))
        self.allow = [self.wire.address, self.desk.address]

    def publish(self, *entries):
        escaped = [(guid, title.replace("&", "&amp;amp;").replace("<", "&amp;lt;"), text) for guid, title, text in entries]
        self.wire.pages["/feed.xml"] = (200, {"Content-Type": "application/rss+xml"}, rss(escaped))

    def start(self, more="", wait=True):
        path = self.config({"wire": self.wire.url("/feed.xml")}, self.allow, hook=self.desk.url("/hook"))
        path.write_text(path.read_text() + more)
        return self.daemon(path) if wait else path

    def add_receiver(self, line, rule=True):
        path = self.folder / "dprkwatch.yaml"
        text = path.read_text().replace("receivers:\n", "receivers:\n  - " + line + "\n", 1)
        if rule:
            name = line.split("name: ")[1].split(",")[0]
            text = text.replace('receivers: ["desk"', f'receivers: ["{name}", "desk"')
        path.write_text(text)

    def verb(self, *words, status=0, as_json=True):
        command = [PROGRAM, *words[:2], "--config", str(self.folder / "dprkwatch.yaml"), *words[2:]]
        done = subprocess.run(command + (["--json"] if as_json else []), capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return (json.loads(done.stdout) if done.stdout else None) if as_json else done.stdout

    def test_alerts_are_listed_shown_explained_and_acknowledged(self):
        daemon = self.start()
        wait_until(lambda: self.desk.accepted, "a webhook")
        daemon.settle()
        (alert,) = self.verb("alert", "list")["items"]
        self.assertEqual((alert["rule"], alert["status"], alert["articles"]), ("any", "firing", 1))
        shown = self.verb("alert", "show", alert["id"])
        self.assertEqual(sorted(group["receiver"] for group in shown["groups"]), ["desk", "record"])
        self.assertEqual(shown["labels"]["dyad"], "DPRK->USA")
        why = self.verb("alert", "why", alert["id"])
        self.assertEqual(why["step"], "told")
        self.assertIn("escalation", why["why"])
        self.verb("alert", "ack", alert["id"], "--by", "me")
        self.assertEqual(self.verb("alert", "list")["items"][0]["status"], "acknowledged")
        self.assertEqual(daemon.get(f"/api/v1/alerts/{alert['id']}")["acknowledged_by"], "me")
        self.verb("alert", "show", "al_none", status=1)
        self.assertEqual(daemon.stop()[0], 0)
        self.assertEqual(self.verb("alert", "list")["items"][0]["id"], alert["id"])

    def test_why_not_names_the_step_and_the_nearest_change(self):
        path = self.config({"wire": self.wire.url("/feed.xml")}, self.allow, rule_min=99.9)
        basket = ("A bakery opens in Lisbon", "A bakery opened in Lisbon on Monday; it sells bread and cakes.")
        self.publish(("a1", *THREAT), ("a2", *basket))
        daemon = self.daemon(path)
        wait_until(lambda: daemon.get("/readyz")["articles"] == 2, "articles")
        daemon.settle()
        ends = {item["title"]: daemon.get(f"/api/v1/articles/{item['id']}/why-not")
                for item in daemon.get("/api/v1/articles")["items"]}
        self.assertEqual(ends[THREAT[0]]["step"], "condition")
        self.assertIn("< 99.9", ends[THREAT[0]]["why"])
        self.assertIn("escalation: { min:", ends[THREAT[0]]["change"])
        self.assertEqual(ends[basket[0]]["step"], "relevance")
        number = [item["id"] for item in daemon.get("/api/v1/articles")["items"] if item["title"] == THREAT[0]][0]
        self.assertEqual(self.verb("article", "why-not", str(number)), ends[THREAT[0]])
        self.assertIn("nearest change", self.verb("article", "why-not", str(number), as_json=False))

    def test_dead_letters_are_shown_and_taken_up_again(self):
        self.desk.statuses = [400]
        daemon = self.start()
        daemon.wait_for("gave up on a delivery")
        (dead,) = self.verb("delivery", "list", "--state", "dead")["items"]
        self.assertEqual((dead["receiver"], dead["last_status"]), ("desk", 400))
        history = self.verb("delivery", "show", str(dead["id"]))
        self.assertEqual([attempt["status"] for attempt in history["attempts"]], [400])
        # The dead letter raised an alert of its own, through the other receiver.
        own = wait_until(lambda: [json.loads(line) for line in (self.folder / "alerts.jsonl").read_text().splitlines()
                                  if "dprkwatch:dead_letters" in line], "an alert on the dead letter")
        self.assertIn("desk", own[0]["data"]["summary"])
        self.assertEqual(self.verb("delivery", "retry-all", "--dead")["taken_up"], 1)
        wait_until(lambda: self.desk.accepted, "the message at last")
        self.assertEqual(self.desk.accepted[0][0], dead["webhook_id"])
        self.verb("delivery", "retry", "99", status=1)

    def test_an_endpoint_that_is_gone_disables_its_receiver_until_it_is_enabled(self):
        self.desk.statuses = [410]
        daemon = self.start()
        daemon.wait_for("disabled a receiver")
        states = {item["name"]: item["state"] for item in self.verb("receiver", "list")["items"]}
        self.assertEqual(states, {"desk": "disabled", "record": "good"})
        self.assertEqual([item["state"] for item in daemon.get("/api/v1/receivers")["items"]], ["disabled", "good"])
        wait_until(lambda: "dprkwatch:receiver_disabled" in (self.folder / "alerts.jsonl").read_text(), "an alert of its own")
        self.publish(("a1", *THREAT), ("a2", *OTHER))
        wait_until(lambda: len(self.verb("delivery", "list", "--state", "dead")["items"]) == 2, "the second dead letter")
        self.assertEqual(self.desk.accepted, [])
        self.verb("receiver", "enable", "desk")
        self.verb("delivery", "retry-all", "--dead")
        wait_until(lambda: len(self.desk.accepted) == 2, "both messages")

    def ask(self, daemon, method, path, body=None, **headers):
        request = urllib.request.Request(f"http://{daemon.address()}{path}", method=method, headers=headers,
                                         data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def test_silences_by_verb_and_api_hold_alerts_of_a_running_daemon(self):
        self.publish()
        daemon = self.start()
        silence = self.verb("silence", "add", "--comment", "drill", "--for", "1h", 'dyad=~"DPRK->.*"')
        self.assertEqual((silence["state"], silence["matchers"]), ("active", ['dyad=~"DPRK->.*"']))
        self.publish(("a1", *THREAT))
        wait_until(lambda: self.verb("alert", "list")["items"], "an alert")
        (alert,) = self.verb("alert", "list")["items"]
        end = self.verb("alert", "why", alert["id"])
        self.assertEqual(end["step"], "held")
        self.assertIn("silenced by " + silence["id"], end["why"])
        self.assertEqual(self.desk.accepted, [])
        json_type = {"Content-Type": "application/json"}
        wanted = {"matchers": ["rule=any"], "author": "me", "comment": "by API"}
        status, added = self.ask(daemon, "POST", "/api/v1/silences", wanted, **json_type)
        self.assertEqual((status, added["author"]), (201, "me"))
        _, listed = self.ask(daemon, "GET", "/api/v1/silences")
        self.assertEqual({item["id"] for item in listed["items"]}, {silence["id"], added["id"]})
        self.assertEqual({item["id"] for item in self.verb("silence", "list")["items"]}, {silence["id"], added["id"]})
        self.assertEqual(self.ask(daemon, "DELETE", "/api/v1/silences/" + added["id"])[0], 204)
        self.assertEqual(self.ask(daemon, "DELETE", "/api/v1/silences/" + added["id"])[0], 404)
        self.verb("silence", "expire", silence["id"])
        self.assertEqual(self.verb("silence", "list")["items"], [])
        self.assertEqual(len(self.verb("silence", "list", "--all")["items"]), 2)
        self.verb("silence", "expire", silence["id"], status=1)
        self.assertEqual(daemon.stop()[0], 0)
        self.verb("silence", "add", "--comment", "x", "rule=~.*", status=2)

    def test_no_strange_page_can_write(self):
        daemon = self.start()
        wanted = {"matchers": ["rule=any"], "author": "me", "comment": "x"}
        json_type = {"Content-Type": "application/json"}
        for why, headers, status in (("a form", {"Content-Type": "text/plain"}, 415),
                                     ("another origin", {**json_type, "Origin": "http://evil.example"}, 403),
                                     ("an origin without a name", {**json_type, "Origin": "null"}, 403),
                                     ("a rebound name", {**json_type, "Host": "evil.example"}, 403)):
            self.assertEqual(self.ask(daemon, "POST", "/api/v1/silences", wanted, **headers)[0], status, why)
        self.assertEqual(self.ask(daemon, "DELETE", "/api/v1/silences/s_1", Origin="http://evil.example")[0], 403)
        own = {**json_type, "Origin": f"http://{daemon.address()}"}
        self.assertEqual(self.ask(daemon, "POST", "/api/v1/silences", wanted, **own)[0], 201)
        self.assertEqual(self.ask(daemon, "POST", "/api/v1/silences", {"matchers": ["x"]}, **json_type)[0], 400)
        self.assertEqual(self.ask(daemon, "POST", "/api/v1/alerts", wanted, **json_type)[0], 405)

    def test_with_a_token_only_its_owner_writes(self):
        (self.folder / "token").write_text("t0ken-of-many-characters\n")
        path = self.start(wait=False)
        path.write_text(path.read_text().replace("api: { listen: '127.0.0.1:0' }",
                                                 "api: { listen: '127.0.0.1:0', token_file: token }"))
        daemon = self.daemon(path)
        wanted = {"matchers": ["rule=any"], "author": "me", "comment": "x"}
        json_type = {"Content-Type": "application/json"}
        self.assertEqual(self.ask(daemon, "POST", "/api/v1/silences", wanted, **json_type)[0], 401)
        status, _ = self.ask(daemon, "POST", "/api/v1/silences", wanted, Authorization="Bearer t0ken-of-many-characters", **json_type)
        self.assertEqual(status, 201)

    def test_test_messages_are_marked_and_change_nothing(self):
        self.start(wait=False)
        (answer,) = self.verb("receiver", "test", "desk")["items"]
        self.assertEqual((answer["taken"], answer["status"]), (True, 204))
        answers = self.verb("alert", "test", "any")["items"]
        self.assertEqual([item["receiver"] for item in answers], ["desk", "record"])
        self.assertEqual([body["type"] for _, body in self.desk.accepted], ["test", "test"])
        self.assertEqual(self.desk.accepted[1][1]["data"]["rule"], "any")
        self.desk.statuses = [500]
        self.verb("receiver", "test", "desk", status=1)
        self.verb("receiver", "test", "dask", status=2)

    RULES = """feeds: [{ name: wire, url: "https://wire.example/" }]
route: { group_by: [dyad], group_wait: 30s }
rules:
  - name: threat
    when: { dyad: "DPRK->*", escalation: { min: 60 }, conditional: false }
    message: "{actor} threatens {target}: {title} {rule}"
    receivers: [desk]
receivers: [{ name: desk, type: log, path: "-" }]
"""
    PLAY = """config: rules.yaml
tests:
  - name: two threats, one message, an end
    articles:
      - { at: 0s, story: one, title: "Strike {dyad}", dyads: { "DPRK->USA": 70 }, statements: [{ actor: DPRK, target: USA, level: 3 }] }
      - { at: 10s, story: two, dyads: { "DPRK->USA": 80 }, statements: [{ actor: DPRK, target: USA, level: 3 }] }
      - { at: 10s, story: three, dyads: { "DPRK->USA": 59 }, statements: [{ actor: DPRK, target: USA, level: 3 }] }
      - { at: 10s, story: four, dyads: { "DPRK->USA": 90 }, statements: [{ actor: DPRK, target: USA, level: 3, conditional: true }] }
    expect:
      - { at: 29s, messages: [], alerts: [{ rule: threat, story: one, message: "DPRK threatens USA: Strike {dyad} threat" },
                                          { rule: threat, story: two, severity: warning }] }
      - { at: 30s, messages: [{ receiver: desk, type: alert.created, alerts: 2 }] }
      - { at: 25h, alerts: [], messages: [{ receiver: desk, type: alert.updated, alerts: 2 },
                                           { receiver: desk, type: alert.resolved, alerts: 1 }] }
"""

    def test_rules_are_tested_by_files(self):
        (self.folder / "rules.yaml").write_text(self.RULES)
        file = self.folder / "rules.test.yaml"
        file.write_text(self.PLAY)

        def run(*words):
            done = subprocess.run([PROGRAM, "rules", "test", str(file), *words], capture_output=True, text=True, timeout=60)
            return done.returncode, done.stdout, done.stderr
        self.assertEqual(run(), (0, "ok      two threats, one message, an end\n1 tests, 0 failed\n", ""))
        file.write_text(self.PLAY.replace("alerts: 2 }] }\n      - { at: 25h", "alerts: 3 }] }\n      - { at: 25h"))
        status, out, _ = run("--json")
        self.assertEqual(status, 1)
        mismatches = json.loads(out)["items"][0]["mismatches"]
        self.assertEqual(mismatches[0], "at 30s: expected alert.created to desk of 3 alerts, which was not sent")
        self.assertEqual(len(mismatches), 2)
        file.write_text(self.PLAY.replace("story: three", "storey: three").replace("level: 3, conditional", "level: 7, conditional"))
        status, _, err = run()
        self.assertEqual(status, 2)
        self.assertIn(f"{file}:7:", err)
        self.assertIn("unknown key `storey`", err)
        self.assertIn("expected a number from 0 to 3", err)

    def test_mail_tells_the_same_and_carries_hostile_titles_unharmed(self):
        smtp = SmtpServer(login=("me", "pass word/1"))
        self.addCleanup(smtp.close)
        (self.folder / "smtp.secret").write_text("pass word/1\n")
        self.publish(("a1", *HOSTILE))
        self.allow.append(smtp.address)
        path = self.start(wait=False)
        self.add_receiver("{ name: mail, type: email, url: 'smtp://" + smtp.address + "', from: watch@example.org, "
                          "to: [desk@example.org, night@example.org], user: me, secret_file: smtp.secret, "
                          "retry_schedule: [0s, 100ms, 100ms] }")
        smtp.refusals = ["451 later"]
        daemon = self.daemon(path)
        wait_until(lambda: smtp.mails, "a mail")
        daemon.settle()
        ((sender, recipients, message),) = smtp.mails
        self.assertEqual((sender, recipients), ("watch@example.org", ["desk@example.org", "night@example.org"]))
        self.assertEqual(smtp.logins[-1], ("me", "pass word/1"))
        self.assertIn("WARNING DPRK->USA", message["subject"])
        self.assertEqual(message.get_content_type(), "multipart/alternative")
        parts = {part.get_content_type(): part.get_content() for part in message.iter_parts()}
        self.assertIn("merciless nuclear strike", parts["text/plain"])
        self.assertIn("<b>", parts["text/html"])
        self.assertNotIn("<b>x</b>", parts["text/html"])
        self.assertIn("&lt;b&gt;x&lt;/b&gt;", parts["text/html"])
        for text in parts.values():
            self.assertNotIn("@everyone", text)
            self.assertNotIn("http://evil", text)
        attempts = self.query("SELECT status FROM attempts JOIN outbox ON outbox.id = delivery_id WHERE receiver = 'mail'")
        self.assertEqual(attempts, [(503,), (200,)])

    def test_a_refused_mail_is_a_dead_letter(self):
        smtp = SmtpServer()
        self.addCleanup(smtp.close)
        self.allow.append(smtp.address)
        path = self.start(wait=False)
        self.add_receiver("{ name: mail, type: email, url: 'smtp://" + smtp.address + "', from: a@example.org, to: b@example.org }")
        smtp.refusals = ["550 no such user"]
        self.daemon(path).wait_for("gave up on a delivery")
        wanted = "SELECT status FROM attempts JOIN outbox ON outbox.id = delivery_id WHERE receiver = 'mail'"
        self.assertEqual(wait_until(lambda: self.query(wanted), "the attempt"), [(422,)])

    def program(self, name, text):
        path = self.folder / name
        path.write_text("#!/usr/bin/python3\n" + text)
        path.chmod(0o755)
        return path

    def test_a_program_gets_the_alert_as_its_input_and_nothing_else(self):
        self.publish(("a1", *HOSTILE))
        self.program("hand.py", "import os, sys, json\nprint('got it')\n"
                     "json.dump([sys.argv[1:], sys.stdin.read(), dict(os.environ)], open(sys.argv[1], 'w'))\n")
        path = self.start(wait=False)
        self.add_receiver("{ name: hand, type: exec, command: [./hand.py, '" + str(self.folder / "out.json") + "', '$(id) `id`'] }")
        daemon = self.daemon(path)
        wait_until(lambda: self.desk.accepted, "a webhook")
        daemon.settle()
        arguments, given, environment = json.loads((self.folder / "out.json").read_text())
        self.assertEqual(arguments[1], "$(id) `id`")
        self.assertEqual(json.loads(given)["data"]["article"]["title"], HOSTILE[0])
        extra = {name for name in environment if not name.startswith("LC_")} - {"PATH", "HOME", "LANG", "TZ"}
        self.assertEqual(extra, {"WEBHOOK_ID"})
        self.assertEqual(self.query("SELECT status, answer FROM attempts JOIN outbox ON outbox.id = delivery_id "
                                    "WHERE receiver = 'hand'"), [(200, "got it\n")])

    def test_a_program_that_fails_or_hangs_is_ended_and_tried_again(self):
        self.program("fail.py", "import sys, pathlib, subprocess, time\nseen = pathlib.Path(sys.argv[1])\n"
                     "count = len(seen.read_text()) if seen.exists() else 0\nseen.write_text('x' * (count + 1))\n"
                     "if count == 0:\n    subprocess.Popen(['sleep', '600'])\n    time.sleep(600)\n"
                     "sys.exit(0 if count == 2 else 75)\n")
        path = self.start(wait=False)
        self.add_receiver("{ name: hand, type: exec, command: [./fail.py, '" + str(self.folder / "seen") +
                          "'], timeout: 2s, retry_schedule: [0s, 100ms, 100ms] }")
        daemon = self.daemon(path)
        wait_until(lambda: self.desk.accepted, "a webhook")
        daemon.settle()
        rows = self.query("SELECT status, answer FROM attempts JOIN outbox ON outbox.id = delivery_id "
                          "WHERE receiver = 'hand' ORDER BY attempt")
        self.assertEqual([status for status, _ in rows], [0, 503, 200])
        self.assertIn("did not end within 2000 ms", rows[0][1])

    def test_a_stop_does_not_wait_for_a_program(self):
        self.program("hang.py", "import time\ntime.sleep(600)\n")
        path = self.start(wait=False)
        self.add_receiver("{ name: hand, type: exec, command: [./hang.py], timeout: 5m }")
        daemon = self.daemon(path)
        wait_until(lambda: self.desk.accepted, "a webhook")
        status, seconds = daemon.stop()
        self.assertEqual(status, 0)
        self.assertLess(seconds, 5)
        self.assertEqual(self.query("SELECT attempts, state FROM outbox WHERE receiver = 'hand'"), [(0, 0)])

    def test_groups_wait_and_tell_of_several_alerts_at_once(self):
        self.publish(("a1", *THREAT), ("a2", *OTHER))
        daemon = self.start("route: { group_by: [], group_wait: 1s, receivers: [desk] }\n")
        wait_until(lambda: self.desk.accepted, "a webhook")
        daemon.settle()
        ((_, body),) = self.desk.accepted
        self.assertEqual(body["data"]["group"]["size"], 2)
        self.assertFalse((self.folder / "alerts.jsonl").exists())

    def test_a_kill_while_a_group_waits_loses_nothing(self):
        path = self.start("route: { group_by: [], group_wait: 2s, receivers: [desk] }\n", wait=False)
        daemon = self.daemon(path)
        wait_until(lambda: self.query("SELECT 1 FROM alerts"), "an alert")
        daemon.kill()
        self.assertEqual(self.desk.accepted, [])
        daemon = self.daemon(path)
        wait_until(lambda: self.desk.accepted, "a webhook")
        daemon.settle()
        self.assertEqual(len(self.desk.accepted), 1)


if __name__ == "__main__":
    unittest.main()
