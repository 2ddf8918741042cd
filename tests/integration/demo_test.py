"""The scenario of seeds/demo through the whole program, held to the answers that stand beside it."""
import json
import unittest

from dprkwatch_test import SOURCE, Folder, wait_until

ANSWERS = [json.loads(line) for line in (SOURCE / "seeds/demo/answers.jsonl").read_text(encoding="utf-8").splitlines()]
RULE_MIN = 60  # of config/demo.yaml


class Demo(Folder):
    def run_scenario(self):
        config, status, self.receipts = self.demo(step_ms=20, rule_min=RULE_MIN)
        daemon = self.daemon(config)
        wait_until(lambda: daemon.get("/readyz")["articles"] == len(ANSWERS), "every entry to be stored")
        unchanged = status()["not_modified"]
        wait_until(lambda: status()["not_modified"] >= unchanged + 3, "polls answered with 304")
        daemon.settle()
        self.assertEqual(daemon.stop()[0], 0)
        return daemon, status()

    def test_alerts_are_the_right_ones(self):
        daemon, status = self.run_scenario()
        receipts = [json.loads(line) for line in self.receipts.read_text().splitlines()]
        titles = dict(self.query("SELECT identity, title FROM articles"))
        by_title = {answer["title"]: answer for answer in ANSWERS}
        self.assertEqual(sorted(titles.values()), sorted(by_title))

        # A copy of the same story may be the one that was read first.
        stories = {answer["same_story_as"] for answer in ANSWERS if answer["alert"]} | {
            answer["id"] for answer in ANSWERS if answer["alert"]}
        raised = [by_title[title] for (title,) in
                  self.query("SELECT title FROM alerts JOIN articles ON articles.id = alerts.article_id")]
        wrong = [answer["title"] for answer in raised
                 if not answer["alert"] and answer["same_story_as"] not in stories]
        self.assertEqual(wrong, [])
        self.assertEqual([answer["title"] for answer in raised if answer["noise"]], [])
        self.assertGreaterEqual(len(raised), 10)
        self.assertLessEqual(len(raised), 15)

        # Who speaks, and at whom.
        dyads = {receipt["url"]: receipt["dyad"] for receipt in receipts}
        urls = dict(self.query("SELECT title, url FROM articles"))
        turned = {answer["title"]: dyads[urls[answer["title"]]] for answer in raised
                  if dyads[urls[answer["title"]]] != f"{answer['actor']}->{answer['target']}"}
        self.assertEqual(turned, {})

        # Every POST verified, every alert once, each explained in one line with its evidence.
        self.assertEqual(status["refused"], 0)
        self.assertEqual(len({receipt["webhook_id"] for receipt in receipts}), len(raised))
        for receipt in receipts:
            self.assertRegex(receipt["summary"], r"escalation \d+ \(usual \d+, \w+\): .*“.+” \| .+ \| \w+$")
            self.assertNotIn("\n", receipt["summary"])
        self.assertEqual(len(daemon.lines(" alert ")), len(raised))

    def test_relevance_is_right(self):
        self.run_scenario()
        found = dict(self.query("SELECT title, relevance FROM articles JOIN analyses ON analyses.article_id = articles.id"))
        wrong = {answer["title"]: found[answer["title"]] for answer in ANSWERS
                 if answer["relevance"] != found[answer["title"]]}
        # One day trip to the border is taken for news about the North: it is a page of talk about the North.
        self.assertEqual(set(wrong), {"A morning at the edge: day trips from Seoul in winter"})


if __name__ == "__main__":
    unittest.main()
