"""One line as a pharmacist writes it becomes a Medication, or every mistake in it with its place.

Knows: what a line must say (amount, when, for how long), what it may say, what a taper looks like.
May not know: how words are written (the table), when doses fall due, who takes them.

    암로디핀 5mg 1T 1일 1회 아침 식후 30분 30일분
    2026-03-02 metformin 500mg 1T bid pc 30d
    프레드니솔론 5mg 2T 3일 → 1T 3일 1일 1회 아침 식후

Nothing is guessed. Name, strength and dispensing date may be left out; amount, time and days may
not. The conventions stand in shorthand_dosing.py, what is a name in shorthand_scan.py. Days' supply
counts days of the calendar, also where a drug is taken every other day.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from gateway.prescription.medication import DEFAULT_CLASS, Medication, Step
from gateway.prescription.shorthand_dosing import Words, days, dosing
from gateway.prescription.shorthand_kinds import Kind
from gateway.prescription.shorthand_problem import Problem, Wrong
from gateway.prescription.shorthand_scan import Token, scan
from gateway.prescription.shorthand_table import HALVES, NUMBERS, VULGAR

MOST_CHARACTERS = 400
MOST_DAYS = 365
MOST_AMOUNT = {"T": 20, "C": 20, "포": 20, "patch": 20, "puff": 20, "drop": 100, "mL": 200}


class Reading(NamedTuple):
    """What a line says: a medication, or problems by their place; `line` is what places count."""

    line: str
    medication: Medication | None
    problems: tuple[Problem, ...]


def read(text: str) -> Reading:
    """Read one line."""
    line = unicodedata.normalize("NFC", text)
    if len(line) > MOST_CHARACTERS:
        rest = line[MOST_CHARACTERS:]
        cut = Problem(MOST_CHARACTERS, len(rest), Wrong.LIMIT, rest[:20] + "…", ("short_line",))
        return Reading(line, None, (cut,))
    words = Words(scan(line), len(line.rstrip()))
    medication = _medication(words)
    _unknown(words)
    problems = tuple(sorted(set(words.problems)))
    return Reading(line, None if problems else medication, problems)


def _medication(words: Words) -> Medication:
    """The medication the words say; worth something only where they have no problems."""
    steps, days_supply = _supply(words)
    return Medication(
        name=_free(words, Kind.NAME).replace('""', '"'),
        dosing=dosing(words),
        days_supply=days_supply,
        amount=steps[0].amount if steps else Fraction(1),
        unit=next((t.value for t in words.all(Kind.AMOUNT)), "T"),
        strength=_free(words, Kind.STRENGTH),
        dispensed_on=_date(words),
        days=days(words),
        taper=tuple(steps) if len(steps) > 1 else (),
        storage=_free(words, Kind.STORAGE),
        pharmacy_phone=_free(words, Kind.PHONE),
        drug_class=_free(words, Kind.CLASS) or DEFAULT_CLASS,
    )


def _free(words: Words, kind: Kind) -> str:
    """The one word of a kind that is kept as it is written, or as the table has it."""
    token = words.one(kind)
    return (token.parts.get("free") or token.value or token.text) if token else ""


def _unknown(words: Words) -> None:
    """Words of no table; expected was what the line does not say yet."""
    lacking = _lacking(words)
    for n, token in enumerate(words.tokens):
        if token.kind is not Kind.UNKNOWN:
            continue
        before = [t.kind for t in words.tokens[:n]]
        in_name = all(kind in {Kind.DATE, Kind.NAME, Kind.UNKNOWN} for kind in before)
        quotes = ("quotes",) if in_name else ()
        words.complain(token, Wrong.UNKNOWN, *quotes, *(lacking or ("nothing_more",)))


def _lacking(words: Words) -> tuple[str, ...]:
    """What a line needs and does not have, in the order it is written."""
    lacking = [] if words.all(Kind.AMOUNT) else ["amount"]
    if not words.all(Kind.PRN, Kind.HOURS, Kind.LABEL):
        often = words.all(Kind.TIMES)
        if not often:
            lacking.append("dosing")
        elif often[0].number() == 1:
            lacking.append("label")
    return (*lacking, *(() if words.all(Kind.DAYS) else ("days",)))


def _date(words: Words) -> date | None:
    token = words.one(Kind.DATE)
    if token is None:
        return None
    year, month, day = (int(n) for n in re.findall(r"\d+", token.text))
    try:
        return date(year, month, day)
    except ValueError:
        words.complain(token, Wrong.LIMIT, "date")
        return None


def _supply(words: Words) -> tuple[list[Step], int]:
    """The steps of a taper, one where there is none, and the days they are for."""
    said = words.all(Kind.AMOUNT, Kind.DAYS, Kind.THEN)
    stages: list[list[Token]] = [[]]
    for token in said:
        if token.kind is Kind.THEN:
            stages.append([])
        else:
            stages[-1].append(token)
    steps = [_step(words, stage, last=n == len(stages) - 1) for n, stage in enumerate(stages)]
    units = words.all(Kind.AMOUNT)
    for token in units[1:]:
        if token.value != units[0].value:
            words.complain(token, Wrong.CONTRADICTION, "one_unit")
    return steps, _total(words, stages, sum(step.days for step in steps))


def _step(words: Words, stage: list[Token], *, last: bool) -> Step:
    """One amount and its days; behind the last step of a taper the days of all may stand."""
    amounts = [t for t in stage if t.kind is Kind.AMOUNT]
    spans = [t for t in stage if t.kind is Kind.DAYS]
    place = stage[-1] if stage and not last else None
    if not amounts:
        words.complain(place, Wrong.MISSING, "amount")
    if not spans:
        words.complain(place, Wrong.MISSING, "days")
    taper = bool(words.all(Kind.THEN))
    for token in [*amounts[1:], *spans[2 if taper and last else 1 :]]:
        words.complain(token, Wrong.TWICE, "once")
    amount = _amount(words, amounts[0]) if amounts else Fraction(1)
    return Step(_span(words, spans[0]) if spans else 1, amount)


def _total(words: Words, stages: list[list[Token]], days_supply: int) -> int:
    """The days of all steps; where the line says them too, they must agree."""
    said = [t for t in stages[-1] if t.kind is Kind.DAYS][1:2] if len(stages) > 1 else []
    if said and _span(words, said[0]) != days_supply:
        words.complain(said[0], Wrong.CONTRADICTION, "sum_of_steps")
    elif days_supply > MOST_DAYS and len(stages) > 1:
        words.complain(stages[-1][-1] if stages[-1] else None, Wrong.LIMIT, "days_range")
    return days_supply


def _span(words: Words, token: Token) -> int:
    """The days of a word; `value` of the table is what its unit is in days."""
    count = int(token.parts["n"]) * int(token.value)
    if not 1 <= count <= MOST_DAYS:
        words.complain(token, Wrong.LIMIT, "days_range")
        return 1
    return count


def _amount(words: Words, token: Token) -> Fraction:
    said = token.parts["q"].lower()
    extra = Fraction(1, 2) if "half" in token.parts else Fraction(0)
    if said in HALVES:
        amount = Fraction(1, 2)
    elif said in NUMBERS:
        amount = Fraction(NUMBERS[said])
    elif said[-1] in VULGAR:
        amount = Fraction(said[:-1] or 0) + Fraction(VULGAR[said[-1]])
    else:
        amount = Fraction(said) if int(said.partition("/")[2] or 1) else Fraction(0)
    if not 0 < amount + extra <= MOST_AMOUNT[token.value]:
        words.complain(token, Wrong.LIMIT, "amount_range")
        return Fraction(1)
    return amount + extra
