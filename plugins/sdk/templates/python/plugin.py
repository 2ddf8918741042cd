#!/usr/bin/env python3
"""@ID@: an analyzer for dprkwatch."""

from dprkwatch_plugin import InvalidConfig, run


def configure(config):
    if config:
        raise InvalidConfig("@ID@ takes no configuration")
    return config


def analyze(article, config):
    at = article.text.find("North Korea")
    if at >= 0:
        yield {"kind": "@ID@", "score": 1, "spans": [article.span(at, at + len("North Korea"))]}


if __name__ == "__main__":
    run(analyze, configure=configure, id="@ID@", version="0.1", provides=["@ID@"], summary="What @ID@ finds")
