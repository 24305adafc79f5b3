"""gateway.coverage.nets: which nets hold whom, by facts in the order of the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway import roster as rosters
from gateway.coverage.nets import Nets
from gateway.coverage.rows import Row, Tally
from gateway.coverage.taking import SayNet, SettleHousehold
from gateway.enrolling import (
    ChangePerson,
    EnrolPerson,
    PlaceDevice,
    RemoveDevice,
    SetGuardian,
)
from gateway.events import (
    CallsPlanned,
    Event,
    HouseholdSettled,
    HouseholdSurveyed,
    LinkDown,
    NetSaid,
    PhoneWatched,
    RosterSet,
    VisitsPlanned,
)
from gateway.home import Home
from gateway.officer.ending import EndCare
from gateway.refused import EntryRefused
from tests.gateway.home_facts import at
from tests.gateway.officer.district import NOW_MS, begun, enter, roster

HOLDS_CALL = {"call": {"state": "holds", "from_day": "2025-03-01", "ask_again_day": None}}


def row(home: Home, of: str = "jungho") -> Row:
    """Hers: 박정호 has no device."""
    return home.household.nets.rows[of]


def said(net: str, state: str, again: str = "", of: str = "jungho") -> SayNet:
    """What an officer writes down about a net."""
    return SayNet(of, net, state, "2026-03-01", again, "", "이지은")


def surveyed(name: str = "최영수", **fields: Any) -> HouseholdSurveyed:  # noqa: ANN401
    """A household of a survey."""
    fact = HouseholdSurveyed(NOW_MS, "@1", name, "율하동", "안심로 12", 1941, "", "이지은")
    return replace(fact, **fields)


def test_what_is_there_holds_since_it_is_there() -> None:
    """A box in the roster is a net from its first day; whoever has nothing is uncovered."""
    home = begun()
    assert row(home, "soonja").held == ("box",)
    assert row(home, "soonja").nets[0].since_day == "2026-03-02"
    assert not row(home).covered
    assert home.household.nets.figures.uncovered == 1


def test_a_plug_that_is_placed_and_taken_away() -> None:
    """It holds her only while it is hers, and whose it was before is looked at anew."""
    home = begun()
    plug = rosters.Device("AP-000009", "careplug", "jungho", "주방")
    enter(home, PlaceDevice(plug, "이지은"), NOW_MS)
    assert row(home).held == ("plug",)
    enter(home, PlaceDevice(replace(plug, person_id="soonja"), "이지은"), NOW_MS)
    assert (row(home).held, row(home, "soonja").held) == ((), ("box", "plug"))
    enter(home, RemoveDevice("AP-000009", "이지은"), NOW_MS)
    assert row(home, "soonja").held == ("box",)


@pytest.mark.parametrize(
    ("begins", "ends", "net"),
    [
        (
            CallsPlanned(NOW_MS, "jungho", "wellbeing", {"weekdays": ["mon"]}, "이지은"),
            CallsPlanned(NOW_MS, "jungho", "wellbeing", None, "이지은"),
            "call",
        ),
        (
            CallsPlanned(NOW_MS, "jungho", "voice_message", {"weekdays": ["mon"]}, "이지은"),
            CallsPlanned(NOW_MS, "jungho", "voice_message", None, "이지은"),
            "voice_message",
        ),
        (
            PhoneWatched(NOW_MS, "jungho", 24, "", "이지은"),
            PhoneWatched(NOW_MS, "jungho", None, "", "이지은"),
            "phone",
        ),
        *(
            (
                VisitsPlanned(NOW_MS, "jungho", "박씨", role, (0,), 1, "2026-03-02", "이지은"),
                VisitsPlanned(NOW_MS, "jungho", "박씨", role, (), 1, "2026-03-02", "이지은"),
                net,
            )
            for role, net in (
                ("officer", "visit"), ("helper", "visit"),
                ("deliverer", "deliverer"), ("neighbour", "neighbour"),
            )
        ),
    ],
)  # fmt: skip
def test_a_plan_is_a_net_until_it_ends(begins: Event, ends: Event, net: str) -> None:
    """Calls, a watched telephone and each kind of visitor, from their first fact to their last."""
    home = begun()
    home.fold(begins)
    assert row(home).held == (net,)
    home.fold(replace(begins, at_ms=at("10:00", "2026-04-09")))
    assert row(home).nets[0].since_day == "2026-03-02"
    home.fold(ends)
    assert row(home).held == ()


def test_one_of_two_visitors_leaves() -> None:
    """The net stays while anybody of its kind comes."""
    home = begun()
    for who in ("박씨", "최씨"):
        home.fold(VisitsPlanned(NOW_MS, "jungho", who, "helper", (0,), 1, "2026-03-02", "이"))
    home.fold(VisitsPlanned(NOW_MS, "jungho", "박씨", "helper", (), 1, "2026-03-02", "이"))
    assert row(home).held == ("visit",)


def test_who_comes_later_holds_nobody_yet() -> None:
    """A rota from Thursday on is a net on Thursday, with whatever is known first on that day."""
    home = begun()
    plan = VisitsPlanned(NOW_MS, "jungho", "박씨", "helper", (3,), 1, "2026-03-05", "이지은")
    home.fold(plan)
    home.fold(LinkDown(at("23:59", "2026-03-04"), "AB-000001", ""))
    assert row(home).held == ()
    home.fold(LinkDown(at("00:00", "2026-03-05"), "AB-000001", ""))
    assert [(net.name, net.since_day) for net in row(home).nets] == [("visit", "2026-03-05")]
    home.fold(replace(plan, from_day="2026-03-12"))
    assert row(home).held == ()
    home.fold(replace(plan, weekdays=()))
    home.fold(LinkDown(at("00:00", "2026-03-12"), "AB-000001", ""))
    assert row(home).held == ()


def test_what_was_taken_away_holds_by_no_older_word() -> None:
    """Said to hold by a survey, then hers, then taken away: nobody is held by it any more."""
    home = begun()
    enter(home, said("plug", "holds"), NOW_MS)
    plug = rosters.Device("AP-000009", "careplug", "jungho", "주방")
    enter(home, PlaceDevice(plug, "이지은"), NOW_MS)
    enter(home, RemoveDevice("AP-000009", "이지은"), NOW_MS)
    assert not row(home).covered
    enter(home, said("plug", "holds"), NOW_MS)
    assert row(home).held == ("plug",)


def test_a_net_goes_on_while_one_replaces_another() -> None:
    """A new box on the day of the old one, a second visitor before the first leaves: no new day."""
    home, later = begun(), at("10:00", "2026-05-02")
    enter(home, RemoveDevice("AB-000001", "이지은"), later)
    assert not row(home, "soonja").covered
    box = rosters.Device("AB-000003", "pillbox", "soonja", "주방")
    enter(home, PlaceDevice(box, "이지은"), later)
    assert row(home, "soonja").nets[0].since_day == "2026-03-02"
    for who, day, weekdays in (("박씨", "02", (0,)), ("최씨", "20", (1,)), ("박씨", "25", ())):
        home.fold(VisitsPlanned(at("10:00", f"2026-03-{day}"), "jungho", who, "helper", weekdays,
                                1, "2026-03-02", "이"))  # fmt: skip
    assert row(home).nets[0].since_day == "2026-03-02"


def test_a_net_that_was_gone_for_a_day_begins_anew() -> None:
    """Taken on the 2nd, another on the 3rd: it holds since the 3rd."""
    home = begun()
    enter(home, RemoveDevice("AB-000001", "이지은"), at("10:00", "2026-05-02"))
    box = rosters.Device("AB-000003", "pillbox", "soonja", "주방")
    enter(home, PlaceDevice(box, "이지은"), at("10:00", "2026-05-03"))
    assert row(home, "soonja").nets[0].since_day == "2026-05-03"


def test_who_left_and_came_again_is_held_since_she_came() -> None:
    """Taken out of the file with her box, and put in again in May."""
    home = begun()
    without = replace(roster(), persons=roster().persons[1:], devices=roster().devices[1:],
                      guardians=roster().guardians[1:])  # fmt: skip
    home.fold(RosterSet(at("10:00", "2026-04-01"), rosters.to_json(without)))
    home.fold(RosterSet(at("10:00", "2026-05-01"), rosters.to_json(roster())))
    assert row(home, "soonja").nets[0].since_day == "2026-05-01"
    assert row(home, "malsoon").nets[0].since_day == "2026-03-02"


def test_a_visitors_name_is_no_other_plan() -> None:
    """Somebody called as a plan is called ends no plan but her own."""
    home = begun()
    home.fold(PhoneWatched(NOW_MS, "jungho", 24, "", "이지은"))
    for weekdays in ((0,), ()):
        home.fold(VisitsPlanned(NOW_MS, "jungho", "phone", "helper", weekdays, 1, "2026-03-02", ""))
    assert row(home).held == ("phone",)


def test_a_refused_device_asks_for_a_neighbour_until_one_is_there() -> None:
    """Refused: asked for. On her ladder: held. And a refused neighbour is asked for no more."""
    home = begun()
    enter(home, said("plug", "refused", "2026-06-01"), NOW_MS)
    assert row(home).asks_neighbour
    assert row(home).ask_again_day == "2026-06-01"
    neighbour = rosters.Guardian("n1", "jungho", "박씨", "+821099998888", "ko", 5, "neighbour")
    enter(home, SetGuardian(neighbour, "이지은"), NOW_MS)
    assert not row(home).asks_neighbour
    assert row(home).held == ("neighbour",)
    other = begun()
    for net in ("plug", "neighbour"):
        enter(other, said(net, "refused"), NOW_MS)
    assert not row(other).asks_neighbour


def test_a_refused_call_asks_for_nobody() -> None:
    """Only a device is replaced by a neighbour."""
    home = begun()
    enter(home, said("call", "refused"), NOW_MS)
    assert not row(home).asks_neighbour


def test_a_word_takes_no_device_away() -> None:
    """What stands in her home cannot be refused or ended by a form; it can be said to hold."""
    home = begun()
    for state in ("refused", "ended"):
        with pytest.raises(EntryRefused, match="net_there"):
            enter(home, said("box", state, of="soonja"), NOW_MS)
    enter(home, said("plug", "refused"), NOW_MS)
    plug = rosters.Device("AP-000009", "careplug", "jungho", "주방")
    enter(home, PlaceDevice(plug, "이지은"), NOW_MS)
    assert row(home).held == ("plug",)
    assert not row(home).refused


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (said("moon", "holds"), "net"),
        (said("call", "maybe"), "net"),
        (said("call", "holds", of="nobody"), "person"),
        (replace(said("call", "holds"), from_day="2026-03-03"), "net_ahead"),
        (replace(said("call", "holds"), from_day="gestern"), "day"),
        (said("call", "refused", "2026-03-02"), "ask_again"),
        (said("call", "refused", "2036-03-02"), "ask_again"),
        (replace(said("call", "holds"), text="x" * 201), "why"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(entry: SayNet, code: str) -> None:
    """Each wrong field has a reason of its own."""
    with pytest.raises(EntryRefused) as refused:
        enter(begun(), entry, NOW_MS)
    assert refused.value.code == code


def test_a_household_is_known_until_it_is_settled() -> None:
    """A survey's household has a row with its nets; enrolled, they are hers, and its place too."""
    home = begun()
    home.fold(surveyed(nets=HOLDS_CALL))
    assert row(home, "@1").held == ("call",)
    assert not row(home, "@1").person
    enter(home, said("plug", "refused", of="@1"), NOW_MS)
    assert row(home, "@1").asks_neighbour
    enter(home, SettleHousehold("@1", "enrolled", "jungho", "", "이지은"), NOW_MS)
    assert "@1" not in home.household.nets.rows
    assert row(home).held == ("call",)
    assert (row(home).dong, row(home).address) == ("율하동", "안심로 12")
    with pytest.raises(EntryRefused, match="person"):
        enter(home, SettleHousehold("@1", "gone", "", "", "이지은"), NOW_MS)


def test_what_was_said_of_her_here_counts_before_the_survey() -> None:
    """She refused calls, an officer wrote: that her household once took them counts no more."""
    home = begun()
    home.fold(surveyed(nets=HOLDS_CALL))
    enter(home, said("call", "refused", "2026-06-01"), NOW_MS)
    enter(home, SettleHousehold("@1", "enrolled", "jungho", "", "이지은"), NOW_MS)
    assert (row(home).held, row(home).ask_again_day) == ((), "2026-06-01")


def test_who_is_enrolled_is_not_counted_twice() -> None:
    """The household of her name at her place is she, however it is written, with its nets."""
    home = begun()
    home.fold(surveyed(address="율하동 안심로 12번지", nets=HOLDS_CALL))
    person = rosters.Person("p1", "최 영수", dong="율하동", address="안심로12")
    son = rosters.Guardian("g1", "p1", "아들", "+821099998888", "ko", 0)
    enter(home, EnrolPerson(person, (son,), "이지은"), NOW_MS)
    assert "@1" not in home.household.nets.rows
    assert (row(home, "p1").held, home.household.nets.figures.people) == (("call",), 4)


def test_her_household_is_found_when_her_place_is_written_down_later() -> None:
    """By a change of her row too; where two could be meant, neither is taken."""
    home = begun()
    person = rosters.Person("jungho", "최영수", level="risk", dong="율하동", address="안심로 12")
    for number in ("@1", "@2"):
        home.fold(surveyed(household_id=number, birth_year=1940 + int(number[1:])))
    enter(home, ChangePerson(person, "이지은"), NOW_MS)
    assert {"@1", "@2"} < set(home.household.nets.rows)
    enter(home, SettleHousehold("@2", "gone", "", "", "이지은"), NOW_MS)
    enter(home, ChangePerson(person, "이지은"), NOW_MS)
    assert home.household.nets.figures.people == 3


def test_a_newer_survey_says_what_holds() -> None:
    """The newest word counts, whether it came by a form or by a survey."""
    home = begun()
    home.fold(surveyed(nets=HOLDS_CALL))
    enter(home, said("call", "ended", of="@1"), NOW_MS)
    assert row(home, "@1").held == ()
    home.fold(surveyed(nets=HOLDS_CALL))
    assert row(home, "@1").held == ("call",)


def test_who_is_removed_is_counted_no_more() -> None:
    """Removed from the roster: out of rows and figures."""
    home = begun()
    enter(home, EndCare("jungho", "moved", "2026-03-02", "이지은"), NOW_MS)
    assert home.household.nets.figures.people == 2
    assert home.household.nets.figures.uncovered == 0


def test_a_month_is_kept_as_it_ended() -> None:
    """What changes in April changes nothing in March; before the first fact nothing was known."""
    home = begun()
    home.fold(PhoneWatched(at("10:00", "2026-04-02"), "jungho", 24, "", "이지은"))
    nets = home.household.nets
    march, april = nets.at_month("2026-03"), nets.at_month("2026-04")
    assert march is not None
    assert april is not None
    assert (march.uncovered, april.uncovered) == (1, 0)
    assert nets.at_month("2026-02") is None
    assert nets.at_month("2026-09") == april


DAY_MS = 24 * 3_600_000
_FACTS: list[Callable[[int, str], Event]] = [
    lambda ms, of: NetSaid(ms, of, "plug", "refused", "2026-03-01", None, "", "이"),
    lambda ms, of: NetSaid(ms, of, "call", "holds", "2026-03-01", None, "", "이"),
    lambda ms, of: NetSaid(ms, of, "call", "ended", "2026-03-01", None, "", "이"),
    lambda ms, of: PhoneWatched(ms, of, 24, "", "이"),
    lambda ms, of: PhoneWatched(ms, of, None, "", "이"),
    lambda ms, of: VisitsPlanned(ms, of, "박", "neighbour", (1,), 1, "2026-03-02", "이"),
    lambda ms, of: HouseholdSurveyed(ms, f"@{of}", of, "율하동", f"{of} 1", None, "", "이"),
    lambda ms, of: HouseholdSurveyed(
        ms, f"@{of}", of, "신기동", "9-1", None, "010-1", "이", HOLDS_CALL
    ),
    lambda ms, of: HouseholdSettled(ms, f"@{of}", "gone", "", "", "이"),
    lambda ms, of: NetSaid(ms, f"@{of}", "plug", "refused", "2026-03-01", None, "", "이"),
    lambda ms, of: VisitsPlanned(ms, of, "박", "helper", (1,), 1, "2026-03-03", "이"),
    lambda ms, _of: LinkDown(ms + DAY_MS, "AB-000001", ""),
    lambda ms, _of: RosterSet(ms, rosters.to_json(roster())),
    lambda ms, _of: RosterSet(ms, rosters.to_json(replace(roster(), devices=()))),
]


@given(st.lists(st.tuples(st.sampled_from(_FACTS), st.sampled_from(["soonja", "jungho"]))))
@settings(deadline=None, max_examples=60)
def test_figures_and_index_are_those_of_the_rows(
    facts: list[tuple[Callable[[int, str], Event], str]],
) -> None:
    """However rows come, change and go: figures kept up are figures counted, no key is left."""
    home = Home()
    home.fold(RosterSet(NOW_MS, rosters.to_json(roster())))
    for n, (make, of) in enumerate(facts):
        home.fold(make(NOW_MS + n, of))
    nets, fresh, index = home.household.nets, Tally(), Nets().index
    for each in nets.rows.values():
        fresh.count(each, 1)
        index.add(each)
    assert nets.figures == fresh.figures()
    assert nets.asking() == sum(row.asks_neighbour for row in nets.rows.values())
    ids = [{key: set(found) for key, found in of.items()} for of in nets.index.by.values()]
    assert ids == [{key: set(found) for key, found in of.items()} for of in index.by.values()]
