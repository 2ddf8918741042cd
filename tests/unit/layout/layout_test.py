#!/usr/bin/env python3
"""Holds the includes of daemon/ against allowed.txt, and the coroutines against what g++ 12.2 compiles rightly.

usage: layout_test.py SOURCE_DIR
"""
import pathlib
import re
import sys
import unittest

SOURCE = pathlib.Path(sys.argv.pop() if len(sys.argv) > 1 else ".")
ALLOWED = pathlib.Path(__file__).with_name("allowed.txt")
INCLUDE = re.compile(r'^\s*#include\s+"([^"]+)"', re.MULTILINE)


def read_allowed():
    allowed = {}
    for line in ALLOWED.read_text().splitlines():
        if line and not line.startswith("#"):
            folder, uses = line.split(":")
            allowed[folder] = set(uses.split()) | {folder}
    return allowed


def forbidden_includes(folder, text, allowed):
    """Folders that `text`, a file of `folder`, includes and may not."""
    used = {path.split("/")[0] for path in INCLUDE.findall(text) if "/" in path}
    return sorted(name for name in used if name in allowed and name not in allowed[folder])


def without_comments(text):
    """Comments, strings and characters blanked out, line breaks kept."""
    pattern = r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\''
    return re.sub(pattern, lambda match: re.sub(r"[^\n]", " ", match.group()), text, flags=re.DOTALL)


def bad_awaits(text):
    """Lines where the operand of a co_await holds a brace, a lambda or a conditional.

    g++ 12.2 frees temporaries of such an operand twice or uses them after (GCC bugs 98401, 99576, 102489 among others).
    """
    text = without_comments(text)
    found = []
    for match in re.finditer(r"\bco_await\b", text):
        depth, at = 0, match.end()
        while at < len(text):
            sign = text[at]
            if sign in "([":
                # A '[' that does not follow a name or a closing bracket begins a lambda.
                if sign == "[" and not re.search(r"[\w\])]\s*$", text[:at]):
                    break
                depth += 1
            elif sign in ")]":
                depth -= 1
            if sign in "{?" or depth < 0 or (sign == ";" and depth == 0):
                break
            at += 1
        if at < len(text) and text[at] in "{?[":
            found.append(text.count("\n", 0, match.start()) + 1)
    return found


def sources(*folders):
    for folder in folders:
        for path in sorted((SOURCE / folder).rglob("*")):
            if path.suffix in (".cpp", ".hpp", ".h"):
                yield path


class Layout(unittest.TestCase):
    def test_arrows_point_one_way(self):
        allowed = read_allowed()
        for path in sources("daemon"):
            parts = path.relative_to(SOURCE / "daemon").parts
            if len(parts) < 2:
                continue  # main.cpp
            self.assertIn(parts[0], allowed, f"{path}: a folder that allowed.txt does not know")
            wrong = forbidden_includes(parts[0], path.read_text(), allowed)
            self.assertEqual(wrong, [], f"{path} includes what its folder may not use")

    def test_the_graph_has_no_cycle(self):
        allowed, done = read_allowed(), set()
        while len(done) < len(allowed):
            free = [name for name, uses in allowed.items() if name not in done and uses - {name} <= done]
            self.assertTrue(free, f"a cycle among {sorted(set(allowed) - done)}")
            done.update(free)

    def test_analyzers_know_the_sdk_only(self):
        allowed = read_allowed()
        for path in sources("plugins"):
            used = {name.split("/")[0] for name in INCLUDE.findall(path.read_text()) if "/" in name}
            inside = {p.name for p in (SOURCE / "plugins").iterdir()}
            self.assertEqual(sorted((used & set(allowed)) - inside), [], f"{path} includes a folder of daemon/")

    def test_a_backward_arrow_is_found(self):
        allowed = read_allowed()
        self.assertEqual(forbidden_includes("feed", '#include "alert/alert.hpp"\n', allowed), ["alert"])
        self.assertEqual(forbidden_includes("alert", '#include "plugin/analysis.hpp"\n', allowed), [])


class Coroutines(unittest.TestCase):
    def test_operands_are_plain(self):
        for path in sources("daemon", "plugins", "tests"):
            self.assertEqual(bad_awaits(path.read_text()), [], f"{path}: name the operand's value on the line above")

    def test_each_bad_form_is_found(self):
        for bad in (
            "co_await f(Options{1, 2});",
            "co_await f([x] { return x; });",
            "co_await (a ? f() : g());",
            "auto v = co_await run(store,\n  [&](auto& s) { return s; });",
        ):
            self.assertEqual(bad_awaits(bad), [1], bad)

    def test_good_forms_pass(self):
        for good in (
            "co_await f(a, b[1]);",
            "if (co_await f()) { g(); }",
            "for (;;) { co_await timer.async_wait(token); }",
            "auto text = co_await f(\"{?\");",
            "co_return co_await std::move(operation);",
        ):
            self.assertEqual(bad_awaits(good), [], good)


if __name__ == "__main__":
    unittest.main()
