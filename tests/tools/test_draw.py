"""tools.draw: the pages say what the tables say, and one can decode by what they say.

Knows: the pages as a reader sees them; anbu_wire as the judge.
"""

from __future__ import annotations

import random
import re
import struct
from collections.abc import Callable

import pytest

from anbu_wire import messages as m
from anbu_wire import names, schedule
from tools.draw import lives, pillbox
from tools.draw.__main__ import PAGES, blocks, drawn
from tools.draw.page import ROOT, life, marks, redrawn

README = (ROOT / "firmware/README.md").read_text(encoding="utf-8")
CODES = {"u8": "<B", "i8": "<b", "u16": "<H", "i16": "<h", "u32": "<I", "i32": "<i"}
RECORD_VALUES = (7, 3, 1 << 33, 8, 4, 2, m.SLOT_TAKEN, 5, (9131, 3), 6, -2)


@pytest.mark.parametrize("page", PAGES)
def test_the_page_is_drawn_from_the_tables(page: str) -> None:
    """Drawn anew, nothing changes: otherwise run `python -m tools.draw`."""
    assert (ROOT / page).read_text(encoding="utf-8") == drawn()[page]


def test_everything_that_is_drawn_stands_on_a_page_once() -> None:
    """No table is forgotten, none stands twice."""
    shown = [name for page in PAGES for name in marks((ROOT / page).read_text(encoding="utf-8"))]
    assert sorted(shown) == sorted(blocks())


def block(name: str) -> list[list[str]]:
    """The rows of a drawn table, as printed on the page."""
    text = re.search(rf"<!-- drawn: {name} -->\n(.*?)<!-- end -->", README, re.DOTALL)
    assert text
    lines = text[1].strip().splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_message_can_be_decoded_by_the_printed_offsets() -> None:
    """Messages full of chance: each field lies where the page says, as the type it says."""
    chance = random.Random(3)
    kind, seen = 0, set()
    for title, _way, offset, printed, name in block("messages"):
        if title:
            kind = int(title.strip("`").partition("`")[0], 16)
            seen.add(kind)
        _name, fmt, names, has_tail = m.TABLE[kind]
        values = struct.unpack(fmt, chance.randbytes(struct.calcsize(fmt)))
        data = m.encode(kind, 513, *values, tail=b"tail" if has_tail else b"")
        if name == "tail":
            assert data[int(offset) :] == b"tail"
        elif name:
            (value,) = struct.unpack_from(CODES[printed], data, int(offset))
            assert value == values[names.index(name)], name
    assert seen == set(m.TABLE)


def number(data: bytes, offset: str, printed: str) -> int:
    """The number at a printed offset, of a printed type."""
    size = int(printed[1:]) // 8
    part = data[int(offset) : int(offset) + size]
    return int.from_bytes(part, "little", signed=printed[0] == "i")


def test_records_and_entries_can_be_decoded_by_the_printed_offsets() -> None:
    """Every field of a record and of a schedule entry is on the page, in its place."""
    record = m.Record(*RECORD_VALUES)
    data = m.encode_record(record)
    want = {**record._asdict(), "slot day": 9131, "slot index": 3}
    del want["slot"]
    rows = {row[2]: number(data, row[0], row[1]) for row in block("record")}
    assert rows.pop("crc32") == int.from_bytes(data[28:], "little")
    assert rows == want
    zone = schedule.Zone(540, 800_000_000, -60)
    entry = schedule.Entry(
        (9131, 2), 14, 800_000_000, 60, 120, 240, 480, 300, 1, 3, 2, 7, 0b1010101, 9500, 4, 6
    )
    wanted = {**entry._asdict(), "slot day": 9131, "slot index": 2}
    del wanted["slot"]
    data = schedule.encode_schedule(schedule.Schedule(zone, [entry]))
    rows = {row[2]: number(data, row[0], row[1]) for row in block("schedule-head")}
    assert rows == {"format": schedule.FORMAT, "entries": 1, **zone._asdict()}
    data = data[len(data) - schedule.ENTRY_BYTES :]
    rows = {r[2]: number(data, r[0], r[1]) for r in block("schedule") if r[2] != "reserved"}
    assert rows == wanted


def test_every_kind_of_record_and_every_named_value_is_printed() -> None:
    """Whoever reads a record finds its kind, and the name of each value that has one."""
    kinds = {int(row[0]): row[1] for row in block("kinds")}
    assert kinds == names.RECORD_KIND_NAMES
    said = {row[2] for row in block("values")}
    assert {"as_due", "prn_too_many", "brief", "spacing", "by_word", "take_out", "coming"} <= said
    assert not said & {"begun", "ended", "pressed", "answered", "not_sent", "state", "part"}


def test_a_changed_page_is_noticed() -> None:
    """A block that says something else, and a mark that nobody draws, are seen."""
    drawings = {"a": "new"}
    assert redrawn("<!-- drawn: a -->\nold\n<!-- end -->\n", drawings) == (
        "<!-- drawn: a -->\nnew\n<!-- end -->\n"
    )
    with pytest.raises(KeyError):
        redrawn("<!-- drawn: b -->\n<!-- end -->\n", drawings)


@pytest.mark.parametrize(
    ("draw", "arrow"),
    [
        (lambda: pillbox.drawings()["slot"], "DUE --> LATE: closes"),
        (lambda: pillbox.drawings()["help"], "CALLING --> NOT_SENT: overdue"),
        (lambda: pillbox.drawings()["question"], "ASKING --> NOTHING: presses_ok"),
        (lives.incident_life, "notifying --> acked: ack"),
        (lives.text_life, "CLAIMED --> SUBMITTED: submit"),
        (lambda: lives.session_life("device"), "idle --> proved: CHALLENGE"),
        (lambda: life([("a", "b", "x"), ("a", "b", "y")], "a"), "a --> b: x, y"),
    ],
)
def test_a_life_has_its_arrows(draw: Callable[[], str], arrow: str) -> None:
    """A known way of each life is drawn, and ways between the same states share an arrow."""
    assert arrow in draw()
