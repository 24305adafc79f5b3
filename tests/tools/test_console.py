"""What lines on a serial console mean, and a monitor that outlives a board that is pulled out.

Knows: lines as chips print them, a pty. May not know: a device.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import threading
import tty
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import cli
from tools.technician.console import command, repl
from tools.technician.console.decoded import lines_of, meaning
from tools.technician.said import Refused

LINES = [
    ("rst:0x1 (POWERON),boot:0x8 (SPI_FAST_FLASH_BOOT)", "reset", "power"),
    ("rst:0xf (RTCWDT_BROWN_OUT_RST),boot:0x8 (SPI_FAST_FLASH_BOOT)", "reset", "brown-out"),
    ("rst:0x8 (TG1WDT_SYS_RST),boot:0x18", "reset", "watchdog"),
    ("rst:0xc (SW_CPU_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)", "reset", "software"),
    ("rst:0x15 (USB_UART_CHIP_RESET),boot:0x8", "reset", "usb"),
    ("rst:0x5 (DEEPSLEEP_RESET),boot:0x13", "reset", "sleep"),
    ("rst:0x99 (SOMETHING_NEW)", "reset", "something_new"),
    ("waiting for download", "note", ""),
    ("invalid header: 0xffffffff", "fault", ""),
    ("FAULT: no app slot can be read", "fault", ""),
    ("FAULT: the app ended: NotProvisioned('no usable device_id')", "fault", ""),
    ("FAULT: the app ended: OSError(5,)", "crash", ""),
    ("Guru Meditation Error: Core  0 panic'ed (LoadProhibited)", "crash", ""),
    ("E (70512) task_wdt: Task watchdog got triggered.", "crash", ""),
    ("Brownout detector was triggered", "fault", ""),
    ("MPY: soft reboot", "note", ""),
]


@pytest.mark.parametrize(("line", "kind", "cause"), LINES)
def test_a_line_is_told_by_what_it_means(line: str, kind: str, cause: str) -> None:
    """Its kind, and the cause of a start; a brown-out is no watchdog, though its name has one."""
    found = meaning(line)
    assert found is not None
    assert (found.kind, found.cause) == (kind, cause)
    assert found.kind not in {"fault", "crash"} or found.then


def test_other_lines_mean_nothing() -> None:
    """Whatever an app prints is shown and not explained."""
    assert meaning("hello") is None


@given(data=st.binary(max_size=80), cut=st.integers(0, 80))
def test_lines_do_not_hang_on_where_they_were_cut(data: bytes, cut: int) -> None:
    """Any bytes, read in two pieces or one, give the same lines; none is lost."""
    whole, rest = lines_of(b"", data)
    first, held = lines_of(b"", data[:cut])
    then, left = lines_of(held, data[cut:])
    assert (first + then, left) == (whole, rest)


class Cable:
    """A pty with a name that can be pulled out and put in again."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._ends: tuple[int, int] | None = None

    def plug_in(self) -> None:
        self._ends = os.openpty()
        tty.setraw(self._ends[1])
        self.place.unlink(missing_ok=True)
        self.place.symlink_to(os.ttyname(self._ends[1]))

    def pull_out(self) -> None:
        assert self._ends is not None
        self.place.unlink()
        for end in self._ends:
            os.close(end)

    def say(self, text: str) -> None:
        assert self._ends is not None
        os.write(self._ends[0], text.encode())


def test_the_monitor_outlives_a_board_that_is_pulled_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says that the board is gone, and goes on when it is back; Ctrl-C is its good end."""
    cable = Cable(tmp_path / "tty")
    cable.plug_in()
    heard: list[str] = []
    real = meaning

    def listening(line: str) -> object:
        heard.append(line)
        if len(heard) == 1:
            cable.pull_out()
            threading.Timer(0.3, back).start()
        elif len(heard) == 3:
            raise KeyboardInterrupt
        return real(line)

    def back() -> None:
        cable.plug_in()
        threading.Timer(1.0, cable.say, ["rst:0xf (RTCWDT_BROWN_OUT_RST)\r\n" * 2]).start()

    monkeypatch.setattr(command, "meaning", listening)
    threading.Timer(0.2, cable.say, ["MPY: soft reboot\r\n"]).start()
    words = ["monitor", "--port", str(cable.place), "--seconds", "20", "--json"]
    assert cli.main(words) == 0
    out, err = capsys.readouterr()
    assert [row["kind"] for row in json.loads(out)["heard"]] == ["note", "reset"]
    assert "gone; waiting until it is back" in err
    assert "the supply sagged" in err
    cable.pull_out()


def test_a_silent_board_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A REPL that never answers, a port that is none: exit 3 and one line, no traceback."""
    cable = Cable(tmp_path / "tty")
    cable.plug_in()
    monkeypatch.setattr(repl, "ENTER_S", 0.1)
    monkeypatch.setattr(repl, "PAUSE_S", 0.0)
    assert cli.main(["shell", "--port", str(cable.place), "--run", "1"]) == 3
    assert "no REPL answers: look with anbu monitor" in capsys.readouterr().err
    cable.pull_out()
    assert cli.main(["monitor", "--port", str(cable.place)]) == 3


def test_an_mpremote_that_was_never_tried_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell is wrapped around one version: another one is not begun."""
    monkeypatch.setattr(importlib.metadata, "version", lambda _name: "2.0.0")
    with pytest.raises(Refused, match="never tried"):
        command._known()
