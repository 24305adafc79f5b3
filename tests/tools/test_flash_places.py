"""Which board is meant: by its port, by its USB identity, and never one of two by chance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.technician.flashing.bars import Bars
from tools.technician.flashing.places import Place, find
from tools.technician.said import Exit, Refused


@dataclass
class Listed:
    device: str
    vid: int | None = None
    pid: int | None = None
    serial_number: str | None = None
    location: str | None = None


ONE = Listed("/dev/ttyUSB0", 0x10C4, 0xEA60, "0001", "1-1.2")
OTHER = Listed("/dev/ttyACM0", 0x303A, 0x1001, "24:0A:C4:00:00:02", "1-1.3")
MODEM = Listed("/dev/ttyUSB9", 0x12D1, 0x1506, "", "1-2")
BUILT_IN = Listed("/dev/ttyS0")


def found(named: list[str], *ports: Listed, every: bool = False) -> list[Place]:
    def listed() -> Iterable[Listed]:
        return ports

    return find(named, every=every, listed=listed)


def test_the_only_board_is_meant() -> None:
    """A modem and a port of the computer are no boards; the one bridge is taken, with its id."""
    place = Place("/dev/ttyUSB0", "10c4:ea60", "CP210x", "0001", "1-1.2")
    assert found([], BUILT_IN, MODEM, ONE) == [place]
    assert place.resets
    assert str(place) == "/dev/ttyUSB0 (CP210x 10c4:ea60 1-1.2)"


def test_of_two_boards_none_is_taken_by_chance() -> None:
    """Both are named with their USB ids; --port or --all says which."""
    with pytest.raises(Refused) as refused:
        found([], ONE, OTHER)
    assert refused.value.code == Exit.PORT
    assert "10c4:ea60" in refused.value.wrong
    assert "303a:1001" in refused.value.wrong
    assert [place.port for place in found([], ONE, OTHER, every=True)] == [ONE.device, OTHER.device]
    assert [place.port for place in found([OTHER.device], ONE, OTHER)] == [OTHER.device]


def test_no_board_and_no_such_port(tmp_path: Path) -> None:
    """What is missing is said with what is there; a path that is there is taken as it is."""
    with pytest.raises(Refused, match="no board is plugged in"):
        found([], MODEM, BUILT_IN)
    with pytest.raises(Refused, match=r"no port /dev/ttyUSB7: there are: /dev/ttyUSB0"):
        found(["/dev/ttyUSB7"], ONE)
    file = tmp_path / "tty"
    file.touch()
    assert found([str(file), str(file)], ONE) == [Place(str(file))]
    assert not Place(str(file)).resets


def test_another_name_of_a_port_is_the_same_board(tmp_path: Path) -> None:
    """/dev/serial/by-id/… is followed: the board is reset by its bridge, and is not taken twice."""
    port, link = tmp_path / "ttyUSB0", tmp_path / "by-id"
    port.touch()
    link.symlink_to(port)
    listed = Listed(str(port), 0x10C4, 0xEA60)
    (place,) = found([str(link), str(port), str(link)], listed)
    assert place.port == str(port)
    assert place.resets


def test_a_bar_a_board_without_a_screen() -> None:
    """Where lines cannot be drawn over, each quarter is one line a board; on a screen all are."""
    lines: list[str] = []
    bars = Bars(["one", "two"], lambda text, _end: lines.append(text), screen=False)
    for percent in range(101):
        bars.tell("one", percent / 100, "24:0a")
    bars.tell("two", 0.5)
    assert [line.split("]")[1].strip() for line in lines] == [
        *(f"{percent}% 24:0a" for percent in (0, 25, 50, 75, 100)),
        "50%",
    ]
    drawn: list[str] = []
    bars = Bars(["one", "two"], lambda text, _end: drawn.append(text), screen=True)
    bars.tell("one", 0.1)
    bars.tell("one", 0.11)
    assert drawn[:2] == ["one  waiting", "two  waiting"]
    assert drawn[2].startswith("\x1b[2A")
    assert drawn[3].endswith("\x1b[2B\r")
