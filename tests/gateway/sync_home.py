"""A pretended box behind the firmware's own DeviceLink, and an edge that only carries actions out.

Knows: what Sync and DeviceLink call. May not know: what is tested with it.
"""

from __future__ import annotations

from binascii import crc32
from collections.abc import Callable
from typing import Any

from anbu_device.core.link import DeviceLink
from anbu_wire import messages as m
from gateway.sync import Action, Sync

EPOCH = 77
NOW_S = 800_000_000


def record(seq: int) -> m.Record:
    return m.Record(seq, 1, seq * 1000, NOW_S, 1, 2, m.LID_OPENED, 3, m.NO_SLOT, 0, 0)


class Box:
    """What a device would answer; records `oldest` to `newest` but for `holes` and `rotten`."""

    def __init__(self, newest: int = 0, oldest: int = 1) -> None:
        self.epoch = EPOCH
        self.newest = newest
        self.oldest = oldest
        self.holes: set[int] = set()
        self.rotten: set[int] = set()
        self.ahead_s = 0
        self.quality = m.SYNCED
        self.time_code = m.OK
        self.acknowledged: list[tuple[int, int]] = []
        self.version, self.blob = 0, b""
        self.store_code = m.OK
        self.stores = 0

    def state(self) -> tuple[int, ...]:
        head = (self.epoch, self.oldest, self.newest, NOW_S + self.ahead_s)
        return (*head, self.version, crc32(self.blob), self.quality, 90, 60, 1)

    def records(self, first_seq: int, last_seq: int) -> list[bytes]:
        asked = range(max(first_seq, self.oldest), min(last_seq, self.newest) + 1)
        return [self.flash(seq) for seq in asked if seq not in self.holes]

    def flash(self, seq: int) -> bytes:
        blob = m.encode_record(record(seq))
        return bytes(31) + b"x" if seq in self.rotten else blob

    def acknowledge(self, epoch: int, up_to_seq: int) -> int:
        self.acknowledged.append((epoch, up_to_seq))
        return m.OK if epoch == self.epoch else m.REFUSED_RANGE

    def set_time(self, fields: dict[str, int]) -> int:
        if self.time_code == m.OK:
            self.ahead_s, self.quality = fields["wall_s"] - NOW_S, m.SYNCED
        return self.time_code

    def store_schedule(self, version: int, blob: bytes) -> int:
        self.stores += 1
        if self.store_code == m.OK:
            self.version, self.blob = version, blob
        return self.store_code

    def schedule_blob(self) -> tuple[int, bytes]:
        return self.version, self.blob

    def prompt_test(self, compartment: int) -> int:
        return m.OK


class Home:
    """A box, a gateway's database, and the edge between them: it only carries actions out."""

    def __init__(self, box: Box, known: dict[int, int] | None = None) -> None:
        self.box = box
        self.link = DeviceLink(box)
        self.known = known or {}
        self.now_s = NOW_S
        self.seqs: list[int] = []
        self.log: list[tuple[Any, ...]] = []
        self.arrives: Callable[[], bool] = lambda: True
        self.time_outs = 0
        self.sync = self.session()

    def session(self) -> Sync:
        self.link.begin()
        return Sync(lambda epoch: self.known.get(epoch, 0), lambda: (self.now_s, 0, 540, 0, 0))

    def run(self, actions: list[Action]) -> None:
        """Carry out, deliver answers, time out, until nothing is left to do."""
        todo = list(actions)
        while todo or self.sync.waiting_for is not None:
            if not todo:
                self.time_outs += 1
                todo += self.sync.timeout(self.sync.waiting_for or 0)
                continue
            todo += self.carry_out(todo.pop(0))

    def carry_out(self, action: Action) -> list[Action]:
        self.log.append(action)
        more: list[Action] = []
        if action[0] == "send":
            for answer in self.link.receive(action[1]):
                if self.arrives():
                    more += self.sync.receive(answer)
        elif action[0] == "commit":
            self.seqs += [r.seq for r in action[2]]
            self.known[action[1]] = self.seqs[-1]
            more = self.sync.committed(action[1], self.seqs[-1])
        return more

    def push(self, count: int = 1) -> None:
        """The box writes `count` records and pushes each."""
        for _ in range(count):
            self.box.newest += 1
            message = self.link.push(self.box.flash(self.box.newest))
            if self.arrives():
                self.run(self.sync.receive(message))

    def told(self, name: str) -> list[tuple[Any, ...]]:
        return [a for a in self.log if a[0] == name]

    def asked(self, kind: int) -> list[m.Message]:
        sent = [m.decode(a[1]) for a in self.log if a[0] == "send"]
        return [message for message in sent if message.kind == kind]

    def kinds(self) -> list[int]:
        return [m.decode(a[1]).kind for a in self.log if a[0] == "send"]


def sent(actions: list[Action]) -> bytes:
    """The message of the one action there is."""
    ((name, message),) = [tuple(a) for a in actions]
    assert name == "send"
    assert isinstance(message, bytes)
    return message
