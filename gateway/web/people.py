"""The officer's list: everybody by urgency; the visits of a day; how right the alarms were.

Knows: Flask, the desk. May not know: how urgent anybody is (gateway.officer), how the list is drawn
(listing.py), how a row is worded (standings.py).

    GET /people           show (a filter), h (hours), q (a name), page
    GET /people/visits    day (ISO; today unless said)
    GET /people/alarms
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from gateway.access import OFFICER
from gateway.home import Home
from gateway.incidents.budget import BUDGET, Alarms
from gateway.officer import choosing
from gateway.officer import visits as visiting
from gateway.officer.alarms import Yield, alarms_of_all
from gateway.officer.standing import Standing
from gateway.roster import NOBODY, Roster
from gateway.web import looked_in, seat, section, standings
from gateway.web.framing import render
from gateway.web.listing import Listing, about, by_hours
from gateway.web.room import room, words_for
from gateway.web.words import Words
from gateway.zones import day_of

people = Blueprint("people", __name__)
T = TypeVar("T")
View = dict[str, Any]
EVERYBODY = "*"  # for the access log: a list of all


def looked(draw: Callable[[Home, Roster, Sequence[Standing], int], T]) -> tuple[T, Words, int]:
    """What `draw` makes of the rows this officer may see, under the desk's lock."""
    ids = seat.who().persons({OFFICER})

    def view(home: Home, now_ms: int) -> tuple[T, Words, int]:
        roster = home.household.roster or NOBODY
        rows: Sequence[Standing] = home.board.rows(home.household, home.ledger, now_ms)
        if ids is not None:
            rows = [row for row in rows if row.person_id in ids]
        words = words_for({"language": roster.language, "time_zone": roster.time_zone})
        return draw(home, roster, rows, now_ms), words, now_ms

    found = room().desk.ask(view)
    seat.looked_at(EVERYBODY)
    return found


@people.get("/people")
def index() -> ResponseReturnValue:
    """Everybody by urgency, or those a filter shows; a page of them."""
    asked, words, account = wanted(), words_for(None), seat.who()
    drawn, ids = listing(asked, words)()[1], account.persons({OFFICER})
    seat.looked_at(EVERYBODY)
    return render(
        "people.html",
        words,
        about=about(asked),
        clock=words.clock(seat.now_ms()),
        sections=drawn,
        by_hours=by_hours(asked),
        wanted=asked,
        most=section.SEARCH_MOST,
        asking=room().desk.ask(lambda home, _now_ms: home.household.nets.asking(ids)),
        all_of_them=account.may({OFFICER}),  # she may bring somebody new
    )


def listing(asked: choosing.Wanted, words: Words) -> Listing:
    """The list as whoever asks may see it."""
    ids = seat.who().persons({OFFICER})
    return Listing(room().desk, current_app.jinja_env, asked, words, ids)


def wanted() -> choosing.Wanted:
    """What the address asks for."""
    asked = request.args
    name = asked.get("show", "all")
    hours = asked.get("h", choosing.HOURS_DEFAULT, type=int)
    return choosing.Wanted(
        name=name if name in choosing.FILTERS else "all",
        hours=hours if hours in choosing.HOURS else choosing.HOURS_DEFAULT,
        text=section.searched(),
        page=max(1, asked.get("page", 1, type=int)),
    )


@people.get("/people/visits")
def visits() -> ResponseReturnValue:
    """The list of a day, for paper."""
    asked = day_of(request.args.get("day", ""))

    def draw(
        home: Home, roster: Roster, rows: Sequence[Standing], now_ms: int
    ) -> tuple[list[visiting.Visit], Roster, set[str], str, str]:
        words = words_for({"time_zone": roster.time_zone})
        today = words.local(now_ms).date().isoformat()
        day = asked.isoformat() if asked else today
        found = visiting.visits(rows, home.cases, home.household.visits, roster, day, today)
        nets = home.household.nets.rows
        asking = {v.row.person_id for v in found if nets[v.row.person_id].asks_neighbour}
        return found, roster, asking, day, today

    (found, roster, asking, day, today), words, now_ms = looked(draw)
    return render(
        "visits.html",
        words,
        now=words.moment(now_ms, now_ms),
        by=seat.who().name,
        day=day,
        day_word=words.day_of(day),
        is_today=day == today,
        visits=[_visit(one, roster, now_ms, words) for one in found],
        asking=asking,
    )


def _visit(of: visiting.Visit, roster: Roster, now_ms: int, words: Words) -> View:
    return {
        **standings.row(of.row, roster, now_ms, words),
        "planned": words.say("visits.planned", by=of.planned.by) if of.planned else None,
        "due": [looked_in.expected(due, words) for due in of.due if due.plan is not of.planned],
        "found": [looked_in.found(made, now_ms, words) for made in of.made],
        "guardians": [standings.to_call(g, words) for g in of.guardians],
        "noted": standings.entry(of.newest, now_ms, words) if of.newest else None,
    }


@people.get("/people/alarms")
def alarms() -> ResponseReturnValue:
    """How many alarms, how many false, how many needed a person; of everybody, by kind, by whom."""

    def draw(
        home: Home, _roster: Roster, rows: Sequence[Standing], now_ms: int
    ) -> tuple[Yield, dict[str, str]]:
        named = {row.person_id: row.name for row in rows}
        return alarms_of_all(home.ledger, named, now_ms), named

    (seen, names), words, now_ms = looked(draw)
    every, share = seen.every, seen.false_a_person
    return render(
        "alarms_of_all.html",
        words,
        now=words.moment(now_ms, now_ms),
        days=every.days,
        kept=seen.within_budget,
        verdict=words.say(
            "yield.kept" if seen.within_budget else "yield.over",
            n=f"{share or 0:.2f}",
            budget=round(BUDGET),
            days=every.days,
        ),
        counts=[
            (words.say("yield.all"), *_counts(every, words)),
            *(
                (words.code("worry", worry, label=words.say("worry.somewhat")), *_counts(a, words))
                for worry, a in seen.by_worry.items()
            ),
        ],
        noisy=[(names[of], standings.case_of(of, words), a.false) for of, a in seen.noisy.items()],
    )


def _counts(of: Alarms, words: Words) -> list[str]:
    shown = [str(n) for n in (of.told, of.needed, of.false, of.live)]
    if of.needed_share is None:
        return [*shown, words.say("yield.none")]
    return [*shown, words.say("yield.percent", n=round(100 * of.needed_share))]
