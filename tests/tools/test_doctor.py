"""`anbu doctor`: each trap of a bench's computer by its facts, and the line that mends it.

Knows: facts as plain values, a folder that looks like /proc and /sys. May not know: this computer.
"""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import cli
from tools.technician.doctor import probe
from tools.technician.doctor.facts import Facts, Port, Tool
from tools.technician.doctor.judged import judge
from tools.technician.doctor.udev import FILE, rule
from tools.technician.flashing.places import BRIDGES

PORT = Port("/dev/ttyUSB0", "CP210x", usable=True, group="dialout")
CLOSED = replace(PORT, usable=False)
GOOD = Facts(
    system="Linux",
    user="kim",
    python=(3, 11, 7),
    groups=frozenset({"kim", "dialout"}),
    member=frozenset({"dialout"}),
    serial_group="dialout",
    ports=(PORT,),
    boards=("10c4:ea60",),
    rule=rule("dialout"),
    tools=(Tool("esptool", (5, 6, 0), (5, 6, 1)),),
    free_mib=5000,
    adapters=("hci0",),
)
STRANGER = {"groups": frozenset({"kim"}), "member": frozenset[str]()}


def one(**changes: object) -> tuple[str, str, bool]:
    """(part, mend, stops) of the only finding where these facts differ from a good computer's."""
    findings = judge(replace(GOOD, **changes))  # type: ignore[arg-type]
    assert len(findings) == 1, findings
    return findings[0].part, findings[0].mend, findings[0].stops


def test_nothing_is_wrong_with_a_good_computer() -> None:
    """No finding at all: a doctor who always finds something is not believed."""
    assert judge(GOOD) == ()


def test_a_stranger_is_let_into_the_group() -> None:
    """A port that may not be used: usermod with this user and the port's own group."""
    part, mend, stops = one(ports=(replace(CLOSED, group="uucp"),), **STRANGER)
    assert (part, stops) == ("group", True)
    assert mend.startswith("sudo usermod -aG uucp kim")


def test_a_group_given_today_counts_from_the_next_login() -> None:
    """In the list of groups, not in this session: no second usermod, newgrp."""
    part, mend, _ = one(ports=(CLOSED,), groups=frozenset({"kim"}))
    assert (part, mend) == ("group", "newgrp dialout")


def test_a_port_closed_to_its_own_group_wants_the_rule() -> None:
    """She is in the group and still may not: the rule gives the port its mode."""
    part, mend, _ = one(ports=(CLOSED,))
    assert part == "permissions"
    assert f"anbu doctor --rule | sudo tee {FILE}" in mend


def test_the_missing_group_is_told_before_a_board_is_there() -> None:
    """No board plugged in yet, no rule: who is in no group hears of it now, root does not."""
    bare = replace(GOOD, ports=(), boards=(), rule=None, **STRANGER)  # type: ignore[arg-type]
    assert [finding.part for finding in judge(bare)] == ["group", "udev"]
    assert [finding.part for finding in judge(replace(bare, root=True))] == ["udev"]


def test_modem_manager_stops_the_work_only_without_our_rule() -> None:
    """It talks to every port; the rule keeps it away, an old one does not."""
    taker = frozenset({"ModemManager"})
    assert judge(replace(GOOD, services=taker)) == ()
    findings = judge(replace(GOOD, services=taker, rule="# of last year"))
    assert [(finding.part, finding.stops) for finding in findings] == [
        ("ModemManager", True),
        ("udev", False),
    ]
    assert {finding.mend for finding in findings} == {findings[0].mend}


def test_brltty_takes_the_port_of_a_ch340() -> None:
    """The board is on the bus and has no port: brltty is named, not the driver."""
    findings = judge(replace(GOOD, ports=(), services=frozenset({"brltty"})))
    assert all("brltty" in finding.mend for finding in findings)
    part, mend, _ = one(ports=())
    assert (part, mend) == ("port", "sudo modprobe -a cp210x ch341 ftdi_sio cdc_acm")


def test_tools_missing_and_old_are_named_with_the_line_that_installs() -> None:
    """The words of pip, quoted for the shell, with the version known good."""
    wanted = "python3 -m pip install --upgrade 'esptool>=5.6.0'"
    assert one(tools=(Tool("esptool", (5, 6, 0), None),)) == ("tool", wanted, True)
    assert one(tools=(Tool("esptool", (5, 6, 0), (4, 11)),)) == ("tool", wanted, True)
    assert one(python=(3, 10, 2))[0] == "python"


def test_what_does_not_stop_the_work_comes_last() -> None:
    """A bench without Bluetooth flashes; a full disk does not."""
    findings = judge(replace(GOOD, adapters=(), free_mib=12, missing=frozenset({"pango-1.0"})))
    assert [(finding.part, finding.stops) for finding in findings] == [
        ("printer", True),
        ("disk", True),
        ("bluetooth", False),
    ]
    assert "libpango-1.0-0" in findings[0].mend
    assert one(blocked=True) == ("bluetooth", "rfkill unblock bluetooth", False)


def test_other_systems_are_not_judged_by_linux() -> None:
    """Inside Windows the port must be handed over; on a Mac nothing is claimed."""
    part, mend, stops = one(wsl=True, boards=(), ports=(), rule=None)
    assert (part, stops) == ("usb", True)
    assert "usbipd attach" in mend
    assert one(system="Darwin", rule=None, adapters=())[2] is False


@given(
    usable=st.booleans(),
    groups=st.frozensets(st.sampled_from(["dialout", "kim"])),
    member=st.frozensets(st.just("dialout")),
    written=st.sampled_from([None, "", rule("dialout")]),
    services=st.frozensets(st.sampled_from(["ModemManager", "brltty"])),
)
def test_every_finding_says_what_to_do(
    usable: bool,
    groups: frozenset[str],
    member: frozenset[str],
    written: str | None,
    services: frozenset[str],
) -> None:
    """Whatever the computer, each finding is one line with a remedy; a closed port always stops."""
    port = replace(PORT, usable=usable)
    facts = replace(
        GOOD, ports=(port,), groups=groups, member=member, rule=written, services=services
    )
    findings = judge(facts)
    assert all(f.wrong and f.mend and "\n" not in f.wrong + f.mend for f in findings)
    assert usable or any(finding.stops for finding in findings)


def test_the_rule_has_a_line_for_every_bridge() -> None:
    """Each USB id in four lower-case digits, as udev compares; ModemManager is kept away."""
    text = rule("dialout")
    for vendor, product in BRIDGES:
        found = [line for line in text.splitlines() if f'"{vendor:04x}"' in line]
        assert any(f'"{product:04x}"' in line and "uaccess" in line for line in found)
    assert "GROUP" not in rule("")
    assert "ID_MM_DEVICE_IGNORE" in text


def test_the_probe_reads_what_linux_says(tmp_path: Path) -> None:
    """Services by their processes, boards by the bus, switches by rfkill."""
    for place, text in {
        "proc/12/comm": "ModemManager\n",
        "proc/13/comm": "python\n",
        "usb/1-1/idVendor": "10c4\n",
        "usb/1-1/idProduct": "ea60\n",
        "usb/1-2/idVendor": "ffff\n",
        "usb/1-2/idProduct": "0001\n",
        "rfkill/rfkill0/type": "bluetooth\n",
        "rfkill/rfkill0/soft": "1\n",
    }.items():
        file = tmp_path / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert probe._running(tmp_path / "proc") == {"ModemManager"}
    assert probe._boards(tmp_path / "usb") == ("10c4:ea60",)
    assert probe._blocked(tmp_path / "rfkill")
    assert not probe._blocked(tmp_path / "usb")


def test_a_port_that_cannot_be_opened_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command: exit 1, one line on stderr, the same in JSON; exit 0 where all is well."""
    monkeypatch.setattr(probe, "facts", lambda: replace(GOOD, ports=(CLOSED,)))
    assert cli.main(["doctor", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["findings"][0]["part"] == "permissions"
    assert told["next"] == told["findings"][0]["mend"]
    monkeypatch.setattr(probe, "facts", lambda: GOOD)
    assert cli.main(["doctor"]) == 0
    assert "Nothing stops" in capsys.readouterr().out


def test_this_computer_is_looked_at_without_a_trace(capsys: pytest.CaptureFixture[str]) -> None:
    """The real probe ends, whatever stands here; the rule is printed as the file shall be."""
    assert cli.main(["doctor", "--json"]) in {0, 1}
    assert json.loads(capsys.readouterr().out)["findings"] is not None
    assert cli.main(["doctor", "--rule"]) == 0
    assert capsys.readouterr().out.startswith("# Boards of Anbu")


def test_whose_a_port_is(tmp_path: Path) -> None:
    """The group of the file; "" where it is gone."""
    file = tmp_path / "tty"
    file.touch(mode=stat.S_IRUSR)
    assert (probe._owner(file) == "") == (os.name == "nt")
    assert probe._owner(tmp_path / "gone") == ""
