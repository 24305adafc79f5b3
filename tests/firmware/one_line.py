"""A UART whose other end is the test, and what a meter says of a frame on it."""

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_device.edge.meter import Meter


class Line:
    """What comes is put into `coming`, what the driver wrote stands in `sent`."""

    def __init__(self) -> None:
        self.coming = bytearray()
        self.sent: list[bytes] = []

    def readinto(self, buf: bytearray) -> "int | None":
        size = min(len(buf), len(self.coming))
        buf[:size] = self.coming[:size]
        self.coming = self.coming[size:]
        return size or None

    def write(self, buf: "bytes | bytearray") -> int:
        self.sent.append(bytes(buf))
        return len(buf)


def heard(meter: "Meter", line: Line, data: "bytes | bytearray", now_ms: int) -> "list[int]":
    """What the meter says when these bytes have come, copied; [] where nothing."""
    line.coming.extend(data)
    reading = meter.poll(now_ms)
    return [] if reading is None else list(reading)
