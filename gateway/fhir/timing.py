"""A bag line's dosing as R4 Dosages, and back.

Knows: which Timing says which dosing; what has no Timing. May not know: requests, bundles, texts.

식사 직후 is `when` PCM, PCD, PCV; with an offset (식후 30분, 식전 30분) one Dosage a meal; 식사 중
CM, CD, CV; 취침 전 HS; a label's own time MORN, NOON, EVE; 8시간마다 frequency 1, period 8, h,
never TID; 격일 period 2, d; 필요시 asNeededBoolean, its least interval as period, its most a day as
maxDosePerPeriod (an amount: doses times the dose); a taper one `sequence` a step (R4: the same
number is concurrent, another is sequential); days' supply boundsDuration.

Bedtime is no meal: beside meals, `AtMeals.relation` and `offset_min` are not bedtime's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from gateway.fhir.codes import BEDTIME, FIRST, WHEN
from gateway.fhir.nodes import Findings, LeftOut, Node, Refused
from gateway.fhir.quantities import MOST, MOST_DAYS, duration, per_day, quantity
from gateway.fhir.sigs import Sig, read_sig
from gateway.fhir.wanted import Unsaid, Wanted
from gateway.fhir.words import say
from gateway.prescription.medication import (
    AsNeeded,
    AtMeals,
    Days,
    Dosing,
    EveryHours,
    Medication,
    Relation,
    Step,
)
from gateway.roster import LABELS, WEEKDAYS

Dosage = dict[str, Any]
MINUTES = 60
MOST_OFFSET = 24 * MINUTES
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


class Unsayable(ValueError):  # noqa: N818  # an answer, not an error of this program
    """A medication that contradicts itself, or that R4 has no Dosage for, and why."""

    def __init__(self, name: str, why: Unsaid, what: object = "") -> None:
        self.name, self.why, self.what = name, why, what
        super().__init__(self.says("en"))

    def says(self, language: str) -> str:
        """Which medication and why, in words. KeyError for a language there is not."""
        return f"{self.name}: {say(language, f'unsaid.{self.why}', what=self.what)}"


def canonical(m: Medication) -> Medication:
    """The one way to say this: what `from_dosages` gives back for `to_dosages`.

    Labels and weekdays in their order; 식후 0분 is 식사 직후; bedtime alone has no meal relation
    but a time before it; a taper of one step is none, and its first step is the amount. Raises
    Unsayable.
    """
    _check(m)
    days = Days(m.days.every, tuple(sorted(set(m.days.weekdays))))
    dosing = _canonical_meals(m.dosing) if isinstance(m.dosing, AtMeals) else m.dosing
    amount = m.taper[0].amount if m.taper else m.amount
    taper = m.taper if len(m.taper) > 1 else ()
    return replace(m, dosing=dosing, days=days, amount=amount, taper=taper, unit=m.unit.strip())


def _canonical_meals(dosing: AtMeals) -> AtMeals:
    labels = tuple(label for label in LABELS if label in dosing.labels)
    relation = dosing.relation
    if relation is Relation.AFTER and not dosing.offset_min:
        relation = Relation.RIGHT_AFTER
    if labels == (BEDTIME,) and not dosing.offset_min:
        relation = Relation.AT
    return AtMeals(labels, relation, dosing.offset_min)


def _check(m: Medication) -> None:
    said = {Unsaid.SUPPLY: m.days_supply, Unsaid.EVERY: m.days.every}
    for wrong, why in (
        (not 1 <= m.days_supply <= MOST_DAYS, Unsaid.SUPPLY),
        (not all(_is_dose(a) for a in _amounts(m)), Unsaid.AMOUNT),
        (not m.unit.strip(), Unsaid.UNIT),
        (any(s.days < 1 for s in m.taper), Unsaid.STEP),
        (m.taper and sum(s.days for s in m.taper) != m.days_supply, Unsaid.STEPS),
        (m.taper and isinstance(m.dosing, AsNeeded), Unsaid.STEPS_AS_NEEDED),
        (not 1 <= m.days.every <= MOST_DAYS, Unsaid.EVERY),
        (any(d not in range(7) for d in m.days.weekdays), Unsaid.WEEKDAY),
        (m.days.weekdays and m.days.every != 1, Unsaid.WEEKDAYS_AND_EVERY),
        (not isinstance(m.dosing, AtMeals) and m.days != Days(), Unsaid.DAYS_WITHOUT_MEALS),
    ):
        if wrong:
            raise Unsayable(m.name, why, said.get(why, ""))
    wrongs = _wrong_meals(m.dosing) if isinstance(m.dosing, AtMeals) else _wrong_hours(m.dosing)
    for why, what in wrongs:
        raise Unsayable(m.name, why, what)


def _amounts(m: Medication) -> list[Fraction]:
    most = m.dosing.daily_max if isinstance(m.dosing, AsNeeded) else None
    return [m.amount, m.amount * (1 if most is None else most), *(s.amount for s in m.taper)]


def _is_dose(amount: Fraction) -> bool:
    return 0 < amount <= MOST and amount.denominator <= MOST


def _wrong_meals(dosing: AtMeals) -> Iterator[tuple[Unsaid, object]]:
    """What is wrong with it."""
    labels, offset = dosing.labels, dosing.offset_min
    if not labels:
        yield Unsaid.NO_LABELS, ""
    if len(set(labels)) < len(labels) or not set(labels) <= set(LABELS):
        yield Unsaid.LABELS, ", ".join(labels)
    if not 0 <= offset <= MOST_OFFSET:
        yield Unsaid.OFFSET, offset
    if offset and dosing.relation not in {Relation.AFTER, Relation.BEFORE}:
        yield Unsaid.OFFSET_TO, offset
    if offset and labels == (BEDTIME,) and dosing.relation is Relation.AFTER:
        yield Unsaid.AFTER_BEDTIME, offset


def _wrong_hours(dosing: AsNeeded | EveryHours) -> Iterator[tuple[Unsaid, object]]:
    if isinstance(dosing, AsNeeded):
        limits = (dosing.min_interval_min, dosing.daily_max)
        if any(limit is not None and not 1 <= limit <= MOST for limit in limits):
            yield Unsaid.LIMITS, ""
        return
    if dosing.hours not in range(1, 25):
        yield Unsaid.HOURS, dosing.hours
    if not CLOCK.fullmatch(dosing.first):
        yield Unsaid.FIRST, dosing.first


def to_dosages(medication: Medication) -> list[Dosage]:
    """The dosing as Dosages. Raises Unsayable."""
    m = canonical(medication)
    steps = m.taper or (Step(m.days_supply, m.amount),)
    return [d for n, step in enumerate(steps, 1) for d in _step(m, n, step)]


def _step(m: Medication, sequence: int, step: Step) -> Iterator[Dosage]:
    for repeat in _repeats(m.dosing, m.days):
        dosage: Dosage = {
            "sequence": sequence,
            "timing": {"repeat": {"boundsDuration": duration(step.days), **repeat}},
            "doseAndRate": [{"doseQuantity": quantity(step.amount, m.unit)}],
        }
        if isinstance(m.dosing, AsNeeded):
            dosage["asNeededBoolean"] = True
            if m.dosing.daily_max is not None:
                most = Fraction(m.dosing.daily_max) * step.amount
                dosage["maxDosePerPeriod"] = per_day(most, m.unit)
        yield dosage


def _repeats(dosing: Dosing, days: Days) -> Iterator[dict[str, Any]]:
    """One `repeat` a Dosage, without its bounds."""
    match dosing:
        case AtMeals(labels=labels, relation=relation, offset_min=0):
            yield {**_daily(len(labels), days), "when": [WHEN[label, relation] for label in labels]}
        case AtMeals(labels=labels, relation=relation, offset_min=offset):
            for label in labels:
                own = label == BEDTIME and len(labels) > 1  # beside meals, bedtime is not offset
                moved = {} if own else {"offset": offset}
                yield {**_daily(1, days), "when": [WHEN[label, relation]], **moved}
        case EveryHours(hours=hours, first=first):
            at = [{"url": FIRST, "valueTime": f"{first}:00"}]
            yield {"extension": at, "frequency": 1, "period": hours, "periodUnit": "h"}
        case AsNeeded(min_interval_min=None):
            yield {}
        case AsNeeded(min_interval_min=minutes):
            hours, rest = divmod(minutes or 0, MINUTES)
            period, unit = (minutes, "min") if rest else (hours, "h")
            yield {"frequency": 1, "period": period, "periodUnit": unit}


def _daily(frequency: int, days: Days) -> dict[str, Any]:
    on = {"dayOfWeek": [WEEKDAYS[d] for d in days.weekdays]} if days.weekdays else {}
    return {"frequency": frequency, "period": days.every, "periodUnit": "d", **on}


def from_dosages(
    dosages: object, name: str = "", place: str = "dosageInstruction", days_supply: int = 0
) -> tuple[Medication, tuple[LeftOut, ...]]:
    """The bag line that these Dosages say, and what of them it does not carry.

    `days_supply`: what the supply's duration says, where a Dosage has no bounds; 0 = nothing.
    Raises Refused with every place that is not understood.
    """
    findings = Findings()
    sig = read_sig(Node(dosages, place, findings))
    if sig is not None:
        supply_of(sig, days_supply, Node(days_supply or None, "expectedSupplyDuration", findings))
    if findings.problems or sig is None:
        raise Refused(findings.problems)
    return medication_of(sig, name, sig.days_supply or days_supply), tuple(findings.left_out)


def supply_of(sig: Sig, days_supply: int, node: Node) -> None:
    """Notes it where supply and bounds contradict each other, or neither says how many days."""
    if not sig.days_supply and not days_supply:
        node.refuse(Wanted.DAYS_SUPPLY)
    elif sig.days_supply and days_supply and sig.days_supply != days_supply:
        node.refuse(Wanted.AS_BOUNDS, f"{days_supply} d", days=sig.days_supply)


def medication_of(sig: Sig, name: str, days_supply: int) -> Medication:
    """The bag line of what was read."""
    return Medication(
        name=name,
        dosing=sig.dosing,
        days_supply=days_supply,
        amount=sig.amount,
        unit=sig.unit,
        days=sig.days,
        taper=sig.taper,
    )
