"""People brought by a table: looked at line by line first, entered when somebody confirms it.

Knows: Flask, the plan of a table (gateway.officer.importing). May not know: what a line means.

    GET  /people/import
    GET  /people/import/template.csv
    POST /people/import           file or text: what would become of it; nothing is changed
    POST /people/import/enter     text, digest: what was shown with this digest is entered
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from gateway.coverage import records
from gateway.home import Home
from gateway.officer import importing as tables
from gateway.officer.casework import ImportPeople
from gateway.web import seat, section
from gateway.web.framing import render
from gateway.web.room import UPLOAD_LIMIT_BYTES, room, sorry, words_for
from gateway.web.words import Words

bringing = Blueprint("bringing", __name__)
View = dict[str, Any]
ADDRESS = "/people/import"


@bringing.get(ADDRESS)
def show() -> ResponseReturnValue:
    """The form, and which columns a table has."""
    return _page(_words(), None)


@bringing.get(f"{ADDRESS}/template.csv")
def template() -> ResponseReturnValue:
    """An empty table, as Korean spreadsheets open it."""
    body = records.template(tables.COLUMNS).encode("utf-8-sig")
    return section.download(body, "text/csv", "people.csv")


@bringing.post(ADDRESS)
def check() -> ResponseReturnValue:
    """The dry run: each line, and what is wrong with it."""
    words = _words()
    upload = request.files.get("file")
    raw = upload.read(UPLOAD_LIMIT_BYTES + 1) if upload else b""
    raw = raw or request.form.get("text", "").encode()
    if not raw.strip():
        return sorry(words, HTTPStatus.BAD_REQUEST, words.say("import.nothing"), ADDRESS)
    if len(raw) > UPLOAD_LIMIT_BYTES:
        says = words.say("error.413")
        return sorry(words, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, says, ADDRESS)
    text = tables.decoded(raw)
    if text is None:
        return sorry(words, HTTPStatus.BAD_REQUEST, words.say("import.not_text"), ADDRESS)
    return _page(words, text)


@bringing.post(f"{ADDRESS}/enter")
def enter() -> ResponseReturnValue:
    """What was shown is entered, in one piece."""
    words = _words()
    entry = ImportPeople(
        request.form.get("text", ""), request.form.get("digest", ""), seat.who().name
    )
    onward = f"/people?lang={words.language}"
    return section.commit(words, entry, back=ADDRESS, onward=onward)


def _words() -> Words:
    def view(home: Home, _now_ms: int) -> Words:
        roster = home.household.roster
        return words_for(
            {"language": roster.language, "time_zone": roster.time_zone} if roster else None
        )

    return room().desk.ask(view)


def _page(words: Words, text: str | None) -> ResponseReturnValue:
    plan = room().desk.ask(lambda home, _now: tables.read(text, home)) if text else None
    return render(
        "import.html",
        words,
        path=ADDRESS,
        text=text,
        columns=[
            (ways[0], words.say(f"import.column.{name}"), name in tables.NEEDED)
            for name, ways in tables.COLUMNS.items()
        ],
        most=tables.LINES_MOST,
        plan=_plan(plan, words) if plan else None,
        digest=plan.digest if plan else "",
    )


def _plan(plan: tables.Plan, words: Words) -> View:
    counts = {
        "new": len(plan.new),
        "there": sum(line.there and not line.wrong for line in plan.lines),
        "wrong": sum(bool(line.wrong) for line in plan.lines),
    }
    return {
        "whole": [_wrong(one, words) for one in plan.wrong],
        "counts": [(name, words.say(f"import.{name}"), n) for name, n in counts.items()],
        "new": counts["new"],
        "enter": words.say("import.enter", n=counts["new"]),
        "lines": [_line(line, words) for line in sorted(plan.lines, key=_worst_first)],
    }


def _worst_first(line: tables.Line) -> tuple[bool, int]:
    return not line.wrong, line.number


def _line(line: tables.Line, words: Words) -> View:
    state = "wrong" if line.wrong else "there" if line.there else "new"
    return {
        "number": line.number,
        "name": line.name or words.say("import.nameless"),
        "state": state,
        "word": words.say(f"import.{state}"),
        "wrong": [_wrong(one, words) for one in line.wrong],
        "told": ", ".join(f"{g.name} {g.number}" for g in line.guardians),
        "level": words.say(f"life.level.{line.person.level}") if line.person else "",
    }


def _wrong(of: records.Wrong, words: Words) -> str:
    return words.say(f"import.wrong.{of.code}", column=of.column, found=of.found)
