"""The shapes of the hardware: boards, parts, circuits; frozen.

Knows: what belongs together. May not know: files, rules, what is generated from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

Value = int | str | None
QUANTITIES = (1, 100, 1000)


class Refused(Exception):  # noqa: N818 - what happened to the input, in the house's own words
    """Input that is not taken: every mistake, one line each, "file: key: rule: what"."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = tuple(" ".join(line.split()) for line in lines)  # a name may hold a line end
        super().__init__("\n".join(self.lines))


@dataclass(frozen=True)
class Constant:
    """One line of a pins.py. `kind`: gpio, number, word, addresses, count; `says`: its comment.

    `rest`: the level at which a resistor holds the pin while the processor is in reset.
    """

    name: str
    kind: str
    value: Value = None
    refs: tuple[str, ...] = ()
    says: str = ""
    way: str = ""
    wake: str = ""
    rest: str = ""
    when: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Terminal:
    """A pin of a component, by name."""

    ref: str
    pin: str

    def __str__(self) -> str:
        return f"{self.ref}.{self.pin}"


@dataclass(frozen=True)
class Compartment:
    """One lid: `number` from 0, its day, the expander's input, its light's place from 1."""

    number: int
    day: str
    lid: Terminal
    light: int


@dataclass(frozen=True)
class Board:
    """A processor's board as the firmware sees it."""

    name: str
    chip: str
    processor: str
    circuit: str
    firmware: str
    says: str
    mains: bool
    groups: tuple[tuple[Constant, ...], ...]
    addresses: Mapping[str, int]
    compartments: tuple[Compartment, ...]

    @property
    def constants(self) -> dict[str, Constant]:
        """Every constant by name."""
        return {c.name: c for group in self.groups for c in group}

    @property
    def gpios(self) -> dict[str, int]:
        """Every pin that is there, by name: those of a part that is not fitted too."""
        found = self.constants.values()
        return {c.name: c.value for c in found if c.kind == "gpio" and isinstance(c.value, int)}

    def wired(self, constant: Constant) -> bool:
        """Whether that pin leads somewhere in what is fitted."""
        there = self.constants
        return all(n in there and there[n].value == v for n, v in constant.when.items())


@dataclass(frozen=True)
class Draw:
    """What a supply pin takes, mA: as long as it lasts, and for a moment."""

    usual_ma: float
    most_ma: float
    source: str


@dataclass(frozen=True)
class Feed:
    """How a part passes power on. `how`: wire, switch (closed by pin `by`), linear, boost, path.

    `sense`: the pin whose divider sets `volts`, so that it stands at `reference_v`.
    """

    source_pin: str
    to: str
    how: str
    most_ma: float
    source: str
    by: str = ""
    volts: tuple[float, float] | None = None
    efficiency: float = 1.0
    limit_ma: float | None = None
    sense: str = ""
    reference_v: float = 0.0


@dataclass(frozen=True)
class Give:
    """What a source gives at a pin."""

    volts: tuple[float, float]
    usual_ma: float
    most_ma: float
    source: str


@dataclass(frozen=True)
class Input:
    """What a pin wants for a 1 (volts, or a share of a supply pin's) and what it survives."""

    least_v: float | None = None
    least: float | None = None
    least_of: str = ""
    most_v: float | None = None
    most_over: float | None = None


@dataclass(frozen=True)
class I2c:
    """Its pins on the bus, what they load it with, its address: `base` + straps that are high."""

    sda: str
    scl: str
    pf: float
    base: int | None = None
    straps: tuple[str, ...] = ()
    pullup_ohm: float | None = None


@dataclass(frozen=True)
class Cost:
    """US dollars each, by how many are bought."""

    each: Mapping[int, float]
    date: str
    estimate: bool
    source: str


@dataclass(frozen=True)
class Part:
    """One kind of part. `pins`: name → pads; `order`: supplier → term; `body`: millimetres.

    `held`: pin → the level it stands at for good; `set_ohm`: pin → bounds of its resistor to GND.
    """

    name: str
    value: str
    kind: str
    maker: str
    mpn: str
    order: Mapping[str, str]
    reason: str
    cost: Cost
    package: str = ""
    footprint: str = ""
    electrical: bool = True
    fitted: bool = True
    pins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    supply: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    decouple: tuple[str, ...] = ()
    draws: Mapping[str, Draw] = field(default_factory=dict)
    feeds: tuple[Feed, ...] = ()
    gives: Mapping[str, Give] = field(default_factory=dict)
    inputs: Mapping[str, Input] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    i2c: I2c | None = None
    open_drain: tuple[str, ...] = ()
    never_input: tuple[str, ...] = ()
    gpio_inputs: int | None = None
    io: str = ""
    io_most_over: float = 0.3
    ohm: float | None = None
    uf: float | None = None
    held: Mapping[str, str] = field(default_factory=dict)
    set_ohm: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    trip_ma: float | None = None
    protected: bool = False
    near_mains: bool = False
    isolated: str = ""
    body: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where parts sit: a board (`pcb`), of which there are `count` alike, or the case.

    `plugged`: sits in sockets of the main board, without a cable.
    """

    name: str
    title: str
    count: int = 1
    size_mm: tuple[float, float, float] | None = None
    pcb: bool = False
    plugged: bool = False


@dataclass(frozen=True)
class Component:
    """A part in its place. `pins`: pin → net; `copy`: on which of alike boards, from 1."""

    ref: str
    part: Part
    place: str
    pins: Mapping[str, str]
    nc: tuple[str, ...] = ()
    near: str = ""
    says: str = ""
    copy: int = 1
    creepage: str = ""
    creepage_mm: float | None = None


@dataclass(frozen=True)
class TestPoint:
    """Where a needle is put, what it must see, and when."""

    __test__ = False  # for pytest: not a test

    ref: str
    net: str
    expect: str
    when: str


@dataclass(frozen=True)
class Limit:
    """What the firmware lets all parts of a kind take together, and the constant that says so."""

    part: str
    together_ma: float
    firmware: str
    constant: str


@dataclass(frozen=True)
class Circuit:
    """One device's circuit, all of its boards."""

    name: str
    title: str
    board: Board
    places: Mapping[str, Place]
    components: Mapping[str, Component]
    tests: tuple[TestPoint, ...]
    limit: Limit | None
    bought: Mapping[str, int]

    @cached_property
    def nets(self) -> dict[str, tuple[Terminal, ...]]:
        """Every net with what hangs on it, in the order of references."""
        nets: dict[str, list[Terminal]] = {}
        for c in self.components.values():
            for pin, net in c.pins.items():
                nets.setdefault(net, []).append(Terminal(c.ref, pin))
        return {net: tuple(on) for net, on in sorted(nets.items())}

    def part(self, terminal: Terminal) -> Part:
        """The part that terminal belongs to."""
        return self.components[terminal.ref].part

    def net(self, terminal: Terminal) -> str | None:
        """The net it hangs on, None where it is open."""
        return self.components[terminal.ref].pins.get(terminal.pin)


@dataclass(frozen=True)
class Hardware:
    """All of it."""

    boards: Mapping[str, Board]
    parts: Mapping[str, Part]
    circuits: Mapping[str, Circuit]
