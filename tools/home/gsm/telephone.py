"""The telephones that a virtual modem calls, and what the people at them do.

Knows: ringing, answering, keys, sound both ways. May not know: AT commands, ttys, what is asked.

Sound is bare PCM: s16le, mono, 8 kHz.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

LOUD = 1500
"""A sample beyond this is a voice, not a hum."""
_LOOK_S = 0.02


class Does(StrEnum):
    """What becomes of a call to this telephone."""

    ANSWERS = "answers"
    BUSY = "busy"
    SLAMS = "slams"  # takes it, and puts the receiver down at once
    RINGS = "rings"  # nobody comes
    DECLINES = "declines"  # rings, then she presses the red key
    OFF = "off"  # the network ends it before it rings


@dataclass(slots=True)
class Telephone:
    """A telephone and who holds it. `calls`: how often it was called."""

    does: Does = Does.ANSWERS
    answers_after_s: float = 0.3
    presses: str = ""  # the next one after every sentence; "-" lets a sentence pass
    hangs_up_after: int = 0  # sentences; 0: never
    quiet_s: float = 0.2  # after so long without a voice a sentence is over to her
    calls: int = 0
    heard: bytearray = field(default_factory=bytearray)
    sentences: int = 0


class CallingSide(Protocol):
    """The modem, as the telephone network sees it in a call."""

    def rings(self) -> None:
        """The other telephone rings."""

    def answered(self) -> None:
        """Somebody took the call."""

    def ended(self, word: str) -> None:
        """It is over, or was never opened: the modem's word for it."""

    def pressed(self, key: str) -> None:
        """A key at the other end."""


class VoiceCall:
    """One call from a modem to a telephone, from dialling to its end."""

    def __init__(self, telephone: Telephone, modem: CallingSide) -> None:
        """Dial."""
        self._telephone = telephone
        self._modem = modem
        self._over = False
        self._voice_s: float | None = None  # when a voice was heard last
        self._keys = list(telephone.presses)
        telephone.calls += 1
        self._task = asyncio.get_running_loop().create_task(self._live())

    def hear(self, pcm: bytes) -> None:
        """What the modem plays."""
        self._telephone.heard += pcm
        samples = memoryview(pcm[: len(pcm) // 2 * 2]).cast("h")
        if any(abs(sample) > LOUD for sample in samples):
            self._voice_s = asyncio.get_running_loop().time()

    def hang_up(self) -> None:
        """The modem's side ends it, or is gone."""
        self._over = True
        self._task.cancel()

    async def _live(self) -> None:
        telephone = self._telephone
        await asyncio.sleep(0.05)
        if telephone.does is Does.BUSY:
            return self._end("BUSY")
        if telephone.does is Does.OFF:
            return self._end("NO CARRIER")
        self._modem.rings()
        await asyncio.sleep(telephone.answers_after_s)
        if telephone.does is Does.DECLINES:
            return self._end("BUSY")
        if telephone.does is Does.RINGS:
            await asyncio.Event().wait()
        self._modem.answered()
        if telephone.does is Does.SLAMS:
            return self._end("NO CARRIER")
        return await self._listen()

    async def _listen(self) -> None:
        """After every sentence a key, or the receiver down."""
        while True:
            await asyncio.sleep(_LOOK_S)
            now_s = asyncio.get_running_loop().time()
            if self._voice_s is None or now_s - self._voice_s < self._telephone.quiet_s:
                continue
            self._voice_s = None
            self._telephone.sentences += 1
            if self._telephone.sentences == self._telephone.hangs_up_after:
                return self._end("NO CARRIER")
            key = self._keys.pop(0) if self._keys else "-"
            if key != "-":
                self._modem.pressed(key)

    def _end(self, word: str) -> None:
        if not self._over:
            self._over = True
            self._modem.ended(word)
