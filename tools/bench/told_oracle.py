"""A person who knows the field: told one resident's story, says who was told wrongly or not at all.

Knows: the design's pages (field §3, §6–§8; promises P5–P7, P11) and the text of the issue on texts,
and the figures in them. May not know: any file of the gateway; it shares no line with it.

Every sentence of the pages that a text can break is a `Rule`. What the pages leave open is
counted in `Verdict.open` and not judged.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from gateway.units import DAY_MS
from tools.bench.told_happened import ALL_CLEAR, WORRIES, Answer, Says, Slot, Story, Taken, Text
from tools.bench.told_ladder import Walk, kept_apart_ms
from tools.bench.told_times import RECOVERED_MS, SLACK_MS, later_than_down, troubled

CATCH_UP_MS = DAY_MS  # "minutes, hours, a day": older ones may be capped


class Rule(StrEnum):
    """Sentences of the pages, by what breaks them."""

    UNTOLD = "nobody was told of a dose that nobody confirmed"
    TOLD_LATE = "a person was told too late"
    TOLD_EARLY = "a person was told before it was their turn"
    SILENT = "the ladder went silent while nobody had answered"
    NEXT_LATE = "the text failed and the next person waited"
    MISSED_UNSEEN = "'missed' was said without the box's records up to the window's end"
    TOLD_OF_TAKEN = "a worry about a dose known to be taken"
    TOLD_AWAY = "a worry about a day on which the person is away"
    TWICE = "somebody was told twice for one thing"
    MARKED_TWICE = "more than one marked duplicate, or one without a lost answer"
    NO_ALL_CLEAR = "who was told of a worry was not told of its end"
    NOT_CORRECTED = "a late record came and no correction went to who was told otherwise"
    CLEAR_TO_UNTOLD = "an all-clear to somebody who was never told of the worry"
    CLEAR_FOR_NOTHING = "an all-clear although the worry had not ended"
    HELP_UNTOLD = "help was called and not passed on at once"
    HELP_FOR_NOTHING = "help was told that nobody called"
    OUT_OF_TURN = "a less urgent text went before help"
    TOLD_FOR_NOTHING = "a worry that no dose explains"
    AFTER_ANSWER = "told although somebody was on the way"


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken sentence."""

    rule: Rule
    at_ms: int
    about: str


@dataclass(slots=True)
class Verdict:
    """What is wrong, what the rules leave open, how long after the deadline the first text went."""

    findings: list[Finding] = field(default_factory=list)
    open: Counter[str] = field(default_factory=Counter)
    owed: int = 0  # doses of which somebody had to be told
    waits_ms: list[int] = field(default_factory=list)
    behind_ms: list[int] = field(default_factory=list)  # the same, behind another text in hand

    def say(self, rule: Rule, at_ms: int, about: str) -> None:
        """A sentence is broken."""
        self.findings.append(Finding(rule, at_ms, about))


def judge(story: Story) -> Verdict:
    """Everything that can be said of one person's days."""
    verdict = Verdict()
    for slot in story.slots:
        if _deadline_ms(story, slot) <= story.until_ms:
            _dose(story, slot, verdict)
    _helps(story, verdict)
    known = {slot.key for slot in story.slots}
    for text in (t for t in story.texts if t.says in WORRIES):
        if not known.intersection(text.slots):
            verdict.say(Rule.TOLD_FOR_NOTHING, text.at_ms, f"incident {text.incident} {text.to}")
    return verdict


# --- a dose -----------------------------------------------------------------------------------


def _deadline_ms(story: Story, slot: Slot) -> int:
    """From here on somebody has to be told: the records are in, a doubt is, the grace is over."""
    ends = [slot.closes_ms + story.grace_ms]
    ends += [s.known_ms for s in story.seen if s.upto_ms >= slot.closes_ms]
    ends += [d.known_ms for d in story.doubts if d.slot == slot.key]
    return min(ends)


def _dose(story: Story, slot: Slot, verdict: Verdict) -> None:
    about = [text for text in story.texts if slot.key in text.slots]
    worries = [text for text in about if text.says in WORRIES]
    ended = _known_taken(story, slot)
    _said_rightly(story, slot, about, verdict)
    _said_once(story, slot, worries, verdict)
    _all_clear(story, slot, about, ended, verdict)
    if any(span.holds(slot.due_ms) for span in story.away):
        for text in worries:
            verdict.say(Rule.TOLD_AWAY, text.at_ms, slot.key)
        return
    late_ms = ended.known_ms + RECOVERED_MS if ended else 0
    for text in worries:
        if ended and text.at_ms > ended.known_ms + SLACK_MS:
            if text.marked or (troubled(story, text.at_ms) and text.at_ms < late_ms):
                verdict.open["a text already on its way when the record came"] += 1
            else:
                verdict.say(Rule.TOLD_OF_TAKEN, text.at_ms, slot.key)
    if ended is None or ended.known_ms > _deadline_ms(story, slot) + SLACK_MS:
        _ladder(story, slot, worries, ended, verdict)


def _known_taken(story: Story, slot: Slot) -> Taken | None:
    """The first word of this dose's being taken that reached the gateway."""
    known = [taken for taken in story.taken if taken.slot == slot.key]
    return min(known, key=lambda taken: taken.known_ms, default=None)


def _ladder(
    story: Story, slot: Slot, worries: list[Text], ended: Taken | None, verdict: Verdict
) -> None:
    deadline_ms = _deadline_ms(story, slot)
    owed_ms = later_than_down(story, deadline_ms)
    if owed_ms - deadline_ms > CATCH_UP_MS:
        verdict.open["a deadline more than a day before the gateway came back"] += 1
        return
    verdict.owed += 1
    ends_ms = min(story.until_ms, ended.known_ms if ended else story.until_ms)
    walk = Walk(story, slot.key, worries, deadline_ms, ends_ms)
    walk.go()
    verdict.open.update(walk.open)
    for rule, at_ms, who in walk.wrong:
        verdict.say(Rule[rule], at_ms, f"{slot.key} {who}")
    if worries and owed_ms == deadline_ms:
        first_ms = worries[0].at_ms
        behind = any(t.at_ms < first_ms and t.answered_ms > deadline_ms for t in story.texts)
        (verdict.behind_ms if behind else verdict.waits_ms).append(first_ms - deadline_ms)


def _said_rightly(story: Story, slot: Slot, about: list[Text], verdict: Verdict) -> None:
    """'Missed' may be said only with all of the box's records up to the window's end."""
    for text in about:
        if text.says in (Says.MISSED, Says.AFTER_ALL):
            known = (seen for seen in story.seen if seen.known_ms <= text.at_ms)
            doubted = any(d.slot == slot.key and d.known_ms <= text.at_ms for d in story.doubts)
            if not doubted and not any(seen.upto_ms >= slot.closes_ms for seen in known):
                verdict.say(Rule.MISSED_UNSEEN, text.at_ms, slot.key)


def _said_once(story: Story, slot: Slot, worries: list[Text], verdict: Verdict) -> None:
    """Nobody twice for one thing: but the last step at its interval, and one marked duplicate."""
    last: dict[str, Text] = {}
    for text in worries:
        before = last.get(text.to)
        if text.marked:
            lost = before is not None and before.answer == Answer.LOST and not before.marked
            busy = before is not None and before.answer == Answer.BUSY and before.marked
            if not lost and not busy:
                verdict.say(Rule.MARKED_TWICE, text.at_ms, f"{slot.key} {text.to}")
        elif before is not None and before.answer not in (Answer.REFUSED, Answer.BUSY):
            again = text.to in story.ladder.steps[-1].people
            if not again or text.at_ms - before.at_ms < kept_apart_ms(story):
                verdict.say(Rule.TWICE, text.at_ms, f"{slot.key} {text.to}")
        last[text.to] = text


def _all_clear(
    story: Story, slot: Slot, about: list[Text], ended: Taken | None, verdict: Verdict
) -> None:
    """The end of a worry is told to those who were told of it, to nobody else, and truly."""
    told: dict[str, Text] = {}
    cleared: dict[str, Text] = {}
    for text in about:
        if text.says in WORRIES and text.answer not in (Answer.REFUSED, Answer.BUSY):
            told.setdefault(text.to, text)
        elif text.says in ALL_CLEAR:
            cleared.setdefault(text.to, text)
            if text.to not in told:
                verdict.say(Rule.CLEAR_TO_UNTOLD, text.at_ms, f"{slot.key} {text.to}")
            if ended is None or ended.known_ms > text.at_ms:
                verdict.say(Rule.CLEAR_FOR_NOTHING, text.at_ms, f"{slot.key} {text.to}")
    for who, text in told.items() if ended else ():
        if ended and text.at_ms <= ended.known_ms:
            _cleared(story, slot, ended, text, cleared.get(who), verdict)


def _cleared(
    story: Story, slot: Slot, ended: Taken, text: Text, got: Text | None, verdict: Verdict
) -> None:
    """Whether one who was told of the worry was told of its end."""
    owed_ms = later_than_down(story, ended.known_ms) + RECOVERED_MS
    if got is None and (why := _left_open(story, slot, ended, text)):
        verdict.open[why] += 1
        return
    late = got is None or (got.at_ms > owed_ms and not troubled(story, got.at_ms))
    if late and owed_ms <= story.until_ms:
        verdict.say(Rule.NO_ALL_CLEAR, owed_ms, f"{slot.key} {text.to}")
    in_time = ended.at_ms <= slot.closes_ms and not ended.by_word
    if got is not None and in_time and got.says != Says.CORRECTED:
        verdict.say(Rule.NOT_CORRECTED, got.at_ms, f"{slot.key} {text.to}")


def _left_open(story: Story, slot: Slot, ended: Taken, text: Text) -> str:
    """Why the pages do not say that this person is told of the end; "" where they do."""
    if any(r.text == text.number and not r.delivered for r in story.reports):
        return "the end of a worry of which the text was said not to have arrived"
    if ended.by == text.to:
        return "who said it was taken is not told it once more"
    over_ms = _deadline_ms(story, slot) + story.ladder.over_ms
    if ended.by_word and ended.known_ms > over_ms:
        return "'taken' was said after the worry was over"
    return ""


# --- help -------------------------------------------------------------------------------------


def _helps(story: Story, verdict: Verdict) -> None:
    first = story.ladder.steps[0]
    calls = [text for text in story.texts if text.says == Says.HELP]
    for text in calls:
        if not any(call.known_ms <= text.at_ms for call in story.helps):
            verdict.say(Rule.HELP_FOR_NOTHING, text.at_ms, text.to)
    for call in story.helps:
        owed_ms = later_than_down(story, call.known_ms)
        by_ms = owed_ms + RECOVERED_MS
        got = {text.to: text for text in reversed(calls) if text.at_ms >= call.known_ms}
        for who in first.people:
            told_ms = got[who].at_ms if who in got else story.until_ms + 1
            if by_ms <= story.until_ms and told_ms > by_ms:
                verdict.say(Rule.HELP_UNTOLD, owed_ms, who)
            for other in story.texts:
                # What the modem already had in hand when help was called is not overtaken.
                if owed_ms + SLACK_MS < other.at_ms < told_ms and other.says != Says.HELP:
                    verdict.say(Rule.OUT_OF_TURN, other.at_ms, other.to)
