"""A microphone, by sox.

Knows: sox's command line, that it is ended by SIGINT. May not know: sentences.
"""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

from gateway.voice.sound import VoiceError

RATE_HZ = 16_000
LONGEST_S = 60
_END_S = 10.0


class Microphone:
    """One recording, from its making until `end`."""

    def __init__(self, source: str, path: Path) -> None:
        """`source`: TYPE:NAME as sox knows them, "alsa:default". Raises VoiceError."""
        kind, _, name = source.partition(":")
        to = ("-r", str(RATE_HZ), "-c", "1", "-b", "16", "-t", "wav", str(path.absolute()))
        command = ("sox", "-q", "-t", kind, name or "default", *to, "trim", "0", str(LONGEST_S))
        self._path = path
        try:
            self._sox = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        except FileNotFoundError:
            raise VoiceError("sox is not installed: apt install sox libsox-fmt-all") from None

    def end(self) -> None:
        """Record no more. Raises VoiceError where nothing could be recorded."""
        if self._sox.poll() is None:
            self._sox.send_signal(signal.SIGINT)
        try:
            _, said = self._sox.communicate(timeout=_END_S)
        except subprocess.TimeoutExpired:
            self._sox.kill()
            self._sox.communicate()
            raise VoiceError("sox did not end: look at the microphone") from None
        if not self._path.is_file() or self._path.stat().st_size == 0 or self._sox.returncode > 0:
            last = said.decode("utf-8", "replace").strip().split("\n")[-1]
            raise VoiceError(f"nothing could be recorded ({last}): give --from TYPE:NAME")
