"""A survey of single households, line by line: understood or refused with the place.

Knows: the columns of a survey, how its cells are written, what is known already.
May not know: a file, a page, the time (`today` is an argument), what is written down of it.

    table = headed(lines)              Table, or Wrong: of the file as a whole
    line = line_of(table, n, text, today)       None where nothing stands in it
    placed(nets, line)                 the same line, with what would become of it

A line is a record of its own (gateway.coverage.records). Nothing is kept of a line before, so a
hundred thousand cost no more room than one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Any

from gateway.config.fields import ADDRESS_CHARACTERS, NAME_CHARACTERS
from gateway.coverage.records import Wrong, column_of, delimiter_of
from gateway.coverage.records import cells as cells_of
from gateway.coverage.register import (
    ADDRESS,
    NAME,
    NUMBER,
    Known,
    name_key,
    number_key,
    place_key,
    plain,
)
from gateway.coverage.rows import Net, Row
from gateway.netting import ENDED, HOLDS, NETS, REFUSED

LINES_MOST = 100_000
TITLES_MOST = 10  # lines above the headings
NUMBER_CHARACTERS = 30
BIRTH_FIRST = 1900
# A column and how it may be headed; the first is how a template heads it.
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("이름", "성명", "name"),
    "dong": ("동", "행정동", "법정동", "읍면동", "dong"),
    "address": ("주소", "도로명주소", "address"),
    "birth": ("출생연도", "출생년도", "생년월일", "생년", "birth year"),
    "number": ("연락처", "전화번호", "휴대전화", "telephone"),
    "box": ("약상자", "스마트 약상자", "box"),
    "plug": ("안심플러그", "플러그", "plug"),
    "phone": ("안심앱", "앱", "휴대폰", "phone"),
    "call": ("안부전화", "call"),
    "voice_message": ("음성메시지", "음성안부", "voice message"),
    "visit": ("방문", "visit"),
    "deliverer": ("배달", "음료배달", "deliverer"),
    "neighbour": ("이웃", "neighbour"),
}
NEEDED = ("name", "dong", "address")
YES = frozenset(["o", "○", "◯", "●", "v", "✓", "1", "예", "네", "유", "있음", "이용", "y", "yes"])
NO = frozenset(["x", "×", "-", "0", "아니오", "아니요", "무", "없음", "미이용", "n", "no"])
NOT_WANTED = frozenset(["거부", "거절", "refused"])
_DAY = re.compile(r"(19|20)[0-9]{2}([-./](0?[1-9]|1[0-2])([-./](0?[1-9]|[12][0-9]|3[01]))?)?\.?")
_BIRTH = re.compile(r"(19|20)[0-9]{2}")


class State(StrEnum):
    """What would become of a line."""

    NEW = "new"
    CHANGED = "changed"  # a household of the register, of which it says something else
    THERE = "there"  # nothing new
    PERSON = "person"  # somebody who is looked after here: only her nets are written down
    TWICE = "twice"  # the file has said it before
    WRONG = "wrong"


ENTERED = frozenset({State.NEW, State.CHANGED, State.PERSON})


@dataclass(frozen=True, slots=True)
class Line:
    """One household. `of`: known already; `like`, `near`: who, which line may be the same."""

    at: int  # the line in the file, from 1
    name: str = ""
    dong: str = ""
    address: str = ""
    birth_year: int | None = None
    number: str = ""
    # As HouseholdSurveyed has them, and ENDED where it says that there is none.
    nets: dict[str, dict[str, Any]] = field(default_factory=dict)
    state: State = State.NEW
    of: str = ""
    like: str = ""
    near: int = 0
    wrong: tuple[Wrong, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """What stands in which place of a line; "" for a column that says nothing to us."""

    columns: tuple[str, ...]
    delimiter: str
    at: int  # the line of the headings
    unread: tuple[str, ...] = field(default=(), compare=False)  # headings that say nothing to us


def headed(lines: Iterable[tuple[int, str]]) -> Table | Wrong:
    """The headings, from the first line that has them; above it a title may stand."""
    first: Wrong | None = None
    for at, text in islice((of for of in lines if of[1].strip()), TITLES_MOST):
        found = _headings(at, text.removeprefix("\ufeff"))
        if isinstance(found, Table) or found.code != "no_column":
            return found
        first = first or found
    return first or Wrong("empty")


def _headings(at: int, text: str) -> Table | Wrong:
    delimiter = delimiter_of(text)
    heads = [_tidy(cell) for cell in cells_of(text.rstrip("\r\n"), delimiter) or ()]
    columns = tuple(column_of(head, COLUMNS) for head in heads)
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        return Wrong("no_column", COLUMNS[missing[0]][0], text.strip()[:80])
    doubled = [name for name in columns if name and columns.count(name) > 1]
    if doubled:
        return Wrong("column_twice", COLUMNS[doubled[0]][0])
    unread = (head for head, name in zip(heads, columns, strict=True) if head and not name)
    return Table(columns, delimiter, at, tuple(unread))


def line_of(table: Table, at: int, text: str, today: str) -> Line | None:
    """What a line says; None for an empty one."""
    if not text.strip(" \t\r\n,;\ufeff"):
        return None
    cells = cells_of(text.rstrip("\r\n"), table.delimiter)
    if cells is None:
        return Line(at, state=State.WRONG, wrong=(Wrong("not_csv", found=text.strip()[:40]),))
    named = {n: _tidy(c) for n, c in zip(table.columns, cells, strict=False) if n and c.strip()}
    if len(cells) > len(table.columns):  # they have moved: nothing of it stands in its place
        return Line(at, named.get("name", ""), state=State.WRONG, wrong=(Wrong("cells"),))
    wrong = [*_unfit(named)]
    birth = _BIRTH.match(named.get("birth", ""))
    if "birth" in named and not (birth and BIRTH_FIRST <= int(birth[0]) <= int(today[:4])):
        wrong.append(Wrong("birth", COLUMNS["birth"][0], named["birth"]))
    nets = {}
    for net in NETS:
        said = _net(named.get(net, ""), today)
        if said is None:
            wrong.append(Wrong("net", COLUMNS[net][0], named[net]))
        elif said:
            nets[net] = said
    return Line(
        at, named.get("name", ""), named.get("dong", ""), named.get("address", ""),
        int(birth[0]) if birth else None, named.get("number", ""), nets,
        State.WRONG if wrong else State.NEW, wrong=tuple(wrong),
    )  # fmt: skip


def _tidy(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFC", cell).split())


def _unfit(named: dict[str, str]) -> Iterator[Wrong]:
    """What of a line cannot be taken, but for its nets."""
    most = {"name": NAME_CHARACTERS, "dong": NAME_CHARACTERS, "address": ADDRESS_CHARACTERS}
    for name, length in {**most, "number": NUMBER_CHARACTERS}.items():
        text = named.get(name, "")
        if name in NEEDED and not text:
            yield Wrong("missing", COLUMNS[name][0])
        elif len(text) > length or not text.isprintable():
            yield Wrong("long", COLUMNS[name][0], text[:40])
        elif name == "address" and not place_key("", text):
            yield Wrong("no_house", COLUMNS[name][0], text)


def _net(cell: str, today: str) -> dict[str, Any] | None:
    """{} where nothing is said, None where it cannot be read."""
    word, _, rest = cell.partition(" ")
    if not cell:
        return {}
    if plain(word) in NO:
        return None if rest else {"state": ENDED, "from_day": today, "ask_again_day": None}
    day = _day(rest if plain(word) in YES | NOT_WANTED else cell)
    if day is None:
        return None
    if plain(word) in NOT_WANTED:
        return {"state": REFUSED, "from_day": today, "ask_again_day": day or None}
    if day > today:  # what has not begun holds nobody
        return None
    return {"state": HOLDS, "from_day": day or today, "ask_again_day": None}


def _day(text: str) -> str | None:
    """ISO of "2025", "2025-3" or "2025. 3. 2."; "" for nothing, None where it is no day."""
    written = text.replace(" ", "").rstrip(".")
    if not written:
        return ""
    if not _DAY.fullmatch(written):
        return None
    year, month, day = ([int(n) for n in re.split(r"[-./]", written)] + [1, 1])[:3]
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def key_of(line: Line) -> str:
    """The same for two lines about one household."""
    return f"{plain(line.dong)}/{place_key(line.dong, line.address)}/{plain(line.name)}"


def likenesses(line: Line) -> Iterator[str]:
    """What two lines share that may be about one household: the name in the dong, the number."""
    yield name_key(line.dong, line.name)
    if number := number_key(line.number):
        yield number


def placed(nets: Known, line: Line) -> Line:
    """What would become of it, as things are known now."""
    if line.state in (State.WRONG, State.TWICE):
        return line
    row = _known(nets, line)
    if row is None:
        return replace(line, state=State.NEW, of="", like=_like(nets, line))
    said = news(nets, row, line)
    if not row.person and (said or not _same(row, line)):
        return replace(line, state=State.CHANGED, of=row.id)
    if row.person and said:
        return replace(line, state=State.PERSON, of=row.id)
    return replace(line, state=State.THERE, of=row.id)


def news(nets: Known, row: Row, line: Line) -> dict[str, dict[str, Any]]:
    """Of the nets of a line those that are not known as it says them.

    What is there to be seen is no matter of a survey's word.
    """
    known, there = {net.name: net for net in row.nets}, nets.there(row.id)
    return {
        name: said
        for name, said in line.nets.items()
        if name not in there and _is_new(known.get(name), said)
    }


def _is_new(net: Net | None, said: dict[str, Any]) -> bool:
    """Since when it holds, or was refused, stands as it was first told."""
    if said["state"] == ENDED:
        return net is not None and net.state == HOLDS
    if net is None or net.state != said["state"]:
        return True
    return said["ask_again_day"] not in (None, net.ask_again_day)


def _known(nets: Known, line: Line) -> Row | None:
    """Of that name at that place."""
    ids = nets.index.find(ADDRESS, place_key(line.dong, line.address))
    rows = (nets.rows[one] for one in ids)
    here = (plain(line.name), plain(line.dong))
    found = [r for r in rows if (plain(r.name), plain(r.dong or line.dong)) == here]
    return next((r for r in found if not _other_year(r.birth_year, line.birth_year)), None)


def _other_year(one: int | None, other: int | None) -> bool:
    """Two of one name in one house: born in different years they are not the same."""
    return one is not None and other is not None and one != other


def _same(row: Row, line: Line) -> bool:
    """Whether all that a line says of a household beside its nets is known."""
    return line.birth_year in (None, row.birth_year) and line.number in ("", row.number)


def _like(nets: Known, line: Line) -> str:
    """Somebody of the same name in the same dong, or with the same number."""
    keys = ((NAME, name_key(line.dong, line.name)), (NUMBER, number_key(line.number)))
    found = (one for why, key in keys if key for one in nets.index.find(why, key))
    return next(found, "")
