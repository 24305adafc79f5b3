"""The box's store as main builds it, on a flash image; and what must be true of it.

Knows: the real Disk, Logbook, Journal and Service; the oracle. Runs under MicroPython.
May not know: how the image came about.

The oracle holds the bytes that `append` gave back: they alone say what must be read again.
"""

import vfs

from anbu_device.core.clock import DeviceClock
from anbu_device.edge.disk import Disk
from anbu_device.edge.logbook import Logbook
from anbu_wire.messages import (
    LID_OPENED,
    LOG_NEARLY_FULL,
    OK,
    SLOT_TAKEN,
    decode_record,
)
from anbu_wire.schedule import DAY_S, ENTRY_BYTES, HEAD_BYTES, UTC, Schedule, encode_schedule, once
from service import Service
from tests.firmware.power.nor import Nor

PATH = "/log"
SLOT_KIND = SLOT_TAKEN
PLAIN_KIND = LID_OPENED
READ_LEAST = 15 * 128  # records a start tells the box, where the log holds so many
FIRST_DAY = 9200
WARNING = -1  # stands for the value of a LOG_NEARLY_FULL that may follow a record


class Lost(Exception):  # noqa: N818 - what happened, not whose error
    """The store broke its promise."""


class _Box:
    compartments = 28

    def adopt(self, schedule: Schedule, wall_s: int) -> None:
        """The slots are another room's."""

    def clock_jumped(self) -> None:
        """No clock here."""


class _House:
    """What Service asks of main."""

    def __init__(self, log: Logbook, clock: DeviceClock) -> None:
        self.log = log
        self.clock = clock
        self.box = _Box()

    def write(self, effects: "list[tuple[int, tuple[int, int], int, int]]") -> None:
        for effect in effects:
            self.log.append(*effect)


def unmount() -> None:
    """As if the power went: nothing is closed, the next mount reads the flash alone."""
    try:
        vfs.umount(PATH)
    except OSError:
        return  # nothing was mounted


class Store:
    """A start of the box, as far as its log partition goes."""

    def __init__(self, nor: Nor, boot: int = 1) -> None:
        unmount()
        clock = DeviceClock(0, 0)
        self.disk = Disk(nor, PATH)
        self.log = Logbook(self.disk, clock, boot)
        self.seen: list[int] = []
        self.log.read_in(lambda record: self.seen.append(record.seq))
        self.service = Service(_House(self.log, clock), self.disk)  # type: ignore[arg-type]
        self.service.load_schedule()

    def append(self, value: int, day: int) -> bytes:
        """One record of that value, of a slot where `day` is not 0."""
        kind = SLOT_KIND if day else PLAIN_KIND
        return self.log.append(kind, (day, 1 if day else 0), 3, value)

    def put_schedule(self, version: int, count: int) -> None:
        """A schedule of `count` entries, as the link hands it over."""
        if self.service.store_schedule(version, schedule(version, count)) != OK:
            raise Lost(f"schedule {version} was refused")


def schedule(version: int, count: int) -> bytes:
    """The bytes of a schedule whose every entry shows its version."""
    entries = [
        once((FIRST_DAY + i, 1), i % 28, FIRST_DAY * DAY_S + DAY_S * i + version, (30, 60, 60))
        for i in range(count)
    ]
    return encode_schedule(Schedule(UTC, entries))


def entries_in(blob: bytes) -> int:
    """How many entries a schedule has; 0 for none."""
    return (len(blob) - HEAD_BYTES) // ENTRY_BYTES if blob else 0


class Facts:
    """What had happened at a moment: what must be there, and what may."""

    def __init__(
        self,
        returned: int,
        in_flight: "tuple[int, ...]",
        acknowledged: int,
        schedules: "tuple[tuple[int, int], ...]",
    ) -> None:
        self.returned = returned  # so many appends gave their bytes back
        self.in_flight = in_flight  # the values of the records being written, in order
        self.acknowledged = acknowledged  # up to here records may be gone
        self.schedules = schedules  # (version, entries): one of these runs


def judge(store: Store, facts: Facts, blobs: "list[bytes]", epoch: int) -> "list[bytes]":
    """Raises Lost where the store broke a promise.

    `blobs`: what every append gave back, sequence number 1 first; `epoch` 0 = not yet drawn.
    Returns what is known after this start: `blobs` and the record in flight, where it is there.
    """
    journal = store.log.journal
    oldest, newest = journal.oldest_seq, journal.newest_seq
    held = store.log.records(oldest, newest)
    required = blobs[: facts.returned]
    if facts.returned and epoch and journal.epoch != epoch:
        raise Lost("another epoch")
    if oldest > facts.acknowledged + 1:
        raise Lost(f"record {oldest - 1} freed, {facts.acknowledged} acknowledged")
    if newest < facts.returned:
        raise Lost(f"newest is {newest}, {facts.returned} were flushed")
    if newest > facts.returned + len(facts.in_flight):
        raise Lost(f"newest is {newest}, only {facts.returned} were written")
    if held[: facts.returned - oldest + 1] != required[oldest - 1 :]:
        raise Lost(f"the records from {oldest} are not those that were flushed")
    extra = held[facts.returned - oldest + 1 :]
    _judge_in_flight(extra, facts)
    # A start reads the young end of the log, whole segments, without a hole.
    read = store.seen == list(range(newest + 1 - len(store.seen), newest + 1))
    enough = len(store.seen) >= min(newest + 1 - oldest, READ_LEAST)
    if not read or not enough or store.log.failed or journal.torn:
        raise Lost("the box was told other records at its start")
    _judge_schedule(store, facts)
    return required + extra


def _judge_in_flight(extra: "list[bytes]", facts: Facts) -> None:
    for i, blob in enumerate(extra):
        record = decode_record(blob)
        wanted = facts.in_flight[i]
        right = record.kind == LOG_NEARLY_FULL if wanted == WARNING else record.value == wanted
        if not right or record.seq != facts.returned + i + 1:
            raise Lost(f"{record} is none that was being written")


def _judge_schedule(store: Store, facts: Facts) -> None:
    version, blob = store.service.schedule_blob()
    wanted = [(v, schedule(v, count) if v else b"") for v, count in facts.schedules]
    if (version, blob) not in wanted:
        raise Lost(f"schedule {version} runs, wanted one of {facts.schedules}")
