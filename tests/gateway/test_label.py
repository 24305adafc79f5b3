"""The device's label: read as it was written, and no slip of a hand gets a wrong key in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.label import Label, LabelRefused, check, codes, parse
from gateway.roster import CAREPLUG, PILLBOX

KEYS = st.binary(min_size=16, max_size=16)
IDS = st.from_regex(r"\A[0-9A-Z][0-9A-Z.-]{0,15}\Z")
LABELS = st.builds(Label, st.just(PILLBOX), IDS, KEYS) | st.builds(
    Label, st.just(CAREPLUG), IDS, KEYS, st.none() | KEYS
)
QR = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
BOX = Label(PILLBOX, "AB-000001", bytes(range(16)))
PLUG = Label(CAREPLUG, "CP-000001", bytes(range(16)), bytes(range(16, 32)))


@given(LABELS)
def test_what_was_written_is_read(label: Label) -> None:
    """Every label comes back as it was, and a QR code's alphanumeric mode can carry its text."""
    assert parse(str(label)) == label
    assert set(str(label)) <= set(QR)


def test_a_label_is_what_the_workshop_prints() -> None:
    """The text to the letter: what is printed today is read by every gateway to come."""
    assert str(BOX) == "ANBU:1:PILLBOX:AB-000001:000102030405060708090A0B0C0D0E0F:64B8"
    assert str(PLUG).count(":") == 6


@given(LABELS, st.data())
def test_typed_by_hand_spaces_case_and_dashes_are_forgiven(
    label: Label, data: st.DataObject
) -> None:
    """Lower case, spaces and line ends anywhere, dashes between the digits of a key: the same."""
    head, _, tail = str(label).rpartition(label.device_id)
    grouped = "-".join(tail[n : n + 4] for n in range(0, len(tail), 4)).replace(":-", ":")
    typed = (head + label.device_id + grouped).lower()
    for _ in range(3):
        at = data.draw(st.integers(0, len(typed)))
        typed = typed[:at] + data.draw(st.sampled_from([" ", "\n", "\t", "  "])) + typed[at:]
    assert parse(typed) == label


@pytest.mark.parametrize("label", [BOX, PLUG])
def test_every_single_wrong_character_is_refused(label: Label) -> None:
    """At every place every other character of the alphabet: refused, whatever part it hits."""
    text = str(label)
    for at, right in enumerate(text):
        for wrong in set(QR) - {right}:
            slip = text[:at] + wrong + text[at + 1 :]
            with pytest.raises(LabelRefused):
                parse(slip)


@given(LABELS, st.data())
def test_a_lost_or_doubled_character_is_refused(label: Label, data: st.DataObject) -> None:
    """One character too few, or one twice: refused, but for a dash that says nothing in a key."""
    text = str(label)
    at = data.draw(st.integers(0, len(text) - 1))
    for slip in (text[:at] + text[at + 1 :], text[: at + 1] + text[at:]):
        with pytest.raises(LabelRefused):
            parse(slip)


@pytest.mark.parametrize("label", [BOX, PLUG])
def test_every_transposition_of_neighbours_is_refused(label: Label) -> None:
    """Two neighbours that changed places are caught at every place of the text."""
    text = str(label)
    for at in range(len(text) - 1):
        slip = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        if slip != text:
            with pytest.raises(LabelRefused):
                parse(slip)


def test_the_check_catches_what_a_hand_does_anywhere() -> None:
    """No wrong character and no transposition leaves the check as it was, in any label there is.

    A CRC is linear: whether a slip shows depends only on which bits differ and how far from the
    end, so all slips of all labels are these few thousand.
    """
    differ = {ord(a) ^ ord(b) for a in QR for b in QR if a != b}
    for behind in range(120):
        for bits in differ:
            for slip in (bytes([bits]), bytes([bits, bits])):
                plain = check("\0" * (len(slip) + behind))
                assert check(slip.decode("latin-1") + "\0" * behind) != plain


@given(st.text(max_size=250))
def test_any_text_is_a_label_or_refused(text: str) -> None:
    """Nothing else comes out of reading, and a refusal holds nothing of what was read."""
    refused: LabelRefused | None = None
    try:
        label = parse(text)
    except LabelRefused as why:
        refused = why
    assert refused is None or (refused.code in codes() and str(refused) == refused.code)
    assert refused is not None or parse(str(label)) == label


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "foreign"),
        ("https://example.org", "foreign"),
        ("ANBU:1:PILLBOX", "parts"),
        (str(BOX).replace(":1:", ":2:"), "version"),
        (str(BOX).replace("PILLBOX", "KETTLE"), "kind"),
        (str(BOX).replace("AB-000001", "-B-000001"), "id"),
        (str(BOX).replace("0A0B", "0O0B"), "key"),
        (str(PLUG).replace("1A1B", "1A1I"), "bthome"),
        (str(BOX)[:-1] + "0", "check"),
        (str(PLUG).replace("CAREPLUG", "PILLBOX")[:-4], "check"),
        ("A" * 201, "long"),
    ],
)
def test_a_refusal_says_what_is_wrong(text: str, code: str) -> None:
    """The first thing that is wrong is named, so that the page can say what to do."""
    with pytest.raises(LabelRefused) as refused:
        parse(text)
    assert refused.value.code == code


def test_a_box_has_no_bthome_key() -> None:
    """A label that a device of its kind cannot have is refused, even with a right check."""
    body = str(PLUG)[:-4].replace("CAREPLUG", "PILLBOX")
    with pytest.raises(LabelRefused) as refused:
        parse(body + check(body))
    assert refused.value.code == "bthome"


def test_a_label_does_not_show_its_keys() -> None:
    """Whoever logs a label by mistake logs no key."""
    for label in (BOX, PLUG):
        assert label.key.hex() not in repr(label)
        assert "bthome" not in repr(label)
