"""One table of a TOML file, taken apart key by key; every mistake is kept, none ends the reading.

Knows: TOML's types, how a mistake is written. May not know: pins, parts, circuits.
A mistake is one line: "file: key: rule: what is wrong, what is wanted".
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
_MOST = 1e12  # whatever is more is a slip, or TOML's inf
_NAMES = {str: "a text", int: "a whole number", bool: "true or false", dict: "a table"}


def _is_number(value: object) -> bool:
    """From 0 on, and not TOML's inf or nan."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _MOST


class Sheet:
    """A table with its place; `take` removes what it gives, `done` tells what is left over."""

    def __init__(self, file: str, key: str, table: Any, mistakes: list[str]) -> None:  # noqa: ANN401 - TOML's any
        self.file = file
        self.key = key
        self.mistakes = mistakes
        self.table: dict[str, Any] = {}
        if isinstance(table, dict):
            self.table = dict(table)
        else:
            self.wrong("form", f"must be a table, is {table!r}")

    def wrong(self, rule: str, what: str, key: str = "") -> None:
        """Keeps a mistake at `key` of this table, or at the table itself."""
        place = ".".join(part for part in (self.key, key) if part)
        self.mistakes.append(f"{self.file}: {place}: {rule}: {what}")

    def take(self, name: str, kind: type[T], default: T | None = None, *, must: bool = False) -> T:
        """The value of that type; `default` where it is missing or of another type."""
        empty: T = kind() if default is None else default
        if name not in self.table:
            if must:
                self.wrong("missing", f"wanted: {_NAMES.get(kind, kind.__name__)}", name)
            return empty
        value = self.table.pop(name)
        if isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool):
            return value
        self.wrong("form", f"must be {_NAMES.get(kind, kind.__name__)}, is {value!r}", name)
        return empty

    def number(self, name: str, *, must: bool = False) -> float | None:
        """A number, None where it is missing or none."""
        if name not in self.table:
            if must:
                self.wrong("missing", "wanted: a number", name)
            return None
        value = self.table.pop(name)
        if _is_number(value):
            found: float = value
            return found
        self.wrong("form", f"must be a number from 0 on, is {value!r}", name)
        return None

    def numbers(self, name: str, count: int, *, must: bool = False) -> tuple[float, ...] | None:
        """So many numbers, None where they are missing or others."""
        value = self.take(name, list, must=must)
        good = [v for v in value if _is_number(v)]
        if len(good) == len(value) == count:
            return tuple(good)
        if value:
            self.wrong("form", f"must be {count} numbers from 0 on, is {value!r}", name)
        return None

    def span(self, name: str, *, must: bool = False) -> tuple[float, float] | None:
        """The lowest and the highest of what is above 0, None where they are missing or others."""
        pair = self.numbers(name, 2, must=must)
        if pair is None:
            return None
        if 0 < pair[0] <= pair[1]:
            return pair[0], pair[1]
        self.wrong("form", f"must be the lowest and the highest above 0, is {list(pair)}", name)
        return None

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, empty where there is none."""
        value = self.take(name, list)
        if all(isinstance(v, str) for v in value):
            return tuple(value)
        self.wrong("form", f"must be a list of texts, is {value!r}", name)
        return ()

    def sheets(self, name: str) -> dict[str, Sheet]:
        """The tables inside a table, by name."""
        inside = self.take(name, dict)
        return {k: self.inner(f"{name}.{k}", v) for k, v in inside.items()}

    def inner(self, key: str, table: Any) -> Sheet:  # noqa: ANN401 - TOML's any
        """A table inside this one."""
        return Sheet(self.file, f"{self.key}.{key}" if self.key else key, table, self.mistakes)

    def done(self) -> None:
        """What nobody took has no business here."""
        for name in self.table:
            self.wrong("unknown-key", "nothing reads this key; is it misspelt?", name)


def whole(path: Path, mistakes: list[str]) -> Sheet:
    """The file as a table; a file that is missing or no TOML is a mistake and an empty table."""
    table: dict[str, Any] = {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:  # no UTF-8 and no TOML are ValueErrors
        mistakes.append(f"{path.name}: -: form: {error}")
    return Sheet(path.name, "", table, mistakes)
