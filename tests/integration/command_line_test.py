"""The verbs as a user meets them: what they print, and their exit status."""
import json
import subprocess
import unittest

from dprkwatch_test import PROGRAM, Folder, rss

INVECTIVE = """The U.S. imperialists and their puppets are running amok to ignite a nuclear war.
If the warmongers dare touch even a blade of grass, our army will turn their strongholds into a sea of fire.
The Korean People's Army will deal merciless blows at the aggressors and annihilate them to the last man.
The lunatics will pay dearly for their reckless hostile acts.
It is the steadfast will of our army and people to wipe out the enemies with nuclear strikes."""
BASKET = """A floral basket was laid before the statues of the great leaders in Pyongyang on Monday.
It came from the board of directors of a company in Mongolia.
A congratulatory message was handed over at the Mansudae Assembly Hall.
Officials of the Ministry of Culture and guests were present there.
An art performance was given in the evening."""


def run(*arguments, text=None):
    done = subprocess.run([PROGRAM, *arguments], input=text, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


class CommandLine(Folder):
    def test_every_mistake_is_told_with_its_place(self):
        config = self.folder / "bad.yaml"
        config.write_text("""feeds:
  - { name: wire, url: "ftp://example.org/feed", intervall: 5m }
rules:
  - { name: r, when: { escalation: { min: high } }, receivers: [dask] }
receivers:
  - { name: desk, type: webhok, url: "https://example.org", secret_file: ./no.secret }
""")
        status, out, err = run("check-config", str(config))
        self.assertEqual((status, out), (2, ""))
        places = [line.split(": ")[0].removeprefix(str(config) + ":") for line in err.splitlines()[:-1]]
        self.assertEqual(places, ["2:24", "2:50", "4:43", "4:64", "6:25", "6:74"], err)
        self.assertEqual(err.splitlines()[-1], "6 errors")
        self.assertIn("did you mean `interval`?", err)
        self.assertIn("did you mean `webhook`?", err)

    def test_invective_scores_above_a_floral_basket_and_names_its_sentences(self):
        scores = {}
        for name, text in (("invective", INVECTIVE), ("basket", BASKET)):
            status, out, err = run("analyze", "--json", "--source", "KCNA", "-", text=text)
            self.assertEqual(status, 0, err)
            scores[name] = json.loads(out)
        self.assertGreater(scores["invective"]["escalation"], 80)
        self.assertLess(scores["basket"]["escalation"], 20)
        self.assertEqual(scores["invective"]["level"], 3)
        spans = next(a for a in scores["invective"]["annotations"] if a["kind"] == "escalation")["spans"]
        self.assertIn("sea of fire", " ".join(span["text"] for span in spans))
        self.assertAlmostEqual(sum(span["contribution"] for span in spans), scores["invective"]["escalation"], places=2)
        for span in spans:
            article = scores["invective"]["article"]["text"].encode()
            self.assertEqual(article[span["begin"]:span["end"]].decode(), span["text"])

    def test_analyze_explains_to_a_person(self):
        status, out, _ = run("analyze", "--source", "KCNA", "-", text=INVECTIVE)
        self.assertEqual(status, 0)
        self.assertIn("sea of fire", out)
        self.assertNotIn("\x1b", out)

    def test_lines_come_out_in_order_and_a_bad_one_is_named(self):
        lines = [json.dumps({"id": n, "text": f"Kim Jong Un visited factory {n} in Pyongyang.", "lang": "en"})
                 for n in range(300)]
        lines[7] = "{broken"
        lines[9] = json.dumps({"id": "s", "unit": "sentence", "text": "We will strike Seoul if provoked."})
        status, out, err = run("analyze", "--jsonl", text="\n".join(lines))
        self.assertEqual(status, 1)
        self.assertIn("1 of 300", err)
        found = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([f["id"] for f in found], [*range(7), None, 8, "s", *range(10, 300)])
        self.assertEqual(found[7]["error"]["line"], 8)
        self.assertEqual(found[9]["level"], 3)

    def test_feed_parse_gives_the_contract(self):
        feed = self.folder / "feed.xml"
        feed.write_bytes(rss([("g1", "Title &amp;amp; more", "Text &lt;script&gt;alert(1)&lt;/script&gt;&lt;b&gt;bold&lt;/b&gt;")]))
        status, out, err = run("feed", "parse", "--json", "--base-url", "https://wire.example/", str(feed))
        self.assertEqual(status, 0, err)
        parsed = json.loads(out)
        self.assertEqual((parsed["format"], parsed["title"], parsed["hub_urls"]), ("rss-2.0", "Wire", []))
        self.assertEqual(parsed["items"][0]["id"], "g1")
        self.assertNotIn("script", parsed["items"][0]["summary_html"])

    def test_feed_parse_refuses_what_is_no_feed(self):
        status, out, err = run("feed", "parse", "--json", "-", text="<html><body>Hello</body></html>")
        self.assertEqual((status, out), (1, ""))
        self.assertIn("HTML", err)

    def test_usage_is_status_2(self):
        for arguments in ([], ["nonsense"], ["run"], ["feed", "parse"], ["analyze", "--json", "--jsonl", "-"]):
            with self.subTest(arguments):
                self.assertEqual(run(*arguments, text="")[0], 2)
        self.assertEqual(run("check-config", "/nonexistent.yaml")[0], 2)
        self.assertEqual(run("--help")[0], 0)
        self.assertEqual(run("--version")[0], 0)


if __name__ == "__main__":
    unittest.main()
