"""The plug as a whole: summaries, mains, energy, restarts; under both interpreters."""

from anbu_wire.messages import (
    ACTIVITY,
    BOOT,
    BRIGHTNESS,
    ENERGY,
    LOAD_OFF,
    LOAD_ON,
    MAINS_BACK,
    MAINS_LOST,
)
from careplug import saved
from tests.firmware.one_plug import HOUR, MIN, Rig, S

_SUMMARY = (ENERGY, ACTIVITY, BRIGHTNESS)


def test_every_hour_a_summary_of_what_was_measured() -> None:
    """Energy, minutes with a load on, mean light; only energy where nobody measured."""
    rig = Rig().run(0, 10 * MIN).run(1800, 4 * MIN)
    rig.shine(100, 10 * MIN).shine(300, 10 * MIN).run(0, 26 * MIN)
    assert rig.of(*_SUMMARY) == [(ENERGY, 119), (ACTIVITY, 3), (BRIGHTNESS, 200)]
    rig.run(0, HOUR)
    assert rig.of(*_SUMMARY)[3:] == [(ENERGY, 119), (ACTIVITY, 0)]
    rig.up_ms += HOUR
    rig.write(rig.plug.look(rig.uptime_ms, rig.wall_s))
    assert rig.of(*_SUMMARY)[5:] == [(ENERGY, 119)]


def test_parts_of_a_minute_are_not_lost() -> None:
    """Forty seconds an hour are two minutes after three hours."""
    rig = Rig().run(0, 10 * S)
    for _ in range(3):
        rig.run(500, 40 * S).run(0, HOUR - 40 * S)
    assert sum(minutes for _, minutes in rig.of(ACTIVITY)) == 2


def test_energy_counts_past_what_a_record_holds_and_leaves_the_zero_band_out() -> None:
    """40 kWh are told modulo 32768; 5 W are nothing; a silence counts five seconds at the most."""
    rig = Rig().run(4_000, 10 * HOUR, 5 * S)
    assert 39_980 <= rig.plug.energy_wh <= 40_000
    assert rig.of(ENERGY)[-1][1] == rig.plug.energy_wh % 32_768
    wh = rig.plug.energy_wh
    rig.run(5, 10 * HOUR, 5 * S)
    assert rig.plug.energy_wh - wh <= 6
    rig.run(4_000, 10 * HOUR, HOUR)
    assert rig.plug.energy_wh - wh <= 60


def test_a_start_is_told_and_mains_after_a_cut_of_the_power() -> None:
    """BOOT with its cause always, MAINS_BACK where the power was gone."""
    rig = Rig().restart(cause=3)
    assert rig.said == [(BOOT, 3)]
    rig.restart(power_on=True, cause=1)
    assert rig.said[1:] == [(BOOT, 1), (MAINS_BACK, 0)]


def test_mains_that_is_gone_for_three_seconds_is_lost() -> None:
    """A dip of two seconds is nothing; lost and back once each, hysteresis between."""
    rig = Rig().volts(220, 10 * S).volts(0, 2 * S).volts(220, 10 * S)
    assert rig.said == []
    rig.volts(0, 5 * S)
    assert rig.said == [(MAINS_LOST, 0)]
    assert not rig.plug.mains
    rig.volts(0, MIN).volts(110, MIN)
    assert len(rig.said) == 1
    rig.volts(220, 2 * S)
    assert len(rig.said) == 1
    assert rig.volts(220, 3 * S).said == [(MAINS_LOST, 0), (MAINS_BACK, 0)]


def test_mains_lost_before_a_restart_comes_back_after_it() -> None:
    """The log says that it was lost: its return is told."""
    rig = Rig().volts(0, 5 * S).restart().volts(0, MIN)
    assert rig.of(MAINS_LOST, MAINS_BACK) == [(MAINS_LOST, 0)]
    assert rig.volts(220, 5 * S).of(MAINS_BACK) == [(MAINS_BACK, 0)]


def test_a_restart_in_a_bout_begins_no_other() -> None:
    """Without any state, from the log alone: on or just off, by power or by software."""
    for off_ms in (0, 10 * MIN):
        for power_on in (False, True):
            rig = Rig().run(0, 10 * S).run(1500, 5 * MIN).run(0, off_ms)
            rig.restart(power_on).run(1500 if off_ms == 0 else 0, 3 * MIN).run(0, 40 * MIN)
            assert rig.bouts == [(LOAD_ON, 1500), (LOAD_OFF, 8 if off_ms == 0 else 0)]
            assert rig.run(900, 5 * S).bouts[2:] == [(LOAD_ON, 900)]
            assert rig.plug.loads == 2


def test_a_load_that_came_back_with_the_power_was_switched_by_nobody() -> None:
    """After a cut the first level is taken as it is; after a software restart a crossing counts."""
    for power_on, bouts in ((True, []), (False, [(LOAD_ON, 100)])):
        rig = Rig().run(0, 10 * MIN)
        rig.keep()
        assert rig.restart(power_on).run(100, MIN).bouts == bouts


def test_counters_survive_restarts_and_never_go_back_behind_the_log() -> None:
    """State of an hour ago and the log: energy as in the newest ENERGY, loads as LOAD_ON."""
    rig = Rig().run(0, 10 * S).run(2_000, 100 * MIN, S)
    rig.keep()
    rig.run(0, HOUR).run(2_000, 30 * MIN).run(0, 40 * MIN)
    told = rig.of(ENERGY)[-1][1]
    assert told > 3_400
    rig.restart()
    assert rig.plug.energy_wh >= told
    assert rig.plug.loads == 2
    rig.blob = b""
    rig.restart()
    assert (rig.plug.energy_wh, rig.plug.loads) == (told, 2)


def test_a_record_that_the_state_knows_is_not_counted_twice() -> None:
    """State kept after the bout and restored before it is recalled: one load, no open bout."""
    rig = Rig().run(0, 10 * S).run(2_000, 10 * MIN).run(0, HOUR)
    rig.keep()
    rig.restart().run(0, HOUR)
    assert rig.plug.loads == 1
    assert [kind for kind, _ in rig.bouts] == [LOAD_ON, LOAD_OFF]


def test_a_bout_lasts_until_it_was_last_seen_and_its_half_hour_begins_anew() -> None:
    """An hour without power in an open bout: over half an hour after the start, with five minutes.

    A start is no sign of life, so the minutes do not reach to it.
    """
    for wall in (True, False):
        rig = Rig(wall=wall).run(0, 10 * S).run(1_500, 5 * MIN).run(0, MIN)
        rig.keep()
        rig.up_ms += HOUR
        rig.restart(power_on=True).run(0, 29 * MIN)
        assert rig.bouts == [(LOAD_ON, 1_500)]
        assert rig.run(0, 2 * MIN).bouts == [(LOAD_ON, 1_500), (LOAD_OFF, 5)]
        assert rig.run(1_500, 5 * S).bouts[2:] == [(LOAD_ON, 1_500)]


def test_a_state_of_just_now_changes_nothing_at_all() -> None:
    """Kept and restored within the minute: the half hour runs on."""
    rig = Rig().run(0, 10 * S).run(1_500, 5 * MIN).run(0, 20 * MIN)
    rig.keep()
    rig.restart().run(0, 11 * MIN)
    assert rig.bouts == [(LOAD_ON, 1_500), (LOAD_OFF, 5)]


def test_bytes_that_are_no_state_are_nothing() -> None:
    """Cut, empty, longer, any bit turned: refused, and the plug is as new."""
    rig = Rig().run(0, 10 * S).run(1_500, 5 * MIN)
    rig.keep()
    whole = rig.blob
    assert len(whole) == saved.BYTES < 1024
    for blob in (b"", b"\x01", whole[:-1], whole + b"\x00", b"\x02" + whole[1:]):
        assert not Rig().plug.restore(blob)
    for place in range(0, len(whole), 7):
        broken = whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :]
        plug = Rig().plug
        assert not plug.restore(broken)
        assert (plug.energy_wh, plug.loads, plug.load_on) == (0, 0, False)
    assert Rig().plug.restore(whole)
