"""The signal sheet: one A4 page for the wall, drawn from the firmware's tables.

Knows: where each part stands on the page, in which order a senior needs it.
May not know: any word for people (words_ko.py, words_en.py), any colour or rhythm of the box.
Lengths are tenths of a millimetre.
"""

from __future__ import annotations

import types

from gateway.web.box import colour
from tools.draw import signs, svg, words_en, words_ko
from tools.draw.page import firmware

WORDS: dict[str, types.ModuleType] = {"ko": words_ko, "en": words_en}
WIDTH, HEIGHT = 2100, 2970
LEFT, RIGHT = 70, 2030

# By importance for a senior: what she is asked for every day, then what she must not miss.
ON_ONE_LID = ("take", "late", "wrong_lid", "skip", "ask", "not_taken", "taken", "left_open")
ON_ALL_LIDS = (
    "help_not_sent",
    "help_calling",
    "help_sent",
    "help_coming",
    "question",
    "clock_fault",
)
FOR_HELPERS = ("fill", "empty", "filled", "fault", "locate")
# What is said beside the words by a sign of its own.
TAKE_IT = ("take", "late")
TAKE_NOTHING = ("wrong_lid", "skip", "ask", "not_taken")
WHOLE_BOX = (*ON_ALL_LIDS, "fault", "locate")

# How ink comes nearest to a light, dark enough for old eyes.
INK = {
    "blue": "#1f5fd0",
    "green": "#1b8a3e",
    "red": "#d0241b",
    "amber": "#f09a00",
    "white": "#ffffff",
    "purple": "#8434c9",
    "teal": "#0d9494",
}
_GREY = "#555555"
_RULE = "#bbbbbb"
_BIG, _SIZE, _SMALL = 54, 42, 33
_PICTURE, _STRIP, _SAID, _HEARD = (70, 150), (245, 430), (715, 845), (1590, 440)  # x, width
_SIGN_X = 1510
_ROW = 128
_HELPERS_ROW = 126


class Sheet:
    """The page in one language, from top to bottom."""

    def __init__(self, language: str) -> None:
        self.words = WORDS[language]
        self.language = language
        self.parts: list[str] = [svg.rect(0, 0, WIDTH, HEIGHT, "#ffffff")]
        self.signals = firmware("pillbox.signals")
        self.lights = {row[0]: (meaning, row) for meaning, row in self.signals.LIGHTS.items()}
        self.numbers = _numbers()
        self.sounds = _sounds(self.signals)

    def say(self, key: str) -> str:
        """A word of the sheet, with the tables' numbers in it."""
        said: str = self.words.SHEET[key].format(**self.numbers)
        return said

    def drawn(self) -> str:
        """The whole picture."""
        self.parts.append(
            svg.text(WIDTH / 2, 128, self.say("title"), 92, bold=True, anchor="middle")
        )
        self._buttons(170)
        y = self._section(392, "lid", ON_ONE_LID)
        y = self._section(y + 14, "all", ON_ALL_LIDS)
        self._helpers(y + 14)
        self._foot(HEIGHT - 166)
        return svg.page(WIDTH, HEIGHT, self.say("title"), self.language, self.parts)

    # --- rows ---

    def _section(self, y: float, key: str, names: tuple[str, ...]) -> float:
        self._head(y, key)
        y += 56
        for name in names:
            self._row(y, name)
            y += _ROW
        return y

    def _head(self, y: float, key: str) -> None:
        self.parts.append(svg.rect(LEFT, y, RIGHT - LEFT, 52, "#e8e8e8", radius=10))
        self.parts.append(svg.text(LEFT + 20, y + 39, self.say(key), 38, bold=True))
        if key == "lid":
            x, w = _STRIP
            seconds = self.say("seconds")
            self.parts.append(svg.text(x + w, y + 38, seconds, _SMALL, anchor="end"))
            dark = self.say("dark")
            self.parts.append(svg.text(RIGHT - 20, y + 38, dark, _SMALL, anchor="end"))

    def _row(self, y: float, name: str) -> None:
        title, do = (said.format(**self.numbers) for said in self.words.LIGHTS[name])
        self._look(y, name, _PICTURE, _STRIP)
        x, room = _SAID
        (title,) = svg.lines(title, _BIG, room, 1, bold=True)
        (do,) = svg.lines(do, _SIZE, room, 1)
        self.parts.append(svg.text(x, y + 55, title, _BIG, bold=True))
        self.parts.append(svg.text(x, y + 109, do, _SIZE))
        if name in TAKE_IT:
            self.parts.append(svg.check(_SIGN_X, y + 64, 34, INK["blue"]))
        elif name in TAKE_NOTHING:
            self.parts.append(svg.cross(_SIGN_X, y + 64, 30, INK["red"]))
        self._heard(y, name)
        self.parts.append(svg.line(LEFT, y + _ROW, RIGHT, y + _ROW, _RULE))

    def _look(self, y: float, name: str, picture: tuple[int, int], strip: tuple[int, int]) -> None:
        """Where it is lit and in which colour, and how it blinks, each with its words."""
        meaning, row = self.lights[name]
        shade = colour(row[1:4]) or "white"
        x, w = picture
        if name in WHOLE_BOX:
            self.parts += signs.all_lids(x, y + 10, w, meaning, INK[shade])
        else:
            self.parts += signs.one_lid(x, y + 10, w, INK[shade])
        self._under(x, w, y + 115, self.words.COLOURS[shade])
        x, w = strip
        self.parts += signs.strip(x, y + 14, w, meaning, INK[shade])
        self._under(x, w, y + 115, self.words.RHYTHMS[row[4], row[5]])

    def _under(self, x: float, w: float, y: float, said: str) -> None:
        (said,) = svg.lines(said, _SMALL, w + 20, 1)
        self.parts.append(svg.text(x + w / 2, y, said, _SMALL, anchor="middle"))

    def _heard(self, y: float, name: str) -> None:
        """Its melody as notes over four seconds, and its words."""
        x, w = _HEARD
        sound = self.sounds.get(name, self.signals.SILENT)
        _name, _loudness, notes = self.signals.SOUNDS[sound]
        said = (
            self.words.PROMPT.format(**self.numbers) if name == "take" else self.words.SOUNDS[notes]
        )
        if sound == self.signals.SILENT:
            self.parts.append(svg.text(x, y + 78, said, _SMALL, colour=_GREY))
            return
        (said,) = svg.lines(said, _SMALL, w + 10, 1)
        self.parts += [*signs.melody(x, y + 8, w, notes), svg.text(x, y + 96, said, _SMALL)]

    # --- the rest of the page ---

    def _buttons(self, y: float) -> None:
        """The two buttons, as large as the page has room."""
        half = (RIGHT - LEFT - 30) / 2
        red = INK["red"]
        self._button(LEFT, y, half, "ok", ("#ffffff", "#111111"))
        self._button(LEFT + half + 30, y, half, "help", (red, "#ffffff"))

    def _button(self, x: float, y: float, w: float, key: str, shades: tuple[str, str]) -> None:
        face, letters = shades
        middle = (x + 118, y + 102)
        self.parts += [
            svg.rect(x, y, w, 204, "#f6f6f6", radius=24, edge="#999999"),
            svg.circle(*middle, 88, face, "#111111"),
            svg.text(
                middle[0], y + 122, self.say(key), 58, bold=True, colour=letters, anchor="middle"
            ),
            svg.text(x + 236, y + 64, self.say(f"{key}.what"), 48, bold=True),
        ]
        said = [self.say(f"{key}.do"), self.say(f"{key}.more")]
        for place, part in enumerate(said):
            (only,) = svg.lines(part, 37, w - 246, 1)
            self.parts.append(svg.text(x + 236, y + 118 + place * 50, only, 37))

    def _helpers(self, y: float) -> None:
        """Two columns, for eyes that are younger."""
        self._head(y, "helper")
        y += 62
        for place, name in enumerate(FOR_HELPERS):
            x = LEFT + place % 2 * 990
            top = y + place // 2 * _HELPERS_ROW
            self._look(top - 8, name, (x, 110), (x + 140, 300))
            title, do = self.words.LIGHTS[name]
            (title,) = svg.lines(title, 40, 500, 1, bold=True)
            (do,) = svg.lines(do, 34, 510, 1)
            notes = self.signals.SOUNDS[self.sounds.get(name, self.signals.SILENT)][2]
            (heard,) = svg.lines(self.words.SOUNDS[notes], _SMALL, 500, 1)
            self.parts += [
                svg.text(x + 470, top + 32, title, 40, bold=True),
                svg.text(x + 470, top + 72, do, 34),
                svg.text(x + 470, top + 107, heard, _SMALL, colour=_GREY),
            ]

    def _foot(self, y: float) -> None:
        """Whom to phone: written in by hand."""
        self.parts.append(
            svg.rect(LEFT, y, RIGHT - LEFT, 130, "#ffffff", radius=24, edge=INK["red"])
        )
        self.parts.append(svg.text(LEFT + 30, y + 84, self.say("phone"), 54, bold=True))
        begin = LEFT + 60 + svg.width(self.say("phone"), 54, bold=True)
        end = RIGHT - 60 - svg.width(self.say("emergency"), 54, bold=True)
        self.parts.append(svg.line(begin, y + 96, end, y + 96, "#111111", 4))
        self.parts.append(
            svg.text(RIGHT - 30, y + 84, self.say("emergency"), 54, bold=True, anchor="end")
        )


def _numbers() -> dict[str, int]:
    """What the words say in numbers, from the tables."""
    prompts, call = firmware("pillbox.prompts"), firmware("pillbox.help_call")
    return {
        "hush": prompts.HUSH_S // 60,
        "snooze": prompts.SNOOZE_S // 60,
        "soft": prompts.ESCALATION[1][0],
        "louder": prompts.ESCALATION[2][0] // 60,
        "hold": firmware("pillbox.held_button").HOLD_MS // 1000,
        "receipt": call.RECEIPT_MS // 1000,
    }


def _sounds(signals: types.ModuleType) -> dict[str, int]:
    """Light → the sound that goes with it."""
    call, question = firmware("pillbox.help_call"), firmware("pillbox.question")
    found = {
        "take": signals.SOFT,
        "wrong_lid": signals.WARN,
        "left_open": signals.SHUT,
        "locate": signals.FIND,
        "filled": signals.REFILL_OK,
        "question": question.CALLS[0][1][0],
    }
    for light, stages in call.SHOWN.values():
        found[signals.LIGHTS[light][0]] = stages[0][1][0]
    return found


def drawings() -> dict[str, str]:
    """Path → the sheet in each language."""
    return {f"docs/pictures/signals.{name}.svg": Sheet(name).drawn() for name in sorted(WORDS)}
