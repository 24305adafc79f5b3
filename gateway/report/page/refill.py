"""The refill sheet: which pouch goes into which compartment, in letters for old eyes.

Knows: what is to be filled and what not to be touched. May not know: orders, the time now.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from gateway.adherence import metrics_words
from gateway.prescription.refill_plan import Pill, RefillPlan, Row
from gateway.prescription.words import WORDS
from gateway.report.page.markup import Markup, clip, document, row, tag
from gateway.report.page.styles import refill
from gateway.report.page.words import label_words, say
from gateway.roster import LABELS

NAME_MOST = 40
HEADS = ("lid", "day", "pouch", "done")
UNTOUCHED = "refill.left"


def refill_page(plan: RefillPlan, language: str, name: str = "") -> str:
    """The sheet as one HTML document. KeyError for a language there is not."""
    title = say(language, "refill.title")
    whose = f"{title} — {say(language, 'name', name=clip(name, NAME_MOST))}" if name else title
    empty = ", ".join(lid_words(n, language) for n in plan.empty)
    return document(
        language,
        whose,
        refill(),
        tag("h1", whose),
        tag("p", say(language, "refill.how")),
        _table(plan.fill, language, "refill.fill"),
        _table(plan.as_needed, language, "refill.as_needed"),
        _table(plan.left, language, UNTOUCHED),
        *((tag("h2", say(language, "refill.empty")), tag("p", empty)) if empty else ()),
    )


def lid_words(compartment: int, language: str) -> str:
    """A compartment by what is printed on its lid: weekday and time of day."""
    column, line = divmod(compartment, len(LABELS))
    weekday = metrics_words.say(language, f"weekday.{column}")
    return f"{weekday} {label_words(language, LABELS[line])}"


def _table(rows: Iterable[Row], language: str, key: str) -> Markup:
    """The rows under a heading, with a box to tick where something is to be put in."""
    ticked = key != UNTOUCHED
    body = [_line(one, language, ticked=ticked) for one in rows]
    if not body:
        return tag("p", say(language, "refill.nothing")) if key == "refill.fill" else Markup("")
    heads = (tag("th", say(language, f"refill.{h}"), scope="col") for h in HEADS[: 3 + ticked])
    return tag(
        "section",
        tag("h2", say(language, key)),
        tag("table", tag("thead", row("th", *heads)), tag("tbody", *body)),
    )


def _line(one: Row, language: str, *, ticked: bool) -> Markup:
    day = date.fromisoformat(one.day)
    when = metrics_words.day_words(language, day, "date.short")
    pills = [tag("li", pill_words(pill, language)) for pill in one.contents]
    pouch = tag("ul", *pills) if pills else say(language, "refill.by_label")
    return row(
        "td",
        tag("th", lid_words(one.compartment, language), scope="row", class_="place"),
        tag("td", when, tag("br"), label_words(language, one.label)),
        tag("td", pouch),
        *([tag("td", "□", class_="done")] if ticked else []),
    )


def pill_words(pill: Pill, language: str) -> str:
    """Name, strength, and how much of it."""
    words = WORDS[language]
    exact = 100 % pill.amount.denominator == 0
    amount = words["text.amount"].format(
        amount=f"{float(pill.amount):g}" if exact else str(pill.amount),
        unit=words.get(f"text.unit.{pill.unit}", pill.unit),
    )
    return " ".join(filter(None, (clip(pill.name, NAME_MOST), pill.strength, amount)))
