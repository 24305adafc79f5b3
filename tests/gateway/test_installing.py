"""What the technician and the resident say by their pages: checked, signed, believed."""

from __future__ import annotations

import dataclasses

import pytest

from anbu_wire import messages as wire
from gateway import roster as rosters
from gateway.catalogue import over_budget
from gateway.entering import Entry, entered
from gateway.events import (
    Event,
    GatewayStarted,
    InstallationSigned,
    LinkUp,
    ModemSeen,
    OrderAnswered,
    PartFailed,
    RosterSet,
    SaidFine,
    TextDecided,
    TextDelivered,
    TextSubmitted,
    from_json,
    to_json,
)
from gateway.home import Home
from gateway.installation import SAID, Measured, State, checks, digest_of
from gateway.installing import SayFine, SignInstallation, TryText
from gateway.life.signs import Source
from gateway.orders import Kind, Wish
from gateway.refused import EntryRefused
from tests.gateway.home_facts import BOX, DAUGHTER, at, begun, caught_up, roster, settle

NOON = at("12:00")
GOOD = Measured({BOX: -60}, 2**33, clock_right=True)
BY = "박기사"


def flat() -> Home:
    """A home whose box is linked, knows the time and has its schedule; a modem in its network."""
    room = dataclasses.replace(
        roster(), devices=(rosters.Device(BOX, "pillbox", "soonja", "거실"),)
    )
    home = begun(at("11:00"), room)
    home.fold(LinkUp(at("11:01"), BOX))
    home.fold(caught_up(at("11:59")))
    home.fold(ModemSeen(at("11:01"), registered=True, operator="KT", signal_dbm=-70))
    return home


def enter(home: Home, entry: Entry, now_ms: int = NOON) -> list[Event]:
    facts = entered(home, entry, now_ms)
    for fact in facts:
        home.fold(from_json(fact.kind, to_json(fact)))
    return facts


def tried(home: Home) -> None:
    """The box lit a lid, the daughter got her text."""
    (order,) = home.order(Wish(BOX, Kind.PROMPT_TEST, {"compartment": 0}), NOON)
    home.fold(order)
    home.fold(OrderAnswered(NOON, 1, "done"))
    (text,) = enter(home, TryText("soonja", "daughter", BY))
    assert isinstance(text, TextDecided)
    home.fold(TextSubmitted(NOON, text.text_id, (1,), NOON, marked_repeat=False))
    home.fold(TextDelivered(NOON, text.text_id))


def states(home: Home, measured: Measured = GOOD, now_ms: int = NOON) -> dict[str, State]:
    return {c.code: c.state for c in checks(home, "soonja", measured, now_ms)}


def test_an_installation_that_was_tried_is_all_good() -> None:
    """Each of the twelve checks is good once box, text and gateway were seen to work."""
    home = flat()
    tried(home)
    found = states(home)
    assert len(found) == 12
    assert set(found.values()) == {State.OK}, found


def test_what_was_not_tried_is_open_and_what_failed_is_bad() -> None:
    """Nothing is called bad that nobody knows, and nothing good that was not seen."""
    home = begun(at("11:00"))
    found = states(home, Measured())
    assert {code for code, state in found.items() if state is State.OK} == {
        "placed",
        "schedule",
        "radio",
    }
    assert State.BAD not in found.values()
    home = flat()
    tried(home)
    home.fold(PartFailed(NOON, "modem", "no answer"))
    home.fold(PartFailed(NOON, "radio", "no adapter"))
    weak = Measured({BOX: -90}, 2**20, clock_right=False)
    bad = {code for code, state in states(home, weak).items() if state is State.BAD}
    assert bad == {"signal", "disk", "time", "modem", "radio"}


def test_a_test_of_yesterday_says_nothing_today() -> None:
    """Who installs today tries it today."""
    home = flat()
    tried(home)
    later = states(home, GOOD, NOON + 25 * 3_600_000)
    assert (later["prompt"], later["text"]) == (State.OPEN, State.OPEN)


def test_a_record_is_signed_once_all_is_good() -> None:
    """Who, when, which devices and checks; its digest changes with any of it. No key, no number."""
    home = flat()
    tried(home)
    (fact,) = enter(home, SignInstallation("soonja", frozenset(SAID), "", GOOD, BY))
    assert isinstance(fact, InstallationSigned)
    assert fact.record["devices"] == [{"id": BOX, "kind": "pillbox", "room": "거실"}]
    assert fact.record["told"] == [["이지은"], ["박영희"]]
    assert home.installations.of("soonja", fact.digest) == fact
    assert digest_of({**fact.record, "remark": "x"}, BY) != fact.digest
    assert digest_of(fact.record, "다른 이") != fact.digest
    assert DAUGHTER not in str(fact)


@pytest.mark.parametrize(
    ("said", "remark", "code"),
    [
        (frozenset(SAID[1:]), "", "install_said"),
        (frozenset(SAID), "", "install_remark"),
        (frozenset(SAID), "x" * 401, "install_remark_long"),
    ],
)
def test_a_record_that_is_not_whole_is_refused(
    said: frozenset[str], remark: str, code: str
) -> None:
    """A tick is missing, or a check is not good and nobody says why."""
    home = flat()
    with pytest.raises(EntryRefused) as refused:
        enter(home, SignInstallation("soonja", said, remark, GOOD, BY))
    assert refused.value.code == code
    (fact,) = enter(home, SignInstallation("soonja", frozenset(SAID), "배터리 내일", GOOD, BY))
    assert isinstance(fact, InstallationSigned)
    assert fact.record["remark"] == "배터리 내일"


def test_a_test_text_goes_once_to_one_of_her_people() -> None:
    """A finger that taps twice sends one; nobody else and nobody who wants none gets one."""
    home = flat()
    (fact,) = enter(home, TryText("soonja", "daughter", BY))
    assert isinstance(fact, TextDecided)
    assert (fact.to, fact.incident_id) == (DAUGHTER, None)
    assert over_budget(fact.body) is None
    for entry, now_ms, code in (
        (TryText("soonja", "daughter", BY), NOON + 5_000, "text_soon"),
        (TryText("soonja", "stranger", BY), NOON, "guardian_unknown"),
        (TryText("nobody", "daughter", BY), NOON, "person"),
    ):
        with pytest.raises(EntryRefused) as refused:
            enter(home, entry, now_ms)
        assert refused.value.code == code
    home.ledger.stopped.add(DAUGHTER)
    with pytest.raises(EntryRefused, match="text_stopped"):
        enter(home, TryText("soonja", "daughter", BY), NOON + 120_000)


def test_i_am_fine_is_a_sign_of_life() -> None:
    """Her own word at her own page is as good as her hand on a lid, and is called what it is."""
    home = flat()
    assert home.household.signs.last("soonja", home.household.timelines) is None
    enter(home, SayFine("soonja", "김순자"))
    sign = home.household.signs.last("soonja", home.household.timelines, NOON)
    assert sign is not None
    assert (sign.at_ms, sign.source) == (NOON, Source.PHONE)
    assert enter(home, SayFine("soonja", "김순자"), NOON + 5_000) == []
    assert len(enter(home, SayFine("soonja", "김순자"), NOON + 60_000)) == 1


def silent_home() -> tuple[Home, int]:
    """A home that is quiet until its box asks her, and when that was."""
    person = rosters.Person("soonja", "김순자", level="severe")
    who = dataclasses.replace(roster(regimens=()), persons=(person,), regimens=())
    home = Home()
    home.fold(GatewayStarted(at("08:00"), "test"))
    home.fold(RosterSet(at("08:00"), rosters.to_json(who)))
    home.fold(LinkUp(at("08:00"), BOX))
    home.fold(SaidFine(at("08:01"), "soonja", "김순자"))
    now_ms = at("08:01") + 23 * 3_600_000
    for minute in range(0, 23 * 60, 60):
        home.fold(caught_up(at("08:01") + minute * 60_000, quality=wire.SYNCED))
    home.fold(caught_up(now_ms))
    settle(home, now_ms)
    return home, now_ms


def test_i_am_fine_answers_what_her_box_asks() -> None:
    """Asked by her box and answered by her phone: nobody is told, and the box stops asking."""
    home, now_ms = silent_home()
    asks = [o for o in home.book.orders.values() if o.kind is Kind.ASK]
    assert [bool(o.arguments["seconds"]) for o in asks] == [True]
    enter(home, SayFine("soonja", "김순자"), now_ms + 60_000)
    settle(home, now_ms + 60_000)
    asks = [o for o in home.book.orders.values() if o.kind is Kind.ASK]
    assert [bool(o.arguments["seconds"]) for o in asks] == [True, False]
    assert not home.ledger.texts
    settle(home, now_ms + 2 * 3_600_000)
    assert not home.ledger.texts


def test_i_am_fine_answers_for_a_dose_and_the_box_asks_no_more() -> None:
    """Her dose stays where it is and her box asks: she says by her phone that she is fine.

    She has it then: nobody is told before its time, and the box takes its question back.
    """
    person = rosters.Person("soonja", "김순자", ask_min=10)
    home = begun(at("12:00"), dataclasses.replace(roster(), persons=(person,)))
    home.fold(LinkUp(at("12:01"), BOX))
    home.fold(caught_up(at("19:20")))
    settle(home, at("19:20"))
    (incident,) = home.ledger.incidents.values()
    assert incident.asked_until_ms is not None
    enter(home, SayFine("soonja", "김순자"), at("19:22"))
    settle(home, at("19:22"))
    assert (incident.acked_by, incident.answered_by) == ("soonja", "page")
    asks = [o.arguments["seconds"] for o in home.book.orders.values() if o.kind is Kind.ASK]
    assert [bool(seconds) for seconds in asks] == [True, False]
    settle(home, at("19:40"))
    assert not home.ledger.texts
