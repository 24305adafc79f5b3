"""The oracle on stories told by hand: it sees what is wrong, and nothing where all is right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.units import DAY_MS, HOUR_MS, MIN_MS
from tools.bench.told_happened import (
    Answer,
    Doubt,
    Help,
    Ladder,
    Reply,
    Report,
    Says,
    Seen,
    Slot,
    Span,
    Step,
    Story,
    Taken,
    Text,
)
from tools.bench.told_oracle import Rule, judge

DOSE = "2026-03-02/2"
DUE, CLOSES = 10 * HOUR_MS, 11 * HOUR_MS
DEADLINE = CLOSES + 5 * MIN_MS
DAUGHTER, OFFICER = "daughter", "officer"
LADDER = Ladder(
    (Step(0, (DAUGHTER,)), Step(15 * MIN_MS, (OFFICER,))), (60 * MIN_MS, 6 * HOUR_MS), DAY_MS
)


def text(number: int, at_ms: int, to: str, says: Says = Says.UNCONFIRMED, **more: object) -> Text:
    """One text about the dose, taken at once."""
    one = Text(number, at_ms, to, says, 1, (DOSE,), answered_ms=at_ms)
    return replace(one, **more)  # type: ignore[arg-type] # fields by name


def told(*texts: Text, until_ms: int = DEADLINE + 30 * MIN_MS) -> Story:
    """One dose that nobody confirmed, these texts about it, each delivered after five seconds."""
    story = Story(LADDER, 5 * MIN_MS, until_ms, [Slot(DOSE, DUE, CLOSES)], texts=list(texts))
    taken = (t for t in texts if t.answer is Answer.ACCEPTED)
    story.reports = [Report(t.number, t.at_ms + 5_000, delivered=True) for t in taken]
    return story


def rules(story: Story) -> set[Rule]:
    """What the oracle says of it."""
    return {finding.rule for finding in judge(story).findings}


FIRST = text(0, DEADLINE, DAUGHTER)
SECOND = text(1, DEADLINE + 15 * MIN_MS, OFFICER)


def test_all_is_right() -> None:
    """Told at the deadline, the next step at its time: nothing to say, and the wait is measured."""
    verdict = judge(told(FIRST, SECOND))
    assert (verdict.findings, verdict.owed, verdict.waits_ms) == ([], 1, [0])


def test_nobody_is_told() -> None:
    """The dose is owed and no text came; a minute before the deadline nothing is owed yet."""
    assert rules(told()) == {Rule.UNTOLD}
    assert rules(told(until_ms=DEADLINE - MIN_MS)) == set()


@pytest.mark.parametrize(
    ("texts", "rule"),
    [
        ((text(0, DEADLINE + 3 * MIN_MS, DAUGHTER), SECOND), Rule.TOLD_LATE),
        ((text(0, DEADLINE - 3 * MIN_MS, DAUGHTER), SECOND), Rule.TOLD_EARLY),
        ((FIRST, text(1, DEADLINE + MIN_MS, OFFICER)), Rule.TOLD_EARLY),
        ((FIRST,), Rule.SILENT),
        ((text(0, DEADLINE, DAUGHTER, Says.MISSED), SECOND), Rule.MISSED_UNSEEN),
        ((FIRST, text(2, DEADLINE + 9_000, DAUGHTER), SECOND), Rule.TWICE),
        ((FIRST, text(2, DEADLINE + 9_000, DAUGHTER, marked=True), SECOND), Rule.MARKED_TWICE),
        ((FIRST, text(2, DEADLINE, OFFICER, Says.RESOLVED), SECOND), Rule.CLEAR_TO_UNTOLD),
        ((FIRST, text(2, DEADLINE, DAUGHTER, Says.RESOLVED), SECOND), Rule.CLEAR_FOR_NOTHING),
        ((FIRST, SECOND, text(2, DEADLINE, DAUGHTER, Says.HELP)), Rule.HELP_FOR_NOTHING),
        ((FIRST, SECOND, text(2, DEADLINE, DAUGHTER, slots=())), Rule.TOLD_FOR_NOTHING),
    ],
)
def test_a_wrong_text_is_seen(texts: tuple[Text, ...], rule: Rule) -> None:
    """One text more, less, or at another time breaks its own sentence."""
    assert rule in rules(told(*texts))


def test_a_text_that_fails_hurries_the_next() -> None:
    """Refused: the officer within seconds is right, at her usual time is late; so unreported."""
    refused = replace(FIRST, answer=Answer.REFUSED)
    assert rules(told(refused, text(1, DEADLINE + 1_000, OFFICER))) == set()
    assert rules(told(refused, SECOND)) == {Rule.NEXT_LATE}
    unreported = told(FIRST, SECOND)
    unreported.reports.pop(0)
    assert rules(unreported) == {Rule.NEXT_LATE}


def test_a_lost_answer_is_repeated_once_and_marked() -> None:
    """One marked duplicate after a lost answer is right; without the mark she is told twice."""
    lost = replace(FIRST, answer=Answer.LOST)
    again = text(2, DEADLINE + 35_000, DAUGHTER, marked=True)
    assert rules(told(lost, again, SECOND)) == set()
    assert Rule.TWICE in rules(told(lost, replace(again, marked=False), SECOND))


def test_a_record_that_comes_later_is_a_correction_to_the_told() -> None:
    """Opened in time and known late: a correction to her, and to nobody else."""
    known = DEADLINE + 10 * MIN_MS
    story = told(FIRST, text(2, known, DAUGHTER, Says.CORRECTED))
    story.taken = [Taken(DOSE, DUE, known)]
    assert rules(story) == set()
    assert rules(replace(story, texts=[FIRST])) == {Rule.NO_ALL_CLEAR}
    wrong = text(2, known, DAUGHTER, Says.RESOLVED)
    assert rules(replace(story, texts=[FIRST, wrong])) == {Rule.NOT_CORRECTED}
    late = text(3, known + MIN_MS, OFFICER)
    assert Rule.TOLD_OF_TAKEN in rules(replace(story, texts=[*story.texts, late]))


def test_an_answer_rests_the_ladder_until_it_ends() -> None:
    """She goes: the officer is not told; when that is over and nobody opened, she is."""
    until = DEADLINE + 61 * MIN_MS
    resting = told(FIRST, until_ms=until + 30 * MIN_MS)
    resting.replies = [Reply(DAUGHTER, DEADLINE + MIN_MS, (DOSE,), until)]
    assert rules(replace(resting, texts=[FIRST, text(1, until, OFFICER)])) == set()
    assert rules(resting) == {Rule.SILENT}
    assert Rule.AFTER_ANSWER in rules(replace(resting, texts=[FIRST, SECOND]))


def test_the_last_step_is_told_again() -> None:
    """The officer is told again after an hour; silence after the last step is one."""
    long = {"until_ms": DEADLINE + 90 * MIN_MS}
    again = text(2, SECOND.at_ms + 60 * MIN_MS, OFFICER)
    assert rules(told(FIRST, SECOND, again, **long)) == set()
    assert rules(told(FIRST, SECOND, **long)) == {Rule.SILENT}


def test_days_away_and_doubtful_doses() -> None:
    """A day in hospital tells nobody; a wrong lid is asked about at once, not after the window."""
    away = told(FIRST, SECOND)
    away.away = [Span(0, DAY_MS)]
    assert rules(away) == {Rule.TOLD_AWAY}
    assert rules(replace(away, texts=[])) == set()
    doubt = DUE + 6 * MIN_MS
    story = told(
        text(0, doubt, DAUGHTER, Says.DOUBTFUL),
        text(1, doubt + 15 * MIN_MS, OFFICER, Says.DOUBTFUL),
        until_ms=doubt + 30 * MIN_MS,
    )  # fmt: skip
    story.doubts = [Doubt(DOSE, doubt)]
    assert rules(story) == set()
    assert rules(replace(story, texts=[])) == {Rule.UNTOLD}


def test_a_gateway_that_was_away_tells_when_it_is_back() -> None:
    """Down across the deadline: told soon after the start is right, never told is not."""
    down = Span(CLOSES, CLOSES + 3 * HOUR_MS)
    back = down.until_ms
    story = told(
        text(0, back + 6_000, DAUGHTER, Says.MISSED),
        text(1, back + 6_000 + 15 * MIN_MS, OFFICER, Says.MISSED),
        until_ms=back + 30 * MIN_MS,
    )
    story.gateway_down, story.seen = [down], [Seen(back, back + 5_000)]
    assert rules(story) == set()
    assert rules(replace(story, texts=[])) == {Rule.UNTOLD}


def test_help_is_told_at_once_and_first() -> None:
    """Called: the first step at once; a dose told in between is out of turn."""
    call = DEADLINE + 10_000
    helped = text(5, call + 4_000, DAUGHTER, Says.HELP, slots=())
    story = told(FIRST, SECOND, helped)
    story.helps = [Help(call)]
    assert rules(story) == set()
    assert rules(replace(story, texts=[FIRST, SECOND])) == {Rule.HELP_UNTOLD, Rule.OUT_OF_TURN}
    between = text(6, call + 3_000, OFFICER, Says.OTHER, slots=())
    assert rules(replace(story, texts=[*story.texts, between])) == {Rule.OUT_OF_TURN}
