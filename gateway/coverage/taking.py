"""What is entered about nets, surveys and homecomings becomes facts, or is refused with the reason.

Knows: these entries, what each may say, what follows from each at once.
May not know: forms, languages, the database; the time is an argument.

Coming home from hospital ends what held for it (a pause of telling, days that nobody sees, the
box's absence) and begins what was agreed: visits, calls, a tighter level until a day, the new
prescription asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, cast

from gateway.calling import WELLBEING
from gateway.calls.windows import window
from gateway.coverage.register import ADDRESS, place_key, plain
from gateway.coverage.rows import Row
from gateway.coverage.survey import ENTERED, Line, State, news, placed
from gateway.events import (
    Event,
    HospitalLeft,
    HouseholdSettled,
    HouseholdSurveyed,
    NetSaid,
    NotMonitored,
    RosterChanged,
    VisitPlanned,
)
from gateway.home import Home
from gateway.incidents import pauses
from gateway.life.silence import away_until
from gateway.netting import CALL, ENDED, ENROLLED, HOLDS, NETS, OUTCOMES, REFUSED, STATES
from gateway.orders import Wish, WishRefused
from gateway.orders import ordered as box_ordered
from gateway.refused import EntryRefused, day_entered
from gateway.roster import LEVELS, Person, Roster, entry_to_json
from gateway.roster_changes import PERSONS
from gateway.zones import local

TEXT_MOST = 200
FIRST_YEAR = 1900  # a net may hold somebody for decades
LINES_AT_ONCE = 200  # of a survey: what waits behind them waits no longer than that takes
BACK_DAYS_MOST = 14  # a homecoming may be entered so late
WATCH_DAYS_MOST = 56
FIRST_WEEK_DAYS = 7
ASK_AGAIN_DAYS_MOST = 3 * 366


@dataclass(frozen=True, slots=True)
class SayNet:
    """A net holds somebody, was refused, or ended; `ask_again_day` "": nobody asks again."""

    person_id: str
    net: str
    state: str
    from_day: str
    ask_again_day: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class BringSurvey:
    """Lines of a survey that somebody looked at and confirmed, at most LINES_AT_ONCE."""

    lines: tuple[Line, ...]
    by: str


@dataclass(frozen=True, slots=True)
class SettleHousehold:
    """A household of the register is looked after now (`person_id`), or is there no more."""

    household_id: str
    outcome: str
    person_id: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class LeaveHospital:
    """She came home on `day`; watched by `level` until the end of `until_day`."""

    person_id: str
    day: str
    until_day: str
    level: str
    visits: tuple[str, ...]
    calls: tuple[str, ...]
    prescription: bool
    by: str


Coverage = SayNet | BringSurvey | SettleHousehold | LeaveHospital


def covered(home: Home, entry: Coverage, by: str, now_ms: int) -> list[Event]:
    """The facts that follow. Raises EntryRefused with the first thing that is wrong."""
    roster = home.household.roster
    if roster is None:
        raise EntryRefused("no_desk")
    return list(_TAKEN[type(entry)](home, roster, replace(entry, by=by), now_ms))


def _say(home: Home, roster: Roster, entry: SayNet, now_ms: int) -> Iterator[Event]:
    row = _row(home, entry.person_id)
    if entry.net not in NETS or entry.state not in STATES:
        raise EntryRefused("net", net=entry.net)
    there = home.household.nets.there(entry.person_id)
    if entry.state != HOLDS and entry.net in there:
        raise EntryRefused("net_there", name=row.name)
    today = _today(roster, now_ms)
    begun = day_entered(entry.from_day, FIRST_YEAR)
    if begun > today:
        raise EntryRefused("net_ahead")
    again = entry.state == REFUSED and _text(entry.ask_again_day)
    if again and not today < day_entered(again) <= today + timedelta(days=ASK_AGAIN_DAYS_MOST):
        raise EntryRefused("ask_again")
    yield NetSaid(
        now_ms, row.id, entry.net, entry.state, begun.isoformat(), again or None,
        _text(entry.text), entry.by,
    )  # fmt: skip


def _survey(home: Home, _roster: Roster, entry: BringSurvey, now_ms: int) -> Iterator[Event]:
    if len(entry.lines) > LINES_AT_ONCE:
        raise EntryRefused("survey_long", most=LINES_AT_ONCE)
    nets, number = home.household.nets, home.household.nets.surveyed
    for seen in entry.lines:
        line = placed(nets, seen)
        if line.state not in ENTERED:
            continue
        if line.state is State.PERSON:
            for net, said in news(nets, nets.rows[line.of], line).items():
                days = (said["from_day"], said["ask_again_day"])
                yield NetSaid(now_ms, line.of, net, said["state"], *days, "", entry.by)
            continue
        before = nets.rows.get(line.of)
        number += before is None
        told = news(nets, before, line) if before else line.nets
        told = {**(_as_told(before) if before else {}), **told}
        yield HouseholdSurveyed(
            now_ms,
            line.of or f"@{number}",  # no person of the roster can be called so
            line.name,
            line.dong,
            line.address,
            line.birth_year or (before.birth_year if before else None),
            line.number or (before.number if before else ""),
            entry.by,
            {net: said for net, said in told.items() if said["state"] != ENDED},
        )


def _as_told(row: Row) -> dict[str, dict[str, Any]]:
    """What is known of her nets, as a survey tells it."""
    return {
        n.name: {"state": n.state, "from_day": n.since_day, "ask_again_day": n.ask_again_day}
        for n in row.nets
    }


def _settle(home: Home, roster: Roster, entry: SettleHousehold, now_ms: int) -> Iterator[Event]:
    row = _row(home, entry.household_id)
    if row.person or entry.outcome not in OUTCOMES:
        raise EntryRefused("household", household=entry.household_id)
    person_id = entry.person_id if entry.outcome == ENROLLED else ""
    if entry.outcome == ENROLLED:
        if not person_id:
            raise EntryRefused("settle_person")
        person = _person(roster, person_id)
        if not (person.dong or person.address):  # so that the next survey finds her there
            placed_at = replace(person, dong=row.dong, address=row.address)
            yield _changed(placed_at, entry.by, now_ms)
    yield from _becomes(home, row, replace(entry, person_id=person_id), now_ms)


def settled(home: Home, person: Person, by: str, now_ms: int) -> Iterator[Event]:
    """She is looked after here: the household of her name at her place is she, and no other."""
    nets, place = home.household.nets, place_key(person.dong, person.address)
    here = (plain(person.name), plain(person.dong))
    rows = [nets.rows[one] for one in nets.index.find(ADDRESS, place)]
    found = [r for r in rows if not r.person and (plain(r.name), plain(r.dong)) == here]
    if len(found) == 1:  # of two nobody can say which
        entry = SettleHousehold(found[0].id, ENROLLED, person.id, "", by)
        yield from _becomes(home, found[0], entry, now_ms)


def _becomes(home: Home, row: Row, entry: SettleHousehold, now_ms: int) -> Iterator[Event]:
    if entry.outcome == ENROLLED:
        words = home.household.nets.said.get(entry.person_id, {})
        for net in row.nets:
            if net.name in words:  # what was said of her here counts before what a survey found
                continue
            yield NetSaid(
                now_ms, entry.person_id, net.name, net.state, net.since_day, net.ask_again_day,
                net.text, entry.by,
            )  # fmt: skip
    of, text = entry.person_id, _text(entry.text)
    yield HouseholdSettled(now_ms, row.id, entry.outcome, of, text, entry.by)


def _home_again(home: Home, roster: Roster, entry: LeaveHospital, now_ms: int) -> Iterator[Event]:
    household, person = home.household, _person(roster, entry.person_id)
    left = _agreed(home, person, roster, entry, now_ms)
    yield left
    if person.level != left.level:
        yield _changed(replace(person, level=left.level), entry.by, now_ms)
    for day in left.visits:
        yield VisitPlanned(now_ms, person.id, day, wanted=True, by=entry.by)
    paused = home.ledger.paused.get(person.id)
    if paused is not None and paused.until_ms > now_ms:
        yield pauses.unpaused(person.id, entry.by, now_ms)
    before = (date.fromisoformat(left.day) - timedelta(days=1)).isoformat()
    for stay in household.not_monitored.get(person.id, {}).values():
        if stay.from_day <= left.day <= stay.to_day:
            yield NotMonitored(now_ms, person.id, stay.from_day, before, stay.why, entry.by)
    yield from _box_at_home(home, person, now_ms)


def _agreed(
    home: Home, person: Person, roster: Roster, entry: LeaveHospital, now_ms: int
) -> HospitalLeft:
    today, day, until = _today(roster, now_ms), day_entered(entry.day), day_entered(entry.until_day)
    if not today - timedelta(days=BACK_DAYS_MOST) <= day <= today:
        raise EntryRefused("home_day", days=BACK_DAYS_MOST)
    if not today <= until <= today + timedelta(days=WATCH_DAYS_MOST):
        raise EntryRefused("watch_until", days=WATCH_DAYS_MOST)
    if entry.level not in LEVELS:
        raise EntryRefused("person_field", field="level", value=entry.level)
    week = {(today + timedelta(days=n)).isoformat() for n in range(FIRST_WEEK_DAYS)}
    if not {*entry.visits, *entry.calls} <= week:
        raise EntryRefused("first_week", days=FIRST_WEEK_DAYS)
    if not (entry.visits or entry.calls):
        raise EntryRefused("first_week_empty")
    _can_be_called(home, person, roster, entry, now_ms)
    watched = home.household.nets.watched.get(person.id)  # back in hospital before that was over
    still = watched is not None and person.level == watched.level  # nobody changed it since
    before = watched.before if watched and still else person.level
    if before is not None and LEVELS[entry.level] > LEVELS[before]:  # hours: that is no watch
        raise EntryRefused("watch_looser")
    return HospitalLeft(
        now_ms, person.id, day.isoformat(), until.isoformat(), entry.level, before,
        tuple(sorted({*entry.visits})), tuple(sorted({*entry.calls})), entry.prescription, entry.by,
    )  # fmt: skip


def _can_be_called(
    home: Home, person: Person, roster: Roster, entry: LeaveHospital, now_ms: int
) -> None:
    """On each of the days. Raises EntryRefused."""
    if not entry.calls:
        return
    if CALL not in home.household.nets.there(person.id):
        raise EntryRefused("no_call_plan", name=person.name)
    plan, today = home.household.calls.plans[person.id][WELLBEING], _today(roster, now_ms)
    if today.isoformat() in entry.calls and window(plan, today, roster.zone)[1] <= now_ms:
        raise EntryRefused("call_over")


def _box_at_home(home: Home, person: Person, now_ms: int) -> Iterator[Event]:
    """Her box is told that she is back, where it takes her as away."""
    household, roster = home.household, home.household.roster
    box = roster.box_of(person.id) if roster else None
    away = box is not None and any(a <= now_ms < b for a, b in household.stays.of.get(box.id, ()))
    if box is None or not away or away_until(household, person, now_ms) is None:
        return
    try:
        order = box_ordered(household, home.book, Wish(box.id, "at_home"), now_ms)
    except WishRefused:  # it does not want one now: its own way out stands on the first page
        return
    if order is not None:
        yield order


def _changed(person: Person, by: str, now_ms: int) -> Event:
    return RosterChanged(now_ms, PERSONS, person.id, entry_to_json(person), by)


def _row(home: Home, of: str) -> Row:
    row = home.household.nets.rows.get(of)
    if row is None:
        raise EntryRefused("person", person=of)
    return row


def _person(roster: Roster, person_id: str) -> Person:
    person = roster.person(person_id)
    if person is None:
        raise EntryRefused("person", person=person_id)
    return person


def _today(roster: Roster, now_ms: int) -> date:
    return local(now_ms, roster.zone).date()


def _text(text: str) -> str:
    written = " ".join(text.split())
    if len(written) > TEXT_MOST or not written.isprintable():
        raise EntryRefused("why", most=TEXT_MOST)
    return written


_TAKEN = cast(
    "dict[type[Coverage], Callable[[Home, Roster, Any, int], Iterator[Event]]]",
    {
        SayNet: _say,
        BringSurvey: _survey,
        SettleHousehold: _settle,
        LeaveHospital: _home_again,
    },
)
