"""gateway.officer.ending: afterwards nothing calls, texts, asks or shows her; others as before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anbu_wire import messages as wire
from gateway.access import GUARDIAN, OFFICER, SENIOR, Grant
from gateway.access.accounts import rows_of
from gateway.calls import queue
from gateway.entering import entered
from gateway.events import (
    AccountClosed,
    AccountOpened,
    CallAnswered,
    CallBegun,
    CallEnded,
    CallsConsent,
    CallsPlanned,
    CareEnded,
    DeliveryMade,
    DeviceOrdered,
    Event,
    HospitalLeft,
    LinkUp,
    PhoneHeard,
    PhoneUsed,
    PhoneWatched,
    PlateMade,
    RosterChanged,
    RosterSet,
    SaidFine,
    ScheduleOnBox,
    TextClaimed,
    TextDecided,
    TextFailed,
    TextReceived,
    VisitMade,
    VisitPlanned,
    VisitsPlanned,
    from_json,
    to_json,
)
from gateway.home import Home
from gateway.incidents.reasons import Reason
from gateway.officer.ending import BACK_DAYS, EndCare, about_her, following
from gateway.prescription.schedule import make_schedule, to_be_emptied
from gateway.refused import EntryRefused
from gateway.roster import Guardian, Person, Roster
from gateway.roster import to_json as roster_to_json
from gateway.units import DAY_MS, HOUR_MS
from tests.gateway.home_facts import (
    BOX,
    DAUGHTER,
    at,
    caught_up,
    missed_at_seven,
    record,
    roster,
    settle,
)

BY, TODAY = "최담당", "2026-03-02"
SON = "+821077778888"
NOW_MS = at("19:10")
PLAN = {
    "weekdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    "from": "09:00",
    "until": "21:00",
    "number": "+82311112222",
    "language": "ko",
}


def two(**policy: Any) -> Roster:  # noqa: ANN401 - fields of Policy
    """Soonja with her daughter, and Jungho with a son; a weekly and a monthly text."""
    of = roster(**policy)
    return replace(
        of,
        persons=(replace(of.persons[0], level="risk"), Person("jungho", "박정호")),
        guardians=(*of.guardians, Guardian("son", "jungho", "박민수", SON, "ko", 0)),
    )


def busy() -> Home:
    """Her dose was missed and told; calls, visits, a plate, a telephone; people who may look."""
    home = missed_at_seven(two(weekly_day="tue", test_day=5))
    her = "soonja"
    facts: list[Event] = [
        CallsPlanned(NOW_MS, her, "care", PLAN, BY),
        CallsConsent(NOW_MS, her, given=True, by=BY),
        PhoneWatched(NOW_MS, her, 24, "daughter", BY),
        VisitsPlanned(NOW_MS, her, "정도우", "helper", tuple(range(7)), 1, TODAY, BY),
        PlateMade(NOW_MS, 1, her, "", "", BY),
        account("a1", "이지은", Grant(GUARDIAN, her)),
        account("a2", "박영희", Grant(GUARDIAN, her), Grant(GUARDIAN, "jungho")),
        account("a3", "김순자", Grant(SENIOR, her)),
        account("a4", BY, Grant(OFFICER, her)),
        DeviceOrdered(NOW_MS, 1, BOX, "locate", {}),
    ]
    for fact in facts:
        home.fold(fact)
    settle(home, NOW_MS)
    return home


def account(number: str, name: str, *grants: Grant) -> AccountOpened:
    """Somebody who may sign in."""
    return AccountOpened(NOW_MS, number, name, rows_of(grants), "ko", None, None, BY)


def end(home: Home, why: str = "died", day: str = TODAY, now_ms: int = NOW_MS) -> list[Event]:
    """Her care ends; the facts, believed."""
    facts = entered(home, EndCare("soonja", why, day, BY), now_ms)
    for fact in facts:
        home.fold(fact)
    return facts


def test_all_that_is_hers_goes_at_once() -> None:
    """Rows, incident, texts that wait, order, plans, plate, accounts; the schedule is empty."""
    home = busy()
    home.fold(TextDecided(NOW_MS, 90, None, "daughter", DAUGHTER, "weekly", "…", "news", -1, 0))
    was = following(home, "soonja")
    assert [d.id for d in was.devices] == [BOX]
    assert (len(was.incidents), was.texts, len(was.guardians)) == (1, 1, 2)
    assert [account.name for account in was.accounts] == ["이지은", "김순자"]
    assert (was.calls, was.plates) == (1, 1)
    facts = end(home)
    assert home.household.roster is not None
    assert home.household.roster.person("soonja") is None
    assert home.household.roster.devices == ()
    assert not home.ledger.live
    assert not [t for t in home.ledger.texts.values() if t.state == "pending"]
    assert not home.book.waiting
    assert "soonja" not in home.household.calls.plans
    assert not home.household.visits.rota["soonja"]
    assert not home.household.visits.plates
    assert {a.name: a.grants for a in home.accounts.open.values()} == {
        "박영희": (Grant(GUARDIAN, "jungho"),),
        BY: (Grant(OFFICER, "soonja"),),
    }
    made = make_schedule(home.household, BOX, NOW_MS)
    assert made is not None
    assert (made.slots, made.rules) == ((), ())
    assert {f.account_id for f in facts if isinstance(f, AccountClosed)} == {"a1", "a3"}


def test_what_is_kept_says_who_why_and_what_is_to_be_fetched() -> None:
    """The fact reads back as it was; the incident's end names the reason and the officer."""
    home = busy()
    (fact, *_) = end(home, "moved", "2026-02-27")
    assert isinstance(fact, CareEnded)
    assert from_json("care_ended", to_json(fact)) == fact
    assert (fact.name, fact.why, fact.day, fact.by) == ("김순자", "moved", "2026-02-27", BY)
    assert (fact.devices, fact.guardians) == ((BOX,), ("daughter", "neighbour"))
    assert home.cases.ended == {"soonja": fact}
    (incident,) = home.ledger.incidents.values()
    last = incident.history[-1]
    assert (last.what, last.reason, last.detail) == ("resolved", Reason.CARE_ENDED, BY)


@pytest.mark.parametrize(
    ("why", "day", "code"),
    [
        ("tired", TODAY, "ending_why"),
        ("moved", "2026-03-03", "ending_day"),
        ("moved", "2024-01-01", "ending_day"),
        ("moved", "gestern", "day"),
    ],
)
def test_what_makes_no_sense_is_refused(why: str, day: str, code: str) -> None:
    """A reason of the list, a day that was, within a year; once."""
    home = busy()
    with pytest.raises(EntryRefused) as refused:
        end(home, why, day)
    assert refused.value.code == code
    assert home.ledger.live
    assert BACK_DAYS == 366
    end(home)
    with pytest.raises(EntryRefused):
        end(home)


def test_her_box_is_spoken_to_until_it_asks_for_nothing() -> None:
    """Nobody's, it would light its lids for weeks: only the empty schedule read back ends it."""
    home = busy()
    assert to_be_emptied(home.household) == []
    end(home)
    assert to_be_emptied(home.household) == [BOX]
    made = make_schedule(home.household, BOX, NOW_MS)
    assert made is not None
    home.fold(made)
    assert to_be_emptied(home.household) == [BOX]
    home.fold(ScheduleOnBox(NOW_MS, BOX, made.version, made.crc))
    assert to_be_emptied(home.household) == []


def test_a_text_that_comes_back_from_the_modem_is_hers_still() -> None:
    """It was on its way when her care ended: as soon as it waits again it is known as hers."""
    home = busy()
    text = TextDecided(NOW_MS, 90, 1, "daughter", DAUGHTER, "dose_missed", "…", "repeat", 0, 0)
    for fact in (text, TextClaimed(NOW_MS, 90, "modem")):
        home.fold(fact)
    end(home)
    home.fold(TextFailed(NOW_MS, 90, "no carrier", final=False, route="modem"))
    assert home.ledger.texts[90].state == "pending"
    assert about_her(home.ledger, home.ledger.texts[90], home.cases.told_no_more)


def test_who_goes_with_the_file_leaves_nothing_open_either() -> None:
    """Not in the file any more: her incident is closed with the reason, and nobody is told."""
    home = missed_at_seven(two())
    alone = replace(two(), persons=two().persons[1:], devices=(), guardians=two().guardians[2:])
    home.fold(RosterSet(NOW_MS, roster_to_json(alone)))
    facts = settle(home, NOW_MS)
    assert not [f for f in facts if isinstance(f, TextDecided)]
    (incident,) = home.ledger.incidents.values()
    assert (incident.live, incident.reason) == (False, Reason.CARE_ENDED)


def test_others_are_told_as_before() -> None:
    """What another person's people are told is the same, whether her care ended or not."""
    told = []
    for ends in (False, True):
        home = busy()
        home.fold(CallsPlanned(NOW_MS, "soonja", "care", None, BY))  # no line: that worries all
        if ends:
            end(home)
        home.fold(VisitMade(NOW_MS, "jungho", "", "worried", "", "@door"))
        facts = [f for day in range(6) for f in settle(home, NOW_MS + day * DAY_MS)]
        texts = [f for f in facts if isinstance(f, TextDecided) and f.to == SON]
        told.append([(f.at_ms, f.purpose) for f in texts])
    assert told[0] == told[1]
    assert told[1]


# --- whatever comes afterwards ------------------------------------------------------------------

KINDS = sorted(
    value
    for name, value in vars(wire).items()
    if name in {"HELP_PRESSED", "SLOT_MISSED", "SLOT_TAKEN", "SLOT_LATE", "LID_OPENED", "ANSWERED"}
)


def _late(n: int, at_ms: int, kind: int) -> list[Event]:
    """One thing of every sort that can still come about her."""
    her = "soonja"
    return [
        record(n, kind, at_ms, wall_ms=at_ms - (n % 3) * DAY_MS),
        record(n, kind, at_ms, slot_day=None, slot_index=None),
        caught_up(at_ms, up_to_seq=n),
        LinkUp(at_ms, BOX),
        PhoneUsed(at_ms, her, "unlock", 50),
        PhoneHeard(at_ms, her, 3),
        PhoneWatched(at_ms, her, 24, "daughter", BY),
        CallsPlanned(at_ms, her, "care", PLAN, BY),
        CallBegun(at_ms, n, her, "care", TODAY, 1, "line"),
        CallAnswered(at_ms, n, her, "pain", "bad", "2"),
        CallEnded(at_ms, n, her, "no_answer", ""),
        VisitsPlanned(at_ms, her, "정도우", "helper", tuple(range(7)), 1, TODAY, BY),
        VisitPlanned(at_ms, her, TODAY, wanted=True, by=BY),
        VisitMade(at_ms, her, "", "worried", "", "@door"),
        VisitMade(at_ms, her, "", "nobody", "", "@door"),
        DeliveryMade(at_ms, her, "", "still_there", "", "@door"),
        HospitalLeft(at_ms, her, TODAY, "2026-03-09", "severe", "risk", (), (), True, BY),
        SaidFine(at_ms, her, her),
        TextReceived(at_ms, f"key-{n}", DAUGHTER, "1"),
        RosterSet(at_ms, roster_to_json(two(weekly_day="tue", test_day=5))),
        RosterChanged(at_ms, "guardians", "g9", {**_GUARDIAN, "id": "g9", "person_id": her}, BY),
    ]


_GUARDIAN = roster_to_json(two())["guardians"][0]
LATE = st.lists(
    st.tuples(
        st.integers(0, len(_late(1, NOW_MS, KINDS[0])) - 1),
        st.sampled_from(KINDS),
        st.integers(0, 40 * HOUR_MS),
    ),
    max_size=12,
)


@given(LATE)
@settings(max_examples=60, deadline=None)
def test_whatever_comes_no_text_and_no_call_leaves(late: list[tuple[int, int, int]]) -> None:
    """Late records, her telephone, calls planned, doors, answers, the file again: nothing."""
    home = busy()
    end(home)
    gone = home.cases.told_no_more
    for n, (which, kind, wait_ms) in enumerate(late, 1):
        now_ms = NOW_MS + n * 40 * HOUR_MS + wait_ms
        fact = _late(n, now_ms, kind)[which]
        home.fold(fact)
        follows = [*settle(home, now_ms), *_answers(home, fact, now_ms)]
        texts = [f for f in follows if isinstance(f, TextDecided)]
        assert not [t for t in texts if t.guardian_id in gone or t.to == DAUGHTER]
        assert queue.due(home.household, "line", 4, now_ms) == []
        assert not [i for i in home.ledger.live if home.ledger.incidents[i].person_id == "soonja"]


def _answers(home: Home, fact: Event, now_ms: int) -> Iterator[Event]:
    if isinstance(fact, TextReceived):
        yield from home.answer(replace(fact, message_key="again"), now_ms)
