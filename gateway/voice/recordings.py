"""Recordings of calls: sealed for the gateway alone, each with the day it is deleted.

Knows: a private folder, the seal (age, one X25519 recipient: the gateway's). May not know: who
consented, whose call it was, today's date, what stands in a sound.

    <database>.recordings/<until day>.<call id>.age    folder 700, files 600; a WAV inside the seal

Nothing is ever written in the clear: sound is sealed in memory.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pyrage  # type: ignore[import-untyped]  # it is Rust, and says nothing of its types

from gateway.config import private
from gateway.voice.sound import wav_of

_SUFFIX = ".age"
_CALL_ID = re.compile(r"[A-Za-z0-9-]{1,64}\Z")


class RecordingError(Exception):
    """A recording cannot be kept, heard or deleted: why, and what to do, in one line."""


def beside(database: Path) -> Path:
    """The folder of the recordings of a gateway with this database."""
    return database.with_name(database.name + ".recordings")


class Recordings:
    """The recordings of one gateway. Its questions block: ask them in a thread."""

    def __init__(self, folder: Path, recipient: str) -> None:
        """`recipient`: the gateway's own, "age1…". Nothing is touched yet.

        Raises RecordingError where it is none.
        """
        self._folder = folder
        try:
            self._to = pyrage.x25519.Recipient.from_str(recipient)
        except pyrage.RecipientError:
            raise RecordingError("recordings: the recipient is none of age") from None

    def keep(self, call_id: str, pcm: bytes, until_day: date) -> None:
        """Seal the sound of a call (s16le, mono, 8 kHz) until the end of that day.

        It survives a power cut from now on; kept twice, the later one counts. Raises
        RecordingError.
        """
        if not _CALL_ID.match(call_id):
            raise RecordingError(f"{call_id!r} is no call id")
        earlier = self._paths(call_id)
        path = self._folder / f"{until_day.isoformat()}.{call_id}{_SUFFIX}"
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            private.write(path, bytes(pyrage.encrypt(wav_of(pcm), [self._to])))
            for other in earlier:
                if other != path:
                    other.unlink(missing_ok=True)
        except OSError as error:
            raise RecordingError(f"{self._folder}: {error.strerror}: make room there") from None

    def listen(self, call_id: str, identity: str) -> bytes:
        """The WAV of a call, opened with the gateway's identity. Raises RecordingError."""
        for path in self._paths(call_id):
            try:
                own = pyrage.x25519.Identity.from_str(identity)
                return bytes(pyrage.decrypt(path.read_bytes(), [own]))
            except (OSError, pyrage.DecryptError, pyrage.IdentityError):
                raise RecordingError(f"the recording of {call_id} cannot be opened") from None
        raise RecordingError(f"there is no recording of {call_id}")

    def delete(self, call_id: str) -> bool:
        """Take it away; whether there was one. Raises RecordingError."""
        found = self._paths(call_id)
        try:
            for path in found:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise RecordingError(f"{error.filename}: {error.strerror}: delete it by hand") from None
        return bool(found)

    def delete_torn(self) -> None:
        """Take away what a power cut left half written; nothing is kept meanwhile.

        Raises RecordingError.
        """
        for path in self._folder.glob(f".*{_SUFFIX}.*{private.PART}"):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise RecordingError(f"{path}: {error.strerror}: delete it by hand") from None

    def all(self) -> tuple[str, ...]:
        """The ids of calls that a recording is kept of."""
        return tuple(call_id for _until, call_id in self._kept())

    def _paths(self, call_id: str) -> list[Path]:
        return [
            self._folder / f"{until}.{kept}{_SUFFIX}"
            for until, kept in self._kept()
            if kept == call_id
        ]

    def _kept(self) -> list[tuple[str, str]]:
        """(until day, call id) of every file, the oldest first. Strangers are left alone."""
        if not self._folder.is_dir():
            return []
        names = sorted(path.name for path in self._folder.glob(f"*{_SUFFIX}"))
        parts = [name.removesuffix(_SUFFIX).partition(".") for name in names]
        return [(until, call_id) for until, dot, call_id in parts if dot and until]
