"""How somebody is found again by name, place or number, however they were written.

Knows: rows, how Korean addresses vary. May not know: facts, who asks.

    alike(household, dong="율하동", address="12-3 201호") -> whoever may be meant

A place is compared by its words and numbers alone: "율하동 12-3번지 201호" and "12-3, 201" are one.
A lookup costs the same with a hundred thousand households.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from gateway.coverage.rows import Row

# Strongest first.
ADDRESS, NAME, NUMBER, BUILDING = WHYS = ("address", "name", "number", "building")
_WORD = re.compile(r"[0-9]+(?:-[0-9]+)*|[^\W\d_]+")
_EMPTY = frozenset({"번지", "호", "층", "동"})  # they say nothing after a number
_AREA = re.compile(r"[^\W\d_]+(특별시|광역시|시|도|군|구|동|읍|면)")
_DONG = re.compile(r"[^\W\d_]+(동|읍|면)")
_DIGITS = re.compile(r"[0-9]+")
_COUNTRY = "82"


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody known who may be the one that is looked for; `why`: of WHYS."""

    id: str
    person: bool
    name: str
    dong: str
    address: str
    why: str


class Known(Protocol):
    """Where all that are known stand: gateway.coverage.nets.Nets."""

    @property
    def rows(self) -> dict[str, Row]:
        """By id."""

    @property
    def index(self) -> Index:
        """Of these rows."""

    def there(self, person_id: str, /) -> frozenset[str]:
        """The nets of hers that are no matter of anybody's word."""


class Register(Protocol):
    """Whoever has them: gateway.beliefs.Household."""

    @property
    def nets(self) -> Known:
        """Theirs."""


def plain(text: str) -> str:
    """A name or dong without what differs from hand to hand."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def place_key(dong: str, address: str) -> str:
    """The same for two ways to write one place; "" where no number says which house."""
    words = _words(dong, address)
    return " ".join(words) if any(w[0].isdigit() for w in words) else ""


def building_key(dong: str, address: str) -> str:
    """As `place_key`, up to the number of the house."""
    words = _words(dong, address)
    numbers = [n for n, word in enumerate(words) if word[0].isdigit()]
    return " ".join(words[: numbers[0] + 1]) if numbers else ""


def name_key(dong: str, name: str) -> str:
    """The same for one name in one dong, however both are spaced."""
    return f"{plain(dong)}/{plain(name)}"


def number_key(number: str) -> str:
    """A telephone number by its digits within the country; "" for none."""
    digits = "".join(_DIGITS.findall(unicodedata.normalize("NFKC", number)))
    if digits.startswith(_COUNTRY):
        digits = digits.removeprefix(_COUNTRY)
    return digits.lstrip("0")


def _words(dong: str, address: str) -> list[str]:
    """Road or lot, house, unit: what stands for a city, a district or the dong says no more."""
    near = plain(dong)
    words = [word for word in _written(address) if word not in _EMPTY]
    words = [word for word in words if word != near and not _AREA.fullmatch(word)]
    house = next((n for n, word in enumerate(words) if word[0].isdigit()), len(words)) + 1
    units = (unit for word in words[house:] for unit in word.split("-"))
    return [*words[:house], *units]  # 12-3 is one lot, 101-201 are building and flat


def _written(address: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", address).casefold())


def _dong(dong: str, address: str) -> str:
    """The dong as it is said, else as the address has it; "" where neither does."""
    said = (word for word in _written(address) if _DONG.fullmatch(word))
    return plain(dong) or next(said, "")


@dataclass(slots=True)
class Index:
    """Ids by each key of a row: why → key → ids."""

    by: dict[str, dict[str, tuple[str, ...]]] = field(
        default_factory=lambda: {why: {} for why in WHYS}
    )

    def find(self, why: str, key: str) -> tuple[str, ...]:
        """Whoever has this key."""
        return self.by[why].get(key, ())

    def add(self, row: Row) -> None:
        """A row is known from now on."""
        for why, key in _keys(row.name, row.dong, row.address, row.number):
            self.by[why][key] = (*self.find(why, key), row.id)

    def drop(self, row: Row) -> None:
        """It is not any more."""
        for why, key in _keys(row.name, row.dong, row.address, row.number):
            left = tuple(one for one in self.find(why, key) if one != row.id)
            if left:
                self.by[why][key] = left
            else:
                self.by[why].pop(key, None)


def _keys(name: str, dong: str, address: str, number: str) -> Iterator[tuple[str, str]]:
    place = place_key(dong, address)
    if place:
        yield ADDRESS, place
        yield BUILDING, building_key(dong, address)
    if name and _dong(dong, address):
        yield NAME, name_key(_dong(dong, address), name)
    if number_key(number):
        yield NUMBER, number_key(number)


def alike(
    household: Register,
    *,
    name: str = "",
    dong: str = "",
    address: str = "",
    number: str = "",
    most: int = 10,
) -> tuple[Alike, ...]:
    """Who of all that are known may be meant, the strongest reason first, each once."""
    nets, found, here = household.nets, dict[str, Alike](), _dong(dong, address)
    keys = sorted(_keys(name, dong, address, number), key=lambda key: WHYS.index(key[0]))
    for why, key in keys:
        for one in nets.index.find(why, key):
            row = nets.rows[one]
            there = _dong(row.dong, row.address)
            elsewhere = here and there and here != there
            if one in found or (elsewhere and why in (ADDRESS, BUILDING)):
                continue
            found[one] = Alike(row.id, row.person, row.name, row.dong, row.address, why)
            if len(found) == most:
                return tuple(found.values())
    return tuple(found.values())
