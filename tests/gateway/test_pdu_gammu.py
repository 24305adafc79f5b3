"""libgammu, which shares no code with us, judges the PDU codec in both directions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import gammu
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.modem.pdu import (
    UCS2,
    Deliver,
    StatusReport,
    Submit,
    decode_incoming,
    decode_submit,
    encode_deliver,
    encode_report,
    encode_submit,
)
from gateway.modem.text import alphabet_of, join, split

TO = "+821012345678"
KST_QUARTERS = 36
GSM_CHARACTERS = (
    " !\"#%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz\n^{}[]~\\|€$£_ÄÖÜäöüßÆØåéñ§"
)
KOREAN = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
EMOJI = st.characters(min_codepoint=0x1F300, max_codepoint=0x1F64F)
SOME, ALL = 300, 10_000
SHARES = pytest.mark.parametrize("texts", [SOME, pytest.param(ALL, marks=pytest.mark.long)])
VALIDITIES_MIN = {"1H": 60, "6H": 360, "24H": 1440, "72H": 3 * 1440, "1W": 7 * 1440}
TEXTS = st.one_of(
    st.text(st.one_of(KOREAN, st.sampled_from(" .,()0123456789")), min_size=1, max_size=210),
    st.text(st.one_of(KOREAN, EMOJI), min_size=60, max_size=210),
    st.text(EMOJI, min_size=1, max_size=110),
    st.text(st.sampled_from(GSM_CHARACTERS), min_size=1, max_size=480),
)


def _of_gammu(body: str, *, report: bool, validity: str) -> list[tuple[int, bytes]]:
    """(concatenation reference, PDU without service centre) of each part, as libgammu writes."""
    entry = {"ID": "ConcatenatedTextLong", "Buffer": body}
    info = {"Class": -1, "Unicode": alphabet_of(body) == UCS2, "Entries": [entry]}
    written: list[tuple[int, bytes]] = []
    for message in gammu.EncodeSMS(info):
        message["Number"] = TO
        message["SMSC"] = {"Number": "", "Validity": validity}
        message["Type"] = "Status_Report" if report else "Submit"
        pdu = gammu.EncodePDU(message, "Submit")
        written.append((message["UDH"]["ID8bit"], pdu[1 + pdu[0] :]))
    return written


@SHARES
def test_every_part_is_libgammus_byte_for_byte(texts: int) -> None:
    """The same text gives the same PDUs: alphabet, split, header, packing, validity, flags.

    Read again, libgammu's PDUs make the text, whole characters in each.
    """

    @settings(max_examples=texts, deadline=None)
    @given(TEXTS, st.booleans(), st.sampled_from(sorted(VALIDITIES_MIN)))
    def judged(body: str, report: bool, validity: str) -> None:
        theirs = _of_gammu(body, report=report, validity=validity)
        reference, minutes = theirs[0][0], VALIDITIES_MIN[validity]
        submits = [Submit(TO, part, report, minutes) for part in split(body, reference)]
        ours = [encode_submit(submit)[1:] for submit in submits]
        assert ours == [pdu for _reference, pdu in theirs]
        assert [decode_submit(b"\x00" + pdu) for _reference, pdu in theirs] == submits

    judged()


@SHARES
def test_libgammu_reads_our_deliver(texts: int) -> None:
    """What our network end writes, libgammu reads as the same sender, moment and text."""

    @settings(max_examples=texts, deadline=None)
    @given(TEXTS, st.integers(946_684_800, 2_524_607_999))
    def judged(body: str, sent_s: int) -> None:
        read_texts: list[str] = []
        for part in split(body, 5):
            pdu = encode_deliver(Deliver(TO, part, sent_s * 1000), "+821090000001", KST_QUARTERS)
            read = gammu.DecodePDU(pdu)
            assert (read["Type"], read["Number"]) == ("Deliver", TO)
            assert read["DateTime"] == datetime.fromtimestamp(sent_s, UTC)
            # python-gammu counts septets: behind the text it shows a stray character an escape
            read_texts.append(read["Text"][: len(part.text)])
        assert join(read_texts) == body

    judged()


@SHARES
def test_we_read_libgammus_deliver(texts: int) -> None:
    """What libgammu writes as a DELIVER, we read as the same sender, moment and text."""

    @settings(max_examples=texts, deadline=None)
    @given(TEXTS)
    def judged(body: str) -> None:
        _reads(body)

    judged()


def _reads(body: str) -> None:
    at = datetime(2026, 3, 2, 18, 30, 0)  # noqa: DTZ001 - libgammu takes it with offset 0
    entry = {"ID": "ConcatenatedTextLong", "Buffer": body}
    info = {"Class": -1, "Unicode": alphabet_of(body) == UCS2, "Entries": [entry]}
    texts: list[str] = []
    for message in gammu.EncodeSMS(info):
        given_fields: dict[str, Any] = {"Number": TO, "DateTime": at, "Type": "Deliver"}
        message.update(given_fields)
        message["SMSC"] = {"Number": "+821090000001"}
        read = decode_incoming(gammu.EncodePDU(message, "Deliver"))
        assert isinstance(read, Deliver)
        assert read.sender == TO
        assert read.sent_ms == int(at.replace(tzinfo=UTC).timestamp()) * 1000
        texts.append(read.part.text)
    assert join(texts) == body


@given(
    st.integers(0, 255),
    st.from_regex(r"\+?[1-9][0-9]{2,14}", fullmatch=True),
    st.integers(946_684_800, 2_524_607_999),
    st.integers(0, 0x7F),
)
@settings(max_examples=1000, deadline=None)
def test_libgammu_reads_our_report(reference: int, to: str, done_s: int, status: int) -> None:
    """A delivery report of ours says the same to libgammu: reference, moment, number, status.

    (libgammu writes none itself.)
    """
    report = StatusReport(reference, to, 1_700_000_000_000, done_s * 1000, status)
    read = gammu.DecodePDU(encode_report(report, "+821090000001", KST_QUARTERS))
    assert (read["Type"], read["Number"]) == ("Status_Report", to)
    assert read["MessageReference"] == reference
    assert read["DateTime"] == datetime.fromtimestamp(1_700_000_000, UTC)
    assert read["SMSCDateTime"] == datetime.fromtimestamp(done_s, UTC)
    assert read["DeliveryStatus"] == status
