"""What is tried on a modem that does not answer: the next step each time, as a table.

Knows: the order of remedies. May not know: how any is applied, ports, clocks.
"""

from __future__ import annotations

from enum import StrEnum


class Remedy(StrEnum):
    """What is done at the beginning of a session."""

    ESCAPE = "escape"  # ESC and CR, then AT: enough for a prompt left open, or a late answer
    RESET = "reset"  # ATZ: back to the stored profile
    RESTART = "restart"  # AT+CFUN=1,1: the modem boots anew
    LINE = "line"  # DTR (or RTS) falls for a second: needs nothing of the modem's program


_E, _Z, _C, _L = Remedy.ESCAPE, Remedy.RESET, Remedy.RESTART, Remedy.LINE
ESCALATION = (_E, _E, _Z, _C, _E, _E, _E, _L, _E, _E, _E)
"""By how often in a row the modem was silent. After a restart it is left alone while it boots."""
AGAIN_FROM = 3
"""Where the table begins anew after its end."""


def remedy(silences: int) -> Remedy:
    """What to do when the modem was silent so many times in a row."""
    if silences < len(ESCALATION):
        return ESCALATION[silences]
    again = ESCALATION[AGAIN_FROM:]
    return again[(silences - len(ESCALATION)) % len(again)]
