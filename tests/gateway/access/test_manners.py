"""How long tokens live, when a use is written down, and whether a clock may have jumped."""

from __future__ import annotations

import pytest

from gateway.access import manners
from gateway.access.manners import SEEN_EVERY_MS, WHOLE_MS

NOW = 1_772_614_320_000


@pytest.mark.parametrize(
    ("made_ago_ms", "seen_ago_ms", "unused"),
    [
        (0, None, False),
        (WHOLE_MS - 1, None, False),
        (WHOLE_MS, None, True),
        (2 * WHOLE_MS, WHOLE_MS - 1, False),  # used since
        (2 * WHOLE_MS, WHOLE_MS, True),
    ],
)
def test_a_token_that_nobody_uses(made_ago_ms: int, seen_ago_ms: int | None, unused: bool) -> None:
    """It ends half a year after it was used, or made, last."""
    seen_ms = None if seen_ago_ms is None else NOW - seen_ago_ms
    assert manners.unused(NOW - made_ago_ms, seen_ms, NOW) is unused


def test_a_use_is_written_down_now_and_then() -> None:
    """The first one at once, then one in ten minutes: a disk is no clock."""
    assert manners.seen_anew(None, NOW)
    assert not manners.seen_anew(NOW - SEEN_EVERY_MS + 1, NOW)
    assert manners.seen_anew(NOW - SEEN_EVERY_MS, NOW)


def test_a_clock_far_past_everybody_may_have_jumped() -> None:
    """Half a year without anybody is no half year; a gateway that nobody ever saw is only new."""
    assert not manners.jumped(None, NOW)
    assert not manners.jumped(NOW - WHOLE_MS, NOW)
    assert manners.jumped(NOW - WHOLE_MS - 1, NOW)
    assert not manners.jumped(NOW + WHOLE_MS, NOW)  # set back: nothing is older than before
