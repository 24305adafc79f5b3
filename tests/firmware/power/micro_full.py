"""A gateway that is away for good: the log fills, and what the box does then (P2).

Knows: the real store on a NOR model of 1 MiB, the real main. Runs under MicroPython.
Every function has a copy of the flash that `_full` filled once.
"""

import gc
import os

from anbu_wire.messages import (
    LID_OPENED,
    LOG_NEARLY_FULL,
    OK,
    SLOT_DUE,
    decode_record,
)
from anbu_wire.schedule import UTC, Schedule, encode_schedule, once
from tests.firmware.power import box
from tests.firmware.power.nor import Nor
from tests.firmware.power.store import PATH, READ_LEAST, Store, unmount
from tests.firmware.power.work import DAY, Work

PARTITION_BLOCKS = 256  # 1 MiB
EVENTS_LEAST = 10_000
DAYS_LEAST = 30
WALL_S = 830_000_000
LID = 5


class _Once:
    """The filled store, kept for all functions."""

    work: "Work | None" = None


def _full() -> Work:
    """A log filled by 333 events a day, 10,000 in thirty days, until it takes no more."""
    if _Once.work is not None:
        return _Once.work
    gc.threshold(1 << 20)  # type: ignore[attr-defined]  # or the records would lie scattered over the whole heap
    work = _Once.work = Work(PARTITION_BLOCKS)
    store = work.start()
    while not store.log.journal.full():
        work.day = DAY + len(work.blobs) // (EVENTS_LEAST // DAYS_LEAST)
        work.append()
        if store.log.failed:
            raise OSError("a record was refused before the log was full")
    return work


def _started() -> "tuple[Work, Nor, Store]":
    """The box starts anew on a copy of the full flash."""
    work = _full()
    nor = Nor(bytearray(work.nor.image))
    return work, nor, Store(nor, 2)


def test_keeps_thirty_days_and_ten_thousand_events() -> None:
    """A partition of 1 MiB takes at least 10,000 events and says once at 80 % that it fills."""
    work = _full()
    records = [decode_record(blob) for blob in work.blobs]
    warnings = [r for r in records if r.kind == LOG_NEARLY_FULL]
    assert len(records) >= EVENTS_LEAST
    assert work.day - DAY >= DAYS_LEAST
    assert [r.value for r in warnings] == [80]
    assert warnings[0].seq * 100 // len(records) in (79, 80)


def test_free_blocks_are_left_when_the_log_is_full() -> None:
    """A quarter of the partition stays free: littlefs needs it, and a schedule can be stored."""
    _, _, store = _started()
    assert store.disk.size_blocks() == PARTITION_BLOCKS
    free = os.statvfs(PATH)[3]
    assert free * 4 >= PARTITION_BLOCKS


def test_all_of_it_is_read_back_after_a_restart() -> None:
    """Not one unacknowledged record was overwritten or lost."""
    work, _, store = _started()
    assert store.log.records(1, len(work.blobs)) == work.blobs
    newest = len(work.blobs)
    assert store.seen == list(range(newest + 1 - len(store.seen), newest + 1))
    assert READ_LEAST <= len(store.seen) <= READ_LEAST + 128


def test_a_full_log_refuses_and_touches_nothing() -> None:
    """The next record is refused, `failed` is said, the flash is not worn by trying."""
    work, nor, store = _started()
    assert store.append(1, 0) == b""
    assert store.log.failed
    assert store.log.journal.newest_seq == len(work.blobs)
    assert (nor.erases, nor.programmed_bytes) == (0, 0)


def test_reminders_go_on_and_room_comes_back() -> None:
    """With a full log the box takes a schedule, lights, sounds; acknowledged, it writes again."""
    nor = Nor(bytearray(_full().nor.image))
    unmount()
    pill = box.pillbox(nor)
    assert pill.log.failed  # its BOOT record found no room
    pill.service.set_time(
        {
            "wall_s": WALL_S,
            "wall_ms": 0,
            "offset_min": 0,
            "change_wall_s": 0,
            "next_offset_min": 0,
        }
    )
    entry = once((9606, 1), LID, WALL_S + 60, (0, 60, 60))
    assert pill.service.store_schedule(1, encode_schedule(Schedule(UTC, [entry]))) == OK
    lit = set()
    for _ in range(500):
        box.Ticks.now_ms += 250
        pill.look_now()
        lit.add(tuple(pill.board.light(LID)))
    assert any(blue > 100 for red, green, blue in lit), lit  # take; the fault's light has none
    assert (520, 1) in pill.board.sound.played
    assert pill.log.failed
    assert pill.radio.pushed == []
    journal = pill.log.journal
    assert pill.service.acknowledge(journal.epoch, journal.newest_seq) == OK
    pill.board.open_lids = 1 << LID
    for _ in range(20):
        box.Ticks.now_ms += 20
        pill.inputs.take()
    assert not pill.log.failed
    kinds = [decode_record(m[-32:]).kind for m in pill.radio.pushed]
    assert LID_OPENED in kinds
    assert SLOT_DUE not in kinds  # it came while there was no room, and is not made up later


def test_room_comes_back_by_acknowledged_segments_alone() -> None:
    """After 200 of all are acknowledged, one segment is free: 128 records fit, then no more."""
    work, _, store = _started()
    journal = store.log.journal
    assert store.log.acknowledge(journal.epoch, 200)
    assert journal.oldest_seq == 129
    taken = 0
    while store.append(taken, 0):
        taken += 1
    assert taken == 127  # and a LOG_NEARLY_FULL: it is another boot
    assert store.log.records(129, len(work.blobs)) == work.blobs[128:]
