"""Which page is the first for whom.

Knows: roles, how many persons fit on one page. May not know: Flask, what a page shows.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlencode

from gateway.access import GUARDIAN, OFFICER, SENIOR, SIGHT, TECHNICIAN, Account

MOST = 12  # persons drawn whole on one page; who looks after more begins with the list

OWN, LIST, INSTALLING, NEW = "me.show", "people.index", "install.index", "enrol.show"


def elsewhere(account: Account, persons: int | None) -> str | None:
    """The endpoint to begin with; None: the first page itself.

    `persons`: how many she may see; None: not known.
    """
    if not account.has(SIGHT):
        return INSTALLING if account.has({TECHNICIAN}) else None
    if account.has({SENIOR}) and not account.has({GUARDIAN, OFFICER}):
        return OWN
    if persons is not None and persons > MOST and account.has({OFFICER}):
        return LIST
    return NEW if persons == 0 and account.may({OFFICER}) else None


def narrowed(only: Collection[str] | None, asked: str | None) -> Collection[str] | None:
    """Of the persons she may see (None = all) the one that is asked for, if she may see her."""
    mine = asked is not None and (only is None or asked in only)
    return frozenset({asked or ""}) if mine else only


def address(asked: str | None, language: str | None = None, anchor: str = "") -> str:
    """The first page, of one person alone where it was asked for her; at a place on it."""
    named = {"person": asked, "lang": language}
    query = urlencode({name: value for name, value in named.items() if value})
    return f"/{'?' if query else ''}{query}{'#' if anchor else ''}{anchor}"
