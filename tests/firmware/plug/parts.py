"""The real main of the care plug on a flash image: its board, its radio and time are stand-ins.

Knows: both lives, what they ask of board and radio. Runs under MicroPython.
May not know: what is plugged in, what the plug should do.
"""

import sys

import vfs

from tests.firmware.power.nor import Nor

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from typing import Any


class Store:
    """An NVS whose values outlive a board; `changed()` is told of every write."""

    def __init__(self, values: "dict[str, int | bytes]") -> None:
        self.values = values
        self.broken = False

    def get_i32(self, key: str) -> int:
        value = self.values.get(key)
        if not isinstance(value, int):
            raise OSError(-0x1102, "not found")
        return value

    def get_blob(self, key: str, buffer: bytearray) -> int:
        value = self.values.get(key)
        if not isinstance(value, bytes):
            raise OSError(-0x1102, "not found")
        buffer[: len(value)] = value
        return len(value)

    def set_i32(self, key: str, value: int) -> None:
        if self.broken:
            raise OSError(5, "flash")
        self.values[key] = value

    def commit(self) -> None:
        if self.broken:
            raise OSError(5, "flash")


def provisioned() -> "dict[str, int | bytes]":
    """What a technician writes."""
    return {
        "device_id": b"AB-000002",
        "device_key": bytes(range(16)),
        "bthome_key": bytes(range(16, 32)),
        "bthome_count": 0,
    }


class Guard:
    """A driver's."""

    faulty = False


class Meter:
    """Tells what is plugged in, once a look; `watts` None: it says nothing."""

    def __init__(self) -> None:
        self.guard = Guard()
        self.watts: "int | None" = 0
        self._reading = [0, 0, 0, 0, 7]

    def poll(self, now_ms: int) -> "list[int] | None":
        if self.watts is None:
            return None
        reading = self._reading
        reading[0], reading[1], reading[2] = 230_000, self.watts * 1000 // 230, self.watts * 1000
        return reading


class Light:
    """Tells how bright it is, at every second call."""

    def __init__(self) -> None:
        self.guard = Guard()
        self.lux = 0
        self._ready = False

    def read(self, now_ms: int) -> "int | None":
        self._ready = not self._ready
        return self.lux * 100 if self._ready else None


class Board:
    """What main asks of board.Board."""

    nor: "Nor | None" = None
    most_w = 4400
    has_button = True
    has_meter = True

    def __init__(self, values: "dict[str, int | bytes]", reset_cause: int = 1) -> None:
        self.store = Store(values)
        self.meter: "Meter | None" = Meter()
        self.light: "Light | None" = Light()
        self.reset_cause = reset_cause
        self.down = False
        self.lit = False
        self.dead_chips = 0

    def power_on(self) -> bool:
        return self.reset_cause == 1

    def faults(self) -> int:
        return self.dead_chips

    def pressed(self) -> bool:
        return self.down

    def led(self, lit: bool) -> None:
        self.lit = lit

    def nvs(self, namespace: str) -> Store:
        return self.store

    def log_partition(self) -> "Nor | None":
        return self.nor

    def ble(self) -> None:
        return None

    def reset(self) -> None:
        raise SystemExit("asked for")


class Radio:
    """What main asks of edge.radio.Radio; keeps what was pushed."""

    def __init__(
        self, ble: object, key: bytes, device_id: str, hello: bytes, about: "tuple[str, ...]"
    ) -> None:
        self.hello = hello
        self.about = about
        self.pushed: list[bytes] = []
        self.advertised = -1
        self.began: "Any" = None

    def flags(self, flags: int) -> None:
        self.advertised = flags

    def on_message(self, handler: object) -> None:
        """Nobody calls: a test speaks to the link."""

    def on_session(self, handler: object) -> None:
        self.began = handler

    def push(self, message: bytes) -> None:
        self.pushed.append(message)


class _Module:
    """Stands in sys.modules where the real one would ask for chips."""

    Board = Board
    Radio = Radio


class Ticks:
    """The chip's ticks, moved by the test."""

    now_ms = 0


def careplug(nor: Nor, board: Board) -> "Any":  # noqa: ANN401 - living is typed elsewhere
    """A running Careplug whose log partition is `nor`; on an older image it is a restart."""
    wish = _started(nor, board)
    from living import Careplug  # noqa: PLC0415 - after its neighbours were replaced

    wish.taken(board.power_on())
    return Careplug(board, wish)


def updating(nor: Nor, board: Board) -> "Any":  # noqa: ANN401 - updating is typed elsewhere
    """The same in its other life; the start must be for that."""
    wish = _started(nor, board)
    from updating import Updating  # noqa: PLC0415 - after its neighbours were replaced

    assert wish.taken(board.power_on())
    return Updating(board, wish)


def _started(nor: Nor, board: Board) -> "Any":  # noqa: ANN401 - of a module not loaded yet
    for name in ("board", "anbu_device.edge.radio"):
        sys.modules[name] = _Module  # type: ignore[assignment]
    from anbu_device import device  # noqa: PLC0415 - after its neighbours were replaced
    from careplug.wish import Wish  # noqa: PLC0415 - same

    device.ticks_ms = lambda: Ticks.now_ms
    Ticks.now_ms = 0
    try:
        vfs.umount("/log")
    except OSError:
        board.nor = None  # nothing was mounted yet
    board.nor = nor
    return Wish(board.store)


def passes(plug: "Any", seconds: int) -> None:  # noqa: ANN401 - main's
    """So many looks, one a second."""
    for _ in range(seconds):
        Ticks.now_ms = (Ticks.now_ms + 1000) & 0x3FFFFFFF
        plug.look_now()


def records_of(plug: "Any") -> "list[Any]":  # noqa: ANN401 - main's
    """Every record in its log."""
    from anbu_wire.messages import decode_records  # noqa: PLC0415 - with main

    journal = plug.log.journal
    return decode_records(b"".join(plug.log.records(journal.oldest_seq, journal.newest_seq)))
