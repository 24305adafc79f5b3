"""gateway.officer.casework and cases: notes, closings with a reason, visits."""

from __future__ import annotations

import pytest

from anbu_wire import messages as wire
from gateway.events import CaseClosed, CaseNoted, IncidentResolved, from_json, to_json
from gateway.home import Home
from gateway.officer.casework import NOTE_MOST, WHYS, CloseCase, NoteCase, PlanVisit
from gateway.officer.standing import Level
from gateway.refused import EntryRefused
from gateway.units import HOUR_MS
from tests.gateway.home_facts import record
from tests.gateway.officer.district import NOW_MS, begun, enter, settle, stands


def _called() -> tuple[Home, int]:
    """김순자 pressed HELP, her daughter was told; and the incident's number."""
    home = begun()
    home.fold(record(2, wire.HELP_PRESSED, NOW_MS, slot_day=None, slot_index=None))
    settle(home, NOW_MS)
    return home, next(iter(home.ledger.live))


@pytest.mark.parametrize("why", WHYS)
def test_closing_ends_the_incident_and_the_reason_stays(why: str) -> None:
    """Over as by "all is well" or "false alarm"; she is fine, the book says why and by whom."""
    home, number = _called()
    facts = enter(home, CloseCase(number, why, "직접 뵘", "이지은"), NOW_MS)
    ended = next(f for f in facts if isinstance(f, IncidentResolved))
    assert ended.reason == ("false_alarm" if why == "false_alarm" else "by_person")
    assert stands(home, "soonja", NOW_MS).level is Level.FINE
    kept = home.cases.newest("soonja")
    assert isinstance(kept, CaseClosed)
    assert (kept.why, kept.text, kept.by, kept.incident_id) == (why, "직접 뵘", "이지은", number)


@pytest.mark.parametrize(
    ("why", "text", "code"),
    [("other", " \n ", "closing_text"), ("", "x", "closing"), ("called", "x" * 1001, "note")],
)
def test_a_closing_without_a_reason_is_refused_and_nothing_ends(
    why: str, text: str, code: str
) -> None:
    """The reason is one of the list; "other" needs words; the incident lives on."""
    home, number = _called()
    with pytest.raises(EntryRefused) as refused:
        enter(home, CloseCase(number, why, text, "이지은"), NOW_MS)
    assert refused.value.code == code
    assert number in home.ledger.live


def test_a_repair_is_no_sign_of_life() -> None:
    """Nobody saw or heard her: her silence goes on to be asked about; who called may end it."""
    home, later_ms = begun(), NOW_MS + 40 * HOUR_MS
    settle(home, later_ms)
    (number,) = (i for i in home.ledger.live if home.ledger.incidents[i].person_id == "soonja")
    assert home.ledger.incidents[number].worry in ("no_sign_of_life", "cannot_see_life")
    with pytest.raises(EntryRefused, match="closing_unseen"):
        enter(home, CloseCase(number, "repaired", "선을 다시 꽂음", "이지은"), later_ms)
    before = stands(home, "soonja", later_ms).sign
    assert number in home.ledger.live
    enter(home, CloseCase(number, "called", "", "이지은"), later_ms)
    assert stands(home, "soonja", later_ms).sign != before


def test_what_is_over_cannot_be_closed_again() -> None:
    """The second officer reads that it is over; one fact is in the book."""
    home, number = _called()
    enter(home, CloseCase(number, "called", "", "이지은"), NOW_MS)
    with pytest.raises(EntryRefused, match="incident_over"):
        enter(home, CloseCase(number, "visited", "", "박영희"), NOW_MS)
    assert len(home.cases.entries["soonja"]) == 1


def test_a_note_keeps_its_lines_and_belongs_to_one_person() -> None:
    """Space around is left out, lines stay; nobody else's book has it."""
    home = begun()
    enter(home, NoteCase("soonja", "  전화 안 받음 \r\n 이웃에  부탁 ", "이지은"), NOW_MS)
    kept = home.cases.newest("soonja")
    assert isinstance(kept, CaseNoted)
    assert kept.text == "전화 안 받음\n이웃에 부탁"
    assert home.cases.newest("malsoon") is None


@pytest.mark.parametrize("text", ["", " \n ", "x" * (NOTE_MOST + 1), "a\x00b"])
def test_a_note_that_cannot_be_kept_is_refused(text: str) -> None:
    """Empty, too long, or with what is no text."""
    with pytest.raises(EntryRefused, match="note"):
        enter(begun(), NoteCase("soonja", text, "이지은"), NOW_MS)


@pytest.mark.parametrize("day", ["", "2026-02-30", "tomorrow", "1999-01-01"])
def test_a_visit_is_on_a_day_there_is(day: str) -> None:
    """Anything else is refused by name."""
    with pytest.raises(EntryRefused, match="day"):
        enter(begun(), PlanVisit("soonja", day, True, "이지은"), NOW_MS)


def test_nobody_is_noted_visited_or_closed_who_does_not_live_here() -> None:
    """An id that is nobody's is refused."""
    for entry in (NoteCase("x", "a", "이"), PlanVisit("x", "2026-03-02", True, "이")):
        with pytest.raises(EntryRefused, match="person"):
            enter(begun(), entry, NOW_MS)
    with pytest.raises(EntryRefused, match="incident_over"):
        enter(begun(), CloseCase(99, "called", "", "이"), NOW_MS)


def test_the_book_comes_back_from_the_log() -> None:
    """Every fact of an officer, written as JSON and read, folds into the same book."""
    home, number = _called()
    facts = [
        *enter(home, NoteCase("soonja", "a", "이"), NOW_MS),
        *enter(home, PlanVisit("soonja", "2026-03-03", True, "이"), NOW_MS),
        *enter(home, CloseCase(number, "called", "", "이"), NOW_MS),
    ]
    other, _ = _called()
    for fact in facts:
        other.fold(from_json(fact.kind, to_json(fact)))
    assert other.cases == home.cases
