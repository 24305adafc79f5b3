"""The gateway's manners in virtual time: who is linked when, what is done when nothing is heard.

Knows: manners and ladder. May not know: bleak, asyncio, the real time.
"""

from __future__ import annotations

import copy
import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sources.radio import ladder, manners
from gateway.sources.radio.ladder import Ladder
from gateway.sources.radio.manners import TRANSITIONS, Limits, Manners, Plan

STATES = {state for state, _ in TRANSITIONS}
WHATS = {what for _, what in TRANSITIONS} | {manners.STRANGER, manners.UNPROVEN}


class World:
    """Radios around one Manners; each second every one of them advertises while it is scanned.

    A link takes `connect_s`, proves itself at once and has nothing left to say after `serve_s`.
    """

    def __init__(self, ids: list[str], limits: Limits | None = None) -> None:
        self.now_ms = 0
        self.manners = Manners(ids, random.Random(1).random, limits)
        self.radios = {f"radio of {i}": i for i in ids}
        self.connects: list[tuple[int, str]] = []
        self.ends: dict[str, int] = {}
        self.linked: dict[str, int] = {}  # address: since when
        self.rested: set[str] = set()  # of the linked ones
        self.served: dict[str, int] = {}  # address: how often
        self.connect_s = 2
        self.serve_s = 3
        self.rungs: list[tuple[int, str]] = []

    def run(self, seconds: int) -> None:
        for _ in range(seconds):
            self.second()

    def second(self) -> None:
        self.now_ms += 1000
        plan = self.manners.plan(self.now_ms)
        if plan.rung:
            self.rungs.append((self.now_ms, plan.rung))
        for address in plan.end:
            self.end(address)
        if plan.connect:
            assert not plan.scan, "the scan goes on while a connection is made"
            self.connect(plan.connect)
        if plan.scan:
            for address in self.radios:
                if address not in self.linked:
                    self.manners.heard(address, self.now_ms)
        for address, since_ms in self.linked.items():
            if address not in self.rested and self.now_ms - since_ms >= self.serve_s * 1000:
                self.rested.add(address)
                self.served[address] = self.served.get(address, 0) + 1
                self.manners.happened(address, manners.RESTS, self.now_ms)
        assert len(self.linked) <= self.manners.limits.links

    def connect(self, address: str) -> None:
        assert address not in self.linked
        paused_ms = self.now_ms - self.ends.get(address, -10_000)
        assert paused_ms >= self.manners.limits.pause_ms, "connected again too soon"
        self.connects.append((self.now_ms, address))
        self.now_ms += self.connect_s * 1000
        self.manners.identified(address, self.radios[address], self.now_ms)
        self.manners.happened(address, manners.PROVED, self.now_ms)
        self.linked[address] = self.now_ms

    def end(self, address: str) -> None:
        del self.linked[address]
        self.rested.discard(address)
        self.ends[address] = self.now_ms
        self.manners.happened(address, manners.ENDED, self.now_ms)


def _one(now_ms: int = 0) -> Manners:
    """Manners with one device, heard."""
    m = Manners(["box"], lambda: 0.0)
    m.heard("radio", now_ms)
    return m


def _linked() -> Manners:
    m = _one()
    m.plan(0)
    m.identified("radio", "box", 0)
    m.happened("radio", manners.PROVED, 0)
    return m


def test_every_state_is_reached_and_left() -> None:
    """The table has no dead end: from every state a way leads back to idle, and to it from idle."""
    after: dict[str, set[str]] = {}
    for (state, _), (next_state, _follows) in TRANSITIONS.items():
        after.setdefault(state, set()).add(next_state)
    assert set().union(*after.values()) == STATES == set(after)
    for state in STATES:
        reached = {state}
        for _ in STATES:
            reached |= set().union(*(after[s] for s in reached))
        assert manners.IDLE in reached


@pytest.mark.parametrize(("state", "what"), list(itertools.product(sorted(STATES), sorted(WHATS))))
def test_whatever_happens_in_whatever_state(state: str, what: str) -> None:
    """What is not in the table changes nothing; a link is never taken for one that stands not."""
    m = _one()
    m._peers["radio"].state = state
    m.happened("radio", what, 5000)
    after = m._peers["radio"]
    assert after.state == TRANSITIONS.get((state, what), (state, ""))[0]
    if (state, what) not in TRANSITIONS:
        assert after.not_before_ms == after.failures == after.unproven == 0


def test_one_device_is_linked_and_then_nobody_scans() -> None:
    """Heard, connected once, kept; with everybody linked the scan is over."""
    world = World(["box"])
    world.run(3600)
    assert len(world.connects) == 1
    assert world.manners.plan(world.now_ms) == Plan(None, (), None, False, None)


def test_four_links_are_kept_while_nobody_else_waits() -> None:
    """Known devices that are not here take nobody's place."""
    world = World([f"box{n}" for n in range(10)])
    for n in range(4, 10):
        del world.radios[f"radio of box{n}"]
    world.run(1200)
    assert len(world.connects) == 4
    assert len(world.linked) == 4


@pytest.mark.parametrize("count", [5, 8, 20])
def test_more_devices_than_links_take_turns(count: int) -> None:
    """All are served again and again, nobody twice before everybody once, 4 at once."""
    world = World([f"box{n}" for n in range(count)])
    world.run(1800)
    turns = sorted(world.served.get(address, 0) for address in world.radios)
    assert len(turns) == count
    assert turns[-1] - turns[0] <= max(1, turns[0] // 10), "somebody is served more than others"
    assert turns[0] >= 1800 // (count * 8)
    first = [address for _, address in world.connects[:count]]
    assert len(set(first)) == count


def test_a_link_that_never_rests_makes_room_after_the_session_limit() -> None:
    """One that always has something to say is ended after 120 s, but only while others wait."""
    world = World([f"box{n}" for n in range(5)])
    world.serve_s = 10_000_000
    world.run(130)
    assert world.ends
    assert min(world.ends.values()) >= 120_000
    alone = World([f"box{n}" for n in range(4)])
    alone.serve_s = 10_000_000
    alone.run(1000)
    assert not alone.ends


def test_who_is_wanted_comes_next() -> None:
    """A command or a schedule waits for a device: its turn is the next."""
    world = World([f"box{n}" for n in range(20)])
    world.run(600)
    asked = next(a for a in world.radios if a not in world.linked)
    before = len(world.connects)
    world.manners.want(world.radios[asked])
    world.run(8)
    assert [a for _, a in world.connects[before:]][:1] == [asked]


def test_made_up_radios_do_not_starve_the_devices() -> None:
    """Somebody advertises ever new radios: every second turn is still a known device's."""
    world = World([f"box{n}" for n in range(6)])
    world.run(120)
    known = dict(world.radios)
    world.served.clear()
    numbers = itertools.count()

    def stranger_second() -> None:
        world.manners.heard(f"stranger {next(numbers)}", world.now_ms)
        plan_connect = world.connect

        def connect(address: str) -> None:
            if address in known:
                plan_connect(address)
            else:
                world.manners.happened(address, manners.STRANGER, world.now_ms)

        world.connect = connect  # type: ignore[method-assign]  # strangers are refused
        world.second()
        world.connect = plan_connect  # type: ignore[method-assign]

    for _ in range(900):
        stranger_second()
    assert min(world.served.get(address, 0) for address in known) >= 5
    assert len(world.manners._peers) <= manners.MAX_PEERS


def test_a_revoked_device_is_never_connected_again() -> None:
    """Its link ends at once, and however long it advertises nobody answers."""
    world = World(["box", "other"])
    world.run(60)
    del world.radios["radio of other"]
    world.end("radio of other")  # so that somebody is looked for all the time
    world.manners.know(["other"])
    world.run(3)
    assert world.linked == {}
    count = len(world.connects)
    world.run(3600)
    assert len(world.connects) == count


def test_a_revoked_device_with_a_new_radio_is_asked_only_for_its_name() -> None:
    """An unknown radio is connected to once; refused, it is left alone for ten minutes."""
    m = _one()
    assert m.plan(0).connect == "radio"
    m.happened("radio", manners.STRANGER, 1000)
    for now_ms in range(2000, 600_000, 1000):
        m.heard("radio", now_ms)
        assert m.plan(now_ms).connect is None
    m.heard("radio", 601_000)
    assert m.plan(601_000).connect == "radio"


def test_back_off_grows_to_a_minute_and_is_forgiven() -> None:
    """1 → 60 s; a session that stood forgets all failures."""
    m = Manners(["box"], lambda: 0.999)
    waits, now_ms = [], 0
    for _ in range(9):
        m.heard("radio", now_ms)
        assert m.plan(now_ms).connect == "radio"
        m.happened("radio", manners.FAILED, now_ms)
        waits.append(m._peers["radio"].not_before_ms - now_ms)
        now_ms = m._peers["radio"].not_before_ms
    assert waits == sorted(waits)
    assert waits[0] == 3000  # never before the pause
    assert 59_000 < waits[-1] <= 60_000
    m.heard("radio", now_ms)
    m.plan(now_ms)
    m.identified("radio", "box", now_ms)
    m.happened("radio", manners.PROVED, now_ms)
    assert m.failures("radio") == 0


@given(st.integers(1, 1000), st.floats(0, 1, exclude_max=True))
def test_back_off_stays_within_its_bounds(failures: int, chance: float) -> None:
    """Whatever chance says: a second at least, a minute at the most, jitter of a half."""
    wait_ms = Manners([], lambda: chance).backoff_ms(failures)
    longest_ms = min(60_000, 2**failures * 1000)
    assert max(1000, longest_ms // 2) <= wait_ms <= longest_ms


def test_a_second_failed_proof_is_told_once() -> None:
    """Wrong key twice in a row: a person is told; not at the first, not again at the third."""
    m = _one()
    told = []
    for now_ms in (0, 100_000, 200_000, 300_000):
        m.heard("radio", now_ms)
        assert m.plan(now_ms).connect == "radio", "nothing is removed by itself"
        m.identified("radio", "box", now_ms)
        told.append(m.happened("radio", manners.UNPROVEN, now_ms))
    assert told == [False, True, False, False]


def test_who_was_not_heard_lately_is_not_connected() -> None:
    """An advertisement of half a minute ago says nothing about now."""
    m = _one(0)
    assert m.plan(30_000).connect is None
    m.heard("radio", 31_000)
    assert m.plan(32_000).connect == "radio"


def test_a_lost_adapter_ends_everything() -> None:
    """Nobody counts as linked; who comes back is heard anew and may be connected."""
    m = _linked()
    m.all_lost(10_000)
    assert m.plan(13_000) == Plan(None, (), None, True, 103_000)
    m.heard("radio", 14_000)
    assert m.plan(14_000).connect == "radio"


def test_silence_climbs_the_ladder_and_rests() -> None:
    """Each 90 s a rung: scan, power, reset, say; then a quarter of an hour more, and again."""
    world = World(["box"])
    world.radios.clear()
    world.run(500)
    assert [rung for _, rung in world.rungs] == list(ladder.RUNGS)
    times = [ms for ms, _ in world.rungs]
    assert [b - a for a, b in itertools.pairwise(times)] == [90_000] * 3
    world.run(800)
    assert len(world.rungs) == 4
    world.run(200)
    assert world.rungs[4][1] == ladder.RESTART_SCAN


def test_one_advertisement_leads_back_to_the_floor() -> None:
    """Heard again after two rungs: the next silence begins with the scan."""
    climbing = Ladder(90, 900)
    rungs = [climbing.climb(now, linked=False) for now in (0, 90, 180)]
    assert rungs == [None, ladder.RESTART_SCAN, ladder.POWER_CYCLE]
    climbing.heard(200)
    assert climbing.climb(289, linked=False) is None
    assert climbing.climb(290, linked=False) == ladder.RESTART_SCAN


def test_the_adapter_is_left_alone_while_a_link_stands() -> None:
    """A device that is away is no reason to cut the link of one that is here."""
    world = World(["box", "away"])
    del world.radios["radio of away"]
    world.run(3600)
    assert {rung for _, rung in world.rungs} == {ladder.RESTART_SCAN}
    assert len(world.linked) == 1


def test_plans_name_the_moment_to_look_again() -> None:
    """Between `now` and `wake_ms` nothing changes by itself: the edge may sleep."""
    world = World([f"box{n}" for n in range(6)], Limits(turn_ms=60_000))
    quiet = 0
    for _ in range(120):
        world.second()
        m = copy.deepcopy(world.manners)
        plan = m.plan(world.now_ms)
        if plan.end or plan.connect or plan.rung or plan.wake_ms is None:
            continue
        quiet += 1
        for now_ms in range(world.now_ms + 1, plan.wake_ms, 50):
            again = m.plan(now_ms)
            assert (again.connect, again.end, again.rung) == (None, (), None)
    assert quiet > 10
