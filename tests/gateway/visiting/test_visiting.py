"""Who looks in: rotas, plates, what worries at a door, what was missed, reports."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.access.codes import ALPHABET
from gateway.entering import Entry, entered
from gateway.events import (
    DeliveryMade,
    HouseholdReported,
    NotMonitored,
    PlateMade,
    SaidFine,
    VisitMade,
    VisitPlanned,
    VisitsPlanned,
    from_json,
    to_json,
)
from gateway.home import Home
from gateway.looking_in import AT_THE_DOOR
from gateway.officer.rounds import (
    LINES_MOST,
    WAITING_MOST,
    ChangeIntake,
    CheckIn,
    MakePlate,
    PlanVisits,
    ReportHousehold,
    SayVisit,
)
from gateway.refused import EntryRefused
from gateway.rules import at_the_door, household_reported, visit_missed
from gateway.rules.worry import WorryKind
from gateway.visiting import plates
from gateway.visiting.intake import FOLLOWS, State
from gateway.visiting.rota import EVERY_WEEKS, expected
from tests.gateway.home_facts import at, begun, roster

HER = "soonja"
MONDAY = date(2026, 3, 2)
DAY_MS = 86_400_000
KEY = bytes(range(32))


def home(now_ms: int = at("08:00")) -> Home:
    """Hers, without doses."""
    return begun(now_ms, roster(regimens=()))


def line(weekdays: tuple[int, ...], every: int = 1, first: date = MONDAY) -> VisitsPlanned:
    return VisitsPlanned(
        at("07:00"), HER, "정도우", "helper", weekdays, every, first.isoformat(), "이지은"
    )


def visit(outcome: str, at_ms: int, who: str = "정도우", by: str = "정도우") -> VisitMade:
    return VisitMade(at_ms, HER, who, outcome, "", by)


def delivery(outcome: str, at_ms: int) -> DeliveryMade:
    return DeliveryMade(at_ms, HER, "", outcome, "", AT_THE_DOOR)


# --- the rota


@given(
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    every=st.sampled_from(EVERY_WEEKS),
    first=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
)
def test_a_line_wants_its_weekdays_of_every_nth_week(
    weekdays: set[int], every: int, first: date
) -> None:
    """Never before its first day; in a whole round each weekday once, all in one week."""
    of = line(tuple(sorted(weekdays)), every, first)
    days = [first + timedelta(days=n) for n in range(-14, 7 * every * 3)]
    due = [day for day in days if expected(of, day)]
    assert all(day >= first and day.weekday() in weekdays for day in due)
    monday = first - timedelta(days=first.weekday())
    assert {(day - monday).days // 7 % every for day in due} <= {0}
    for number in (1, 2):
        begin = monday + timedelta(weeks=every * number)
        week = [day for day in due if begin <= day < begin + timedelta(weeks=1)]
        assert len(week) == (len(weekdays) if begin + timedelta(weeks=1) <= days[-1] else len(week))


def test_the_newest_line_of_a_visitor_holds_and_none_ends_it() -> None:
    """Wednesday instead of Monday; then nobody is expected; a single day stands beside it."""
    house = home()
    house.fold(line((0,)))
    house.fold(line((2,)))
    visits = house.household.visits
    assert [list(visits.due_on(HER, MONDAY + timedelta(days=n))) != [] for n in range(3)] == [
        False,
        False,
        True,
    ]
    house.fold(line(()))
    house.fold(VisitPlanned(at("07:00"), HER, "2026-03-04", True, "이지은"))
    (due,) = visits.due_on(HER, date(2026, 3, 4))
    assert (due.who, due.role) == ("이지은", "officer")
    house.fold(VisitPlanned(at("07:00"), HER, "2026-03-04", False, "이지은"))
    assert not list(visits.due_on(HER, date(2026, 3, 4)))


# --- plates


def plate_of(number: int, at_ms: int = 0) -> PlateMade:
    return PlateMade(at_ms, number, HER, "", "", "이지은")


@given(plate=st.integers(0, 31**8 - 1))
def test_a_code_says_its_number_however_it_is_typed(plate: int) -> None:
    """In capitals and groups of four it is the same number; signed by the key alone."""
    made = plate_of(plate)
    code = plates.code(made, KEY)
    spaced = "-".join(code.upper()[n : n + 4] for n in range(0, len(code), 4))
    assert plates.number(spaced) == plate
    assert set(code) <= set(ALPHABET)
    assert plates.code(made, KEY[::-1]) != code


def test_codes_of_plates_are_all_different() -> None:
    """A thousand plates, and no signature serves two of them."""
    codes = [plates.code(plate_of(n), KEY) for n in range(1000)]
    assert len({code[-plates.SIGNED :] for code in codes}) == 1000


def test_who_stole_the_key_signs_no_plate_that_is_made_later() -> None:
    """Key and number are not enough: the millisecond in which it was made is signed, too."""
    codes = {plates.code(plate_of(7, at_ms), KEY) for at_ms in range(1000)}
    assert len(codes) == 1000


@pytest.mark.parametrize("typed", ["", "2", "2" * 16, "2" * 25, "abc!?", "가" * 20, "0" * 20])
def test_what_is_no_code_is_no_number(typed: str) -> None:
    """Too short, too long, of other letters: none, and nothing is raised."""
    assert plates.number(typed) is None


# --- what worries at a door


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (visit("nobody", at("10:00")), WorryKind.VISIT_NOBODY),
        (delivery("still_there", at("10:00")), WorryKind.DELIVERY_LEFT),
        (visit("worried", at("10:00")), WorryKind.VISIT_WORRY),
        (visit("well", at("10:00")), None),
        (delivery("handed", at("10:00")), None),
        (delivery("left", at("10:00")), None),
    ],
)
def test_what_was_found_worries_or_not(
    made: VisitMade | DeliveryMade, kind: WorryKind | None
) -> None:
    """Nobody, untouched and worried do, due when it was said; the others do not."""
    house = home()
    house.fold(made)
    found = at_the_door.worries(house.household, at("10:01"))
    assert [(w.kind, w.due_ms) for w in found] == ([(kind, at("10:00"))] if kind else [])


@pytest.mark.parametrize("outcome", ["nobody", "still_there"])
def test_a_newer_sign_of_any_source_ends_it_and_an_older_does_not(outcome: str) -> None:
    """One clock a person: she says by her own page that she is fine."""
    house = home()
    house.fold(SaidFine(at("09:59"), HER, HER))
    make = visit if outcome == "nobody" else delivery
    house.fold(make(outcome, at("10:00")))
    assert at_the_door.worries(house.household, at("10:01"))
    house.fold(SaidFine(at("10:02"), HER, HER))
    assert not at_the_door.worries(house.household, at("10:03"))


def test_a_worried_visitor_is_believed_whatever_sign_comes() -> None:
    """A lid that moves does not answer what she saw; and it is no sign of life itself."""
    house = home()
    house.fold(visit("worried", at("10:00")))
    assert house.household.signs.last(HER, house.household.timelines) is None
    house.fold(SaidFine(at("10:02"), HER, HER))
    assert at_the_door.worries(house.household, at("10:03"))


def test_the_second_in_vain_is_the_same_worry_once_more() -> None:
    """One incident; after a person ended it the next visit in vain is a new one."""
    house = home()
    for clock in ("10:00", "15:00"):
        house.fold(visit("nobody", at(clock)))
    (worry,) = at_the_door.worries(house.household, at("15:01"))
    assert worry.due_ms == at("10:00")
    assert [when for _key, when in worry.again] == [at("15:00")]


def test_nobody_is_there_who_is_in_hospital() -> None:
    """While she is known to be away, a closed door says nothing."""
    house = home()
    house.fold(NotMonitored(at("08:00"), HER, "2026-03-02", "2026-03-02", "hospital", "이"))
    house.fold(visit("nobody", at("10:00")))
    assert not at_the_door.worries(house.household, at("10:01"))


# --- what was missed


def missed(house: Home, day: int, clock: str = "00:01") -> list[str]:
    """The days that are told as missed, so many days after Monday."""
    now_ms = at(clock) + day * DAY_MS
    return [w.key.rsplit("/", 1)[1] for w in visit_missed.worries(house.household, now_ms)]


def test_a_day_is_missed_when_it_is_over_and_not_before() -> None:
    """Monday's helper: a minute before midnight nothing, then until somebody comes, or a week."""
    house = home()
    house.fold(line((0,)))
    assert missed(house, 0, "23:59") == []
    assert visit_missed.next_deadline(house.household, at("23:59")) == at("00:00") + DAY_MS
    assert missed(house, 1) == ["2026-03-02"]
    assert missed(house, 7, "23:59") == ["2026-03-02"]
    assert missed(house, 8) == ["2026-03-09"]
    house.fold(visit("nobody", at("10:00") + 7 * DAY_MS))
    assert missed(house, 8) == []


@pytest.mark.parametrize(
    ("made", "kept"),
    [
        (visit("well", at("10:00")), True),
        (visit("nobody", at("10:00")), True),
        (visit("well", at("10:00"), "다른이", "다른이"), False),
        (visit("well", at("10:00"), "", AT_THE_DOOR), True),
        (delivery("handed", at("10:00")), False),
        (visit("well", at("10:00") - DAY_MS), False),
        (visit("well", at("10:00") + DAY_MS, "다른이", "다른이"), True),
    ],
)
def test_who_keeps_an_appointment(made: VisitMade | DeliveryMade, *, kept: bool) -> None:
    """Herself or the plate on the day, later any visitor; no delivery, and no day before."""
    house = home(at("08:00", "2026-02-20"))
    house.fold(line((0,)))
    house.fold(made)
    assert missed(house, 1, "12:00") == ([] if kept else ["2026-03-02"])


def test_who_is_away_or_was_planned_too_late_is_not_missed() -> None:
    """A stay over the day, and a day that was over when the line was written."""
    house = home()
    house.fold(line((0,)))
    house.fold(NotMonitored(at("08:00"), HER, "2026-03-02", "2026-03-03", "hospital", "이"))
    assert missed(house, 1) == []
    late = home()
    late.fold(VisitPlanned(at("08:00") + DAY_MS, HER, "2026-03-02", True, "이"))
    assert missed(late, 1, "09:00") == []


# --- what is entered


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (PlanVisits(HER, "", "helper", (0,), 1, "2026-03-02", "이"), "visitor"),
        (PlanVisits(HER, "정", "boss", (0,), 1, "2026-03-02", "이"), "visit_role"),
        (PlanVisits(HER, "정", "helper", (7,), 1, "2026-03-02", "이"), "visit_days"),
        (PlanVisits(HER, "정", "helper", (), 1, "2026-03-02", "이"), "visit_days"),
        (PlanVisits(HER, "정", "helper", (0,), 9, "2026-03-02", "이"), "visit_days"),
        (PlanVisits(HER, "정", "helper", (0,), 1, "2026-02-30", "이"), "day"),
        (PlanVisits("x", "정", "helper", (0,), 1, "2026-03-02", "이"), "person"),
        (MakePlate("x", "", "", "이"), "person"),
        (MakePlate(HER, "정", "", "이"), "visit_role"),
        (CheckIn(9, "well", ""), "plate"),
        (SayVisit(HER, "dead", "", "이"), "visit_outcome"),
        (SayVisit(HER, "well", "x" * 201, "이"), "visit_text"),
        (SayVisit(HER, "well", "a\x07b", "이"), "visit_text"),
        (ReportHousehold("", "1-1", "x", "@report"), "report_dong"),
        (ReportHousehold("율하동", "1-1", "x" * 501, "@report"), "report_text"),
        (ChangeIntake(1, "visited", "", "", "이"), "intake"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(entry: Entry, code: str) -> None:
    """Each with its own reason, and no fact."""
    with pytest.raises(EntryRefused) as refused:
        entered(home(), entry, at("10:00"))
    assert refused.value.code == code


def test_rotas_and_reports_are_bounded() -> None:
    """The eleventh visitor of one person, the two hundred and first report are refused."""
    house = home()
    for n in range(LINES_MOST):
        house.fold(VisitsPlanned(1, HER, f"정{n}", "helper", (0,), 1, "2026-03-02", "이"))
    with pytest.raises(EntryRefused, match="visit_lines"):
        entered(house, PlanVisits(HER, "또", "helper", (0,), 1, "2026-03-02", "이"), at("10:00"))
    for n in range(1, WAITING_MOST + 1):
        house.fold(HouseholdReported(1, n, "율하동", f"{n}", "걱정", "@report"))
    with pytest.raises(EntryRefused, match="reports_full"):
        entered(house, ReportHousehold("율하동", "9", "또", "@report"), at("10:00"))


@pytest.mark.parametrize(("before", "after"), list(product(State, State)))
def test_a_report_goes_only_where_the_table_leads(before: State, after: State) -> None:
    """Every pair of states: taken where the table has it, else refused; enrolled is the end."""
    house = home()
    house.fold(HouseholdReported(1, 1, "율하동", "1-1", "걱정", "@report"))
    if before is not State.NEW:
        for fact in entered(house, ChangeIntake(1, before, HER, "", "이"), at("10:00")):
            house.fold(fact)
    entry = ChangeIntake(1, after, HER, "", "이")
    if after in FOLLOWS[before]:
        for fact in entered(house, entry, at("10:01")):
            house.fold(fact)
        assert house.household.visits.intakes[1].state is after
    else:
        with pytest.raises(EntryRefused, match="intake_state"):
            entered(house, entry, at("10:01"))


def test_who_is_enrolled_is_somebody() -> None:
    """Enrolled without a person of the roster is refused: nothing is lost by a slip."""
    house = home()
    house.fold(HouseholdReported(1, 1, "율하동", "1-1", "걱정", "@report"))
    with pytest.raises(EntryRefused, match="person"):
        entered(house, ChangeIntake(1, "enrolled", "", "", "이"), at("10:00"))


def test_however_many_reports_wait_it_is_one_worry() -> None:
    """The oldest that nobody looked at, the others once more; none where all were dealt with."""
    house = home()
    for n in (1, 2, 3):
        house.fold(HouseholdReported(n, n, "율하동", f"{n}-1", "걱정", "@report"))
    (worry,) = household_reported.worries(house.household, 9)
    assert (worry.key, worry.due_ms, len(worry.again)) == ("intake/1", 1, 2)
    for n in (1, 2, 3):
        for fact in entered(house, ChangeIntake(n, "visited", "", "", "이"), at("10:00")):
            house.fold(fact)
    assert not household_reported.worries(house.household, at("10:01"))


def test_every_fact_of_visits_comes_back_from_the_log() -> None:
    """Written as JSON and read, they fold into the same beliefs."""
    house, other = home(), home()
    entries: list[Entry] = [
        PlanVisits(HER, "정", "helper", (0, 3), 2, "2026-03-02", "이"),
        MakePlate(HER, "", "", "이"),
        CheckIn(1, "nobody", "신문"),
        SayVisit(HER, "handed", "", "이"),
        ReportHousehold("율하동", "1-1", "걱정", "@report"),
        ChangeIntake(1, "visited", "", "", "이"),
    ]
    for n, entry in enumerate(entries):
        for fact in entered(house, entry, at("10:00") + n):
            house.fold(fact)
            other.fold(from_json(fact.kind, to_json(fact)))
    assert other.household.visits == house.household.visits
    assert house.household.visits.intakes[1].changes
