"""Makes a dprkwatch analyzer of one function. Standard library only.

    from dprkwatch_plugin import run

    def analyze(article, config):
        at = article.text.find("missile")
        if at >= 0:
            yield {"kind": "keyword", "score": 1, "spans": [article.span(at, at + 7)]}

    run(analyze, id="keywords", version="1.0", provides=["keyword"])

The daemon starts the program (mode: command) and speaks JSON lines with it; docs/plugin-guide.md has the protocol.
An exception in your function fails that article, with its message, and the next one goes on. What you print goes to the
daemon's log.
"""

import json
import os
import sys
import traceback

PROTOCOL = 1
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class InvalidConfig(Exception):
    """Raise in `configure` for a key or value that is not known; the message is shown to the user."""


class Article:
    """The text to analyze. Unknown fields are empty; `published_ms` is None when it is not known."""

    __slots__ = ("_fields", "earlier")

    def __init__(self, fields, earlier):
        self._fields = fields
        self.earlier = earlier  # findings of the analyzers before this one: dicts as you yield, with "analyzer"

    id = property(lambda self: self._fields.get("id", ""))
    title = property(lambda self: self._fields.get("title", ""))
    text = property(lambda self: self._fields.get("text", ""))
    language = property(lambda self: self._fields.get("language", ""))
    url = property(lambda self: self._fields.get("url", ""))
    source = property(lambda self: self._fields.get("source", ""))
    published_ms = property(lambda self: self._fields.get("published_ms"))
    is_sentence = property(lambda self: self._fields.get("unit") == "sentence")

    def span(self, begin, end, contribution=0.0, field="text"):
        """Evidence: characters [begin, end) of the text (or field="title"), as the bytes that the protocol counts."""
        whole = self.title if field == "title" else self.text
        before = begin if whole.isascii() else len(whole[:begin].encode())
        made = {"begin": before, "end": before + len(whole[begin:end].encode())}
        if contribution:
            made["contribution"] = contribution
        if field != "text":
            made["field"] = field
        return made


class _Daemon:
    """The lines to and from the daemon. Reads and writes many at a time."""

    def __init__(self):
        self._in = os.dup(0)
        self._out = os.dup(1)
        # What the analyzer prints must not reach the protocol.
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
        self._rest = b""
        self._answers = []

    def requests(self):
        while True:
            self.flush()
            block = os.read(self._in, 1 << 18)
            if not block:
                return
            if b"\n" not in block:
                pieces = [self._rest, block]
                while block and b"\n" not in block:
                    block = os.read(self._in, 1 << 20)
                    pieces.append(block)
                self._rest = b""
                block = b"".join(pieces)
            lines = (self._rest + block).split(b"\n")
            self._rest = lines.pop()
            for line in lines:
                yield json.loads(line)

    def say(self, message):
        self._answers.append(_dumps(message))

    def flush(self):
        if not self._answers:
            return
        data = memoryview(("\n".join(self._answers) + "\n").encode("utf-8", "replace"))
        self._answers = []
        while data:
            data = data[os.write(self._out, data):]


def log(message, level="info"):
    """One line to the daemon's log. Levels: debug, info, warn, error."""
    _daemon.say({"type": "log", "level": level, "message": str(message)})


def metric(name, value):
    """Sets a gauge that the daemon shows and exports. Names: a-z, 0-9 and "_"."""
    _daemon.say({"type": "metric", "name": name, "value": value})


def run(analyze, id, version, provides, summary="", needs=(), configure=None):
    """Serves until the daemon ends the input.

    analyze(article, config) yields or returns findings: dicts with "kind" (one of `provides`) and "score", and where
    they apply label, probability, actor, target, speaker, voice, conditional, spans (see Article.span), details.
    configure(config), optional, is called once; what it returns is handed to `analyze` instead of the plain dict.
    """
    global _daemon
    _daemon = _Daemon()
    config = {}
    for message in _daemon.requests():
        kind = message["type"]
        if kind == "article":
            try:
                found = analyze(Article(message["article"], message.get("earlier", [])), config)
                _daemon.say({"type": "result", "seq": message["seq"], "annotations": list(found or ())})
            except Exception as error:
                traceback.print_exc()
                _daemon.say({"type": "error", "seq": message["seq"], "message": f"{type(error).__name__}: {error}"})
        elif kind == "ping":
            _daemon.say({"type": "pong", "seq": message["seq"]})
        elif kind == "hello":
            try:
                config = configure(message["config"]) if configure else message["config"]
            except InvalidConfig as error:
                _daemon.say({"type": "error", "code": "invalid_config", "message": str(error)})
                _daemon.flush()
                sys.exit(1)
            _daemon.say({"type": "hello", "protocol": PROTOCOL, "id": id, "version": version, "summary": summary,
                         "provides": list(provides), "needs": list(needs)})
    _daemon.flush()
