"""What crosses between the gateway and the telephone stack, and what an exchange's answer means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.calls.line import (
    Busy,
    Digit,
    Ended,
    LineDown,
    NoAnswer,
    NotOpened,
    Played,
    Refused,
    Speech,
)
from gateway.telephone import outcome, said
from gateway.telephone.modem_words import Word
from gateway.telephone.said import SipAccount

OURS = (100, 183, 200, 302, 399, 401, 402, 403, 407, 415, 420, 488, 500, 503, 504, 599, 606)
HERS: dict[int, type] = {
    **dict.fromkeys((486, 600, 603), Busy),
    **dict.fromkeys((480, 408), NoAnswer),
    **dict.fromkeys((404, 410, 484, 604), Refused),
}


@pytest.mark.parametrize(("status", "kind"), HERS.items())
def test_what_an_exchange_says_of_her_telephone(status: int, kind: type) -> None:
    """Busy, no answer and a number that is not connected are told apart."""
    assert isinstance(outcome.of_status(status, "whatever it says", rang=True), kind)


@pytest.mark.parametrize("status", [None, *OURS])
def test_what_is_our_fault_is_a_dead_line(status: int | None) -> None:
    """An account, a server or a network that failed never becomes "she did not answer"."""
    assert isinstance(outcome.of_status(status, "x", rang=True), LineDown)


def test_a_time_out_before_it_rang_is_a_dead_line() -> None:
    """An exchange that could not reach hers says 408 as well as one whose telephone rang."""
    assert isinstance(outcome.of_closing("408 Request Timeout", rang=False), LineDown)
    assert outcome.of_closing("408 Request Timeout", rang=True) == NoAnswer()


@given(st.none() | st.integers(100, 699), st.text(max_size=40), st.booleans())
def test_every_answer_means_something(status: int | None, text: str, rang: bool) -> None:
    """Whatever is answered has one of the four meanings, and a dead line always says why."""
    meant = outcome.of_status(status, text, rang=rang)
    assert isinstance(meant, Busy | NoAnswer | Refused | LineDown)
    assert getattr(meant, "why", "x")


LONG_AGO_S = outcome.RINGS_IN_S


@pytest.mark.parametrize(
    ("word", "why", "network", "rang", "ring_s", "meant"),
    [
        (Word.BUSY, "", None, False, LONG_AGO_S, Busy()),
        (Word.NO_ANSWER, "", None, False, LONG_AGO_S, NoAnswer()),
        (Word.OVER, "", None, True, LONG_AGO_S, NoAnswer()),
        (Word.BUSY, "", "no network", False, LONG_AGO_S, Busy()),  # it was there to say so
        (Word.NO_ANSWER, "", "no network", True, LONG_AGO_S, LineDown("no network")),
        (Word.OVER, "", "no network", False, LONG_AGO_S, LineDown("no network")),
        (Word.BUSY, "the modem is gone", "no network", True, 0, LineDown("the modem is gone")),
    ],
)
def test_what_a_modem_says_of_a_call_nobody_took(
    word: Word, why: str, network: str | None, rang: bool, ring_s: float, meant: NotOpened
) -> None:
    """Busy and no answer are hers; without a network, or without a modem, nobody was reached."""
    assert outcome.of_word(word, why, network, rang=rang, ring_s=ring_s) == meant


@pytest.mark.parametrize("word", [Word.BUSY, Word.NO_ANSWER, Word.OVER])
def test_two_calls_that_met(word: Word) -> None:
    """Somebody called the modem in that moment: whatever it says then is nothing of hers."""
    assert isinstance(outcome.of_word(word, "", None, rang=True, ring_s=LONG_AGO_S - 1), LineDown)


def test_a_network_that_ends_a_call_before_it_rang() -> None:
    """There is a network, and it does not connect this number."""
    meant = outcome.of_word(Word.OVER, "", None, rang=False, ring_s=LONG_AGO_S)
    assert isinstance(meant, Refused)


def test_patience_without_a_ring_is_a_dead_line() -> None:
    """A provider that only said "trying" reached nobody; a telephone that rang was not answered."""
    assert outcome.of_patience(rang=True) == NoAnswer()
    assert isinstance(outcome.of_patience(rang=False), LineDown)


@pytest.mark.parametrize(
    ("number", "address"),
    [("010-1234-5678", "sip:01012345678@x.kr"), ("+82 10 1234", "sip:+82101234@x.kr")],
)
def test_a_number_as_an_address(number: str, address: str) -> None:
    """Spaces and hyphens go, the country stays."""
    assert outcome.target(number, "x.kr") == address


@pytest.mark.parametrize("number", ["", "+", "010;x", "sip:a@b", "010@evil", "1٢", "1+2"])
def test_what_is_no_number_is_never_dialled(number: str) -> None:
    """Nothing but digits reaches the stack, whatever stands in a plan."""
    with pytest.raises(ValueError, match="telephone number"):
        outcome.target(number, "x.kr")


@pytest.mark.parametrize("ended", [Busy(), NoAnswer(), Refused("404 x"), LineDown("gone")])
def test_an_unopened_call_crosses_the_pipe(ended: NotOpened) -> None:
    """What the process says is what the gateway reads."""
    assert said.unopened(said.read(said.line(dict(said.of_unopened(ended))))) == ended


@pytest.mark.parametrize("heard", [Digit("#"), Speech(), Played(), Ended(""), Ended("why")])
def test_what_is_heard_crosses_the_pipe(heard: Digit | Speech | Played | Ended) -> None:
    """What the process says is what the gateway reads."""
    assert said.heard(said.read(said.line(dict(said.of_heard(heard))))) == heard


def test_an_open_call_is_no_end() -> None:
    """The word "open" is None; a word that nobody knows is a dead line, never an answer."""
    assert said.unopened({"is": "open"}) is None
    assert said.unopened({"is": "nonsense"}) == LineDown("")


@given(st.binary(max_size=60))
def test_a_library_s_chatter_is_not_a_line(raw: bytes) -> None:
    """Whatever else comes out of the process is read as nothing, or as a JSON object."""
    assert isinstance(said.read(raw), dict)


def test_a_password_is_never_shown() -> None:
    """An account in a log or an error does not carry it."""
    assert "geheim" not in repr(SipAccount("u", "d", "s", password="geheim"))
