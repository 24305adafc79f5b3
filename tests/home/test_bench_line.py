"""`anbu bench-line`, `provision`, `rescue` on virtual boards: real esptool, kills, faults."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway import enrolment
from tests.home.flash_bench import saved, small_image
from tools import cli
from tools.home.virtual_board import VirtualBoard
from tools.technician import nvs_image
from tools.technician import partitions as p
from tools.technician.device_image import file_system
from tools.technician.provisioning import hand_out
from tools.technician.provisioning.deciding import State
from tools.technician.provisioning.identity import (
    Held,
    Identity,
    blobs,
    epoch_of,
    held,
    log_files,
    spare,
)
from tools.technician.provisioning.ledger import Ledger
from tools.technician.said import Exit

TABLE = p.TABLES[8]
MACS = [f"24:0a:c4:00:00:{n:02x}" for n in range(1, 5)]
PARTS = {label: p.part(TABLE, label) for label in (p.NVS, p.KEYS, p.LOG)}


class Bench:
    """A hub, a ledger, an image; the printer of sheets stands in for the real one's seconds."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.image = saved(small_image(), folder)
        self.ledger = folder / "ledger"
        self.out = folder / "labels"
        self._capsys = capsys

    def says(self, part: str, *words: object) -> tuple[int, dict[str, object]]:
        """A command's exit code and its JSON object."""
        code = cli.main([part, *map(str, words), "--json"])
        return code, json.loads(self._capsys.readouterr().out)

    def line(
        self, *boards: VirtualBoard, words: tuple[object, ...] = (), part: str = "bench-line"
    ) -> tuple[int, dict[str, object]]:
        """One batch."""
        ports = [word for board in boards for word in ("--port", board.port)]
        own = ("--ledger", self.ledger, "--out", self.out)
        return self.says(part, self.image, *own, *ports, *words)

    def identity(self, mac: str) -> Identity:
        """What the ledger has for it."""
        with Ledger(self.ledger, "judge") as ledger:
            row = ledger.row(mac)
        assert row is not None
        return row.noted.identity

    def state(self, mac: str) -> State:
        """How far the ledger says it came."""
        with Ledger(self.ledger, "judge") as ledger:
            row = ledger.row(mac)
        assert row is not None
        return row.noted.state


@pytest.fixture
def bench(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Bench:
    """An empty workshop."""
    monkeypatch.setattr(hand_out, "pdf", lambda _pages, _sheets: b"%PDF")
    return Bench(tmp_path, capsys)


@contextmanager
def hub(folder: Path, *macs: str) -> Iterator[list[VirtualBoard]]:
    """Boards plugged in side by side."""
    boards = [VirtualBoard(folder, "esp32s3", 8, mac) for mac in macs]
    for board in boards:
        board.start()
    try:
        for board in boards:
            board.wait()
        yield boards
    finally:
        for board in boards:
            board.unplug()


def part_of(board: VirtualBoard, label: str) -> bytes:
    part = PARTS[label]
    return board.flash[part.offset : part.end]


def held_by(board: VirtualBoard) -> Held:
    return held(part_of(board, p.NVS), part_of(board, p.KEYS))


def change(board: VirtualBoard, label: str, data: bytes, at: int = 0) -> None:
    """The flash as it may be found, years later."""
    with board.file.open("r+b") as file:
        file.seek(PARTS[label].offset + at)
        file.write(data)


def test_one_command_from_bare_boards_to_labels(bench: Bench, tmp_path: Path) -> None:
    """Four bare boards, one command: each has its own keys, on the chip twice and in the ledger.

    They stand in the enrolment file, which only the gateway opens; a second run changes nothing.
    """
    secret = enrolment.new_identity()
    words = ("--for", enrolment.recipient_of(secret))
    with hub(tmp_path, *MACS) as boards:
        code, told = bench.line(*boards, words=words)
        assert code == 0
        before = [board.flash for board in boards]
        again, twice = bench.line(*boards, words=words)
    assert again == 0
    assert [board.flash for board in boards] == before
    assert isinstance(told["devices"], list)
    assert isinstance(twice["devices"], list)
    assert {device["step"] for device in twice["devices"]} == {"done"}
    serials = {device["mac"]: device["serial"] for device in told["devices"]}
    numbers = sorted(serial.rpartition("-")[0] for serial in serials.values())
    assert numbers == [f"AB-{n:06}" for n in range(1, 5)]
    for board in boards:
        own = bench.identity(board.mac)
        assert own.serial == serials[board.mac]
        assert held_by(board).whole(own)
        assert bench.state(board.mac) is State.LABELLED
        files = log_files(part_of(board, p.LOG))
        assert files is not None
        assert epoch_of(files) == own.epoch
        assert (bench.out / f"{own.serial}.svg").stat().st_mode & 0o077 == 0
    first, *_, last = sorted(serials.values())
    sealed = (bench.out / f"enrolment-{first}-to-{last}.age").read_bytes()
    units = enrolment.opened(sealed, secret)
    assert {unit.label.key for unit in units} == {bench.identity(mac).label.key for mac in MACS}
    assert all(own.hex().upper().encode() not in sealed for own in [u.label.key for u in units])


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.7, 0.999])
def test_a_board_pulled_out_anywhere_keeps_its_serial(
    bench: Bench, tmp_path: Path, share: float
) -> None:
    """Unplugged at any byte: exit 3; plugged in again it is finished with the keys first drawn."""
    image = small_image()
    total = sum(len(segment.data) for segment in image.segments.values())
    board = VirtualBoard(tmp_path, "esp32s3", 8, MACS[0])
    board.plug_in(unplug_after=int(total * share))
    code, _told = bench.line(board)
    assert code == Exit.PORT
    first = bench.identity(MACS[0])
    board.plug_in()
    code, told = bench.line(board)
    board.unplug()
    assert code == 0
    assert isinstance(told["devices"], list)
    assert told["devices"][0]["step"] == "finish"
    assert bench.identity(MACS[0]) == first
    assert held_by(board).whole(first)


def test_provision_wants_a_flashed_board_and_says_so(bench: Bench, tmp_path: Path) -> None:
    """A bare board is refused by name; after `anbu flash` it gets its identity."""
    with hub(tmp_path, MACS[0]) as (board,):
        code, told = bench.line(board, part="provision")
        assert code == Exit.BOARD
        assert "is not flashed yet" in str(told["error"])
        assert bench.says("flash", bench.image, "--port", board.port)[0] == 0
        assert bench.line(board, part="provision", words=("--dry-run",))[0] == 0
        assert held_by(board).serials == set()
        assert bench.line(board, part="provision")[0] == 0
        assert held_by(board).whole(bench.identity(MACS[0]))


def test_a_good_board_is_done_beside_a_bad_one(bench: Bench, tmp_path: Path) -> None:
    """One of two boards fails: the other is done and labelled, the exit code tells of the first."""
    with hub(tmp_path, MACS[0]) as (good,):
        bad = VirtualBoard(tmp_path, "esp32c3", 4, MACS[1])
        with bad:
            code, told = bench.line(bad, good)
    assert code == Exit.BOARD
    assert isinstance(told["devices"], list)
    assert [device["ok"] for device in told["devices"]] == [False, True]
    assert (bench.out / f"{bench.identity(MACS[0]).serial}.png").exists()


def test_what_is_wrong_with_the_words_touches_no_board(bench: Bench, tmp_path: Path) -> None:
    """A recipient or a ledger that cannot be used is said before a board is written."""
    with hub(tmp_path, MACS[0]) as (board,):
        code, told = bench.line(board, words=("--for", "age1nobody"))
        assert (code, told["error"]) == (Exit.USAGE, "age1nobody is no gateway's recipient")
        bench.ledger.unlink()
        bench.ledger.mkdir()
        assert bench.line(board)[0] == Exit.LEDGER
    assert set(board.flash) == {0xFF}


def test_labels_and_enrolment_are_made_again(bench: Bench, tmp_path: Path) -> None:
    """A label that got lost is printed again from the ledger, byte for byte; unknown: refused."""
    with hub(tmp_path, MACS[0]) as (board,):
        bench.line(board)
    serial = bench.identity(MACS[0]).serial
    first = (bench.out / f"{serial}.svg").read_bytes()
    own = ("--ledger", bench.ledger)
    assert bench.says("label", "AB-000001", *own, "--out", tmp_path / "more")[0] == 0
    assert (tmp_path / f"more/{serial}.svg").read_bytes() == first
    code, told = bench.says("label", "AB-000009", *own, "--out", tmp_path / "more")
    assert code == Exit.LEDGER
    assert "no AB-000009" in str(told["error"])


# --- rescue ---


def lived(board: VirtualBoard, own: Identity) -> dict[str, bytes]:
    """A log and a counter as the firmware leaves them; the log's files."""
    files = log_files(part_of(board, p.LOG)) or {}
    files |= {"schedule": b"seven days", "00000001.log": b"\1" * 64}
    size = PARTS[p.LOG].size
    change(board, p.LOG, file_system(p.LOG, files, size).ljust(size, b"\xff"))
    change(board, p.LOG, b"what a file system leaves behind", at=100 * p.BLOCK)
    spaces = own.spaces()
    spaces["anbu"] |= {"boot": 41}
    change(board, p.NVS, nvs_image.encode(spaces))
    return files


@pytest.fixture
def broken(bench: Bench, tmp_path: Path) -> Iterator[VirtualBoard]:
    """A device that was in use, and whose program is damaged now."""
    with hub(tmp_path, MACS[0]) as (board,):
        bench.line(board)
        lived(board, bench.identity(MACS[0]))
        root = p.part(TABLE, p.ROOT)
        with board.file.open("r+b") as file:
            file.seek(root.offset)
            file.write(bytes(root.size))
        yield board


def rescue(bench: Bench, board: VirtualBoard, *words: object) -> tuple[int, dict[str, object]]:
    keep = bench.folder / "kept"
    return bench.says("rescue", bench.image, "--port", board.port, "--keep", keep, *words)


def test_rescue_gives_back_log_schedule_and_keys(bench: Bench, broken: VirtualBoard) -> None:
    """A device with a broken program: afterwards the new one, with the old log byte for byte."""
    log = part_of(broken, p.LOG)
    code, told = rescue(bench, broken)
    assert code == 0
    assert told["schedule"] is True
    assert part_of(broken, p.LOG) == log
    assert nvs_image.decode(part_of(broken, p.NVS))["anbu"]["boot"] == 41
    assert held_by(broken).whole(bench.identity(MACS[0]))
    image = small_image()
    root = image.segments[p.ROOT]
    assert broken.flash[root.at : root.at + len(root.data)] == root.data
    kept = Path(str(told["folder"]))
    assert (kept / "log/schedule").read_bytes() == b"seven days"
    assert kept.stat().st_mode & 0o077 == 0


def test_a_rescue_that_was_cut_off_goes_on_from_its_files(
    bench: Bench, broken: VirtualBoard
) -> None:
    """Saved, then all of the chip erased: the second run puts back what the first one saved."""
    log = part_of(broken, p.LOG)
    assert rescue(bench, broken, "--only-save")[0] == 0
    broken.unplug()
    broken.file.unlink()
    broken.plug_in()
    code, told = rescue(bench, broken)
    assert (code, told["serial"]) == (0, bench.identity(MACS[0]).serial)
    assert part_of(broken, p.LOG) == log
    assert held_by(broken).whole(bench.identity(MACS[0]))


@pytest.mark.parametrize("lost", [(p.NVS,), (p.KEYS,), (p.NVS, p.KEYS)])
def test_rescue_finds_the_keys_wherever_they_are(
    bench: Bench, broken: VirtualBoard, lost: tuple[str, ...]
) -> None:
    """From the NVS, from the second copy, or from the ledger; from nowhere: nothing is written."""
    for label in lost:
        change(broken, label, b"\xff" * PARTS[label].size)
    before = broken.flash
    words: tuple[object, ...] = ()
    if len(lost) > 1:
        words = ("--ledger", bench.ledger)
        code, told = rescue(bench, broken)
        assert code == Exit.BOARD
        assert "no copy of the device's keys" in str(told["error"])
        assert broken.flash == before
    assert rescue(bench, broken, *words)[0] == 0
    assert held_by(broken).whole(bench.identity(MACS[0]))


def test_a_log_that_cannot_be_read_is_kept_as_it_is(bench: Bench, broken: VirtualBoard) -> None:
    """A torn file system: its bytes stay on this disk, and the device begins a new log."""
    change(broken, p.LOG, bytes(2 * p.BLOCK))
    torn = part_of(broken, p.LOG)
    code, told = rescue(bench, broken)
    assert code == 0
    assert told["log_readable"] is False
    assert (Path(str(told["folder"])) / "log.bin").read_bytes() == torn
    files = log_files(part_of(broken, p.LOG))
    assert files is not None
    assert epoch_of(files) not in {None, bench.identity(MACS[0]).epoch}


def test_a_device_in_use_is_not_taken_for_a_bare_board(bench: Bench, tmp_path: Path) -> None:
    """Keys lost, log there: bench-line names rescue and writes nothing."""
    with hub(tmp_path, MACS[0]) as (board,):
        bench.line(board)
        for label in (p.NVS, p.KEYS):
            change(board, label, b"\xff" * PARTS[label].size)
        before = board.flash
        code, told = bench.line(board)
        assert code == Exit.BOARD
        assert "anbu rescue" in str(told["next"])
        assert board.flash == before


def test_the_second_copy_survives_any_flip_or_says_nothing() -> None:
    """A byte of the second copy changed: it is not believed at all."""
    keys = blobs({"anbu": {"device_id": b"AB-000001", "device_key": bytes(16)}})
    whole = spare(keys)
    size = len(whole.rstrip(b"\xff"))
    for at in range(size):
        torn = whole[:at] + bytes((whole[at] ^ 1,)) + whole[at + 1 :]
        assert held(b"", torn).second == {}, at
    assert held(b"", whole).second == keys
