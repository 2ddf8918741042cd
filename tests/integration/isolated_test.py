"""The scenario with the analyzers in sandboxed processes of their own: the same findings."""
import unittest

from dprkwatch_test import Folder, wait_until


class Isolated(Folder):
    def findings(self, mode):
        for path in self.folder.glob("dprkwatch.db*"):
            path.unlink()
        config, status, _ = self.demo(step_ms=0, rule_min=60)
        plugins = f"plugins: [{{ id: relevance, mode: {mode} }}, {{ id: rhetoric, mode: {mode} }}]\n"
        config.write_text(config.read_text() + plugins)
        daemon = self.daemon(config)
        wait_until(lambda: daemon.get("/readyz")["articles"] == status()["entries"], "every entry to be stored")
        daemon.settle()
        self.assertEqual(daemon.stop()[0], 0)
        return self.query("SELECT title, annotations FROM articles JOIN analyses ON analyses.article_id = articles.id "
                          "ORDER BY title")

    def test_isolated_plugins_come_to_the_same(self):
        in_process = self.findings("in_process")
        self.assertEqual(len(in_process), 45)
        self.assertEqual(self.findings("isolated"), in_process)


if __name__ == "__main__":
    unittest.main()
