"""A sentence of a call and the pieces it can be recorded in.

Knows: keys, the one gap, the names of recordings. May not know: which sentences there are, files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

GAP = "{name}"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence as it is to be heard.

    `key` names its recording ([a-z0-9-]+); `text` has at most one gap, "{name}", which `name`
    fills; `person_id`: whose name that is, so that it can be forgotten.
    """

    key: str
    language: str
    text: str
    name: str = ""
    person_id: str = ""

    @property
    def has_gap(self) -> bool:
        """Whether it says a name."""
        return GAP in self.text

    @property
    def whole(self) -> str:
        """The sentence with its gap filled."""
        return self.text.replace(GAP, self.name)


@dataclass(frozen=True, slots=True)
class Piece:
    """What one recording holds: its file is `<language>/<stem>.wav`.

    `person_id`: whose name it is; "": nobody's.
    """

    language: str
    stem: str
    text: str
    person_id: str = ""


def pieces(spoken: Spoken) -> tuple[Piece, ...]:
    """The pieces of a sentence in the order they are heard; one where it has no gap."""
    if not spoken.has_gap:
        return (Piece(spoken.language, spoken.key, spoken.text),)
    before, after = _around(spoken.language, spoken.key, spoken.text)
    stem = f"name-{spoken.person_id}"
    name = Piece(spoken.language, stem, spoken.name, spoken.person_id)
    return tuple(piece for piece in (before, name, after) if piece is not None)


def to_record(sentences: Iterable[tuple[str, str, str]]) -> tuple[Piece, ...]:
    """What a person can record of these (key, language, text): everything but the names."""
    found: list[Piece | None] = []
    for key, language, text in sentences:
        found += _around(language, key, text) if GAP in text else (Piece(language, key, text),)
    return tuple(piece for piece in found if piece is not None)


def _around(language: str, key: str, text: str) -> tuple[Piece | None, Piece | None]:
    """What stands before the gap and after it; None where nothing does."""
    before, _, after = text.partition(GAP)
    return _piece(language, f"{key}-1", before), _piece(language, f"{key}-2", after)


def _piece(language: str, stem: str, text: str) -> Piece | None:
    """None where there is nothing to say: no letter and no digit."""
    if not any(each.isalnum() for each in text):
        return None
    return Piece(language, stem, text.strip())
