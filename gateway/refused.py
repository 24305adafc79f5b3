"""An entry that cannot be taken, and why.

Knows: a code and its values. May not know: what was entered, any language.
"""

from __future__ import annotations


class EntryRefused(Exception):  # noqa: N818  # an answer, not an error of this program
    """It cannot be entered. `code` has a sentence in the page's catalogue, `values` fill it."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
