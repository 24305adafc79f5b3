"""A page about one person: who it is, what is believed, in whose words; and how it is drawn.

Knows: Flask, the desk's `ask` and `enter`. May not know: what a page
shows.

    scene, shown = section.look(person_id, draw)     # draw(scene) -> a view, under the desk's lock
    return section.page("plan.html", scene, plan=shown)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote

from flask import Response, abort, redirect, request
from flask.typing import ResponseReturnValue

from gateway import report
from gateway.access import CARERS, OFFICER
from gateway.desk import DeskClosed
from gateway.entering import Entry
from gateway.home import Home
from gateway.prescription.book import PersonBook
from gateway.refused import EntryRefused
from gateway.roster import Person, Roster
from gateway.web.framing import render
from gateway.web.room import room, sorry, words_for
from gateway.web.seat import who
from gateway.web.slots import PAGES
from gateway.web.words import Words

T = TypeVar("T")
SEARCH_MOST = 80  # characters
CASE, NETS = "case", "nets"  # an officer's own pages about a person, before those of every carer


@dataclass(frozen=True, slots=True)
class Scene:
    """One person of a home at an instant. `home` only under the desk's lock."""

    home: Home
    roster: Roster
    person: Person
    words: Words
    now_ms: int

    @property
    def book(self) -> PersonBook:
        """Her prescriptions; an empty book where nothing was entered."""
        return self.home.household.books.get(self.person.id) or PersonBook()

    @property
    def today(self) -> date:
        """The day it is in the home."""
        return self.words.local(self.now_ms).date()

    @property
    def meal_clock(self) -> dict[str, str]:
        """When she eats and goes to bed: as entered, else as in the configuration."""
        return self.book.meal_clock or self.person.meal_clock


def look(person_id: str, draw: Callable[[Scene], T]) -> tuple[Scene, T]:
    """What `draw` makes of a person's scene. 404 for somebody who does not live here."""

    def view(home: Home, now_ms: int) -> tuple[Scene, T] | None:
        roster = home.household.roster
        person = roster.person(person_id) if roster else None
        if roster is None or person is None:
            return None
        words = words_for({"language": roster.language, "time_zone": roster.time_zone})
        scene = Scene(home, roster, person, words, now_ms)
        return scene, draw(scene)

    found = room().desk.ask(view)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return found


def page(template: str, scene: Scene, **shown: object) -> str:
    """The whole page of a section; `here` is its name in slots.PAGES."""
    words, person_id = scene.words, scene.person.id
    done = request.args.get("done", "")
    context = {
        "person": scene.person,
        "base": base(person_id),
        "path": request.path if request.method == "GET" else f"{base(person_id)}/{shown['here']}",
        "pages": _pages(person_id),
        "now": words.moment(scene.now_ms, scene.now_ms),
        "done": words.say(f"done.{done}") if words.has(f"done.{done}") else None,
    }
    return render(template, words, **{**context, **shown})


def _pages(person_id: str) -> tuple[str, ...]:
    """The other pages about a person, for whoever asks; none for herself."""
    account = who()
    if account.may({OFFICER}, person_id):
        return (CASE, NETS, *PAGES)
    return PAGES if account.may(CARERS, person_id) else ()


def base(person_id: str) -> str:
    """Where the pages of a person begin."""
    return f"/person/{quote(person_id, safe='')}"


def enter(person_id: str, here: str, entry: Entry, done: str) -> ResponseReturnValue:
    """Commit an entry and go back to the page, or say in one sentence why it was refused."""
    scene, _ = look(person_id, lambda _scene: None)
    back = f"{base(person_id)}/{here}"
    onward = f"{back}?lang={scene.words.language}&done={done}#main"
    return commit(scene.words, entry, back, onward)


def commit(words: Words, entry: Entry, back: str, onward: str) -> ResponseReturnValue:
    """Commit an entry and go `onward`; why it was refused, with the way `back`."""
    try:
        room().desk.enter(entry)
    except EntryRefused as refused:
        sentence = why(refused, words)
        code = HTTPStatus.CONFLICT if refused.code == "changed" else HTTPStatus.BAD_REQUEST
        return sorry(words, code, sentence, back)
    except DeskClosed:
        return sorry(words, HTTPStatus.SERVICE_UNAVAILABLE, words.say("error.503"), back)
    return redirect(onward, HTTPStatus.SEE_OTHER)


def download(body: bytes, kind: str, name: str) -> Response:
    """A file to be kept. `name`: ASCII, ours alone; nothing of it was ever typed by anybody."""
    answer = Response(body, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def printed(scene: Scene, draw: Callable[[], bytes], name: str) -> ResponseReturnValue:
    """A PDF, or in one sentence why there is none. Slow: outside the desk's lock."""
    try:
        return download(draw(), "application/pdf", name)
    except report.ReportError as wrong:
        sentence = scene.words.say("error.pdf", why=str(wrong))
        return sorry(scene.words, HTTPStatus.SERVICE_UNAVAILABLE, sentence)


def why(refused: EntryRefused, words: Words) -> str:
    """The sentence of a refusal; meals and fields of a bag in it by their names.

    Where it is about one field there may be a sentence for that field alone.
    """
    groups = {"meal": "meals", "following": "meals", "field": "sound"}
    values = {
        name: words.code(groups[name], value) if name in groups else value
        for name, value in refused.values.items()
    }
    key = f"entry.not.{refused.code}"
    of_field = f"{key}.{refused.values.get('field')}"
    return words.say(of_field if words.has(of_field) else key, **values)


def searched() -> str:
    """What is looked for in a list, from the address."""
    return request.args.get("q", "").strip()[:SEARCH_MOST]


def field(name: str) -> str:
    """A field of the form on one line; how long it may be is the entry's to say."""
    return " ".join(request.form.get(name, "").split())
