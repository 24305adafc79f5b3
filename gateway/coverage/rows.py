"""One person or household with the nets that hold her: the shape everybody reads.

Knows: the row, what it says of itself, figures over many. May not know: facts, where a row is from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.netting import BOX, HOLDS, NEIGHBOUR, NETS, PHONE, PLUG, REFUSED

DEVICES = frozenset({BOX, PLUG, PHONE})  # whose refusal asks for a neighbour


@dataclass(frozen=True, slots=True)
class Net:
    """One net of one person: it holds, or was refused. Days are ISO dates."""

    name: str
    state: str
    since_day: str
    ask_again_day: str | None = None
    text: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody who is known: a `person` who is looked after, or a household of the register.

    What follows from her nets is found out once: a district's list looks at it a hundred thousand
    times.
    """

    id: str
    person: bool
    name: str
    dong: str
    address: str
    birth_year: int | None = None
    number: str = ""
    nets: tuple[Net, ...] = ()
    held: tuple[str, ...] = field(init=False)  # the nets that hold her
    refused: tuple[Net, ...] = field(init=False)  # those that she does not want
    ask_again_day: str | None = field(init=False)  # the first day on which she is asked again
    # A refused device asks for a neighbour, where none is there and none was refused.
    asks_neighbour: bool = field(init=False)

    def __post_init__(self) -> None:
        """What follows from `nets`."""
        refused = tuple(net for net in self.nets if net.state == REFUSED)
        days = (net.ask_again_day for net in refused if net.ask_again_day)
        device = any(net.name in DEVICES for net in refused)
        follows = {
            "held": tuple(net.name for net in self.nets if net.state == HOLDS),
            "refused": refused,
            "ask_again_day": min(days, default=None),
            "asks_neighbour": device and all(net.name != NEIGHBOUR for net in self.nets),
        }
        for name, value in follows.items():
            object.__setattr__(self, name, value)

    @property
    def covered(self) -> bool:
        """Whether any net holds her."""
        return bool(self.held)


@dataclass(frozen=True, slots=True)
class Figures:
    """How many are known, and by what they are held. `persons`: of `people`, those looked after."""

    people: int = 0
    persons: int = 0
    covered: int = 0
    refused: int = 0  # who refused a net
    by_net: Mapping[str, int] = field(default_factory=dict)

    @property
    def uncovered(self) -> int:
        """Held by nothing."""
        return self.people - self.covered


@dataclass(slots=True)
class Tally:
    """Figures that are kept up row by row."""

    counts: Counter[str] = field(default_factory=Counter)

    def count(self, row: Row, one: int) -> None:
        """A row is there (1) or not any more (-1)."""
        counts = self.counts
        counts["people"] += one
        if row.person:
            counts["persons"] += one
        if row.held:
            counts["covered"] += one
            for net in row.held:
                counts[net] += one
        if row.refused:
            counts["refused"] += one
        counts["asks"] += one * row.asks_neighbour

    def add(self, other: Tally) -> None:
        """Together with others."""
        self.counts.update(other.counts)

    def figures(self) -> Figures:
        """As they are now."""
        by_net = {net: self.counts[net] for net in NETS}
        names = ("people", "persons", "covered", "refused")
        return Figures(**{name: self.counts[name] for name in names}, by_net=by_net)
