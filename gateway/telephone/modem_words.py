"""What a GSM modem says of a call: its lines, read.

Knows: +CLCC (27.007 §7.18), the ends of V.250, SIMCom's VOICE CALL: BEGIN/END and +RXDTMF, the
+DTMF of older ones. May not know: ports, what a key means. No IO, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

_CALL = re.compile(r"\+CLCC: *\d+, *0, *(\d), *0\b")  # ours (direction 0), of voice (mode 0)
_KEY = re.compile(r"\+(?:RX)?DTMF: *\"?([0-9A-D*#])\"?\Z")


class Word(Enum):
    """What became of a call."""

    RINGS = "rings"
    UP = "up"
    BUSY = "busy"
    NO_ANSWER = "no answer"
    OVER = "over"


_NEWS = {
    "VOICE CALL: BEGIN": Word.UP,
    "BUSY": Word.BUSY,
    "NO ANSWER": Word.NO_ANSWER,
    "NO CARRIER": Word.OVER,
    "NO DIALTONE": Word.OVER,
}
_RINGS_IN = ("RING", "+CRING:", "+CLIP:")
_STATES = {"0": Word.UP, "1": Word.UP, "2": None, "3": Word.RINGS}  # held is up, too


def word_of(line: str) -> Word | None:
    """What a line nobody asked for says of the call; None: nothing."""
    if line.startswith("VOICE CALL: END"):
        return Word.OVER
    return _NEWS.get(line)


def rings_in(line: str) -> bool:
    """Whether somebody calls the modem (27.007 §6.11; +CLIP: who it is)."""
    return line.startswith(_RINGS_IN)


def key_of(line: str) -> str:
    """The key that was pressed; "" where the line tells of none."""
    match = _KEY.match(line)
    return match[1] if match is not None else ""


def state_of(lines: Iterable[str]) -> Word | None:
    """Where the call is, out of the answer to AT+CLCC; None: it is still being dialled."""
    for line in lines:
        match = _CALL.match(line)
        if match is not None:
            return _STATES.get(match[1])
    return Word.OVER
