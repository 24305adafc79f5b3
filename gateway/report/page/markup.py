"""HTML that cannot be broken by what people type: text is escaped unless it is markup already.

Knows: how an element is written. May not know: what stands on a page.
"""

from __future__ import annotations

from gateway.adherence.plots_svg import escape


class Markup(str):
    """Text that is HTML already; any other text is escaped when it becomes a child."""

    __slots__ = ()


def tag(name: str, *children: str, **attributes: str | int | None) -> Markup:
    """One element with an end tag. `_` in an attribute's name is `-`, a last one is dropped."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    end = "" if name == "br" else f"</{name}>"
    return Markup(f"<{name}{written}>{joined(*children)}{end}")


def joined(*parts: str) -> Markup:
    """Parts one behind the other."""
    return Markup(
        "".join(part if isinstance(part, Markup) else escape(_clean(part)) for part in parts)
    )


def _clean(words: str) -> str:
    """Without what no paper can show: control characters and halves of characters."""
    return "".join(c if c.isprintable() or c == " " else " " for c in words)


def clip(words: str, most: int) -> str:
    """At most so many characters, and a sign where some are missing."""
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def document(language: str, title: str, style: str, *body: str) -> str:
    """A whole document: language, title and style are its own, nothing is fetched for it."""
    head = tag(
        "head", Markup('<meta charset="utf-8">'), tag("title", title), tag("style", Markup(style))
    )
    return "<!doctype html>" + tag("html", head, tag("body", *body), lang=language)


def row(kind: str, *cells: str, **attributes: str | int | None) -> Markup:
    """A table's row of `th` or `td` cells; a cell that is an element of a row already stays."""
    made = (
        c if c.startswith(("<td", "<th")) and isinstance(c, Markup) else tag(kind, c) for c in cells
    )
    return tag("tr", *made, **attributes)
