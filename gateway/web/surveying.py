"""A survey's file gone through: kept for a while, judged line by line, entered in portions.

Knows: bytes of an upload, the desk, what a line would become (gateway.coverage.survey).
May not know: Flask, HTML, words.

A file is never kept as more than its bytes: each pass reads it anew, and asks the desk about a
portion of its lines at a time, so that nothing else waits for a hundred thousand of them.
"""

from __future__ import annotations

import io
import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import islice

from gateway.coverage import survey
from gateway.coverage.records import Wrong, encodings, records
from gateway.coverage.survey import (
    Line,
    State,
    Table,
    headed,
    key_of,
    likenesses,
    line_of,
    placed,
)
from gateway.coverage.taking import LINES_AT_ONCE, BringSurvey
from gateway.home import Home
from gateway.units import MIN_MS
from gateway.web.sse import Desk

BYTES_MOST = 16 * 1024 * 1024
KEPT_MOST = 2  # of all accounts together
KEPT_MS = 30 * MIN_MS
SHOWN_MOST = 100  # lines on the page; the file has all
_LOOK = frozenset({State.WRONG, State.TWICE})  # what an officer looks at first
_YEARS = 10_000  # a line and a year are kept as one number


@dataclass(frozen=True, slots=True)
class Drawer:
    """An upload that somebody has not confirmed yet. `today`: ISO, when it was brought."""

    key: str
    account_id: str
    raw: bytes
    encoding: str
    today: str
    until_ms: int


@dataclass(slots=True)
class Drawers:
    """The newest uploads, in memory alone: what was not confirmed leaves no trace."""

    _kept: list[Drawer] = field(default_factory=list)

    def keep(self, account_id: str, raw: bytes, encoding: str, today: str, now_ms: int) -> Drawer:
        """Put one in; the oldest falls out."""
        key = secrets.token_urlsafe(12)
        drawer = Drawer(key, account_id, raw, encoding, today, now_ms + KEPT_MS)
        mine = [d for d in self._kept if d.account_id != account_id and now_ms < d.until_ms]
        self._kept = [*mine, drawer][-KEPT_MOST:]
        return drawer

    def find(self, key: str, account_id: str, now_ms: int) -> Drawer | None:
        """Hers, while it is kept."""
        hers = (d for d in self._kept if d.key == key and d.account_id == account_id)
        return next((d for d in hers if now_ms < d.until_ms), None)

    def drop(self, key: str) -> None:
        """It was entered."""
        self._kept = [d for d in self._kept if d.key != key]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would become of a file. `wrong`: of it as a whole; `worst`: lines to look at."""

    wrong: Wrong | None
    counts: Counter[State]
    alike: int
    worst: tuple[Line, ...]
    digest: str
    unread: tuple[str, ...] = ()  # columns that say nothing to us

    @property
    def enters(self) -> int:
        """How many lines would be written down."""
        return sum(self.counts[state] for state in survey.ENTERED)


def encoding_of(raw: bytes) -> str | None:
    """The first of `encodings` in which it can be read; None: none."""
    for encoding in encodings(raw):
        try:
            for _line in _lines(raw, encoding):
                pass
        except UnicodeError:
            continue
        return encoding
    return None


def _lines(raw: bytes, encoding: str) -> Iterator[tuple[int, str]]:
    return enumerate(io.TextIOWrapper(io.BytesIO(raw), encoding), 1)


def judged(desk: Desk, drawer: Drawer) -> Iterator[Line]:
    """Every line with what would become of it now; nothing where the headings are wrong."""
    for lines in _portions(desk, drawer):
        yield from lines


def verdict(desk: Desk, drawer: Drawer) -> Verdict:
    """The dry run."""
    table = headed(records(_lines(drawer.raw, drawer.encoding)))
    if isinstance(table, Wrong):
        return Verdict(table, Counter(), 0, (), "")
    counts, alike, worst, digest = Counter[State](), 0, list[Line](), sha256()
    for line in judged(desk, drawer):
        counts[line.state] += 1
        alike += bool(line.like or line.near)
        digest.update(f"{line.at} {line.state} {line.of}\n".encode())
        if counts.total() > survey.LINES_MOST:
            break
        if len(worst) < SHOWN_MOST and (line.state in _LOOK or line.like or line.near):
            worst.append(line)
    wrong = None if counts else Wrong("empty")
    if counts.total() > survey.LINES_MOST:
        found = sum(1 for _line in _lines(drawer.raw, drawer.encoding)) - table.at
        wrong = Wrong("too_many", found=str(found))
    return Verdict(wrong, counts, alike, tuple(worst), digest.hexdigest()[:16], table.unread)


def entered(desk: Desk, drawer: Drawer, by: str) -> Iterator[int]:
    """Write it down in portions; how many lines so far. Raises EntryRefused, DeskClosed."""
    done = 0
    for lines in _portions(desk, drawer):
        fit = tuple(line for line in lines if line.state in survey.ENTERED)
        if fit:
            desk.enter(BringSurvey(fit, by))
        done += len(fit)
        yield done


def _portions(desk: Desk, drawer: Drawer) -> Iterator[list[Line]]:
    lines = records(_lines(drawer.raw, drawer.encoding))
    table = headed(lines)
    if isinstance(table, Wrong):
        return
    read = _read(table, lines, drawer.today)
    while portion := list(islice(read, LINES_AT_ONCE)):
        yield desk.ask(_Placed(portion))


@dataclass(frozen=True, slots=True)
class _Placed:
    portion: list[Line]

    def __call__(self, home: Home, _now_ms: int) -> list[Line]:
        return [placed(home.household.nets, line) for line in self.portion]


def _read(table: Table, lines: Iterator[tuple[int, str]], today: str) -> Iterator[Line]:
    """Each line; one that the file has said before is that, and names where."""
    seen: dict[int, int] = {}
    for at, text in lines:
        line = line_of(table, at, text, today)
        if line is None:
            continue
        if line.state is not State.WRONG:
            first = _first(seen, line)
            if first != at:
                line = replace(line, state=State.TWICE, of=str(first))
            near = [seen.setdefault(hash((one,)), at) for one in likenesses(line)]
            if first == at and min(near) != at:
                line = replace(line, near=min(near))
        yield line


def _first(seen: dict[int, int], line: Line) -> int:
    """The first line of the file about this household; of two born in other years each has one."""
    key, born = key_of(line), line.birth_year or 0
    first, year = divmod(seen.setdefault(hash(key), line.at * _YEARS + born), _YEARS)
    if first == line.at or not born or not year or born == year:
        return first
    return seen.setdefault(hash((key, born)), line.at * _YEARS) // _YEARS
