"""The fields PDUs are made of: addresses, time stamps, validity (3GPP TS 23.040 §9.1.2, §9.2.3).

Knows: how each is laid out in octets. `Reader` walks a PDU and says what was missing.
May not know: which PDU they are part of.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gateway.modem import gsm7
from gateway.modem.text import PduError

INTERNATIONAL = 0x91
UNKNOWN_NUMBER = 0x81
ALPHANUMERIC = 0xD0
TYPE_MASK = 0x70
MAX_DIGITS = 20
FIRST_YEAR_OF_1900S = 90
_DIGITS = "0123456789*#abc"

_FIVE_MINUTES_TO, _HALF_HOURS_TO, _DAYS_TO = 143, 167, 196
MAX_VALIDITY_MIN = (255 - 192) * 7 * 24 * 60


def encode_address(number: str) -> bytes:
    """Length in digits, type, digits; `+…` is international. Raises PduError."""
    kind = INTERNATIONAL if number.startswith("+") else UNKNOWN_NUMBER
    digits = number.removeprefix("+")
    if not digits or len(digits) > MAX_DIGITS or any(d not in _DIGITS for d in digits):
        raise PduError(f"{number!r} is no telephone number; give digits, + first if international")
    nibbles = [_DIGITS.index(digit) for digit in digits] + [0xF] * (len(digits) % 2)
    pairs = zip(nibbles[::2], nibbles[1::2], strict=True)
    return bytes([len(digits), kind]) + bytes(low | high << 4 for low, high in pairs)


def encode_timestamp(at_ms: int, offset_quarters: int) -> bytes:
    """Seven octets of swapped digits in the zone `offset_quarters` (quarter hours) from UTC."""
    local = datetime.fromtimestamp(at_ms // 1000, UTC) + timedelta(minutes=15 * offset_quarters)
    values = (local.year % 100, local.month, local.day, local.hour, local.minute, local.second)
    sign = 0x08 if offset_quarters < 0 else 0
    return bytes([*map(_swapped, values), _swapped(abs(offset_quarters)) | sign])


def encode_validity_min(minutes: int) -> int:
    """The shortest relative validity (one octet) that is not below `minutes`."""
    if not 0 < minutes <= MAX_VALIDITY_MIN:
        raise PduError(f"validity of {minutes} minutes; 1 to {MAX_VALIDITY_MIN} are possible")
    if minutes <= 12 * 60:
        return _up(minutes, 5) - 1
    if minutes <= 24 * 60:
        return _FIVE_MINUTES_TO + _up(minutes - 12 * 60, 30)
    if minutes <= 30 * 24 * 60:
        return 166 + max(2, _up(minutes, 24 * 60))
    return 192 + max(5, _up(minutes, 7 * 24 * 60))


def decode_validity_min(octet: int) -> int:
    """Minutes of a relative validity."""
    if octet <= _FIVE_MINUTES_TO:
        return (octet + 1) * 5
    if octet <= _HALF_HOURS_TO:
        return 12 * 60 + (octet - _FIVE_MINUTES_TO) * 30
    if octet <= _DAYS_TO:
        return (octet - 166) * 24 * 60
    return (octet - 192) * 7 * 24 * 60


class Reader:
    """A walk through the octets of one PDU. Every method raises PduError at the end of them."""

    def __init__(self, data: bytes) -> None:
        """Begin at the first octet."""
        self._data = data
        self._place = 0

    @property
    def left(self) -> int:
        """Octets not yet taken."""
        return len(self._data) - self._place

    def take(self, count: int, what: str) -> bytes:
        """The next `count` octets."""
        if count > self.left:
            raise PduError(f"the PDU ends inside its {what}")
        self._place += count
        return self._data[self._place - count : self._place]

    def octet(self, what: str) -> int:
        """The next octet."""
        return self.take(1, what)[0]

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(self.left, "user data")

    def address(self) -> str:
        """A number (`+…` if international) or, for a sender with a name, that name."""
        length = self.octet("address length")
        kind = self.octet("address type")
        if length > MAX_DIGITS + 2:
            raise PduError(f"an address of {length} digits; at most {MAX_DIGITS} are possible")
        octets = self.take((length + 1) // 2, "address")
        if kind & TYPE_MASK == ALPHANUMERIC & TYPE_MASK:
            return gsm7.decode(gsm7.unpack(octets, length * 4 // 7))
        nibbles = [n for octet in octets for n in (octet & 0xF, octet >> 4)][:length]
        if any(n >= len(_DIGITS) for n in nibbles):
            raise PduError("an address holds a filler inside its digits")
        plus = "+" if kind & TYPE_MASK == INTERNATIONAL & TYPE_MASK else ""
        return plus + "".join(_DIGITS[n] for n in nibbles)

    def timestamp(self) -> int:
        """UTC ms since 1970."""
        octets = self.take(7, "time stamp")
        year, month, day, hour, minute, second = (_unswapped(o) for o in octets[:6])
        quarters = _unswapped(octets[6] & ~0x08)
        offset = timedelta(minutes=15 * (-quarters if octets[6] & 0x08 else quarters))
        century = 1900 if year >= FIRST_YEAR_OF_1900S else 2000
        try:
            local = datetime(century + year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError as error:
            raise PduError(f"the time stamp {octets.hex()} is no time: {error}") from error
        return int((local - offset).timestamp()) * 1000


def _up(value: int, step: int) -> int:
    """`value` in steps, rounded up."""
    return -(-value // step)


def _swapped(value: int) -> int:
    """Two decimal digits, the low one in the high nibble."""
    return value // 10 | value % 10 << 4


def _unswapped(octet: int) -> int:
    """Two decimal digits; raises PduError where a nibble is no digit."""
    low, high = octet >> 4, octet & 0xF
    if max(low, high) >= len("0123456789"):
        raise PduError(f"0x{octet:02x} holds no two decimal digits")
    return high * 10 + low
