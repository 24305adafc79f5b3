"""A desk to be changed by hand: it shows a picture and remembers what was asked of it.

Knows: which questions the page has for its desk. May not know: the real gateway, what a picture is
filled with (fakes.py).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from flask.testing import FlaskClient

from gateway.access import Grant
from gateway.entering import Entry, entered
from gateway.events import RosterSet
from gateway.home import Home
from gateway.orders import Wish
from gateway.roster import Device, Person, Roster
from gateway.roster import to_json as roster_to_json
from gateway.workshop import Workshop
from tests.web_access import page_of, signed_in

Picture = dict[str, Any]
T = TypeVar("T")


def home_of(picture: Picture) -> Home:
    """The picture's persons and their devices: on them it hangs who may see whom."""
    roster = Roster(
        picture["home_id"],
        picture["time_zone"],
        picture["language"],
        tuple(Person(p["id"], p["name"]) for p in picture["persons"]),
        tuple(
            Device(d["id"], d["kind"], p["id"]) for p in picture["persons"] for d in p["devices"]
        ),
    )
    home = Home()
    home.fold(RosterSet(0, roster_to_json(roster)))
    return home


class FakeDesk:
    """A desk with a picture to be changed by hand (gateway/desk.py has the real one)."""

    workshop: Workshop | None = None

    def __init__(
        self, picture: Picture, box_window: str | None = None, home: Home | None = None
    ) -> None:
        """`home`: for the pages about one person, which ask the real one."""
        self._picture = picture
        self.home = home or home_of(picture)
        self.now_ms = int(picture["now_ms"])
        self.entries: list[Entry] = []
        self._box_window = box_window
        self._version = 1
        self._closed = False
        self._changed = threading.Condition()
        self.wishes: list[Wish] = []
        self.refuses: Exception | None = None  # raised for every wish, when set

    def ask(self, view: Callable[[Home, int], T]) -> T:
        return view(self.home, self.now_ms)

    def listen(self, _call_id: int) -> bytes | None:
        return None

    def enter(self, entry: Entry) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.entries.append(entry)
        for fact in entered(self.home, entry, self.now_ms):
            self.home.fold(fact)

    def order(self, wish: Wish) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.wishes.append(wish)

    @property
    def box_window(self) -> str | None:
        return self._box_window

    def picture(self, only: Collection[str] | None = None) -> Picture:
        with self._changed:
            picture: Picture = json.loads(json.dumps(self._picture))
        if only is not None:  # roughly as the real one: what is of nobody's is of all
            of = {"persons": "id", "incidents": "person_id", "orders": "person_id"}
            for name, key in of.items():
                picture[name] = [row for row in picture[name] if row[key] in (*only, "")]
            if not only:
                picture.update(incidents=[], texts=[], orders=[], happenings=[])
        return picture

    def show(self, picture: Picture) -> None:
        with self._changed:
            self._picture = picture
            self._version += 1
            self._changed.notify_all()

    def changed(self) -> None:
        with self._changed:
            self._version += 1
            self._changed.notify_all()

    def wait_change(self, last_version: int, timeout_s: float) -> int:
        with self._changed:
            self._changed.wait_for(
                lambda: self._closed or self._version != last_version, timeout=timeout_s
            )
            return self._version

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()


def client_of(desk: FakeDesk, *grants: Grant) -> FlaskClient:
    """A test client of the page over this desk, signed in: for everybody, unless told."""
    return signed_in(page_of(desk), *grants)
