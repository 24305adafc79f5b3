"""The enrolment file: what a workshop sealed for a gateway, only that gateway reads, and whole."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.enrolment import (
    EnrolmentRefused,
    Unit,
    new_identity,
    opened,
    recipient_of,
    seal,
    sealed,
)
from gateway.label import Label
from gateway.roster import CAREPLUG, PILLBOX

ME, OTHER = new_identity(), new_identity()
MINE = recipient_of(ME)
BOX = Unit(Label(PILLBOX, "AB-000001", bytes(range(16))), "esp32", "AB-000001", 7, "2026-03-02")
PLUG = Unit(Label(CAREPLUG, "CP-000001", bytes(16), bytes(16)))
SEALED = sealed([BOX, PLUG], MINE)
TEXT = st.text(max_size=20)
UNITS = st.lists(
    st.builds(
        Unit,
        st.builds(
            Label,
            st.just(PILLBOX),
            st.from_regex(r"\A[0-9A-Z][0-9A-Z.-]{0,15}\Z"),
            st.binary(min_size=16, max_size=16),
        ),
        TEXT,
        TEXT,
        st.integers(0, 2**31),
        TEXT,
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda unit: unit.label.device_id,
)


@given(UNITS)
def test_what_was_sealed_is_opened(units: list[Unit]) -> None:
    """Every device comes back as it was; no key stands readable in the file."""
    blob = sealed(units, MINE)
    assert opened(blob, ME) == tuple(units)
    assert all(unit.label.key.hex().upper().encode() not in blob for unit in units)


def test_another_gateway_cannot_read_it() -> None:
    """A file for one gateway is closed to every other."""
    with pytest.raises(EnrolmentRefused) as refused:
        opened(sealed([BOX], MINE), OTHER)
    assert refused.value.code == "sealed"


@given(st.data())
def test_a_changed_byte_anywhere_is_noticed(data: st.DataObject) -> None:
    """Nothing of a file that somebody changed is taken."""
    blob = bytearray(SEALED)
    at = data.draw(st.integers(0, len(blob) - 1))
    blob[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(EnrolmentRefused):
        opened(bytes(blob), ME)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "empty", 0),
        ("\n\n", "empty", 0),
        ("hello\n", "line", 1),
        ("[]\n", "line", 1),
        (json.dumps({"label": 5}), "line", 1),
        (json.dumps({"label": str(BOX.label), "firmware": True}), "line", 1),
        (json.dumps({"label": str(BOX.label)}) + "\n" + json.dumps({"board": "x"}), "label", 2),
        (2 * (json.dumps({"label": str(BOX.label)}) + "\n"), "twice", 2),
    ],
)
def test_a_line_that_is_wrong_is_named(text: str, code: str, line: int) -> None:
    """The whole file is refused with the first line that is wrong; none of it is taken."""
    with pytest.raises(EnrolmentRefused) as refused:
        opened(seal(text, MINE), ME)
    assert (refused.value.code, refused.value.line) == (code, line)


def test_a_newer_workshop_may_say_more() -> None:
    """A field that is not known here is left unread."""
    body = {"label": str(BOX.label), "colour": "white"}
    assert opened(seal(json.dumps(body), MINE), ME) == (Unit(BOX.label),)


def test_a_wrong_recipient_is_refused() -> None:
    """Nothing is sealed for a recipient that is none."""
    with pytest.raises(EnrolmentRefused) as refused:
        sealed([BOX], "age1nobody")
    assert refused.value.code == "recipient"
