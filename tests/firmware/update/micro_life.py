"""An update from the first chunk to the last start: the real loader, updater, link, littlefs.

Knows: the world of simulated starts; the bundles that makes.py left in the folder named last on
the command line. Runs under MicroPython.
"""

import gc
import os
import sys

import anbu_slots as slots
from anbu_wire import bundle as b
from anbu_wire import messages as m
from anbu_wire.gatt import FAULT, advertisement
from tests.firmware.update import world as w
from tests.firmware.update.device import Box, record, slot_files

FOLDER = sys.argv[-1]


def made(name: str) -> bytes:
    with open(FOLDER + "/" + name, "rb") as file:
        return bytes(file.read())


def slot(name: str) -> "dict[str, bytes]":
    """The files of a slot as flashed."""
    return {entry[0]: made(name + "/" + entry[0]) for entry in os.ilistdir(FOLDER + "/" + name)}


def chip(b_holds: str = "") -> w.World:
    """A chip with version 1 in slot a."""
    holds = {"app_a": slot("slot_v1")}
    if b_holds:
        holds["app_b"] = slot(b_holds)
    keys = {"key_0": made("key_0"), "key_1": made("key_1")}
    return w.factory(holds, {"anbu_update": keys})


class Broken(Exception):
    """What an app that does not work raises."""


class Seen:
    """What apps did, start by start; any other error of theirs fails the test."""

    def __init__(self, *acts: object) -> None:
        self._failed: "Exception | None" = None
        self.versions: "list[int]" = []
        self.boxes: "list[Box]" = []
        self._acts = list(acts)

    def ran(self, version: int, text: str) -> None:
        gc.threshold(1 << 20)  # the loader's is for a chip's heap; the flash lies in this one
        try:
            assert text.startswith("app %d " % version)
            self.versions.append(version)
            self.boxes.append(Box())
            act = self._acts.pop(0) if self._acts else None
            if act:
                act(self.boxes[-1])  # type: ignore[operator]
        except Broken:
            raise
        except Exception as error:  # noqa: BLE001 - the loader would take it for a crash
            self._failed = error
        raise w.Restart("the test cuts the power")

    def start(self, times: int = 1) -> "list[int]":
        for _ in range(times):
            w.start(self.ran)
            if self._failed:
                raise self._failed
        return self.versions


def update_to(name: str) -> "object":
    """An act: takes the bundle and restarts by itself."""

    def act(box: Box) -> None:
        state = box.give(made(name))
        assert (state["state"], state["reason"]) == (b.STAGED, 0), state
        box.pass_time(10)
        raise AssertionError("it should have restarted")

    return act


def fail(box: Box) -> None:
    raise Broken("this app is broken")


def confirm(box: Box) -> None:
    box.pass_time(3)
    assert box.updater.update.state == b.CONFIRMED


def test_a_good_update_runs_and_stays() -> None:
    """Received, verified, started on trial, confirmed; told in the log; later starts count not."""
    world = chip()
    seen = Seen(update_to("v2"), confirm)
    assert seen.start(4) == [1, 2, 2, 2]
    assert record()[1:6] == (1, slots.CONFIRMED, 0, 2, 0)
    assert seen.boxes[1].told == [2]
    assert seen.boxes[2].values == [2]
    world.record()
    seen.start()
    assert [write for write in world.writes if write[0] == slots.NAMESPACE] == []


def test_three_unconfirmed_starts_and_the_old_runs_again() -> None:
    """A trial gets three starts; the fourth runs the old version, says so, refuses that one."""
    chip()
    seen = Seen(update_to("v2"))
    assert seen.start(5) == [1, 2, 2, 2, 1]
    box = seen.boxes[-1]
    box.pass_time(2)
    assert box.told == [-2]
    state = box.give(made("v2"))
    assert (state["state"], state["reason"]) == (b.ROLLED_BACK, b.FAILED_BEFORE)
    assert box.give(made("v3"))["state"] == b.STAGED


def test_an_update_that_crashes_is_rolled_back() -> None:
    """It says FAULT each time, starts anew, and the old version runs after three tries."""
    world = chip()
    seen = Seen(update_to("v2"), fail, fail, fail)
    assert seen.start(5) == [1, 2, 2, 2, 1]
    assert len(world.said) == 3
    assert "this app is broken" in world.said[0]


def test_nothing_confirms_but_all_of_it() -> None:
    """Self-test, gateway, log, schedule: one that is missing is enough to stay on trial."""
    for well, dead in (
        ((False, True, True), 0),
        ((True, False, True), 0),
        ((True, True, False), 0),
        ((True, True, True), 4),
    ):

        def act(box: Box) -> None:
            box.well, box.dead_chips = well, dead  # noqa: B023 - called before the next turn
            box.pass_time(5)
            assert box.updater.update.state == b.TRYING

        chip()
        seen = Seen(update_to("v2"), act)
        seen.start(2)
        assert record().state == slots.TRYING
        assert seen.boxes[1].told == []


def test_a_chip_dead_before_the_update_does_not_condemn_it() -> None:
    """The self-test asks for new faults only."""
    chip()

    def with_a_dead_chip(box: Box) -> None:
        box.dead_chips = 2
        update_to("v2")(box)  # type: ignore[operator]

    def confirm_with_it(box: Box) -> None:
        box.dead_chips = 2
        confirm(box)

    Seen(with_a_dead_chip, confirm_with_it).start(2)
    assert record().state == slots.CONFIRMED


def test_an_unconfirmed_trial_ends_by_itself_when_it_is_quiet() -> None:
    """After half an hour it starts anew, but not while a dose is near."""

    def lonely(box: Box) -> None:
        box.well = (False, True, True)
        box.facts = (box.facts[0], [box.facts[0]], False, 90, True)
        box.pass_time(2000)
        box.facts = (box.facts[0], [], False, 90, True)
        box.pass_time(5)
        raise AssertionError("it should have restarted")

    world = chip()
    seen = Seen(update_to("v2"), lonely)
    seen.start(3)
    assert seen.versions == [1, 2, 2]
    assert world.said == []


def test_a_staged_update_waits_for_a_quiet_moment() -> None:
    """A dose that came near meanwhile is not disturbed by the restart."""

    def act(box: Box) -> None:
        assert box.give(made("v2"))["state"] == b.STAGED
        box.facts = (box.facts[0], [box.facts[0] + 60], False, 90, True)
        box.pass_time(100)

    chip()
    seen = Seen(act)
    assert seen.start(2) == [1, 2]


def test_it_goes_on_where_it_was() -> None:
    """The same bundle begun again: from the next byte; after a restart from the last whole file."""
    data = made("v2")
    held = []

    def half(box: Box) -> None:
        box.begin(data)
        middle = len(data) - 300
        assert box.send(data, 0, middle)["next_offset"] == middle
        assert box.begin(data)["next_offset"] == middle
        assert box.say(m.UPDATE_CHUNK, 0, tail=data[:192])["next_offset"] == middle
        hole = box.say(m.UPDATE_CHUNK, middle + 1, tail=b"x")
        assert (hole["reason"], hole["next_offset"]) == (b.WRONG_OFFSET, middle)

    def rest(box: Box) -> None:
        state = box.begin(data)
        held.append(state["next_offset"])
        assert box.send(data, state["next_offset"])["reason"] == 0
        assert box.say(m.UPDATE_FINISH)["state"] == b.STAGED
        assert box.say(m.UPDATE_FINISH)["state"] == b.STAGED
        assert box.begin(data)["state"] == b.STAGED

    chip()
    seen = Seen(half, rest)
    assert seen.start(3) == [1, 1, 2]
    whole = b.Manifest(data[: b.head_bytes(data)])
    first = next(whole.files())[1]
    assert held == [len(whole.head) + b.SIGNATURE_BYTES + first]


def test_another_bundle_takes_the_place_of_a_staged_one() -> None:
    """What was staged is taken back first: version 3 runs, never half of each."""

    def act(box: Box) -> None:
        assert box.give(made("v2"))["state"] == b.STAGED
        state = box.begin(made("v3"))
        assert record().state == slots.CONFIRMED
        assert state["next_offset"] == 0
        box.send(made("v3"), 0)
        assert box.say(m.UPDATE_FINISH)["state"] == b.STAGED

    chip()
    assert Seen(act).start(2) == [1, 3]


def test_on_trial_nothing_else_is_taken() -> None:
    """The other slot holds the way back."""

    def act(box: Box) -> None:
        state = box.give(made("v3"))
        assert (state["state"], state["reason"]) == (b.TRYING, b.BUSY)
        assert box.give(made("v2"))["reason"] == 0

    chip()
    Seen(update_to("v2"), act).start(2)
    assert "part.mpy" in slot_files("app_a")


def test_the_running_version_is_no_news() -> None:
    """Begun again after it was confirmed, the device only says that it runs."""

    def act(box: Box) -> None:
        confirm(box)
        state = box.begin(made("v2"))
        assert (state["state"], state["reason"], state["version"]) == (b.CONFIRMED, 0, 2)

    chip()
    Seen(update_to("v2"), act).start(2)


def test_a_new_key_takes_the_place_of_the_one_that_did_not_sign() -> None:
    """Only once its firmware is confirmed; the signer stays trusted."""

    def act(box: Box) -> None:
        box.well = (False, True, True)
        box.pass_time(2)
        assert world.nvs["anbu_update"]["key_1"] == made("key_1")
        box.well = (True, True, True)
        confirm(box)

    world = chip()
    seen = Seen(update_to("rotates"), act)
    seen.start(3)
    keys = world.nvs["anbu_update"]
    assert (keys["key_0"], keys["key_1"]) == (made("key_0"), made("key_new"))
    assert seen.boxes[-1].give(made("v3_new_key"))["state"] == b.STAGED


def test_the_spare_key_signs_too() -> None:
    """Either trusted key is enough."""
    chip()
    assert Seen(update_to("v2_spare")).start(2) == [1, 2]


# --- the loader ---


def test_no_slot_is_said_not_endured_in_silence() -> None:
    """Both slots unreadable: FAULT, then the chip starts anew, and looks again."""
    world = chip()
    for label in ("app_a", "app_b"):
        world.images[label][:] = bytes(len(world.images[label]))
    seen = Seen()
    assert seen.start(2) == []
    assert world.said == ["no app slot can be read"] * 2


def test_fault_is_advertised_as_the_radio_would() -> None:
    """The loader's own bytes are those of anbu_wire.gatt, and it tells the serial line."""
    watchdog = w.WDT(1)
    assert advertisement(FAULT) == w.loader.ADVERTISEMENT
    w.loader.say_fault("a test", 0, watchdog)
    assert w.BLE.advertised == advertisement(FAULT)


def test_an_unreadable_slot_gives_way() -> None:
    """The active slot's flash is gone: the other one runs."""
    world = chip("slot_v2")
    seen = Seen(confirm)
    seen.start()  # no record yet: the newer one, on trial, confirmed
    world.images["app_b"][:] = bytes(len(world.images["app_b"]))
    seen.start()
    assert seen.versions == [2, 1]


def test_a_slot_that_was_never_verified_is_not_run() -> None:
    """Files without the mark are a bundle half received."""
    world = chip()
    files = slot("slot_v2")
    del files[slots.MARK]
    world.images["app_b"] = w.factory({"app_b": files}, {}).images["app_b"]
    w.World.now = world
    assert Seen().start(2) == [1, 1]


def test_without_a_record_the_newer_slot_is_tried() -> None:
    """The NVS was wiped: three starts of the newer, then the older, as with every trial."""
    world = chip("slot_v2")
    seen = Seen()
    assert seen.start(4) == [2, 2, 2, 1]
    assert world.nvs[slots.NAMESPACE]


def test_a_trial_that_cannot_be_counted_is_none() -> None:
    """The NVS takes nothing: the old version runs, however often."""

    def act(box: Box) -> None:
        assert box.give(made("v2"))["state"] == b.STAGED
        world.nvs_broken = True

    world = chip()
    assert Seen(act).start(6) == [1] * 6


def test_a_confirmed_app_that_breaks_gives_way_after_three_crashes() -> None:
    """Also a firmware once confirmed may stop working: then the other slot is better."""
    world = chip("slot_v2")
    seen = Seen(confirm, fail, fail, fail)
    seen.start(5)
    assert seen.versions == [2, 2, 2, 2, 1]
    assert len(world.said) == 3


def test_crashes_far_apart_do_not_add_up() -> None:
    """A start that worked well in between forgets them."""
    chip("slot_v2")

    def well(box: Box) -> None:
        box.pass_time(3)

    seen = Seen(confirm, fail, fail, well, fail, fail, well)
    assert seen.start(7) == [2] * 7


def test_one_copy_of_the_record_is_enough() -> None:
    """Whichever copy is torn, the other one leads to the same or the step before."""
    for copy in slots.COPIES:
        world = chip()
        Seen(update_to("v2"), confirm).start(2)
        world.nvs[slots.NAMESPACE][copy] = b"\x05" * 20
        seen = Seen()
        seen.start(2)
        assert set(seen.versions) == {2}
