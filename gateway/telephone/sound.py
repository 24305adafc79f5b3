"""Sentences as they go down the line: WAVs read one after the other.

Knows: the WAV format. May not know: calls, what is said.
"""

from __future__ import annotations

import wave
from collections.abc import Sequence

from gateway.calls.line import PCM_RATE_HZ

_SAMPLE_BYTES = 2


class SoundError(Exception):
    """A file that cannot be played; one line."""


def pcm_of(paths: Sequence[str]) -> bytes:
    """The samples of all of them. Raises SoundError."""
    return b"".join(_samples(path) for path in paths)


def _samples(path: str) -> bytes:
    try:
        with wave.open(path, "rb") as sound:
            shape = (sound.getframerate(), sound.getnchannels(), sound.getsampwidth())
            if shape != (PCM_RATE_HZ, 1, _SAMPLE_BYTES):
                message = f"{path} is not {PCM_RATE_HZ} Hz, mono, 16 bit"
                raise SoundError(message)
            return sound.readframes(sound.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        message = f"{path} cannot be played: {error}"
        raise SoundError(message) from None
