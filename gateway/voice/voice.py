"""Sentences to WAV files: a person's recording where there is one, else espeak-ng; made once.

Knows: the folder of recordings, the private folder of what was made. May not know: how sound is
made, what is asked, telephone lines.

    <recorded>/<language>/<stem>.wav                                  whatever sox reads
    <database>.voice/<common | hash of the person's id>/<hash>.wav    folders 700, files 600
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from gateway.config import private
from gateway.voice import sound
from gateway.voice.sound import VoiceError
from gateway.voice.spoken import Piece, Spoken, pieces

_MADE_AS = b"1\n"  # another number where sound is made in another way: all is made anew
_COMMON = "common"
_DIGITS = 32


def beside(database: Path) -> Path:
    """The folder of what was made for a gateway with this database."""
    return database.with_name(database.name + ".voice")


class Voice:
    """The voice of one gateway. Its questions block: ask them in a thread."""

    def __init__(self, cache: Path, recorded: Path | None = None) -> None:
        """`recorded`: the folder of recordings. Nothing is touched yet."""
        self._cache = cache
        self._recorded = recorded

    def wavs(self, spoken: Spoken) -> tuple[Path, ...]:
        """The sentence as WAV files, to be heard one after the other without a pause.

        8 kHz, mono, s16le, the loudest at −3 dBFS. Spoken whole where nothing of it was recorded.
        Raises VoiceError.
        """
        if spoken.has_gap and not (spoken.name and spoken.person_id):
            raise VoiceError(f"{spoken.key} says a name and has none: say who is called")
        parts = pieces(spoken)
        if all(self._recording(part) is None for part in parts):
            whose = spoken.person_id if spoken.has_gap else ""
            return (self._said(Piece(spoken.language, spoken.key, spoken.whole, whose)),)
        return tuple(self._piece(part) for part in parts)

    def forget(self, person_id: str) -> None:
        """Delete what was made of this person's name. Raises VoiceError."""
        try:
            shutil.rmtree(self._folder(person_id))
        except FileNotFoundError:
            return
        except OSError as error:
            raise VoiceError(f"{error.filename}: {error.strerror}: delete it by hand") from None

    def _recording(self, piece: Piece) -> Path | None:
        if self._recorded is None:
            return None
        path = self._recorded / piece.language / f"{piece.stem}.wav"
        return path if path.is_file() else None

    def _piece(self, piece: Piece) -> Path:
        recording = self._recording(piece)
        if recording is None:
            return self._said(piece)

        def make() -> bytes:
            return sound.levelled(recording)

        try:
            return _made(self._folder(piece.person_id), recording.read_bytes(), make)
        except OSError as error:
            raise VoiceError(f"{recording}: {error.strerror}: record it again") from None
        except VoiceError as error:
            raise VoiceError(f"{recording}: {error}") from None

    def _said(self, piece: Piece) -> Path:
        def make() -> bytes:
            return sound.say(piece.text, piece.language)

        what = f"{piece.language}\n{piece.text}".encode()
        return _made(self._folder(piece.person_id), what, make)

    def _folder(self, person_id: str) -> Path:
        if not person_id:
            return self._cache / _COMMON
        return self._cache / hashlib.sha256(person_id.encode()).hexdigest()[:_DIGITS]


def _made(folder: Path, what: bytes, make: Callable[[], bytes]) -> Path:
    """The file of `what`, which `make` gives the sound of where there is none that is whole."""
    path = folder / f"{hashlib.sha256(_MADE_AS + what).hexdigest()[:_DIGITS]}.wav"
    if not sound.is_whole(path):
        pcm = make()
        try:
            for each in (folder.parent, folder):
                each.mkdir(mode=0o700, exist_ok=True)
            private.write(path, sound.wav_of(pcm))
        except OSError as error:
            raise VoiceError(f"{folder}: {error.strerror}: make room there") from None
    return path
