"""The figures of a period in tables: raw beside cleaned, nothing left out that belongs to one.

Knows: which figures stand in which table. May not know: how they are reckoned, other tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.adherence import metrics_words
from gateway.adherence.metrics_cleaned import Group, Row
from gateway.adherence.metrics_input import Figure, as_date
from gateway.report.page.markup import Markup, joined, row, tag
from gateway.report.page.words import counts, interval, label_words, number, say, value, windows

GROUPED = ("taking", "timing_window")  # what is shown of a drug, a slot, a week
HALF = ("value", "counts", "interval", "days", "unknown")


def overall(rows: Iterable[Row], language: str, *, symbols: bool) -> Markup:
    """Every figure of all doses, with formula, window, days, what nobody knows, and interval."""
    heads = (
        row(
            "th",
            tag("th", say(language, "figure"), rowspan=2, scope="col", class_="wide"),
            tag("th", say(language, "window"), rowspan=2, scope="col"),
            tag("th", say(language, "raw"), colspan=len(HALF), scope="colgroup", class_="group"),
            tag(
                "th", say(language, "cleaned"), colspan=len(HALF), scope="colgroup", class_="group"
            ),
        ),
        row("th", *(tag("th", say(language, key), scope="col") for key in HALF * 2)),
    )
    body = [_whole(one, language, symbols=symbols) for one in rows if one.group is Group.ALL]
    return tag("table", tag("thead", *heads), tag("tbody", *body), class_="figures")


def _whole(one: Row, language: str, *, symbols: bool) -> Markup:
    figure = one.raw
    shown = metrics_words.symbols(language, figure.metric) if symbols else ""
    formula = (" ", tag("i", shown)) if shown else ()
    name = joined(
        tag("b", metrics_words.say(language, f"metric.{figure.metric}")),
        " ",
        tag("span", metrics_words.say(language, f"formula.{figure.metric}"), *formula),
    )
    return row(
        "td",
        tag("th", name, scope="row"),
        tag("td", both_windows(one, language), class_="n"),
        *_half(one.raw, language),
        *_half(one.cleaned, language),
    )


def both_windows(one: Row, language: str) -> str:
    """The windows of the raw figure; those of the cleaned one too, where they are others."""
    raw, cleaned = (windows(language, figure.window) for figure in (one.raw, one.cleaned))
    return raw if raw == cleaned else f"{raw} → {cleaned}"


def _half(figure: Figure, language: str) -> tuple[Markup, ...]:
    unknown = f"{figure.unknown} ({figure.doubtful})" if figure.doubtful else str(figure.unknown)
    cells = (
        tag("b", value(figure, language)),
        counts(figure),
        interval(figure),
        str(figure.monitored_days),
        unknown,
    )
    return tuple(tag("td", c, class_="n first" if n == 0 else "n") for n, c in enumerate(cells))


def grouped(rows: Iterable[Row], groups: Iterable[Group], language: str) -> Markup:
    """Doses taken and in time of each key of the groups, raw and cleaned, and what is not known."""
    bodies = [
        tag(
            "tbody",
            *(
                row("td", tag("th", _key(group, key, of, language), scope="row"), *cells(of))
                for key, of in by_key(rows, group).items()
            ),
        )
        for group in groups
    ]
    head = tag("thead", *grouped_heads(language, say(language, "groups")))
    return tag("table", head, *bodies, class_="grouped")


def by_key(rows: Iterable[Row], group: Group) -> dict[str, dict[str, Row]]:
    """The rows of a group by their key, then by metric."""
    found: dict[str, dict[str, Row]] = {}
    for one in rows:
        if one.group is group:
            found.setdefault(one.key, {})[one.raw.metric] = one
    return found


def grouped_heads(language: str, *before: str) -> tuple[Markup, ...]:
    """Two rows of headings: what stands before, then raw and cleaned of each shown figure."""
    upper = [tag("th", words, rowspan=2, scope="col") for words in before]
    upper += [
        tag("th", say(language, f"short.{m}"), colspan=2, scope="colgroup", class_="group")
        for m in GROUPED
    ]
    upper.append(tag("th", say(language, "short.unknown"), rowspan=2, scope="col"))
    halves = ("short.raw", "short.cleaned")
    lower = [tag("th", say(language, half), scope="col") for _ in GROUPED for half in halves]
    return row("th", *upper), row("th", *lower)


def cells(of: Mapping[str, Row]) -> tuple[Markup, ...]:
    """Under `grouped_heads`: the figures of one key; "–" where there is none."""
    made: list[Markup] = []
    for metric in GROUPED:
        one = of.get(metric)
        made += [short(figure) for figure in (one.raw, one.cleaned)] if one else [NOTHING] * 2
    told = of.get("taking")
    unknown = f"{told.raw.unknown} → {told.cleaned.unknown}" if told else "–"
    return (*made, tag("td", unknown, class_="n"))


NOTHING = tag("td", "–", class_="n")


def short(figure: Figure) -> Markup:
    """The value, its counts, and how far it may be from them; the style breaks the line."""
    beside = tag("span", counts(figure), class_="counts")
    bounds = interval(figure)
    return tag(
        "td",
        tag("b", number(figure)),
        " ",
        beside,
        *((" ", tag("span", bounds, class_="interval")) if bounds else ()),
        class_="n",
    )


def _key(group: Group, key: str, of: Mapping[str, Row], language: str) -> str:
    """The slot's label; the days of a week that lie in the period."""
    if group is Group.LABEL:
        return label_words(language, key)
    days = next(iter(of.values())).raw.period
    first, last = (metrics_words.day_words(language, as_date(d), "date.short") for d in days)
    return say(language, "week", first=first, last=last)
