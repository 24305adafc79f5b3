"""A survey of single households brought by a file: looked at line by line, entered when confirmed.

Knows: Flask, the passes over a file (surveying.py). May not know: what a line means.

    GET  /people/survey
    GET  /people/survey/template.csv
    POST /people/survey              file: what would become of it; nothing is changed
    GET  /people/survey/report.csv   drawer: every line of that file and what would become of it
    POST /people/survey/enter        drawer, digest: what was shown with this digest is entered
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, request, stream_with_context
from flask.typing import ResponseReturnValue

from gateway.coverage import records, survey
from gateway.desk import DeskClosed
from gateway.refused import EntryRefused
from gateway.report.tables.cells import harmless
from gateway.web import seat, section, surveying
from gateway.web.framing import render
from gateway.web.nettings import home_words
from gateway.web.room import room, sorry
from gateway.web.surveying import BYTES_MOST, Drawer
from gateway.web.words import Words

surveys = Blueprint("surveys", __name__)
View = dict[str, Any]
ADDRESS = "/people/survey"
SIGNS = {
    "new": "taken", "changed": "handled", "person": "handled",
    "there": "paused", "twice": "doubtful", "wrong": "missed",
}  # fmt: skip


@surveys.get(ADDRESS)
def show() -> ResponseReturnValue:
    """The form, and which columns a survey has."""
    return _page(home_words(), None, None)


@surveys.get(f"{ADDRESS}/template.csv")
def template() -> ResponseReturnValue:
    """An empty survey, as Korean spreadsheets open it."""
    return section.download(
        records.template(survey.COLUMNS).encode("utf-8-sig"), "text/csv", "survey.csv"
    )


@surveys.post(ADDRESS)
def check() -> ResponseReturnValue:
    """The dry run: how many lines become what, and those to look at."""
    words = home_words()
    upload = request.files.get("file")
    raw = upload.read(BYTES_MOST + 1) if upload else b""
    if not raw.strip():
        return sorry(words, HTTPStatus.BAD_REQUEST, words.say("survey.nothing"), ADDRESS)
    if len(raw) > BYTES_MOST:
        says = words.say("survey.too_large", n=BYTES_MOST // 1024 // 1024)
        return sorry(words, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, says, ADDRESS)
    encoding = surveying.encoding_of(raw)
    if encoding is None:
        return sorry(words, HTTPStatus.BAD_REQUEST, words.say("import.not_text"), ADDRESS)
    now_ms = seat.now_ms()
    today = words.local(now_ms).date().isoformat()
    drawer = room().surveys.keep(seat.who().id, raw, encoding, today, now_ms)
    return _page(words, drawer, surveying.verdict(room().desk, drawer))


@surveys.get(f"{ADDRESS}/report.csv")
def report() -> ResponseReturnValue:
    """Every line, one by one."""
    words, drawer = home_words(), _drawer(request.args.get("drawer", ""))
    if drawer is None:
        return sorry(words, HTTPStatus.NOT_FOUND, words.say("survey.gone"), ADDRESS)
    answer = Response(stream_with_context(_report(drawer, words)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="survey-report.csv"'
    return answer


@surveys.post(f"{ADDRESS}/enter")
def enter() -> ResponseReturnValue:
    """What was shown is entered, unless something else would be by now."""
    words, drawer = home_words(), _drawer(section.field("drawer"))
    if drawer is None:
        return sorry(words, HTTPStatus.CONFLICT, words.say("survey.gone"), ADDRESS)
    seen = surveying.verdict(room().desk, drawer)
    if seen.digest != section.field("digest") or seen.wrong:
        return sorry(words, HTTPStatus.CONFLICT, words.say("entry.not.changed"), ADDRESS)
    done = 0
    try:
        for done in surveying.entered(room().desk, drawer, seat.who().name):  # noqa: B007
            pass
    except EntryRefused as refused:
        return sorry(words, HTTPStatus.BAD_REQUEST, section.why(refused, words), ADDRESS)
    except DeskClosed:
        says = words.say("survey.half", n=done)
        return sorry(words, HTTPStatus.SERVICE_UNAVAILABLE, says, ADDRESS)
    room().surveys.drop(drawer.key)
    return redirect(f"/people/coverage?lang={words.language}&done=survey", HTTPStatus.SEE_OTHER)


def _drawer(key: str) -> Drawer | None:
    return room().surveys.find(key, seat.who().id, seat.now_ms())


def _report(drawer: Drawer, words: Words) -> Iterator[str]:
    heads = ("line", "state", "name", "dong", "address", "why")
    yield "\ufeff" + _csv([words.say(f"survey.head.{head}") for head in heads])
    for line in surveying.judged(room().desk, drawer):
        told = (line.name, line.dong, line.address, " ".join(_why(line, words)))
        state = words.say(f"survey.{line.state}")
        yield _csv([str(line.at), state, *(harmless(cell) for cell in told)])


def _csv(cells: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()


def _page(words: Words, drawer: Drawer | None, seen: surveying.Verdict | None) -> str:
    return render(
        "survey.html",
        words,
        path=ADDRESS,
        columns=[
            (ways[0], words.say(f"survey.column.{name}"), name in survey.NEEDED)
            for name, ways in survey.COLUMNS.items()
        ],
        most=f"{survey.LINES_MOST:,}",
        drawer=drawer.key if drawer else "",
        seen=_seen(seen, words) if seen else None,
    )


def _seen(of: surveying.Verdict, words: Words) -> View:
    return {
        "whole": _wrong(of.wrong, words) if of.wrong else None,
        "counts": [(words.say(f"survey.{s}"), of.counts[s]) for s in survey.State],
        "alike": words.say("survey.alike", n=of.alike) if of.alike else None,
        "unread": words.say("survey.unread", columns=", ".join(of.unread)[:200])
        if of.unread
        else None,
        "enters": of.enters,
        "enter": words.say("survey.enter", n=of.enters),
        "all": words.say("survey.report", n=of.counts.total()),
        "digest": of.digest,
        "worst": [
            {
                "at": line.at,
                "name": line.name or words.say("import.nameless"),
                "state": str(line.state),
                "sign": SIGNS[line.state],
                "word": words.say(f"survey.{line.state}"),
                "why": _why(line, words),
            }
            for line in of.worst
        ],
    }


def _why(line: survey.Line, words: Words) -> list[str]:
    """What is to be said of a line beside its state."""
    said = [_wrong(one, words) for one in line.wrong]
    if line.state is survey.State.TWICE:
        said.append(words.say("survey.twice_of", n=line.of))
    if line.like:
        said.append(words.say("survey.like"))
    if line.near:
        said.append(words.say("survey.near", n=line.near))
    return said


def _wrong(of: records.Wrong, words: Words) -> str:
    return words.say(f"survey.wrong.{of.code}", column=of.column, found=of.found)
