"""Homes out of folders of CSV files: a power a minute for each column that was found.

Knows: names of columns, separators, which files are one home. May not know: signs, detectors.

Files of one folder whose names differ only in a date or a part number are one home; other names
are other homes; folders below are read too. An hour that stands there twice (end of summer time) is
read once, its greater values.
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
from pathlib import Path
from typing import TextIO

from tools.bench.inactivity_times import minute_of, month_first, time_places

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
_MOST_W = 1e6  # no home draws a megawatt: not a power
_LEAST_W = -100.0  # a meter's zero wanders; less is not a power
_TOLD = 160  # characters of a header that are shown
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
    refused: int = 0  # rows without a readable time, and what stands there in the first one
    refused_word: str = ""


def recordings(folder: Path, told: Callable[[str], None]) -> Iterator[Recording]:
    """Each home of a folder; UnreadableError where there is none. `told`: files left out, why."""
    if not folder.is_dir():
        raise UnreadableError(f"{folder}: no such folder")
    found = (path for path in folder.rglob("*") if not path.is_dir())
    files = sorted(path for path in found if path.name.lower().endswith(SUFFIXES))
    if not files:
        raise UnreadableError(f"{folder}: no .csv or .csv.gz file in it")
    groups: dict[str, list[Path]] = {}
    for path in files:
        groups.setdefault(_home(path, folder), []).append(path)
    for name, paths in groups.items():
        read = _read(name, paths, told)
        if read.minutes:
            yield read


def _home(path: Path, folder: Path) -> str:
    stem = DATED.sub("", path.name.split(".csv", maxsplit=1)[0]).strip("-_. ")
    place = path.parent.relative_to(folder.parent).as_posix()
    return f"{place}/{stem}" if stem else place


def _read(name: str, paths: list[Path], told: Callable[[str], None]) -> Recording:
    found = Recording(name)
    for path in paths:
        try:
            with _opened(path) as file:
                _rows(path, file, found)
            found.files += 1
        except UnreadableError as error:
            told(f"{error}; left out")
        except (EOFError, csv.Error, zlib.error) as error:
            told(f"{path}: not a whole CSV file ({error}); what was read of it counts")
        except OSError as error:
            told(f"{path}: cannot be read ({error.strerror or error}); left out")
    if found.refused:
        told(
            f"{name}: {found.refused} of {found.rows} rows have no time that is understood, "
            f"such as {found.refused_word!r}; 2014-03-20 12:01:00 would be"
        )
    elif found.files and not found.minutes:
        told(f"{name}: a header without a row; left out")
    _in_order(found)
    _in_watts(found)
    return found


def _opened(path: Path) -> TextIO:
    """Its text, by what is in it and not by its name; what is no UTF-8 is a name's odd letter."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    opened = gzip.open if packed else open
    with opened(path, "rb") as file:
        wide = file.read(2) in {b"\xff\xfe", b"\xfe\xff"}
    encoding = "utf-16" if wide else "utf-8-sig"
    return opened(path, "rt", encoding=encoding, errors="replace", newline="")


def _rows(path: Path, file: TextIO, found: Recording) -> None:
    """Adds the minutes of one file."""
    first = _header(path, file)
    comma = max(",;\t", key=first.count)
    header = [name.strip() for name in next(csv.reader([first], delimiter=comma), [])]
    times, columns = _columns(path, header)
    for name in columns:
        if name not in found.watts:
            found.watts[name] = array("d", [math.nan]) * len(found.minutes)
    months_first = month_first(_stamp(row, times) for row in csv.reader(file, delimiter=comma))
    file.seek(0)
    _header(path, file)
    mean = _Minute(found, columns)
    word, minute = "", None
    for row in csv.reader(file, delimiter=comma):
        found.rows += 1
        there = _stamp(row, times)
        if there[:_TO_MINUTE] != word or len(there) < _TO_SECOND or there[4] != "-":
            word, minute = there[:_TO_MINUTE], minute_of(there, months_first=months_first)
        if minute is not None:
            mean.add(minute, row if comma != ";" else [each.replace(",", ".") for each in row])
        else:
            found.refused_word = found.refused_word or there[:40] or "an empty field"
            found.refused += 1
    mean.close()


def _header(path: Path, file: TextIO) -> str:
    """The first line that is neither empty nor a remark."""
    for line in iter(file.readline, ""):
        if line.strip() and not line.startswith(("#", "sep=")):
            return line
    raise UnreadableError(f"{path}: nothing in it")


def _stamp(row: list[str], times: list[int]) -> str:
    """Its time as it is written, date and time of day together."""
    return " ".join(row[place] for place in times if place < len(row)).strip()


def _columns(path: Path, header: list[str]) -> tuple[list[int], dict[str, list[int]]]:
    """Where the time stands, and where each power does; several kettles or phases add up."""
    plain = [name.lower().replace(" ", "").replace("_", "") for name in header]
    times = time_places(plain)
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
        shown = "".join(c if c.isprintable() and c != "\ufffd" else "?" for c in ", ".join(header))[
            :_TOLD
        ]
        raise UnreadableError(f"{path}: no column {lacks}; its first line is {shown}")
    return times, found


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
            if _LEAST_W < value < _MOST_W:
                self._sums[n] += max(0.0, value)
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
