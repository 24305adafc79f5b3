"""What cannot be built, or not be used: rules over the measures.

Knows: the measures and what follows from them. May not know: solids. A rule is a key, a sentence
that must be true, and a function that gives what is wrong in numbers, or None.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from hardware.enclosure.plan import DAYS, SLOTS, Plan
from hardware.enclosure.sizes import Sizes


class Rule(NamedTuple):
    """`wrong` gives the numbers that break the rule, None where it holds."""

    key: str
    must: str
    wrong: Callable[[Sizes, Plan], str | None]
    do: str


def impossible(sizes: Sizes) -> list[str]:
    """Every broken rule as `key: rule: numbers, what to do`."""
    plan = Plan(sizes)
    return [
        f"{rule.key}: {rule.must}: {wrong}, {rule.do}"
        for rule in RULES
        if (wrong := rule.wrong(sizes, plan)) is not None
    ]


def _more(name: str, value: float, limit: float) -> str | None:
    return f"{name} {value:.4g} > {limit:.4g}" if value > limit + 1e-9 else None


def _less(name: str, value: float, limit: float) -> str | None:
    return f"{name} {value:.4g} < {limit:.4g}" if value < limit - 1e-9 else None


def _first(*found: str | None) -> str | None:
    return next((one for one in found if one is not None), None)


def _pouch(s: Sizes, _: Plan) -> str | None:
    short, long = s.pouch.folded_mm
    room = sorted((s.tray.inner_x_mm, s.tray.inner_y_mm))
    return _first(
        _more("folded and with its play,", short + s.pouch.clearance_mm, room[0]),
        _more("folded and with its play,", long + s.pouch.clearance_mm, room[1]),
        _more("its thickness", s.pouch.thickness_mm, s.tray.depth_mm),
    )


def _walls(s: Sizes, _: Plan) -> str | None:
    least = s.printer.wall_least_mm
    walls = (
        ("tray.wall_mm", s.tray.wall_mm), ("tray.floor_mm", s.tray.floor_mm),
        ("tray.roof_mm", s.tray.roof_mm), ("lid.skin_mm", s.lid.skin_mm),
        ("console.wall_mm", s.console.wall_mm), ("sensor.wall_mm", s.sensor.wall_mm),
        ("barrel round its pin", (s.lid.barrel_mm - s.lid.pin_mm) / 2),
    )  # fmt: skip
    return _first(*(_less(name, value, least) for name, value in walls))


def _bed(s: Sizes, plan: Plan) -> str | None:
    room_x = s.printer.bed_x_mm - 2 * s.printer.margin_mm
    room_y = s.printer.bed_y_mm - 2 * s.printer.margin_mm
    return _first(
        _more("a compartment's x", s.tray.inner_x_mm, room_x),
        _more("a compartment's y", s.tray.inner_y_mm, room_y),
        _more("a tray's y", plan.length, room_y),
        _more("a tray's x", plan.pitch_x + s.tray.dovetail_mm, room_x),
        _more("half of the console, x", plan.half, room_x),
    )


def _magnet(s: Sizes, _: Plan) -> str | None:
    thick = s.lid.thickness_mm + RIDGE_MM - s.lid.skin_mm
    return _more("the magnet", s.bought.magnet_z_mm, thick)


def _hinge(s: Sizes, plan: Plan) -> str | None:
    return _first(
        _more("the barrel's reach", s.lid.axis_mm + s.lid.barrel_mm / 2, s.tray.hinge_mm),
        _less("the stop beside the barrel", s.lid.axis_mm - s.lid.barrel_mm / 2, 1.2),
        _less("room for knuckles", plan.barrel_y[0] - s.lid.gap_mm, 5.0),
    )


def _strip(s: Sizes, p: Plan) -> str | None:
    t = s.tray
    return _first(
        _more("the board", t.strip_x_mm + 2 * s.printer.fit_mm, t.channel_mm),
        _more("the board's length", t.strip_y_mm, p.slot_y(0) + t.inner_y_mm),
        _less("the board's length to the last light", t.strip_y_mm, p.slot_y(0) + p.pipe[1] + 3),
        _more("the reed switch", s.bought.reed_z_mm, t.strip_below_mm),
        _more("the LED", s.bought.led_z_mm + s.pipe.above_led_mm, t.strip_below_mm),
    )


def _pipe(s: Sizes, plan: Plan) -> str | None:
    beside = plan.pitch_y - plan.lip_y[1] - 2 * s.lid.gap_mm
    return _first(
        _more("lip and light pipe side by side: the pipe", s.pipe.head_mm, beside),
        _more("the stem", s.pipe.stem_mm + 1.0, s.pipe.head_mm),
    )


def _braille(s: Sizes, _: Plan) -> str | None:
    b = s.braille
    return _first(
        _less("height", b.height_mm, 0.6), _more("height", b.height_mm, 0.9),
        _less("dot", b.dot_mm, 1.5), _more("dot", b.dot_mm, 1.6),
        _less("dot to dot", b.pitch_mm, 2.3), _more("dot to dot", b.pitch_mm, 2.5),
        _less("cell to cell", b.cell_mm, 5.5), _more("cell to cell", b.cell_mm, 7.3),
        _more("six cells", 5 * b.cell_mm + b.pitch_mm + b.dot_mm, s.tray.inner_x_mm),
    )  # fmt: skip


def _help(s: Sizes, _: Plan) -> str | None:
    return _less("the collar over the plunger", s.console.guard_above_mm, 2.0)


def _console(s: Sizes, _: Plan) -> str | None:
    c, b = s.console, s.bought
    inside = c.height_mm - c.top_mm - c.base_mm
    deep = c.depth_mm - 2 * c.wall_mm
    return _first(
        _more("a button's body", b.button_z_mm, inside),
        _more("the speaker", b.speaker_z_mm, inside),
        _more("the battery", b.battery_mm, inside),
        _more("the board", c.pcb_y_mm, deep),
        _more("the board with its parts", c.pcb_above_mm + c.pcb_z_mm, inside),
        _more("the speaker's width", b.speaker_mm + 4, deep),
        _less("the OK cap", c.cap_mm, b.button_mm),
    )


def _sensor(s: Sizes, _: Plan) -> str | None:
    c = s.sensor
    return _first(
        _more("the board between its posts", c.board_x_mm + 2 * 7.5, c.inner_x_mm),
        _more("the board", c.board_y_mm, c.inner_y_mm),
        _more("the board with its parts", c.board_z_mm + 2.0, c.inner_z_mm),
    )


def _names(s: Sizes, _: Plan) -> str | None:
    days, slots = s.tray.days, s.tray.slots
    return None if (days, slots) == (len(DAYS), len(SLOTS)) else f"{days} × {slots}"


RIDGE_MM = 1.6  # what the ridge adds to a lid's thickness

RULES = (
    Rule("pouch", "the folded pouch fits its compartment", _pouch, "fold it once more"),
    Rule("printer.wall_least_mm", "no wall is thinner than three lines", _walls, "thicken it"),
    Rule("printer.bed_x_mm", "every part fits the bed", _bed, "shrink a compartment"),
    Rule("lid.thickness_mm", "the magnet is thinner than the lid", _magnet, "thicken the lid"),
    Rule("lid.axis_mm", "the hinge fits the wall it stands on", _hinge, "widen tray.hinge_mm"),
    Rule("tray.channel_mm", "the strip board slides in", _strip, "widen the channel"),
    Rule("pipe.head_mm", "the light is beside the lip", _pipe, "narrow the lip or the head"),
    Rule("braille", "dots are as 한국 점자 규정 says, and fit", _braille, "keep the standard"),
    Rule("console.guard_above_mm", "no leaning arm presses HELP", _help, "raise the collar"),
    Rule("sensor.inner_x_mm", "the light sensor's board fits its case", _sensor, "widen the case"),
    Rule("console.height_mm", "what is built in fits", _console, "raise or deepen it"),
    Rule(
        "lid.lip_reach_mm",
        "a finger finds room below the lip",
        lambda s, _: _first(
            _less("reach", s.lid.lip_reach_mm, s.lid.lip_reach_least_mm),
            _less("over the next lid", s.lid.lip_rise_mm - s.lid.thickness_mm, s.lid.finger_mm),
        ),
        "lengthen or raise the lip",
    ),
    Rule(
        "lid.lip_width_mm",
        "the lip is as wide as a stiff hand needs",
        lambda s, _: _less("lip", s.lid.lip_width_mm, s.lid.lip_width_least_mm),
        "widen the lip",
    ),
    Rule(
        "tray.inner_y_mm",
        "the lid is larger than its lip",
        lambda s, _: _more("lip", s.lid.lip_width_mm, s.tray.inner_y_mm),
        "narrow the lip or lengthen the compartment",
    ),
    Rule(
        "lid.open_deg",
        "an open lid stands past upright and does not fall back",
        lambda s, _: _first(
            _less("angle", s.lid.open_deg, 100), _more("angle", s.lid.open_deg, 120)
        ),
        "take 100 to 120",
    ),
    Rule(
        "lid.gap_mm",
        "the magnet closes the reed switch",
        lambda s, p: _more("distance", p.magnet_gap, s.bought.reed_operate_mm),
        "thin the roof or take a stronger magnet",
    ),
    Rule(
        "tray.slots",
        "every compartment has a name",
        _names,
        "keep 7 × 4: firmware and labels know no other",
    ),
)  # fmt: skip
