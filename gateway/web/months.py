"""The month's report: for reading, for paper, as a table.

Knows: Flask, the desk, which word stands for which code. May not know: how a figure is reckoned
(gateway.officer.month), how a page is printed.

    GET /people/month                    month (ISO, "2026-10"; this one unless said)
    GET /people/month/report.pdf?month   the same, printed
    GET /people/month/table.csv?month    the same, a line for each figure

The doses of a month are looked at some at a time, so that the desk is never held for long.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from gateway import report
from gateway.beliefs import CloseKey
from gateway.home import Home
from gateway.officer import month as figures
from gateway.officer.month import Section, Seen, Value
from gateway.officer.months import Tally, days_of
from gateway.report.page.month import Part
from gateway.report.tables.month import Figure
from gateway.roster import Roster
from gateway.web import seat
from gateway.web.framing import render
from gateway.web.room import room, sorry, words_for
from gateway.web.section import download
from gateway.web.words import Words

months = Blueprint("months", __name__)

LISTED = 24  # months
# Whose words say a code, where they are not the report's own.
WORDS_OF = {"signs": "life.source", "incidents": "worry"}


@dataclass(frozen=True, slots=True)
class Month:
    """One month's report as whoever asks reads it. `wrong`: it is not the one asked for."""

    name: str
    sections: tuple[Section, ...]
    names: tuple[str, ...]  # of all months there are, the newest first
    roster: Roster
    words: Words
    now_ms: int
    wrong: bool = False

    @property
    def over(self) -> bool:
        """Whether the month had ended when it was reckoned."""
        return self.words.local(self.now_ms).date() >= days_of(self.name)[1]

    @property
    def about(self) -> str:
        """When it was made, and whether the month is over."""
        key = "monthly.made" if self.over else "monthly.made.early"
        at_ms = self.now_ms
        day = self.words.day_of(self.words.local(at_ms).date().isoformat())
        return self.words.say(key, at=f"{day} {self.words.clock(at_ms)}")

    @property
    def title(self) -> str:
        """With the month in words."""
        return self.words.say("monthly.title", month=_month_words(self.name, self.words))


@months.get("/people/month")
def show() -> ResponseReturnValue:
    """The page."""
    seen = _asked()
    page = render(
        "month.html",
        seen.words,
        title=seen.title,
        about=seen.about,
        parts_of=_parts(seen),
        months=[(name, _month_words(name, seen.words)) for name in seen.names],
        month=seen.name,
        wrong=seen.words.say("monthly.wrong") if seen.wrong else None,
    )
    return page, HTTPStatus.BAD_REQUEST if seen.wrong else HTTPStatus.OK


@months.get("/people/month/report.pdf")
def pdf() -> ResponseReturnValue:
    """For paper."""
    seen = _asked()
    try:
        printed = report.month_pdf(seen.words.language, seen.title, seen.about, _parts(seen))
    except report.ReportError as wrong:
        sentence = seen.words.say("error.pdf", why=str(wrong))
        return sorry(seen.words, HTTPStatus.SERVICE_UNAVAILABLE, sentence)
    return download(printed, "application/pdf", f"anbu-{seen.name}.pdf")


@months.get("/people/month/table.csv")
def table() -> ResponseReturnValue:
    """For whoever reckons on: codes for programs, words for people."""
    seen = _asked()
    words = seen.words
    lines = [
        Figure(
            month=seen.name,
            section=section.key,
            item=line.code,
            figure=column,
            value=None if value is None else round(value, 3),
            section_words=words.say(f"monthly.{section.key}"),
            item_words=_item(section.key, line.code, words),
            figure_words=words.say(f"monthly.column.{column}"),
            definition=words.say(f"monthly.{section.key}.what"),
        )
        for section in seen.sections
        for line in section.lines
        for column, value in zip(section.columns, line.values, strict=True)
    ]
    return download(report.month_csv(lines), "text/csv", f"anbu-{seen.name}.csv")


def _asked() -> Month:
    """The month that was asked for, reckoned; this one where there is no such."""
    roster, now_ms, names = room().desk.ask(months_there)
    words = words_for({"language": roster.language, "time_zone": roster.time_zone})
    asked = request.args.get("month", names[0])
    name = asked if asked in names else names[0]
    doses = doses_of(name, roster)

    def reckon(home: Home, _now_ms: int) -> tuple[Section, ...]:
        tally = home.months.of.get(name, Tally())
        return figures.sections(Seen(name, roster, home.household.nets, home.ledger, tally, doses))

    sections = room().desk.ask(reckon)
    seat.looked_at("*")
    return Month(name, sections, names, roster, words, now_ms, wrong=asked != name)


def months_there(home: Home, now_ms: int) -> tuple[Roster, int, tuple[str, ...]]:
    """The months there are, the newest first: from the first that has anything in it to this."""
    roster = home.household.roster or Roster("", "Asia/Seoul", "ko")
    words = words_for({"language": roster.language, "time_zone": roster.time_zone})
    day = words.local(now_ms).date().replace(day=1)
    first = min(home.months.of, default="")
    names = [f"{day:%Y-%m}"]
    while len(names) < LISTED and first and names[-1] > first:
        day = (day - timedelta(days=1)).replace(day=1)
        names.append(f"{day:%Y-%m}")
    return roster, now_ms, tuple(names)


def doses_of(name: str, roster: Roster) -> Counter[str]:
    """How the doses of a month stand, by state; the desk is asked for some at a time."""
    found, after = _some(name, roster, None)
    while after is not None:
        more, after = _some(name, roster, after)
        found += more
    return found


def _some(
    name: str, roster: Roster, after: CloseKey | None
) -> tuple[Counter[str], CloseKey | None]:
    return room().desk.ask(
        lambda home, now_ms: figures.doses(home.household, roster, name, now_ms, after)
    )


def _month_words(name: str, words: Words) -> str:
    first, _after = days_of(name)
    return words.say("monthly.month", year=first.year, month=words.say(f"month.{first.month}"))


def _parts(seen: Month) -> list[Part]:
    words = seen.words
    return [
        Part(
            key=section.key,
            title=words.say(f"monthly.{section.key}"),
            what=words.say(f"monthly.{section.key}.what"),
            heads=(
                words.say("monthly.item"),
                *(words.say(f"monthly.column.{column}") for column in section.columns),
            ),
            lines=tuple(
                (
                    _item(section.key, line.code, words),
                    *(
                        _shown(value, column, words)
                        for value, column in zip(line.values, section.columns, strict=True)
                    ),
                )
                for line in section.lines
            ),
            none=words.say("monthly.none"),
        )
        for section in seen.sections
    ]


def _item(section: str, code: str, words: Words) -> str:
    own = f"monthly.{section}.{code}"
    if words.has(own):
        return words.say(own)
    return words.code(WORDS_OF.get(section, section), code, label=words.say("worry.somewhat"))


def _shown(value: Value, column: str, words: Words) -> str:
    if value is None:
        return words.say("monthly.nothing")
    places = 0 if isinstance(value, int) else 1
    return words.say(f"monthly.value.{column}", value=f"{value:,.{places}f}")
