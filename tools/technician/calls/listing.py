"""Which sentences can be recorded, and what lies in a folder of them.

Knows: names of files, what a recording is judged by. May not know: the terminal, microphones.

    FOLDER/ko/who.wav    one sentence, or one piece of a sentence that says a name
"""

from __future__ import annotations

import csv
import io
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.calls.sentences import sentences
from gateway.voice import sound
from gateway.voice.judged import problems
from gateway.voice.sound import VoiceError
from gateway.voice.spoken import Piece, to_record

SUFFIX = ".wav"
GOOD, MISSING, WRONG, STRANGE = "good", "missing", "wrong", "strange"
_NAME = "name-"


@dataclass(frozen=True, slots=True)
class Looked:
    """One file, or the lack of one. `file`: "ko/who.wav"; `wrong`: what, and what to do."""

    file: str
    state: str
    text: str = ""
    wrong: tuple[str, ...] = ()


def recordable(languages: Sequence[str]) -> tuple[Piece, ...]:
    """What can be recorded in these languages, in the order of the conversation."""
    return tuple(piece for piece in to_record(sentences()) if piece.language in languages)


def file_of(piece: Piece) -> str:
    """Its place in the folder."""
    return f"{piece.language}/{piece.stem}{SUFFIX}"


def as_csv(pieces: Sequence[Piece]) -> str:
    """The list for a sheet: the file, what is said in it."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(("file", "text"))
    rows.writerows((file_of(piece), piece.text) for piece in pieces)
    return out.getvalue()


def joined(paths: Sequence[Path]) -> bytes:
    """Telephone sounds one after the other, as one WAV file."""
    pcm = bytearray()
    for path in paths:
        with wave.open(str(path), "rb") as wav:
            pcm += wav.readframes(wav.getnframes())
    return sound.wav_of(bytes(pcm))


def look(folder: Path, languages: Sequence[str]) -> tuple[Looked, ...]:
    """Every sentence that can be recorded, then what lies there and is none of them."""
    pieces = recordable(languages)
    known = {file_of(piece) for piece in pieces}
    return (*(looked(folder, piece) for piece in pieces), *_strange(folder, languages, known))


def looked(folder: Path, piece: Piece) -> Looked:
    """One recording."""
    name = file_of(piece)
    path = folder / name
    if not path.is_file():
        return Looked(name, MISSING, piece.text)
    try:
        wrong = problems(sound.measure(path), piece.language, piece.text)
    except VoiceError as error:
        wrong = (str(error),)
    return Looked(name, WRONG if wrong else GOOD, piece.text, wrong)


def _strange(folder: Path, languages: Sequence[str], known: set[str]) -> list[Looked]:
    found = []
    for language in languages:
        there = sorted((folder / language).iterdir()) if (folder / language).is_dir() else []
        for path in there:
            name = f"{language}/{path.name}"
            a_name = path.name.startswith(_NAME) and path.suffix == SUFFIX
            if name not in known and not a_name:
                wrong = ("no sentence has this name: see anbu calls sentences",)
                found.append(Looked(name, STRANGE, "", wrong))
    return found
