"""What an operation is given to look at, and what was asked of it.

Knows: a home at an instant, whom of it is seen, the arguments. May not know: HTTP, who asks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.access import Account
from gateway.coverage.choosing import Chosen
from gateway.home import Home
from gateway.image import Image
from gateway.installation import Measured
from gateway.picture_seen import Eyes
from gateway.prescription.book import PersonBook
from gateway.roster import NOBODY, Person, Roster

Json = dict[str, Any]
Arguments = Mapping[str, Any]


class NotThere(Exception):  # noqa: N818  # an answer, not an error of this program
    """What was asked for is not there, or not for this eye: the two are never told apart."""


class Wrong(Exception):  # noqa: N818  # same
    """What was asked cannot be answered; the sentence says what was wrong."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What the technician's workshop measured.

    `heard`: (dBm, ms ago); `sent`: of an update, (bytes there, in all, why it does not go on).
    """

    measured: Measured = field(default_factory=Measured)
    disk_bytes: int = 0
    heard: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # by device
    kept: Mapping[str, str] = field(default_factory=dict)  # kind by device whose key is here
    images: Sequence[Image] = ()
    sent: Mapping[int, tuple[int, int, str]] = field(default_factory=dict)  # by order


@dataclass(frozen=True, slots=True)
class Looked:
    """A row of the access log."""

    at_ms: int
    account_id: str
    name: str
    page: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Look:
    """A home, what is seen of it, what was asked; and what the operation needs beside it.

    `picture`: of the persons it is about; `asker`: None where nobody is to be told of.
    """

    home: Home
    now_ms: int
    only: Collection[str] | None = None
    picture: Json = field(default_factory=dict)
    asked: Arguments = field(default_factory=dict)
    asker: Account | None = None
    version: int = 0
    bench: Bench = field(default_factory=Bench)
    looks: Sequence[Looked] = ()
    covered: Chosen | None = None  # the page of the coverage list
    doses: Mapping[str, int] = field(default_factory=dict)  # of the asked month, by state

    @property
    def roster(self) -> Roster:
        """Who lives here; empty before the configuration was stored."""
        return self.home.household.roster or NOBODY

    @property
    def eyes(self) -> Eyes:
        """What is seen of incidents and texts."""
        return Eyes(self.roster, self.only)

    @property
    def person(self) -> Person:
        """The one who was asked for. Raises NotThere, too, where she may not be seen."""
        found = self.roster.person(self.asked["person_id"])
        if found is None or not self.eyes.person(found.id):
            raise NotThere
        return found

    @property
    def book(self) -> PersonBook:
        """Her prescriptions; an empty book where nothing was entered."""
        return self.home.household.books.get(self.person.id) or PersonBook()

    @property
    def line(self) -> Json:
        """Who it is about."""
        return {"person_id": self.person.id, "name": self.person.name}


View = Callable[[Look], Json]
