"""What became of a person's doses over some days: charts, figures, corrections, downloads.

Knows: Flask, the shapes of a history, a summary and a report. May not know: any formula, how a
chart or a report is made.

    GET  /person/ID/adherence?from&to      ISO days, both included; without: the last four weeks
    GET  /person/ID/adherence/report.pdf|package.zip|bundle.json?from&to
    POST /person/ID/adherence/correct      day, label, taken, why
    POST /person/ID/adherence/away         from, to, why; to "" withdraws

What is loaded down is named by its days alone: lists of downloads, mails and printers show names of
files to whoever stands by, and the file itself says whose it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from gateway import report
from gateway.adherence import metrics_words
from gateway.adherence.history import History, history
from gateway.adherence.metrics_facts import THE_BOX
from gateway.adherence.metrics_input import Correction
from gateway.adherence.plots import Chart, calendar_plot, chronology
from gateway.adherence.summary import summary
from gateway.entering import AWAY, AWAY_DAYS_MOST, TAKEN_MOST, WHY_MOST, Correct, NotSeen
from gateway.entries import label_of
from gateway.events import SlotId
from gateway.fhir import Unsayable
from gateway.roster import LABELS
from gateway.web import figures, section
from gateway.web.room import sorry
from gateway.web.seat import who
from gateway.web.words import Words
from gateway.zones import day_of

adherence = Blueprint("adherence", __name__)

HERE = "adherence"
USUAL_DAYS = 28
MOST_DAYS = 366
View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Period:
    """From day to day, both included; `wrong` says why it is not the one that was asked for."""

    first: date
    last: date
    wrong: str | None = None

    @property
    def query(self) -> str:
        """For the links of the page."""
        return f"&from={self.first.isoformat()}&to={self.last.isoformat()}"

    def file(self, ending: str) -> str:
        """The name of a download: its days alone."""
        return f"anbu-{self.first.isoformat()}-{self.last.isoformat()}.{ending}"


@adherence.get("/person/<person_id>/adherence")
def show(person_id: str) -> ResponseReturnValue:
    """The page."""
    scene, (told, period) = section.look(person_id, _told)
    page = section.page(
        "adherence.html",
        scene,
        here=HERE,
        period=period,
        query=period.query,
        earliest=scene.today - timedelta(days=MOST_DAYS),
        today=scene.today.isoformat(),
        labels=LABELS,
        reasons=AWAY,
        most=TAKEN_MOST,
        why_most=WHY_MOST,
        **_shown(told, scene.words),
    )
    return page, HTTPStatus.BAD_REQUEST if period.wrong else HTTPStatus.OK


@adherence.get("/person/<person_id>/adherence/report.pdf")
def pdf(person_id: str) -> ResponseReturnValue:
    """One page for pharmacist and doctor."""
    scene, (told, period) = section.look(person_id, _told)
    language = scene.words.language
    return section.printed(
        scene, lambda: report.pdf(told, summary(told), language), period.file("pdf")
    )


@adherence.get("/person/<person_id>/adherence/package.zip")
def package(person_id: str) -> ResponseReturnValue:
    """Every dose and every opening as tables, with their dictionary."""
    scene, (told, period) = section.look(person_id, _told)
    body = report.package_zip(told, scene.words.language)
    return section.download(body, "application/zip", period.file("zip"))


@adherence.get("/person/<person_id>/adherence/bundle.json")
def bundle(person_id: str) -> ResponseReturnValue:
    """The same as an R4 bundle."""
    scene, (told, period) = section.look(person_id, _told)
    try:
        body = report.fhir(told)
    except Unsayable as unsayable:
        sentence = scene.words.say("adherence.unsayable", what=unsayable.says(scene.words.language))
        back = f"{section.base(person_id)}/{HERE}"
        return sorry(scene.words, HTTPStatus.UNPROCESSABLE_ENTITY, sentence, back)
    return section.download(body, "application/fhir+json", period.file("json"))


@adherence.post("/person/<person_id>/adherence/correct")
def correct(person_id: str) -> ResponseReturnValue:
    """How many doses were taken at a slot, whatever the box saw."""
    label, taken = section.field("label"), section.field("taken")
    index = LABELS.index(label) if label in LABELS else -1
    count = int(taken) if taken.isascii() and taken.isdigit() and len(taken) < len("10") else -1
    slot = SlotId(person_id, section.field("day"), index)
    entry = Correct(slot, count, who().name, section.field("why"))
    return section.enter(person_id, HERE, entry, "corrected")


@adherence.post("/person/<person_id>/adherence/away")
def away(person_id: str) -> ResponseReturnValue:
    """Days on which nobody could see what was taken, or that there were none."""
    first, last = section.field("from"), section.field("to")
    if "withdraw" in request.form:
        last = _day_before(first)
    entry = NotSeen(person_id, first, last, section.field("why"), who().name)
    return section.enter(person_id, HERE, entry, "away")


def _day_before(iso: str) -> str:
    day = day_of(iso)
    return (day - timedelta(days=1)).isoformat() if day else ""


def _told(scene: section.Scene) -> tuple[History, Period]:
    """The history of the days that were asked for."""
    period = _period(scene)
    days = (period.first.isoformat(), period.last.isoformat())
    household = scene.home.household
    return history(household, scene.person.id, *days, scene.now_ms), period


def _period(scene: section.Scene) -> Period:
    """The asked days; the usual ones, with the reason, where they cannot be."""
    usual = Period(scene.today - timedelta(days=USUAL_DAYS - 1), scene.today)
    asked = [request.args.get(name) for name in ("from", "to")]
    if asked == [None, None]:
        return usual
    first, last = (day_of(text or "") for text in asked)
    if first is None or last is None:
        return Period(usual.first, usual.last, scene.words.say("entry.not.day"))
    if not first <= last or (last - first).days >= MOST_DAYS:
        wrong = scene.words.say("adherence.period.wrong", most=MOST_DAYS)
        return Period(usual.first, usual.last, wrong)
    return Period(first, last)


def _shown(told: History, words: Words) -> View:
    """All of the page that is about the doses."""
    whole = summary(told)
    chart = Chart(told.cleaned, words.language, "calendar", len(told.corrections))
    hours = Chart(told.cleaned, words.language, "hours", len(told.corrections))
    return {
        "doses": bool(told.doses.facts),
        "calendar": calendar_plot(chart),
        "chronology": chronology(hours, told.zone),
        "symbols": metrics_words.say(words.language, "symbols.key"),
        "overall": figures.overall(whole, words),
        "groups": figures.groups(whole, words),
        "as_needed": [
            words.moment(o.at_ms, told.as_of_ms) if o.at_ms else words.say("adherence.no_time")
            for o in told.as_needed
        ],
        "corrections": [_said(c, told.as_of_ms, words) for c in reversed(told.words)],
        "stays": [
            {
                "from": a.from_day,
                "why_code": a.why,
                "says": words.say(
                    "away.says",
                    day=words.day_of(a.from_day),
                    until=words.day_of(a.to_day),
                    why=words.code("away", a.why),
                ),
            }
            for a in told.away
        ],
        "away_days_most": AWAY_DAYS_MOST,
    }


def _said(one: Correction, now_ms: int, words: Words) -> View:
    index, at = one.slot.index, words.moment(one.at_ms, now_ms)
    return {
        "what": words.say(
            "correct.says",
            day=words.day_of(one.slot.day),
            label=words.code("label", label_of(index)),
            n=one.taken,
        ),
        "who": words.say("correct.who.box", at=at)
        if one.by == THE_BOX
        else words.say("correct.who", by=one.by, at=at, why=one.why),
    }
