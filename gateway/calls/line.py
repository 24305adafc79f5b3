"""What a telephone line is to whoever calls by it: a driver's side and a caller's side agree here.

Knows: the words of both. May not know: SIP, a modem, the conversation. No IO here.

A line's failure is never the called person's: `LineDown` says that nothing was tried at her end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gateway.units import MIN_MS

PCM_RATE_HZ = 8000
"""What is played and what is recorded: RIFF WAV or bare PCM, mono, signed 16 bit, little endian."""

CALL_MOST_MS = 10 * MIN_MS
"""From dialling to the end: then whoever calls hangs up."""
RECORDED_MOST_BYTES = PCM_RATE_HZ * 2 * CALL_MOST_MS // 1000
"""What a driver keeps of a call; what is longer is cut."""


# --- how dialling ended without a call --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Busy:
    """She is on the telephone, or refused the call by her own hand (486, 600, 603)."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """It rang until the time was over (our own patience, 408 after ringing, 480)."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The other side's exchange will not connect this number; `why` as it said, "404 Not Found"."""

    why: str


@dataclass(frozen=True, slots=True)
class LineDown:
    """Our own line failed: no account, no network, the driver died. Nobody was reached by it."""

    why: str


NotOpened = Busy | NoAnswer | Refused | LineDown


# --- what is heard in a call ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Digit:
    """A key was pressed, once: `key` of 0123456789*#ABCD."""

    key: str


@dataclass(frozen=True, slots=True)
class Speech:
    """Somebody or something spoke: said once when the voice begins, again after a second of quiet.

    It says nothing about who: a voicemail's greeting is speech too.
    """


@dataclass(frozen=True, slots=True)
class Played:
    """The last sentence was heard to its end (never after a digit broke it off)."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over. `why` "" : the other side hung up; else our line failed, and how."""

    why: str = ""


Heard = Digit | Speech | Played | Ended


class OpenCall(Protocol):
    """A call that was answered. Nothing here raises when the call is over: `heard` says so."""

    async def play(self, sounds: Sequence[str]) -> None:
        """Play these one after the other, instead of what is being played; returns at once.

        Paths of WAVs as PCM_RATE_HZ says; one that is not ends the call with why. A digit stops
        them.
        """

    async def heard(self, patience_ms: int) -> Heard | None:
        """What is heard next, in order, nothing lost; None when nothing was for so long."""

    async def hang_up(self) -> bytes:
        """End the call (also one that is over): what was recorded, b"" where nothing was."""


class Line(Protocol):
    """A driver. It starts, reconnects and restarts by itself until it is closed."""

    @property
    def down(self) -> str:
        """Why nobody can be called now, one line for a technician; "" when the line is good."""

    async def dial(
        self, number: str, ring_ms: int, *, record: bool = False
    ) -> OpenCall | NotOpened:
        """Call a number ("010…", "+82…") and let it ring for so long. Several at once may be open.

        `record`: keep what the called person says (only with consent on file). A dial beyond the
        number of lines is a LineDown. Cancelling the task ends the call.
        """

    async def close(self) -> None:
        """Hang up whatever is open and let go of the line."""
