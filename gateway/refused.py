"""An entry that cannot be taken, and why.

Knows: a code and its values. May not know: what was entered, any language.
"""

from __future__ import annotations

from datetime import date

from gateway.zones import DAY_ZERO, day_of


class EntryRefused(Exception):  # noqa: N818  # an answer, not an error of this program
    """It cannot be entered. `code` has a sentence in the page's catalogue, `values` fill it."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def day_entered(text: str, first_year: int = DAY_ZERO.year) -> date:
    """The day ("2026-03-02") that was entered. Raises EntryRefused: none, or before that year."""
    day = day_of(text, first_year)
    if day is None:
        raise EntryRefused("day", day=text)
    return day
