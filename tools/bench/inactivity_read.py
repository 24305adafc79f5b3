"""Homes out of folders of CSV files: a power a minute for each column that was found.

Knows: names of columns, forms of time stamps, which files are one home. May not know: signs,
detectors.

Files of one folder whose names differ only in a date or a part number are one home; other names
are other homes; folders below are read too. Times are taken as local as they stand (an offset is
dropped, a number is UTC seconds or milliseconds); an hour that stands there twice (end of summer
time) is read once, its greater values.
"""

from __future__ import annotations

import csv
import gzip
import math
import re
import zlib
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

# The first of these that is there; a nameless first column is what a table's index is written as.
TIMES = (
    ("date", "time"), ("time",), ("timestamp",), ("datetime",), ("date",), ("unix",), ("ts",),
    ("index",), ("",),
)  # fmt: skip
COLUMNS = {
    "kettle": re.compile(r"kettle", re.IGNORECASE),
    "microwave": re.compile(r"microwave", re.IGNORECASE),
    "mains": re.compile(
        r"^(aggregate|mains?|main_?meter|total|whole_?(house|home)|use|power|global_active_power"
        r"|site_?meter)(?![a-z])",
        re.IGNORECASE,
    ),
}
DATED = re.compile(r"(?:19|20)\d\d(?:[-_.]?\d\d){0,2}(?!\d)|(?:part|chunk)[-_ ]?\d+", re.IGNORECASE)
SUFFIXES = (".csv", ".csv.gz")
LEAST_KW_W = 30.0  # a column that never exceeds this is in kilowatts: a lamp is more in watts
_MS_FROM = 1e11  # numbers beyond are milliseconds
_MOST_W = 1e6  # no home draws a megawatt: not a power
_TO_MINUTE, _TO_SECOND = 16, 19  # characters of "2014-03-20 12:01", "2014-03-20 12:01:00"


class UnreadableError(Exception):
    """What cannot be read, why, and what would do."""


@dataclass(slots=True)
class Recording:
    """One home: minutes since 1970 (as if local time were UTC), ascending, and watts of each.

    NaN where a column had no value in that minute.
    """

    name: str
    minutes: array[int] = field(default_factory=lambda: array("q"))
    watts: dict[str, array[float]] = field(default_factory=dict)
    files: int = 0
    rows: int = 0
    refused: int = 0  # rows without a readable time


def recordings(folder: Path, told: Callable[[str], None]) -> Iterator[Recording]:
    """Each home of a folder; UnreadableError where there is none. `told`: files left out, why."""
    if not folder.is_dir():
        raise UnreadableError(f"{folder}: no such folder")
    files = sorted(path for path in folder.rglob("*") if path.name.lower().endswith(SUFFIXES))
    if not files:
        raise UnreadableError(f"{folder}: no .csv or .csv.gz file in it")
    groups: dict[str, list[Path]] = {}
    for path in files:
        groups.setdefault(_home(path, folder), []).append(path)
    for name, paths in groups.items():
        found = _read(name, paths, told)
        if found.minutes:
            yield found


def _home(path: Path, folder: Path) -> str:
    stem = DATED.sub("", path.name.split(".csv", maxsplit=1)[0]).strip("-_. ")
    place = path.parent.relative_to(folder.parent).as_posix()
    return f"{place}/{stem}" if stem else place


def _read(name: str, paths: list[Path], told: Callable[[str], None]) -> Recording:
    found = Recording(name)
    for path in paths:
        opened = gzip.open if path.name.lower().endswith(".gz") else open
        try:
            with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
                _rows(path, file, found)
            found.files += 1
        except UnreadableError as error:
            told(f"{error}; left out")
        except (OSError, EOFError, UnicodeDecodeError, csv.Error, zlib.error) as error:
            told(f"{path}: not a whole CSV file ({error}); what was read of it counts")
    _in_order(found)
    _in_watts(found)
    return found


def _rows(path: Path, file: TextIO, found: Recording) -> None:
    """Adds the minutes of one file."""
    first = file.readline()
    comma = max(",;\t", key=first.count)
    header = [name.strip() for name in next(csv.reader([first], delimiter=comma), [])]
    times, columns = _columns(path, header)
    for name in columns:
        if name not in found.watts:
            found.watts[name] = array("d", [math.nan]) * len(found.minutes)
    mean = _Minute(found, columns)
    word, minute, at = "", None, times[0]
    for row in csv.reader(file, delimiter=comma):
        found.rows += 1
        there = row[at] if len(times) == 1 and len(row) > at else " ".join(_some(row, times))
        if there[:_TO_MINUTE] != word or len(there) < _TO_SECOND:
            word, minute = there[:_TO_MINUTE], _minute(there)
        if minute is None:
            found.refused += 1
        else:
            mean.add(minute, row if comma != ";" else [each.replace(",", ".") for each in row])
    mean.close()


def _some(row: list[str], places: list[int]) -> list[str]:
    return [row[place] for place in places if place < len(row)]


def _columns(path: Path, header: list[str]) -> tuple[list[int], dict[str, list[int]]]:
    """Where the time stands, and where each power does; several kettles or phases add up."""
    plain = [name.lower().replace(" ", "").replace("_", "") for name in header]
    times = next((names for names in TIMES if set(names) <= set(plain)), ())
    found = {
        what: [n for n, name in enumerate(header) if names.search(name.replace(" ", "_"))]
        for what, names in COLUMNS.items()
    }
    found = {what: places for what, places in found.items() if places}
    if "mains" in found:  # of several meters the first, with its phases
        meter = re.sub(r"\d", "", header[found["mains"][0]])
        found["mains"] = [n for n in found["mains"] if re.sub(r"\d", "", header[n]) == meter]
    if not times or not found:
        lacks = "time" if not times else "Aggregate/mains, Kettle or Microwave"
        raise UnreadableError(f"{path}: no column {lacks}; its columns are {', '.join(header)}")
    return [plain.index(name) for name in times], found


def _minute(word: str) -> int | None:
    """Minutes since 1970 of a time stamp; None if it is none."""
    try:
        there = datetime.fromisoformat(word)
    except ValueError:
        return _odd_minute(word.strip())
    return int(there.replace(tzinfo=UTC).timestamp()) // 60


def _odd_minute(word: str) -> int | None:
    """The same of a number, or of day/month/year."""
    try:
        number = float(word)
    except ValueError:
        return _day_first(word)
    if not math.isfinite(number):
        return None
    return int(number / 1000 if number > _MS_FROM else number) // 60


def _day_first(word: str) -> int | None:
    for form in ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M"):
        try:
            return int(datetime.strptime(word, form).replace(tzinfo=UTC).timestamp()) // 60
        except ValueError:
            continue
    return None


class _Minute:
    """Means of the rows of one minute; rows come every minute or more often."""

    def __init__(self, found: Recording, columns: dict[str, list[int]]) -> None:
        self._found = found
        self._minute: int | None = None
        self._places = [(n, place) for n, each in enumerate(columns.values()) for place in each]
        self._parts = [len(places) for places in columns.values()]
        self._sums = [0.0] * len(columns)
        self._counts = [0] * len(columns)
        self._kept = [found.watts[name] for name in columns]
        self._absent = [kept for name, kept in found.watts.items() if name not in columns]

    def add(self, minute: int, row: list[str]) -> None:
        """One row; what is no number of watts is left out."""
        if minute != self._minute:
            self.close()
            self._minute = minute
        for n, place in self._places:
            try:
                value = float(row[place])
            except (ValueError, IndexError):
                continue
            if 0 <= value < _MOST_W:
                self._sums[n] += value
                self._counts[n] += 1

    def close(self) -> None:
        """The minute is over."""
        if self._minute is None:
            return
        self._found.minutes.append(self._minute)
        for n, kept in enumerate(self._kept):
            count = self._counts[n]
            kept.append(self._sums[n] * self._parts[n] / count if count else math.nan)
            self._sums[n], self._counts[n] = 0.0, 0
        for kept in self._absent:
            kept.append(math.nan)
        self._minute = None


def _in_order(found: Recording) -> None:
    """Ascending minutes, each once: of two the greater values."""
    minutes = found.minutes
    if all(minutes[n] < minutes[n + 1] for n in range(len(minutes) - 1)):
        return
    order = sorted(range(len(minutes)), key=minutes.__getitem__)
    kept: array[int] = array("q")
    watts: dict[str, array[float]] = {name: array("d") for name in found.watts}
    for n in order:
        again = bool(kept) and kept[-1] == minutes[n]
        if not again:
            kept.append(minutes[n])
        for name, values in found.watts.items():
            if not again:
                watts[name].append(values[n])
            elif not watts[name][-1] >= values[n]:  # also where the first one is NaN
                watts[name][-1] = values[n]
    found.minutes, found.watts = kept, watts


def _in_watts(found: Recording) -> None:
    for name, values in found.watts.items():
        most = max((v for v in values if not math.isnan(v)), default=0.0)
        if 0 < most < LEAST_KW_W:
            found.watts[name] = array("d", (v * 1000 for v in values))
