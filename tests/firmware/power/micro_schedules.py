"""The schedule's two copies on the NOR model: which one runs when a copy is damaged.

Knows: the real store on flash that is read wrong. Runs under MicroPython.
"""

from anbu_device.edge.disk import NoDisk
from pillbox.stored import KEPT_OLD, NONE, WELL, Schedules
from tests.firmware.power.chips import Faulty, flip, formatted, kill
from tests.firmware.power.store import Store, entries_in, schedule

OLD = (3, 30)  # version, entries; both large enough for blocks of their own
NEW = (4, 40)


def _stored(*copies: "tuple[int, int]") -> Faulty:
    """Flash on which these were stored in turn."""
    nor = formatted(24)
    store = Store(nor)
    for version, count in copies:
        store.put_schedule(version, count)
    return nor


def _runs(nor: Faulty) -> "tuple[int, int, int]":
    """(version, entries, what was lost) of a start."""
    schedules = Store(nor).service.schedules
    return schedules.version, entries_in(schedules.blob), schedules.lost


def test_the_newest_runs() -> None:
    """Two are kept, the newer one runs; one alone is no loss, and neither is none."""
    assert _runs(_stored()) == (0, 0, WELL)
    assert _runs(_stored(OLD)) == (3, 30, WELL)
    assert _runs(_stored(OLD, NEW)) == (4, 40, WELL)


def test_a_damaged_newest_leaves_the_one_before() -> None:
    """A flipped bit or a dead block: the last good copy runs, and it is said."""
    nor = _stored(OLD, NEW)
    flip(nor, schedule(*NEW)[10:60], 77)
    assert _runs(nor) == (3, 30, KEPT_OLD)
    nor = _stored(OLD, NEW)
    kill(nor, schedule(*NEW)[10:60])
    assert _runs(nor) == (3, 30, KEPT_OLD)


def test_with_no_good_copy_nothing_runs() -> None:
    """No reminder is made up; it is said."""
    nor = _stored(NEW)
    flip(nor, schedule(*NEW)[10:60], 77)
    assert _runs(nor) == (0, 0, NONE)
    nor = _stored(OLD, NEW)
    flip(nor, schedule(*NEW)[10:60], 77)
    flip(nor, schedule(*OLD)[10:60], 77)
    assert _runs(nor) == (0, 0, NONE)


def test_a_new_schedule_is_written_over_the_damaged_copy() -> None:
    """The good one stays beside it; damaged in its turn, the new one leaves the same good one."""
    nor = _stored(OLD, NEW)
    flip(nor, schedule(*NEW)[10:60], 77)
    Store(nor).put_schedule(5, 35)
    assert _runs(nor) == (5, 35, WELL)
    flip(nor, schedule(5, 35)[10:60], 77)
    assert _runs(nor) == (3, 30, KEPT_OLD)


def test_a_store_that_takes_nothing_keeps_the_old_one_running() -> None:
    """A chip that fails in the middle: the old schedule runs now and after a restart."""
    for fails_in in range(12):
        nor = _stored(OLD)
        store = Store(nor)
        nor.fails_in, nor.times = fails_in, 30
        try:
            store.service.schedules.store(NEW[0], schedule(*NEW))
        except OSError:
            assert store.service.schedules.version == OLD[0], fails_in
            nor.times = 0
            assert _runs(nor) == (OLD[0], OLD[1], WELL), fails_in


def test_without_a_partition_the_schedule_runs_from_memory() -> None:
    """Reminders go on by what is received; nothing of it outlives the power."""
    schedules = Schedules(NoDisk())
    assert schedules.load().entries == []
    assert schedules.lost == WELL
    schedules.store(NEW[0], schedule(*NEW))
    assert (schedules.version, schedules.blob) == (NEW[0], schedule(*NEW))
    again = Schedules(NoDisk())
    again.load()
    assert again.version == 0
