"""The real main of the pill box on a flash image: its board and its radio are stand-ins.

Knows: main.Pillbox, what it asks of board and radio. Runs under MicroPython.
May not know: how full the log is, what the box should do.
"""

import sys

from tests.firmware.power.nor import Nor


class _Part:
    """A chip that is well and says little."""

    def __init__(self) -> None:
        self.played: list[tuple[int, int]] = []
        self.values: dict[str, int] = {}

    def read(self) -> "tuple[int, bool]":
        return 0, True  # the clock chip lost power

    def write(self, wall_s: int) -> None:
        self.values["wall_s"] = wall_s

    def percent(self) -> int:
        return 100

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

    def get_blob(self, key: str, buffer: bytearray) -> int:
        blob = b"box-0001" if key == "device_id" else bytes(range(16))
        buffer[: len(blob)] = blob
        return len(blob)


class Board:
    """What main asks of board.Board."""

    nor: "Nor | None" = None
    reset_cause = 1

    def __init__(self) -> None:
        self.rtc = self.gauge = self.sound = self._nvs = _Part()
        self.shown = b""
        self.open_lids = 0

    def lids(self) -> int:
        return self.open_lids

    def buttons(self) -> "tuple[bool, bool]":
        return False, False

    def mains(self) -> bool:
        return True

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

    def __init__(self, ble: object, key: bytes, device_id: str, hello: bytes) -> None:
        self.pushed: list[bytes] = []

    def on_message(self, handler: object) -> None:
        """Nobody calls."""

    def on_session(self, handler: object) -> None:
        """Nobody calls."""

    def push(self, message: bytes) -> None:
        self.pushed.append(message)


class _Module:
    """Stands in sys.modules where the real one would ask for chips."""

    Board = Board
    Radio = Radio


class Ticks:
    """The chip's ticks, moved by the test."""

    now_ms = 0


def pillbox(nor: Nor):  # type: ignore[no-untyped-def]  # noqa: ANN201 - main is typed elsewhere
    """A running main.Pillbox whose log partition is `nor`."""
    sys.modules["board"] = sys.modules["anbu_device.edge.radio"] = _Module  # type: ignore[assignment]
    import main  # noqa: PLC0415 - after its neighbours were replaced

    main.ticks_ms = lambda: Ticks.now_ms  # type: ignore[attr-defined]
    Board.nor = nor
    return main.Pillbox(Board())  # type: ignore[arg-type]
