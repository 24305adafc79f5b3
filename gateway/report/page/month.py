"""The month's report on paper: what each figure counts stands beside it.

Knows: how its parts are laid out. May not know: what they say, how a figure is reckoned.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.report.page.markup import Markup, document, row, tag
from gateway.report.page.styles import month


@dataclass(frozen=True, slots=True)
class Part:
    """A part in words: its title, what it counts, the heads, lines whose first cell names them.

    `none`: what stands there where it has no line.
    """

    key: str
    title: str
    what: str
    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    none: str = ""


def month_page(language: str, title: str, about: str, parts: Iterable[Part]) -> str:
    """The report as one HTML document."""
    return document(
        language,
        title,
        month(),
        tag("h1", title),
        tag("p", about, class_="about"),
        tag("div", *(_part(part) for part in parts), class_="parts"),
    )


def _part(part: Part) -> Markup:
    table = tag(
        "table",
        tag("thead", row("th", *(tag("th", head, scope="col") for head in part.heads))),
        tag("tbody", *(_line(line) for line in part.lines)),
    )
    return tag(
        "section",
        tag("h2", part.title),
        tag("p", part.what, class_="what"),
        table if part.lines else tag("p", part.none),
    )


def _line(cells: tuple[str, ...]) -> Markup:
    return row("td", tag("th", cells[0], scope="row"), *cells[1:])
