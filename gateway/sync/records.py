"""How much of a device's log is here, and which records to ask for next.

Knows: sequence numbers, windows, holes. May not know: requests, messages other than records.

Counters, all seq numbers of one epoch: `acked` ≤ `have` (committed) ≤ `handed` (given to the edge
to commit) and `have` ≤ `newest` (on the device).
"""

from __future__ import annotations

from collections.abc import Callable

from anbu_wire import messages as m
from anbu_wire.errors import RemoteProtocolError
from gateway.sync.actions import Action

WINDOWS = (16, 4, 1)  # records asked for at once; the next smaller one after REPEATS in vain
REPEATS = 3  # a request without its answer is sent so many times more


class LogCopy:
    """The copy of one device's log, as far as this session knows.

    `known(epoch)` gives the highest seq committed of that log, 0 for none.
    """

    def __init__(self, known: Callable[[int], int]) -> None:
        self._known = known
        self.epoch: int | None = None
        self.have = 0
        self.handed = 0
        self.acked = 0
        self.newest = 0
        self._window = 0  # index into WINDOWS
        self._tries = 0
        self._asked_from = 0  # first and last seq of the window that is coming
        self._asked_to = 0
        self._got: dict[int, m.Record] = {}
        self._bad = 0  # records of this window whose own CRC is wrong: bad on the device's flash

    @property
    def committing(self) -> bool:
        """Whether the edge has records that it has not yet said were committed."""
        return self.handed != self.have

    @property
    def behind(self) -> bool:
        """Whether the device has records that are not here."""
        return self.have < self.newest

    @property
    def may_read_ahead(self) -> bool:
        """Whether the next window may be asked for while this one is being committed."""
        return self.handed < self.newest and 0 < self.handed - self.have <= WINDOWS[0]

    def see(self, epoch: int, oldest: int, newest: int) -> list[Action]:
        """The device said what it has: new_log, gap and failed actions, or nothing.

        Another epoch than before is read from its oldest record, or from what is known of it.
        """
        new: list[Action] = []
        if epoch != self.epoch:
            self.epoch = epoch
            self.have = self.handed = self._known(epoch)
            # What the device still keeps was perhaps never acknowledged: acknowledge it again.
            self.acked = min(self.have, max(0, oldest - 1))
            new = [] if self.have else [("new_log", epoch)]
        self.newest = newest
        if newest < self.have:
            return [("failed", _went_back(newest, self.have))]
        if oldest <= self.have + 1 or self.committing:
            return new
        gap: Action = ("gap", epoch, self.have + 1, oldest - 1)
        self.have = self.handed = self.acked = oldest - 1
        return [*new, gap]

    def ask(self) -> tuple[int, int]:
        """(first, last) seq of the window to ask for now; forgets what came of the one before."""
        self._got = {}
        self._bad = 0
        self._asked_from = self.handed + 1
        self._asked_to = min(self.newest, self.handed + WINDOWS[self._window])
        return self._asked_from, self._asked_to

    def ask_behind(self) -> tuple[int, int] | None:
        """The window behind the one that is coming, None where it has to be waited for.

        While nothing goes wrong two windows are under way, so that nobody waits for the radio.
        """
        trouble = self._window or self._tries or self._bad or self._asked_from > self.handed + 1
        if trouble or self.committing or self._asked_to >= self.newest:
            return None
        return self._asked_to + 1, min(self.newest, self._asked_to + WINDOWS[0])

    def turn_to(self, first: int, last: int) -> None:
        """The window before is over, however it ended: this one, asked for behind it, comes now."""
        self._got = {seq: r for seq, r in self._got.items() if seq > self.handed}
        self._bad = 0
        self._asked_from, self._asked_to = first, last

    def unsaid_after_this(self) -> int:
        """How many records will wait for an acknowledgement when the window is committed."""
        return self._asked_to - self.acked

    def take(self, tail: bytes) -> None:
        """Records of the window asked for. Raises RemoteProtocolError on half a record."""
        good, bad = decode_each(tail)
        first = self.handed + 1
        self._got.update((r.seq, r) for r in good if first <= r.seq <= self._asked_to)
        self._bad += bad

    def pushed(self, tail: bytes) -> list[Action]:
        """Records nobody asked for: a commit where they continue ours without a hole.

        Otherwise only `newest` rises, and they are asked for. Raises RemoteProtocolError.
        """
        good, _bad = decode_each(tail)
        if self.epoch is None or not good:
            return []  # before the first state: the report will bring them
        self.newest = max(self.newest, *(r.seq for r in good))
        return [] if self.committing else self._commit({r.seq: r for r in good})

    def committed(self, epoch: int, up_to_seq: int) -> None:
        """The edge committed what it was given."""
        if epoch == self.epoch and self.have < up_to_seq <= self.handed:
            self.have = up_to_seq

    def caught_up(self) -> None:
        """All is here: the next report begins with the largest window again."""
        self._window = 0
        self._tries = 0

    def window_ended(self, count: int | None) -> list[Action]:
        """The report is over: `count` records were sent, None where even that did not arrive.

        commit, gap or failed actions; nothing: ask again.
        """
        if self.handed >= self._asked_to:
            return []  # pushed records filled the window meanwhile
        batch = self._commit(self._got)
        if batch or self.committing or self._asked_from > self.handed + 1:
            return batch  # nothing of it, because the window before it has a hole: not its fault
        self._tries += 1
        if self._tries <= REPEATS:
            return []
        self._tries = 0
        if count is not None and len(self._got) + self._bad >= count:
            return self._give_up_hole()
        if self._window + 1 == len(WINDOWS):
            return [("failed", f"record {self.have + 1} does not arrive")]
        self._window += 1
        return []

    def _commit(self, records: dict[int, m.Record]) -> list[Action]:
        """Hand over what continues the log without a hole."""
        batch = []
        while self.handed + 1 in records:
            self.handed += 1
            batch.append(records[self.handed])
        if not batch or self.epoch is None:
            return []
        self._tries = 0
        return [("commit", self.epoch, batch)]

    def _give_up_hole(self) -> list[Action]:
        """All that the device sent arrived, again and again, without the next record."""
        if self.epoch is None:
            return []
        first, end = self.have + 1, min(self._got, default=self._asked_to + 1)
        self.have = self.handed = end - 1
        return [("gap", self.epoch, first, end - 1), *self._commit(self._got)]


def decode_each(tail: bytes) -> tuple[list[m.Record], int]:
    """The good records of a RECORDS tail and the number of those whose own CRC is wrong.

    The seal guards the air, so a wrong CRC is a bad record on the device's flash: it must not end
    every session. Raises RemoteProtocolError on half a record.
    """
    if len(tail) % m.RECORD_BYTES:
        raise RemoteProtocolError(f"records of {len(tail)} bytes")
    good, bad = [], 0
    for start in range(0, len(tail), m.RECORD_BYTES):
        try:
            good.append(m.decode_record(tail[start : start + m.RECORD_BYTES]))
        except RemoteProtocolError:
            bad += 1
    return good, bad


def _went_back(newest: int, have: int) -> str:
    return (
        f"the device's log went back: its newest record is {newest}, but {have} is known in the "
        "same epoch; nothing was deleted, look at the device"
    )
