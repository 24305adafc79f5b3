"""A number as people type it, as the number it is.

Knows: how Korean numbers are written. May not know: whose it is, whether it exists.
"""

from __future__ import annotations

import re

KOREA = "+82"
_BETWEEN = re.compile(r"[\s().\-]")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def e164(typed: str) -> str:
    """In E.164 form: "010-1234-5678" is "+821012345678"; what is no number comes back as it is."""
    plain = _BETWEEN.sub("", typed.strip())
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    elif plain.startswith("0"):
        plain = f"{KOREA}{plain[1:]}"
    if plain.startswith(f"{KOREA}0"):  # +82 (0)10 …
        plain = f"{KOREA}{plain[4:]}"
    return plain if is_e164(plain) else typed


def is_e164(number: str) -> bool:
    """Whether it is a number in E.164 form."""
    return _E164.fullmatch(number) is not None


def national(number: str) -> str:
    """As it is read aloud in Korea: "+821012345678" is "010-1234-5678"; others as they are."""
    if not number.startswith(KOREA):
        return number
    digits = f"0{number[len(KOREA) :]}"
    head = 2 if digits.startswith("02") else 3
    return f"{digits[:head]}-{digits[head:-4]}-{digits[-4:]}"
