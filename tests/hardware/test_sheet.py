"""The signal sheet says everything the firmware can show or sound, on one page, in large type.

Knows: the firmware's tables, the sheet's HTML, its PDF as another program reads it.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator

import pytest
from pypdf import PageObject, PdfReader

from gateway.report.press import ReportError, pdf
from gateway.web.box import colour
from hardware.guide import wall
from hardware.guide.wall import CALLED, HELPERS, LEAST_PT, Wall
from tools.draw.page import firmware
from tools.draw.sheet import INK, ON_ALL_LIDS, ON_ONE_LID, WORDS

SIGNALS = firmware("pillbox.signals")
LIGHTS = {row[0]: row for row in SIGNALS.LIGHTS.values() if row[0] != "dark"}
SOUNDS = {row[0]: row for row in SIGNALS.SOUNDS.values() if row[0] != "silent"}
A4_PT = (595, 842)


@functools.cache
def _sheet() -> bytes:
    return pdf([Wall().html()], 1)


def _lines(page: PageObject) -> Iterator[tuple[str, float]]:
    """(text, size in points) of every piece of text of the page."""
    found: list[tuple[str, float]] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            found.append((text, abs(size * tm[3] * cm[3])))

    page.extract_text(visitor_text=visit)
    yield from found


def test_is_one_a4_page() -> None:
    """Exactly one page of exactly A4, with Korean and English in it."""
    (page,) = PdfReader(io.BytesIO(_sheet())).pages
    assert [round(float(length)) for length in page.mediabox[2:]] == list(A4_PT)
    said = page.extract_text()
    assert "약상자의 불빛과 소리" in said
    assert "What my pill box tells me" in said


def test_every_light_stands_on_it_once() -> None:
    """Each light of the table but darkness has its row, and no row shows a light that is none."""
    shown = [*ON_ONE_LID, *ON_ALL_LIDS, *(name for name in HELPERS if name in LIGHTS)]
    assert sorted(shown) == sorted(LIGHTS)


@pytest.mark.parametrize("language", sorted(WORDS))
def test_says_what_each_light_means_and_asks_for(language: str) -> None:
    """The printed page has every light's two sentences, in that language, as printed words."""
    said = "".join(PdfReader(io.BytesIO(_sheet())).pages[0].extract_text().split())
    numbers = Wall().sheets[language].numbers
    half = slice(0, 2) if language == "ko" else slice(2, 4)
    for name in LIGHTS:
        words = HELPERS[name][half] if name in HELPERS else WORDS[language].LIGHTS[name]
        for sentence in words:
            assert "".join(sentence.format(**numbers).split()) in said, (name, sentence)


def test_every_sound_has_its_name_on_it() -> None:
    """Each melody of the table but silence is called something, and its name is printed."""
    said = "".join(PdfReader(io.BytesIO(_sheet())).pages[0].extract_text().split())
    for name, (_name, _loudness, notes) in SOUNDS.items():
        for word in CALLED[notes]:
            assert "".join(word.split()) in said, (name, word)


def test_two_sounds_beside_lights_are_never_called_alike() -> None:
    """What can be heard with different meanings has different names in each language.

    A prompt's stages are one sound that grows; a refill's two answers come while filling only.
    """
    page = Wall()
    beside = [*ON_ONE_LID, *ON_ALL_LIDS, "locate"]
    for language in (0, 1):
        names = [page.heard(name)[language] for name in beside]
        names = [name for name in names if name]
        assert len(set(names)) == len(names), names


def test_nothing_is_smaller_than_14_pt() -> None:
    """Every piece of text is at least 14 pt high, the buttons' and all others."""
    page = PdfReader(io.BytesIO(_sheet())).pages[0]
    lines = list(_lines(page))
    assert len(lines) > 60
    small = [(text, size) for text, size in lines if size < LEAST_PT - 0.05]
    assert not small, small


def test_the_measure_of_type_sees_small_type() -> None:
    """The test above can fail: the same page at 12 pt is reported."""
    html = Wall().html().replace("font: 14pt/", "font: 12pt/")
    page = PdfReader(io.BytesIO(pdf([html], 1))).pages[0]
    assert min(size for _text, size in _lines(page)) == pytest.approx(12, abs=0.1)


def test_a_signal_too_many_is_refused() -> None:
    """A sheet that would need a second page is not printed: somebody has to make room."""
    html = Wall().html()
    row = html[html.index("<tr><td><svg") : html.index("</tr>", html.index("<tr><td><svg")) + 5]
    with pytest.raises(ReportError, match=r"fits 1 sheet"):
        pdf([html.replace(row, row * 3, 1)], 1)


def test_a_melody_without_words_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever changes a melody in the firmware is told that its words are missing."""
    row = SIGNALS.SOUNDS[SIGNALS.WARN]
    monkeypatch.setitem(SIGNALS.SOUNDS, SIGNALS.WARN, (*row[:2], ((440, 250), (0, 250))))
    with pytest.raises(KeyError):
        Wall().html()


def test_is_the_same_twice() -> None:
    """The same tables give the same bytes."""
    assert pdf([Wall().html()], 1) == _sheet()


def test_pictures_show_the_firmwares_colours() -> None:
    """What is drawn beside a light has the ink of the table's red, green and blue."""
    page = Wall()
    for name in ON_ONE_LID:
        drawn = wall.picture(page.sheets["ko"], name)
        ink = INK[colour(LIGHTS[name][1:4]) or "white"]
        assert f'fill="{ink}"' in drawn
