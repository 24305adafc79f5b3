"""The page "first day at the bench" says only what `anbu` takes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tools import cli
from tools.technician.said import Exit

PAGE = Path(__file__).parents[2] / "tools/technician/README.md"
TEXT = PAGE.read_text(encoding="utf-8")
LINES = sorted(
    set(re.findall(r"^(anbu .+)$", TEXT, re.MULTILINE))
    | {line for line in re.findall(r"`(anbu [^`]+)`", TEXT) if "…" not in line}
)
# what a line in running text leaves out
SHORT = {
    "anbu flash": ["IMAGE"],
    "anbu image": ["pillbox", "--out", "O"],
    "anbu provision": ["IMAGE", "--ledger", "L", "--out", "O"],
    "anbu flash --again": ["IMAGE"],
    "anbu verify pillbox --release": ["--out", "O"],
}


@pytest.mark.parametrize("line", LINES)
def test_every_line_of_the_page_is_understood(line: str) -> None:
    """A command that is written there parses as it stands; its program is found."""
    words = shlex.split(line)[1:]
    assert cli._parser().parse_args([*words, *SHORT.get(line, [])]).part == words[0]


def test_the_page_has_every_exit_code() -> None:
    """The table of exit codes is the program's own."""
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)}
    assert told == {int(code) for code in Exit}
