"""gateway.coverage.nets: which nets hold whom, by facts in the order of the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway import roster as rosters
from gateway.coverage.choosing import FILTERS, Wanted, chosen
from gateway.coverage.nets import Nets
from gateway.coverage.rows import Row, Tally
from gateway.coverage.taking import SayNet, SettleHousehold
from gateway.enrolling import PlaceDevice, RemoveDevice, RemovePerson, SetGuardian
from gateway.events import (
    CallsPlanned,
    Event,
    HouseholdSettled,
    HouseholdSurveyed,
    NetSaid,
    PhoneWatched,
    RosterSet,
    VisitsPlanned,
)
from gateway.home import Home
from gateway.netting import NETS
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
    enter(home, RemovePerson("jungho", "이지은"), NOW_MS)
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
    lambda ms, _of: RosterSet(ms, rosters.to_json(roster())),
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
    ids = [{key: set(found) for key, found in of.items()} for of in nets.index.by.values()]
    assert ids == [{key: set(found) for key, found in of.items()} for of in index.by.values()]


def rows() -> list[Row]:
    """One of each kind, in the wrong order."""
    home = begun()
    home.fold(surveyed("하영", household_id="@1", address="안심로 1", nets=HOLDS_CALL))
    home.fold(surveyed("가영", household_id="@2", address="안심로 2", dong="각산동"))
    enter(home, said("plug", "refused", "2026-03-03", of="@1"), NOW_MS)
    return list(reversed(home.household.nets.rows.values()))


def test_the_uncovered_come_first_then_whose_refusal_asks() -> None:
    """박정호 and 가영 have nothing; then a neighbour is needed; the rest by dong and name."""
    found = chosen(rows(), Wanted(), "2026-03-02")
    assert [r.name for r in found.rows] == ["박정호", "가영", "하영", "김순자", "이말순"]
    assert found.counts == {
        "all": 5, "uncovered": 2, "neighbour": 1, "again": 0, "refused": 1, "unknown": 2,
    }  # fmt: skip
    assert chosen(rows(), Wanted(), "2026-03-03").counts["again"] == 1
    assert [dong for dong, _f in found.dongs] == ["", "각산동", "율하동"]
    assert found.figures.people == sum(f.people for _dong, f in found.dongs)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Wanted(show="uncovered"), ["박정호", "가영"]),
        (Wanted(show="neighbour"), ["하영"]),
        (Wanted(show="unknown"), ["가영", "하영"]),
        (Wanted(dong="율하동"), ["하영"]),
        (Wanted(net="box"), ["김순자", "이말순"]),
        (Wanted(net="plug"), ["하영"]),
        (Wanted(text="안심로2"), ["가영"]),
        (Wanted(text="없는 사람"), []),
    ],
)
def test_what_is_wanted_is_shown(wanted: Wanted, names: list[str]) -> None:
    """Filters, a dong, a net (held or refused), a name or an address."""
    assert [r.name for r in chosen(rows(), wanted, "2026-03-02").rows] == names


def test_pages_cover_all_rows_once() -> None:
    """120 rows are three pages; a page too far is the last one; paper has them all."""
    many = [Row(str(n), False, f"{n:03d}", "", "") for n in range(120)]
    pages = [chosen(many, Wanted(page=n), "2026-03-02") for n in (1, 2, 3, 9)]
    assert [len(p.rows) for p in pages] == [50, 50, 20, 20]
    assert [r.id for p in pages[:3] for r in p.rows] == [r.id for r in many]
    assert len(chosen(many, Wanted(paper=True), "2026-03-02").rows) == 120
    assert set(FILTERS) == set(pages[0].counts)
    assert set(pages[0].figures.by_net) == set(NETS)
