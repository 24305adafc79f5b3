"""A call is talked through: keys reach the conversation, sentences reach her, the end is heard."""

from __future__ import annotations

import asyncio

import pytest

from gateway.app.talking import Ears, Talking, not_opened
from gateway.calls.conversation import Answer, Asked, End
from gateway.calls.line import Busy, Digit, Heard, LineDown, NoAnswer, NotOpened, Refused, Speech
from gateway.calls.sentences import SENTENCES
from tests.gateway.phone_fake import FakeCall, cut_off_after, presses

ALL = ("here", "meals", "pain")


class Clock:
    """Each look is two seconds later."""

    def __init__(self) -> None:
        self.at_ms = 0

    def now_ms(self) -> int:
        self.at_ms += 2_000
        return self.at_ms


def talked(call: FakeCall, *questions: str) -> tuple[End, list[Answer]]:
    """The end of a call that asks these, and what was written down in it."""
    kept: list[Answer] = []

    async def keep(answer: Answer) -> None:
        kept.append(answer)

    ears = Ears({key: (key,) for key in SENTENCES}, keep, Clock().now_ms)
    end = asyncio.run(Talking(call, ears).through(Asked(questions or ALL)))
    return end, kept


def test_every_key_is_an_answer() -> None:
    """Each question's key is kept, in order, and the last sentence is goodbye."""
    call = presses("121")
    end, kept = talked(call)
    assert end == End("answered")
    assert [(a.question, a.answer, a.digit) for a in kept] == [
        ("here", "here", "1"),
        ("meals", "no", "2"),
        ("pain", "none", "1"),
    ]
    assert call.said[-1][-1] == "bye"


def test_silence_is_heard_after_the_sentence_and_not_before() -> None:
    """A voicemail hears each sentence to its end, again and again, and is no answer."""
    call = FakeCall([Speech()])
    end, kept = talked(call)
    assert end.outcome == "voicemail"
    assert not kept
    assert sum("here" in said for said in call.said) == 3


def test_a_call_that_breaks_keeps_what_was_said() -> None:
    """She hung up after two answers: both are kept. Our line broke: that is the line's."""
    end, kept = talked(cut_off_after("11"))
    assert (end.outcome, len(kept)) == ("partly", 2)
    assert talked(cut_off_after("1", "the line died"))[0] == End("line_down", "the line died")


def test_a_key_in_the_goodbye_has_it_said_again() -> None:
    """A key breaks a sentence off: what to do when it is urgent is said anew, once."""
    call = FakeCall([Digit("1"), Digit("0")])
    goodbyes: list[Heard | None] = [Digit("5"), Digit("5")]
    call.does += goodbyes
    original = call.heard

    async def at_once(patience_ms: int) -> Heard | None:
        if "urgent" in call.said[-1] and call.does:
            return call.does.pop(0)
        return await original(patience_ms)

    call.heard = at_once  # type: ignore[method-assign]
    end, kept = talked(call)
    assert end.outcome == "answered"
    assert kept[-1].answer == "help"
    assert [said for said in call.said if "urgent" in said] == [call.said[-1]] * 2


def test_a_sound_that_never_ends_is_not_waited_for() -> None:
    """A driver that never says that it played does not hold her for ever."""
    call = FakeCall([])

    async def nothing(patience_ms: int) -> Heard | None:
        return None

    call.heard = nothing  # type: ignore[method-assign]
    assert talked(call)[0].outcome == "voicemail"


@pytest.mark.parametrize(
    ("how", "end"),
    [
        (Busy(), End("busy")),
        (NoAnswer(), End("no_answer")),
        (Refused("404 Not Found"), End("refused", "404 Not Found")),
        (LineDown("no network"), End("line_down", "no network")),
    ],
)
def test_a_call_that_was_not_opened(how: NotOpened, end: End) -> None:
    """A dead line is the line's, everything else is told as it was."""
    assert not_opened(how) == end
