"""The text inside a PDU: choice of alphabet, parts, user data with its header (23.040 §9.2.3.24).

Knows: GSM-7 and UCS-2, how a long text becomes parts (153 septets, 67 units) and one again.
May not know: addresses, PDU kinds, the order in which parts arrive.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gateway.modem import gsm7

GSM7 = "gsm7"
UCS2 = "ucs2"
DATA = "data"
KSC5601 = "ksc5601"
DCS = {GSM7: 0x00, UCS2: 0x08, DATA: 0x04, KSC5601: 0x84}
"""0x84 lies in a reserved group; Korean networks use it for KS C 5601 (two octets a syllable), as
every Android telephone knows. It is read, and never written by the gateway."""

WHOLE_UNITS = {GSM7: 160, UCS2: 70}
PART_UNITS = {GSM7: 153, UCS2: 67}
MAX_PARTS = 255
MAX_USER_DATA_OCTETS = 140

_SURROGATE = re.compile("[\ud800-\udfff]")
_CODING_GROUP_MESSAGE_CLASS = 0xF0
_CODING_GROUP_WAITING_UCS2 = 0xE0
_CODING_GROUP_RESERVED = 0x80

CONCAT_8 = 0x00
CONCAT_16 = 0x08


class PduError(ValueError):
    """These bytes are no PDU we can read, or this text none we can write."""


@dataclass(frozen=True, slots=True)
class Concat:
    """Place of a part: the `number`th (from 1) of `total` of the text with `reference`."""

    reference: int
    total: int
    number: int


@dataclass(frozen=True, slots=True)
class Part:
    """The text of one PDU.

    It may hold half a surrogate pair if the sender cut there: `join` heals it.
    """

    text: str
    alphabet: str
    concat: Concat | None = None


def alphabet_of(body: str) -> str:
    """GSM-7 where every character fits, else UCS-2."""
    return GSM7 if gsm7.fits(body) else UCS2


def units_of(char: str, alphabet: str) -> int:
    """Septets (GSM-7) or UTF-16 units (UCS-2) of one character."""
    if alphabet == GSM7:
        return len(gsm7.encode(char))
    return len(char.encode("utf-16-be")) // 2


def split(body: str, reference: int) -> list[Part]:
    """The parts of a text; `reference` (0–255) marks those of one text. No character is ever cut.

    Raises PduError for a text of more than 255 parts or with half a surrogate pair.
    """
    if _SURROGATE.search(body):
        raise PduError("the text holds half a surrogate pair; give whole characters")
    alphabet = alphabet_of(body)
    if sum(units_of(char, alphabet) for char in body) <= WHOLE_UNITS[alphabet]:
        return [Part(body, alphabet)]
    pieces = list(_pieces(body, alphabet))
    if len(pieces) > MAX_PARTS:
        raise PduError(f"the text needs {len(pieces)} parts; at most {MAX_PARTS} can be marked")
    total = len(pieces)
    return [
        Part(piece, alphabet, Concat(reference, total, number))
        for number, piece in enumerate(pieces, 1)
    ]


def join(parts: Iterable[str]) -> str:
    """One text of parts in order; a surrogate pair cut between two of them is whole again."""
    raw = "".join(parts).encode("utf-16-be", "surrogatepass")
    return raw.decode("utf-16-be", "replace")


def encode_user_data(part: Part) -> tuple[int, int, bytes]:
    """(data coding scheme, user data length, user data with header)."""
    header = b""
    if part.concat is not None:
        header = bytes([5, CONCAT_8, 3, part.concat.reference, part.concat.total])
        header += bytes([part.concat.number])
    if part.alphabet == GSM7:
        septets = gsm7.encode(part.text)
        fill = -len(header) * 8 % 7
        length = (len(header) * 8 + fill) // 7 + len(septets)
        user_data = header + gsm7.pack(septets, fill)
    else:
        user_data = header + _raw(part)
        length = len(user_data)
    if len(user_data) > MAX_USER_DATA_OCTETS:
        raise PduError(f"{len(user_data)} octets of text in one PDU; split it first")
    return DCS[part.alphabet], length, user_data


def decode_user_data(dcs: int, length: int, data: bytes, *, has_header: bool) -> Part:
    """The part in these octets. Raises PduError."""
    alphabet = _alphabet_of_dcs(dcs)
    octets = (length * 7 + 7) // 8 if alphabet == GSM7 else length
    if octets != len(data) or octets > MAX_USER_DATA_OCTETS:
        raise PduError(f"user data of {len(data)} octets where {octets} were announced")
    concat, header_octets = _header(data) if has_header else (None, 0)
    if alphabet == GSM7:
        fill = -header_octets * 8 % 7
        count = length - (header_octets * 8 + fill) // 7
        if count < 0:
            raise PduError("the header is longer than the text")
        return Part(gsm7.decode(gsm7.unpack(data[header_octets:], count, fill)), GSM7, concat)
    body = data[header_octets:]
    if alphabet == DATA:
        return Part(body.decode("latin-1"), DATA, concat)
    if alphabet == KSC5601:
        return Part(body.decode("cp949", "replace"), KSC5601, concat)
    if len(body) % 2:
        raise PduError("an odd number of octets is no UCS-2 text")
    return Part(body.decode("utf-16-be", "surrogatepass"), UCS2, concat)


def _raw(part: Part) -> bytes:
    if part.alphabet == DATA:
        return part.text.encode("latin-1")
    if part.alphabet == KSC5601:
        return part.text.encode("cp949")
    return part.text.encode("utf-16-be", "surrogatepass")


def _pieces(body: str, alphabet: str) -> Iterator[str]:
    """As much as fits in each part, whole characters only."""
    piece: list[str] = []
    used = 0
    for char in body:
        units = units_of(char, alphabet)
        if used + units > PART_UNITS[alphabet]:
            yield "".join(piece)
            piece, used = [], 0
        piece.append(char)
        used += units
    yield "".join(piece)


def _alphabet_of_dcs(dcs: int) -> str:
    """The alphabet a data coding scheme names (23.038 §4). Raises PduError where compressed."""
    if dcs == DCS[KSC5601]:
        return KSC5601
    if dcs >= _CODING_GROUP_MESSAGE_CLASS:
        return DATA if dcs & 0x04 else GSM7
    if dcs >= _CODING_GROUP_WAITING_UCS2:
        return UCS2
    if dcs >= _CODING_GROUP_RESERVED:
        return GSM7
    if dcs & 0x20:
        raise PduError(f"data coding 0x{dcs:02x}: compressed texts are not read")
    return {0: GSM7, 1: DATA, 2: UCS2, 3: GSM7}[dcs >> 2 & 3]


def _header(data: bytes) -> tuple[Concat | None, int]:
    """(place among parts if the header has one, octets of the header with its length)."""
    if not data or data[0] + 1 > len(data):
        raise PduError("the user data header is longer than the user data")
    end = data[0] + 1
    concat: Concat | None = None
    place = 1
    while place + 2 <= end:
        kind, size = data[place], data[place + 1]
        value = data[place + 2 : place + 2 + size]
        if place + 2 + size > end:
            raise PduError("an element of the user data header runs over its end")
        concat = _concat(kind, value) or concat
        place += 2 + size
    return concat, end


def _concat(kind: int, value: bytes) -> Concat | None:
    """The place among parts; None for another element or one that must be ignored (§9.2.3.24.1)."""
    if (kind, len(value)) not in {(CONCAT_8, 3), (CONCAT_16, 4)}:
        return None
    total, number = value[-2], value[-1]
    if not 1 <= number <= total:
        return None
    return Concat(int.from_bytes(value[:-2], "big"), total, number)
