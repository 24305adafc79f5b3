"""Whether one worry went up its ladder: each person in turn, none silent, none too early.

Knows: the issue's sentences on ladders; P6's "delivered or next person". May not know: the gateway.

The walk follows what was really sent: a step is due so long after the step before was really
told, at once when every text of that failed, and five minutes after it when no report came.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from tools.bench.told_happened import Answer, Step, Story, Text
from tools.bench.told_times import (
    DELIVERED_MS,
    NEXT_MS,
    RECOVERED_MS,
    SLACK_MS,
    later_than_down,
    troubled,
)


def kept_apart_ms(story: Story) -> int:
    """So far apart the last step's texts are at least."""
    return min(story.ladder.again_ms) - RECOVERED_MS


class Walk:
    """One worry's way up. `wrong` holds (name of the rule, instant, who)."""

    def __init__(
        self, story: Story, slot: str, texts: list[Text], from_ms: int, ends_ms: int
    ) -> None:
        self.story, self.ladder = story, story.ladder
        self.ends_ms = min(ends_ms, from_ms + story.ladder.over_ms)
        self.left = _whole(texts)
        self.at_ms = from_ms
        self.first_ms = max(from_ms, texts[0].at_ms) if texts else from_ms
        self.every = [reply for reply in story.replies if slot in reply.slots]
        self.replies = list(self.every)  # that are still ahead
        self.wrong: list[tuple[str, int, str]] = []
        self.open: Counter[str] = Counter()

    def go(self) -> None:
        """Step by step until the worry ends or the story does."""
        steps = self.ladder.steps
        soonest_ms = due_ms = self.at_ms + steps[0].after_ms
        hurried, place = False, 0
        while due_ms < self.ends_ms:
            step = steps[min(place, len(steps) - 1)]
            if self._answered_before(step, due_ms):
                # From the answer's end on it goes on, also where the ladder would have rested.
                soonest_ms = due_ms = self.replies.pop(0).until_ms
                hurried = False
                continue
            told = self._told(step, place, soonest_ms, due_ms, hurried=hurried)
            if not told:
                return
            place += 1
            late_ms = max(text.at_ms for text in told)
            soonest_ms = min(soonest_ms, late_ms) + self._wait_ms(place, soonest=True)
            due_ms = max(late_ms + self._wait_ms(place), self._planned_ms(place))
            hurried = False
            if place < len(steps):
                gone_ms = self._gone_ms(told)
                if gone_ms and gone_ms < due_ms:
                    soonest_ms, due_ms, hurried = min(gone_ms, soonest_ms), gone_ms, True

    def _wait_ms(self, place: int, *, soonest: bool = False) -> int:
        """Between a step and the one before; which of its intervals the last one takes is open."""
        steps, again = self.ladder.steps, self.ladder.again_ms
        if place < len(steps):
            return steps[place].after_ms
        return min(again) if soonest else again[min(place - len(steps), len(again) - 1)]

    def _planned_ms(self, place: int) -> int:
        """When a step is due where none before it failed: it may keep to that.

        Counted from when anybody was told first: a gateway that was away begins then.
        """
        steps = self.ladder.steps
        waits = (step.after_ms for step in steps[: place + 1])
        return self.first_ms + sum(waits) if place < len(steps) else 0

    def _answered_before(self, step: Step, due_ms: int) -> bool:
        """Whether somebody answered before the step's turn, and before it was told."""
        texts = (text.at_ms for text in self.left if text.to in step.people)
        return bool(self.replies) and self.replies[0].known_ms < min(due_ms, *texts, due_ms)

    def _resting(self, at_ms: int) -> bool:
        """Somebody said that they go, and that still counts."""
        return any(reply.known_ms <= at_ms < reply.until_ms for reply in self.every)

    def _told(
        self, step: Step, place: int, soonest_ms: int, due_ms: int, *, hurried: bool
    ) -> list[Text]:
        """The texts of a step; those that never came are said."""
        owed_ms = later_than_down(self.story, due_ms)
        told = []
        for who in step.people:
            text = next((text for text in self.left if text.to == who), None)
            if text is not None and text.at_ms < soonest_ms - SLACK_MS:
                resting = self._resting(text.at_ms - SLACK_MS) and not self._waited(text)
                self.wrong.append(("AFTER_ANSWER" if resting else "TOLD_EARLY", text.at_ms, who))
            late = text is None or text.at_ms > owed_ms + RECOVERED_MS
            if late and not (text is not None and self._waited(text)):
                self._missing(who, place, owed_ms, text, hurried=hurried)
            elif hurried and text is not None and self._dawdled(text, owed_ms):
                self.wrong.append(("NEXT_LATE", text.at_ms, who))
            if text is not None:
                self.left.remove(text)
                told.append(text)
        return told

    def _dawdled(self, text: Text, owed_ms: int) -> bool:
        """Whether it came late though the modem worked and had nothing else in hand."""
        before = (t.answered_ms for t in self.story.texts if t.at_ms < text.at_ms)
        free_ms = max(owed_ms, *before, owed_ms)
        return text.at_ms > free_ms + NEXT_MS and not self._waited(text)

    def _waited(self, text: Text) -> bool:
        return troubled(self.story, text.at_ms)

    def _missing(
        self, who: str, place: int, owed_ms: int, text: Text | None, *, hurried: bool
    ) -> None:
        late_ms = owed_ms + RECOVERED_MS
        if late_ms > self.ends_ms:
            return  # it ended meanwhile
        if self._resting(late_ms):
            self.open["answered while the next text was owed"] += 1
        elif hurried:
            self.wrong.append(("NEXT_LATE", late_ms, who))
        elif place:
            self.wrong.append(("SILENT", late_ms, who))
        else:
            self.wrong.append(("TOLD_LATE" if text else "UNTOLD", late_ms, who))

    def _gone_ms(self, told: list[Text]) -> int:
        """When it was clear that no text of a step arrived; 0 where one did or might."""
        gone = [_failed_ms(self.story, text) or self._unreported_ms(text) for text in told]
        return max(gone) if all(gone) else 0

    def _unreported_ms(self, text: Text) -> int:
        taken_ms = text.answered_ms or text.at_ms
        reports = (r for r in self.story.reports if r.text == text.number and r.delivered)
        if any(report.at_ms <= taken_ms + DELIVERED_MS for report in reports):
            return 0
        return taken_ms + DELIVERED_MS


def _whole(texts: list[Text]) -> list[Text]:
    """A text and its further tries as one: from when it was handed over first, as it ended."""
    found: list[Text] = []
    for text in texts:
        before = next((t for t in reversed(found) if t.to == text.to), None)
        again = before is not None and (text.marked or before.answer == Answer.BUSY)
        if before is not None and again:
            found[found.index(before)] = replace(text, at_ms=before.at_ms)
        else:
            found.append(text)
    return found


def _failed_ms(story: Story, text: Text) -> int:
    """When it was known that this text does not arrive; 0 where it is not."""
    if text.answer == Answer.REFUSED or (text.answer == Answer.LOST and text.marked):
        return text.answered_ms
    failed = [r.at_ms for r in story.reports if r.text == text.number and not r.delivered]
    return min(failed, default=0)
