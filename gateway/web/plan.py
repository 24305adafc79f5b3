"""What a confirmation would change on the box, and the confirmation; what became of it.

Knows: Flask, the proposal's shape, the page's words. May not know: how a plan is made, what follows
from a confirmation.

    GET  /person/ID/plan           step: it is the last screen of so many
    GET  /person/ID/plan/box       what the box runs, alone: fetched again while it is looked at
    POST /person/ID/plan/confirm   digest
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from gateway.entering import Confirm
from gateway.events import Content, PlannedSlot
from gateway.prescription.changes import Change
from gateway.prescription.medication import Medication
from gateway.prescription.proposal import Proposal, propose
from gateway.prescription.slots import say as say_finding
from gateway.roster import AS_NEEDED
from gateway.web import medicines, news, section
from gateway.web.boxed import boxed
from gateway.web.enrol import SCREENS
from gateway.web.seat import who
from gateway.web.words import Words

plan = Blueprint("plan", __name__)

HERE = "plan"
View = dict[str, Any]
Known = dict[str, Medication]


@plan.get("/person/<person_id>/plan")
def show(person_id: str) -> ResponseReturnValue:
    """The page."""

    def draw(scene: section.Scene) -> View:
        proposal = propose(scene.home.household, person_id, scene.now_ms)
        return {**_proposal(proposal, scene), "box": boxed(scene), "placed": _placed(scene)}

    scene, shown = section.look(person_id, draw)
    last = request.args.get("step") == str(SCREENS)  # of somebody new
    return section.page("plan.html", scene, here=HERE, screens=SCREENS * last, **shown)


@plan.get("/person/<person_id>/plan/box")
def box(person_id: str) -> ResponseReturnValue:
    """What the box runs now."""
    scene, shown = section.look(person_id, boxed)
    return current_app.jinja_env.get_template("_boxed.html").render(box=shown, say=scene.words.say)


@plan.post("/person/<person_id>/plan/confirm")
def confirm(person_id: str) -> ResponseReturnValue:
    """Plan what was seen: the digest is that of the page that was shown."""
    entry = Confirm(person_id, section.field("digest"), who().name)
    _, placed = section.look(person_id, _placed)
    return section.enter(person_id, HERE, entry, "confirmed" if placed else "confirmed_no_box")


def _placed(scene: section.Scene) -> bool:
    """Whether there is a box to send a plan to."""
    return scene.roster.box_of(scene.person.id) is not None


def _proposal(proposal: Proposal, scene: section.Scene) -> View:
    words = scene.words
    known = {key: entered.medication for key, entered in scene.book.entered.items()}
    listed = list(proposal.medications.values())
    findings = [
        {"blocks": f.blocks, "says": say_finding(f, listed, words.language, words.day)}
        for f in proposal.findings
    ]
    findings += [{"blocks": False, "says": says} for says in _to_move(proposal.changes, words)]
    first, confirmed = proposal.holds_from, scene.book.confirmed
    return {
        "waiting": proposal.waiting,
        "anything": bool(scene.book.entered),
        "findings": findings,
        "blocked": proposal.blocked,
        "changes": [_change(c, known, words) for c in proposal.changes],
        "holds_from": _dose(first, words) if first and proposal.waiting else None,
        "replaces_file": proposal.replaces_file,
        "digest": proposal.digest,
        "confirmed": words.say(
            "plan.confirmed", by=confirmed.by, at=words.moment(confirmed.at_ms, scene.now_ms)
        )
        if confirmed
        else None,
    }


def _to_move(changes: tuple[Change, ...], words: Words) -> list[str]:
    """What has to leave its compartment first: another dose may light that lid from now on."""
    found = []
    for change in changes:
        old, new = change.before, change.after
        if old is None or old.label != AS_NEEDED or (new and new.compartment == old.compartment):
            continue
        values = {"old": news.where(old.compartment, words)}
        if new is None:
            found.append(words.say("plan.take_out", **values))
        else:
            found.append(words.say("plan.move", **values, new=news.where(new.compartment, words)))
    return found


def _dose(slot: PlannedSlot, words: Words) -> str:
    """A single dose: its day, its label and its hour."""
    day = words.day(words.local(slot.due_ms).date())
    return words.say("plan.dose", day=day, label=label(slot, words), clock=words.clock(slot.due_ms))


def label(slot: PlannedSlot, words: Words) -> str:
    """The slot's label in words."""
    return words.code("label", slot.label)


def _change(change: Change, known: Known, words: Words) -> View:
    """One change: what of, on which days, before and after."""
    shown = change.after or change.before
    return {
        "kind": str(change.kind),
        "kind_word": words.say(f"change.{change.kind}"),
        "label": words.code("label", change.label),
        "days": _days(change, words) if shown and shown.label != AS_NEEDED else None,
        "before": _pouch(change.before, change.daily_max[0], known, words),
        "after": _pouch(change.after, change.daily_max[1], known, words),
    }


def _days(change: Change, words: Words) -> str:
    begin, end = (words.day_of(day) for day in (change.from_day, change.until_day))
    if change.days == 1:
        return words.say("change.on", day=begin)
    key = "change.goes_on" if change.goes_on else "change.until"
    return words.say(key, day=begin, until=end, n=change.days)


def _pouch(slot: PlannedSlot | None, most: int, known: Known, words: Words) -> View | None:
    """What lies in a slot and when it may be opened; None where there is none."""
    if slot is None:
        return None
    view: View = {"contents": contents(slot.contents, known, words)}
    if slot.label == AS_NEEDED:
        apart = medicines.span(slot.spacing_min, words)
        view["facts"] = [
            words.say("pouch.lid", where=news.where(slot.compartment, words)),
            words.say("pouch.prn", span=apart, n=most),
        ]
        return view
    clocks = {"opens": words.clock(slot.opens_ms), "closes": words.clock(slot.closes_ms)}
    view["due"] = words.clock(slot.due_ms)
    view["facts"] = [words.say("pouch.window", **clocks)]
    if slot.ends_ms > slot.closes_ms:
        view["facts"].append(words.say("pouch.late", clock=words.clock(slot.ends_ms)))
    if slot.spacing_min:
        span = medicines.span(slot.spacing_min, words)
        view["facts"].append(words.say("pouch.spacing", span=span))
    if slot.criticality != "normal":
        view["facts"].append(words.say(f"policy.{slot.criticality}"))
    return view


def contents(inside: tuple[Content, ...], known: Known, words: Words) -> list[str]:
    """What lies in a pouch, each medicine with its amount; none is known of a planned file."""
    found = []
    for one in inside:
        medication = known.get(one.medication_id)
        if medication is None:
            found.append(words.say("pouch.unknown", n=one.medication_id))
            continue
        name = " ".join(filter(None, (medication.name, medication.strength)))
        amount = medicines.amount(Fraction(one.amount), medication.unit, words)
        found.append(words.say("pouch.pill", name=name or words.say("rx.nameless"), amount=amount))
    return found
