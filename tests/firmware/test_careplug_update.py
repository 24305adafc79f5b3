"""An update of the care plug: real images of both boards, taken by their own board and no other."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from anbu_device.core.update_rules import About, refusal
from anbu_wire import bundle as b
from tools import cli
from tools.technician import image
from tools.technician.signing import draw_key, public_bytes

BOARDS = ("care-node", "metering-plug")


@cache
def parts(board: str, folder: Path) -> tuple[b.Manifest, bytes, bytes]:
    """(manifest, signature, who signed) of version 2 for that board."""
    key = draw_key(folder / board)
    target = "pillbox" if board == "pillbox-s3" else "careplug"
    data = image.make(target, 2, key, None, None if target == "pillbox" else board)
    size = b.head_bytes(data)
    return b.Manifest(data[:size]), data[size : size + b.SIGNATURE_BYTES], public_bytes(key)


def reason(running: str, offered: str, folder: Path) -> int:
    """Why a device that is `running` does not take an image of `offered`."""
    manifest, signature, signer = parts(offered, folder)
    return refusal(manifest, signature, About(running.encode(), manifest.mpy, 1, 0, [signer]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the keys are."""
    return tmp_path_factory.mktemp("keys")


@pytest.mark.parametrize("running", BOARDS)
@pytest.mark.parametrize("offered", [*BOARDS, "pillbox-s3"])
def test_a_board_takes_its_own_images_only(running: str, offered: str, folder: Path) -> None:
    """The same key, a higher version: only the board's name decides."""
    expected = b.NO_REASON if running == offered else b.WRONG_BOARD
    assert reason(running, offered, folder) == expected


def test_the_boards_images_differ_in_their_pins(folder: Path) -> None:
    """Each holds its own pins as `pins.mpy`, nothing of the other board, nothing of the box."""
    files = {board: image.modules("careplug", board) for board in BOARDS}
    assert files["care-node"]["pins.mpy"] != files["metering-plug"]["pins.mpy"]
    for board in BOARDS:
        names = set(files[board])
        assert {"main.mpy", "board.mpy", "careplug/plug.mpy", "anbu_wire/bthome.mpy"} <= names
        assert not [name for name in names if name.startswith(("boards/", "pillbox/"))]
        assert parts(board, folder)[0].board == board.encode()


def test_an_image_holds_what_main_imports_and_no_more() -> None:
    """A driver that is loaded at first use is there; one of the other device is not."""
    plug, box = set(image.modules("careplug", "care-node")), set(image.modules("pillbox"))
    for name in ("cse7766", "bl0942", "pzem004t", "bh1750", "veml7700"):
        assert f"anbu_device/edge/{name}.mpy" in plug - box
    assert "anbu_device/edge/mcp23017.mpy" in box - plug
    assert {"anbu_device/esp/update.mpy", "anbu_device/core/update_host.mpy"} <= plug & box


def test_who_names_no_board_is_asked_which(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, what to do, and nothing written; a board that is not there is named."""
    out = tmp_path / "out"
    words = ["image", "careplug", "--new-key", str(tmp_path / "key"), "--out", str(out)]
    assert cli.main(words) == cli.EXIT_FAILED
    assert "--board care-node or --board metering-plug" in capsys.readouterr().err
    words[3] = str(tmp_path / "another")
    assert cli.main([*words, "--board", "toaster"]) == cli.EXIT_FAILED
    assert "no board toaster" in capsys.readouterr().err
    assert not out.exists()


def test_twice_the_same_bytes(tmp_path: Path) -> None:
    """The same tree, version, board and key give the same bundle."""
    key = draw_key(tmp_path / "key")
    one = image.make("careplug", 3, key, None, "care-node")
    image.modules.cache_clear()  # compiled anew
    two = image.make("careplug", 3, key, None, "care-node")
    assert one == two
