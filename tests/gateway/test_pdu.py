"""The PDU codec against the standard's own facts: layouts, limits, and that nonsense is refused."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.modem import ReportState, gsm7
from gateway.modem.pdu import (
    GSM7,
    UCS2,
    Deliver,
    Part,
    PduError,
    StatusReport,
    Submit,
    decode_incoming,
    decode_submit,
    encode_deliver,
    encode_report,
    encode_submit,
    tpdu_octets,
)
from gateway.modem.text import Concat, join, split
from gateway.modem.tpfields import decode_validity_min, encode_validity_min

NUMBERS = st.from_regex(r"\+?[0-9]{1,15}", fullmatch=True)
KOREAN = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3))
ANY_TEXT = st.one_of(
    st.text(max_size=400),
    KOREAN,
    st.text("가😀A^€", max_size=300),
    st.text("AZ09 ^{}[]~\\|€@Δ\n", max_size=400),
)
STAMPS_MS = st.integers(631_238_400, 3_786_825_599).map(lambda s: s * 1000)  # 1990 … 2089
QUARTERS = st.integers(-79, 79)


def test_the_standards_example_of_packing() -> None:
    """The classic: "hellohello" is E8329BFD4697D9EC37 in packed septets (23.038 §6.1.2)."""
    assert gsm7.pack(gsm7.encode("hellohello")).hex().upper() == "E8329BFD4697D9EC37"


def test_a_known_deliver_is_read() -> None:
    """A PDU from the literature, made by a real network, gives sender, time and text."""
    pdu = bytes.fromhex("07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37")
    message = decode_incoming(pdu)
    assert isinstance(message, Deliver)
    assert message.part == Part("hellohello", GSM7)
    assert message.sender == "27838890001"  # type 0xC8 is national, without +
    local = datetime(1999, 3, 29, 15, 16, 59, tzinfo=timezone(timedelta(hours=2)))
    assert message.sent_ms == int(local.timestamp()) * 1000


@given(NUMBERS, ANY_TEXT, st.booleans(), st.integers(0, 255))
@settings(max_examples=300)
def test_submit_comes_back_as_it_was(to: str, body: str, report: bool, reference: int) -> None:
    """What is written is what is read, part by part, and the parts make the text again."""
    parts = split(body, reference)
    for part in parts:
        message = Submit(to, part, report, 1440, reference)
        pdu = encode_submit(message)
        assert decode_submit(pdu) == message
        assert tpdu_octets(pdu) == len(pdu) - 1
        assert len(pdu) <= 1 + 155 + 10
    assert join(part.text for part in parts) == body


@given(NUMBERS, ANY_TEXT, STAMPS_MS, QUARTERS)
@settings(max_examples=200)
def test_deliver_comes_back_as_it_was(sender: str, body: str, sent_ms: int, quarters: int) -> None:
    """Whatever zone the service centre stamps in, the time read is the same UTC moment."""
    for part in split(body, 7):
        message = Deliver(sender, part, sent_ms)
        assert decode_incoming(encode_deliver(message, "+8210", quarters)) == message


@given(NUMBERS, st.integers(0, 255), STAMPS_MS, STAMPS_MS, st.integers(0, 255), QUARTERS)
@settings(max_examples=200)
def test_report_comes_back_as_it_was(
    to: str, reference: int, sent_ms: int, done_ms: int, status: int, quarters: int
) -> None:
    """A delivery report keeps reference, both times and status."""
    report = StatusReport(reference, to, sent_ms, done_ms, status)
    assert decode_incoming(encode_report(report, "", quarters)) == report


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (0x00, ReportState.DELIVERED),
        (0x02, ReportState.DELIVERED),
        (0x1F, ReportState.DELIVERED),
        (0x20, ReportState.TRYING),
        (0x3F, ReportState.TRYING),
        (0x40, ReportState.FAILED),
        (0x46, ReportState.FAILED),
        (0x60, ReportState.FAILED),
    ],
)
def test_status_means(status: int, state: ReportState) -> None:
    """The three ranges of TP-Status: done, still trying, given up (§9.2.3.15)."""
    assert StatusReport(0, "1", 0, 0, status).state is state


def test_limits_of_one_and_of_many() -> None:
    """70/160 units go in one PDU, one more makes parts of 67/153."""
    assert [p.concat for p in split("가" * 70, 1)] == [None]
    assert [len(p.text) for p in split("가" * 71, 1)] == [67, 4]
    assert [p.concat for p in split("A" * 160, 1)] == [None]
    assert [len(p.text) for p in split("A" * 161, 1)] == [153, 8]
    assert split("가" * 71, 9)[1].concat == Concat(9, 2, 2)


def test_no_character_is_cut() -> None:
    """A pair at the border of UCS-2 parts and an escape at that of GSM-7 parts move on whole."""
    first, second = split("가" * 66 + "😀" * 3, 1)
    assert (len(first.text), second.text) == (66, "😀😀😀")
    first, second = split("A" * 152 + "€" * 10, 1)
    assert (first.text, second.text) == ("A" * 152, "€" * 10)


def test_half_a_pair_from_another_sender_is_healed() -> None:
    """Other senders cut pairs: the parts are read, and joined they are the character again."""
    high, low = "\ud83d", "\ude00"
    texts = []
    for number, half in enumerate((high, low), 1):
        part = Part(half, UCS2, Concat(1, 2, number))
        message = decode_incoming(encode_deliver(Deliver("+82", part, 0)))
        assert isinstance(message, Deliver)
        texts.append(message.part.text)
    assert join(texts) == "😀"


def test_korean_networks_own_alphabet_is_read() -> None:
    """Data coding 0x84 is KS C 5601 in Korea, two octets a syllable (as Android's telephones know).

    An answer in it must not turn into nonsense. The octets are the standard's, not ours.
    """
    octets = bytes.fromhex("C8AEC0CE") + b" 1"  # 확인 1
    pdu = bytes.fromhex("00040C91280121436587") + bytes([0, 0x84])
    pdu += bytes.fromhex("62112211529163") + bytes([len(octets)]) + octets
    message = decode_incoming(pdu)
    assert isinstance(message, Deliver)
    assert (message.sender, message.part.text) == ("+821012345678", "확인 1")


def test_impossible_texts_and_numbers_are_refused() -> None:
    """Half a pair of our own, 256 parts, letters as a number: our fault, said at once."""
    with pytest.raises(PduError, match="surrogate"):
        split("\ud83d", 1)
    with pytest.raises(PduError, match="at most 255"):
        split("가" * 67 * 256, 1)
    for number in ("", "+", "엄마", "+82-10", "1" * 21):
        with pytest.raises(PduError, match="telephone number"):
            encode_submit(Submit(number, Part("x", GSM7)))


@given(st.integers(1, 63 * 7 * 24 * 60))
def test_validity_is_the_next_longer(minutes: int) -> None:
    """The octet never means less than what was asked, and the one before it always does."""
    octet = encode_validity_min(minutes)
    assert decode_validity_min(octet) >= minutes
    assert octet == 0 or decode_validity_min(octet - 1) < minutes


@given(st.binary(max_size=200))
@settings(max_examples=1000)
def test_garbage_is_refused_and_nothing_else(data: bytes) -> None:
    """Any bytes are a PDU or a PduError; no other exception exists (P13)."""
    for decode in (decode_incoming, decode_submit):
        try:
            decode(data)
        except PduError:
            continue


@given(st.data())
@settings(max_examples=500)
def test_a_bent_pdu_is_refused_or_read(data: st.DataObject) -> None:
    """A good PDU with one octet changed, or cut short, is read or refused with PduError (P13)."""
    part = split(data.draw(ANY_TEXT), 1)[0]
    pdu = bytearray(encode_deliver(Deliver("+821012345678", part, 0), "+8210"))
    place = data.draw(st.integers(0, len(pdu) - 1))
    pdu[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(pdu)))
    for bent in (bytes(pdu), bytes(pdu[:cut])):
        try:
            decode_incoming(bent)
        except PduError:
            continue


def test_a_named_sender_is_read() -> None:
    """Banks and providers send under a name; it comes out as that name."""
    packed = gsm7.pack(gsm7.encode("Anbu"))
    tpdu = bytes([0x04, len(packed) * 2, 0xD0]) + packed + bytes.fromhex("0000")
    pdu = b"\x00" + tpdu + bytes.fromhex("62112211529163") + bytes([1]) + b"\x31"
    message = decode_incoming(pdu)
    assert isinstance(message, Deliver)
    assert (message.sender, message.part.text) == ("Anbu", "1")
