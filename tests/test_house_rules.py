"""The house keeps its rules, and no rule is blind.

Knows: the rules of tests/rules.py and every file of the tree.
"""

from __future__ import annotations

import re

import pytest

from tests import rules
from tests.rules import FIRMWARE_LINES_MOST, FUNCTION_LINES_MOST, MODULE_LINES_MOST, Rule
from tests.tree import ROOT, from_text, hold, sources, texts

# How many may lie between the rule and the most: more would make the exception the rule.
LONG_FUNCTIONS_SHARE = 0.05
LONG_MODULES_SHARE = 0.15


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        (rules.long_functions, f"functions have at most {FUNCTION_LINES_MOST} lines"),
        (rules.long_modules, "modules stay within their most"),
        (rules.headers, "a file begins with what it knows and what it may not know"),
        (rules.silent_tests, "every test has a docstring that says what must be true"),
        (rules.toothless_tests, "every test can fail"),
        (rules.swallowed_errors, "no error is swallowed"),
        (rules.unfinished, "nothing is left unfinished"),
        (rules.speechless_errors, "an error says what was wrong"),
    ],
)
def test_rule_holds_everywhere(rule: Rule, wanted: str) -> None:
    """Every Python file of the tree keeps the rule."""
    hold(wanted, [line for source in sources() for line in rule(source)])


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (rules.long_functions, "gateway/x.py", "def f():\n" + "    g()\n" * FUNCTION_LINES_MOST),
        (rules.long_modules, "gateway/x.py", "x = 1\n" * (MODULE_LINES_MOST + 1)),
        (rules.long_modules, "firmware/x.py", "x = 1\n" * (FIRMWARE_LINES_MOST + 1)),
        (rules.headers, "gateway/x.py", "x = 1\n"),
        (rules.headers, "gateway/x.py", '"""Knows all."""\nx = 1\n'),
        (rules.silent_tests, "tests/test_x.py", "def test_f():\n    assert g()\n"),
        (rules.toothless_tests, "tests/test_x.py", 'def test_f():\n    """g."""\n    g()\n'),
        (rules.swallowed_errors, "gateway/x.py", "try:\n    f()\nexcept Exception:\n    pass\n"),
        (
            rules.swallowed_errors,
            "gateway/x.py",
            "try:\n    f()\nexcept (OSError, Exception):\n    ...\n",
        ),
        (rules.unfinished, "gateway/x.py", "x = 1  # TO" + "DO later\n"),
        (rules.unfinished, "gateway/x.py", "def f():\n    raise NotImplementedError\n"),
        (rules.unfinished, "gateway/x.py", "def f(): ...\n"),
        (rules.speechless_errors, "gateway/x.py", "raise ValueError\n"),
        (rules.speechless_errors, "gateway/x.py", "raise OSError()\n"),
    ],
)
def test_rule_sees_a_violation(rule: Rule, path: str, text: str) -> None:
    """A file that breaks the rule is reported with its path and line."""
    assert [line.split(":")[0] for line in rule(from_text(path, text))] == [path]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (rules.swallowed_errors, "try:\n    f()\nexcept FileNotFoundError:\n    pass\n"),
        (rules.unfinished, "class P(Protocol):\n    def f(self) -> None: ...\n"),
        (rules.unfinished, 'def close():\n    """Nothing to close."""\n'),
        (
            rules.speechless_errors,
            "try:\n    f()\nexcept OSError as error:\n    raise Fault(1) from error\n",
        ),
        (rules.long_functions, 'def f():\n    """' + "x\n" * 60 + '    """\n    g()\n'),
    ],
)
def test_rule_lets_good_code_pass(rule: Rule, text: str) -> None:
    """What is right is not reported: an expected error, a Protocol, a long docstring."""
    assert rule(from_text("gateway/x.py", text)) == []


def test_long_functions_and_modules_are_exceptions() -> None:
    """Only few functions lie between 30 and 50 lines, only few modules between 250 and 400."""
    every = [(s, f) for s in sources() for f in rules.functions(s)]
    limit = rules.FUNCTION_LINES
    long = [s.at(f, f"{f.name}: {rules.length(f)}") for s, f in every if rules.length(f) > limit]
    if len(long) > LONG_FUNCTIONS_SHARE * len(every):
        hold(f"{1 - LONG_FUNCTIONS_SHARE:.0%} of the functions have {limit} lines", long)
    modules = [f"{s.path}:{s.lines}" for s in sources() if s.lines > rules.limits(s)[0]]
    if len(modules) > LONG_MODULES_SHARE * len(sources()):
        hold(f"{1 - LONG_MODULES_SHARE:.0%} of the modules have 250 lines (firmware 200)", modules)


# Folders of one machine, and the words of whoever set it up: built from parts, or this file would
# report itself.
LOCAL = re.compile(r"(?<![\w.])/(?:work|opt|root)" + r"/|/tmp/" + r"contract|\bissues " + r"show\b")


def test_no_name_of_one_machine() -> None:
    """No file names a folder or a tool that only one machine has."""
    found = [
        f"{path}:{number} {line.strip()[:60]}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if LOCAL.search(line)
    ]
    hold("files hold on every machine", found)


def test_what_is_published_is_there() -> None:
    """The files a stranger looks for first exist and are not empty."""
    names = ("README.md", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md", "constraints.txt")
    missing = [n for n in names if not (ROOT / n).is_file() or not (ROOT / n).stat().st_size]
    hold("the first files are there", missing)
