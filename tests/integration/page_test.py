"""The page in a real Chromium: it loads, plots, searches, updates itself, and runs nothing that a feed says."""
import unittest

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from dprkwatch_test import THREAT, Folder, rss, wait_until

HOSTILE = ("a3", "&lt;img src=x onerror=&quot;document.title='owned'&quot;&gt; North Korea will strike Seoul",
           "&lt;script&gt;document.title='owned'&lt;/script&gt; North Korea will strike Seoul with nuclear weapons, Pyongyang said.")


ANSWER = ("a2", "U.S. warns it will destroy North Korea",
          "President Donald Trump said the United States will totally destroy North Korea with nuclear strikes if it attacks.")


class Page(Folder):
    def setUp(self):
        super().setUp()
        self.wire = self.site()
        self.publish(("a1", *THREAT), ANSWER, HOSTILE)
        daemon = self.daemon(self.config({"wire": self.wire.url("/feed.xml")}, [self.wire.address]))
        wait_until(lambda: daemon.get("/readyz")["articles"] == 3, "three articles")
        daemon.settle()
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
                         "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
                         f"--user-data-dir={self.folder}/browser"):
            options.add_argument(argument)
        options.add_experimental_option("mobileEmulation", {"deviceMetrics": {"width": 390, "height": 844, "pixelRatio": 2}})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.addCleanup(self.browser.quit)
        self.browser.get(f"http://{daemon.address()}/")
        wait_until(lambda: self.all("#alerts > li[data-alert]"), "alerts on the page")

    def publish(self, *entries):
        self.wire.pages["/feed.xml"] = (200, {}, rss(entries))

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def texts(self, selector):
        return self.browser.execute_script(
            "return [...document.querySelectorAll(arguments[0])].map((element) => element.textContent)", selector)

    def press(self, text):
        """A button by what stands on it; the first that is shown."""
        found = [button for button in self.all("main button, dialog[open] button") if button.text == text]
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", found[0])
        found[0].click()

    def fill(self, verb, *values):
        """Opens a dialog by its button, fills its fields (None: as they are), and does it."""
        self.press(verb)
        fields = self.all("dialog[open] input, dialog[open] select, dialog[open] textarea")
        for field, value in zip(fields, values):
            if value:
                field.clear()
                field.send_keys(value)
        self.all("#dialog-do")[0].click()
        wait_until(lambda: not self.all("dialog[open]"), "the dialog's end: " + "".join(self.texts("#dialog-error")))
        wait_until(lambda: self.texts("#status")[0].find("✗") < 0, "the page anew")

    def test_shows_plots_searches_and_updates(self):
        wait_until(lambda: "3 articles" in self.texts("#status")[0], "the counts")
        self.assertTrue(any("DPRK → USA" in text for text in self.texts("#dyads button")))
        self.assertTrue(self.all("#plot canvas"))
        self.assertTrue(any("merciless nuclear strike" in text for text in self.texts("#alerts mark")))
        self.assertEqual(len(self.texts("#feeds tr")), 2)

        # Nothing that a feed says runs or becomes markup.
        self.assertEqual(self.browser.title, "dprkwatch")
        self.assertEqual(self.all("main img, main script"), [])

        # By keyboard: another pair is chosen and keeps the focus.
        buttons = self.all("#dyads button")
        self.assertGreaterEqual(len(buttons), 2)
        buttons[1].send_keys(Keys.ENTER)
        wait_until(lambda: self.browser.switch_to.active_element.get_attribute("aria-pressed") == "true", "the chosen pair")

        # So is a day of the plot, told in words.
        plot = self.all("#plot")[0]
        plot.send_keys(Keys.ARROW_LEFT)
        self.assertRegex(self.texts("#plot-day")[0], r"^20\d\d-\d\d-\d\d · ")

        # An alert says why; it is acknowledged, and the likes of it are silenced and heard again.
        alert = self.all("#alerts > li[data-alert]")[0]
        alert.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
        wait_until(lambda: any("escalation" in text for text in self.texts("#alerts details p")), "why it was raised")
        self.fill("Acknowledge", "Ada", "seen")
        wait_until(lambda: "acknowledged by Ada" in self.browser.find_element(By.ID, "alerts").text, "who has seen it")
        self.fill("Silence", None, None, None, "exercise week")  # the name is remembered
        wait_until(lambda: any("exercise week" in text for text in self.texts("#silences li")), "the silence")
        self.press("End")
        wait_until(lambda: self.texts("#silences li") == ["No silences."], "the silence's end")

        # The score is explained in the text.
        article = next(item for item in self.all("#articles > li") if THREAT[0] in item.text)
        article.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
        wait_until(lambda: any("merciless" in text for text in self.texts("#articles .full mark")), "the marked sentence")

        # Search, and the way back.
        self.all("#words")[0].send_keys("no such words")
        wait_until(lambda: self.texts("#found") == ["Nothing found."], "an empty search")
        self.all("#words")[0].send_keys(Keys.CONTROL, "a", Keys.DELETE)
        wait_until(lambda: len(self.all("#articles > li")) == 3, "all articles again")

        # A new alert appears by itself.
        self.publish(("a4", "North Korea threatens Japan with missiles", THREAT[1].replace("the United States", "Japan")),
                     ("a1", *THREAT), ANSWER, HOSTILE)
        before = len(self.all("#alerts > li[data-alert]"))
        wait_until(lambda: len(self.all("#alerts > li[data-alert]")) == before + 1, "the new alert")

        # In Korean, too.
        self.browser.execute_script("localStorage.setItem('language', 'ko'); location.reload()")
        wait_until(lambda: "누가 누구를 위협하는가" in self.texts("#now-title"), "Korean")
        wait_until(lambda: any("격화" in text or "위기" in text or "평온" in text for text in self.texts("#dyads button")), "Korean states")

        # It fits a phone, and nothing was refused or failed.
        self.assertLessEqual(self.browser.execute_script("return document.documentElement.scrollWidth"), 390)
        problems = [line["message"] for line in self.browser.get_log("browser")
                    if line["level"] == "SEVERE" and "favicon" not in line["message"]]
        self.assertEqual(problems, [])


if __name__ == "__main__":
    unittest.main()
