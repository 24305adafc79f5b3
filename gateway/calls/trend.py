"""What she answered over weeks, as plain figures for a plot.

Knows: how answers are counted. May not know: a plot, words, what a change means: it draws no
conclusion.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.calls.believed import Task
from gateway.calls.questions import ASKED, is_good, name_of

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Week:
    """One week from its Monday: how often she gave the well answer, the other one, and neither.

    `open`: days on which she was called (her number was dialled) without an answer to this
    question; where she was not called nothing is counted.
    """

    monday: date
    good: int
    not_good: int
    open: int


def trend(
    tasks: Iterable[Task], question: str, today: date, weeks: int = WEEKS
) -> tuple[Week, ...]:
    """The last weeks, the oldest first, this one last. An answer counts in its call's week."""
    this = today - timedelta(days=today.weekday())
    mondays = [this - timedelta(weeks=n) for n in range(weeks - 1, -1, -1)]
    counts = {monday: [0, 0, 0] for monday in mondays}
    for task in tasks:
        day = date.fromisoformat(task.id[2])
        monday = day - timedelta(days=day.weekday())
        asked = question in {name_of(of) for of in ASKED[task.id[1]]}
        if asked and monday in counts and (task.done or task.attempts):
            counts[monday][_place(task, question)] += 1
    return tuple(Week(monday, *counts[monday]) for monday in mondays)


def _place(task: Task, question: str) -> int:
    answer = task.answers.get(question)
    good = is_good(question, answer.answer) if answer is not None else None
    return 2 if good is None else 0 if good else 1
