"""The prescriptions in force, each with its own figures: one table.

Knows: how a medication is told in two lines. May not know: how figures are reckoned, the pharmacy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from gateway.adherence import metrics_words
from gateway.adherence.history import History
from gateway.adherence.metrics_cleaned import Group, Row
from gateway.adherence.summary import Summary
from gateway.prescription.medication import DEFAULT_CLASS, Medication
from gateway.prescription.shorthand_text import text
from gateway.prescription.words import WORDS
from gateway.report.page.figures import NOTHING, both_windows, by_key, cells, grouped_heads, short
from gateway.report.page.markup import Markup, clip, joined, row, tag
from gateway.report.page.words import say

NAME_MOST, DOSING_MOST = 40, 90
FILLS_MOST = 2  # of one drug are written out, the newest
COLUMNS = 11
OF_SUPPLY = ("pdc", "mpr")


def drugs(history: History, summary: Summary, language: str, most: int) -> Markup:
    """Every drug prescribed, at most so many, with its figures raw and cleaned; more are counted.

    Fills of one drug are one line: its figures are of all of them.
    """
    figures = by_key((*summary.rows, *summary.supply), Group.DRUG)
    fills: dict[str, list[Medication]] = {}
    for key, medication in history.medications.items():
        fills.setdefault(history.drugs.get(key, key), []).append(medication)
    every = [*fills, *sorted(figures.keys() - fills.keys())]
    if not every:
        return tag("p", say(language, "drugs.none"), class_="none")
    body = [_line(d, fills.get(d, []), figures.get(d, {}), language) for d in every[:most]]
    if len(every) > most:
        words = say(language, "drugs.more", count=len(every) - most)
        body.append(row("td", tag("td", words, colspan=COLUMNS, class_="more")))
    heads = ("drug", "dosing", "supply", "window", "short.pdc", "short.mpr")
    upper, lower = grouped_heads(language, *(say(language, key) for key in heads))
    table = tag("table", tag("thead", upper, lower), tag("tbody", *body), class_="drugs grouped")
    return joined(table, tag("p", _of_supply(language), class_="key"))


def _of_supply(language: str) -> str:
    """What PDC and MPR are, under the table that shows them."""
    told = (
        f"{say(language, f'short.{m}')}: {metrics_words.say(language, f'formula.{m}')}."
        for m in OF_SUPPLY
    )
    return " ".join(told)


def _line(drug: str, fills: Sequence[Medication], of: Mapping[str, Row], language: str) -> Markup:
    told = of.get("taking")
    return row(
        "td",
        *_names(drug, fills, language),
        tag("td", both_windows(told, language) if told else "–", class_="n"),
        _supplied(of.get("pdc"), language),
        _supplied(of.get("mpr"), language),
        *cells(of),
    )


def _supplied(one: Row | None, language: str) -> Markup:
    """A figure of supply; it says so where courses overlap and nothing can be reckoned."""
    if one is not None and one.overlaps and one.raw.value is None:
        return tag("td", say(language, "overlap"), class_="n")
    return short(one.raw) if one is not None and one.raw.value is not None else NOTHING


def _names(drug: str, fills: Sequence[Medication], language: str) -> tuple[Markup, ...]:
    """Name and strength; amount and times; dispensed when and for how long."""
    if not fills:
        words = say(language, "drug.unlisted", drug=clip(drug, NAME_MOST))
        return tag("th", words, scope="row", class_="free"), tag("td", "–"), tag("td", "–")
    newest = sorted(fills, key=lambda m: str(m.dispensed_on or ""))[-FILLS_MOST:]
    names = _each(f"{m.name} {m.strength}".strip() for m in newest)
    dosings = _each(dosing_words(m, language) for m in newest)
    supplies = [supply_words(m, language) for m in newest]
    if len(fills) > FILLS_MOST:
        supplies.append(say(language, "supply.more", count=len(fills) - FILLS_MOST))
    return (
        tag("th", clip(names, NAME_MOST), scope="row", class_="free"),
        tag("td", clip(dosings, DOSING_MOST), class_="free"),
        tag("td", *(tag("div", words) for words in supplies), class_="n"),
    )


def _each(words: Iterable[str]) -> str:
    """Every different one, once."""
    return " / ".join(dict.fromkeys(words))


def dosing_words(medication: Medication, language: str) -> str:
    """Amount, times and meal relation; the steps of a taper."""
    only = replace(
        medication, name="", strength="", dispensed_on=None, storage="", pharmacy_phone="",
        drug_class=DEFAULT_CLASS,
    )  # fmt: skip
    supply = WORDS[language]["text.days"].format(count=medication.days_supply)
    return text(only, language).removesuffix(supply).rstrip()  # it has a column of its own


def supply_words(medication: Medication, language: str) -> str:
    """When it was dispensed, and for how many days."""
    if medication.dispensed_on is None:
        return say(language, "supply.undated", days=medication.days_supply)
    day = metrics_words.day_words(language, medication.dispensed_on, "date.short")
    return say(language, "supply.dated", day=day, days=medication.days_supply)
