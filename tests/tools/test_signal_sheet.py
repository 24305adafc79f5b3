"""The signal sheet for the wall says what the firmware's tables say, in both languages.

Knows: the sheet as it is committed, the tables as the judge.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType

import pytest

from tools.draw import png, sheet, signs, svg
from tools.draw.page import ROOT, firmware

LANGUAGES = sorted(sheet.WORDS)
SIGNALS = firmware("pillbox.signals")
MEANINGS = [row[0] for row in SIGNALS.LIGHTS.values() if row[0] != "dark"]
SVG = "{http://www.w3.org/2000/svg}"


def committed(language: str, suffix: str = "svg") -> Path:
    """The sheet as a reader gets it."""
    return ROOT / f"docs/pictures/signals.{language}.{suffix}"


def said(language: str) -> list[str]:
    """Every line of text on the committed sheet, from top to bottom as drawn."""
    tree = ET.fromstring(committed(language).read_text(encoding="utf-8"))  # noqa: S314 - our own
    return [str(line.text) for line in tree.iter(f"{SVG}text")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_is_drawn_from_the_tables(language: str) -> None:
    """Drawn anew, nothing changes: otherwise run `python -m tools.draw`."""
    drawn = sheet.drawings()[f"docs/pictures/signals.{language}.svg"]
    assert committed(language).read_text(encoding="utf-8") == drawn


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_printed_picture_is_of_this_sheet(language: str) -> None:
    """The PNG bears the stamp of the SVG beside it: otherwise run `python -m tools.draw`."""
    data = committed(language, "png").read_bytes()
    assert png.stamped(data) == png.stamp(committed(language).read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_meaning_stands_on_the_sheet(language: str) -> None:
    """What it means, what to do, its colour, its rhythm, its sound, each in words."""
    words = sheet.WORDS[language]
    shown = said(language)
    drawing = sheet.Sheet(language)
    for meaning, row in SIGNALS.LIGHTS.items():
        if row[0] == "dark":
            continue
        title, do = words.LIGHTS[row[0]]
        sound = drawing.sounds.get(row[0], SIGNALS.SILENT)
        heard = words.SOUNDS[SIGNALS.SOUNDS[sound][2]]
        assert title in shown, meaning
        assert do.format(**drawing.numbers) in shown, meaning
        assert words.RHYTHMS[row[4], row[5]] in shown, meaning
        assert row[0] == "take" or heard in shown, meaning


def test_no_meaning_is_forgotten_and_none_shown_twice() -> None:
    """The three parts of the sheet together are the table of lights."""
    rows = (*sheet.ON_ONE_LID, *sheet.ON_ALL_LIDS, *sheet.FOR_HELPERS)
    assert sorted(rows) == sorted(MEANINGS)
    assert rows[0] == "take"


def test_the_languages_say_the_same() -> None:
    """Every key of one catalogue is one of the other, and no meaning shares its words."""
    korean, english = sheet.WORDS["ko"], sheet.WORDS["en"]
    for name in ("LIGHTS", "RHYTHMS", "SOUNDS", "COLOURS", "SHEET"):
        assert getattr(korean, name).keys() == getattr(english, name).keys(), name
    for words in (korean, english):
        titles = [title for title, _do in words.LIGHTS.values()]
        assert len(titles) == len(set(titles))
        assert len(words.RHYTHMS) == len(set(words.RHYTHMS.values()))
        assert len(words.SOUNDS) == len(set(words.SOUNDS.values()))


@pytest.mark.parametrize("words", sheet.WORDS.values(), ids=LANGUAGES)
def test_no_word_is_of_a_row_that_is_gone(words: ModuleType) -> None:
    """A rhythm or a sound that no table has any more has no words either."""
    assert set(words.RHYTHMS) == {row[4:] for row in SIGNALS.LIGHTS.values() if row[0] != "dark"}
    assert set(words.SOUNDS) <= {row[2] for row in SIGNALS.SOUNDS.values()}
    assert set(words.LIGHTS) == set(MEANINGS)


def test_a_changed_rhythm_has_no_words() -> None:
    """The sheet is not drawn with a rhythm that nobody has named: a KeyError says which."""
    drawing = sheet.Sheet("ko")
    meaning, row = drawing.lights["take"]
    drawing.lights["take"] = (meaning, (*row[:5], (500, 250)))
    with pytest.raises(KeyError, match="500, 250"):
        drawing.drawn()


def test_a_strip_shows_four_seconds_of_the_table() -> None:
    """Lit spans as in the table's milliseconds; neighbours of a running light come later."""
    assert list(signs.spans(SIGNALS.TAKE, 0)) == [
        (0, 750), (1000, 1750), (2000, 2750), (3000, 3750),
    ]  # fmt: skip
    assert list(signs.spans(SIGNALS.LATE, 5)) == [(0, 4000)]
    assert next(signs.spans(SIGNALS.HELP_CALLING, 1)) == (250, 1000)
    assert next(signs.spans(SIGNALS.HELP_NOT_SENT, 1)) == (500, 1000)
    assert list(signs.spans(SIGNALS.DARK, 0)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_leaves_the_paper_and_nothing_is_small(language: str) -> None:
    """Every letter lies on A4 and is at least 3.3 mm high, what it means over 5 mm."""
    text = committed(language).read_text(encoding="utf-8")
    tree = ET.fromstring(text)  # noqa: S314 - our own
    assert (tree.get("width"), tree.get("height")) == ("210mm", "297mm")
    titles = {title for title, _do in sheet.WORDS[language].LIGHTS.values()}
    for line in tree.iter(f"{SVG}text"):
        size = float(line.get("font-size", "0"))
        left = float(line.get("x", "0"))
        wide = svg.width(str(line.text), size, bold=line.get("font-weight") == "700")
        left -= {"start": 0.0, "middle": wide / 2, "end": wide}[line.get("text-anchor", "start")]
        assert 0 <= left <= left + wide <= sheet.WIDTH, line.text
        assert 0 < float(line.get("y", "0")) < sheet.HEIGHT
        assert size >= 33
        if line.text in titles:
            assert size >= 40


def test_the_numbers_on_the_sheet_are_the_firmware_s() -> None:
    """Hush, snooze, the second to hold HELP and the ten for its receipt come from the tables."""
    joined = " ".join(said("en"))
    prompts, call = firmware("pillbox.prompts"), firmware("pillbox.help_call")
    assert f"Quiet for {prompts.HUSH_S // 60} min" in joined
    assert f"quiet for {prompts.SNOOZE_S // 60} min" in joined
    assert f"({call.RECEIPT_MS // 1000} seconds)" in joined
    assert not re.search(r"[{}]", joined)


def test_a_text_that_is_too_long_is_refused() -> None:
    """Rather no sheet than one whose words run into each other."""
    assert svg.lines("one two three", 40, 180, 2) == ["one two", "three"]
    with pytest.raises(svg.UnfitError, match="one two three"):
        svg.lines("one two three", 40, 180, 1)


def test_a_stamp_is_found_again_and_a_torn_picture_refused() -> None:
    """What was stamped says which SVG it is of; half a PNG is none."""
    data = committed("ko", "png").read_bytes()
    plain = data[: data.index(b"tEXt") - 4] + data[-12:]
    assert png.stamped(plain) == b""
    assert png.stamped(png.with_stamp(plain, "<svg/>")) == png.stamp("<svg/>")
    with pytest.raises(ValueError, match="PNG"):
        png.with_stamp(plain[:-5], "<svg/>")
