"""The real main of the pill box on a flash image: its board and its radio are stand-ins.

Knows: main.Pillbox, what it asks of board and radio. Runs under MicroPython.
May not know: how full the log is, what the box should do.
"""

import sys

from tests.firmware.power.nor import Nor

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from typing import Any


class _Part:
    """A chip that is well and says little. `wall_s`: of a clock chip, None = it lost power."""

    def __init__(self, wall_s: "int | None" = None) -> None:
        self.wall_s = wall_s
        self.touches = 0
        self.cell_mv = 4100
        self.played: list[tuple[int, int]] = []
        self.values: dict[str, int] = {}
        self.blobs = {"device_id": b"box-0001", "device_key": bytes(range(16))}

    def read(self) -> "tuple[int, bool]":
        return self.wall_s or 0, self.wall_s is None

    def write(self, wall_s: int) -> bool:
        self.wall_s = wall_s
        return True

    def percent(self) -> int:
        return 100

    def millivolts(self) -> int:
        return self.cell_mv

    def bit(self, pin: object) -> int:
        return 4 if pin == "ok" else 8 if pin == "help" else 0

    def touched(self) -> int:
        touches, self.touches = self.touches, 0
        return touches

    def blind(self) -> int:
        return 0

    def told(self, mask: int) -> None:
        self.values["told"] = mask

    def play(self, frequency_hz: int, loudness: int) -> None:
        self.played.append((frequency_hz, loudness))

    def stop(self) -> None:
        self.played.append((0, 0))

    def get_i32(self, key: str) -> int:
        if key not in self.values:
            raise OSError(0x1102, "no such key")
        return self.values[key]

    def set_i32(self, key: str, value: int) -> None:
        self.values[key] = value

    def commit(self) -> None:
        self.values["committed"] = 1

    def set_blob(self, key: str, value: bytes) -> None:
        self.blobs[key] = value

    def get_blob(self, key: str, buffer: bytearray) -> int:
        if key not in self.blobs:
            raise OSError(0x1102, "no such key")
        blob = self.blobs[key]
        buffer[: len(blob)] = blob
        return len(blob)


class Board:
    """What main asks of board.Board."""

    nor: "Nor | None" = None
    reset_cause = 1

    def __init__(self) -> None:
        self.rtc = _Part()
        self.gauge = self.sound = self._nvs = self.wakes = self.lid_chips = _Part()
        self.shown = b""
        self.open_lids = 0
        self.plugged_in = True
        self.pressed = (False, False)
        self.dead_chips = 0

    def moved_while_off(self) -> int:
        return 0

    def faults(self) -> int:
        return self.dead_chips

    def tilted(self) -> bool:
        return False

    def brown_out(self) -> bool:
        return False

    def lids(self) -> int:
        return self.open_lids

    def buttons(self) -> "tuple[bool, bool]":
        return self.pressed

    def mains(self) -> bool:
        return self.plugged_in

    def show_lights(self, buffer: bytes) -> None:
        self.shown = bytes(buffer)

    def light(self, compartment: int) -> bytes:
        """The colour a lid shows."""
        return self.shown[3 * compartment : 3 * compartment + 3]

    def log_partition(self) -> "Nor | None":
        return self.nor

    def nvs(self, namespace: str) -> _Part:
        return self._nvs

    def ble(self) -> None:
        return None


class Radio:
    """What main asks of edge.radio.Radio; keeps what was pushed."""

    def __init__(
        self, ble: object, key: bytes, device_id: str, hello: bytes, about: "tuple[str, ...]"
    ) -> None:
        self.pushed: list[bytes] = []
        self.advertised = 0

    def on_progress(self, handler: object) -> None:
        """Nobody calls."""

    def flags(self, flags: int) -> None:
        self.advertised = flags

    def battery(self, percent: int) -> None:
        """Nobody reads it."""

    def on_message(self, handler: object) -> None:
        """Nobody calls."""

    def on_session(self, handler: object) -> None:
        """Nobody calls."""

    def push(self, message: bytes) -> None:
        self.pushed.append(message)


class Rest:
    """What main asks of esp.sleep.Rest."""

    def __init__(self, board: object, radio: object, policy: object, host: object) -> None:
        """It never rests here."""


class _Module:
    """Stands in sys.modules where the real one would ask for chips."""

    Board = Board
    Radio = Radio
    Rest = Rest


class Ticks:
    """The chip's ticks, moved by the test."""

    now_ms = 0


def pillbox(nor: Nor, board: "Board | None" = None) -> "Any":  # noqa: ANN401 - main is typed elsewhere
    """A running main.Pillbox whose log partition is `nor`; on the same board it is a restart."""
    for name in ("board", "anbu_device.edge.radio", "anbu_device.esp.sleep"):
        sys.modules[name] = _Module  # type: ignore[assignment]
    import main  # noqa: PLC0415 - same
    from anbu_device import device  # noqa: PLC0415 - after its neighbours were replaced

    device.ticks_ms = lambda: Ticks.now_ms  # type: ignore[attr-defined]  # what it imported
    Board.nor = nor
    return main.Pillbox(board or Board())  # type: ignore[arg-type]
