"""Short names for what nobody outside sees: the same program, fewer names."""

from __future__ import annotations

import re

import pytest

from tools.technician import image
from tools.technician.names import shortened

BASE = """
class Base:
    def __init__(self, start_value):
        self._counted = start_value
        self.shown = 0

    def _raise(self, step_size):
        self._counted += step_size
        return self._counted
"""
DERIVED = """
from room.base import Base

class Derived(Base):
    def __init__(self, start_value):
        super().__init__(start_value)
        self._extra = 5

    def run(self, how_often=2):
        def again(): return self._raise(self._extra)
        return [again() for _ in range(how_often)] + [getattr(self, '_said')(id=7)]

    def _said(self, id):
        return id
"""
OTHER = """
_limit = 3

class Other:
    def __init__(self):
        self._only_here = _limit

    def told(self):
        return self._only_here
"""
FILES = {"room/base.py": BASE, "room/derived.py": DERIVED, "other.py": OTHER}


def ran(files: dict[str, str]) -> tuple[object, object]:
    """What the program gives."""
    scope: dict[str, object] = {}
    text = files["room/base.py"] + files["room/derived.py"] + files["other.py"]
    exec(text.replace("from room.base import Base", ""), scope)  # noqa: S102 - written above
    outcome: tuple[object, object] = eval("Derived(10).run(), Other().told()", scope)  # noqa: S307 - same
    return outcome


def test_the_program_does_the_same() -> None:
    """Attributes of a class and of the one it derives from stay apart; so do keywords, strings."""
    short = shortened(FILES)
    assert ran(short) == ran(FILES) == ([15, 20, 7], 3)
    assert "_said" in short["room/derived.py"]
    assert "id=7" in short["room/derived.py"]
    assert "shown" in short["room/base.py"]


def test_names_that_cannot_meet_are_the_same() -> None:
    """What is in no file together shares its name; nothing of ours keeps a long one."""
    short = shortened(FILES)
    text = "\n".join(short.values())
    for name in ("_counted", "_raise", "_extra", "_only_here", "_limit", "start_value"):
        assert name not in text
    names = {path: set(re.findall(r"\b_[a-z]\b", text)) for path, text in short.items()}
    assert names["other.py"] & names["room/derived.py"]
    related = {"_counted", "_raise", "_extra"}
    assert len(names["room/derived.py"] | names["room/base.py"]) >= len(related)


@pytest.mark.parametrize("target", [("pillbox", None), ("careplug", "care-node")])
def test_an_image_is_the_same_each_time_and_holds_a_third_fewer_names(
    target: tuple[str, str | None],
) -> None:
    """Every file of an image still parses, and private names are few."""
    sources = image._sources(*target)
    once, twice = image.texts(sources), image.texts(sources)
    assert once == twice
    before = {n for p in sources.values() for n in re.findall(r"\b_[a-z]\w*", p.read_text())}
    after = {n for text in once.values() for n in re.findall(r"\b_[a-z]\w*", text)}
    assert len(after) < len(before) / 2
