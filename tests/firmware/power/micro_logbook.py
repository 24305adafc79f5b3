"""edge/logbook on the NOR model and on a disk that fails, under MicroPython."""

from anbu_device.core.clock import DeviceClock
from anbu_device.edge.disk import NoDisk
from anbu_device.edge.logbook import Logbook
from anbu_wire.messages import (
    HELP_NOT_SENT,
    HELP_PRESSED,
    LID_OPENED,
    OK_PRESSED,
    RECORDS_LOST,
    Record,
    decode_record,
    encode_record,
)
from tests.firmware.power.chips import Faulty, flip, formatted, kill
from tests.firmware.power.store import Store
from tests.firmware.power.work import Work


def _flipped(count: int, seq: int) -> "tuple[Work, Store]":
    """A log of `count` records, one bit of record `seq` flipped, and the start after it."""
    work = Work()
    work.append(count)
    flip(work.nor, work.blobs[seq - 1], 8 * (seq % 32) + 3)
    return work, Store(work.nor)


def test_a_flipped_bit_costs_one_record() -> None:
    """The others are read; the damaged one is not believed, and is given as it stands."""
    work, store = _flipped(200, 30)
    held = store.log.records(1, 200)
    assert held[:29] + held[30:] == work.blobs[:29] + work.blobs[30:]
    assert held[29] != work.blobs[29]
    assert store.seen == [seq for seq in range(1, 201) if seq != 30]
    assert store.log.journal.torn


def test_the_number_of_a_damaged_last_record_is_not_given_again() -> None:
    """It may have been pushed: another record of that number would be dropped as known."""
    for count in (60, 128, 200):
        work, store = _flipped(count, count)
        blob = store.append(5, 0)
        assert decode_record(blob).seq == count + 1
        assert Store(work.nor).log.records(count + 1, count + 1) == [blob]


def _killed(count: int) -> "tuple[Work, Store]":
    """A log of `count` records whose second segment cannot be read, and the start after it."""
    work = Work()
    work.append(count)
    nor = Faulty(work.nor.image)
    kill(nor, work.blobs[150])
    return work, Store(nor)


def test_an_unreadable_segment_costs_that_segment() -> None:
    """Records before and after it are read; none of its numbers is given again."""
    work, store = _killed(300)
    assert store.log.records(1, 300) == work.blobs[:128] + work.blobs[256:]
    assert decode_record(store.append(5, 0)).seq == 301
    _, store = _killed(200)
    assert decode_record(store.append(5, 0)).seq == 257


def test_half_a_record_is_left_alone_over_two_starts() -> None:
    """Its number is free, the next record begins a segment, and everything is read afterwards."""
    for whole in (0, 40):
        work = Work()
        work.append(128 + whole)
        name = f"{129:08x}.log"
        Store(work.nor).disk.append(name, work.blobs[0][:20])
        first = Store(work.nor)
        blobs = work.blobs
        blobs.append(first.append(1, 0))
        blobs.append(first.append(2, 0))
        blobs.append(Store(work.nor).append(3, 0))
        assert Store(work.nor).log.records(1, 500) == blobs
        assert [decode_record(blob).seq for blob in blobs] == list(range(1, len(blobs) + 1))


def test_the_later_segment_wins_where_two_hold_a_number() -> None:
    """A record that was said to fail may stand at a segment's end: its number was given again."""
    work = Work()
    work.append(41)
    store = Store(work.nor)
    failed = decode_record(store.append(7, 0))
    again = Record(*(failed[:-1] + (8,)))  # noqa: RUF005 - MicroPython has no star in a tuple
    work.blobs.append(encode_record(again))
    store.disk.append(f"{42:08x}.log", work.blobs[-1])
    work.blobs.append(Store(work.nor).append(9, 0))
    after = Store(work.nor)
    assert after.log.records(1, 99) == work.blobs
    assert after.seen == list(range(1, 44))  # the failed one is not told to the box either


def test_the_epoch_stays_with_its_store() -> None:
    """Every start has the epoch that was drawn when the store was made; another store another."""
    first, second = formatted(16), formatted(16)
    epochs = [Store(nor).log.journal.epoch for nor in (first, first, second, second)]
    assert epochs[0] == epochs[1] != 0
    assert epochs[2] == epochs[3] != epochs[0]


def test_without_a_partition_nothing_is_written_and_nothing_raised() -> None:
    """The box runs on: every write is refused and says so."""
    log = Logbook(NoDisk(), DeviceClock(0, 0), 1)
    log.read_in(lambda record: None)
    assert log.append(OK_PRESSED) == b""
    assert log.failed
    assert log.records(1, 16) == []
    assert log.journal.newest_seq == 0


def test_a_log_that_cannot_be_listed_gives_no_number() -> None:
    """Which numbers were given is not known, so none is given; the box starts all the same."""
    work = Work()
    work.append(5)
    disk = Store(work.nor).disk
    disk.files = _raises  # type: ignore[method-assign, assignment]
    log = Logbook(disk, DeviceClock(0, 0), 2)
    log.read_in(lambda record: None)
    assert log.append(LID_OPENED) == b""
    assert log.failed


def _raises(*_: object) -> "list[str]":
    raise OSError(5, "the chip did not do it")


def test_a_segment_that_cannot_be_removed_is_removed_later() -> None:
    """An error while room is made ends nothing; the next acknowledgement tries again."""
    work = Work()
    work.append(300)
    work.day += 9
    work.append(4)
    nor = work.nor
    store = Store(nor)
    epoch = store.log.journal.epoch
    nor.ioctl = nor.writeblocks = _raises  # type: ignore[method-assign, assignment]
    assert store.log.acknowledge(epoch, 304)
    assert store.log.journal.oldest_seq == 1
    del nor.ioctl, nor.writeblocks
    assert store.log.acknowledge(epoch, 304)
    assert store.log.journal.oldest_seq == 129
    assert Store(nor).seen == list(range(129, 305))


def _full() -> "tuple[Work, Store]":
    """A small store that takes nothing more."""
    work = Work(24)
    store = work.start()
    while not store.log.journal.full():
        work.append()
    return work, store


def test_a_call_for_help_is_written_in_a_full_log() -> None:
    """It has a number, so that a receipt can name it; after a restart too; others stay refused."""
    work, store = _full()
    assert store.log.append(LID_OPENED) == b""
    pressed = decode_record(store.log.append(HELP_PRESSED))
    assert pressed.seq == len(work.blobs) + 1
    assert store.log.append(LID_OPENED) == b""
    assert store.log.failed
    after = Store(work.nor)
    assert after.log.append(OK_PRESSED) == b""
    assert decode_record(after.log.append(HELP_NOT_SENT)).seq == pressed.seq + 1
    kinds = [decode_record(blob).kind for blob in after.log.records(pressed.seq, pressed.seq + 9)]
    assert kinds == [HELP_PRESSED, HELP_NOT_SENT]


def test_what_was_refused_is_counted_and_told() -> None:
    """RECORDS_LOST is written as soon as there is room, once, and nothing is failed any more."""
    _, store = _full()
    for _ in range(5):
        store.log.append(LID_OPENED)
    store.log.append(HELP_PRESSED)  # was not refused
    epoch, newest = store.log.journal.epoch, store.log.journal.newest_seq
    assert store.log.acknowledge(epoch, newest)
    told = [decode_record(blob) for blob in store.log.records(newest + 1, newest + 9)]
    assert [(record.kind, record.value) for record in told] == [(RECORDS_LOST, 5)]
    assert not store.log.failed
    store.log.append(OK_PRESSED)
    assert decode_record(store.log.records(newest + 2, newest + 2)[0]).kind == OK_PRESSED


def test_a_weak_supply_writes_nothing() -> None:
    """While it is halted every record is refused, a call for help too, and the flash is let be."""
    work = Work()
    work.append(5)
    store = Store(work.nor)
    erases, programmed = work.nor.erases, work.nor.programmed_bytes
    store.log.halted = True
    assert store.log.append(HELP_PRESSED) == b""
    assert store.log.append(LID_OPENED) == b""
    assert (work.nor.erases, work.nor.programmed_bytes) == (erases, programmed)
    store.log.halted = False
    store.log.tell_lost()
    told = decode_record(store.log.records(6, 6)[0])
    assert (told.kind, told.value) == (RECORDS_LOST, 2)
