"""`anbu update`: through the real page of a real desk, over HTTP, and by cable.

Knows: a flat with a box, its page on a port. May not know: a radio: how far an update is, is said.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.access import GUARDIAN, TECHNICIAN, Grant
from gateway.events import LinkUp
from gateway.label import Label
from gateway.roster import PILLBOX
from gateway.workshop import Progress, Signal
from tests.gateway.home_facts import BOX, at, begun, caught_up, roster
from tests.gateway.test_images import made
from tests.web.flat import Flat
from tests.web.test_technician import served
from tests.web_access import page_of, session_of
from tools import cli
from tools.technician.said import Refused
from tools.technician.updating import command
from tools.technician.updating.gateway import Page

PASSWORD = "correct horse battery"
WORDS = ["--device", BOX, "--json"]


class Home:
    """A gateway's page; `moments`: what happens at the box, second by second."""

    def __init__(self, folder: Path, url: str, flat: Flat, bundle: bytes) -> None:
        self.flat = flat
        self.size = len(bundle)
        self.bundle, self.secret = folder / "new.anbu", folder / "password"
        self.bundle.write_bytes(bundle)
        self.secret.write_text(PASSWORD + "\n", encoding="utf-8")
        self._words = [str(self.bundle), "--gateway", url, "--password", str(self.secret), *WORDS]
        self.moments: list[Callable[[], None]] = []

    def update(self, *more: str, name: str = "박기사") -> int:
        return cli.main(["update", *self._words, "--account", name, *more])

    def far(self, there: int, waits: str = "") -> None:
        """So much of the newest order's update is there."""
        order = max(self.flat.home.book.orders)
        self.flat.workshop.far = {order: Progress(there, self.size, waits)}

    def over(self) -> None:
        """The gateway follows it no more."""
        self.flat.workshop.far = {}

    def second(self, _seconds: float) -> None:
        self.moments.pop(0)()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """Soonja's flat, her box heard; a technician and a guardian, both with a password."""
    flat = Flat(begun(at("11:00"), roster()), tmp_path)
    flat.say(LinkUp(at("11:01"), BOX), caught_up(at("14:59")))
    flat.workshop.keep((Label(PILLBOX, BOX, bytes(16)),))
    flat.workshop.heard[BOX] = Signal(-61, flat.now_ms)
    app = page_of(flat.desk)
    session_of(app, [Grant(TECHNICIAN)], "박기사")
    session_of(app, [Grant(GUARDIAN, "soonja")], "딸")
    for account_id in flat.home.accounts.open:
        app.extensions["anbu"].vault.passwords.set(account_id, PASSWORD)
    with served(app) as url:
        house = Home(tmp_path, url, flat, made(5))
        monkeypatch.setattr(command, "sleep", house.second)
        yield house
    flat.desk.close()


def test_an_update_goes_by_air_and_is_followed(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    """Signed in by password, laid down, ordered, watched until the box has all of it: exit 0."""
    home.moments = [
        lambda: home.far(home.size // 2, "near_dose"),
        lambda: home.far(home.size, "staged"),
    ]
    assert home.update() == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert (told["version"], told["there_bytes"], told["waits"]) == (5, home.size, "staged")
    assert "near_dose" in err
    assert "100%" in err
    (order,) = home.flat.home.book.orders.values()
    assert order.device_id == BOX
    assert PASSWORD not in out + err


def test_an_update_that_ends_on_the_way_is_no_success(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    """Refused by the box at the half: the gateway follows it no more, exit 1 says where to look."""
    home.moments = [lambda: home.far(home.size // 2), home.over]
    assert home.update() == 1
    assert "it ended on the way" in capsys.readouterr().err


def test_ctrl_c_says_that_it_goes_on(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    """The order stands; the line says so."""

    def stop() -> None:
        raise KeyboardInterrupt

    home.moments = [stop]
    assert home.update() == 130
    assert "goes on without this terminal" in capsys.readouterr().err
    assert len(home.flat.home.book.orders) == 1


def test_a_dry_run_orders_nothing(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    """It signs in, finds the box, and leaves nothing at the gateway."""
    assert home.update("--dry-run") == 0
    assert "would lay it down" in capsys.readouterr().err
    assert home.flat.workshop.images() == ()
    assert not home.flat.home.book.orders


@pytest.mark.parametrize(
    ("spoil", "code", "said"),
    [
        (lambda home: home.secret.write_text("wrong", encoding="utf-8"), 1, "may not come in"),
        (lambda home: home.bundle.write_bytes(b"a photograph" * 9), 4, "is no update bundle"),
        (lambda home: home.flat.workshop.heard.clear(), 1, f"has not heard {BOX}"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_ordered(
    home: Home,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Home], object],
    code: int,
    said: str,
) -> None:
    """A wrong password, a wrong file, a box out of reach: one line, no order."""
    spoil(home)
    assert home.update() == code
    assert said in capsys.readouterr().err
    assert not home.flat.home.book.orders


def test_a_guardian_updates_nothing(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    """Her password is right, her role is not a technician's."""
    assert home.update(name="딸") == 1
    assert "anbu:" in capsys.readouterr().err
    assert not home.flat.home.book.orders


@pytest.mark.parametrize("address", ["http://home.example", "home.example", "ftp://localhost"])
def test_no_password_goes_over_an_open_line(address: str) -> None:
    """Plain HTTP to another computer is refused before anything is asked."""
    with pytest.raises(Refused):
        Page(address)


def test_by_cable_keys_and_log_stay(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is `anbu flash --again`: the same program does it, with `again` set."""
    asked: list[bool] = []
    monkeypatch.setattr(
        "tools.technician.flashing.command.main", lambda arguments: asked.append(arguments.again)
    )
    cli.main(["update", str(tmp_path / "x.anbu-image"), "--port", "/dev/ttyX"])
    assert asked == [True]
