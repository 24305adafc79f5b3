"""The signal sheet for the kitchen wall: one A4 page, Korean and English, nothing below 14 pt.

Knows: where each light and sound of the firmware's tables stands, in which order a senior needs it.
May not know: any colour, rhythm or number of the box (the tables have them).
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from gateway.web.box import colour
from tools.draw import signs, svg
from tools.draw.sheet import (
    INK,
    ON_ALL_LIDS,
    ON_ONE_LID,
    TAKE_IT,
    TAKE_NOTHING,
    WHOLE_BOX,
    Sheet,
)

LANGUAGES = ("ko", "en")
LEAST_PT = 14
# notes → what they are called beside a light: Korean, English. Whoever changes a melody finds here
# that its words are missing. A prompt's three sounds are one, that grows.
CALLED: dict[tuple[tuple[int, int], ...], tuple[str, str]] = {
    ((520, 500), (0, 1500)): ("점점 크게", "beeps"),
    ((520, 500), (0, 500)): ("점점 크게", "beeps"),
    ((520, 500), (0, 250)): ("점점 크게", "beeps"),
    ((520, 250), (0, 250)): ("뚜뚜뚜뚜", "quick beeps"),
    ((520, 250), (780, 250), (0, 1000)): ("낮게 높게", "low, high"),
    ((520, 250), (390, 500), (0, 1250)): ("딩동", "chime"),
    ((390, 250), (780, 250), (0, 500)): ("삐뽀 삐뽀", "up, up, up"),
    ((780, 500), (520, 500), (390, 1000), (0, 1000)): ("점점 낮게", "falling"),
    ((390, 500), (520, 500), (780, 1000), (0, 1000)): ("점점 높게", "rising"),
    ((390, 1000), (520, 2000), (0, 1000)): ("길게", "calm"),
    ((520, 500), (0, 250), (520, 250), (780, 500), (0, 2500)): ("물어보듯", "asking"),
    ((390, 250), (520, 250), (0, 1500)): ("올라가요", "rising"),
    ((520, 250), (390, 250), (0, 500)): ("내려가요", "falling"),
}
# One line each, for whoever fills the box.
HELPERS = {
    "fill": ("채울 칸", "약을 넣고 닫으세요.", "Fill this one", "Then shut it."),
    "empty": ("비울 칸", "약을 꺼내고 닫으세요.", "Empty this one", "Then shut it."),
    "filled": ("채운 칸", "다음 칸으로 가세요.", "Filled", "Go on."),
    "refill_wrong": ("다른 칸", "넣지 말고 닫으세요.", "Another lid", "Shut it."),
    "fault": ("고장", "가족이나 담당자에게 알리세요.", "Broken", "Tell your family or helper."),
    "locate": ("상자 찾기", "큰 단추로 꺼요.", "Here I am", "Press OK."),
}
COLUMNS = '<col style="width:33mm"><col style="width:86mm"><col>'
STYLE = """
@page { size: A4; margin: 4mm 6mm }
* { box-sizing: border-box }
body { margin: 0; font: 14pt/1.07 "Noto Sans CJK KR", sans-serif; color: #111 }
h1 { font-size: 18pt; line-height: 1; margin: 0 0 1mm; text-align: center }
h2 { font-size: 14pt; line-height: 1.1; margin: .6mm 0 0; background: #e8e8e8; padding: 0 2mm }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
td { padding: .2mm 0; vertical-align: middle; border-bottom: .25mm solid #bbb }
b.big { font-size: 15pt; line-height: 1 }
.heard { white-space: nowrap; margin-left: 1.5mm }
.dark { text-align: center; padding: .5mm 0 0 }
.helpers td { border: 0 }
svg { display: block }
.buttons td { border: 0; background: #f3f3f3; padding: .5mm 1mm }
.buttons td.round { width: 22mm }
.foot { border: .6mm solid #d0241b; margin-top: 1mm; height: 19mm; padding: 6mm 3mm 0 }
.foot b.right { float: right }
"""


class Wall:
    """The page, from the sheets of both languages."""

    def __init__(self) -> None:
        self.sheets = {language: Sheet(language) for language in LANGUAGES}
        self.signals = self.sheets["ko"].signals

    def html(self) -> str:
        """The whole page."""
        title = " · ".join(self._both("title"))
        parts = [f"<h1>{escape(title)}</h1>", self._buttons()]
        parts += [self._section("lid", ON_ONE_LID), self._dark()]
        parts += [self._section("all", ON_ALL_LIDS), self._helpers(), self._foot()]
        return (
            f'<!doctype html><html lang="ko"><head><title>{escape(title)}</title>'
            f"<style>{STYLE}</style></head><body>{''.join(parts)}</body></html>"
        )

    def _both(self, key: str) -> Iterator[str]:
        return (sheet.say(key) for sheet in self.sheets.values())

    def _head(self, key: str) -> str:
        return f"<h2>{escape(' · '.join(self._both(key)))}</h2>"

    def _dark(self) -> str:
        return f'<div class="dark">{escape(" ".join(self._both("dark")))}</div>'

    def _section(self, key: str, names: tuple[str, ...]) -> str:
        rows = (f"<tr>{self._picture(name)}{self._says(name)}</tr>" for name in names)
        return f"{self._head(key)}<table>{COLUMNS}{''.join(rows)}</table>"

    def _picture(self, name: str) -> str:
        return f"<td>{picture(self.sheets['ko'], name)}</td>"

    def _says(self, name: str) -> str:
        """What it means, how it sounds and what to do: a cell a language."""
        cells = ""
        for place, (language, sheet) in enumerate(self.sheets.items()):
            title, do = (said.format(**sheet.numbers) for said in sheet.words.LIGHTS[name])
            heard = self.heard(name)[place]
            note = f'<span class="heard">♪ {escape(heard)}</span>' if heard else ""
            cells += (
                f'<td class="{language}" lang="{language}"><b class="big">{escape(title)}</b>'
                f"{note}<br>{escape(do)}</td>"
            )
        return cells

    def heard(self, name: str) -> tuple[str, str]:
        """What that light's sound is called, twice nothing where it is silent."""
        sound = self.sheets["ko"].sounds.get(name, self.signals.SILENT)
        if name == "refill_wrong":
            sound = self.signals.REFILL_WRONG
        return ("", "") if sound == self.signals.SILENT else CALLED[self.signals.SOUNDS[sound][2]]

    def _helpers(self) -> str:
        """For whoever fills the box: a line each."""
        rows = "".join(
            f"<tr><td>{self._small(name)}</td>{''.join(self._line(name))}</tr>" for name in HELPERS
        )
        return f'{self._head("helper")}<table class="helpers">{COLUMNS}{rows}</table>'

    def _small(self, name: str) -> str:
        """Its picture; the sound of the wrong compartment has no light."""
        return "" if name not in self.sheets["ko"].lights else picture(self.sheets["ko"], name, 6.4)

    def _line(self, name: str) -> Iterator[str]:
        words = HELPERS[name]
        for place, (title, do) in enumerate((words[:2], words[2:])):
            heard = self.heard(name)[place]
            note = f'<span class="heard">♪ {escape(heard)}</span>' if heard else ""
            language = LANGUAGES[place]
            yield f'<td class="{language}"><b>{escape(title)}.</b> {escape(do)}{note}</td>'

    def _buttons(self) -> str:
        cells = "".join(self._button(key) for key in ("ok", "help"))
        return (
            '<table class="buttons"><col style="width:22mm"><col style="width:82mm">'
            f'<col style="width:22mm"><col><tr>{cells}</tr></table>'
        )

    def _button(self, key: str) -> str:
        face, letters = ("#ffffff", "#111111") if key == "ok" else (INK["red"], "#ffffff")
        korean, english = self._both(key)
        round_ = svg.circle(100, 100, 92, face, "#111111")
        round_ += svg.text(
            100, 104, korean, 60, bold=True, colour=letters, anchor="middle"
        ) + svg.text(100, 156, english, 50, bold=True, colour=letters, anchor="middle")
        lines = "<br>".join(
            f"<b>{escape(sheet.say(f'{key}.what'))}.</b> {escape(sheet.say(f'{key}.do'))} "
            f"{escape(sheet.say(f'{key}.more'))}"
            for sheet in self.sheets.values()
        )
        shown = f'<svg viewBox="0 0 200 200" width="20mm" height="20mm">{round_}</svg>'
        return f'<td class="round">{shown}</td><td class="what">{lines}</td>'

    def _foot(self) -> str:
        phone, emergency = (" ".join(self._both(key)) for key in ("phone", "emergency"))
        return (
            f'<div class="foot"><b class="big">{escape(phone)}</b>'
            f'<b class="big right">{escape(emergency)}</b></div>'
        )


def picture(sheet: Sheet, name: str, high_mm: float = 9.4) -> str:
    """Where it is lit, in which colour, and four seconds of how it blinks; a sign of yes or no."""
    meaning, row = sheet.lights[name]
    ink = INK[colour(row[1:4]) or "white"]
    parts = (
        signs.all_lids(0, 14, 95, meaning, ink)
        if name in WHOLE_BOX
        else signs.one_lid(-15, 16, 120, ink)
    )
    parts = [*parts, *signs.strip(108, 20, 130, meaning, ink)]
    if name in TAKE_IT:
        parts.append(svg.check(280, 52, 30, INK["blue"]))
    elif name in TAKE_NOTHING:
        parts.append(svg.cross(280, 52, 26, INK["red"]))
    size = f'width="{high_mm * 3.2:g}mm" height="{high_mm:g}mm"'
    return f'<svg viewBox="0 0 320 100" {size}>{"".join(parts)}</svg>'
