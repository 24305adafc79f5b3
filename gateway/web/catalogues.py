"""The page's words, read once at start from gettext's files: one file an area and language.

Knows: gateway/catalogue/page/<language>/LC_MESSAGES/<area>.po, in which `msgid` is a key
("plan.confirm") and `msgstr` the sentence with its `{name}` fields. May not know: when a word is
said, HTML, Flask. Nothing is compiled: what a translator saves is what the page says after the
next start. Format: GNU gettext manual, "The Format of PO Files".
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

from babel.messages.pofile import PoFileError, read_po

LANGUAGES = ("ko", "en")
FOLDER = files("gateway.catalogue") / "page"


class CatalogueError(ValueError):
    """A file of words that cannot be read; the sentence names the file."""


def areas(language: str) -> list[Traversable]:
    """The files of a language, one an area, by name."""
    folder = FOLDER / language / "LC_MESSAGES"
    every = (file for file in folder.iterdir() if file.name.endswith(".po"))
    return sorted(every, key=lambda file: file.name)


def messages(file: Traversable) -> Iterator[tuple[str, str]]:
    """Key and sentence of each message. CatalogueError where the file is not a .po."""
    with file.open("rb") as opened:
        try:
            catalogue = read_po(opened, abort_invalid=True)
        except PoFileError as wrong:
            raise CatalogueError(f"{file.name}: {wrong}") from wrong
    for message in catalogue:
        if message.id:
            yield str(message.id), str(message.string)


def read(language: str) -> dict[str, str]:
    """All words of a language; no two areas have the same key (tests/gateway/test_web_words.py)."""
    return dict(message for file in areas(language) for message in messages(file))


CATALOGUES = {language: read(language) for language in LANGUAGES}
