"""The charts: well formed, told in words, told apart without colour, and within their paper."""

from __future__ import annotations

import itertools
import re
import string
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import sync_playwright

from gateway.adherence import plots_svg
from gateway.adherence.metrics import mpr, pdc, taking, timing_window
from gateway.adherence.metrics_cleaned import cleaned, table
from gateway.adherence.metrics_input import DoseFact, Doses, Window
from gateway.adherence.metrics_words import CATALOGUES, emerge, in_words, period_words
from gateway.adherence.outcomes import How, State
from gateway.adherence.plots import Chart, calendar_plot, chronology
from gateway.adherence.plots_svg import Sign, sign
from gateway.roster import LABELS
from tests.gateway.adherence.records import BY_HAND, FIRST, LAST, SAID, SPRING, dose
from tests.gateway.home_facts import SEOUL, at

SVG = "{http://www.w3.org/2000/svg}"
Draw = Callable[[Chart], str]


def _chronology(chart: Chart) -> str:
    return chronology(chart, SEOUL)


DRAWN: list[Draw] = [calendar_plot, _chronology]
EVERY_SIGN = replace(
    cleaned(BY_HAND, SAID),
    facts=(
        *cleaned(BY_HAND, SAID).facts,
        dose("2026-03-12", "morning", None, State.WAITING),
        dose("2026-03-12", "evening", None, State.UNKNOWN),
    ),
    to_day="2026-03-12",
)


@pytest.mark.parametrize("language", CATALOGUES)
@pytest.mark.parametrize("draw", DRAWN)
def test_told_to_who_cannot_see_it(draw: Draw, language: str) -> None:
    """It is an image with a title and a description that holds the counts and the statement."""
    root = ET.fromstring(draw(Chart(EVERY_SIGN, language, "c1", 3)))  # noqa: S314 — our own
    assert (root.get("role"), root.get("lang")) == ("img", language)
    assert root.get("aria-labelledby") == "c1-title c1-desc"
    title, description = (root.find(f"{SVG}{tag}") for tag in ("title", "desc"))
    assert title is not None
    assert title.text is not None
    assert title.text.endswith(period_words(language, FIRST, "2026-03-12"))
    assert description is not None
    assert description.text is not None
    for sentence in emerge(EVERY_SIGN, language, 3):
        assert sentence in description.text


@pytest.mark.parametrize("language", CATALOGUES)
@pytest.mark.parametrize("draw", DRAWN)
def test_the_statement_stands_under_it(draw: Draw, language: str) -> None:
    """Phase, definition, operational definition, measurement and results can be read below."""
    root = ET.fromstring(draw(Chart(BY_HAND, language, "c1")))  # noqa: S314 — our own
    read = " ".join(t.text or "" for t in root.iter(f"{SVG}text"))
    for sentence in emerge(BY_HAND, language):
        assert sentence in read


@pytest.mark.parametrize("draw", DRAWN)
def test_the_statement_is_always_in_the_description(draw: Draw) -> None:
    """Where the page prints it once for several charts, each still tells it to a screen reader."""
    svg = draw(Chart(BY_HAND, "en", "c1", statement=False))
    sentence = emerge(BY_HAND, "en")[-1]
    assert (svg.count(sentence), "What this chart says" in svg) == (1, False)


@pytest.mark.parametrize("draw", DRAWN)
def test_legend_has_the_signs_that_are_used(draw: Draw) -> None:
    """What is drawn is explained, and nothing else is."""
    said = CATALOGUES["en"]
    used = draw(Chart(EVERY_SIGN, "en", "c1"))
    plain = draw(Chart(Doses((dose(FIRST, "morning", "08:00"),), FIRST, FIRST), "en", "c1"))
    assert [s for s in Sign if f">{said[f'sign.{s}']}<" in plain] == [Sign.OPENED]
    missing = [s for s in Sign if f">{said[f'sign.{s}']}<" not in used]
    assert missing == ([] if draw is _chronology else [Sign.OUTSIDE])


def test_signs_differ_without_colour() -> None:
    """With every colour taken out no two signs are drawn alike."""
    drawn = {s: re.sub(r"#[0-9a-f]{6}", "", sign(s, 0, 0, 20, "c")) for s in Sign}
    assert len(set(drawn.values())) == len(Sign)


def _light(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_light(one), _light(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", ["INK", "SOFT", "CELADON", "VERMILION", "SLATE", "UMBER"])
def test_contrast(colour: str) -> None:
    """Text and signs reach 7:1 on paper (WCAG AAA), and 4.5:1 on any wash behind them."""
    value = getattr(plots_svg, colour)
    assert _contrast(value, plots_svg.PAPER) >= 7
    assert _contrast(value, plots_svg.WASH) >= 4.5
    assert _contrast(value, plots_svg.SHADE) >= 4.5


def test_a_dose_after_midnight_stands_on_its_own_day() -> None:
    """A bedtime dose opened at half past midnight is drawn below midnight, not in the morning."""
    late = DoseFact(
        slot=replace(dose(FIRST, "evening", None).slot, index=3),
        label="bedtime",
        due_ms=at("23:00", FIRST),
        state=State.TAKEN,
        how=How.LATE,
        opened_ms=at("00:30", "2026-03-03"),
        window=Window(60, 120),
    )
    svg = _chronology(Chart(Doses((late,), FIRST, FIRST), "en", "c"))
    hours = [m[1] for m in re.finditer(r">(\d\d):00<", svg)]
    assert hours == ["21", "00", "03"]
    heights = {h: float(m[1]) for h, m in zip(hours, re.finditer(r' y="([\d.]+)" font-size="14" '
               r'text-anchor="end"', svg), strict=True)}  # fmt: skip
    marks = [float(m[1]) for m in re.finditer(r"translate\([\d.]+ ([\d.]+)\)", svg)]
    assert heights["00"] < marks[0] + 5 < heights["03"]


@pytest.mark.parametrize("draw", DRAWN)
def test_no_dose_and_strange_names(draw: Draw) -> None:
    """A period without doses and a label with markup in it give a well-formed picture."""
    strange = replace(dose(FIRST, "morning", "08:00"), label="<b>&")
    other = dose(FIRST, "evening", None)
    for facts in ((), (strange, other)):
        svg = draw(Chart(Doses(facts, FIRST, LAST), "ko", "c1"))
        assert ET.fromstring(svg).tag == f"{SVG}svg"  # noqa: S314 — our own


def test_a_day_away_is_no_miss() -> None:
    """A dose of a day in hospital is drawn as away, whatever the box says of it."""
    day = replace(BY_HAND, from_day="2026-03-10", to_day="2026-03-10")
    for draw in DRAWN:
        svg = draw(Chart(day, "en", "c"))
        assert CATALOGUES["en"]["sign.away"] in svg
        assert f">{CATALOGUES['en']['sign.not_opened']}<" not in svg


def test_facts_in_any_order_draw_the_same() -> None:
    """The picture is of the record, not of how it was told."""
    turned = replace(BY_HAND, facts=(*reversed(BY_HAND.facts), BY_HAND.facts[0]))
    for draw in DRAWN:
        assert draw(Chart(turned, "ko", "c")) == draw(Chart(BY_HAND, "ko", "c"))


def _filled_in(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


def test_catalogues_have_the_same_words() -> None:
    """Each language has every key, and fills in the same values where both name them."""
    korean, english = CATALOGUES["ko"], CATALOGUES["en"]
    assert set(korean) == set(english)
    blanks = {
        key: (_filled_in(korean[key]), _filled_in(english[key]))
        for key in korean
        if not key.startswith(("date", "month"))
    }
    assert [key for key, (one, other) in blanks.items() if one != other] == []


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_figure_is_told_in_full(language: str) -> None:
    """Every figure of the table has a name, window, counts, what was left out, and its formula."""
    rows = table(BY_HAND, SAID)
    figures = [f for row in rows for f in (row.raw, row.cleaned)] + [pdc(SPRING), mpr(SPRING)]
    for figure in figures:
        told = in_words(figure, language)
        assert all((told.name, told.value, told.counts, told.left_out, told.window, told.formula))
        assert bool(told.interval) == (figure.low is not None)


def test_a_figure_in_english() -> None:
    """The words of one figure, whole."""
    told = in_words(timing_window(BY_HAND), "en")
    assert (told.value, told.counts, told.symbols) == (
        "52.9 %", "9 / 17", "100·|{doses : s−a ≤ t ≤ s+b}| / Σp_d",
    )  # fmt: skip
    assert told.interval == "95 % confidence interval 31.0 – 73.8 (Wilson, z = 1.96)"
    assert told.window == "60 min before to 60 min after the due time"
    assert told.left_out == "9 days watched; 1 doses not confirmed left out (doubtful: 0)"
    assert told.period == "2 Mar – 11 Mar 2026"
    empty = Doses((), FIRST, LAST)
    assert in_words(taking(empty), "en").value == "cannot be said"


WIDEST = 340  # of 344: the margin right of it stays empty


def _edges(inside: str) -> list[tuple[str, float, float]]:
    """(words, left, right) in px of every line of text, in Debian's Chromium."""
    page = f'<body style="margin:0;width:344px">{inside}'
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            tab = browser.new_page(viewport={"width": 344, "height": 800})
            tab.set_content(page)
            edges: list[tuple[str, float, float]] = tab.evaluate(
                "[...document.querySelectorAll('text')].map(t => [t.textContent,"
                " t.getBoundingClientRect().left, t.getBoundingClientRect().right])"
            )
        finally:
            browser.close()
    return edges


@pytest.mark.timeout(90)
def test_words_stay_on_the_paper() -> None:
    """In a real browser no line of any chart reaches beyond its paper, four slots a day too."""
    four = Doses(
        tuple(
            replace(fact, label=label, slot=replace(fact.slot, index=n))
            for fact in EVERY_SIGN.facts
            if fact.label == "morning"
            for n, label in enumerate(LABELS)
        ),
        FIRST,
        "2026-03-12",
    )
    svgs = [
        draw(Chart(doses, language, f"c{n}", 4))
        for n, (draw, doses, language) in enumerate(
            itertools.product(DRAWN, (EVERY_SIGN, four), CATALOGUES)
        )
    ]
    edges = _edges("".join(f"<div>{svg}</div>" for svg in svgs))
    assert len(edges) > 200
    assert [e for e in edges if e[1] < 2 or e[2] > WIDEST] == []
