"""Texts that come though nothing happened: silence must never be mistaken for health.

Knows: when the weekly and the monthly text of each person are due, and what must be true of "all is
working". May not know: incidents, how a text is sent; the time is the view's.

What was decided is in the ledger: a restart neither doubles a text nor loses one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from anbu_wire import messages as wire
from gateway import catalogue
from gateway.events import Event, TextDecided
from gateway.incidents.hours import off_until_ms, quiet_until_ms
from gateway.incidents.kinds import Group
from gateway.incidents.purposes import TEST, WEEKLY, WEEKLY_DRIFT, WEEKLY_NOT
from gateway.incidents.reasons import Reason
from gateway.incidents.shapes import Text
from gateway.incidents.view import View
from gateway.life.silence import eyes
from gateway.roster import CAREPLUG, WEEKDAYS, Guardian
from gateway.rules.worry import Worry, WorryKind
from gateway.units import DAY_MS, HOUR_MS
from gateway.zones import instant_ms, local

ANSWER_MS = DAY_MS  # so long the answer to the monthly text is waited for
MOST_DAYS = 62
ARRIVED = frozenset({"delivered"})
UNDER_WAY = frozenset({"pending", "sending", "submitted"})  # for an hour: that is no fault yet
SET_BACK_MS = DAY_MS  # what was sent so far ahead of now was sent by a wrong clock


def due(view: View) -> list[Event]:
    """The texts that are due now."""
    wanted = [
        (guardian, TEST) if of == TEST else _weekly(view, guardian)
        for guardian, of, from_ms in _owed(view)
        if from_ms <= view.now_ms
    ]
    return [_text(view, g, p, n) for n, (g, p) in enumerate(wanted, view.ledger.last_text_id + 1)]


def _weekly(view: View, guardian: Guardian) -> tuple[Guardian, str]:
    """One text for a number: who looks after several reads of the one with whom not all is well."""
    same = [g for g in view.roster.by_number(guardian.number) if _chose(g)]
    ill = next((g for g in same if faults(view, g)), None)
    changed = next((g for g in same if _drift(view, g)), None)
    if ill is not None:
        return ill, WEEKLY_NOT
    return (guardian, WEEKLY) if changed is None else (changed, WEEKLY_DRIFT)


def _drift(view: View, guardian: Guardian) -> list[str]:
    """How the days of whom she looks after changed over weeks (gateway.life.drift.Way)."""
    habit = view.household.habits.get(guardian.person_id)
    return list(habit.drift.get("ways", ())) if habit is not None else []


def next_deadline(view: View) -> int | None:
    """When the next text is due, or the answer to one."""
    found = [from_ms for _guardian, _purpose, from_ms in _owed(view)]
    found += [ms for _p, fits in _days(view) if (ms := _instant(view, fits, 1)) is not None]
    for guardian in _people(view):
        asked_ms = _sent_ms(view, guardian, TEST)
        found += [asked_ms + ANSWER_MS] if asked_ms is not None else []
    return min((ms for ms in found if ms > view.now_ms), default=None)


def worries(view: View) -> list[Worry]:
    """One worry for each monthly text that nobody answered within a day, until somebody does."""
    found = []
    for guardian in _people(view):
        asked_ms = _sent_ms(view, guardian, TEST)
        if asked_ms is None or view.now_ms < asked_ms + ANSWER_MS or answered(view, guardian):
            continue
        key, due_ms = f"test/{guardian.id}/{asked_ms}", asked_ms + ANSWER_MS
        kind = WorryKind.TEST_UNANSWERED
        found.append(Worry(kind, key, guardian.person_id, None, due_ms, "no_answer"))
    return found


def answered(view: View, guardian: Guardian) -> bool:
    """Whether a text came from her number since the monthly one; True where there was none."""
    asked_ms = _sent_ms(view, guardian, TEST)
    return asked_ms is None or view.ledger.shelves.heard.get(guardian.number, 0) >= asked_ms


def asked(view: View, guardian: Guardian) -> Text | None:
    """The monthly text to her that left and that nobody answered yet."""
    text_id = view.ledger.shelves.news.get((guardian.id, TEST))
    text = view.ledger.texts[text_id] if text_id is not None else None
    left = text is not None and text.submitted_ms is not None
    return text if left and not answered(view, guardian) else None


def faults(view: View, guardian: Guardian) -> list[str]:
    """What is not as "all is working" says: link, plug, sensor, schedule, clock, texts."""
    found = []
    for device in view.roster.devices:
        belief = view.household.devices.get(device.id)
        if device.person_id != guardian.person_id:
            continue
        plug = device.kind == CAREPLUG
        link = "plug" if plug else "link"
        if belief is None or belief.heard_ms is None:
            found.append(link)
            continue
        late_ms = belief.late_ms()
        found += [link] if late_ms is not None and late_ms <= view.now_ms else []
        dead = eyes(view.household, device.id)[0]
        found += ["sensor"] if any(begin <= view.now_ms < end for begin, end in dead) else []
        read_back = plug or belief.confirmed == (belief.version_made, belief.crc_made)
        found += [] if read_back else ["schedule"]
        found += [] if belief.quality == wire.SYNCED else ["clock"]
    return found if _texts_arrive(view, guardian) else [*found, "texts"]


def _texts_arrive(view: View, guardian: Guardian) -> bool:
    """Whether the last text to her number arrived; True where none was sent yet."""
    texts, since_ms = view.ledger.texts, view.now_ms - HOUR_MS
    for text_id in range(view.ledger.last_text_id, 0, -1):
        text = texts.get(text_id)
        if text is None or text.number != guardian.number or text.state == "withdrawn":
            continue
        if text.state not in UNDER_WAY or text.decided_ms <= since_ms:
            return text.state in ARRIVED
    return True


def _chose(guardian: Guardian) -> bool:
    return not guardian.kinds or Group.NEWS in guardian.kinds


def _people(view: View) -> Iterator[Guardian]:
    """Everybody who is told news, each number once."""
    numbers: set[str] = set()
    for guardian in view.roster.guardians:
        if _chose(guardian) and guardian.number not in numbers and not view.stopped(guardian):
            numbers.add(guardian.number)
            yield guardian


def _owed(view: View) -> Iterator[tuple[Guardian, str, int]]:
    """(who, which text, from when) of those whose day has come and that were not decided yet."""
    since_ms = view.household.starts[0] if view.household.starts else view.now_ms
    for purpose, fits in _days(view):
        day_ms = _instant(view, fits, -1)
        if day_ms is None or day_ms <= since_ms:
            continue
        for guardian in _people(view):
            same, of = (
                view.roster.by_number(guardian.number),
                (TEST,) if purpose == TEST else _OF_THE_WEEK,
            )
            sent = [ms for g in same for p in of if (ms := _sent_ms(view, g, p)) is not None]
            if not any(day_ms <= ms <= view.now_ms + SET_BACK_MS for ms in sent):
                yield guardian, purpose, _free_ms(view, guardian)


_OF_THE_WEEK = (WEEKLY, WEEKLY_NOT, WEEKLY_DRIFT)


def _free_ms(view: View, guardian: Guardian) -> int:
    """Now, or the end of what keeps her from being told now."""
    zone = view.roster.zone
    quiet_ms = quiet_until_ms(guardian.quiet, view.now_ms, zone)
    off_ms = off_until_ms(guardian.hours, guardian.weekdays, view.now_ms, zone)
    return max(view.now_ms, quiet_ms or 0, off_ms or 0)


def _days(view: View) -> list[tuple[str, tuple[int | None, int | None]]]:
    """(which text, its (weekday, day of the month))."""
    policy = view.roster.policy
    found: list[tuple[str, tuple[int | None, int | None]]] = []
    if policy.weekly_day:
        found.append((WEEKLY, (WEEKDAYS.index(policy.weekly_day), None)))
    if policy.test_day:
        found.append((TEST, (None, policy.test_day)))
    return found


def _instant(view: View, fits: tuple[int | None, int | None], step: int) -> int | None:
    """The last instant of such a day at now or before (step -1), or the next one after (1)."""
    zone, at = view.roster.zone, view.roster.policy.news_at
    today = local(view.now_ms, zone).date()
    for n in range(MOST_DAYS):
        day: date = today + timedelta(days=step * n)
        if fits not in ((day.weekday(), None), (None, day.day)):
            continue
        ms = instant_ms(day, at, zone)
        if (ms <= view.now_ms) == (step < 0):
            return ms
    return None


def _sent_ms(view: View, guardian: Guardian, purpose: str) -> int | None:
    text_id = view.ledger.shelves.news.get((guardian.id, purpose))
    return view.ledger.texts[text_id].decided_ms if text_id is not None else None


def _text(view: View, guardian: Guardian, purpose: str, text_id: int) -> TextDecided:
    person = view.roster.person(guardian.person_id)
    of = _drift if purpose == WEEKLY_DRIFT else faults
    facts = catalogue.Facts(
        incident_id=0,
        person_name=person.name if person else "",
        label="evening",
        when_ms=view.now_ms,
        now_ms=view.now_ms,
        zone=view.roster.zone,
        what=next(iter(of(view, guardian)), ""),
    )
    return TextDecided(
        at_ms=view.now_ms,
        text_id=text_id,
        incident_id=None,
        guardian_id=guardian.id,
        to=guardian.number,
        purpose=purpose,
        body=catalogue.say(guardian.language, purpose, facts),
        reason=str(Reason.NEWS),
        step=-1,
        due_ms=view.now_ms,
    )
