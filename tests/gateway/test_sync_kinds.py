"""gateway.sync by kind: what a plug is asked for, and what of a device without a log for us.

Knows: Sync, the firmware's DeviceLink. May not know: a radio.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anbu_wire import gatt, settings
from anbu_wire import messages as m
from gateway.sync import Sync, commands
from gateway.sync.kinds import KINDS, plug_at
from tests.gateway.sync_home import Box, Home


class OfKind(Home):
    """A home whose device is of a kind, and whose log may be somebody else's."""

    def __init__(self, box: Box, kind: int, *, log: bool = True) -> None:
        self._kind, self._log = kind, log
        super().__init__(box)

    def session(self) -> Sync:
        self.link.begin()
        return Sync(
            lambda epoch: self.known.get(epoch, 0),
            lambda: (self.now_s, 0, 540, 0, 0),
            kind=self._kind,
            log=self._log,
        )


def test_a_plug_is_synced_without_a_schedule() -> None:
    """Log and clock as a box's; a schedule is refused here, nothing of it is sent."""
    home = OfKind(Box(newest=40), gatt.CARE_PLUG)
    home.box.ahead_s = 300
    home.run(home.sync.start())
    assert home.seqs == [*range(1, 41)]
    assert home.box.ahead_s == 0
    home.run(home.sync.put_schedule(1, b"\x02\x00" + bytes(10)))
    assert home.told("refused") == [("refused", m.SCHEDULE_BEGIN, m.REFUSED_UNKNOWN)]
    assert not {m.SCHEDULE_BEGIN, m.SCHEDULE_CHUNK, m.SCHEDULE_COMMIT} & set(home.kinds())
    assert home.told("caught_up")


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        (gatt.CARE_PLUG, commands.ask(1, 60)),
        (gatt.CARE_PLUG, commands.refill(m.REFILL_FILL)),
        (gatt.CARE_PLUG, commands.away(1, 2)),
        (gatt.CARE_PLUG, commands.help_state(m.HELP_COMING)),
        (gatt.PILL_BOX, commands.READ_METER),
    ],
)
def test_a_kind_is_not_asked_for_what_it_cannot(kind: int, command: commands.Command) -> None:
    """The answer is there at once, and nothing goes over the air."""
    home = OfKind(Box(), kind)
    home.run(home.sync.start())
    sent = len(home.kinds())
    home.run(home.sync.command(3, command))
    assert home.told("answered") == [("answered", 3, commands.Answer(m.REFUSED_UNKNOWN))]
    assert len(home.kinds()) == sent


def test_every_command_is_some_kinds() -> None:
    """A command that no kind knows could never be carried out."""
    assert frozenset().union(*(kind.commands for kind in KINDS.values())) == commands.KINDS


def test_a_log_that_is_not_ours_is_left_alone() -> None:
    """Nothing is asked for, acknowledged, or told to be here; also what is pushed."""
    home = OfKind(Box(newest=40), gatt.CARE_PLUG, log=False)
    home.box.ahead_s = 300
    home.now_s = 0  # a technician's computer does not say what time it is
    home.run(home.sync.start())
    home.push(3)
    home.run(home.sync.poll())
    assert (home.seqs, home.box.acknowledged) == ([], [])
    assert home.told("caught_up") == []
    assert set(home.kinds()) == {m.READ_STATE}
    assert home.box.ahead_s == 300


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_place_on_earth_is_a_parameter(latitude: float, longitude: float) -> None:
    """Whatever the configuration allows, a plug takes."""
    expected = plug_at(latitude, longitude)
    assert expected.kind == gatt.CARE_PLUG
    assert all(settings.allowed(p, value) for p, value in expected.parameters.items())


def test_where_seoul_is() -> None:
    """37.57° N, 126.98° E: the sun stands highest at 03:32 UTC, as the almanac's mean says."""
    assert plug_at(37.57, 126.98).parameters == {
        settings.LATITUDE_DEG: 128,
        settings.SOLAR_NOON_MIN: 212,
    }
