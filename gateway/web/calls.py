"""The calls that ask a person: when, what she answered, how that went over weeks, her consent.

Knows: Flask, the forms' fields, the entries of gateway.calls.planning. May not know: who is called
next and why, telephones, what follows from an answer.

    GET  /person/ID/calls
    POST /person/ID/calls/CALL       weekdays …, from, until, number, language; stop = yes: no more
    POST /person/ID/calls/consent    given (yes | no)
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from gateway.access import OFFICER
from gateway.calling import ANSWERED, CALLS, NOT_HERS, PARTLY, CallAnswered
from gateway.calls import queue
from gateway.calls.believed import Calls, Made, Task
from gateway.calls.planning import EARLIEST, LATEST, ConsentCalls, PlanCalls
from gateway.calls.questions import ASKED, is_good, name_of
from gateway.calls.questions import HERE as HERE_SHE_IS
from gateway.calls.sentences import LANGUAGES
from gateway.calls.trend import WEEKS, Week, trend
from gateway.phone import national
from gateway.roster import WEEKDAYS
from gateway.web import calls_plot, section
from gateway.web.room import POLICY
from gateway.web.seat import who
from gateway.web.words import Words

calls = Blueprint("calls", __name__)

HERE = "calls"
SHOWN, FEW = 60, 7  # days that can be read, and that are in sight
USUAL = {"from": "10:00", "until": "12:00"}
_SIGNS = {ANSWERED: "taken", PARTLY: "doubtful", "": "waiting"}
_SIGNS |= dict.fromkeys(NOT_HERS, "unlinked")  # our fault is never hers
View = dict[str, Any]


@calls.get("/person/<person_id>/calls")
def show(person_id: str) -> ResponseReturnValue:
    """The page."""
    hears = who().may({OFFICER}, person_id)
    scene, view = section.look(person_id, lambda scene: _view(scene, hears=hears))
    answer = Response(section.page("calls.html", scene, here=HERE, **view))
    if hears:
        answer.headers["Content-Security-Policy"] = f"{POLICY}; media-src 'self'"
    return answer


def _view(scene: section.Scene, *, hears: bool) -> View:
    words, believed = scene.words, scene.home.household.calls
    next_ms = queue.next_call_ms(scene.home.household, scene.person.id, scene.now_ms)
    tasks = believed.of(scene.person.id)
    return {
        "next": words.moment(next_ms, scene.now_ms) if next_ms is not None else None,
        "plans": [_plan(call, scene) for call in CALLS],
        "weekdays": [(d, words.say(f"day.short.{n}")) for n, d in enumerate(WEEKDAYS)],
        "speaks": [(language, words.say(f"calls.language.{language}")) for language in LANGUAGES],
        "earliest": EARLIEST,
        "latest": LATEST,
        "few": FEW,
        "weeks": WEEKS,
        "tasks": [_task(task, scene, hears=hears) for task in tasks[:SHOWN]],
        "hears": hears,
        "plot": _plot(tasks, scene) if tasks else None,
        "consent": _consent(believed, scene),
    }


def _plan(call: str, scene: section.Scene) -> View:
    """One call as it is planned, or as it would be."""
    words = scene.words
    planned = scene.home.household.calls.plans.get(scene.person.id, {}).get(call)
    plan: View = (planned.plan if planned else None) or {}
    view: View = {
        "call": call,
        "title": words.say(f"calls.call.{call}"),
        "hint": words.say(f"calls.call.{call}.hint"),
        "weekdays": plan.get("weekdays", ()),
        "from": plan.get("from", USUAL["from"]),
        "until": plan.get("until", USUAL["until"]),
        "number": national(plan["number"]) if plan else "",
        "language": plan.get("language", scene.roster.language),
        "says": None,
    }
    if planned and plan:
        days = ", ".join(words.say(f"day.short.{WEEKDAYS.index(d)}") for d in plan["weekdays"])
        said = {"from_at": plan["from"], "until_at": plan["until"], "number": view["number"]}
        by = words.say("calls.by", by=planned.by, at=words.moment(planned.at_ms, scene.now_ms))
        view["says"] = words.say("calls.plan.says", days=days, **said)
        view["by"] = by
    return view


def _task(task: Task, scene: section.Scene, *, hears: bool) -> View:
    """One day's call: what came of it, every attempt, every answer."""
    words, (_person, call, day) = scene.words, task.id
    last = task.last
    outcome = last.outcome if last else ""
    if task.done and outcome in NOT_HERS:
        outcome = PARTLY  # we broke it off, and she had said what mattered
    return {
        "day": words.day_of(day),
        "call": words.say(f"calls.call.{call}"),
        "state": _SIGNS.get(outcome, "missed"),
        "word": words.say(f"calls.outcome.{outcome}" if outcome else "calls.outcome.now"),
        "tries": [_try(made, scene) for made in task.calls],
        "heard": [_heard(made, scene) for made in task.calls if hears and _is_kept(made, scene)],
        "answers": [
            _answer(a, words)
            for made in task.calls
            for a in made.answers
            if a.answer != HERE_SHE_IS
        ],
    }


def _try(made: Made, scene: section.Scene) -> str:
    words, outcome = scene.words, made.outcome or "now"
    clock = words.clock(made.begun.at_ms)
    return words.say("calls.try", clock=clock, outcome=words.say(f"calls.outcome.{outcome}"))


def _is_kept(made: Made, scene: section.Scene) -> bool:
    calls_made = scene.home.household.calls
    return calls_made.may_be_heard(made.begun.call_id, scene.person.id, scene.today)


def _heard(made: Made, scene: section.Scene) -> View:
    at = scene.words.moment(made.begun.at_ms, scene.now_ms)
    return {"id": made.begun.call_id, "name": scene.words.say("calls.recording", at=at)}


def _answer(answer: CallAnswered, words: Words) -> View:
    good = is_good(answer.question, answer.answer)
    key = f"calls.answer.{answer.question}.{answer.answer}"
    general = f"calls.answer.{answer.answer}"
    return {
        "question": words.code("calls.question", answer.question),
        "answer": words.say(key) if words.has(key) else words.say(general),
        "state": "taken" if good else "doubtful",
    }


def _plot(tasks: list[Task], scene: section.Scene) -> str | None:
    """The last weeks of each question that was asked at all."""
    words = scene.words
    names = dict.fromkeys(name_of(q) for asked in ASKED.values() for q in asked)
    rows = [(name, trend(tasks, name, scene.today)) for name in names]
    rows = [(name, weeks) for name, weeks in rows if any(_asked(week) for week in weeks)]
    if not rows:
        return None
    first = rows[0][1][0].monday.isoformat()
    says = calls_plot.Says(
        title=words.say("calls.plot", n=WEEKS),
        told=" ".join(_told(name, weeks, words) for name, weeks in rows),
        good=words.say("calls.plot.good"),
        not_good=words.say("calls.plot.not_good"),
        open=words.say("calls.plot.open"),
        since=words.short_day(first),
        now=words.say("calls.plot.now"),
        language=words.language,
    )
    named = [(words.say(f"calls.question.{name}"), weeks) for name, weeks in rows]
    return calls_plot.plot(named, says)


def _asked(week: Week) -> int:
    return week.good + week.not_good + week.open


def _told(name: str, weeks: tuple[Week, ...], words: Words) -> str:
    counts = {f: sum(getattr(week, f) for week in weeks) for f in ("good", "not_good", "open")}
    return words.say("calls.plot.told", question=words.say(f"calls.question.{name}"), **counts)


def _consent(believed: Calls, scene: section.Scene) -> View:
    words, said = scene.words, believed.consent.get(scene.person.id)
    kept = [r for r in believed.recordings.values() if r.person_id == scene.person.id]
    return {
        "given": said is not None and said.given,
        "says": words.say("calls.consent.none")
        if said is None
        else words.say(
            f"calls.consent.{'yes' if said.given else 'no'}",
            by=said.by,
            at=words.moment(said.at_ms, scene.now_ms),
        ),
        "kept": words.say(
            "calls.kept", n=len(kept), day=words.day_of(max(r.until_day for r in kept))
        )
        if kept
        else None,
    }


@calls.post("/person/<person_id>/calls/<call>")
def plan(person_id: str, call: str) -> ResponseReturnValue:
    """She is called so from now on, or not any more."""
    if call not in CALLS:
        abort(HTTPStatus.NOT_FOUND)
    if section.field("stop") == "yes":
        return section.enter(
            person_id, HERE, PlanCalls(person_id, call, None, who().name), "calls_off"
        )
    typed: dict[str, Any] = {
        name: section.field(name) for name in ("from", "until", "number", "language")
    }
    typed["weekdays"] = request.form.getlist("weekdays")
    return section.enter(person_id, HERE, PlanCalls(person_id, call, typed, who().name), "calls")


@calls.post("/person/<person_id>/calls/consent")
def consent(person_id: str) -> ResponseReturnValue:
    """She said whether what she says may be recorded."""
    given = section.field("given") == "yes"
    entry = ConsentCalls(person_id, given, who().name)
    return section.enter(person_id, HERE, entry, "consent" if given else "no_consent")
