"""The code of a plate: its number, signed, so that nobody can make up another one's.

Knows: the alphabet of codes, a keyed hash (BLAKE2b of `hashlib`). May not know: where the key is
kept, whose plate it is, chance.

    CODE = number in base 31, then 16 characters (79 bits) of the signature

The same plate has the same code for ever: it may be printed again; ending it is a fact. What is
signed is the number and the millisecond it was made in, so that who has stolen the key with the log
can sign those of then, which are ended, and none that is made later.
"""

from __future__ import annotations

import hashlib

from gateway.access.codes import ALPHABET, read
from gateway.looking_in import PlateMade

SIGNED = 16  # characters of the signature
NUMBER_MOST = 8  # characters of a number
_BASE = len(ALPHABET)


def code(plate: PlateMade, key: bytes) -> str:
    """The code of a plate. `key`: 16 to 64 bytes that nobody else knows."""
    return _written(plate.plate) + _signature(f"{plate.plate} {plate.at_ms}", key)


def number(typed: str) -> int | None:
    """Which plate a code says it is; None where it is none. Whether it is true says `code`."""
    plain = read(typed)
    digits = plain[:-SIGNED]
    if not 0 < len(digits) <= NUMBER_MOST or any(c not in ALPHABET for c in plain):
        return None
    plate = 0
    for character in digits:
        plate = plate * _BASE + ALPHABET.index(character)
    return plate


def _written(plate: int) -> str:
    digits = ""
    while True:
        plate, digit = divmod(plate, _BASE)
        digits = ALPHABET[digit] + digits
        if not plate:
            return digits


def _signature(what: str, key: bytes) -> str:
    said = hashlib.blake2b(what.encode(), key=key, person=b"anbu plate").digest()
    value, characters = int.from_bytes(said, "big"), []
    for _ in range(SIGNED):
        value, digit = divmod(value, _BASE)
        characters.append(ALPHABET[digit])
    return "".join(characters)
