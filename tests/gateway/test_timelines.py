"""Times of old timelines: a boot that got the time once is dated from its first record on.

Knows: timelines, the household. Its own device tells the truth beside what its clock says.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from anbu_wire import messages as wire
from gateway.adherence import outcome
from gateway.timelines import Stamp, Timelines, stamp
from tests.gateway.home_facts import EVENING, at, begun, record

BOX, EPOCH = "box", 7
START_MS = 1_800_000_000_000
JUMP_MS = 5000


@dataclass
class Told:
    """A record and when it really happened."""

    stamp: Stamp
    true_ms: int


class Device:
    """A clock like the box's: lost, right or wrong at boot, set by the gateway now and then."""

    def __init__(self) -> None:
        self.log: list[Told] = []
        self.now_ms = START_MS
        self.boot = 0
        self.timeline = 0
        self.begin(None)

    def begin(self, wrong_ms: int | None) -> None:
        """Boot; `wrong_ms`: how far the clock chip is off, None = it lost the time."""
        self.boot += 1
        self.booted_ms = self.now_ms
        self.wrong_ms = wrong_ms
        self.quality = wire.UNKNOWN if wrong_ms is None else wire.DRIFTING
        self.write()

    def write(self) -> None:
        wall_ms = None if self.wrong_ms is None else (self.now_ms + self.wrong_ms) // 1000 * 1000
        uptime_ms = self.now_ms - self.booted_ms
        seq = len(self.log) + 1
        told = Stamp(seq, self.boot, uptime_ms, wall_ms, self.timeline, self.quality)
        self.log.append(Told(told, self.now_ms))

    def set(self) -> None:
        """The gateway's time comes; a jump or a beginning raises the timeline."""
        if self.wrong_ms is None or abs(self.wrong_ms) > JUMP_MS:
            self.timeline += 1
        self.wrong_ms, self.quality = 0, wire.SYNCED
        self.write()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 100_000_000)),
        st.tuples(st.just("set"), st.just(0)),
        st.tuples(st.just("lost"), st.just(0)),
        st.tuples(st.just("boot"), st.integers(-400 * 86_400_000, 400 * 86_400_000)),
    ),
    max_size=40,
)


def _live(steps: list[tuple[str, int]]) -> Device:
    device = Device()
    for what, value in steps:
        if what == "wait":
            device.now_ms += value
            device.write()
        elif what == "set":
            device.set()
        else:
            device.begin(None if what == "lost" else value)
    return device


def _noted(log: list[Told]) -> Timelines:
    timelines = Timelines()
    for told in log:
        timelines.note(BOX, EPOCH, told.stamp)
    return timelines


@given(STEPS)
def test_every_record_of_a_boot_that_got_the_time_is_dated_right(
    steps: list[tuple[str, int]],
) -> None:
    """Within a second, whatever its clock said; small drift that was no jump stays as told."""
    device = _live(steps)
    timelines = _noted(device.log)
    synced = {told.stamp.boot for told in device.log if told.stamp.quality == wire.SYNCED}
    for told in device.log:
        when_ms = timelines.wall_ms(BOX, EPOCH, told.stamp)
        if told.stamp.boot in synced:
            assert when_ms is not None
            assert abs(when_ms - told.true_ms) <= JUMP_MS + 1000
            if told.stamp.quality == wire.UNKNOWN:
                assert abs(when_ms - told.true_ms) <= 1000
        else:
            assert when_ms == told.stamp.wall_ms


@given(STEPS, st.randoms(use_true_random=False))
def test_the_order_of_learning_is_no_matter(steps: list[tuple[str, int]], chance: object) -> None:
    """Shuffled and repeated facts give the same anchors."""
    log = _live(steps).log
    mixed = [*log, *log[: len(log) // 2]]
    chance.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis' Random
    assert _noted(mixed).anchors == _noted(log).anchors


@given(STEPS)
def test_dated_from_boot_the_order_within_a_boot_is_kept(steps: list[tuple[str, int]]) -> None:
    """Records of a boot without time of its own keep their order and their distances."""
    device = _live(steps)
    timelines = _noted(device.log)
    for before, after in zip(device.log, device.log[1:], strict=False):
        one, two = before.stamp, after.stamp
        if one.boot != two.boot or {one.quality, two.quality} != {wire.UNKNOWN}:
            continue
        first, second = (timelines.wall_ms(BOX, EPOCH, s) for s in (one, two))
        if first is not None and second is not None:
            assert second - first == two.uptime_ms - one.uptime_ms


def test_other_boots_epochs_and_devices_date_nothing() -> None:
    """An anchor speaks for its own boot of its own log only."""
    anchor = Stamp(5, 3, 10_000, START_MS, 2, wire.SYNCED)
    lost = Stamp(4, 3, 4_000, None, 1, wire.UNKNOWN)
    timelines = Timelines()
    timelines.note(BOX, EPOCH, anchor)
    assert timelines.wall_ms(BOX, EPOCH, lost) == START_MS - 6000
    assert timelines.wall_ms(BOX, EPOCH, dataclasses.replace(lost, boot=4)) is None
    assert timelines.wall_ms(BOX, EPOCH + 1, lost) is None
    assert timelines.wall_ms("other", EPOCH, lost) is None


def test_a_wrong_clock_that_was_set_twice_follows_the_newest() -> None:
    """The gateway itself was wrong, then right: all of the boot is dated by the later time."""
    timelines = Timelines()
    wrong = Stamp(2, 1, 10_000, START_MS - 86_400_000, 1, wire.SYNCED)
    right = Stamp(9, 1, 90_000, START_MS, 2, wire.SYNCED)
    for told in (wrong, right):
        timelines.note(BOX, EPOCH, told)
    assert timelines.wall_ms(BOX, EPOCH, wrong) == START_MS - 80_000
    assert timelines.wall_ms(BOX, EPOCH, right) == START_MS


def test_a_timeline_begun_after_the_last_sync_keeps_its_own_time() -> None:
    """What came after is not dated by what was before, where it has a time of its own."""
    timelines = Timelines()
    timelines.note(BOX, EPOCH, Stamp(2, 1, 10_000, START_MS, 1, wire.SYNCED))
    later = Stamp(3, 1, 20_000, START_MS + 999_000, 2, wire.DRIFTING)
    assert timelines.wall_ms(BOX, EPOCH, later) == START_MS + 999_000


def test_the_page_learns_when_it_really_happened() -> None:
    """A dose taken before the box knew the time is dated once the clock is set in that boot."""
    home = begun(at("08:00"))
    lost = {"wall_ms": None, "quality": wire.UNKNOWN, "timeline": 1}
    home.fold(record(1, wire.SLOT_TAKEN, at("21:00"), uptime_ms=60_000, **lost))
    assert outcome(home.household, EVENING, at("21:01")).since_ms == at("21:00")
    now = {"wall_ms": at("21:00"), "quality": wire.SYNCED, "timeline": 2}
    home.fold(record(2, wire.CLOCK_SET, at("21:00"), uptime_ms=9_060_000, slot_day=None, **now))
    assert outcome(home.household, EVENING, at("21:01")).since_ms == at("18:30")


def test_the_stamp_is_what_the_record_says() -> None:
    """Nothing is lost on the way."""
    told = record(4, wire.SLOT_TAKEN, at("18:31"))
    assert stamp(told) == Stamp(4, 1, 4000, at("18:31"), 1, wire.SYNCED)
