"""The month's figures from a log that was reckoned by hand: October 2026 in Seoul."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from typing import Any

import pytest

from anbu_wire import messages as wire
from gateway.calling import ANSWERED, WELLBEING
from gateway.events import (
    CallAnswered,
    CallBegun,
    CallEnded,
    DeliveryMade,
    Event,
    GatewayStarted,
    HouseholdReported,
    IncidentAcknowledged,
    IncidentOpened,
    IncidentResolved,
    NetSaid,
    PhoneUsed,
    SaidFine,
    SlotId,
    TextDecided,
    TextDelivered,
    TextSubmitted,
    VisitMade,
)
from gateway.home import Home
from gateway.incidents import Incident
from gateway.incidents.shapes import Entry
from gateway.officer.month import Line, Seen, answered_after_ms, sections
from gateway.officer.months import Months, Tally, days_of
from gateway.report.tables.month import Figure, month_rows
from tests.gateway.home_facts import BOX, at, begun, record, roster

MONTH = "2026-10"
NOW_MS = at("09:00", "2026-11-05")
PERSON = "soonja"


def opened(number: int, worry: str, clock: str, day: str) -> list[Event]:
    """An incident, told to the daughter two minutes later."""
    opens_ms = at(clock, day)
    told_ms = opens_ms + 120_000
    return [
        IncidentOpened(opens_ms, number, PERSON, worry, f"k/{number}", None, "x", opens_ms),
        TextDecided(
            told_ms, number, number, "daughter", "+821012345678", worry, "…", "first_step", 0,
            told_ms,
        ),
    ]  # fmt: skip


def answered(number: int, clock: str, day: str, by: str = "daughter") -> Event:
    return IncidentAcknowledged(at(clock, day), number, by, at(clock, day) + 3_600_000)


def over(number: int, clock: str, day: str, reason: str, by: str = "") -> Event:
    return IncidentResolved(at(clock, day), number, reason, by)


def of_incidents() -> list[Event]:
    """Told of at :02; five of October, one of September, one of November, one that was news."""
    return [
        *opened(1, "dose_missed", "23:58", "2026-09-30"),  # the month before; its text is of this
        answered(1, "00:10", "2026-10-01"),
        *opened(2, "dose_missed", "19:00", "2026-10-02"),  # answered after 8 min, 5 s
        answered(2, "19:10:05", "2026-10-02"),
        over(2, "20:00", "2026-10-02", "by_person", "daughter"),
        *opened(3, "dose_missed", "19:00", "2026-10-03"),  # false: the record came late
        over(3, "19:30", "2026-10-03", "taken_in_time"),
        *opened(4, "no_sign_of_life", "10:00", "2026-10-09"),  # ended after 58 min, unasked
        over(4, "11:00", "2026-10-09", "by_person", "officer"),
        *opened(5, "help_pressed", "03:00", "2026-10-20"),  # she answered it herself
        answered(5, "03:04", "2026-10-20", PERSON),
        *opened(6, "dose_missed", "19:00", "2026-10-31"),  # nobody, still open
        *opened(7, "dose_missed", "00:00", "2026-11-01"),  # the month after
        *opened(8, "supply_low", "09:00", "2026-10-05"),  # news, no alarm
        TextSubmitted(at("19:02:10", "2026-10-02"), 2, (1,), at("19:02:10", "2026-10-02"), False),
        TextDelivered(at("19:02:20", "2026-10-02"), 2),
    ]


def of_doses() -> list[Event]:
    """Fourteen evenings are planned: three on time, one early, two missed, one in doubt."""
    said = [
        (1, wire.SLOT_TAKEN, 1), (2, wire.SLOT_TAKEN, 1), (3, wire.SLOT_TAKEN, 1),
        (4, wire.SLOT_TAKEN, 0), (5, wire.SLOT_MISSED, 0), (6, wire.SLOT_MISSED, 0),
        (7, wire.SLOT_DOUBTFUL, wire.DOUBT_BRIEF),
    ]  # fmt: skip
    return [
        record(n, kind, at("19:00", f"2026-10-{n:02}"), value=value, slot_day=f"2026-10-{n:02}")
        for n, kind, value in said
    ]


def of_people() -> list[Event]:
    """Calls, visits, deliveries, a report, her own word; what is of other months too."""
    noon = at("12:00", "2026-10-15")
    calls = [
        (1, "2026-10-15", ANSWERED), (2, "2026-10-16", "no_answer"),
        (3, "2026-10-16", "line_down"), (4, "2026-10-17", "partly"),
    ]  # fmt: skip
    return [
        *(
            fact
            for n, day, outcome in calls
            for fact in (
                CallBegun(at("11:00", day), n, PERSON, WELLBEING, day, 1, "sip-1"),
                CallEnded(at("11:02", day), n, PERSON, outcome, ""),
            )
        ),
        CallBegun(at("23:59:59", "2026-10-31"), 5, PERSON, WELLBEING, "2026-10-31", 1, "sip-1"),
        VisitMade(noon, PERSON, "박영희", "well", "", "박영희"),
        VisitMade(noon + 1, PERSON, "박영희", "nobody", "", "박영희"),
        VisitMade(at("00:00", "2026-11-01"), PERSON, "박영희", "well", "", "박영희"),
        DeliveryMade(noon, PERSON, "우유", "handed", "", "우유"),
        DeliveryMade(noon + 1, PERSON, "우유", "still_there", "", "우유"),
        HouseholdReported(noon, 1, "월성동", "1-1", "", "@report"),
        SaidFine(at("23:59:59", "2026-09-30"), PERSON, "김순자"),
        SaidFine(at("00:00", "2026-10-01"), PERSON, "김순자"),
        PhoneUsed(noon, PERSON, "unlock", 80),
        PhoneUsed(noon + 1, PERSON, "steps", 80),
        NetSaid(at("09:00", "2026-10-10"), PERSON, "plug", "refused", "2026-10-10", None, "", "x"),
        NetSaid(at("09:00", "2026-11-02"), PERSON, "visit", "holds", "2026-11-02", None, "", "x"),
    ]


def report() -> dict[str, dict[str, tuple[Any, ...]]]:
    """Section → line → its values, of all that together."""
    home = begun(at("00:30", "2026-10-01"))
    everything = [*of_incidents(), *of_doses(), *of_people()]
    for fact in sorted(everything, key=lambda fact: fact.at_ms):
        home.fold(fact)
    who = roster()
    while home.doses.look(home.household, MONTH, NOW_MS):
        pass
    found = home.doses.counted(MONTH)
    seen = Seen(MONTH, who, home.household.nets, home.ledger, home.months.of[MONTH], found)
    return {
        section.key: {line.code: line.values for line in section.lines}
        for section in sections(seen)
    }


HAND: dict[str, dict[str, tuple[Any, ...]]] = {
    "people": {"known": (1, 100.0), "looked_after": (1, 100.0), "covered": (1, 100.0),
               "uncovered": (0, 0.0), "refused": (1, 100.0), "box": (1, 100.0),
               "neighbour": (0, 0.0), "visit": (0, 0.0)},
    "signs": {"lid": (4,), "button": (0,), "load": (0,), "lamp": (0,), "phone": (1,),
              "call": (2,), "visit": (1,), "handset": (2,), "delivery": (1,)},
    "seen": {"persons": (1,)},
    "incidents": {"all": (5, 2, 1, 2), "dose_missed": (3, 1, 1, 1),
                  "help_pressed": (1, 0, 0, 1), "no_sign_of_life": (1, 1, 0, 0)},
    "answers": {"answered": (2, None), "unanswered": (3, None), "half": (None, 8 + 5 / 60),
                "nine_of_ten": (None, 58.0), "longest": (None, 58.0)},
    "visits": {"well": (1,), "nobody": (1,), "worried": (0,)},
    "deliveries": {"handed": (1,), "left": (0,), "still_there": (1,)},
    "reports": {"new": (1,)},
    "calls": {"begun": (5, 100.0), "heard": (2, 40.0), "answered": (1, 20.0),
              "partly": (1, 20.0), "no_answer": (1, 20.0), "line_down": (1, 20.0),
              "busy": (0, 0.0), "voicemail": (0, 0.0), "refused": (0, 0.0), "hung_up": (0, 0.0),
              "interrupted": (0, 0.0)},
    "doses": {"all": (14, None), "taken_on_time": (3, 300 / 7), "taken_early": (1, 100 / 7),
              "taken_late": (0, 0.0), "taken_by_word": (0, 0.0), "missed": (2, 200 / 7),
              "skipped": (0, 0.0), "doubtful": (1, 100 / 7), "unknown": (7, None),
              "paused": (0, None), "not_over": (0, None)},
    "texts": {"all": (7, 100.0), "delivered": (1, 100 / 7), "submitted": (0, 0.0),
              "unreported": (0, 0.0), "undelivered": (0, 0.0), "withdrawn": (0, 0.0),
              "pending": (6, 600 / 7)},
}  # fmt: skip
"""Counted by hand from the lists above."""


def test_the_report_is_what_a_hand_counts() -> None:
    """Every figure of every section; facts a second outside the month are not in it."""
    found = report()
    assert found.keys() == HAND.keys()
    for section, lines in HAND.items():
        for code, values in lines.items():
            assert found[section][code] == pytest.approx(values, nan_ok=True), (section, code)
        if section != "people":  # the other nets are the coverage's to name
            assert found[section].keys() == lines.keys()


def test_a_month_is_the_same_in_whatever_order_it_became_known() -> None:
    """Counting does not depend on the order of facts."""
    facts = [*of_doses(), *of_people(), *of_incidents()]
    first: dict[str, Tally] | None = None
    for seed in range(5):
        random.Random(seed).shuffle(facts)
        months = Months()
        for fact in facts:
            months.note(fact, roster())
        first = first or months.of
        assert months.of == first
    assert first is not None
    assert sorted(first) == ["2026-09", "2026-10", "2026-11"]


def test_an_empty_month_divides_by_nothing() -> None:
    """Where there is nothing to count there is no share, and no section is missing."""
    home = Home()
    seen = Seen(MONTH, roster(), home.household.nets, home.ledger, Tally(), Counter())
    by_key = {section.key: section for section in sections(seen)}
    assert by_key.keys() == HAND.keys()
    assert by_key["people"].lines == ()
    assert Line("heard", (0, None)) in by_key["calls"].lines
    assert Line("half", (None, None)) in by_key["answers"].lines


def test_her_own_answer_is_nobody_elses() -> None:
    """Told, then answered by herself, then arrived at by her daughter: it took till then."""
    incident = Incident(1, PERSON, "help_pressed", "k", SlotId(PERSON, "2026-10-01", 2), "x", 0, 0)
    for minute, what, by in ((1, "told", ""), (2, "acknowledged", PERSON), (9, "arrived", "d")):
        incident.history.append(Entry(minute * 60_000, what, "answer", by))
    assert answered_after_ms(incident) == 8 * 60_000
    incident.history.pop()
    assert answered_after_ms(incident) is None


@pytest.mark.parametrize("wrong", ["2026-13", "2026-1", "x", "2026-10-01", "", "0000-01"])
def test_what_is_no_month_is_none(wrong: str) -> None:
    """A month is four digits, a hyphen, two digits; December leads into January."""
    with pytest.raises(ValueError, match=r"."):
        days_of(wrong)
    assert days_of("2026-12") == (date(2026, 12, 1), date(2027, 1, 1))
    assert days_of("2028-02") == (date(2028, 2, 1), date(2028, 3, 1))


def test_a_device_of_nobody_counts_for_nobody() -> None:
    """A record of a device that is not in the roster is no sign of anybody's life."""
    months = Months()
    months.note(record(1, wire.LID_OPENED, NOW_MS, device_id="XX-1"), roster())
    months.note(record(2, wire.SLOT_TAKEN, NOW_MS, value=3), roster())  # by word
    assert months.of == {}
    months.note(record(3, wire.LID_OPENED, NOW_MS, device_id=BOX), roster())
    assert months.of["2026-11"].seen == {PERSON}


def counted(*facts: Event) -> Tally:
    """The month of a few facts."""
    months = Months()
    for fact in facts:
        months.note(fact, roster())
    return months.of.get("2026-11", Tally())


def test_a_refrigerator_is_no_sign_of_anybodys_life() -> None:
    """What its plug calls automatic counts for nobody, until the plug says that it is not."""

    def load(seq: int, kind: int, value: int = 0) -> Event:
        return record(seq, kind, NOW_MS + seq, value=value)

    assert counted(load(1, wire.LOAD_ON)).seen == {PERSON}
    alone = counted(load(1, wire.LOAD_PERIODIC, 1), load(2, wire.LOAD_ON), load(3, wire.LOAD_OFF))
    assert (alone.seen, alone.counts.total()) == (set(), 0)
    again = [load(1, wire.LOAD_PERIODIC, 1), load(4, wire.LOAD_PERIODIC, 0), load(5, wire.LOAD_ON)]
    late = load(2, wire.LOAD_ON)
    assert counted(*again, late) == counted(again[0], late, *again[1:])
    assert counted(*again, late).counts == Counter({("sign", "load"): 1})
    lid = record(9, wire.LID_OPENED, NOW_MS)
    assert counted(again[0], lid).seen == {PERSON}


def test_a_call_in_which_the_gateway_died_is_interrupted() -> None:
    """No fact ends it: the next start does; the digit she had pressed is a sign of life, once."""
    begun_call = CallBegun(NOW_MS, 7, PERSON, WELLBEING, "2026-11-05", 1, "sip-1")
    digits = [CallAnswered(NOW_MS + n, 7, PERSON, f"q{n}", "yes", "1") for n in (1, 2)]
    heard = CallAnswered(NOW_MS, 7, PERSON, "q0", "yes", "")  # a voice alone may be a machine's
    start = GatewayStarted(NOW_MS + 9, "test")
    cut = counted(begun_call, heard, start, start)
    assert cut.counts == Counter({("calls_begun", WELLBEING): 1, ("call", "interrupted"): 1})
    assert counted(begun_call, *digits, start).counts["sign", "call"] == 1
    ended = CallEnded(NOW_MS + 8, 7, PERSON, ANSWERED, "")
    whole = counted(begun_call, *digits, ended, start)
    assert (whole.counts["sign", "call"], whole.counts["call", ANSWERED]) == (1, 1)
    assert whole.counts["call", "interrupted"] == 0


def test_who_ends_a_silence_has_looked_after_her() -> None:
    """As the silence itself takes it; of another incident, or where it ended by itself: nothing."""

    def ended(key: str, reason: str) -> Counter[tuple[str, str]]:
        worry = "no_sign_of_life"
        told = IncidentOpened(NOW_MS, 1, PERSON, worry, key, None, "x", NOW_MS)
        return counted(told, IncidentResolved(NOW_MS, 1, reason, "daughter")).counts

    assert ended(f"life/{PERSON}/1", "by_person") == Counter({("sign", "visit"): 1})
    assert ended(f"life/{PERSON}/1", "false_alarm") == Counter({("sign", "visit"): 1})
    assert not ended(f"life/{PERSON}/1", "gone")
    assert not ended(f"help/{PERSON}/1", "by_person")


def test_a_silence_that_a_visit_ended_has_one_sign() -> None:
    """An officer closes it as "visited": one visit and one sign; the next visit is another."""
    silence = IncidentOpened(NOW_MS, 1, PERSON, "no_sign_of_life", f"life/{PERSON}/1", None, "x", 0)
    ended = IncidentResolved(NOW_MS, 1, "by_person", "이지은")
    visits = (VisitMade(ms, PERSON, "이지은", "well", "", "이지은") for ms in (NOW_MS, NOW_MS + 1))
    counts = counted(silence, ended, *visits).counts
    assert counts == Counter({("sign", "visit"): 2, ("visit", "well"): 2})


def test_a_word_about_the_dose_is_an_answer() -> None:
    """Her daughter answers "taken": that ended it; a box that says so by itself is nobody."""
    incident = Incident(1, PERSON, "dose_missed", "k", SlotId(PERSON, "2026-10-01", 2), "x", 0, 0)
    incident.history.append(Entry(60_000, "told", "first_step", ""))
    incident.history.append(Entry(3 * 60_000, "resolved", "by_word", "daughter"))
    assert answered_after_ms(incident) == 2 * 60_000
    incident.history[-1] = Entry(3 * 60_000, "resolved", "by_word", "")
    assert answered_after_ms(incident) is None


def test_a_month_begins_where_the_home_is() -> None:
    """The home's zone is put right in the middle of a month: what follows counts by the new one."""
    months, late_ms = Months(), at("02:00", "2026-11-01")
    fine = SaidFine(late_ms, PERSON, "김순자")
    months.note(SaidFine(late_ms - 3_600_000, PERSON, "김순자"), roster())
    months.note(fine, roster(zone="Europe/Berlin"))
    assert {name: tally.counts.total() for name, tally in months.of.items()} == {
        "2026-11": 1,
        "2026-10": 1,
    }


def test_figures_are_written_out() -> None:
    """Millions of openings are no power of ten, and no digit is lost."""
    rows = [
        Figure("2026-10", "signs", "lid", "n", value, "w", "w", "w", "d")
        for value in (2_712_345, 1234567.891, 8.083, 0.0, 58.0, None)
    ]
    written = [row["value"] for row in month_rows(rows)]
    assert written == ["2712345", "1234567.891", "8.083", "0", "58", None]
