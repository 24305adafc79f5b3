"""The box behind the loader: its log, its link, the real updater; and a gateway that sends to it.

Knows: Logbook, DeviceLink, Updater, the messages. Runs under MicroPython.
May not know: cuts, what a test expects.
"""

from binascii import crc32

import vfs

import anbu_slots as slots
from anbu_device.core.clock import DeviceClock
from anbu_device.core.link import DeviceLink
from anbu_device.core.update_rules import Facts, not_now
from anbu_device.edge.disk import Disk
from anbu_device.edge.logbook import Logbook
from anbu_device.esp.update import Updater
from anbu_wire import bundle as b
from anbu_wire import messages as m
from tests.firmware.update.world import NVS, Partition, Restart

BOARD = b"testbox"
QUIET_S = 830_000_000
CHUNK_BYTES = 192
_FOLDER = 0x4000  # of ilistdir


class Box:
    """What main is to the updater. Facts may be changed by a test."""

    def __init__(self) -> None:
        part = Partition.find(Partition.TYPE_DATA, label="log")[0]
        self.log = Logbook(Disk(part, "/log"), DeviceClock(0, 0), 1)
        self.values: "list[int]" = []  # of the records found at start
        self.log.read_in(lambda record: self.values.append(record.value))
        self.facts = (QUIET_S, [], False, 90, True)
        self.well = (True, True, True)
        self.dead_chips = 0
        self.told: "list[int]" = []
        self.updater = Updater(BOARD, self)
        self.link = DeviceLink(self)
        self.uptime_ms = 0

    # what the link and the updater ask

    def state(self) -> "tuple[int, ...]":
        return (0,) * 10

    def update(self, kind: int, fields: "dict[str, int]", tail: bytes) -> "tuple[int, ...]":
        return self.updater.answer(kind, fields, tail)

    def update_facts(self) -> "tuple[int, list[int], bool, int, bool]":
        return self.facts

    def quiet(self) -> bool:
        return not not_now(Facts(*self.facts))

    def health(self) -> "tuple[bool, bool, bool]":
        return self.well

    def faults(self) -> int:
        return self.dead_chips

    def update_told(self, value: int) -> None:
        self.told.append(value)
        self.log.append(m.UPDATE_RESULT, value=value)

    def restart(self) -> None:
        raise Restart("asked for")

    # what a test does

    def note(self, value: int) -> None:
        """One record, flushed on return."""
        if not self.log.append(m.BATTERY, value=value):
            raise ValueError("the log took no record")

    def pass_time(self, seconds: int) -> None:
        for _ in range(seconds):
            self.uptime_ms += 1000
            self.updater.look(self.uptime_ms)

    def say(self, kind: int, *values: int, tail: bytes = b"") -> "dict[str, int]":
        """One message of the gateway; the fields of the UPDATE_STATE that answers it."""
        (answer,) = self.link.receive(m.encode(kind, 7, *values, tail=tail))
        message = m.decode(answer)
        if message.kind != m.UPDATE_STATE:
            raise ValueError("no UPDATE_STATE")
        return message.fields

    def begin(self, data: bytes, version: int = 0, size: int = 0) -> "dict[str, int]":
        told = version or int.from_bytes(data[8:12], "little")
        return self.say(m.UPDATE_BEGIN, told, size or len(data), crc32(data))

    def send(self, data: bytes, from_offset: int, to_offset: int = -1) -> "dict[str, int]":
        """Chunks from there on, as long as the device takes them."""
        end = len(data) if to_offset < 0 else to_offset
        state = {"reason": 0, "state": b.RECEIVING, "next_offset": from_offset}
        while state["next_offset"] < end and not state["reason"]:
            at = state["next_offset"]
            tail = data[at : min(end, at + CHUNK_BYTES)]
            state = self.say(m.UPDATE_CHUNK, at, tail=tail)
        return state

    def give(self, data: bytes) -> "dict[str, int]":
        """A whole bundle, from where the device wants it."""
        state = self.begin(data)
        if state["reason"] or state["state"] != b.RECEIVING:
            return state
        state = self.send(data, state["next_offset"])
        return state if state["reason"] else self.say(m.UPDATE_FINISH)


def record() -> "slots.Record | None":
    """The slots' record as it stands in the NVS."""
    return slots.load(NVS(slots.NAMESPACE))


def slot_files(label: str) -> "dict[str, bytes]":
    """Everything in a slot, read from a copy of its flash; {} where it does not mount."""
    part = Partition.find(Partition.TYPE_DATA, label=label)[0]
    part.image = bytearray(part.image)
    try:
        return _files(vfs.VfsLfs2(part, progsize=256, readsize=32), "")
    except OSError:
        return {}


def _files(store: "vfs.VfsLfs2", folder: str) -> "dict[str, bytes]":
    files = {}
    for entry in store.ilistdir("/" + folder):
        name = folder + entry[0]
        if entry[1] == _FOLDER:
            files.update(_files(store, name + "/"))
        else:
            with store.open("/" + name, "rb") as file:
                files[name] = file.read()
    return files
