"""edge/disk on the NOR model, under MicroPython."""

import gc

import vfs

from anbu_device.edge.disk import Disk
from anbu_wire.messages import LID_OPENED, RECORDS_LOST, decode_record
from tests.firmware.power.chips import Faulty, formatted
from tests.firmware.power.nor import Nor, blank
from tests.firmware.power.store import PATH, unmount
from tests.firmware.power.work import Work

ERRORS = 60  # an append has about five operations: twelve appends are covered
APPENDS = 12


def _disk(nor: Nor) -> Disk:
    unmount()
    return Disk(nor, PATH)


def test_appended_bytes_are_there_after_a_restart() -> None:
    """What `append` returned from is on flash, in order, without a close."""
    nor = formatted(16)
    disk = _disk(nor)
    disk.append("a", b"one")
    disk.append("b", b"two")
    disk.append("a", b"three")
    disk = _disk(nor)
    assert disk.files() == [("a", 8), ("b", 3)]
    assert disk.read("a", 0, 100) == b"onethree"
    assert disk.read("a", 3, 2) == b"th"
    assert disk.read("a", 8, 5) == b""


def test_a_fresh_file_forgets_what_stood_there() -> None:
    """A segment begun anew never begins with somebody's remains."""
    nor = formatted(16)
    _disk(nor).append("a", b"remains")
    disk = _disk(nor)
    disk.append("a", b"one", True)
    disk.append("a", b"two")
    assert _disk(nor).read_or_empty("a") == b"onetwo"


def test_replace_leaves_the_new_bytes_and_nothing_else() -> None:
    """A replaced file holds the new bytes whole, however long the old ones were."""
    nor = formatted(16)
    disk = _disk(nor)
    for size in (1000, 10, 3000, 0, 5000):
        disk.replace("schedule", b"s" * size)
        disk = _disk(nor)
        assert disk.read_or_empty("schedule") == b"s" * size
        assert disk.files() == [("schedule", size)]


def test_the_bytes_before_can_be_kept() -> None:
    """A replaced file's old bytes stand under the other name, where it had any."""
    disk = _disk(formatted(16))
    for size in (1000, 10, 1800):
        disk.replace("schedule", b"s" * size, "schedule.old")
    assert disk.files() == [("schedule", 1800), ("schedule.old", 10)]


def test_the_open_file_can_be_removed() -> None:
    """Removing the file that is appended to closes it; a new one of that name is empty."""
    nor = formatted(16)
    disk = _disk(nor)
    disk.append("a", b"one")
    disk.remove("a")
    assert disk.files() == []
    disk.append("a", b"two")
    assert _disk(nor).read_or_empty("a") == b"two"


def test_a_partition_without_file_system_is_not_formatted() -> None:
    """What does not mount is told, and left as it is: formatting is provisioning."""
    nor = Nor(blank(16))
    before = bytes(nor.image)
    try:
        _disk(nor)
    except OSError:
        assert bytes(nor.image) == before
        return
    raise AssertionError("a blank partition was mounted")


def test_a_missing_file_reads_as_nothing_where_that_is_allowed() -> None:
    """`read_or_empty` gives nothing, `read` says so."""
    disk = _disk(formatted(16))
    assert disk.read_or_empty("none") == b""
    try:
        disk.read("none", 0, 1)
    except OSError:
        return
    raise AssertionError("a missing file was read")


def test_an_error_of_the_chip_costs_only_its_own_record() -> None:
    """Whichever operation fails, once, twice or thrice: what was told as written is read back.

    The collector runs in between: it must not write what failed. A record that was told as failed
    may stand at the very end: once the chip did it and said that it did not. (So a write of nothing
    but 0xFF ends too, be it done or not: one in 256 ends of a commit is such a byte.)
    """
    for start in (3, 60, 124):
        work = Work()
        work.append(start)
        base = bytes(work.nor.image)
        for times, done in ((1, True), (1, False), (2, False), (3, False)):
            for fails_in in range(ERRORS):
                nor = Faulty(bytearray(base), fails_in, times, done)
                _append_through(nor, list(work.blobs), (start, times, fails_in, done))


def _append_through(nor: Faulty, blobs: "list[bytes]", where: "tuple[int, int, int, bool]") -> None:
    from tests.firmware.power.store import Store  # noqa: PLC0415 - beside Disk's own tests

    store = Store(nor)
    refused = known = 0
    for i in range(APPENDS):
        blob = store.append(1000 + i, 0)
        assert store.log.failed == (not blob), where
        if blob:  # what was refused is told before it
            came = store.log.records(len(blobs) + 1, store.log.journal.newest_seq)
            lost = [decode_record(one) for one in came[:-1]]
            told = [(RECORDS_LOST, refused - known)] if refused > known else []
            assert [(record.kind, record.value) for record in lost] == told, where
            assert came[-1] == blob, where
            blobs += came
            known = refused
        refused += not blob
        gc.collect()
    assert refused <= 3, where
    assert store.log.records(1, store.log.journal.newest_seq) == blobs, where
    after = Store(nor)
    held = after.log.records(1, after.log.journal.newest_seq)
    assert blobs in (held, held[:-1]), where
    assert after.seen == list(range(1, len(held) + 1)), where


def test_a_partition_that_is_really_full_loses_nothing() -> None:
    """Where littlefs itself has no block left, appends are refused, and go on when one is free."""
    from tests.firmware.power.store import Store  # noqa: PLC0415 - beside Disk's own tests

    work = Work(16)
    work.append(40)
    vfs.mount(vfs.VfsLfs2(work.nor, progsize=256, readsize=32), "/other")
    ballast = 0
    try:
        while True:
            with open(f"/other/ballast{ballast}", "wb") as file:  # noqa: PTH123
                file.write(bytes(4096))
            ballast += 1
    except OSError:
        vfs.umount("/other")
    assert ballast > 4
    store = Store(work.nor)
    assert store.append(1, 0) == b""
    assert store.log.failed
    store.disk.remove("ballast0")
    blob = store.append(2, 0)
    held = Store(work.nor).log.records(1, 50)
    assert held[:40] == work.blobs
    assert [decode_record(one).kind for one in held[40:]] == [RECORDS_LOST, LID_OPENED]
    assert held[-1] == blob
