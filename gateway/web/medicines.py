"""Medications for reading: each in words, with its dates, its class and what was decided by it.

Knows: the book of a person, the policy table, the page's words. May not know: HTML, Flask, slots.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from gateway.prescription import policy_table
from gateway.prescription.book import Entered
from gateway.prescription.medication import DEFAULT_CLASS, AsNeeded, Medication
from gateway.prescription.policy_table import DrugPolicy, Table, policy_of
from gateway.prescription.shorthand_text import text
from gateway.prescription.words import WORDS
from gateway.web.section import Scene
from gateway.web.words import Words

View = dict[str, Any]

HOUR_MIN = 60
DAY_MIN = 24 * HOUR_MIN
_SOURCES = {
    policy_table.HOUSE: "house",
    policy_table.OVERRIDDEN: "own",
    policy_table.ISMP: "ismp",
    policy_table.NHS: "nhs",
    policy_table.TABLE[DEFAULT_CLASS].source: "default",
}


def medicine(medication: Medication, words: Words, table: Table) -> View:
    """One medication in words."""
    bare = replace(
        medication, name="", strength="", dispensed_on=None, drug_class=DEFAULT_CLASS,
        storage="", pharmacy_phone="",
    )  # fmt: skip
    last = medication.last_day()
    on = medication.dispensed_on
    return {
        "name": " ".join(filter(None, (medication.name, medication.strength)))
        or words.say("rx.nameless"),
        "line": text(bare, words.language),
        "from": words.day(on) if on else None,
        "until": words.day(last) if last else None,
        "storage": words.code("storage", medication.storage) if medication.storage else None,
        "phone": medication.pharmacy_phone or None,
        "class": class_name(medication.drug_class, words),
        "policy": policy(
            policy_of(medication.drug_class, table), words, isinstance(medication.dosing, AsNeeded)
        ),
        "known_class": medication.drug_class in table,
    }


def class_name(name: str, words: Words) -> str:
    """A drug class as people call it; a house's own as it is written."""
    return words.code("class", name)


def classes(words: Words, table: Table) -> list[View]:
    """Every class that can be chosen, with what it decides."""
    return [
        {
            "id": name,
            "name": class_name(name, words),
            "policy": [*policy(row, words, as_needed=False), *_limits(row, words)],
            "source": _source(row, words),
        }
        for name, row in table.items()
    ]


def policy(row: DrugPolicy, words: Words, as_needed: bool) -> list[str]:
    """What a class decides, each as one short sentence; where from last."""
    if as_needed:
        return [*_limits(row, words), _source(row, words)]
    early, late = row.early_min, row.window_min
    window = words.say("policy.window.rule")
    if late is not None:
        begins = words.say("policy.early.rule") if early is None else span(early, words)
        window = words.say("policy.window", early=begins, late=span(late, words))
    said = [words.say(f"policy.{row.criticality}"), window]
    if row.late_min is not None:
        key = "policy.late" if row.late_min else "policy.late.none"
        said.append(words.say(key, span=span(row.late_min, words)))
    if row.spacing_min:
        said.append(words.say("policy.spacing", span=span(row.spacing_min, words)))
    return said


def _limits(row: DrugPolicy, words: Words) -> list[str]:
    apart = span(row.prn_min_interval_min, words)
    return [words.say("policy.prn", span=apart, n=row.prn_daily_max)]


def _source(row: DrugPolicy, words: Words) -> str:
    source = words.say(f"policy.source.{_SOURCES.get(row.source, 'other')}")
    return words.say("policy.source", source=source)


def amount(of_it: Fraction, unit: str, words: Words) -> str:
    """An amount with its unit, hundredths as a decimal number: "0.5정", "1/3정", "5mL"."""
    exact = f"{float(of_it):g}" if 100 % of_it.denominator == 0 else str(of_it)
    return WORDS[words.language]["text.amount"].format(
        amount=exact, unit=WORDS[words.language].get(f"text.unit.{unit}", unit)
    )


def span(minutes: int, words: Words) -> str:
    """A length of time: "30분", "6시간", "1시간 30분", "6일"."""
    if minutes and minutes % DAY_MIN == 0:
        return words.say("span.days", n=minutes // DAY_MIN)
    hours, rest = divmod(minutes, HOUR_MIN)
    if hours and rest:
        return words.say("span.hours_minutes", h=hours, m=rest)
    return words.say("span.hours", n=hours) if hours else words.say("span.minutes", n=rest)


def shelves(scene: Scene, table: Table) -> dict[str, list[View]]:
    """What was entered, by what became of it: "in_force", "waiting", "over"; newest first."""
    found: dict[str, list[View]] = {"in_force": [], "waiting": [], "over": []}
    confirmed = scene.book.confirmed
    planned = confirmed.medications if confirmed else {}
    for entered in reversed(scene.book.entered.values()):
        view = _entered(entered, planned.get(entered.id), scene, table)
        found[view["shelf"]].append(view)
    return found


def _entered(entered: Entered, planned: Medication | None, scene: Scene, table: Table) -> View:
    words, wanted = scene.words, entered.effective
    last = _last_day(entered)
    over = last is not None and last < scene.today
    waits = wanted != planned and not (over and planned is None)
    shelf = "waiting" if waits else "in_force" if wanted is not None and not over else "over"
    stop = entered.stopped
    why = None
    if waits:
        why = words.say("rx.waits.new" if planned is None else "rx.waits.stop")
    return {
        **medicine(entered.medication, words, table),
        "id": entered.id,
        "anchor": entered.id.replace("/", "-"),
        "shelf": shelf,
        "waits": why,
        "entered": words.say(
            "rx.entered",
            by=entered.by,
            at=words.moment(entered.at_ms, scene.now_ms),
            how=words.say(f"rx.source.{entered.source}"),
        ),
        "until": words.day(last) if last else None,
        "stopped": _stopped(entered, words) if stop else None,
        "may_stop": stop is None and not over,
    }


def _last_day(entered: Entered) -> date | None:
    """The last day by its supply or its stop; the day before its first where it is never taken."""
    begins = entered.begins or entered.medication.dispensed_on
    if begins is None:
        return None
    days = entered.effective.days_supply if entered.effective else 0
    return begins + timedelta(days=days - 1)


def _stopped(entered: Entered, words: Words) -> str:
    stop = entered.stopped
    assert stop is not None  # noqa: S101 — asked only of stopped ones
    last = date.fromisoformat(stop.last_day)
    key = "rx.stopped" if entered.effective is not None else "rx.stopped.never"
    return words.say(key, day=words.day(last), by=stop.by, why=stop.why)
