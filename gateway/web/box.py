"""The board as people see it: which lid is open, which light has which colour, in words.

Knows: `Board.picture()` and the page's words. May not know: a socket, Flask, the time.

Whether a light *blinks* cannot be seen in one picture; the page finds it out by looking often
(static/box.js) and takes the sentence for it from here.
"""

from __future__ import annotations

import colorsys
from collections import Counter
from collections.abc import Sequence
from typing import Any

from gateway.web.words import Words

DAYS = 7
LABELS = ("morning", "noon", "evening", "bedtime")
# So many lids with the same light are one sentence: a signal of the whole box.
MANY = 5
# Below this the lamp is dark to an eye; below this saturation it is white.
_DARK = 8
_WHITE_SATURATION = 0.35
# Upper bound of the hue in degrees, and its name. Red is on both ends of the circle.
_HUES = ((20, "red"), (70, "amber"), (160, "green"), (200, "teal"), (265, "blue"), (335, "purple"))


def colour(rgb: Sequence[int]) -> str | None:
    """The name of a light's colour (0–255 each), None when dark: a key of the catalogue."""
    red, green, blue = rgb
    if max(red, green, blue) < _DARK:
        return None
    hue, saturation, _ = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
    if saturation < _WHITE_SATURATION:
        return "white"
    return next((name for bound, name in _HUES if hue * 360 < bound), "red")


def compartment(index: int, is_open: bool, rgb: Sequence[int], words: Words) -> dict[str, Any]:
    """One compartment: `label` for a steady light, `label_blink` for a blinking one, and so on."""
    day = words.say(f"day.{index // len(LABELS)}")
    label = words.inside("label", LABELS[index % len(LABELS)])
    lid = words.say("box.lid.open" if is_open else "box.lid.closed")
    name = colour(rgb)
    view: dict[str, Any] = {"index": index, "open": is_open, "colour": name}
    if name is None:
        lights = {"": words.say("box.light.off")}
    else:
        shown = words.say(f"colour.{name}")
        lights = {
            "": words.say("box.light.on", colour=shown),
            "_blink": words.say("box.light.blink", colour=shown),
        }
        view["short"] = words.say(f"colour.short.{name}")
    for suffix, light in lights.items():
        view[f"light{suffix}"] = light
        view[f"label{suffix}"] = words.say("box.lid", day=day, label=label, lid=lid, light=light)
        view[f"say{suffix}"] = words.say("box.now.light", day=day, label=label, light=light)
    view["say_open"] = words.say("box.now.lid", day=day, label=label)
    return view


def says(compartments: Sequence[dict[str, Any]], words: Words) -> list[str]:
    """The lit lights in sentences, one for all that are alike; static/box.js says it as this."""
    lit = [view for view in compartments if view["colour"]]
    alike = Counter(view["light"] for view in lit)
    lines = {}
    for view in lit:
        light, n = view["light"], alike[view["light"]]
        if n == len(compartments):
            lines[light] = words.say("box.now.all", light=light)
        elif n >= MANY:
            lines[light] = words.say("box.now.many", n=n, light=light)
        else:
            lines[view["say"]] = view["say"]
    return list(lines.values()) or [words.say("box.lights.none")]


def present(board: dict[str, Any], words: Words) -> dict[str, Any]:
    """The whole board for the page: compartments, and one line each for sound and power."""
    sound = board.get("sound")
    lines = [
        words.say("box.sound.on", n=sound["frequency_hz"], loudness=sound["loudness"])
        if sound
        else words.say("box.sound.off"),
        words.say("box.mains.on" if board.get("mains") else "box.mains.off"),
        words.say("box.battery", n=board.get("battery_percent", "?")),
    ]
    pairs = zip(board["lids"], board["lights"], strict=True)
    compartments = [
        compartment(index, bool(is_open), rgb, words) for index, (is_open, rgb) in enumerate(pairs)
    ]
    return {
        "compartments": compartments,
        "says": says(compartments, words),
        "many": MANY,
        "say_many": words.say("box.now.many", n="{n}", light="{light}"),
        "say_all": words.say("box.now.all", light="{light}"),
        "sound": bool(sound),
        "mains": bool(board.get("mains")),
        "lines": lines,
        "lights_none": words.say("box.lights.none"),
        "lids_closed": words.say("box.lids.closed"),
    }
