"""Codes that open a door once: how they are written, and how somebody may type them.

Knows: an alphabet without characters that are mistaken for one another. May not know: chance; what
a code opens.
"""

from __future__ import annotations

import re

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0 O 1 l i
INVITATION = 10  # characters: 49 bits
CLAIM = 16  # 79 bits: written down once, typed by hand
JOIN_PATH = "/join/"
_GROUP = 4
_MARKED = re.compile(re.escape(JOIN_PATH) + r"\(([0-9]+)\)")


def read(typed: str) -> str:
    """A code as it was drawn, from what somebody typed; what is no code stays none."""
    return "".join(c for c in typed.casefold() if c.isalnum())


def spaced(code: str) -> str:
    """For reading aloud and typing: abcd-efgh."""
    return "-".join(code[i : i + _GROUP] for i in range(0, len(code), _GROUP))


def mark(opening_id: int) -> str:
    """What stands in the log in place of a code of this opening."""
    return f"({opening_id})"


def marked(body: str) -> int | None:
    """The opening whose code belongs into this text; None where none does."""
    found = _MARKED.search(body)
    return int(found.group(1)) if found else None


def filled(body: str, code: str) -> str:
    """The text with the code in it."""
    return _MARKED.sub(lambda _found: JOIN_PATH + code, body)
