"""What the box does while its power is cut: named pieces of work, and what was true when.

Knows: the store and its oracle's facts. Runs under MicroPython. May not know: cuts.
"""

import vfs

from anbu_device.core.journal import SEGMENT_RECORDS
from tests.firmware.power.nor import Nor, blank
from tests.firmware.power.store import Facts, Store

DAY = 9000
BLOCKS = 32


class Work:
    """A store at work. After `begin` every operation and every fact is kept."""

    def __init__(self, blocks: int = BLOCKS) -> None:
        self.nor = Nor(blank(blocks))
        vfs.VfsLfs2.mkfs(self.nor, progsize=256, readsize=32)
        self.blobs: list[bytes] = []
        self.day = DAY
        self.epoch = 0
        self.before = b""  # the flash when recording began
        self.facts: list[tuple[int, Facts]] = []  # (operations done by then, facts), in order
        self.store: Store | None = None
        self._acknowledged = 0
        self._refused = 0
        self._schedules: tuple[tuple[int, int], ...] = ((0, 0),)

    def start(self) -> Store:
        """The box starts (again)."""
        store = self.store = Store(self.nor)
        self.epoch = store.log.journal.epoch
        return store

    def begin(self) -> None:
        """From here on the power may be cut."""
        self.before = bytes(self.nor.image)
        self.nor.record()
        self._note()

    def append(self, count: int = 1) -> None:
        """So many records, one after the other. Every fourth belongs to a slot."""
        store = self.store or self.start()
        for _ in range(count):
            value = len(self.blobs) % 30000
            self._note((value,))
            blob = store.append(value, self.day if value % 4 == 0 else 0)
            if not blob:
                raise ValueError("the work's own log is full")
            self.blobs.append(blob)
            self._catch_up(store)
            self._note()

    def _catch_up(self, store: Store) -> None:
        """Records the store wrote by itself (LOG_NEARLY_FULL) while nothing was recorded."""
        newest = store.log.journal.newest_seq
        if newest > len(self.blobs):
            self.blobs += store.log.records(len(self.blobs) + 1, newest)

    def acknowledge(self, up_to_seq: int) -> None:
        """The gateway committed up to here."""
        store = self.store or self.start()
        self._acknowledged = up_to_seq  # from this moment on they may be freed
        self._note((self._refused,) if self._refused else ())
        if not store.log.acknowledge(store.log.journal.epoch, up_to_seq):
            raise ValueError("the work acknowledged what is not there")
        self._catch_up(store)  # RECORDS_LOST, where there is room now
        self._refused = self._refused if store.log.failed else 0
        self._note()

    def refuse(self, count: int) -> None:
        """So many records that find no room."""
        store = self.store or self.start()
        for _ in range(count):
            if store.append(7, 0):
                raise ValueError("a full store took a record")
        self._refused += count

    def must_begin_with(self, oldest_seq: int) -> None:
        """The work freed what it meant to free; that it freed no more is for the judge."""
        if self.store is None or self.store.log.journal.oldest_seq < oldest_seq:
            raise ValueError(f"the log begins before {oldest_seq}")

    def put_schedule(self, version: int, count: int) -> None:
        """A new schedule; its SCHEDULE_STORED record is in flight with it."""
        store = self.store or self.start()
        old, new = self._schedules[-1], (version, count)
        self._schedules = (old, new)
        self._note((version,))
        store.put_schedule(version, count)
        self.blobs += store.log.records(len(self.blobs) + 1, store.log.journal.newest_seq)
        self._schedules = (new,)
        self._note()

    def _note(self, in_flight: "tuple[int, ...]" = ()) -> None:
        if self.nor.operations is not None:
            now = Facts(len(self.blobs), in_flight, self._acknowledged, self._schedules)
            self.facts.append((len(self.nor.operations), now))


def first_start(work: Work) -> None:
    """A new partition: the epoch is drawn, the first records are written."""
    work.begin()
    work.append(3)


def append(work: Work) -> None:
    """The first records of a segment lie in the directory, later ones in a block of their own."""
    work.append(12)
    work.begin()
    work.append(12)


def late_append(work: Work) -> None:
    """A segment nearly full: most bytes are copied at each append."""
    work.append(SEGMENT_RECORDS - 12)
    work.begin()
    work.append(8)


def turn(work: Work) -> None:
    """A segment is full, the next one begins."""
    work.append(SEGMENT_RECORDS - 3)
    work.begin()
    work.append(8)


def turn_after_start(work: Work) -> None:
    """The same, and the box was started anew at the border."""
    work.append(SEGMENT_RECORDS)
    work.start()
    work.begin()
    work.append(3)


def compaction(work: Work) -> None:
    """Acknowledged segments are freed while records are written."""
    for _ in range(3):
        work.append(SEGMENT_RECORDS)
        work.day += 5
    work.append(20)
    work.begin()
    for up_to_seq in (100, SEGMENT_RECORDS, 300, 3 * SEGMENT_RECORDS, 400):
        work.acknowledge(up_to_seq)
        work.append(2)
    work.must_begin_with(2 * SEGMENT_RECORDS + 1)  # the one before the newest is kept


def schedules(work: Work) -> None:
    """Schedules that lie in the directory and such that need a block, among records."""
    work.append(40)
    work.put_schedule(1, 4)
    work.begin()
    for version, count in ((2, 8), (5, 64), (6, 40), (9, 2), (10, 0), (11, 64)):
        work.put_schedule(version, count)
        work.append()


def full(work: Work) -> None:
    """The store takes nothing more; then room comes back."""
    store = work.start()
    while not store.log.journal.full():
        work.append()
    work.begin()
    work.refuse(3)
    for up_to_seq in (200, 300):
        work.acknowledge(up_to_seq)
        work.append(3)
    work.must_begin_with(2 * SEGMENT_RECORDS + 1)


def long_life(work: Work) -> None:
    """Weeks in a small partition: littlefs compacts, moves and levels its directory."""
    work.begin()
    for _ in range(18):
        work.append(100)
        work.day += 2
        work.acknowledge(len(work.blobs) - 20)
    work.must_begin_with(12 * SEGMENT_RECORDS + 1)


# name: (what it does, blocks, how many actions with the most operations are cut; 0 = all)
WORKS = {
    "first_start": (first_start, BLOCKS, 0),
    "append": (append, BLOCKS, 0),
    "late_append": (late_append, BLOCKS, 0),
    "turn": (turn, BLOCKS, 0),
    "turn_after_start": (turn_after_start, BLOCKS, 0),
    "compaction": (compaction, BLOCKS, 0),
    "schedules": (schedules, BLOCKS, 0),
    "full": (full, 24, 0),
    "long_life": (long_life, 16, 24),
}
