"""Whether somebody speaks: the level of the sound, nothing of the words.

Knows: PCM of gateway.calls.line. May not know: calls, who speaks, what it means. No IO, no clock.

A voice on a telephone lies some 15 to 30 dB below full scale, a quiet room below 45 dB. What is
louder than LOUD_DBFS for BEGIN_MS is a voice; it is over after OVER_MS below. A click or a cough
is shorter; a radio in the room may be taken for a voice, which is why speech alone never answers.
"""

from __future__ import annotations

import math
import struct

from gateway.calls.line import PCM_RATE_HZ

LOUD_DBFS = -38.0
BEGIN_MS = 200
OVER_MS = 1000
FRAME_MS = 20
FRAME_BYTES = PCM_RATE_HZ * FRAME_MS // 1000 * 2
_FULL_SCALE = 32768.0


def level_dbfs(frame: bytes) -> float:
    """The level of a frame of samples: 0 is full scale, -inf is silence."""
    samples = struct.unpack(f"<{len(frame) // 2}h", frame[: len(frame) // 2 * 2])
    if not any(samples):
        return -math.inf
    square = sum(s * s for s in samples) / len(samples)
    return 10 * math.log10(square / _FULL_SCALE**2)


class Ear:
    """One call's voice."""

    def __init__(self) -> None:
        """Nobody has spoken."""
        self._rest = b""
        self._loud_ms = 0
        self._quiet_ms = 0
        self._speaking = False

    def hears(self, pcm: bytes) -> bool:
        """Whether a voice began in this sound; may be said again once it was quiet."""
        sound, began = self._rest + pcm, False
        whole = len(sound) // FRAME_BYTES * FRAME_BYTES
        self._rest = sound[whole:]
        for start in range(0, whole, FRAME_BYTES):
            began |= self._frame(level_dbfs(sound[start : start + FRAME_BYTES]) >= LOUD_DBFS)
        return began

    def _frame(self, loud: bool) -> bool:  # a frame is one or the other
        if not loud:
            self._quiet_ms += FRAME_MS
            if self._quiet_ms >= (OVER_MS if self._speaking else BEGIN_MS):
                self._loud_ms, self._speaking = 0, False
            return False
        self._loud_ms, self._quiet_ms = self._loud_ms + FRAME_MS, 0
        if self._speaking or self._loud_ms < BEGIN_MS:
            return False
        self._speaking = True
        return True
