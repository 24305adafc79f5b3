"""The two light sensors: commands, ranges and values by their data sheets, and a missing chip."""

from anbu_device.edge.bh1750 import Bh1750
from anbu_device.edge.veml7700 import Veml7700, straightened

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_device.edge.light import Light


class Bus:
    """Says what the test put into `answers`; writes are kept. Dead, it does not acknowledge."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.answers: list[bytes] = []
        self.dead = False

    def writeto(self, address: int, buffer: "bytes | bytearray") -> None:
        self._alive()
        self.written.append(bytes([address]) + bytes(buffer))

    def readfrom_into(self, address: int, buffer: bytearray) -> None:
        self._alive()
        buffer[:] = self.answers.pop(0)

    def writeto_mem(self, address: int, register: int, buffer: "bytes | bytearray") -> None:
        self.writeto(address, bytes([register]) + bytes(buffer))

    def readfrom_mem_into(self, address: int, register: int, buffer: bytearray) -> None:
        self.writeto(address, bytes([register]))
        self.readfrom_into(address, buffer)

    def _alive(self) -> None:
        if self.dead:
            raise OSError(19)


def first(sensor: "Light", now_ms: int) -> "tuple[int, int]":
    """Looks every 10 ms: (ms since the start, lux × 100) of the first value; (-1, -1): none."""
    for after_ms in range(0, 1600, 10):
        lux_centi = sensor.read(now_ms + after_ms)
        if lux_centi is not None:
            return after_ms, lux_centi
    return -1, -1


def near(value: int, expected: float) -> bool:
    """Within a thousandth, or one unit."""
    return abs(value - expected) <= expected / 1000 + 1


def test_bh1750_coarse_then_fine() -> None:
    """Power on, MTreg 31, once low; below 7,000 lx MTreg 254, once high 2; power on for each.

    lux = raw / 1.2 · 69 / MTreg, half of it in the second high mode. Nothing is read too early:
    24 ms and 180 ms at the most, times MTreg / 69.
    """
    bus = Bus()
    bus.answers = [b"\x00\x44", b"\x45\x00"]
    sensor = Bh1750(bus)
    after_ms, lux_centi = first(sensor, 0x3FFFFFFF - 300)
    assert bus.written[:8] == [
        b"\x23" + bytes([command])
        for command in (0x01, 0x40, 0x60 | 31, 0x23, 0x01, 0x40 | 254 >> 5, 0x60 | 254 & 31, 0x21)
    ]
    assert after_ms >= 11 + 663
    assert near(lux_centi, 0x4500 * 100 / 1.2 * 69 / 254 / 2), lux_centi


def test_bh1750_stays_coarse_in_bright_light() -> None:
    """From 7,000 lx on the coarse value is the value; up to 121,000 lx fit in it."""
    for raw, lux in ((0x0EEC, 7090), (0xFFFF, 121_556)):
        bus = Bus()
        bus.answers = [raw.to_bytes(2, "big")]
        _after_ms, lux_centi = first(Bh1750(bus, 0x5C), 0)
        assert abs(lux_centi - lux * 100) < lux, lux_centi
        assert bus.written[0] == b"\x5c\x01"


def test_a_fine_range_that_is_full_is_no_value() -> None:
    """Somebody switched a lamp on in between: measured anew from the coarse range on."""
    bus = Bus()
    bus.answers = [b"\x00\x44", b"\xff\xff", b"\x20\x00"]
    _after_ms, lux_centi = first(Bh1750(bus), 0)
    assert near(lux_centi, 0x2000 * 100 / 1.2 * 69 / 31), lux_centi


def test_veml7700_ranges() -> None:
    """Gain 1/8 and 25 ms first, then what holds; every measurement ends with shut down.

    The data sheet's lux a count: 0.0672 at gain 1 and 100 ms, in proportion to gain and time.
    """
    for coarse, configuration, lux_a_count in (
        (20, b"\x80\x08", 0.0672 / 2 / 4),
        (1000, b"\x00\x00", 0.0672),
        (5000, b"\x00\x10", 0.0672 * 8),
    ):
        bus = Bus()
        bus.answers = [coarse.to_bytes(2, "little"), b"\x10\x27"]
        _after_ms, lux_centi = first(Veml7700(bus), 0)
        assert bus.written[:6] == [
            b"\x10\x00\x00\x13", b"\x10\x04", b"\x10\x00\x01\x00",
            b"\x10\x00" + configuration, b"\x10\x04", b"\x10\x00\x01\x00",
        ]  # fmt: skip
        assert near(lux_centi, note(10000 * lux_a_count) * 100), lux_centi


def note(lux: float) -> float:
    """The polynomial of Vishay 84323."""
    return 6.0135e-13 * lux**4 - 9.3924e-9 * lux**3 + 8.1488e-5 * lux**2 + 1.0023 * lux


def test_veml7700s_bend_is_taken_out() -> None:
    """Within a thousandth of the note's polynomial up to its end, rising, and never beyond it."""
    for lux in (0, 1, 10, 99, 1000, 5000, 9999, 15000, 22000, 23000):
        assert near(straightened(lux * 100), note(lux) * 100), (lux, straightened(lux * 100))
    before = -1
    for lux_centi in range(0, 2_300_000, 977):
        assert straightened(lux_centi) >= before
        before = straightened(lux_centi)
    assert straightened(14_000_000) == straightened(2_300_000)


def test_a_missing_light_sensor_is_tried_again() -> None:
    """Faulty at once; tried after 1, 4 and 16 s, then once a minute; healed by a whole value."""
    bus = Bus()
    bus.dead = True
    sensor = Bh1750(bus)
    tried = []

    def writeto(address: int, buffer: "bytes | bytearray") -> None:
        tried.append(now_ms)
        raise OSError(19)

    bus.writeto = writeto  # type: ignore[method-assign]
    for now_ms in range(0, 200_000, 50):
        assert sensor.read(now_ms) is None
    assert tried[:6] == [0, 1000, 5000, 21000, 81000, 141000], tried
    healthy = Bus()
    healthy.answers = [b"\x20\x00"]
    sensor._bus = healthy
    sensor.read(300_000)
    assert sensor.guard.faulty, "an acknowledged command is no value yet"
    assert sensor.read(300_020) is not None
    assert not sensor.guard.faulty


def test_after_a_failed_reading_it_is_measured_anew() -> None:
    """What stands in a chip that was away is not read: it is switched on and started again."""
    for make in (Bh1750, Veml7700):
        bus = Bus()
        sensor = make(bus)
        sensor.read(0)
        bus.dead = True
        assert sensor.read(100) is None
        assert sensor.guard.faulty
        bus.dead = False
        before = list(bus.written)
        bus.written.clear()
        assert sensor.read(1100) is None
        assert bus.written == before
