"""OwnTracks' messages: moved, there, or nothing; never a place, never a crash."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.phones.owntracks import LATE_MS, told
from gateway.phones.phones import HOW
from gateway.phones.saying import TellHeard, TellUsed

NOW_MS = 1_772_400_000_000
NOW_S = NOW_MS // 1000
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=3,
)
KEYS = ("t", "batt", "vel", "tst", "steps", "motionactivities", "lat", "lon", "event")


def read(**message: object) -> TellUsed | TellHeard | None:
    """What a message says."""
    return told(json.dumps(message).encode(), "soonja", "전화", NOW_MS)


@pytest.mark.parametrize(
    ("message", "how"),
    [
        ({"_type": "location", "vel": 4}, "moved"),
        ({"_type": "location", "vel": 2}, None),
        ({"_type": "location"}, None),
        ({"_type": "location", "t": "p", "vel": 0}, None),
        ({"_type": "location", "t": "u"}, "asked"),
        ({"_type": "location", "motionactivities": ["walking"]}, "moved"),
        ({"_type": "location", "motionactivities": ["stationary"]}, None),
        ({"_type": "transition", "event": "leave"}, "moved"),
        ({"_type": "steps", "steps": 12}, "steps"),
        ({"_type": "steps", "steps": 0}, None),
        ({"_type": "waypoint"}, None),
        ({"_type": "status"}, None),
    ],
)
def test_what_is_a_use_and_what_is_not(message: dict[str, object], how: str | None) -> None:
    """A telephone on a table has a place, too; carried or used by hand it is a sign."""
    found = read(**message, batt=55)
    assert found is not None
    assert found.battery_percent == 55
    assert (found.how if isinstance(found, TellUsed) else None) == how


@pytest.mark.parametrize("kind", ["lwt", "card", "cmd", "configuration", "encrypted"])
def test_what_speaks_of_another_says_nothing(kind: str) -> None:
    """A friend's card and a broker's last will are no word of her telephone."""
    assert read(_type=kind) is None


def test_a_message_that_waited_is_of_then() -> None:
    """What was written without a network an hour ago is a sign of an hour ago."""
    found = read(_type="location", vel=5, tst=NOW_S - 3600)
    assert isinstance(found, TellUsed)
    assert found.when_ms == NOW_MS - 3_600_000
    fresh = read(_type="location", vel=5, tst=NOW_S - LATE_MS // 2000)
    assert isinstance(fresh, TellUsed)
    assert fresh.when_ms is None


@settings(max_examples=50)
@given(
    st.fixed_dictionaries({"_type": st.text(max_size=10) | st.just("location")}),
    st.dictionaries(st.sampled_from(KEYS), JSON),
)
def test_whatever_comes_is_one_of_three(head: dict[str, object], rest: dict[str, object]) -> None:
    """Any JSON under its keys: a known use, "there", or nothing; a battery is whole or unknown."""
    found = told(json.dumps({**rest, **head}).encode(), "soonja", "전화", NOW_MS)
    if isinstance(found, TellUsed):
        assert found.how in HOW
        assert found.when_ms is None or found.when_ms < NOW_MS
    if found is not None:
        assert found.battery_percent is None or isinstance(found.battery_percent, int)


@settings(max_examples=50)
@given(st.binary(max_size=200))
def test_bytes_that_are_no_message_are_refused_in_one_way(body: bytes) -> None:
    """Nonsense raises ValueError, nothing else; an empty one says nothing."""
    try:
        found = told(body, "soonja", "전화", NOW_MS)
    except ValueError:
        return
    assert found is None or isinstance(found, TellUsed | TellHeard)
