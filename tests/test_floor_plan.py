"""The README's floor plan is the tree.

Knows: the README, the folders. May not know: what is in the rooms.

The format: under the heading `## Floor plan` stands a fenced block, one path a line, written from
the root and not indented by its parent: `gateway/web/   ● the page`. What follows the path behind
two spaces or behind `#` describes it and must not be empty. Folders end with `/`.

The rule: every path of the plan exists, none stands there twice, and every folder that holds files
of its own is in the plan. Folders below DEEP_ROOMS are furniture and belong to the room above.
"""

from __future__ import annotations

import re

import pytest

from tests.tree import ROOT, hold, walk

# Below these a folder belongs to its room: pages, words, pictures, the rooms mirrored by tests.
DEEP_ROOMS = ("gateway/web/", "gateway/catalogue/page/", "docs/", "tests/")
LINE = re.compile(r"^(?P<path>\S+?)(?:\s{2,}#?\s*|\s+#\s*)(?P<text>\S.*)$")


def plan(readme: str) -> dict[str, str]:
    """Path → description of the README's block; a line that is neither fails the test."""
    section = readme.partition("\n## Floor plan\n")[2].partition("\n## ")[0]
    block = re.search(r"^```\w*\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    if block is None:
        pytest.fail("README.md:1 no fenced block under the heading `## Floor plan`", pytrace=False)
    rooms: dict[str, str] = {}
    for line in filter(str.strip, block[1].splitlines()):
        match = LINE.match(line)
        if match is None or match["path"] in rooms:
            pytest.fail(f"README.md floor plan: no `path  text`, or twice: {line!r}", pytrace=False)
        rooms[match["path"]] = match["text"]
    return rooms


def folders() -> set[str]:
    """Every folder with files of its own, "gateway/rules/"; furniture left out."""
    found = {path.parent.relative_to(ROOT).as_posix() + "/" for path in walk()} - {"./"}
    return {f for f in found if not any(f.startswith(d) and f != d for d in DEEP_ROOMS)}


def test_plan_and_tree_are_the_same() -> None:
    """Nothing in the plan is missing in the tree, no room of the tree is missing in the plan."""
    readme = ROOT / "README.md"
    rooms = plan(readme.read_text(encoding="utf-8") if readme.is_file() else "")
    gone = [
        f"{path} is in the README's floor plan but not in the tree"
        for path in rooms
        if not ((ROOT / path).is_dir() if path.endswith("/") else (ROOT / path).is_file())
    ]
    new = [f"{path} is in the tree but not in the README's floor plan" for path in folders()]
    hold("plan and tree are the same", gone + sorted(n for n in new if n.split()[0] not in rooms))


@pytest.mark.parametrize(
    "line",
    [
        "gateway/  ○ decides",
        "gateway/ # decides",
        "gateway/    # decides",
        "gateway/   ◆ two  gaps",
    ],
)
def test_plan_reads_every_form_of_a_line(line: str) -> None:
    """A description may stand behind two spaces, behind `#`, or both."""
    assert list(plan(f"# Anbu\n\n## Floor plan\nThe rooms:\n\n```\n{line}\n```\n")) == ["gateway/"]


@pytest.mark.parametrize("block", ["gateway/\n", "a/  x\na/  y\n", "  a/  indented\n"])
def test_plan_refuses_other_lines(block: str) -> None:
    """A line without description, a path that stands twice and an indented path are mistakes."""
    with pytest.raises(pytest.fail.Exception, match="floor plan"):
        plan(f"\n## Floor plan\n```\n{block}```\n")


def test_plan_of_another_heading_does_not_count() -> None:
    """A fenced block under a later heading is not taken for the floor plan."""
    with pytest.raises(pytest.fail.Exception, match="no fenced block"):
        plan("\n## Floor plan\nsoon\n\n## Commands\n```\nmake  test\n```\n")
