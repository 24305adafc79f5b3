"""The live box on the page: lids, buttons, lights, and a virtual home that fails."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from gateway.web import box, window
from gateway.web.catalogues import CATALOGUES
from gateway.web.words import Words
from pillbox import signals
from pillbox.held_button import HOLD_MS
from tests.web import fake_board, fakes
from tests.web.fake_board import FakeBoard
from tests.web.fakes import FakeDesk, client_of, token_of

KO = Words("ko", "Asia/Seoul")
EN = Words("en", "Asia/Seoul")


@pytest.fixture
def board() -> FakeBoard:
    return FakeBoard()


@pytest.fixture
def at_home(board: FakeBoard, tmp_path: Path) -> Iterator[FlaskClient]:
    """A client of a page with a virtual home behind it."""
    with fake_board.window_open(board, tmp_path / "window.sock") as path:
        yield client_of(FakeDesk(fakes.calm(), path))


# --- the live box --------------------------------------------------------------------------


def test_lid_moves_at_the_board(at_home: FlaskClient, board: FakeBoard) -> None:
    """A click opens the lid at the board; without a script it leads back to the page."""
    answer = at_home.post("/box", data={"lid": "10:open", "token": token_of(at_home)})
    assert board.done == [{"lid": 10, "open": True}]
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?lang=ko#box")
    assert 'value="10:closed"' in at_home.get("/").text


def test_button_is_pressed_and_let_go(
    at_home: FlaskClient, board: FakeBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One click is a whole press; the page's script gets JSON."""
    monkeypatch.setattr(window, "PRESS_S", {"ok": 0.01})
    data = {"button": "ok", "token": token_of(at_home)}
    answer = at_home.post("/box", data=data, headers={"Accept": "application/json"})
    assert answer.get_json() == {"ok": True}
    assert [(q["button"], q["pressed"]) for q in board.done] == [("ok", True), ("ok", False)]


@pytest.mark.parametrize(
    "data",
    [
        {"lid": "28:open"},
        {"lid": "-1:open"},
        {"lid": "3:ajar"},
        {"lid": "٣:open"},
        {"button": "self-destruct"},
        {},
    ],
)
def test_nonsense_is_named(at_home: FlaskClient, board: FakeBoard, data: dict[str, str]) -> None:
    """A request the board could not carry out is refused here, with what is allowed."""
    answer = at_home.post("/box", data={**data, "token": token_of(at_home)})
    assert answer.status_code == 400
    assert answer.get_json()["error"]
    assert board.done == []


@pytest.mark.parametrize("answer", [b"\n", b"[1]\n", b"{}\n", b"not json\n", b"x" * 70_000, b""])
def test_a_broken_virtual_home_breaks_nothing(
    at_home: FlaskClient, board: FakeBoard, answer: bytes
) -> None:
    """Whatever the window says: the page stands and says that the practice home is silent."""
    board.answer = answer
    assert at_home.get("/api/box").status_code == 503
    assert CATALOGUES["ko"]["box.offline"] in at_home.get("/").text


def test_window_that_is_gone(tmp_path: Path) -> None:
    """A virtual home that ended is named with its path."""
    with pytest.raises(window.WindowError, match=r"gone\.sock"):
        window.BoxWindow(tmp_path / "gone.sock").picture()


def test_window_that_never_answers(tmp_path: Path) -> None:
    """A virtual home that hangs is given up after the time-out."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "hung.sock"))
        server.listen()
        with pytest.raises(window.WindowError, match="timed out"):
            window.BoxWindow(tmp_path / "hung.sock", timeout_s=0.1).picture()


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((0, 0, 0), None),
        ((3, 7, 2), None),
        ((0, 0, 40), "blue"),
        ((0, 60, 0), "green"),
        ((60, 0, 0), "red"),
        ((60, 0, 5), "red"),
        ((80, 50, 0), "amber"),
        ((60, 60, 60), "white"),
        ((60, 0, 60), "purple"),
        ((0, 60, 60), "teal"),
    ],
)
def test_colours_have_names(rgb: tuple[int, int, int], name: str | None) -> None:
    """A light is named as people would name it, so that colour is never the only sign."""
    assert box.colour(rgb) == name
    for catalogue in CATALOGUES.values():
        assert name is None or {f"colour.{name}", f"colour.short.{name}"} <= catalogue.keys()


def test_every_light_of_the_box_has_a_name() -> None:
    """Each meaning's colour is told by the colour that it is made to be, dimmed for USB too."""
    names = {
        row[0]: {box.colour([part // share for part in row[1:4]]) for share in (1, 2, 3)}
        for row in signals.LIGHTS.values()
    }
    assert names.pop("dark") == {None}
    assert all(len(found) == 1 and None not in found for found in names.values()), names
    assert names["take"] == {"blue"}
    assert names["late"] == names["fault"] == names["clock_fault"] == {"amber"}
    assert names["wrong_lid"] == names["skip"] == {"red"}
    assert names["fill"] == names["left_open"] == {"white"}
    assert names["empty"] == {"teal"}
    assert names["help_coming"] == {"green"}
    assert names["question"] == names["ask"] == {"purple"}


def test_box_speaks() -> None:
    """Each compartment has a sentence with day, slot, lid and light."""
    view = box.compartment(10, True, (0, 0, 90), KO)
    assert view["label"] == "수요일 저녁 칸, 뚜껑 열림, 파란 불 켜짐"
    assert view["label_blink"] == "수요일 저녁 칸, 뚜껑 열림, 파란 불 깜박임"
    assert box.compartment(0, False, (0, 0, 0), EN)["label"] == (
        "Monday morning, lid closed, light off"
    )


def test_many_lights_alike_are_one_sentence() -> None:
    """A signal of the whole box is not read out twenty-eight times; single lids still are."""
    purple, red, dark = [50, 0, 50], [255, 0, 0], [0, 0, 0]

    def says(lights: list[list[int]]) -> list[str]:
        board = {"lids": [False] * 28, "lights": lights}
        found: list[str] = box.present(board, EN)["says"]
        return found

    assert says([purple] * 28) == ["All compartments: purple light on."]
    assert says([purple, red] + [purple] * 26) == [
        "27 compartments: purple light on.",
        "Monday noon: red light on.",
    ]
    alone = box.MANY - 1
    assert len(says([purple] * alone + [dark] * (28 - alone))) == alone
    assert says([dark] * 28) == ["No light is on."]


def test_help_is_held_as_long_as_the_box_wants() -> None:
    """The page's press counts as a call: longer than the firmware's second."""
    assert window.PRESS_S["help"] * 1000 > HOLD_MS
