"""What a modem says of calls: never taken for the fate of a text, read as what it means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.modem.at import Answer, Command, Dialogue, Happening, Refusal, Unsolicited, WritePdu
from gateway.telephone.modem_words import Word, key_of, state_of, word_of

PDU = "0011000C912801214365870008A702AC00"
CMGS = Command("AT+CMGS=16", 55_000, PDU, 30_000)
DIAL = Command("ATD+821087654321;", 5_000)
NEWS = [
    *("NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "RING"),
    *("VOICE CALL: BEGIN", "VOICE CALL: END: 000352", "MISSED_CALL: 08:48AM +8210", "+RXDTMF: 1"),
]
TEXT = [b"AT+CMGS=16\r\r\n", b"\r\n> ", b"\r\n+CMGS: 7\r\n", b"\r\nOK\r\n"]


def _said(command: Command, *pieces: bytes) -> list[Happening]:
    dialogue = Dialogue()
    dialogue.begin(command, 0)
    return [happening for piece in pieces for happening in dialogue.feed(piece, 1)]


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(NEWS)), max_size=6))
def test_news_of_a_call_never_ends_a_text(news: list[tuple[int, str]]) -> None:
    """A call that begins or ends while a text is handed over: the text's fate is its own.

    Taken for a refusal, the text would be handed over again, and arrive twice.
    """
    pieces = [b""] * 5
    for place, line in news:
        pieces[place] += f"\r\n{line}\r\n".encode()
    said = [each for pair in zip(pieces, [*TEXT, b""], strict=True) for each in pair]
    happened = _said(CMGS, *said)
    assert [h for h in happened if not isinstance(h, Unsolicited)] == [
        WritePdu(PDU.encode() + b"\x1a"),
        Answer(("+CMGS: 7",)),
    ]
    assert sorted(h.line for h in happened if isinstance(h, Unsolicited)) == sorted(
        line for _, line in news
    )


@pytest.mark.parametrize("line", ["NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE"])
def test_an_end_answers_the_dialling_only(line: str) -> None:
    """Some modems answer ATD itself so; nothing else is ended by it."""
    said = f"\r\n{line}\r\n".encode()
    assert _said(DIAL, said) == [Refusal("ERROR", None, line)]
    assert _said(Command("AT+CLCC", 5_000), said) == [Unsolicited(line)]


def test_a_list_of_calls_is_an_answer_or_news() -> None:
    """+CLCC is the answer to AT+CLCC and news at any other time."""
    line = '+CLCC: 1,0,3,0,0,"+821087654321",145'
    said = f"\r\n{line}\r\n\r\nOK\r\n".encode()
    assert _said(Command("AT+CLCC", 5_000), said) == [Answer((line,))]
    assert _said(Command("AT+CSQ", 5_000), said) == [Unsolicited(line), Answer(())]


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ((), Word.OVER),
        (('+CLCC: 1,0,0,0,0,"010",129',), Word.UP),
        (('+CLCC: 1,0,2,0,0,"010",129',), None),
        (('+CLCC: 1,0,3,0,0,"010",129',), Word.RINGS),
        (('+CLCC: 1,1,4,0,0,"010",129',), Word.OVER),  # somebody calls us: not our call
        (('+CLCC: 1,0,0,1,0,"",129',), Word.OVER),  # a call of data
        (('+CLCC: 1,1,5,0,0,"1",129', "+CLCC: 2,0,0,0,0"), Word.UP),
    ],
)
def test_where_a_call_is(lines: tuple[str, ...], state: Word | None) -> None:
    """Only our own call of voice counts, as 27.007 numbers its states."""
    assert state_of(lines) is state


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("+RXDTMF: 1", "1"),
        ("+RXDTMF:#", "#"),
        ('+DTMF: "*"', "*"),
        ("+RXDTMF: 12", ""),
        ("+RXDTMF: ", ""),
        ("+CREG: 1", ""),
    ],
)
def test_a_key(line: str, key: str) -> None:
    """One key a line, or none."""
    assert key_of(line) == key


def test_the_words_of_a_call() -> None:
    """Each line that tells of a call has its word, no other line has one."""
    assert [word_of(line) for line in NEWS] == [
        *(Word.OVER, Word.BUSY, Word.NO_ANSWER, Word.OVER, None),
        *(Word.UP, Word.OVER, None, None),
    ]
