"""What an operation of the API is: its row of the table, and what several rows share.

Knows: the fields of a row. May not know: any operation, HTTP, who may come in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum

from gateway.access import SIGHT, Role
from gateway.api.look import View
from gateway.api.schema import DAY, ID, INSTANT, NUMBER_ID, Json, many, maybe, ref, says, shape


class Needs(Enum):
    """What a view is brought beside the home (gateway/api/look.py)."""

    NOTHING = "nothing"
    PICTURE = "the picture of the one in the address"
    PAGE = "the picture of those of this page of the list"
    VERSION = "the number of the newest change"
    BENCH = "what the technician's workshop measured"
    LOOKS = "the access log of the one in the address"
    NETS = "the page of the list of who is covered, chosen without holding the home"
    DOSES = "how the doses of the month stand, counted beside the questions"


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something that may be asked. `default` where it is left out; path parameters never are."""

    name: str
    schema: Json
    says: str
    default: object = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One row. `path`: after /api/v1, with {names} of `path_parameters`."""

    name: str
    path: str
    scope: str
    says: str
    answer: Json
    view: View
    needs: Needs = Needs.NOTHING
    query: tuple[Parameter, ...] = ()
    method: str = "get"
    body: Json | None = None
    also: Mapping[int, str] = field(default_factory=dict)  # further answers: code → when
    roles: Collection[Role] = SIGHT  # in which of her roles whoever asks sees whom she sees

    @property
    def path_parameters(self) -> tuple[Parameter, ...]:
        """What stands in the address."""
        return tuple(p for p in IN_PATH if f"{{{p.name}}}" in self.path)


IN_PATH = (
    Parameter("person_id", ID, "Whose: as in the list of people"),
    Parameter("number", NUMBER_ID, "Of the incident"),
)


def limit(most: int) -> Parameter:
    """How many at once."""
    schema: Json = {"type": "integer", "minimum": 1, "maximum": most}
    return Parameter("limit", schema, "At most so many", min(50, most))


DAYS: Json = {"type": "integer", "minimum": 1, "maximum": 366}
PERIOD = (
    Parameter("to", DAY, "Last day, included; left out: today"),
    Parameter("days", DAYS, "So many days up to it", 28),
)
BEFORE_MS: Json = {**INSTANT, "minimum": 0, "maximum": 2**53 - 1}
AFTER = Parameter("after", ID, "Those after this person: `next` of the answer before")
WRONG = {400: "What was asked is not as described here"}
GONE = {404: "There is no such thing, or it is not for this token"}
AS_OF = {"as_of_ms": INSTANT}
HERS = {"person_id": ID, "name": {"type": "string"}}


def page_of(description: str, name: str, of: str, cursor: Json) -> Json:
    """A page of a list, and where the next one begins."""
    return shape(
        description,
        **AS_OF,
        **{name: many(ref(of))},
        next=maybe(says(cursor, "where the next page begins; null: this is the last")),
    )
