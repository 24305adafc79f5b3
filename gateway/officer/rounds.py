"""What is entered about visits becomes facts: rotas, plates, what was found, reports, their states.

Knows: what each of these entries may say, and which facts follow.
May not know: forms, languages, the key that signs a plate; the time is an argument.

Who found something may have no account: a plate or the open page is all she needs. So what she may
say is short, and the same thing said twice within minutes is written down once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from gateway.events import (
    DeliveryMade,
    Event,
    HouseholdReported,
    IntakeChanged,
    PlateEnded,
    PlateMade,
    VisitMade,
    VisitsPlanned,
)
from gateway.home import Home
from gateway.incidents.by_page import AnswerIncident, answered
from gateway.looking_in import AT_THE_DOOR
from gateway.refused import EntryRefused, day_entered
from gateway.rules.household_reported import key_of, wave
from gateway.units import DAY_MS, MIN_MS
from gateway.visiting.intake import FOLLOWS, State
from gateway.visiting.rota import EVERY_WEEKS, ROLES, WEEK
from gateway.visiting.visits import DELIVERIES, VISITS, Made

WHO_MOST = 40
LINE_MOST = 200  # of what is said at a door
REPORT_MOST = 500
PLACE_MOST = 80
LINES_MOST = 10  # of one person's rota
PLATES_MOST = 20  # of one person
WAITING_MOST = 200  # reports that nobody looked at: more are an attack, and a telephone is there
TWICE_MS = 5 * MIN_MS  # who says the same once more within five minutes pressed twice
# More than so much by one plate in a day and night is nobody at a door: its address was copied.
SAID_MOST = 12


@dataclass(frozen=True, slots=True)
class PlanVisits:
    """Who looks in on her on which weekdays (0 = Monday); none: not any more."""

    person_id: str
    who: str
    role: str
    weekdays: tuple[int, ...]
    every_weeks: int
    from_day: str
    by: str


@dataclass(frozen=True, slots=True)
class MakePlate:
    """A new signed address about her; `who` "": the plate at the door."""

    person_id: str
    who: str
    role: str
    by: str


@dataclass(frozen=True, slots=True)
class EndPlate:
    """One of hers opens nothing any more."""

    person_id: str
    plate: int
    by: str


@dataclass(frozen=True, slots=True)
class SayVisit:
    """What was found at her door, by somebody who is signed in."""

    person_id: str
    outcome: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What was found, by who holds this plate; whoever asks has proved that it is true."""

    plate: int
    outcome: str
    text: str
    by: str = AT_THE_DOOR


@dataclass(frozen=True, slots=True)
class ReportHousehold:
    """Somebody worries about a household that may not be known."""

    dong: str
    address: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class ChangeIntake:
    """What became of a report; `person_id` whom it is about, where she is enrolled."""

    intake_id: int
    state: str
    person_id: str
    text: str
    by: str


Rounds = PlanVisits | MakePlate | EndPlate | SayVisit | CheckIn | ReportHousehold | ChangeIntake


def rounded(home: Home, entry: Rounds, by: str, now_ms: int) -> list[Event]:
    """The facts that follow. Raises EntryRefused with the first thing that is wrong."""
    return list(_TAKEN[type(entry)](home, entry, by, now_ms))


def _plan(home: Home, entry: PlanVisits, by: str, now_ms: int) -> Iterator[Event]:
    person_id, who = _person(home, entry.person_id), _line(entry.who, WHO_MOST, "visitor")
    weekdays = tuple(sorted(set(entry.weekdays)))
    lines = home.household.visits.rota.get(person_id, {})
    if entry.role not in ROLES:
        raise EntryRefused("visit_role", role=entry.role)
    if any(day not in range(WEEK) for day in weekdays) or entry.every_weeks not in EVERY_WEEKS:
        raise EntryRefused("visit_days")
    if not weekdays and who not in lines:
        raise EntryRefused("visit_days")
    if who not in lines and len(lines) >= LINES_MOST:
        raise EntryRefused("visit_lines", most=LINES_MOST)
    first = day_entered(entry.from_day).isoformat()
    yield VisitsPlanned(now_ms, person_id, who, entry.role, weekdays, entry.every_weeks, first, by)


def _make_plate(home: Home, entry: MakePlate, by: str, now_ms: int) -> Iterator[Event]:
    person_id, visits = _person(home, entry.person_id), home.household.visits
    who = _line(entry.who, WHO_MOST, "visitor") if entry.who.strip() else ""
    role = entry.role if who else ""
    if who and role not in ROLES:
        raise EntryRefused("visit_role", role=role)
    if len(visits.plates_of(person_id)) >= PLATES_MOST:
        raise EntryRefused("plates", most=PLATES_MOST)
    yield PlateMade(now_ms, visits.last_plate + 1, person_id, who, role, by)


def _end_plate(home: Home, entry: EndPlate, by: str, now_ms: int) -> Iterator[Event]:
    plate = home.household.visits.plates.get(entry.plate)
    if plate is None or plate.person_id != entry.person_id:
        raise EntryRefused("plate")
    yield PlateEnded(now_ms, entry.plate, by)


def _say(home: Home, entry: SayVisit, by: str, now_ms: int) -> Iterator[Event]:
    person_id = _person(home, entry.person_id)
    yield from _once(home, _made(now_ms, person_id, by, entry.outcome, entry.text, by))


def _check_in(home: Home, entry: CheckIn, _by: str, now_ms: int) -> Iterator[Event]:
    plate = home.household.visits.plates.get(entry.plate)
    if plate is None:
        raise EntryRefused("plate")
    by = plate.who or AT_THE_DOOR
    person_id = _person(home, plate.person_id)
    made = _made(now_ms, person_id, plate.who, entry.outcome, entry.text, by)
    before = home.household.visits.made.get(person_id, [])
    if sum(one.by == by and abs(now_ms - one.at_ms) < DAY_MS for one in before) >= SAID_MOST:
        raise EntryRefused("plate_often", most=SAID_MOST)
    yield from _once(home, made)


def _made(at_ms: int, person_id: str, who: str, outcome: str, text: str, by: str) -> Made:
    said = _line(text, LINE_MOST, "visit_text") if text.strip() else ""
    if outcome in VISITS:
        return VisitMade(at_ms, person_id, who, outcome, said, by)
    if outcome in DELIVERIES:
        return DeliveryMade(at_ms, person_id, who, outcome, said, by)
    raise EntryRefused("visit_outcome")


def _once(home: Home, made: Made) -> Iterator[Event]:
    before = home.household.visits.newest(made.person_id)
    if before is None or not _same(before, made):
        yield made


def _same(one: Made, other: Made) -> bool:
    alike = (one.outcome, one.text, one.by) == (other.outcome, other.text, other.by)
    return alike and 0 <= other.at_ms - one.at_ms < TWICE_MS


def _report(home: Home, entry: ReportHousehold, by: str, now_ms: int) -> Iterator[Event]:
    intakes = home.household.visits.intakes
    dong = _line(entry.dong, WHO_MOST, "report_dong")
    address = _line(entry.address, PLACE_MOST, "report_address")
    text = _line(entry.text, REPORT_MOST, "report_text")
    if sum(one.state is State.NEW for one in intakes.values()) >= WAITING_MOST:
        raise EntryRefused("reports_full")
    number = home.household.visits.next_intake
    made = HouseholdReported(now_ms, number, dong, address, text, by)
    newest = intakes[number - 1].reported if number - 1 in intakes else None
    if newest is None or not _same_report(newest, made):
        yield made


def _same_report(one: HouseholdReported, other: HouseholdReported) -> bool:
    alike = (one.dong, one.address, one.text) == (other.dong, other.address, other.text)
    return alike and 0 <= other.at_ms - one.at_ms < TWICE_MS


def _change(home: Home, entry: ChangeIntake, by: str, now_ms: int) -> Iterator[Event]:
    intakes = home.household.visits.intakes
    intake = intakes.get(entry.intake_id)
    if intake is None:
        raise EntryRefused("intake")
    if entry.state not in {str(state) for state in FOLLOWS[intake.state]}:
        raise EntryRefused("intake_state")
    enrolled = entry.state == State.ENROLLED
    person_id = _person(home, entry.person_id) if enrolled or entry.person_id else ""
    text = _line(entry.text, REPORT_MOST, "report_text") if entry.text.strip() else ""
    yield IntakeChanged(now_ms, intake.id, entry.state, person_id, text, by)
    hers = wave(intakes)
    if any(one.state is State.NEW and one is not intake for one in hers):
        return  # the others of the same incident still wait
    for one in hers:
        number = home.ledger.by_key.get(key_of(one.id))
        if number is not None and home.ledger.incidents[number].live:
            word = AnswerIncident(number, "well", by)
            yield from answered(home.household, home.ledger, word, by, now_ms)


def _person(home: Home, person_id: str) -> str:
    roster = home.household.roster
    if roster is None or roster.person(person_id) is None:
        raise EntryRefused("person", person=person_id)
    return person_id


def _line(text: str, most: int, what: str) -> str:
    """What was written, on one line. Raises EntryRefused: nothing, too long, not to be shown."""
    written = " ".join(text.split())
    if not 0 < len(written) <= most or not written.isprintable():
        raise EntryRefused(what, most=most)
    return written


_TAKEN = cast(
    "dict[type[Rounds], Callable[[Home, Any, str, int], Iterator[Event]]]",
    {
        PlanVisits: _plan,
        MakePlate: _make_plate,
        EndPlate: _end_plate,
        SayVisit: _say,
        CheckIn: _check_in,
        ReportHousehold: _report,
        ChangeIntake: _change,
    },
)
