"""The list of what is printed: solid, number, place in the box, and how it lies on the bed.

Knows: every part's builder. May not know: checks, files, pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from manifold3d import Manifold

from hardware.enclosure import base, console, lid, stand, tray
from hardware.enclosure.bought import bodies
from hardware.enclosure.plan import DAYS, NAMES_OF_DAYS, NAMES_OF_SLOTS, SLOTS, Plan
from hardware.enclosure.sizes import Sizes
from hardware.enclosure.solids import Triple

AS_IS: Triple = (0.0, 0.0, 0.0)
OVER: Triple = (180.0, 0.0, 0.0)  # top face on the bed
SIDE: Triple = (0.0, -90.0, 0.0)  # lies on its left side
ORIGIN: Triple = (0.0, 0.0, 0.0)
SLIVER_MM = 1e-4  # edges this short are a boolean's crumbs, and no file can hold them
FEET = (0, 3, 6)  # trays with a foot or a bracket below


@dataclass(frozen=True)
class Part:
    """A printed part. `places`: moves from `solid` to each copy in the assembled box, mm."""

    name: str
    title: str
    solid: Manifold
    places: tuple[Triple, ...] = (ORIGIN,)
    flip: Triple = AS_IS
    colour: str = "body"
    apart: Triple = ORIGIN  # where it goes in the exploded view
    group: str = "box"  # box, wall, sensor: what is assembled together
    bought: bool = False  # a body that others must leave room for
    ink: Manifold | None = None  # raised letters, which are printed in a second colour

    @cached_property
    def printed(self) -> Manifold:
        """As it lies on the bed: the least x, y and z are 0."""
        turned = self.solid.rotate(self.flip).simplify(SLIVER_MM)
        low = turned.bounding_box()[:3]
        return turned.translate((-low[0], -low[1], -low[2]))


@dataclass(frozen=True)
class Enclosure:
    """All parts of one set of measures."""

    sizes: Sizes
    plan: Plan
    parts: tuple[Part, ...]

    @property
    def printed(self) -> tuple[Part, ...]:
        """Without what is bought."""
        return tuple(part for part in self.parts if not part.bought)

    def part(self, name: str) -> Part:
        """A part by its name."""
        return next(part for part in self.parts if part.name == name)


def enclosure(sizes: Sizes) -> Enclosure:
    """Every part of the pill box, its stands and the light sensor's case."""
    plan = Plan(sizes)
    return Enclosure(
        sizes,
        plan,
        (
            *_trays(plan),
            *_lids(plan),
            *_plates(plan),
            *_console(plan),
            *_stands(plan),
            *_bought(plan),
        ),
    )


def _day(plan: Plan, day: int) -> Triple:
    return (day * plan.pitch_x, 0.0, 0.0)


def _trays(plan: Plan) -> tuple[Part, ...]:
    last = plan.s.tray.days - 1
    middle = tuple(_day(plan, day) for day in range(1, last))
    return (
        Part("tray-first", "월요일 트레이 · Monday's tray", tray.tray(plan, left=False)),
        Part("tray", "트레이 · tray, Tuesday to Saturday", tray.tray(plan), middle),
        Part(
            "tray-last",
            "일요일 트레이 · Sunday's tray",
            tray.tray(plan, right=False),
            (_day(plan, last),),
        ),
    )


def _lids(plan: Plan) -> tuple[Part, ...]:
    found: list[Part] = []
    every: list[Triple] = []
    for slot, (word, name) in enumerate(zip(SLOTS, NAMES_OF_SLOTS, strict=True)):
        places = tuple(
            (day * plan.pitch_x, plan.slot_y(slot), 0.0) for day in range(plan.s.tray.days)
        )
        every += places
        part = Part(
            f"lid-{name}", f"{word} 뚜껑 · lid, {name}", lid.lid(plan, word), places,
            colour=f"lid{slot}", apart=(0.0, 0.0, 75.0), ink=lid.letters(plan, word),
        )  # fmt: skip
        found.append(part)
    clear = Part(
        "light-pipe", "도광봉 (투명) · light pipe, clear", lid.pipe(plan), tuple(every), OVER,
        "clear", (0.0, 0.0, 40.0),
    )  # fmt: skip
    return (*found, clear)


def _plates(plan: Plan) -> tuple[Part, ...]:
    return tuple(
        Part(
            f"plate-{name}", f"{word} 표지 · plate, {name}", tray.plate(plan, word),
            (_day(plan, day),), colour="plate", apart=(0.0, 0.0, 40.0),
            ink=tray.letters(plan, word),
        )
        for day, (word, name) in enumerate(zip(DAYS, NAMES_OF_DAYS, strict=True))
    )  # fmt: skip


def _console(plan: Plan) -> tuple[Part, ...]:
    front = (0.0, -60.0, 0.0)
    above = (0.0, -60.0, 50.0)
    below = (0.0, -60.0, -90.0)
    at_help, at_ok = console.help_at(plan), console.ok_at(plan)
    return (
        Part("console-left", "조작부 왼쪽 · console, left", console.left_shell(plan), flip=OVER,
             colour="console", apart=front),
        Part("console-right", "조작부 오른쪽 · console, right", console.right_shell(plan),
             flip=OVER, colour="console", apart=front),
        Part("base-left", "바닥 왼쪽 · base, left", base.left_base(plan), colour="base",
             apart=below),
        Part("base-right", "바닥 오른쪽 · base, right", base.right_base(plan), flip=OVER,
             colour="base", apart=below),
        Part("battery-door", "배터리 덮개 · battery door", base.door(plan), colour="plate",
             apart=(0.0, -60.0, -120.0)),
        Part("help-guard", "도움 단추 울타리 · HELP's collar", console.guard(plan), colour="help",
             apart=above),
        Part("ok-cap", "확인 단추 머리 · OK's cap", console.cap(plan), flip=OVER, colour="ok",
             apart=above),
        Part("label-ok", "확인 표지 · OK's label", console.label(plan, "확인", at_ok),
             colour="plate", apart=(0.0, -60.0, 30.0), ink=console.letters(plan, "확인", at_ok)),
        Part("label-help", "도움 표지 · HELP's label", console.label(plan, "도움", at_help),
             colour="plate", apart=(0.0, -60.0, 30.0), ink=console.letters(plan, "도움", at_help)),
    )  # fmt: skip


def _stands(plan: Plan) -> tuple[Part, ...]:
    under = tuple(_day(plan, day) for day in FEET)
    return (
        Part("foot", "탁상 받침 · foot for a table", stand.foot(plan), under, SIDE, "base",
             (0.0, 30.0, -60.0)),
        Part("wall-bracket", "벽걸이 · bracket for a wall", stand.bracket(plan), under, SIDE,
             "base", group="wall"),
        Part("sensor-case", "조도 센서 상자 · light sensor's case", stand.sensor_case(plan.s),
             group="sensor"),
        Part("sensor-back", "조도 센서 뒷판 · light sensor's back", stand.sensor_back(plan.s),
             group="sensor", colour="base"),
    )  # fmt: skip


def _bought(plan: Plan) -> tuple[Part, ...]:
    return tuple(
        Part(name, name, solid, places, colour=colour, apart=apart, bought=True)
        for name, colour, solid, places, apart in bodies(plan)
    )
