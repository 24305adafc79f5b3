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
        tag("h1", _whole(title)),
        tag("p", _whole(about), class_="about"),
        tag("div", *(_part(part) for part in parts), class_="parts"),
    )


def _part(part: Part) -> Markup:
    table = tag(
        "table",
        tag("thead", row("th", *(tag("th", _whole(head), scope="col") for head in part.heads))),
        tag("tbody", *(_line(line) for line in part.lines)),
    )
    return tag(
        "section",
        tag("h2", _whole(part.title)),
        tag("p", _whole(part.what), class_="what"),
        table if part.lines else tag("p", _whole(part.none)),
    )


def _line(cells: tuple[str, ...]) -> Markup:
    return row("td", tag("th", _whole(cells[0]), scope="row"), *cells[1:])


def _whole(words: str) -> Markup:
    """Words that no line breaks inside: the printer knows no word-break: keep-all."""
    return Markup(" ".join(tag("span", word, class_="whole") for word in words.split()))
