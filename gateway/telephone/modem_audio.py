"""The sound of a GSM modem's call: bare PCM both ways over a tty of its own (AT+CPCMREG).

Knows: the tty, the pace of sound. May not know: AT commands, what is said, who speaks.

SIM7600: its interface 4; s16le, mono, 8 kHz both ways, in real time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gateway.calls.line import PCM_RATE_HZ
from gateway.modem.port import OpenPort, Port, PortError, PortFullError

BYTES_A_SECOND = PCM_RATE_HZ * 2
CHUNK_BYTES = BYTES_A_SECOND // 25  # 40 ms: so soon a sentence stops when a key is pressed
STUCK_S = 5.0
"""So long the modem may take nothing of a sentence: then the sound is lost."""


class Audio:
    """The sound of one call."""

    def __init__(
        self,
        path: str,
        on_sound: Callable[[bytes], None],
        on_lost: Callable[[str], None],
        open_port: OpenPort = Port,
    ) -> None:
        """Open the tty; raises PortError. `on_sound`: what is heard, as it comes."""
        self._loop = asyncio.get_running_loop()
        self._on_lost = on_lost
        self._playing: asyncio.Task[None] | None = None
        self._port = open_port(path, on_sound, on_lost)

    @property
    def plays(self) -> bool:
        """Whether a sentence is being played."""
        return self._playing is not None and not self._playing.done()

    def play(self, pcm: bytes, on_played: Callable[[], None]) -> None:
        """Play this, instead of what is being played; `on_played`: it was heard to its end."""
        self.stop()
        self._playing = self._loop.create_task(self._play(pcm, on_played))

    def stop(self) -> None:
        """Play no more."""
        if self._playing is not None:
            self._playing.cancel()
            self._playing = None

    def close(self) -> None:
        """Give the tty back; safe to call again."""
        self.stop()
        self._port.close()

    async def _play(self, pcm: bytes, on_played: Callable[[], None]) -> None:
        """At the pace of sound; what the modem does not take now is handed over again."""
        done = 0
        due_s = moved_s = self._loop.time()
        while done < len(pcm):
            try:
                self._port.write(pcm[done : done + CHUNK_BYTES])
                taken = min(CHUNK_BYTES, len(pcm) - done)
            except PortFullError as full:
                taken = full.taken
            except PortError as error:
                self._on_lost(str(error))
                return
            now_s = self._loop.time()
            if taken:
                moved_s = now_s
            elif now_s - moved_s > STUCK_S:
                self._on_lost("the modem takes no sound any more")
                return
            done += taken
            due_s = max(due_s + CHUNK_BYTES / BYTES_A_SECOND, now_s - STUCK_S)
            await asyncio.sleep(max(0.0, due_s - now_s))
        on_played()
