"""Bad days at a bench: boards taken for each other, logs nobody saved, half of a batch."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import enrolment
from tests.home.flash_bench import saved, small_image
from tests.home.test_bench_line import (
    MACS,
    PARTS,
    Bench,
    bench,
    change,
    held_by,
    hub,
    lived,
    part_of,
    rescue,
)
from tests.tree import ROOT
from tools.home.virtual_board import VirtualBoard
from tools.technician import partitions as p
from tools.technician.device_image import file_system
from tools.technician.provisioning.deciding import State
from tools.technician.provisioning.identity import log_files
from tools.technician.said import Exit

__all__ = ["bench"]  # a fixture

NEWER = {"epoch": b"", "schedule": b"the week after", "00000002.log": b"\2" * 64}


@pytest.fixture
def used(bench: Bench, tmp_path: Path) -> Iterator[VirtualBoard]:
    """A device that has a log."""
    with hub(tmp_path, MACS[0]) as (board,):
        assert bench.line(board)[0] == 0
        lived(board, bench.identity(MACS[0]))
        yield board


def log_is(board: VirtualBoard, files: dict[str, bytes]) -> None:
    size = PARTS[p.LOG].size
    change(board, p.LOG, file_system(p.LOG, files, size).ljust(size, b"\xff"))


# --- nobody's log is lost ---


def test_a_damaged_table_costs_no_log(bench: Bench, used: VirtualBoard) -> None:
    """A device whose partition table is torn is no bare board: bench-line names rescue."""
    with used.file.open("r+b") as file:
        file.seek(p.TABLE_AT)
        file.write(bytes(64))
    before = used.flash
    code, told = bench.line(used)
    assert used.flash == before
    assert code == Exit.BOARD
    assert "anbu rescue" in str(told["next"])


def test_an_image_with_another_table_moves_no_log(
    bench: Bench, used: VirtualBoard, tmp_path: Path
) -> None:
    """The image of 4 MiB on a device laid out for 8: refused; rescue carries the log over."""
    files = log_files(part_of(used, p.LOG))
    before = used.flash
    bench.image = saved(small_image(mib=4), tmp_path)
    assert bench.says("flash", bench.image, "--again", "--port", used.port)[0] == Exit.BOARD
    code, told = bench.line(used)
    assert code == Exit.BOARD
    assert "anbu rescue" in str(told["next"])
    assert used.flash == before
    assert rescue(bench, used)[0] == 0
    log = p.part(p.TABLES[4], p.LOG)
    assert log_files(used.flash[log.offset : log.end]) == files


def test_what_was_saved_once_is_not_put_back_years_later(bench: Bench, used: VirtualBoard) -> None:
    """Saved only, then used again: the next rescue takes what the device holds by then."""
    assert rescue(bench, used, "--only-save")[0] == 0
    log_is(used, NEWER)
    newer = part_of(used, p.LOG)
    code, told = rescue(bench, used)
    assert code == 0
    assert part_of(used, p.LOG) == newer
    assert (Path(str(told["folder"])) / "log.bin").read_bytes() == newer


def test_nothing_is_written_over_that_is_not_on_this_disk(bench: Bench, used: VirtualBoard) -> None:
    """A rescue that was cut off, and the device used all the same: both logs are in the folder."""
    older = part_of(used, p.LOG)
    total = sum(len(segment.data) for segment in small_image().segments.values())
    with used.file.open("r+b") as file:
        file.seek(0x10000)
        file.write(bytes(300_000))
    used.plug_in(unplug_after=total // 20)
    assert rescue(bench, used)[0] == Exit.PORT
    used.plug_in()
    log_is(used, NEWER)
    newer = part_of(used, p.LOG)
    assert rescue(bench, used)[0] == 0
    kept = {file.read_bytes() for file in bench.folder.glob("kept/*/log.bin")}
    assert {older, newer} <= kept


# --- never two devices with one key ---


def test_one_mac_twice_in_a_batch_is_one_device(bench: Bench, tmp_path: Path) -> None:
    """Two boards, or one board on two cables, with one MAC: one is done, one refused."""
    (tmp_path / "other").mkdir()
    one, two = (
        VirtualBoard(folder, "esp32s3", 8, MACS[0]) for folder in (tmp_path, tmp_path / "other")
    )
    with one, two:
        code, told = bench.line(one, two)
    assert code == Exit.BOARD
    assert isinstance(told["devices"], list)
    assert sorted(device["ok"] for device in told["devices"]) == [False, True]
    assert sorted(len(held_by(board).serials) for board in (one, two)) == [0, 1]


def test_the_same_mac_on_another_board_gets_no_keys(bench: Bench, tmp_path: Path) -> None:
    """A board that nothing proves to be the ledger's gets no keys of it, by no command."""
    with hub(tmp_path, MACS[0]) as (board,):
        assert bench.line(board)[0] == 0
    (tmp_path / "other").mkdir()
    with VirtualBoard(tmp_path / "other", "esp32s3", 8, MACS[0]) as other:
        assert bench.says("flash", bench.image, "--port", other.port)[0] == 0
        before = other.flash
        assert bench.line(other, part="provision")[0] == Exit.BOARD
        assert bench.line(other)[0] == Exit.BOARD
        assert rescue(bench, other, "--ledger", bench.ledger)[0] == Exit.BOARD
        assert other.flash == before
        assert bench.line(other, words=("--again",))[0] == 0
        assert held_by(other).serials == {bench.identity(MACS[0]).serial}
    assert held_by(board).serials != held_by(other).serials


def test_a_half_done_board_has_no_label_and_is_handed_to_nobody(
    bench: Bench, tmp_path: Path
) -> None:
    """Drawn and pulled out: label and enrol leave it out, and it is finished afterwards."""
    board = VirtualBoard(tmp_path, "esp32s3", 8, MACS[0])
    board.plug_in(unplug_after=100_000)
    assert bench.line(board)[0] == Exit.PORT
    own, out = ("--ledger", bench.ledger), tmp_path / "more"
    serial = bench.identity(MACS[0]).serial
    for words in ((), (serial,)):
        code, told = bench.says("label", *words, *own, "--out", out)
        assert code == Exit.LEDGER
        assert "bench-line" in str(told["next"])
    recipient = enrolment.recipient_of(enrolment.new_identity())
    assert bench.says("enrol", *own, "--for", recipient, "--out", out)[0] == Exit.LEDGER
    assert bench.state(MACS[0]) is State.DRAWN
    board.plug_in()
    assert bench.line(board)[0] == 0
    board.unplug()


# --- words ---


def test_a_dry_run_makes_no_ledger(bench: Bench, tmp_path: Path) -> None:
    """--dry-run leaves nothing behind: no ledger, no folder, no byte in the flash."""
    with hub(tmp_path, MACS[0]) as (board,):
        before = sorted(tmp_path.iterdir())
        assert bench.line(board, words=("--dry-run",))[0] == 0
        assert sorted(tmp_path.iterdir()) == before
    assert set(board.flash) == {0xFF}


@pytest.mark.parametrize("part", ["label", "enrol"])
def test_a_ledger_that_is_not_there_is_not_made(bench: Bench, part: str) -> None:
    """A name misspelt: exit 5, and no empty ledger under that name."""
    wrong = bench.folder / "legder"
    words: tuple[object, ...] = ("--ledger", wrong, "--out", bench.folder / "out")
    if part == "enrol":
        words += ("--for", enrolment.recipient_of(enrolment.new_identity()))
    code, told = bench.says(part, *words)
    assert code == Exit.LEDGER
    assert str(wrong) in str(told["error"])
    assert not wrong.exists()


def test_a_serial_named_twice_is_sealed_once(bench: Bench, used: VirtualBoard) -> None:
    """The gateway takes no file in which a device stands twice."""
    secret, serial = enrolment.new_identity(), bench.identity(MACS[0]).serial
    out = bench.folder / "two.age"
    words = ("--ledger", bench.ledger, "--for", enrolment.recipient_of(secret), "--out", out)
    assert bench.says("enrol", serial, serial, *words)[0] == 0
    assert len(enrolment.opened(out.read_bytes(), secret)) == 1


# --- Ctrl-C, a full disk ---


def test_ctrl_c_in_a_batch_leaves_boards_that_are_finished_later(
    bench: Bench, tmp_path: Path
) -> None:
    """In the middle: exit 130, one line, one JSON object; the same command then finishes it."""
    bench.image = saved(small_image(app_bytes=1_200_000), tmp_path)
    with VirtualBoard(tmp_path, "esp32s3", 8, MACS[0]) as board:
        words = ["bench-line", bench.image, "--port", board.port, "--ledger", bench.ledger]
        words += ["--out", bench.out, "--json"]
        argv = [sys.executable, "-m", "tools.cli", *map(str, words)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(argv, stdout=pipe, stderr=pipe, text=True, cwd=ROOT)
        assert process.stderr is not None
        process.stderr.readline()  # it writes
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
        assert process.returncode == Exit.STOPPED
        assert json.loads(out)["exit"] == Exit.STOPPED
        assert "Traceback" not in err
        assert "run the same command" in err.splitlines()[-1]
        assert bench.state(MACS[0]) is State.DRAWN
        drawn = bench.identity(MACS[0])
        assert bench.line(board)[0] == 0
        assert bench.identity(MACS[0]) == drawn
        assert held_by(board).whole(drawn)


def test_a_full_disk_leaves_done_devices_and_says_what_makes_labels(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No room for the labels: exit 1 and what to do; the device is done, no torn file stands."""

    def full(_handle: int) -> None:
        raise OSError(28, os.strerror(28))

    with hub(tmp_path, MACS[0]) as (board,):
        with monkeypatch.context() as patched:
            patched.setattr("tools.technician.said.os.fsync", full)
            code, told = bench.line(board)
        assert code == Exit.FAILED
        assert "No space left on device" in str(told["error"])
        assert "anbu label" in str(told["next"])
        assert list(bench.out.iterdir()) == []
        assert bench.state(MACS[0]) is State.WRITTEN
        assert bench.says("label", "--ledger", bench.ledger, "--out", bench.out)[0] == 0
    assert bench.state(MACS[0]) is State.LABELLED


def test_a_full_disk_stops_a_rescue_before_it_writes(
    bench: Bench, used: VirtualBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No room for what was read: exit 1, and not a byte of the device is touched."""

    def full(_handle: int) -> None:
        raise OSError(28, os.strerror(28))

    before = used.flash
    with monkeypatch.context() as patched:
        patched.setattr("tools.technician.said.os.fsync", full)
        code, _told = rescue(bench, used)
    assert code == Exit.FAILED
    assert used.flash == before
    assert rescue(bench, used)[0] == 0


def test_a_new_identity_that_was_cut_off_is_finished_not_drawn_once_more(
    bench: Bench, used: VirtualBoard
) -> None:
    """--again, pulled out: what to type is without --again, and the board gets what was drawn."""
    old = bench.identity(MACS[0]).serial
    with used.file.open("r+b") as file:
        file.seek(0x10000)
        file.write(bytes(300_000))
    used.plug_in(unplug_after=100_000)
    code, told = bench.line(used, words=("--again",))
    assert code == Exit.PORT
    assert "without --again" in str(told["next"])
    drawn = bench.identity(MACS[0]).serial
    assert drawn != old
    used.plug_in()
    assert bench.line(used)[0] == 0
    assert bench.identity(MACS[0]).serial == drawn
    assert held_by(used).serials == {drawn}
