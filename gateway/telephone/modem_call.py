"""A call by the GSM modem: dialled, then answered, then over.

Knows: sound both ways, keys, what the modem says of it. May not know: AT commands, what is asked.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from gateway.calls.line import RECORDED_MOST_BYTES, Digit, Ended, Heard, Played, Speech
from gateway.modem.port import OpenPort, Port
from gateway.telephone.modem_audio import Audio
from gateway.telephone.modem_words import Word, key_of, word_of
from gateway.telephone.sound import SoundError, pcm_of
from gateway.telephone.speech import Ear

TWICE_S = 0.15
"""Some modems report one press twice; no finger presses the same key twice so soon."""


class ModemCall:
    """The call (gateway.calls.line.OpenCall). Nothing here raises once it is over."""

    def __init__(
        self,
        audio: str,
        hang_up: Callable[[ModemCall], Awaitable[None]],
        *,
        record: bool,
        open_port: OpenPort = Port,
    ) -> None:
        """`audio`: the tty of its sound; `hang_up` ends it at the modem. Raises PortError."""
        self.rang = False
        self.why = ""
        """How our line failed, where it did."""
        self._words: asyncio.Queue[Word] = asyncio.Queue()
        self._heard: asyncio.Queue[Heard] = asyncio.Queue()
        self._hang_up = hang_up
        self._ear = Ear()
        self._kept = bytearray()
        self._record = record
        self._up = self._over = False
        self._last_key, self._last_s = "", 0.0
        self._audio = Audio(audio, self._sound, self.lost, open_port)

    @property
    def over(self) -> bool:
        """Nothing more is heard but its end."""
        return self._over

    # --- from the modem

    def news(self, line: str) -> None:
        """A line nobody asked for."""
        key, word = key_of(line), word_of(line)
        if key and self._up:
            self._key(key)
        elif word is not None and not self._up:
            self.said(word)
        elif word not in {None, Word.UP}:
            self.ended("")

    def said(self, word: Word) -> None:
        """What became of it while it is being dialled."""
        self._words.put_nowait(word)

    def lost(self, why: str) -> None:
        """Our line failed."""
        self.why = self.why or why
        self.said(Word.OVER)
        self.ended(why)

    def ended(self, why: str) -> None:
        """It is over; said once."""
        if self._over:
            return
        self._over = True
        self._audio.close()
        self._heard.put_nowait(Ended(why))

    def _key(self, key: str) -> None:
        now_s = asyncio.get_running_loop().time()
        again = key == self._last_key and now_s - self._last_s < TWICE_S
        self._last_key, self._last_s = key, now_s
        if self._over or again:
            return
        self._audio.stop()
        self._heard.put_nowait(Digit(key))

    def _sound(self, pcm: bytes) -> None:
        if not self._up:
            return
        if self._record and len(self._kept) < RECORDED_MOST_BYTES:
            self._kept += pcm
        began = self._ear.hears(pcm)
        if began and not self._over and not self._audio.plays:  # else it may be our own echo
            self._heard.put_nowait(Speech())

    # --- for the line

    async def word(self, patience_ms: int) -> Word | None:
        """What is said of it next while it is being dialled; None: nothing for so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_ms / 1000):
                return await self._words.get()
        return None

    def begins(self) -> None:
        """It was answered: from now on keys and voices count."""
        self._up = True
        while not self._words.empty():  # it may have ended meanwhile
            if self._words.get_nowait() is not Word.UP:
                self.ended(self.why)

    # --- for the caller

    async def play(self, sounds: Sequence[str | Path]) -> None:
        """Play these one after the other, instead of what is being played; returns at once."""
        if self._over:
            return
        try:
            pcm = pcm_of([str(path) for path in sounds])  # just made: no disk is waited for
        except SoundError as error:
            await self._end(str(error))
            return
        self._audio.play(pcm, lambda: self._heard.put_nowait(Played()))

    async def heard(self, patience_ms: int) -> Heard | None:
        """What is heard next; None when nothing was for so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_ms / 1000):
                return await self._heard.get()
        return None

    async def hang_up(self) -> bytes:
        """End the call, also one that is over: what was recorded (PCM)."""
        await self._end("")
        return bytes(self._kept)

    async def _end(self, why: str) -> None:
        self.ended(why)
        await self._hang_up(self)
