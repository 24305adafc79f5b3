"""Pictures of the guide that are drawn from the circuits: cables, a day strip, the whole wiring.

Knows: which connector carries which net, how many pins it has. May not know: what a step says.
Lengths are tenths of a millimetre, as in tools/draw/svg.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from hardware.enclosure.plan import NAMES_OF_SLOTS, Plan
from hardware.shapes import Circuit, Component
from tools.draw import svg

WIDE = 1700
_PIN, _ROW, _BOX, _SIZE = 60, 66, 250, 36
_MM, _TOP = 9, 110  # the strip: units a millimetre, its upper edge
# Wire colours as the wiring drawings have them (generate/wiring.py): ground, supplies, the rest.
GROUND, SUPPLY = "black", "red"
REST = ("green", "yellow", "blue", "violet", "grey", "white", "brown", "orange")
INK = {
    "black": "#111111",
    "red": "#c8201a",
    "green": "#1b8a3e",
    "yellow": "#e0c000",
    "blue": "#1f5fd0",
    "violet": "#8434c9",
    "grey": "#7a7a7a",
    "white": "#e6e6e6",
    "brown": "#8a4b1c",
    "orange": "#f07800",
}
_SUPPLIES = ("5V", "LIGHTS_5V", "BAT_RAW")


def colours(nets: Sequence[str]) -> dict[str, str]:
    """Net → the colour of its wire in a cable: ground black, supplies red, the rest in turn."""
    found = {}
    rest = iter(REST * (1 + len(nets) // len(REST)))
    for net in nets:
        found[net] = GROUND if net == "GND" else SUPPLY if net in _SUPPLIES else next(rest)
    return found


def mate(circuit: Circuit, ref: str) -> Component | None:
    """What is plugged into that connector: the component elsewhere with the very same nets."""
    own = circuit.components[ref]
    nets = set(own.pins.values())
    others = (c for c in circuit.components.values() if c.place != own.place and c.ref != ref)
    return next((c for c in others if set(c.pins.values()) == nets), None)


def connectors(circuit: Circuit, place: str = "main") -> dict[str, Component]:
    """Connector of that place → what is plugged in, in the order of the circuit."""
    found = {}
    for ref, component in circuit.components.items():
        if component.place == place and component.part.kind == "connector":
            other = mate(circuit, ref)
            if other is not None:
                found[ref] = other
    return found


def cable(circuit: Circuit, ref: str) -> str:
    """One cable, wire by wire: pin of the connector, net, colour, pin of what it leads to."""
    left, right = circuit.components[ref], mate(circuit, ref)
    if right is None:
        raise KeyError(ref)
    nets = list(left.pins.values())
    shades = colours(nets)
    high = 80 + _ROW * len(nets)
    parts = [*_end(left, 150, high), *_end(right, WIDE - 150 - _BOX, high)]
    heads = {net: place for place, net in enumerate(right.pins.values())}
    for place, net in enumerate(nets):
        y, y2 = 70 + _ROW * place + 33, 70 + _ROW * heads[net] + 33
        x, x2 = 150 + _BOX, WIDE - 150 - _BOX
        parts.append(svg.line(x, y, x2, y2, INK[shades[net]], 14))
        parts.append(svg.text(165, y + 11, net, 25))
        parts.append(svg.text(x + 30, y - 12, shades[net], 28))
    return svg.page(WIDE, high, f"{left.ref} to {right.ref}", "en", parts)


def _end(component: Component, x: float, high: float) -> list[str]:
    """A connector: its reference and its pins in order."""
    title = f"{component.ref}: {component.part.value}"
    anchor = "start" if x < WIDE / 2 else "end"
    parts = [
        svg.text(x if anchor == "start" else x + _BOX, 42, title, _SIZE, bold=True, anchor=anchor),
        svg.rect(x, 62, _BOX, high - 72, "#f4f4f4", radius=10, edge="#111111"),
    ]
    edge = x + _BOX - _PIN - 10 if anchor == "start" else x + 10
    for place, pin in enumerate(component.pins):
        y = 70 + _ROW * place
        parts += [
            svg.rect(edge, y + 4, _PIN, _ROW - 12, "#ffffff", edge="#111111"),
            svg.text(edge + _PIN / 2, y + 42, pin, _fitting(pin), anchor="middle"),
        ]
    return parts


def _fitting(pin: str) -> int:
    """How large a pin's name may be written into its square."""
    return 22 if svg.width(pin, 32) > _PIN else 32


def strip(circuit: Circuit, plan: Plan, copy: int = 1) -> str:
    """One day strip to scale, front (console) at the left: where each light and sensor lies.

    Numbers are millimetres from the front end to the part's middle. The plug is on the other face.
    """
    own = [c for c in circuit.components.values() if c.place == "strip" and c.copy == copy]
    lights = [c.ref for c in own if c.part.name == "ws2812b"]
    sensors = [c.ref for c in own if c.part.kind == "switch"]
    plug = next(c.ref for c in own if c.part.kind == "connector")
    tray, bought = plan.s.tray, plan.s.bought
    edge = sum(plan.channel) / 2 - tray.strip_x_mm / 2  # where the board begins across the tray
    parts = [
        svg.text(30, 44, f"day strip {copy}, seen from above; mm from its front end", _SIZE),
        svg.rect(30, _TOP, tray.strip_y_mm * _MM, tray.strip_x_mm * _MM, "#dff0e0", edge="#1b8a3e"),
        svg.text(30, _TOP - 14, f"{plug}: below, at the front", 28),
    ]
    deep = _TOP + tray.strip_x_mm * _MM
    for slot, (light, sensor) in enumerate(zip(lights, sensors, strict=True)):
        begin = plan.slot_y(slot)
        led = circuit.components[light].part.body
        reed = (bought.reed_x_mm, bought.reed_z_mm)
        parts += _seat(light, (begin + plan.pipe[1], plan.pipe[0] - edge), (led["x"], led["y"]))
        parts += _seat(sensor, (begin + plan.reed_y, plan.magnet[0] - edge), reed)
        for below, ref, at in ((44, light, plan.pipe[1]), (80, sensor, plan.reed_y)):
            x = 30 + (begin + at) * _MM
            parts.append(svg.text(x, deep + below, f"{ref} {begin + at:.1f}", 30, anchor="middle"))
        middle = 30 + (begin + plan.pitch_y / 2) * _MM
        parts.append(svg.text(middle, deep + 128, NAMES_OF_SLOTS[slot], _SIZE, anchor="middle"))
    return svg.page(WIDE, round(deep + 150), "day strip", "en", parts)


def _seat(ref: str, at: tuple[float, float], size: tuple[float, float]) -> list[str]:
    """A part on the strip: its middle and size along and across, mm."""
    along, across = (30 + at[0] * _MM, _TOP + at[1] * _MM)
    long, wide = size[0] * _MM, size[1] * _MM
    fill = "#ffffff" if ref.startswith("D") else "#c9c9c9"
    return [svg.rect(along - long / 2, across - wide / 2, long, wide, fill, edge="#111111")]


def overview(circuit: Circuit) -> str:
    """The main board with all that is plugged into it: day strips above, the rest below."""
    leads = connectors(circuit)
    strips = {ref: c for ref, c in leads.items() if c.place == "strip"}
    others = {ref: c for ref, c in leads.items() if c.place != "strip"}
    board = 330 if strips else 20
    parts = [svg.rect(60, board, WIDE - 120, 210, "#dff0e0", radius=10, edge="#1b8a3e")]
    parts.append(svg.text(WIDE / 2, board + 120, "main board", 40, bold=True, anchor="middle"))
    for row, top, on_board in ((strips, 30, board + 20), (others, board + 350, board + 140)):
        step = (WIDE - 120) / max(1, len(row))
        for place, (ref, component) in enumerate(row.items()):
            middle = 60 + step * (place + 0.5)
            parts += _lead(ref, component, middle, step, top, on_board)
    title = f"what is plugged into what: {circuit.title}"
    return svg.page(WIDE, board + 530, title, "en", parts)


def _lead(
    ref: str, component: Component, x: float, step: float, top: float, on_board: float
) -> list[str]:
    """A connector of the board, its cable, and what is at its end."""
    below = top > on_board
    wide = min(step - 16, 380)
    return [
        svg.line(x, on_board + 25, x, top + (0 if below else 160), "#555555", 22),
        svg.rect(x - 55, on_board, 110, 54, "#ffffff", edge="#111111"),
        svg.text(x, on_board + 40, ref, 36, bold=True, anchor="middle"),
        svg.rect(x - wide / 2, top, wide, 160, "#f4f4f4", radius=10, edge="#111111"),
        svg.text(x, top + 62, component.ref, 40, bold=True, anchor="middle"),
        svg.text(x, top + 120, _short(component, wide), 30, anchor="middle"),
    ]


def _short(component: Component, room: float) -> str:
    """What it is, in few words."""
    if component.place == "strip":
        return ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[component.copy - 1]
    says = component.part.value.split(",")[0]
    return says if svg.width(says, 30) <= room else component.part.kind
