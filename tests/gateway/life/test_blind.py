"""What sees nothing of her: a dead sensor, a device that was not there yet, none at all."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anbu_wire import messages as wire
from gateway.events import DeviceRecord, GatewayStarted, LinkDown, LinkUp, RosterSet
from gateway.home import Home
from gateway.incidents import news
from gateway.incidents.view import View
from gateway.life.sensors import ENDLESS_MS, LIGHT, METER
from gateway.life.silence import light_on_ms
from gateway.picture_life import life_of
from gateway.roster import CAREPLUG, Device, Person, to_json
from gateway.rules import no_sign_of_life
from tests.gateway.home_facts import BOX, at, caught_up
from tests.gateway.life.lives_facts import (
    LAMP,
    NEXT,
    PLUG,
    fold,
    habit,
    living,
    load,
    ok,
    told_by,
    watched,
)
from tests.gateway.life.test_silence import begun_with_plug, kinds, of


def fault(seq: int, clock: str, chip: int, kind: int = wire.SENSOR_FAULT) -> DeviceRecord:
    """The plug says that a sensor is dead, or works again."""
    return told_by(PLUG, seq, kind, at(clock), value=chip)


def both() -> Home:
    """A plug alone in a home that measures power and light, as its last hour says."""
    home = begun_with_plug()
    fold(home, told_by(PLUG, 1, wire.ACTIVITY, at("12:10"), value=5))
    return fold(home, told_by(PLUG, 2, wire.BRIGHTNESS, at("12:10"), value=80))


def state(home: Home, now_ms: int) -> str:
    """What the page says of the plug."""
    assert home.household.roster is not None
    sources = life_of(home.household, home.household.roster.persons[0], now_ms)["sources"]
    return next(str(s["state"]) for s in sources if s["device_id"] == PLUG)


def test_a_plug_without_its_meter_sees_nobody() -> None:
    """It is linked, and blind: at the level we cannot see, and the page does not call it fresh."""
    home = fold(begun_with_plug(), load(1, at("12:30")), fault(2, "13:00", METER))
    assert kinds(home, at("12:50", NEXT)) == [("cannot_see_life", False)]
    assert of(home, at("14:00")).frozen
    assert state(home, at("14:00")) == "faulty"


def test_the_numbers_are_those_of_the_firmware() -> None:
    """A record names the bit's number of the plug's faults; a box's lids are at its first two."""
    root = Path(__file__).parents[3] / "firmware"
    bits = re.compile(r"^FAULT_(\w+) = const\((\d+)\)$", re.MULTILINE)
    plug = dict(bits.findall((root / "careplug" / "board.py").read_text()))
    assert (int(plug["METER"]), int(plug["LIGHT"])) == (1 << METER, 1 << LIGHT)
    box = dict(bits.findall((root / "pillbox" / "board.py").read_text()))
    assert (box["EXPANDER_0"], box["EXPANDER_1"]) == ("1", "2")


def test_a_box_whose_lids_are_dead_sees_nobody() -> None:
    """Both chips at which its lids are: one alone still sees half of them."""
    home = fold(living(), ok(1, at("12:30")))
    fold(home, told_by(BOX, 2, wire.SENSOR_FAULT, at("13:00"), value=0))
    assert kinds(home, at("12:50", NEXT)) == [("no_sign_of_life", False)]
    fold(home, told_by(BOX, 3, wire.SENSOR_FAULT, at("13:00"), value=1))
    assert kinds(home, at("12:50", NEXT)) == [("cannot_see_life", False)]


def test_a_dead_sensor_is_not_all_is_working() -> None:
    """The weekly text names it, until the sensor is back."""
    home = fold(living(PLUG), fault(2, "13:00", METER))
    roster = home.household.roster
    assert roster is not None

    def faults(clock: str) -> list[str]:
        view = View(roster, home.household, home.ledger, at(clock))
        return news.faults(view, roster.guardians[0])

    assert faults("13:01") == ["sensor"]
    fold(home, fault(3, "13:05", METER, wire.SENSOR_BACK))
    assert faults("13:06") == []


def test_a_meter_that_is_back_sees_again() -> None:
    """Four hours without it: her line is reached four hours later."""
    home = fold(living(PLUG), ok(1, at("12:30")), habit(at("12:31")), fault(2, "13:00", METER))
    assert of(home, at("16:00")).line_ms is None
    fold(home, fault(3, "17:00", METER, wire.SENSOR_BACK))
    assert of(home, at("17:01")).line_ms == at("00:30", NEXT)
    assert state(home, at("17:01")) == "fresh"


@pytest.mark.parametrize("chip", [METER, LIGHT])
def test_one_of_two_sensors_is_enough_for_the_level(chip: int) -> None:
    """Her clock of what is usual stands, for it was learnt from both; the plug still sees."""
    home = fold(both(), load(3, at("12:30")), fault(4, "13:00", chip))
    assert of(home, at("14:00")).frozen
    assert kinds(home, at("12:50", NEXT)) == [("no_sign_of_life", False)]
    fold(home, fault(5, "13:10", METER + LIGHT - chip))
    assert kinds(home, at("12:50", NEXT)) == [("cannot_see_life", False)]


def test_a_restart_asks_the_sensor_anew() -> None:
    """A start forgets what was dead: a plug says so again, and one that works says nothing."""
    home = fold(begun_with_plug(), load(1, at("12:30")), fault(2, "13:00", METER))
    fold(home, told_by(PLUG, 3, wire.BOOT, at("14:00"), value=3, boot=2))
    assert not of(home, at("14:01")).frozen
    fold(home, told_by(PLUG, 4, wire.SENSOR_FAULT, at("14:02"), value=METER, boot=2))
    assert of(home, at("14:03")).frozen
    assert kinds(home, at("12:50", NEXT)) == [("cannot_see_life", False)]


def test_a_plug_at_a_refrigerator_still_sees_lamps() -> None:
    """Its meter tells nothing of her, its light sensor does."""
    home = fold(both(), load(3, at("12:30")))
    fold(home, told_by(PLUG, 4, wire.LOAD_PERIODIC, at("12:40"), value=1))
    assert kinds(home, at("12:50", NEXT)) == [("no_sign_of_life", False)]


def test_a_device_that_was_not_there_saw_nothing() -> None:
    """The box is dead since 13:00; a plug is installed an hour before the level: cannot see."""
    home = fold(living(), ok(1, at("12:30")), LinkDown(at("13:00"), BOX, "gone"))
    fold(home, RosterSet(at("11:00", NEXT), to_json(watched(LAMP))))
    fold(home, LinkUp(at("11:30", NEXT), LAMP), caught_up(at("11:30", NEXT), device_id=LAMP))
    assert kinds(home, at("12:50", NEXT)) == [("cannot_see_life", False)]


def test_where_no_device_is_left_her_line_is_not_passed() -> None:
    """Her broken box was taken out of the file: nothing sees her, so nothing says she is silent."""
    home = fold(living(), ok(1, at("12:30")), habit(at("12:31")))
    fold(home, RosterSet(at("13:00"), to_json(replace(watched(), devices=()))))
    assert kinds(home, at("21:00")) == []
    assert kinds(home, at("12:50", NEXT)) == [("cannot_see_life", False)]


def test_a_refrigerator_alone_passes_no_line() -> None:
    """Every device of hers looks automatic: only the level is left."""
    home = fold(begun_with_plug(), load(1, at("12:30")), habit(at("12:31")))
    fold(home, told_by(PLUG, 2, wire.LOAD_PERIODIC, at("12:40"), value=1))
    assert kinds(home, at("23:00")) == []
    assert kinds(home, at("12:50", NEXT)) == [("cannot_see_life", False)]


def test_a_lamp_that_nobody_saw_all_night_did_not_burn_all_night() -> None:
    """Switched on at 21:10, the plug is gone since ten: it may have been switched off."""
    home = fold(living(PLUG), told_by(PLUG, 1, wire.LIGHT_STEP, at("21:10"), value=120))
    assert home.household.roster is not None
    person = home.household.roster.persons[0]
    assert light_on_ms(home.household, person, at("12:00", NEXT)) == at("21:10")
    fold(home, LinkDown(at("22:00"), PLUG, "gone"))
    assert light_on_ms(home.household, person, at("12:00", NEXT)) is None


def test_who_is_new_is_watched_from_then_on() -> None:
    """A second person moves in after a month: her clock begins with her, not with the gateway."""
    home, later = living(), "2026-04-02"
    who = watched()
    new = Person("minsu", "박민수", level="severe")
    who = replace(who, persons=(*who.persons, new))
    fold(home, GatewayStarted(at("10:00", later), "x", at("09:59", later)))
    fold(home, RosterSet(at("10:00", later), to_json(who)), LinkUp(at("10:00", later), BOX))
    fold(home, caught_up(at("10:00", later)), ok(9, at("10:01", later)))
    found = no_sign_of_life.worries(home.household, at("11:00", later))
    assert [w for w in found if w.person_id == "minsu"] == []
    found = no_sign_of_life.worries(home.household, at("10:30", "2026-04-03"))
    assert [str(w.kind) for w in found if w.person_id == "minsu"] == ["cannot_see_life"]


def test_a_plug_that_moved_takes_no_sign_along() -> None:
    """What was told while it was hers stays hers, however often it is told again."""
    home = fold(living(PLUG), load(1, at("12:30")))
    who = watched()
    moved = replace(
        who,
        persons=(*who.persons, Person("minsu", "박민수", level="severe")),
        devices=(*who.devices, Device(PLUG, CAREPLUG, "minsu")),
    )
    fold(home, RosterSet(at("13:00"), to_json(moved)), load(1, at("13:01"), wall_ms=at("12:30")))
    signs, timelines = home.household.signs, home.household.timelines
    assert signs.last("minsu", timelines) is None
    assert signs.last("soonja", timelines) is not None


SAID = [wire.SENSOR_FAULT, wire.SENSOR_BACK, wire.BOOT, wire.ACTIVITY, wire.BRIGHTNESS]
said = st.lists(
    st.tuples(st.sampled_from(SAID), st.integers(0, 1), st.integers(0, 600), st.booleans()),
    max_size=12,
)


@settings(max_examples=100, deadline=None)
@given(said, st.randoms(use_true_random=False))
def test_order_and_repetition_are_no_matter(
    drawn: list[tuple[int, int, int, bool]], chance: random.Random
) -> None:
    """The same records in any order and number: the same sensors are dead at the same times."""
    facts = [
        told_by(
            PLUG, seq, kind, at("23:00"), value=chip, uptime_ms=minute * 60_000,
            wall_ms=at("12:00") + minute * 60_000 if known else None,
            quality=wire.SYNCED if known else wire.UNKNOWN,
        )
        for seq, (kind, chip, minute, known) in enumerate(drawn, 1)
    ]  # fmt: skip
    shuffled = facts + [chance.choice(facts) for _ in range(3) if facts]
    chance.shuffle(shuffled)
    one, other = fold(living(PLUG), *facts), fold(living(PLUG), *shuffled)
    for hours in range(0, 40, 3):
        now_ms = at("23:00") + hours * 3_600_000
        assert of(one, now_ms) == of(other, now_ms)


@settings(max_examples=60, deadline=None)
@given(said)
def test_no_scare_of_what_no_sensor_could_see(drawn: list[tuple[int, int, int, bool]]) -> None:
    """A plug whose sensors are dead from the last sign on never makes anybody read of a silence."""
    home = fold(both(), load(3, at("12:30")), fault(4, "12:31", METER), fault(5, "12:31", LIGHT))
    for seq, (kind, chip, minute, _known) in enumerate(drawn, 6):
        if kind not in (wire.SENSOR_BACK, wire.BOOT):
            fold(home, told_by(PLUG, seq, kind, at("12:32") + minute * 60_000, value=chip))
    assert kinds(home, at("12:50", NEXT)) == [("cannot_see_life", False)]
    dead = home.household.sensors.dead(PLUG, METER, home.household.timelines)
    assert dead == [(at("12:31"), ENDLESS_MS)]
