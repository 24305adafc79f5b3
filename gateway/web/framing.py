"""What stands around every page: the menu of who asks, the languages; and how a page is drawn.

Knows: Flask's request, the table of permissions. May not know: what the page shows.

    framing.render("people.html", words, rows=rows)
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import current_app, request, url_for

from gateway.home import Home
from gateway.web import first
from gateway.web.catalogues import LANGUAGES
from gateway.web.permissions import TABLE
from gateway.web.room import room
from gateway.web.rules import Verdict
from gateway.web.seat import csrf, seat, seen
from gateway.web.words import Words

# What stands in the menu of those who may go there: (endpoint, key of its name).
MENU = (
    ("page.index", "nav.today"),
    ("me.show", "nav.me"),
    ("people.index", "nav.people"),
    ("people.visits", "nav.visits"),
    ("coverage.show", "nav.nets"),
    ("intake.show", "nav.intake"),
    ("install.index", "nav.install"),
    ("accounts.show", "nav.accounts"),
    ("account.show", "nav.account"),
)
ONCE = ("lang", "done")  # of an address: not taken along to the page in the other language


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu."""

    address: str
    name: str
    here: bool


def render(template: str, words: Words, **shown: object) -> str:
    """A whole page. `shown` is the template's own; `path` of it: where a posted form is read."""
    path = str(shown.get("path") or request.path)
    frame = {
        "say": words.say,
        "words": words,
        "token": csrf(),
        "menu": menu(words),
        "languages": [(other, _in_language(path, other)) for other in _others(words)],
    }
    return current_app.jinja_env.get_template(template).render({**frame, **shown})


def menu(words: Words) -> list[Entry]:
    """The pages that she who asks may open without naming anybody; none where nobody does."""
    account = seat().account
    if account is None:
        return []

    def hers(home: Home, _now_ms: int) -> list[tuple[str, str]]:
        roster = home.household.roster
        begins_at = first.elsewhere(account, len(seen(roster)) if roster is not None else None)
        return [
            (endpoint, key)
            for endpoint, key in MENU
            if TABLE[endpoint].judge(account, home, {}) is Verdict.OPEN
            and not (endpoint == "page.index" and begins_at)  # it would lead there
        ]

    return [
        Entry(url_for(endpoint, lang=words.language), words.say(key), endpoint == request.endpoint)
        for endpoint, key in room().desk.ask(hers)
    ]


def _others(words: Words) -> list[str]:
    return [language for language in LANGUAGES if language != words.language]


def _in_language(path: str, language: str) -> str:
    """This page's address in another language, with everything else it was asked for."""
    asked = [(k, v) for k, v in request.args.items(multi=True) if k not in ONCE]
    return f"{path}?{urlencode([*asked, ('lang', language)])}"
