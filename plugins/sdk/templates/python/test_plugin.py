#!/usr/bin/env python3
"""PYTHONPATH=@SDK@/python python3 test_plugin.py"""

import unittest

from dprkwatch_plugin import Article

from plugin import analyze


class Test(unittest.TestCase):
    def test_finds_the_name(self):
        found = list(analyze(Article({"text": "Talks with North Korea"}, []), {}))
        self.assertEqual(found[0]["spans"], [{"begin": 11, "end": 22}])

    def test_finds_nothing_elsewhere(self):
        self.assertEqual(list(analyze(Article({"text": "Talks"}, []), {})), [])


unittest.main()
