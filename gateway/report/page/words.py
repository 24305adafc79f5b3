"""The report's words, and figures written short enough for a table's cell.

Knows: the catalogues, how a number is rounded. May not know: formulas, layout.
"""

from __future__ import annotations

from gateway.adherence import metrics_words
from gateway.adherence.metrics_input import Figure, Window
from gateway.catalogue import report_en, report_ko
from gateway.roster import LABELS

CATALOGUES = {"ko": report_ko.WORDS, "en": report_en.WORDS}
PLACES = {"percent": 1, "ratio": 2}
WINDOWS_MOST = 2


def say(language: str, key: str, **values: object) -> str:
    """The words under `key`. Raises KeyError for a language or key there is not."""
    return CATALOGUES[language][key].format(**values)


def label_words(language: str, label: str) -> str:
    """A slot's label."""
    if label in LABELS:
        return metrics_words.say(language, f"label.{label}")
    return CATALOGUES[language].get(f"label.{label}", label)


def number(figure: Figure) -> str:
    """The value without its unit; "–" where there is none."""
    if figure.value is None:
        return "–"
    return f"{figure.value:.{PLACES.get(figure.unit, 0)}f}"


def value(figure: Figure, language: str) -> str:
    """The value with its unit; "–" where there is none."""
    if figure.value is None:
        return "–"
    return metrics_words.say(language, f"value.{figure.unit}", value=number(figure))


def counts(figure: Figure) -> str:
    """Numerator and denominator."""
    return f"{figure.numerator}/{figure.denominator}"


def interval(figure: Figure) -> str:
    """Both ends of the interval; "" where the figure is no proportion."""
    if figure.low is None or figure.high is None:
        return ""
    places = PLACES.get(figure.unit, 0)
    return f"{figure.low:.{places}f}–{figure.high:.{places}f}"


def windows(language: str, every: tuple[Window, ...]) -> str:
    """The windows, the first two of them written out."""
    each = [
        say(language, "window.one", early=w.early_min, late=w.late_min)
        for w in every[:WINDOWS_MOST]
    ]
    if len(every) > WINDOWS_MOST:
        each.append(say(language, "window.more", count=len(every) - WINDOWS_MOST))
    return ", ".join(each) or "–"
