#!/usr/bin/env python3
"""Marks words of a list in title and text: an analyzer in Python, complete. Configuration: {words: [missile, ...]}."""

import re

from dprkwatch_plugin import InvalidConfig, run


def configure(config):
    words = config.get("words", ["missile", "nuclear"])
    if set(config) - {"words"} or not words or not all(isinstance(word, str) and word for word in words):
        raise InvalidConfig("expected `words`, a list of words, and nothing else")
    return re.compile("|".join(map(re.escape, words)), re.IGNORECASE)


def analyze(article, pattern):
    for field in ("title", "text"):
        for match in pattern.finditer(getattr(article, field)):
            yield {
                "kind": "keyword",
                "label": match.group().lower(),
                "score": 1,
                "spans": [article.span(match.start(), match.end(), field=field)],
            }


run(analyze, configure=configure, id="keywords", version="1.0", provides=["keyword"], summary="Words of a list")
