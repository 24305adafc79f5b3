"""Which words of a telephone line are news."""

from __future__ import annotations

import pytest

from gateway.calls.believed import Unfit
from gateway.calls.lines import news
from gateway.events import LineSeen

NOW = 1_772_614_320_000
WAS_DEAD = {"sip": Unfit(NOW - 9, NOW - 9, 1, dead=True)}
FAILED = {"sip": Unfit(NOW - 9, NOW - 9, 2, dead=False)}  # calls by it did; its driver said nothing


@pytest.mark.parametrize(
    ("lines", "says", "told"),
    [
        ({}, "no account", [(False, "no account")]),
        (FAILED, "no account", [(False, "no account")]),
        (WAS_DEAD, "no account", []),  # known
        ({}, "", []),
        (FAILED, "", [(True, "")]),
        (WAS_DEAD, "", [(True, "")]),
        (WAS_DEAD, None, []),  # nothing was said
        ({}, None, []),
    ],
)
def test_only_what_changed_is_told(
    lines: dict[str, Unfit], says: str | None, told: list[tuple[bool, str]]
) -> None:
    """A line that fails or works again is told once; the same word again is no news."""
    found = news(lines, "sip", says, NOW)
    assert [(seen.works, seen.why) for seen in found] == told
    assert all((seen.line, seen.at_ms) == ("sip", NOW) for seen in found)


def test_a_line_that_is_not_called_by_any_more() -> None:
    """Another line is configured now: nobody waits for the one before, whatever this one says."""
    for says in (None, "", "no modem"):
        assert LineSeen(NOW, "sip", works=True, why="") in news(WAS_DEAD, "modem", says, NOW)
