"""What a device never takes: bits flipped, every length, every wrong sender and time (P14).

Knows: the world of simulated starts, the bundles of makes.py in the folder named last on the
command line. Runs under MicroPython through the real link, updater and littlefs; prints a line
`@count NAME NUMBER` for what was tried. Every single bit: micro_every_bit.py.
"""

import gc

import anbu_slots as slots
from anbu_wire import bundle as b
from anbu_wire import messages as m
from tests.firmware.update import world as w
from tests.firmware.update.device import QUIET_S, Box, record, slot_files
from tests.firmware.update.micro_life import Seen, chip, made


class _Lab:
    """One box that is given bundle after bundle."""

    box: "Box | None" = None


def box() -> Box:
    """A box that runs version 1."""
    if _Lab.box is None:

        def act(here: Box) -> None:
            _Lab.box = here

        chip()
        w.SLOT_BLOCKS = 16
        Seen(act).start()
    if _Lab.box is None:
        raise ValueError("the box did not start")
    return _Lab.box


def refused(data: bytes, why: "tuple[int, ...]" = (), size: int = 0) -> int:
    """The reason for which the box does not take `data`; fails where it does."""
    here = box()
    state = here.begin(data, 2, size)
    if not state["reason"]:
        state = here.send(data, state["next_offset"])
    if not state["reason"]:
        state = here.say(m.UPDATE_FINISH)
    reason = state["reason"]
    assert reason and state["state"] != b.STAGED, state
    assert not why or reason in why, reason
    known = record()
    assert known is None or not slots.on_trial(known)
    return reason


def nothing_came_of_it() -> None:
    """The other slot would not be run, and the right bundle is still taken."""
    here = box()
    assert slots.MARK not in slot_files("app_b")
    state = here.give(made("tiny"))
    assert (state["state"], state["reason"]) == (b.STAGED, 0)
    _Lab.box = None


def test_every_length() -> None:
    """Cut anywhere, told as whole or as the part it is: not taken."""
    data = made("tiny")
    for size in range(len(data)):
        if size:
            refused(data[:size])
        refused(data[:size], (b.CUT,), len(data))
        if size % 16 == 0:
            gc.collect()
    nothing_came_of_it()
    print("@count lengths", 2 * len(data) - 1)


def test_longer_than_it_says() -> None:
    """Bytes behind the last file are no part of it."""
    refused(made("tiny") + b"\0", (b.CUT,))
    nothing_came_of_it()


def test_a_bigger_bundle_flipped_and_cut_here_and_there() -> None:
    """The same for one of several files, sampled."""
    data = bytearray(made("v2"))
    for bit in range(0, len(data) * 8, 193):
        data[bit >> 3] ^= 1 << (bit & 7)
        refused(bytes(data))
        data[bit >> 3] ^= 1 << (bit & 7)
    for size in range(1, len(data), 13):
        refused(bytes(data[:size]))
        refused(bytes(data[:size]), (b.CUT,), len(data))
    nothing_came_of_it()
    print("@count sampled", len(data) * 8 // 193 + 1 + 2 * (len(data) // 13 + 1))


def test_wrong_senders() -> None:
    """Unsigned, a key nobody trusts, a trusted key's name under a stranger's signature."""
    refused(made("unsigned"), (b.UNSIGNED,))
    refused(made("stranger"), (b.WRONG_KEY,))
    refused(made("claims_ours"), (b.WRONG_SIGNATURE,))
    nothing_came_of_it()


def test_signatures_do_not_move() -> None:
    """The signature of one good bundle under the head of another is worth nothing."""
    one, two = made("v2"), made("v2_other")
    size = b.head_bytes(one)
    assert size == b.head_bytes(two)
    mixed = two[:size] + one[size : size + 64] + two[size + 64 :]
    refused(mixed, (b.WRONG_SIGNATURE,))
    nothing_came_of_it()


def test_wrong_device() -> None:
    """Another board, another .mpy version, a version this one cannot follow on."""
    here = box()
    refused(made("board"), (b.WRONG_BOARD,))
    refused(made("abi"), (b.WRONG_ABI,))
    here.begin(made("step"))
    assert here.send(made("step"), 0)["reason"] == b.NEEDS_STEP
    nothing_came_of_it()


def test_older_and_the_same() -> None:
    """Neither by its own word nor by the sender's is an older bundle taken."""

    def act(here: Box) -> None:
        here.pass_time(3)
        for told in (1, 2, 3):
            state = here.begin(made("v1"), told)
            if state["state"] == b.RECEIVING:
                state = here.send(made("v1"), 0)
            assert told == 2 or state["reason"] == b.OLDER, state
        state = here.begin(made("v2_other"))
        assert (state["state"], state["reason"], state["version"]) == (b.IDLE, 0, 2)
        assert here.send(made("v2_other"), 0)["reason"] == b.NOT_BEGUN

    def update(here: Box) -> None:
        assert here.give(made("v2"))["state"] == b.STAGED
        here.pass_time(9)

    chip()
    assert Seen(update, act).start(3) == [1, 2, 2]
    assert record().version == 2


def test_not_now() -> None:
    """Near a dose, in an alarm, on a low battery, without time: refused, later taken as before."""
    here = box()
    data = made("tiny")
    quiet = here.facts
    moments = (
        ((QUIET_S, [QUIET_S + 1800], False, 90, True), b.NEAR_DOSE),
        ((QUIET_S, [QUIET_S - 86400, QUIET_S - 1800], False, 90, True), b.NEAR_DOSE),
        ((QUIET_S, [], True, 90, True), b.ALARM),
        ((QUIET_S, [], False, 29, False), b.BATTERY_LOW),
        ((QUIET_S, [], False, 255, False), b.BATTERY_LOW),
        ((0, [QUIET_S], False, 90, True), b.NO_TIME),
    )
    for facts, why in moments:
        here.facts = facts
        refused(data, (why,))
        here.facts = quiet
        here.begin(data)
        here.send(data, 0, 100)
        here.facts = facts
        state = here.say(m.UPDATE_CHUNK, 100, tail=data[100:])
        assert (state["reason"], state["next_offset"]) == (why, 100)
        assert here.begin(data)["reason"] == why
        here.facts = quiet
        assert here.send(data, 100)["next_offset"] == len(data)
        here.facts = facts
        assert here.say(m.UPDATE_FINISH)["reason"] == why
        here.facts = quiet
        refused(b"x" * 9)  # forgets it
    for facts in (
        (QUIET_S, [QUIET_S + 1801, QUIET_S - 1801], False, 30, False),
        (QUIET_S, [], False, 5, True),
        (0, [], False, 90, True),
    ):
        here.facts = facts
        assert here.begin(data)["reason"] == 0
    here.facts = quiet
    nothing_came_of_it()


def test_steps_out_of_order() -> None:
    """A chunk or an end without a beginning, and an end too early."""
    here = box()
    assert here.say(m.UPDATE_CHUNK, 0, tail=b"abc")["reason"] == b.NOT_BEGUN
    assert here.say(m.UPDATE_FINISH)["reason"] == b.NOT_BEGUN
    here.begin(made("tiny"))
    assert here.say(m.UPDATE_FINISH)["reason"] == b.CUT
    assert here.begin(b"", 9, 1 << 31)["reason"] == b.TOO_BIG
    nothing_came_of_it()


def test_a_slot_that_takes_nothing() -> None:
    """Flash that fails, or no memory, is told, ends the update; the running version goes on."""
    here = box()
    slot = here.updater._slot
    whole = slot.write
    for error in (OSError(5, "flash"), MemoryError("no room")):

        def broken(name: str, data: bytes, is_whole: bool) -> None:
            raise error  # noqa: B023 - called before the next turn

        slot.write = broken
        refused(made("tiny"), (b.NO_STORAGE,))
    slot.write = whole
    nothing_came_of_it()
