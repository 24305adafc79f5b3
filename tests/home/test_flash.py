"""Real esptool flashes virtual boards: what stands afterwards, and every fault that a bench has."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from tests.home.flash_bench import saved, small_image, stands
from tests.tree import ROOT
from tools import cli
from tools.home.virtual_board import VirtualBoard
from tools.technician import nvs_image
from tools.technician import partitions as p
from tools.technician.flashing.flash import Stopped, flash_at
from tools.technician.flashing.judged import PIECE_BYTES, State
from tools.technician.flashing.places import Place
from tools.technician.flashing.wire import opened
from tools.technician.said import Exit, Refused

MAC = "24:0a:c4:00:00:01"
NVS = p.part(p.TABLES[8], p.NVS)


@pytest.fixture
def board(tmp_path: Path) -> Iterator[VirtualBoard]:
    """A bare board for a pill box, plugged in."""
    with VirtualBoard(tmp_path, "esp32s3", 8, MAC) as board:
        yield board


def flash(board: VirtualBoard, *words: str) -> int:
    file = saved(small_image(), board.file.parent)
    return cli.main(["flash", str(file), "--port", str(board.port), *words])


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def identity(board: VirtualBoard) -> None:
    """The board has been provisioned."""
    with board.file.open("r+b") as file:
        file.seek(NVS.offset)
        file.write(nvs_image.encode({"anbu": {"device_id": b"AB-000001"}}))


@pytest.mark.parametrize(
    ("chip", "mib"), [("esp32", 4), ("esp32", 8), ("esp32s3", 4), ("esp32s3", 8), ("esp32c3", 4)]
)
def test_a_board_is_known_and_written(tmp_path: Path, chip: str, mib: int) -> None:
    """Each chip is told by its own id, MAC and size; the whole image stands in its flash."""
    image = small_image(chip=chip, mib=mib)
    with VirtualBoard(tmp_path, chip, mib, MAC) as board:
        with opened(Place(str(board.port))) as found:
            assert (found.name, found.mac) == (chip, MAC)
            assert found.flash_bytes == mib * p.MIB
        done = flash_at(Place(str(board.port)), image, lambda _mac, _share: None)
        assert done.before is State.BARE
    assert stands(image, board.flash)


def test_four_at_once_each_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Four boards on one command: each is named by its MAC, each holds the whole image."""
    boards = [VirtualBoard(tmp_path, "esp32s3", 8, f"24:0a:c4:00:00:0{n}") for n in range(1, 5)]
    for board in boards:
        board.start()
    try:
        for board in boards:
            board.wait()
        file = saved(small_image(), tmp_path)
        ports = [word for board in boards for word in ("--port", str(board.port))]
        assert cli.main(["flash", str(file), *ports, "--json"]) == 0
    finally:
        for board in boards:
            board.unplug()
    devices = told(capsys)["devices"]
    assert isinstance(devices, list)
    assert [device["mac"] for device in devices] == [board.mac for board in boards]
    assert all(stands(small_image(), board.flash) for board in boards)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.8, 0.99])
def test_unplugged_it_goes_on_from_there(
    tmp_path: Path, share: float, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pulled out anywhere: exit 3 and what to do; the next run writes only what is missing."""
    pulled_out(tmp_path, share, capsys)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_unplugged_at_any_percentage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same at each percentage there is."""
    for percent in range(100):
        folder = tmp_path / str(percent)
        folder.mkdir()
        pulled_out(folder, percent / 100, capsys)


def pulled_out(folder: Path, share: float, capsys: pytest.CaptureFixture[str]) -> None:
    board = VirtualBoard(folder, "esp32s3", 8, MAC)
    sizes = {label: len(segment.data) for label, segment in small_image().segments.items()}
    total = sum(sizes.values())
    lacking = total - sizes[p.NVS] - sizes[p.KEYS]  # those are blank, as the board is
    board.plug_in(unplug_after=int(lacking * share))
    assert flash(board) == Exit.PORT
    error = capsys.readouterr().err
    assert "went away" in error
    assert "run the same command" in error
    assert error.count("\n") == 1
    assert p.encode(p.TABLES[8]) not in board.flash  # nobody takes it for a whole one
    board.plug_in()
    assert flash(board, "--json") == 0
    board.unplug()
    assert stands(small_image(), board.flash)
    devices = told(capsys)["devices"]
    assert isinstance(devices, list)
    kept, written = devices[0]["kept_bytes"], devices[0]["written_bytes"]
    assert kept + written == total
    assert kept >= lacking * share - PIECE_BYTES


def test_nothing_is_written_by_a_dry_run(
    board: VirtualBoard, capsys: pytest.CaptureFixture[str]
) -> None:
    """--dry-run says which bytes would go where; the flash stays blank."""
    assert flash(board, "--dry-run") == 0
    said = capsys.readouterr().out
    assert "would write" in said
    assert "0x008000  table" in said
    assert nvs_image.decode(board.flash[NVS.offset : NVS.end]) == {}
    assert board.flash == b"\xff" * (8 * p.MIB)


def test_a_device_in_use_keeps_its_keys_and_its_log(
    board: VirtualBoard, capsys: pytest.CaptureFixture[str]
) -> None:
    """A provisioned device is refused; with --again it gets the program and keeps the rest."""
    assert flash(board) == 0
    identity(board)
    before = board.flash
    capsys.readouterr()
    assert flash(board) == Exit.BOARD
    error = capsys.readouterr().err
    assert MAC in error
    assert "--again" in error
    assert board.flash == before
    with board.file.open("r+b") as file:
        file.seek(0x10000)
        file.write(bytes(5000))  # the program is damaged
        file.seek(p.part(p.TABLES[8], p.LOG).offset + 0x4000)
        file.write(b"records")
    damaged = board.flash
    assert flash(board, "--again") == 0
    assert stands(small_image(), board.flash, but=(p.NVS, p.KEYS, p.LOG))
    kept = slice(p.part(p.TABLES[8], p.LOG).offset, None)
    assert board.flash[kept] == damaged[kept]
    assert board.flash[NVS.offset : NVS.end] == before[NVS.offset : NVS.end]


@pytest.mark.parametrize(
    ("chip", "mib", "said"),
    [
        ("esp32c3", 4, "is esp32c3, the image is for pillbox-s3 (esp32s3)"),
        ("esp32s3", 4, "has 4 MiB of flash, the image wants 8 MiB"),
    ],
)
def test_the_wrong_board_is_left_alone(
    tmp_path: Path, chip: str, mib: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another chip, or too little flash: exit 4 before anything was touched."""
    with VirtualBoard(tmp_path, chip, mib, MAC) as board:
        assert flash(board) == Exit.BOARD
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert board.flash == b"\xff" * (mib * p.MIB)


@pytest.mark.parametrize("cut", [0, 40, 700, 5000, -1])
def test_a_truncated_image_touches_no_board(
    board: VirtualBoard, cut: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that was not copied whole is refused with exit 4 before a board is opened."""
    file = saved(small_image(), board.file.parent)
    file.write_bytes(file.read_bytes()[:cut])
    assert cli.main(["flash", str(file), "--port", str(board.port)]) == Exit.BOARD
    assert str(file) in capsys.readouterr().err
    assert board.flash == b"\xff" * (8 * p.MIB)


def test_a_flash_that_is_worn_out_is_found_by_its_hash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One byte that does not take what is written: exit 3 and another board, not passed."""
    board = VirtualBoard(tmp_path, "esp32s3", 8, MAC)
    board.plug_in(stuck_at=0x10000)
    assert flash(board) == Exit.PORT
    board.unplug()
    error = capsys.readouterr().err
    assert "does not hold what was written at 0x10000" in error
    assert "use another board" in error


def test_a_port_that_vanished(board: VirtualBoard, capsys: pytest.CaptureFixture[str]) -> None:
    """A port that is not there, or went with its board, ends with exit 3 and what to do."""
    board.unplug()
    assert flash(board) == Exit.PORT
    assert "there is no port" in capsys.readouterr().err
    board.port.symlink_to("/dev/pts/nowhere")
    place = Place(str(board.port))
    with pytest.raises(Refused, match="is gone: plug the board in again"), opened(place):
        pass


def test_a_busy_port(board: VirtualBoard, capsys: pytest.CaptureFixture[str]) -> None:
    """A port that a monitor holds is told as that."""
    with serial.Serial(str(board.port), exclusive=True):
        assert flash(board) == Exit.PORT
    error = capsys.readouterr().err
    assert "in use by another program" in error
    assert error.count("\n") == 1


def test_nobody_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A board that is not in its boot loader: hold BOOT."""
    master, slave = os.openpty()
    try:
        file = saved(small_image(), tmp_path)
        code = cli.main(["flash", str(file), "--port", os.ttyname(slave)])
    finally:
        os.close(master)
        os.close(slave)
    assert code == Exit.PORT
    assert "hold BOOT" in capsys.readouterr().err


def test_stopped_by_hand_between_two_pieces(board: VirtualBoard) -> None:
    """Ctrl-C is heard after a whole piece; what stands is kept for the next run."""
    stop = threading.Event()
    with pytest.raises(Stopped):
        flash_at(
            Place(str(board.port)),
            small_image(),
            lambda _mac, share: stop.set() if share > 0.3 else None,
            stop=stop,
        )
    done = flash_at(Place(str(board.port)), small_image(), lambda _mac, _share: None)
    assert done.kept_bytes > done.written_bytes / 4
    assert stands(small_image(), board.flash)


def test_ctrl_c_ends_the_command_with_one_line(tmp_path: Path) -> None:
    """In the middle: exit 130, what is left and what to do, no traceback; then it goes on."""
    file = saved(small_image(app_bytes=1_900_000), tmp_path)
    with VirtualBoard(tmp_path, "esp32s3", 8, MAC) as board:
        argv = [sys.executable, "-m", "tools.cli", "flash", str(file), "--port", str(board.port)]
        process = subprocess.Popen(
            argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert process.stdout is not None
        process.stdout.readline()  # it writes
        process.send_signal(signal.SIGINT)
        _out, err = process.communicate()
        assert process.returncode == Exit.STOPPED
        assert err.startswith("anbu: stopped by hand: ")
        assert "run the same command" in err
        assert err.count("\n") == 1
        assert p.encode(p.TABLES[8]) not in board.flash  # it did not go on to the end
        assert cli.main(["flash", str(file), "--port", str(board.port)]) == 0
    assert stands(small_image(app_bytes=1_900_000), board.flash)


@pytest.mark.parametrize(("answer", "code"), [("isolated\n", 0), ("yes\n", 1), ("", 1)])
def test_a_plug_is_flashed_on_the_bench_supply_only(
    tmp_path: Path,
    answer: str,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A care plug asks for the isolated supply first; any other answer leaves it alone."""
    image = small_image("care-node")
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    with VirtualBoard(tmp_path, "esp32c3", 4, MAC) as board:
        assert cli.main(["flash", str(saved(image, tmp_path)), "--port", str(board.port)]) == code
        assert "mains potential" in capsys.readouterr().out
        assert stands(image, board.flash) == (code == 0)
        assert code == 0 or board.flash == b"\xff" * (4 * p.MIB)
