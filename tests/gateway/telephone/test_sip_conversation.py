"""The real conversation through the real line with SIPp at the other end: what a call came to."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from gateway.app.talking import Ears, Talking
from gateway.calls.conversation import Answer, Asked, End
from gateway.calls.sentences import SENTENCES
from tests.gateway.telephone import manners, phones
from tools.home.sipp import Sipp
from tools.home.sipp_scenario import HangUp, Press, Step, Wait, answers, tone

pytestmark = pytest.mark.long
_LATER = Wait(1_300)  # sooner it would be meant for the question before
HERE, NO_PAIN, PAIN = ("here", "here", "1"), ("pain", "none", "1"), ("pain", "pain", "2")


def _of(keys: str, *, hangs_up: bool = False) -> list[Step]:
    steps: list[Step] = [step for key in keys for step in (_LATER, Press(key))]
    return [*steps, _LATER, HangUp()] if hangs_up else steps


@pytest.mark.parametrize(
    ("steps", "answered", "outcome"),
    [
        (_of("11"), [HERE, NO_PAIN], "answered"),
        (_of("12"), [HERE, PAIN], "answered"),
        (_of("91#1"), [HERE, NO_PAIN], "answered"),  # wrong keys are asked again
        (_of("1", hangs_up=True), [HERE], "partly"),
        (_of("", hangs_up=True), [], "hung_up"),
        (_of("9", hangs_up=True), [], "hung_up"),  # a key that means nothing is no answer
    ],
)
def test_what_a_call_came_to(
    tmp_path: Path, steps: list[Step], answered: list[tuple[str, str, str]], outcome: str
) -> None:
    """Right keys, wrong keys and a receiver put down at each question, through SIP and back."""
    end, kept = _through(tmp_path, answers(steps, tmp_path))
    assert [(a.question, a.answer, a.digit) for a in kept] == answered
    assert end.outcome == outcome


def test_an_exchange_that_says_each_key_twice(tmp_path: Path) -> None:
    """By RTP and then by INFO: no question is answered by the second word for the one before."""
    end, kept = _through(tmp_path, manners.says_keys_twice("12", tmp_path))
    assert [(a.question, a.answer, a.digit) for a in kept] == [HERE, PAIN]
    assert end.outcome == "answered"


def _through(tmp_path: Path, scenario: str) -> tuple[End, list[Answer]]:
    """A call to her that asks whether she is there and whether it hurts; what came of it."""
    sentence = tone(tmp_path / "a.wav", 60)
    kept: list[Answer] = []

    async def keep(answer: Answer) -> None:
        kept.append(answer)

    async def call() -> End:
        sounds = {key: [sentence] for key in SENTENCES}
        ears = Ears(sounds, keep, lambda: time.monotonic_ns() // 1_000_000)
        called = Sipp(tmp_path, scenario)
        async with called, phones.line_to(called.address) as line:
            call = await phones.opened(line)
            end = await Talking(call, ears).through(Asked(("here", "pain")))
            await call.hang_up()
            return end

    return phones.run(call()), kept
