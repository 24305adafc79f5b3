"""anbu_device.core.clock and debounce, under CPython and MicroPython."""

from anbu_device.core.clock import DeviceClock
from anbu_device.core.debounce import Debounce
from anbu_wire.messages import DRIFTING, SYNCED, UNKNOWN

WALL_S = 826_000_000


def test_uptime_goes_on_when_ticks_wrap() -> None:
    """2^30 ms after start the chip's ticks begin again at 0; uptime does not."""
    clock = DeviceClock(2**30 - 100, 0)
    assert clock.advance(2**30 - 1) == 99
    assert clock.advance(50) == 150
    assert clock.advance(2**30 - 1) == 150 + 2**30 - 51


def test_unknown_until_told() -> None:
    """Without a clock chip or a gateway, time is unknown and wall time is 0."""
    clock = DeviceClock(0, 3)
    assert clock.quality() == UNKNOWN
    assert clock.wall_s() == 0
    assert clock.timeline == 3


def test_rtc_gives_drifting_time_and_keeps_the_timeline() -> None:
    """A clock chip that never lost power continues the old timeline."""
    clock = DeviceClock(0, 3)
    clock.set_from_rtc(WALL_S)
    clock.advance(5000)
    assert (clock.wall_s(), clock.quality(), clock.timeline) == (WALL_S + 5, DRIFTING, 3)


def test_first_time_ever_starts_a_timeline() -> None:
    """Records before the first known time and after it are on different timelines."""
    clock = DeviceClock(0, 3)
    assert clock.set_from_gateway(WALL_S, 250) == 0
    assert (clock.timeline, clock.quality()) == (4, SYNCED)
    clock.advance(750)
    assert clock.wall_s() == WALL_S + 1


def test_small_correction_is_drift_and_large_is_a_jump() -> None:
    """Up to five seconds keep the timeline; beyond raises it."""
    clock = DeviceClock(0, 0)
    clock.set_from_rtc(WALL_S)
    assert clock.set_from_gateway(WALL_S + 5, 0) == 5
    assert clock.timeline == 0
    assert clock.set_from_gateway(WALL_S - 3600, 0) == -3605
    assert clock.timeline == 1


def test_a_second_clock_that_disagrees_begins_a_timeline() -> None:
    """Time goes on where it was; it is doubted, and its records are not compared with others'."""
    clock = DeviceClock(0, 3)
    clock.set_from_gateway(WALL_S, 0)
    clock.disagreed()
    clock.advance(2000)
    assert (clock.wall_s(), clock.quality(), clock.timeline) == (WALL_S + 2, DRIFTING, 5)


def test_a_day_without_the_gateway_is_drifting() -> None:
    """Synced ages into drifting after a day."""
    clock = DeviceClock(0, 0)
    clock.set_from_gateway(WALL_S, 0)
    clock.advance(86_399_999)
    assert clock.quality() == SYNCED
    clock.advance(86_400_000)
    assert clock.quality() == DRIFTING


def test_zone_changes_at_its_moment() -> None:
    """The next offset counts from its change on."""
    clock = DeviceClock(0, 0)
    clock.set_from_gateway(WALL_S, 0)
    clock.set_zone(60, WALL_S + 10, 120)
    assert clock.local_offset_min() == 60
    clock.advance(10_000)
    assert clock.local_offset_min() == 120


def test_a_contact_counts_after_it_held() -> None:
    """A bounce shorter than 40 ms is no change; a held contact is, exactly once."""
    contacts = Debounce(0)
    assert contacts.sample(1, 0) == 0
    assert contacts.sample(0, 20) == 0
    assert contacts.sample(1, 30) == 0
    assert not contacts.settled()
    assert contacts.sample(1, 69) == 0
    assert contacts.sample(1, 70) == 1
    assert contacts.settled()
    assert contacts.sample(1, 200) == 0


def test_a_contact_that_never_rests_does_not_hide_the_others() -> None:
    """A loose magnet at lid 3: lid 10 is seen all the same."""
    lids = Debounce(0)
    seen = 0
    for n in range(100):
        seen |= lids.sample((n // 2 % 2) << 3 | (n > 50) << 10, n * 15)
    assert seen == 1 << 10
    assert not lids.settled()
