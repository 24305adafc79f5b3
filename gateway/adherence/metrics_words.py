"""Figures and charts in words: nothing of a figure is left out when it is told.

Knows: the catalogues of adherence, how a figure is written. May not know: formulas, drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gateway.adherence.metrics import taking
from gateway.adherence.metrics_input import Doses, Figure, Window, as_date
from gateway.catalogue import adherence_en, adherence_ko

CATALOGUES = {"ko": adherence_ko.WORDS, "en": adherence_en.WORDS}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class FigureWords:
    """All that stands beside a figure, each as one short text."""

    name: str
    value: str
    counts: str
    interval: str  # "" where the figure is no proportion
    window: str
    left_out: str
    formula: str
    symbols: str  # the formula in symbols; "" where words are all of it
    period: str


def say(language: str, key: str, **values: object) -> str:
    """The words under `key`. Raises KeyError for a language or key there is not."""
    return CATALOGUES[language][key].format(**values)


def symbols(language: str, metric: str) -> str:
    """The formula of a figure in symbols ("symbols.key" tells them); "" where it has none."""
    key = f"symbols.{metric}"
    return say(language, key) if key in CATALOGUES[language] else ""


def day_words(language: str, day: date, key: str = "date") -> str:
    """A date without its year: "3월 2일", "2 Mar"."""
    return say(language, key, month=day.month, day=day.day, name=MONTHS[day.month - 1])


def period_words(language: str, from_day: str, to_day: str) -> str:
    """From day to day, each year named once."""
    first, last = as_date(from_day), as_date(to_day)
    begin, end = day_words(language, first), day_words(language, last)
    if language == "ko":
        begin = f"{say(language, 'year', year=first.year)} {begin}"
        end = end if last.year == first.year else f"{say(language, 'year', year=last.year)} {end}"
    else:
        end = f"{end} {last.year}"
        begin = begin if last.year == first.year else f"{begin} {first.year}"
    return say(language, "period", from_day=begin, to_day=end)


def window_words(language: str, windows: tuple[Window, ...]) -> str:
    """Every window, in minutes."""
    each = [say(language, "window.one", early=w.early_min, late=w.late_min) for w in windows]
    return say(language, "window.and").join(each) or say(language, "window.none")


def in_words(figure: Figure, language: str) -> FigureWords:
    """The figure told in full: never a number without its window, counts and what was left out."""
    return FigureWords(
        name=say(language, f"metric.{figure.metric}"),
        value=_value(figure, language),
        counts=say(language, "counts", numerator=figure.numerator, denominator=figure.denominator),
        interval=_interval(figure, language),
        window=window_words(language, figure.window),
        left_out=say(
            language,
            "left_out",
            days=figure.monitored_days,
            unknown=figure.unknown,
            doubtful=figure.doubtful,
        ),
        formula=say(language, f"formula.{figure.metric}"),
        symbols=symbols(language, figure.metric),
        period=period_words(language, *figure.period),
    )


def _number(value: float, unit: str) -> str:
    places = {"percent": 1, "ratio": 2}.get(unit, 0)
    return f"{value:.{places}f}"


def _value(figure: Figure, language: str) -> str:
    if figure.value is None:
        return say(language, "value.none")
    return say(language, f"value.{figure.unit}", value=_number(figure.value, figure.unit))


def _interval(figure: Figure, language: str) -> str:
    if figure.low is None or figure.high is None:
        return ""
    low, high = (_number(x, figure.unit) for x in (figure.low, figure.high))
    return say(language, "interval", low=low, high=high)


def emerge(doses: Doses, language: str, corrected: int | None = None) -> tuple[str, ...]:
    """What EMERGE asks to be said under a chart of doses, a sentence or two each.

    Its least: the phase, the definition, the operational definition, the measurement, the results
    (De Geest and others, Annals of Internal Medicine 169 (2018) 30-35, 10.7326/M18-0543).
    `corrected`: how many corrections by persons are in the doses; None: the raw record.
    """
    figure = taking(doses)
    whose = "emerge.raw" if corrected is None else "emerge.cleaned"
    measured = (
        say(language, "emerge.measurement"),
        say(language, whose, count=corrected, by_word=figure.by_word),
    )
    return (
        say(language, "emerge.phase"),
        say(language, "emerge.definition"),
        say(language, "emerge.operational", window=window_words(language, figure.window)),
        " ".join(measured),
        say(
            language,
            "emerge.results",
            period=period_words(language, doses.from_day, doses.to_day),
            days=figure.monitored_days,
            numerator=figure.numerator,
            denominator=figure.denominator,
            unknown=figure.unknown,
        ),
    )
