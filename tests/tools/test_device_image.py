"""A whole device as one file: reproducible, sizes checked, refused when anything of it is wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from littlefs import LittleFS

from tools import cli
from tools.home.official import stand_in
from tools.technician import device_image as d
from tools.technician import partitions as p
from tools.technician.micropython import read

SMALL = 4096
BOARDS = [
    replace(p.BOARDS["pillbox-s3"], chip=p.CHIPS[chip], flash_mib=mib)
    for chip in p.CHIPS
    for mib in p.TABLES
]


@cache
def small(board: p.Board = p.BOARDS["pillbox-s3"]) -> d.DeviceImage:
    official = read(stand_in(board.chip.name, app_bytes=SMALL))
    files = {"main.mpy": b"program", "pillbox/box.mpy": bytes(9000)}
    root = {"main.py": b"loader"}
    return d.build(board, official, version=7, signer=bytes(64), root=root, slot=files)


def test_an_image_laid_out_otherwise_is_refused() -> None:
    """Made by another version of this program: what it writes would lie elsewhere."""
    whole = small()
    rest = {label: part for label, part in whole.segments.items() if label != d.TABLE}
    for table in ({}, {d.TABLE: d.Segment(p.TABLE_AT, p.encode(p.TABLES[4]))}):
        with pytest.raises(d.BadImage, match="another version of anbu"):
            d.unpack(d.pack(replace(whole, segments=rest | table)))


def files_in(segment: d.Segment, row: p.Partition) -> dict[str, bytes]:
    store = LittleFS(block_size=p.BLOCK, block_count=row.size // p.BLOCK, mount=False)
    store.context.buffer[: len(segment.data)] = segment.data
    store.mount()
    found = {}
    for folder, _folders, names in store.walk("/"):
        for name in names:
            path = f"{folder.rstrip('/')}/{name}"
            with store.open(path, "rb") as file:
                found[path.lstrip("/")] = file.read()
    return found


@pytest.mark.parametrize("board", BOARDS, ids=lambda b: f"{b.chip.name}-{b.flash_mib}")
def test_everything_stands_where_the_table_says(board: p.Board) -> None:
    """For each chip and flash: no segment reaches over its partition, nor over another segment."""
    image = small(board)
    rows = {row.label: row for row in board.table}
    spans = sorted((s.at, s.at + len(s.data)) for s in image.segments.values())
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    for label, segment in image.segments.items():
        if label in rows:
            assert segment.at == rows[label].offset
            assert len(segment.data) <= rows[label].size
    assert image.segments["boot"].at == board.chip.boot_at
    assert p.decode(image.segments["table"].data) == board.table
    assert list(image.segments)[-1] == "table"
    slot = files_in(image.segments[p.SLOT_A], rows[p.SLOT_A])
    assert slot == {"main.mpy": b"program", "pillbox/box.mpy": bytes(9000)}
    assert files_in(image.segments[p.ROOT], rows[p.ROOT]) == {"main.py": b"loader"}
    assert files_in(image.segments[p.SLOT_B], rows[p.SLOT_B]) == {}
    assert files_in(image.segments[p.LOG], rows[p.LOG]) == {}


def test_a_packed_image_comes_back_and_is_the_same_every_time() -> None:
    """The same parts give the same bytes; unpacked they are what they were."""
    small.cache_clear()
    first = d.pack(small())
    small.cache_clear()
    assert d.pack(small()) == first
    assert d.unpack(first) == small()


@given(st.data())
def test_a_cut_or_changed_image_is_refused(data: st.DataObject) -> None:
    """Wherever it is cut, whatever bit is wrong, whatever is added: refused in one line."""
    whole = d.pack(small())
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[place] ^= 1 << data.draw(st.integers(0, 7))
    for bad in (whole[:place], bytes(changed), whole + b"x"):
        with pytest.raises(d.BadImage) as refused:
            d.unpack(bad)
        assert "\n" not in str(refused.value)


def test_what_does_not_fit_is_refused_with_its_sizes() -> None:
    """Files over their partition, an application over its own, data put in afterwards."""
    board = p.BOARDS["pillbox-s3"]
    size = p.part(board.table, p.SLOT_A).size
    official = read(stand_in("esp32s3", app_bytes=SMALL))
    much = {"big": bytes(range(256)) * (size // 256)}
    with pytest.raises(d.BadImage, match=f"app_a does not fit: {size} bytes"):
        d.build(board, official, version=1, signer=bytes(64), root={}, slot=much)
    large = replace(official, app=bytes(0x1F0001))
    with pytest.raises(d.BadImage, match="factory does not fit"):
        d.build(board, large, version=1, signer=bytes(64), root={}, slot={})
    with pytest.raises(d.BadImage, match="keys does not fit"):
        small().with_data(p.KEYS, bytes(p.BLOCK + 1))
    assert small().with_data(p.KEYS, b"mine").segments[p.KEYS].data == b"mine"


def image(out: Path, micropython: bytes, *words: str) -> int:
    file = out.with_name("micropython.bin")
    file.write_bytes(micropython)
    key = ("--key" if out.with_name("key").exists() else "--new-key", str(out.with_name("key")))
    return cli.main(
        ["image", "pillbox", "--micropython", str(file), *key, "--out", str(out), "--json", *words]
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (stand_in("esp32s3", app_bytes=SMALL), "is not on the list"),
        (stand_in("esp32s3", app_bytes=SMALL)[:-1], "is cut off"),
        (stand_in("esp32s3", idf="v6.0", app_bytes=SMALL), "take one on 5.5.2 or older"),
    ],
)
def test_a_wrong_micropython_ends_with_exit_4(
    data: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says what is wrong and what to do; no file is written, no key drawn."""
    assert image(tmp_path / "box.img", data) == 4
    out, err = capsys.readouterr()
    assert said in err
    assert err.count("\n") == 1
    assert json.loads(out)["exit"] == 4
    assert not (tmp_path / "box.img").exists()
    assert not (tmp_path / "key").exists()


def test_a_device_image_is_made_of_the_real_firmware(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`anbu image --micropython`: the loader in the root, the signed program in the first slot."""
    data = stand_in("esp32s3", app_bytes=SMALL)
    accept = ("--accept", sha256(data).hexdigest())
    out = tmp_path / "box.img"
    assert image(out, data, *accept, "--dry-run") == 0
    assert not out.exists()
    assert not (tmp_path / "key").exists()
    assert image(out, data, *accept, "--flash-mib", "4") == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    made = d.unpack(out.read_bytes())
    assert (told["flash_mib"], told["micropython"]) == (4, "v1.26.0")
    assert made.board.flash_mib == 4
    rows = {row.label: row for row in p.TABLES[4]}
    root = files_in(made.segments[p.ROOT], rows[p.ROOT])
    slot = files_in(made.segments[p.SLOT_A], rows[p.SLOT_A])
    assert set(root) == {"main.py", "anbu_slots.mpy"}
    assert {"main.mpy", "head", "whole", "pillbox/box.mpy"} <= set(slot)
    wrong = stand_in("esp32c3", app_bytes=SMALL)
    assert image(out, wrong, "--accept", sha256(wrong).hexdigest()) == 4
    assert "is for esp32c3, pillbox-s3 has esp32s3" in capsys.readouterr().err
