"""Which pouch goes into which compartment, to be read, printed, and begun at the box; the stock.

Knows: Flask, the refill plan's shape, the page's words. May not know: how it is planned, how the
box guides (its order is the main page's).

    GET /person/ID/refill
    GET /person/ID/refill/sheet.pdf    the same in large letters
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from gateway import report
from gateway.events import StockReckoned
from gateway.prescription.proposal import waiting
from gateway.prescription.refill_plan import Pill, RefillPlan, Row, refill_plan
from gateway.roster import COMPARTMENTS, LABELS
from gateway.web import medicines, news, section
from gateway.web.words import Words

refill = Blueprint("refill", __name__)

HERE = "refill"
View = dict[str, Any]


@refill.get("/person/<person_id>/refill")
def show(person_id: str) -> ResponseReturnValue:
    """The page, and what of it is printed."""
    scene, shown = section.look(person_id, _refill)
    return section.page("refill.html", scene, here=HERE, **shown)


@refill.get("/person/<person_id>/refill/sheet.pdf")
def sheet(person_id: str) -> ResponseReturnValue:
    """The refill plan in large letters, for the kitchen table."""

    def draw(scene: section.Scene) -> RefillPlan:
        return refill_plan(scene.home.household, person_id, scene.now_ms)

    scene, plan = section.look(person_id, draw)
    name = f"anbu-{scene.today.isoformat()}.pdf"
    return section.printed(
        scene, lambda: report.refill_sheet(plan, scene.words.language, scene.person.name), name
    )


def _refill(scene: section.Scene) -> View:
    household, words, person_id = scene.home.household, scene.words, scene.person.id
    plan = refill_plan(household, person_id, scene.now_ms)
    box = scene.roster.box_of(person_id)
    return {
        "when": words.say(
            "refill.when", day=words.day(scene.today), clock=words.clock(scene.now_ms)
        ),
        "days": _grid(plan, words),
        "labels": LABELS,
        "steps": [_step(row, words) for row in plan.fill],
        "device": box.id if box and plan.fill else None,
        "from_file": scene.book.confirmed is None,
        "waiting": waiting(household, person_id, scene.now_ms),
        "stocks": _stocks(scene),
    }


def _grid(plan: RefillPlan, words: Words) -> list[View]:
    """The box as it looks: seven days of four compartments, each with what goes into it."""
    cells: dict[int, View] = {}
    for state, rows in (("as_needed", plan.as_needed), ("left", plan.left), ("fill", plan.fill)):
        cells |= {row.compartment: _cell(state, row, words) for row in rows}
    empty: View = {"state": "empty", "word": words.say("refill.empty"), "pills": []}
    found = [cells.get(n, empty) for n in range(COMPARTMENTS)]
    return [
        {
            "name": words.say(f"day.{day}"),
            "cells": [
                {**cell, "label": words.say(f"label.{label}")}
                for label, cell in zip(
                    LABELS, found[day * len(LABELS) : (day + 1) * len(LABELS)], strict=True
                )
            ],
        }
        for day in range(len(found) // len(LABELS))
    ]


def _cell(state: str, row: Row, words: Words) -> View:
    timed = state != "as_needed"
    return {
        "state": state,
        "word": words.say(f"refill.{state}"),
        "why": words.say("refill.left.why") if state == "left" else None,
        "at": words.short_day(row.day) if timed else None,
        "clock": words.clock(row.due_ms) if timed else None,
        "pills": [_pill(pill, words) for pill in row.contents],
    }


def _step(row: Row, words: Words) -> View:
    """One pouch of the row in which they are filled, in words."""
    return {
        "where": words.say(
            "refill.step",
            where=news.where(row.compartment, words),
            day=words.short_day(row.day),
            clock=words.clock(row.due_ms),
        ),
        "pills": [_pill(pill, words) for pill in row.contents],
    }


def _pill(pill: Pill, words: Words) -> str:
    name = " ".join(filter(None, (pill.name, pill.strength))) or words.say("rx.nameless")
    amount = medicines.amount(pill.amount, pill.unit, words)
    return words.say("pouch.pill", name=name, amount=amount)


def _stocks(scene: section.Scene) -> list[View]:
    """What is left of each medicine, the first to run out first."""
    reckoned = scene.home.household.stocks.get(scene.person.id, {})
    confirmed = scene.book.confirmed
    known = confirmed.medications if confirmed else {}
    every = [one for one in reckoned.values() if one.medication_id in known]
    every.sort(key=lambda one: (one.runs_out_on is None, one.runs_out_on or "", one.medication_id))
    return [_stock(one, scene) for one in every]


def _stock(one: StockReckoned, scene: section.Scene) -> View:
    words, confirmed = scene.words, scene.book.confirmed
    medication = confirmed.medications[one.medication_id] if confirmed else None
    unit = medication.unit if medication else ""
    left, most = (medicines.amount(Fraction(n), unit, words) for n in (one.left, one.at_most))
    names = (medication.name, medication.strength) if medication else ()
    days = one.days_left
    return {
        "name": " ".join(filter(None, names)) or words.say("rx.nameless"),
        "left": left if left == most else words.say("stock.at_most", left=left, most=most),
        "days": words.say("stock.days.unknown")
        if days is None
        else words.say("stock.days.n", n=days),
        "low": days is not None and days <= scene.roster.policy.stock_days,
        "runs_out": words.day_of(one.runs_out_on) if one.runs_out_on else None,
        "fetch_by": words.day_of(one.fetch_by) if one.fetch_by else None,
    }
