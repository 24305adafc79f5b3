"""Who is covered by which net: the uncovered first, by dong; the year as a plot; for paper, as CSV.

Knows: Flask, rows of gateway.coverage. May not know: what holds whom, which order is right.

    GET /people/coverage        show, dong, net, q, page; print=yes: 1,000 a page, for paper
    GET /people/coverage.csv    show, dong, net, q: every row of it
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from gateway.access import OFFICER
from gateway.coverage import choosing, plot
from gateway.coverage.rows import Figures, Row
from gateway.home import Home
from gateway.netting import NETS
from gateway.report.tables.cells import Column, Table, csv_bytes
from gateway.roster import NOBODY
from gateway.web import nettings, seat, section
from gateway.web.framing import render
from gateway.web.people import EVERYBODY
from gateway.web.room import room
from gateway.web.words import Words
from gateway.zones import local, months_to

coverage = Blueprint("coverage", __name__)
View = dict[str, Any]
ADDRESS = "/people/coverage"
_TABLE = Table(
    "coverage",
    tuple(
        Column(name)
        for name in (
            "id", "looked_after", "name", "dong", "address", "covered",
            *(f"{net}_{what}" for net in NETS for what in ("state", "since", "ask_again")),
        )
    ),
    ("id",),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken from the home under its lock; rows do not change."""

    rows: Sequence[Row]
    months: Sequence[tuple[str, Figures | None]]  # the newest last; none where not hers to see
    now_ms: int
    today: str  # ISO, where the home is


@coverage.get(ADDRESS)
def show() -> ResponseReturnValue:
    """The list, a page of it."""
    words, taken, wanted = nettings.home_words(), covered_here(), _wanted()
    seat.looked_at(EVERYBODY)
    found = choosing.chosen(taken.rows, wanted, taken.today)
    done = request.args.get("done", "")
    return render(
        "coverage.html",
        words,
        now=words.moment(taken.now_ms, taken.now_ms),
        done=words.say(f"done.{done}") if words.has(f"done.{done}") else None,
        figures=_figures(found, words),
        filters=[_filter(name, wanted, found, words) for name in choosing.FILTERS],
        rows=[nettings.row(each, taken.today, words) for each in found.rows],
        wanted=wanted,
        most=section.SEARCH_MOST,
        dongs=[("", words.say("coverage.every_dong")), *((d, d) for d, _f in found.dongs if d)],
        nets=[("", words.say("coverage.every_net")), *((n, words.say(f"net.{n}")) for n in NETS)],
        counted=words.say("coverage.found", n=found.found),
        paged=words.say("officer.page", n=found.page, of=found.pages),
        stops=words.say("coverage.part", n=found.page, of=found.pages, most=choosing.PAPER)
        if wanted.paper and found.pages > 1
        else None,
        before=_address(replace(wanted, page=found.page - 1), words) if found.page > 1 else None,
        after=_address(replace(wanted, page=found.page + 1), words)
        if found.page < found.pages
        else None,
        by_dong=[_dong(dong, of, words) for dong, of in found.dongs],
        export=_address(replace(wanted, page=1), words, f"{ADDRESS}.csv"),
        paper=_address(replace(wanted, page=1, paper=True), words),
        all_of_them=seat.who().may({OFFICER}),
        **_year(taken, words),
    )


@coverage.get(f"{ADDRESS}.csv")
def export() -> ResponseReturnValue:
    """Every row that is wanted."""
    taken = covered_here()
    seat.looked_at(EVERYBODY)
    rows = choosing.listed(taken.rows, _wanted(), taken.today)
    return section.download(csv_bytes(_TABLE, map(_cells, rows)), "text/csv", "coverage.csv")


def covered_here() -> Taken:
    """The rows that whoever asks may see; a district of them is looked through without the home."""
    ids = seat.who().persons({OFFICER})

    def view(home: Home, now_ms: int) -> Taken:
        nets, roster = home.household.nets, home.household.roster or NOBODY
        rows = tuple(nets.rows.values())
        today = local(now_ms, roster.zone).date()
        back = months_to(today, plot.MONTHS) if nets.month else []
        months = [(name, nets.at_month(name)) for name in reversed(back)]
        return Taken(rows, months, now_ms, today.isoformat())

    taken = room().desk.ask(view)
    if ids is None:
        return taken
    return replace(taken, rows=[r for r in taken.rows if r.person and r.id in ids], months=())


def _wanted() -> choosing.Wanted:
    asked = request.args
    show, net = asked.get("show", "all"), asked.get("net", "")
    return choosing.Wanted(
        show=show if show in choosing.FILTERS else "all",
        dong=asked.get("dong", "")[:80],
        net=net if net in NETS else "",
        text=section.searched(),
        page=max(1, asked.get("page", 1, type=int)),
        paper=bool(asked.get("print")),
    )


def _address(wanted: choosing.Wanted, words: Words, to: str = ADDRESS) -> str:
    asked = {
        "show": wanted.show, "dong": wanted.dong, "net": wanted.net, "q": wanted.text,
        "page": wanted.page, "print": "yes" if wanted.paper else "",
    }  # fmt: skip
    left = {name: value for name, value in asked.items() if value not in ("", "all", 1)}
    return f"{to}?{urlencode({**left, 'lang': words.language})}"


def _filter(name: str, wanted: choosing.Wanted, found: choosing.Chosen, words: Words) -> View:
    return {
        "name": words.say(f"coverage.filter.{name}"),
        "address": _address(replace(wanted, show=name, page=1), words),
        "here": name == wanted.show,
        "count": found.counts[name],
    }


def _figures(found: choosing.Chosen, words: Words) -> list[View]:
    of = found.figures
    counts = (("people", of.people), ("covered", of.covered), ("uncovered", of.uncovered))
    return [
        {"name": words.say(f"coverage.{name}"), "count": n, "alarm": name == "uncovered" and n > 0}
        for name, n in counts
    ]


def _dong(dong: str, of: Figures, words: Words) -> list[str]:
    name = dong or words.say("coverage.no_dong")
    nets = (str(of.by_net[net]) for net in NETS)
    return [name, str(of.people), str(of.uncovered), *nets]


def _year(taken: Taken, words: Words) -> View:
    """The plot and its table; nothing where the whole is not hers to see."""
    if not taken.months:
        return {"year": None, "year_rows": []}
    named = [
        plot.Month(words.say("coverage.month_short", n=int(name[5:])), of)
        for name, of in taken.months
    ]
    rows = [
        [words.say("coverage.month", year=name[:4], month=words.say(f"month.{int(name[5:])}")),
         str(of.people), str(of.covered), str(of.uncovered)]
        for name, of in taken.months if of is not None
    ]  # fmt: skip
    told = "; ".join(words.say("coverage.told", month=r[0], n=r[1], open=r[3]) for r in rows)
    says = plot.Says(
        words.say("coverage.year"), words.say("coverage.covered"), words.say("coverage.uncovered"),
        told, words.language,
    )  # fmt: skip
    return {"year": plot.year(named, says), "year_rows": rows}


def _cells(row: Row) -> dict[str, str | bool | None]:
    nets = {net.name: net for net in row.nets}
    cells: dict[str, str | bool | None] = {
        "id": row.id, "looked_after": row.person, "name": row.name, "dong": row.dong,
        "address": row.address, "covered": row.covered,
    }  # fmt: skip
    for name in NETS:
        net = nets.get(name)
        cells[f"{name}_state"] = net.state if net else ""
        cells[f"{name}_since"] = net.since_day if net else ""
        cells[f"{name}_ask_again"] = net.ask_again_day if net else ""
    return cells
