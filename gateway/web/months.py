"""The month's report: for reading, for paper, as a table.

Knows: Flask, the desk, which word stands for which code. May not know: how a figure is reckoned
(gateway.officer.month), how a page is printed.

    GET /people/month                    month (ISO, "2026-10"; this one unless said)
    GET /people/month/report.pdf?month   the same, printed
    GET /people/month/table.csv?month    the same, a line for each figure

While a month is being reckoned each of them says how far it is (503): the page and what it links to
come again by a link, or by themselves where no script runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from gateway import report
from gateway.home import Home
from gateway.officer import month as figures
from gateway.officer.month import Section, Seen, Value
from gateway.officer.months import Tally, days_of
from gateway.report.page.month import Part
from gateway.report.tables.month import Figure
from gateway.roster import NOBODY, Roster
from gateway.web import seat
from gateway.web.framing import render
from gateway.web.reckoning import BeingReckoned
from gateway.web.room import room, sorry, words_for
from gateway.web.section import download
from gateway.web.words import Words
from gateway.zones import local, months_to

months = Blueprint("months", __name__)

LISTED = 24  # months
AGAIN_S = 5
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
    facts: int  # so many records of the log it was reckoned of
    wrong: bool = False

    @property
    def over(self) -> bool:
        """Whether the month had ended when it was reckoned."""
        return self.words.local(self.now_ms).date() >= days_of(self.name)[1]

    @property
    def about(self) -> str:
        """When it was made, of how many records, and whether the month is over."""
        key = "monthly.made" if self.over else "monthly.made.early"
        at_ms = self.now_ms
        day = self.words.day_of(self.words.local(at_ms).date().isoformat())
        at = f"{day} {self.words.clock(at_ms)}"
        return self.words.say(key, at=at, n=f"{self.facts:,}")

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
    doses = room().reckoner.counted(name)

    def reckon(home: Home, _now_ms: int) -> tuple[tuple[Section, ...], int]:
        tally = home.months.of.get(name, Tally())
        seen = Seen(name, roster, home.household.nets, home.ledger, tally, doses)
        return figures.sections(seen), home.months.facts

    sections, facts = room().desk.ask(reckon)
    seat.looked_at("*")
    return Month(name, sections, names, roster, words, now_ms, facts, wrong=asked != name)


@months.errorhandler(BeingReckoned)
def being_reckoned(so_far: BeingReckoned) -> ResponseReturnValue:
    """How far it is, and the way to look again."""
    roster, _now_ms, names = room().desk.ask(months_there)
    words = words_for({"language": roster.language, "time_zone": roster.time_zone})
    page = render(
        "month.html",
        words,
        title=words.say("monthly.title", month=_month_words(so_far.month, words)),
        being=words.say("monthly.being", n=f"{so_far.done:,}", of=f"{so_far.whole:,}"),
        again=f"{request.path}?month={so_far.month}&lang={words.language}",
        months=[(name, _month_words(name, words)) for name in names],
        month=so_far.month,
    )
    return page, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": str(AGAIN_S)}


def months_there(home: Home, now_ms: int) -> tuple[Roster, int, tuple[str, ...]]:
    """The months there are, the newest first: from the first that has anything in it to this."""
    roster = home.household.roster or NOBODY
    names = months_to(local(now_ms, roster.zone).date(), LISTED)
    first = min(home.months.of, default=names[0])
    return roster, now_ms, tuple(name for name in names if name >= min(first, names[0]))


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
