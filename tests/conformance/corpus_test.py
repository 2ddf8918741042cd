#!/usr/bin/env python3
"""Runs corpus/*.cases through `dprkwatch feed parse --json` and names each field that is not as written.

usage: corpus_test.py PROGRAM [--only PART_OF_NAME] [--print]

A case is

    == NAME
    KEY: VALUE
    <<<
    the document
    >>>
    {what must come out}

and a table is the same document with @@@ in place of each row's input, and for each row `input => value` of one field:

    == NAME
    field: items.0.title
    <<<
    <rss><channel><item><title>@@@</title></item></channel></rss>
    >>>
    Fish &amp; chips => Fish & chips

Keys: `base-url`, `content-type` and `fetched` go to the program; `encoding` (Python's name, UTF-8 otherwise) and `bytes:
escaped` (\\xNN stands for a byte, \\n for a line feed) say how the text becomes bytes; `wrap: rss` or `wrap: atom` puts
the document into a feed of that format.

What is written must be there and be equal; other fields may be there. `null` means: not there. A list must have as many
elements. `warnings` is the list of codes, each once, CODE@LINE where the line matters; where nothing is written of them,
there must be none. {"error": "words"} means: no feed, exit status 1, and a message that holds the words. In a table `-`
is a field that is not there, `!code` after the value a warning; a number and what is in brackets is JSON.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).with_name("corpus")
WRAPS = {
    "rss": '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
           'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
           'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:media="http://search.yahoo.com/mrss/" '
           'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
           'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
           'xmlns:georss="http://www.georss.org/georss" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
           'xmlns:thr="http://purl.org/syndication/thread/1.0" '
           'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">'
           "<channel><title>Wire</title><link>https://example.org/</link>@@@</channel></rss>",
    "atom": '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
            'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:thr="http://purl.org/syndication/thread/1.0"><title>Wire</title><id>urn:wire</id>@@@</feed>',
}
KEYS = {"base-url", "content-type", "fetched", "encoding", "bytes", "wrap", "field"}


class Case:
    def __init__(self, name, keys, document, expected):
        self.name, self.keys, self.document, self.expected = name, keys, document, expected


def unescape(text):
    """\\n, \\t and \\uXXXX of a table's row."""
    text = text.replace("\\n", "\n").replace("\\t", "\t")
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match.group(1), 16)), text)


def as_bytes(case):
    document = case.document
    if "wrap" in case.keys:
        document = WRAPS[case.keys["wrap"]].replace("@@@", document)
    encoding = case.keys.get("encoding", "utf-8")
    if case.keys.get("bytes") != "escaped":
        return document.encode(encoding)
    parts = re.split(r"(\\x[0-9a-fA-F]{2}|\\n)", document)
    return b"".join(bytes([int(part[2:], 16)]) if part.startswith("\\x") else b"\n" if part == "\\n"
                    else part.encode(encoding) for part in parts)


def at_path(path, value):
    """{"items": [..., value]} for "items.0"; elements before the one that is meant are not looked at."""
    for key in reversed(path.split(".")):
        value = [{}] * int(key) + [value] if key.isdigit() else {key: value}
    return value


def read_row(path, line):
    source, separator, wanted = line.rpartition(" => ")
    if not separator:
        raise ValueError(f"no ' => ' in {line!r}")
    codes = re.findall(r"(?:^|\s)!([a-z0-9-]+)", wanted)
    wanted = re.sub(r"(?:^|\s)![a-z0-9-]+", "", wanted).strip()
    value = None if wanted == "-" else json.loads(wanted) if re.fullmatch(r"[0-9]+|\[.*\]", wanted) else unescape(wanted)
    expected = at_path(path, value)
    if codes:
        expected["warnings"] = sorted(codes)
    return unescape(source), expected


def read_file(path):
    cases = []
    lines = path.read_text(encoding="utf-8").split("\n")
    at = 0
    while at < len(lines):
        if not lines[at].startswith("== "):
            if lines[at] and not lines[at].startswith("#"):
                raise ValueError(f"{path.name}:{at + 1}: expected '== NAME', got {lines[at]!r}")
            at += 1
            continue
        name, keys = f"{path.stem}: {lines[at][3:]}", {}
        at += 1
        while lines[at] != "<<<":
            key, _, value = lines[at].partition(": ")
            if not lines[at].startswith("#"):
                if key not in KEYS:
                    raise ValueError(f"{path.name}:{at + 1}: unknown key {key!r}")
                keys[key] = value
            at += 1
        end = lines.index(">>>", at)
        document = "\n".join(lines[at + 1:end])
        at = end + 1
        answer = []
        while at < len(lines) and not lines[at].startswith("== "):
            if not lines[at].startswith("#"):
                answer.append(lines[at])
            at += 1
        if "field" not in keys:
            cases.append(Case(name, keys, document, json.loads("\n".join(answer))))
            continue
        for row in filter(None, answer):
            source, expected = read_row(keys["field"], row)
            cases.append(Case(f"{name}: {row}", keys, document.replace("@@@", source), expected))
    return cases


def differences(expected, got, path=""):
    """What is written in `expected` and not so in `got`, one string each."""
    if isinstance(expected, dict) and isinstance(got, dict):
        return [one for key, value in expected.items()
                for one in differences(value, got.get(key), f"{path}.{key}" if path else key)]
    if isinstance(expected, list) and isinstance(got, list):
        if len(expected) == len(got):
            return [one for at, pair in enumerate(zip(expected, got)) for one in differences(*pair, f"{path}.{at}")]
        return [f"{path}: expected {len(expected)} elements, got {len(got)}: {json.dumps(got, ensure_ascii=False)}"]
    if expected == got and isinstance(expected, bool) == isinstance(got, bool):
        return []
    return [f"{path}: expected {json.dumps(expected, ensure_ascii=False)}, got {json.dumps(got, ensure_ascii=False)}"]


def command(program, case):
    """The program for documents that are read as this case's is."""
    options = [one for key in ("base-url", "content-type", "fetched") if key in case.keys
               for one in ("--" + key, case.keys[key])]
    return (program, "feed", "parse", "--json", *options)


def run_alone(program, case):
    """What the program gave for a document that is no feed, and how that differs from what is written."""
    done = subprocess.run([*command(program, case), "-"], input=as_bytes(case), capture_output=True, timeout=60,
                          check=False)
    message = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode == 1 and case.expected["error"] in message:
        return message, []
    return message, [f"error: expected status 1 and {case.expected['error']!r}, got {done.returncode} and {message!r}"]


def compare(case, got):
    """How what the program gave differs from what is written."""
    if "error" in got:
        return [f"expected a feed, got {got['error']!r}"]
    expected = dict(case.expected)
    wanted = set(expected.pop("warnings", []))
    given = {f"{warning['code']}@{warning['line']}" for warning in got["warnings"]}
    codes = {one.partition("@")[0] for one in given}
    report = differences(expected, got)
    report += [f"warnings: {one} is missing; there are {sorted(given)}" for one in sorted(wanted - codes - given)]
    report += [f"warnings: {one} is not expected: {given}"
               for one in sorted(codes - {one.partition("@")[0] for one in wanted})]
    return report


def run_together(program, cases):
    """The same as (case, given, differences) for cases that differ in their documents alone."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [pathlib.Path(folder, str(at)) for at in range(len(cases))]
        for path, case in zip(paths, cases):
            path.write_bytes(as_bytes(case))
        done = subprocess.run([*command(program, cases[0]), *map(str, paths)], capture_output=True, timeout=120,
                              check=False)
    # A document alone among its kind has no line when it is no feed.
    lines = done.stdout.decode("utf-8").split("\n")[:-1] or [json.dumps({"error": done.stderr.decode("utf-8", "replace")})]
    if done.returncode not in (0, 1) or len(lines) != len(cases):
        raise RuntimeError(f"{command(program, cases[0])} gave status {done.returncode} and {len(lines)} lines for "
                           f"{len(cases)} documents: {done.stderr.decode('utf-8', 'replace')}")
    return [(case, got, compare(case, got)) for case, got in zip(cases, map(json.loads, lines))]


def run_all(program, cases):
    for case in filter(lambda one: "error" in one.expected, cases):
        yield case, *run_alone(program, case)
    alike = {}
    for case in filter(lambda one: "error" not in one.expected, cases):
        alike.setdefault(command(program, case), []).append(case)
    for together in alike.values():
        yield from run_together(program, together)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("program")
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--print", action="store_true", help="what the program gives for each case that fails")
    arguments = parser.parse_args()
    cases = [case for path in sorted(FOLDER.glob("*.cases")) for case in read_file(path) if arguments.only in case.name]
    names = [case.name for case in cases]
    failed = len(names) - len(set(names))
    if failed:
        print("the same name twice:", sorted({name for name in names if names.count(name) > 1}))
    for case, got, report in run_all(arguments.program, cases):
        failed += bool(report)
        for line in [case.name, *("    " + one for one in report)] if report else []:
            print(line)
        if report and arguments.print:
            print(json.dumps(got, ensure_ascii=False, indent=1))
    print(f"{len(cases) - failed} of {len(cases)} cases are as written")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
