"""The modem's small rooms: its network, remedies, names and rivals of a tty, PINs, reports."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.modem import Seen, ttys
from gateway.modem.at import Unsolicited
from gateway.modem.lane import Lane, LaneError
from gateway.modem.pdu import StatusReport, encode_report
from gateway.modem.pin import PinFile, unlock
from gateway.modem.port import Port, PortError
from gateway.modem.receive import Receiver
from gateway.modem.remedy import ESCALATION, Remedy, remedy
from gateway.modem.setup import Patience, Ready
from gateway.modem.status import (
    SIGNAL_STEP_DB,
    operator,
    registration_problem,
    signal_dbm,
    worth_telling,
)
from gateway.modem.ttys import Names, Rival, rival
from tools.home.still_time import run

AT_MS = 1_800_000_000_000
HOLD = (
    "import sys, os; fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY);"
    "open('/proc/self/comm', 'w').write(sys.argv[2]); print('held', flush=True); sys.stdin.read()"
)


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ((("+CREG: 1,1",),), None),
        ((('+CREG: 2,5,"00C3","A1",7',),), None),
        ((("+CREG: 1,0",), ("+CEREG: 0,1",)), None),  # fourth generation alone
        ((("+CREG: 1,6",),), None),  # for texts only
        ((("+CREG: 1,2",), ()), "looking for"),
        ((("+CREG: 1,3",), ("+CEREG: 0,2",)), "refuses this SIM"),
        (((), ()), "does not say"),
        ((("+CREG: 1,9",),), "state 9"),
    ],
)
def test_registration(answers: tuple[tuple[str, ...], ...], problem: str | None) -> None:
    """A network of any generation will do; without one the first answer says why."""
    said = registration_problem(*answers)
    assert (said is None) if problem is None else (problem in (said or ""))


def test_operator_and_signal() -> None:
    """The name, or its number; the signal in dBm, and nothing made up where it is not known."""
    assert operator(('+COPS: 0,0,"KT",7',)) == "KT"
    assert operator(('+COPS: 0,2,"45008"',)) == "45008"
    assert operator(("+COPS: 0",)) is None
    assert [signal_dbm((f"+CSQ: {n},0",)) for n in (0, 23, 31, 99)] == [-113, -67, -51, None]


def test_only_news_is_told() -> None:
    """A signal that wavers is no news; a step, a new operator, a lost network are."""
    told = Seen(True, "KT", -67)
    assert worth_telling(None, told)
    assert not worth_telling(told, Seen(True, "KT", -67 + SIGNAL_STEP_DB - 1))
    assert worth_telling(told, Seen(True, "KT", -67 - SIGNAL_STEP_DB))
    assert worth_telling(told, Seen(True, "SKT", -67))
    assert worth_telling(told, Seen(False, "KT", -67))
    assert worth_telling(told, Seen(True, "KT", None))
    assert not worth_telling(Seen(True, "KT", None), Seen(True, "KT", None))


def test_every_remedy_comes_and_comes_again() -> None:
    """Gently first; each remedy within the table; beyond its end the strong ones go on for ever.

    After a restart nothing stronger than ESC comes until a modem had time to boot.
    """
    assert list(dict.fromkeys(ESCALATION)) == list(Remedy)
    later = [remedy(n) for n in range(len(ESCALATION), len(ESCALATION) + 40)]
    assert {Remedy.RESTART, Remedy.LINE} <= set(later)
    every = [remedy(n) for n in range(60)]
    for place, strong in enumerate(every[:-4]):
        if strong in {Remedy.RESTART, Remedy.LINE}:
            assert set(every[place + 1 : place + 4]) == {Remedy.ESCAPE}


def test_a_tty_that_is_renumbered_is_found_by_its_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Configured as ttyUSB0, pulled, back as ttyUSB1: the link by id leads there.

    Even if another device is ttyUSB0 now. While it is gone the configured name is as good.
    """
    by_id = tmp_path / "by-id"
    monkeypatch.setattr(ttys, "BY_ID", by_id)
    by_id.mkdir()
    old, new, link = tmp_path / "ttyUSB0", tmp_path / "ttyUSB1", by_id / "usb-modem-if00"
    old.touch()
    link.symlink_to(old)
    (by_id / "usb-another").symlink_to(tmp_path / "ttyACM0")
    names = Names(str(old))
    assert names.current() == str(old)
    names.opened(names.current())
    link.unlink()
    assert names.current() == str(old)
    link.symlink_to(new)
    new.touch()
    assert os.path.realpath(names.current()) == str(new)


def test_a_tty_without_an_id_keeps_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No udev, no links: the configured name stays."""
    monkeypatch.setattr(ttys, "BY_ID", tmp_path / "none")
    names = Names(str(tmp_path / "tty"))
    names.opened(names.current())
    assert names.current() == str(tmp_path / "tty")


@pytest.fixture
def tty() -> Iterator[str]:
    master, slave = os.openpty()
    yield os.ttyname(slave)
    os.close(master)
    os.close(slave)


def _holder(path: str, name: str) -> subprocess.Popen[bytes]:
    held = subprocess.Popen(
        [sys.executable, "-c", HOLD, path, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert held.stdout is not None
    assert held.stdout.readline() == b"held\n"
    return held


def test_modem_manager_at_the_port_is_named(tty: str) -> None:
    """A process named so has the port open: the gateway does not talk in between, and says who."""
    with _holder(tty, "ModemManager") as held:

        async def story() -> None:
            with pytest.raises(PortError) as refused:
                Port(tty, lambda _data: None, lambda _why: None)
            assert str(refused.value) == (
                f"modem: ModemManager (process {held.pid}) talks to the modem too; "
                "stop it: systemctl disable --now ModemManager"
            )

        asyncio.run(story())
        assert rival(tty) == Rival("ModemManager", held.pid, holds=True)
        held.communicate()


def test_others_at_the_port_are_seen_only_when_asked(tty: str) -> None:
    """A program we do not know may look at the tty (a virtual home does) without being accused."""
    with _holder(tty, "a-terminal") as held:
        assert rival(tty, known=True) is None
        assert rival(tty) == Rival("a-terminal", held.pid, holds=True)
        held.communicate()


def test_a_modem_manager_we_may_not_look_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an ordinary user its descriptors are hidden: that it runs is still said, as a maybe."""
    process = tmp_path / "812"
    process.mkdir()
    (process / "comm").write_text("ModemManager\n")
    (tmp_path / "self").mkdir()

    def hidden(path: Path) -> Iterator[Path]:
        if path.name == "fd":
            raise PermissionError(13, "hidden")
        return iter([process, tmp_path / "self"])

    monkeypatch.setattr(Path, "iterdir", hidden)
    found = rival("/dev/none", known=True, proc=tmp_path)
    assert found == Rival("ModemManager", 812, holds=None)
    assert "is running and may talk to the modem" in str(found)


@pytest.mark.parametrize("content", ["", "12", "abcd", "123456789", "12 34"])
def test_a_file_without_a_pin_is_said(tmp_path: Path, content: str) -> None:
    """What is no PIN is never given to the SIM, and never shown."""
    path = tmp_path / "pin"
    path.write_text(content)
    with pytest.raises(LaneError, match="holds no PIN"):
        PinFile(path).read()


def test_a_pin_that_cannot_be_marked_is_not_given(tmp_path: Path) -> None:
    """Where it cannot be remembered that it was given, it is not: three wrong lock the card."""
    folder = tmp_path / "keys"
    folder.mkdir()
    (folder / "pin").write_text("1234")
    (folder / "pin.tried").mkdir()
    asked: list[str] = []

    async def ask(command: str) -> tuple[str, ...]:
        asked.append(command)
        return ("+CPIN: SIM PIN",)

    with pytest.raises(LaneError, match="delete it"):
        asyncio.run(unlock(ask, PinFile(folder / "pin")))
    assert asked == ["AT+CPIN?"]


def test_a_report_waits_for_nothing() -> None:
    """The line is taken by a text whose answer does not come: a report is handed on all the same.

    The modem's listing hangs there too; the guardian's phone is known to be unreachable at once.
    """

    async def story() -> None:
        reports: list[StatusReport] = []

        async def on_text(*_given: object) -> None:
            return

        async def on_report(report: StatusReport) -> None:
            reports.append(report)

        class Taken(Lane):
            def __init__(self) -> None:
                """No port."""

            async def ask(self, *_given: object) -> tuple[str, ...]:
                await asyncio.sleep(55)
                return ()

        receiver = Receiver(on_text, on_report, Patience())
        receiver.look_again()
        running = asyncio.create_task(receiver.run(Taken(), Ready("SM", True, None)))
        await asyncio.sleep(1)
        report = StatusReport(7, "+821012345678", AT_MS, AT_MS, 0x46)
        receiver.news(Unsolicited("+CDS: 25", encode_report(report).hex()))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert reports == [report]
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    run(story())
