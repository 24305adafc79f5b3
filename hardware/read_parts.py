"""parts.toml as parts.

Knows: that file's form, and that a part may be like another. May not know: circuits, rules.
"""

from __future__ import annotations

from typing import Any

from hardware.shapes import QUANTITIES, Cost, Draw, Feed, Give, I2c, Input, Part
from hardware.sheet import Sheet

_SUPPLIERS = 2
_LEVELS = ("high", "low")
_HOWS = ("wire", "switch", "linear", "boost", "path")


def parts(sheet: Sheet) -> dict[str, Part]:
    """Every part by name."""
    prices = sheet.inner("prices", sheet.take("prices", dict, must=True))
    ground = Cost(
        {},
        prices.take("date", str, must=True),
        prices.take("estimate", bool),
        prices.take("source", str, must=True),
    )
    prices.done()
    found = {}
    for name, table in sheet.table.items():
        inner = sheet.inner(name, table)
        inner.table = _whole(inner, sheet.table)
        found[name] = _part(name, inner, ground)
    return found


def _whole(sheet: Sheet, tables: dict[str, Any]) -> dict[str, Any]:
    """The part's table over that of the part it is like."""
    like = sheet.take("like", str)
    if not like:
        return sheet.table
    other = tables.get(like)
    if not isinstance(other, dict) or like == sheet.key:
        sheet.wrong("unknown-part", f"is like {like!r}, which is not there", "like")
        return sheet.table
    model = Sheet(sheet.file, like, other, sheet.mistakes)
    return _whole(model, {k: v for k, v in tables.items() if k != like}) | sheet.table


def _part(name: str, sheet: Sheet, ground: Cost) -> Part:
    bus = sheet.take("i2c", dict)
    part = Part(
        name=name,
        value=sheet.take("value", str, must=True),
        kind=sheet.take("kind", str, must=True),
        maker=sheet.take("maker", str, must=True),
        mpn=(mpn := sheet.take("mpn", str, must=True)),
        order=_order(sheet, mpn),
        reason=sheet.take("reason", str, must=True),
        cost=_cost(sheet, ground),
        package=sheet.take("package", str),
        footprint=sheet.take("footprint", str),
        electrical=sheet.take("electrical", bool, default=True),
        fitted=sheet.take("fitted", bool, default=True),
        pins=_pins(sheet.inner("pins", sheet.take("pins", dict))),
        supply=_ranges(sheet.inner("supply", sheet.take("supply", dict))),
        decouple=sheet.texts("decouple"),
        draws={k: _draw(s) for k, s in sheet.sheets("draws").items()},
        feeds=tuple(_feed(s) for s in _rows(sheet, "feeds")),
        gives={k: _give(s) for k, s in sheet.sheets("gives").items()},
        inputs={k: _input(s) for k, s in sheet.sheets("inputs").items()},
        outputs={str(k): str(v) for k, v in sheet.take("outputs", dict).items()},
        i2c=_i2c(sheet.inner("i2c", bus)) if bus else None,
        open_drain=sheet.texts("open_drain"),
        never_input=sheet.texts("never_input"),
        gpio_inputs=sheet.take("gpio_inputs", int) or None,
        io=sheet.take("io", str),
        io_most_over=sheet.number("io_most_over") or 0.3,
        ohm=sheet.number("ohm"),
        uf=sheet.number("uf"),
        held=_held(sheet.inner("held", sheet.take("held", dict))),
        set_ohm=_ranges(sheet.inner("set_ohm", sheet.take("set_ohm", dict))),
        trip_ma=sheet.number("trip_ma"),
        protected=sheet.take("protected", bool),
        near_mains=sheet.take("near_mains", bool),
        isolated=sheet.take("isolated", str),
        body=_body(sheet.inner("body", sheet.take("body", dict))),
    )
    sheet.done()
    _pins_are_there(sheet, part)
    return part


def _order(sheet: Sheet, mpn: str) -> dict[str, str]:
    order = dict.fromkeys(sheet.texts("suppliers"), mpn)
    order |= {str(k): str(v) for k, v in sheet.take("order", dict).items()}
    if len(order) < _SUPPLIERS:
        sheet.wrong("two-suppliers", f"{len(order)} named, two are wanted", "suppliers")
    return order


def _cost(sheet: Sheet, ground: Cost) -> Cost:
    each = sheet.numbers("cost_usd", len(QUANTITIES), must=True) or (0.0,) * len(QUANTITIES)
    if list(each) != sorted(each, reverse=True):
        sheet.wrong("cost", f"{list(each)}: more of them do not cost more each", "cost_usd")
    by_count = dict(zip(QUANTITIES, map(float, each), strict=True))
    return Cost(by_count, ground.date, ground.estimate, ground.source)


def _pins(sheet: Sheet) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, pads in sheet.table.items():
        found[name] = (pads,) if isinstance(pads, str) else ()
        if isinstance(pads, list) and pads and all(isinstance(p, str) for p in pads):
            found[name] = tuple(pads)
        if not found[name]:
            sheet.wrong("form", f"must be a pad or pads, is {pads!r}", name)
    every = [pad for pads in found.values() for pad in pads]
    for twice in sorted({p for p in every if every.count(p) > 1}):
        sheet.wrong("pad-twice", f"pad {twice} belongs to two pins")
    return found


def _ranges(sheet: Sheet) -> dict[str, tuple[float, float]]:
    found = {name: sheet.span(name) for name in list(sheet.table)}
    return {name: pair for name, pair in found.items() if pair}


def _body(sheet: Sheet) -> dict[str, float]:
    found = {name: sheet.number(name) for name in list(sheet.table)}
    return {name: float(size) for name, size in found.items() if size is not None}


def _held(sheet: Sheet) -> dict[str, str]:
    for name, level in sheet.table.items():
        if level not in _LEVELS:
            sheet.wrong("form", f"must be one of {', '.join(_LEVELS)}, is {level!r}", name)
    return {name: str(level) for name, level in sheet.table.items()}


def _rows(sheet: Sheet, name: str) -> list[Sheet]:
    return [sheet.inner(f"{name}[{i}]", row) for i, row in enumerate(sheet.take(name, list))]


def _draw(sheet: Sheet) -> Draw:
    usual = sheet.number("usual", must=True) or 0.0
    most = sheet.number("most", must=True) or 0.0
    if most < usual:
        sheet.wrong("draw", f"for a moment {most} mA, lasting {usual} mA: most is the higher one")
    draw = Draw(usual, most, sheet.take("source", str, must=True))
    sheet.done()
    return draw


def _feed(sheet: Sheet) -> Feed:
    feed = Feed(
        source_pin=sheet.take("from", str, must=True),
        to=sheet.take("to", str, must=True),
        how=(how := sheet.take("how", str, must=True)),
        most_ma=sheet.number("most_ma", must=True) or 0.0,
        source=sheet.take("source", str, must=True),
        by=sheet.take("by", str),
        volts=sheet.span("volts"),
        efficiency=sheet.number("efficiency") or 1.0,
        limit_ma=sheet.number("limit_ma"),
        sense=sheet.take("sense", str),
        reference_v=sheet.number("reference_v") or 0.0,
    )
    if how not in _HOWS:
        sheet.wrong("form", f"must be one of {', '.join(_HOWS)}, is {how!r}", "how")
    sheet.done()
    return feed


def _give(sheet: Sheet) -> Give:
    give = Give(
        sheet.span("volts", must=True) or (0.0, 0.0),
        sheet.number("usual_ma", must=True) or 0.0,
        sheet.number("most_ma", must=True) or 0.0,
        sheet.take("source", str, must=True),
    )
    sheet.done()
    return give


def _input(sheet: Sheet) -> Input:
    found = Input(
        least_v=sheet.number("least_v"),
        least=sheet.number("least"),
        least_of=sheet.take("least_of", str),
        most_v=sheet.number("most_v"),
        most_over=sheet.number("most_over"),
    )
    sheet.done()
    return found


def _i2c(sheet: Sheet) -> I2c:
    base = sheet.number("base")
    bus = I2c(
        sda=sheet.take("sda", str, must=True),
        scl=sheet.take("scl", str, must=True),
        pf=sheet.number("pf", must=True) or 0.0,
        base=None if base is None else int(base),
        straps=sheet.texts("straps"),
        pullup_ohm=sheet.number("pullup_ohm"),
    )
    sheet.done()
    return bus


def _pins_are_there(sheet: Sheet, part: Part) -> None:
    """What the figures speak of are pins of the part."""
    named: dict[str, list[str]] = {
        "supply": list(part.supply),
        "decouple": list(part.decouple),
        "draws": list(part.draws),
        "gives": list(part.gives),
        "inputs": list(part.inputs),
        "outputs": [*part.outputs, *part.outputs.values()],
        "open_drain": list(part.open_drain),
        "never_input": list(part.never_input),
        "held": list(part.held),
        "set_ohm": list(part.set_ohm),
        "io": [part.io] if part.io else [],
        "feeds": [p for f in part.feeds for p in (f.source_pin, f.to, f.by, f.sense) if p],
        "i2c": [part.i2c.sda, part.i2c.scl, *part.i2c.straps] if part.i2c else [],
    }
    for key, pins in named.items():
        for pin in pins:
            if pin not in part.pins:
                sheet.wrong("unknown-pin", f"{pin!r} is no pin of this part", key)
