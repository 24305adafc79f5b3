"""The AT dialogue: what a modem may say, in any pieces and at any moment, and what follows."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.modem.at import (
    MAX_LINE_BYTES,
    Answer,
    Command,
    Dialogue,
    Happening,
    Refusal,
    Silence,
    Unsolicited,
    WritePdu,
)

PDU = "0011000C912801214365870008A702AC00"
CMGS = Command("AT+CMGS=16", 55_000, PDU, 30_000)
ASK = Command("AT+CREG?", 30_000)


def _talk(command: Command, *pieces: bytes) -> list[Happening]:
    """Everything that happened, the bytes coming in these pieces."""
    dialogue = Dialogue()
    dialogue.begin(command, 0)
    return [happening for piece in pieces for happening in dialogue.feed(piece, 1)]


def test_an_answer_is_its_lines_without_echo() -> None:
    """Lines between the command and OK are the answer; the echo and blank lines are not."""
    heard = _talk(Command("AT+CSQ", 1000), b"AT+CSQ\r\r\n+CSQ: 23,0\r\n\r\nOK\r\n")
    assert heard == [Answer(("+CSQ: 23,0",))]


@pytest.mark.parametrize(
    ("line", "kind", "code"),
    [
        ("ERROR", "ERROR", None),
        ("+CMS ERROR: 332", "CMS", 332),
        ("+CME ERROR: 10", "CME", 10),
        ("+CMS ERROR: SIM busy", "CMS", None),
        ("COMMAND NOT SUPPORT", "ERROR", None),
    ],
)
def test_refusals(line: str, kind: str, code: int | None) -> None:
    """Every way a modem says no ends the command, with its code where it has one."""
    assert _talk(ASK, f"\r\n{line}\r\n".encode()) == [Refusal(kind, code, line)]


def test_a_text_is_written_at_the_prompt_only() -> None:
    """Nothing is written before `>`; then the PDU and Ctrl-Z; +CMGS and OK end it."""
    dialogue = Dialogue()
    assert dialogue.begin(CMGS, 0) == b"AT+CMGS=16\r"
    assert dialogue.feed(b"AT+CMGS=16\r\r\n", 1) == []
    assert dialogue.feed(b"> ", 2) == [WritePdu(PDU.encode() + b"\x1a")]
    assert dialogue.feed(PDU.encode() + b"\r\n+CMGS: 7\r\n", 3) == []
    assert dialogue.feed(b"\r\nOK\r\n", 4) == [Answer(("+CMGS: 7",))]


def test_refused_before_the_prompt() -> None:
    """An error in place of the prompt ends it and nothing was handed over."""
    heard = _talk(CMGS, b"\r\n+CMS ERROR: 310\r\n")
    assert heard == [Refusal("CMS", 310, "+CMS ERROR: 310")]


def test_no_prompt_where_none_is_due() -> None:
    """A `>` while another command is under way, or twice, writes nothing."""
    assert _talk(ASK, b"\r\n> ") == []
    heard = _talk(CMGS, b"\r\n> ", b"\r\n> ")
    assert [type(happening) for happening in heard] == [WritePdu]


def test_news_in_the_same_breath_as_the_prompt() -> None:
    """Some modems say `>`, then news before the PDU came: the prompt still counts, once."""
    heard = _talk(CMGS, b'\r\n> \r\n+CMTI: "SM",3\r\n\r\n>')
    assert heard == [WritePdu(PDU.encode() + b"\x1a"), Unsolicited('+CMTI: "SM",3')]


SCRIPT = (
    b'\r\n+CMTI: "SM",3\r\nAT+CMGS=16\r\r\n+CREG: 1\r\n\r\n> '
    + PDU.encode()
    + b"\r\n+CDS: 4\r\n0006010203\r\n\r\n+CMGS: 7\r\n\r\nRING\r\n\r\nOK\r\n"
)
HEARD = [
    Unsolicited('+CMTI: "SM",3'),
    Unsolicited("+CREG: 1"),
    WritePdu(PDU.encode() + b"\x1a"),
    Unsolicited("+CDS: 4", "0006010203"),
    Unsolicited("RING"),
    Answer(("+CMGS: 7",)),
]


@given(st.lists(st.integers(1, len(SCRIPT) - 1)))
@settings(max_examples=300)
def test_pieces_do_not_matter(cuts: list[int]) -> None:
    """The same bytes in any pieces mean the same.

    Only after the prompt there is always a cut: the modem waits for the PDU there.
    """
    after_prompt = SCRIPT.index(b"> ") + 2
    places = sorted({0, after_prompt, len(SCRIPT), *cuts})
    pieces = [SCRIPT[a:b] for a, b in pairwise(places)]
    assert _talk(CMGS, *pieces) == HEARD


def test_a_storm_of_news_never_moves_a_deadline() -> None:
    """Ten news a second for 40 s do not keep a dead command alive past its 30 s."""
    dialogue = Dialogue()
    dialogue.begin(ASK, 0)
    for now_ms in range(0, 30_000, 100):
        dialogue.feed(b"\r\n+CREG: 2\r\n", now_ms)
        assert dialogue.tick(now_ms) == []
    assert dialogue.tick(30_000) == [Silence("AT+CREG?", pdu_written=False)]
    assert dialogue.tick(99_000) == []


def test_deadlines_of_a_text() -> None:
    """30 s for the prompt; once the PDU is written 55 s from then, and it says so."""
    dialogue = Dialogue()
    dialogue.begin(CMGS, 0)
    assert dialogue.tick(29_999) == []
    assert dialogue.tick(30_000) == [Silence("AT+CMGS=16", pdu_written=False)]
    dialogue.begin(CMGS, 0)
    dialogue.feed(b"> ", 29_000)
    assert dialogue.tick(83_999) == []
    assert dialogue.tick(84_000) == [Silence("AT+CMGS=16", pdu_written=True)]


def test_registration_asked_and_told() -> None:
    """`+CREG: 1,5` answers the question, `+CREG: 5` is news even while the question stands."""
    heard = _talk(ASK, b'\r\n+CREG: 5\r\n\r\n+CREG: 1,5\r\n\r\n+CREG: 1,"00C3","A1"\r\n\r\nOK\r\n')
    assert heard == [
        Unsolicited("+CREG: 5"),
        Unsolicited('+CREG: 1,"00C3","A1"'),
        Answer(("+CREG: 1,5",)),
    ]


def test_news_lost_half_way_does_not_eat_an_answer() -> None:
    """A +CDS whose PDU never came is dropped; the next line keeps its own meaning."""
    assert _talk(ASK, b"\r\n+CDS: 26\r\n\r\n+CREG: 1,1\r\n\r\nOK\r\n") == [Answer(("+CREG: 1,1",))]


def test_late_answers_mean_nothing() -> None:
    """What comes when nothing is asked is dropped unless it is news."""
    dialogue = Dialogue()
    assert dialogue.feed(b"\r\n+CMGS: 9\r\n\r\nOK\r\n\r\n> ", 0) == []
    assert dialogue.feed(b"\r\nRING\r\n", 0) == [Unsolicited("RING")]


def test_one_command_at_a_time() -> None:
    """A second command is our own mistake and is refused by the dialogue."""
    dialogue = Dialogue()
    dialogue.begin(ASK, 0)
    with pytest.raises(RuntimeError, match="is under way"):
        dialogue.begin(CMGS, 0)


@given(st.lists(st.binary(max_size=80), max_size=30))
@settings(max_examples=300)
def test_garbage_harms_nothing(pieces: list[bytes]) -> None:
    """Any bytes at all raise nothing, and only a whole `>` line makes a PDU be written (P13)."""
    heard = _talk(CMGS, *pieces)
    assert b">" in b"".join(pieces) or not any(isinstance(h, WritePdu) for h in heard)


def test_noise_without_end_is_bounded() -> None:
    """A megabyte without a line end is not kept, and the answer after it is still heard."""
    dialogue = Dialogue()
    dialogue.begin(ASK, 0)
    for _ in range(100):
        dialogue.feed(b"\xf0" * 10_000, 1)
        assert len(dialogue._buffer) <= MAX_LINE_BYTES
    assert dialogue.feed(b"\r\n+CREG: 1,1\r\n\r\nOK\r\n", 2) == [Answer(("+CREG: 1,1",))]
