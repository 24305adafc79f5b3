"""What a cable that can reset its board does at the end, whatever was done before."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from esptool import cmds
from esptool.loader import ESPLoader

from tools.technician.flashing import wire
from tools.technician.flashing.places import Place
from tools.technician.said import Refused

USB = Place("/dev/ttyUSB0", "10c4:ea60", "CP210x")


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A chip that answers everything; how often it was started."""
    found: list[str] = []
    esp = SimpleNamespace(_port=SimpleNamespace(close=lambda: found.append("closed")))
    monkeypatch.setattr(wire, "_connected", lambda _place: esp)
    monkeypatch.setattr(wire, "_prepared", lambda _place, esp: esp)
    monkeypatch.setattr(wire, "Chip", _Looked)
    monkeypatch.setattr(cmds, "reset_chip", lambda _esp, how: found.append(how))
    return found


class _Looked(wire.Chip):
    def __init__(self, place: Place, esp: ESPLoader) -> None:
        self._place, self._esp, self.started = place, esp, False


def test_a_device_that_was_refused_is_started_again(starts: list[str]) -> None:
    """A device in use on the hub, refused or looked at by --dry-run: it is not left stopped."""
    with pytest.raises(Refused), wire.opened(USB):
        raise Refused("it is a device already")
    assert starts == ["hard-reset", "closed"]
    with wire.opened(USB):
        """Only looked at."""
    assert starts == ["hard-reset", "closed"] * 2


def test_a_device_that_was_done_is_started_once(starts: list[str]) -> None:
    """Each start is counted by its loader: none too many."""
    with wire.opened(USB) as chip:
        chip.restart()
    assert starts == ["hard-reset", "closed"]


def test_a_cable_that_cannot_start_it_does_not_try(starts: list[str]) -> None:
    """Without a bridge that is known nothing is reset."""
    with wire.opened(Place("/dev/pts/9")) as chip:
        chip.restart()
    assert starts == ["closed"]
