"""gateway.officer.standing: how urgent, because of what."""

from __future__ import annotations

from anbu_wire import messages as wire
from gateway.events import IncidentAcknowledged, NotMonitored
from gateway.officer.standing import Cause, Level
from gateway.rules.worry import WorryKind
from tests.gateway.home_facts import MIN_MS, at, caught_up, record
from tests.gateway.officer.district import BOXES, NOW_MS, begun, down, rests, settle, stands


def test_who_is_heard_and_gives_signs_is_fine() -> None:
    """A box that is linked and a lid this morning: nothing to worry about, and no cause."""
    row = stands(begun(), "soonja", NOW_MS)
    assert (row.level, row.because, row.sees) == (Level.FINE, (), True)
    assert row.sign is not None
    assert row.sign.at_ms == at("07:30")


def test_who_called_is_first_until_somebody_has_it_and_again_when_that_ran_out() -> None:
    """HELP is "go now"; taken on it is in somebody's hands, by name, for as long as that holds."""
    home = begun()
    home.fold(record(2, wire.HELP_PRESSED, NOW_MS, slot_day=None, slot_index=None))
    settle(home, NOW_MS)
    assert stands(home, "soonja", NOW_MS).level is Level.FIRST
    until_ms = NOW_MS + 60 * MIN_MS
    home.fold(IncidentAcknowledged(NOW_MS, next(iter(home.ledger.live)), "d-soonja", until_ms))
    held = stands(home, "soonja", NOW_MS + 1)
    assert (held.level, held.because[0].who, held.changes_ms) == (Level.CARED, "d-soonja", until_ms)
    assert stands(home, "soonja", until_ms).level is Level.FIRST


def test_a_silence_is_first_and_dates_from_the_last_sign() -> None:
    """Her level's hours over without a sign: "go now", since that sign, not since it was told."""
    home = begun()
    late_ms = at("07:30") + 40 * 60 * MIN_MS
    home.fold(caught_up(late_ms))
    settle(home, late_ms)
    row = stands(home, "soonja", late_ms)
    assert (row.level, row.because[0].code) == (Level.FIRST, WorryKind.NO_SIGN_OF_LIFE)
    assert row.because[0].at_ms == at("07:30")


def test_nobody_can_tell_is_never_fine() -> None:
    """A box lost for a quarter of an hour: unknown, since when; before that she is not doubted."""
    home = begun()
    home.fold(down("soonja", NOW_MS))
    assert stands(home, "soonja", NOW_MS + 14 * MIN_MS).level is Level.FINE
    row = stands(home, "soonja", NOW_MS + 15 * MIN_MS)
    assert row.unknown
    assert (row.level, row.because[0].code) == (Level.UNSEEN, Cause.CANNOT_SEE)
    assert row.stale_ms == row.because[0].at_ms


def test_a_rest_that_was_announced_is_no_silence() -> None:
    """A box that sleeps until eleven is heard enough until a quarter past."""
    home = begun()
    home.fold(rests("soonja", NOW_MS, at("11:00")))
    row = stands(home, "soonja", at("11:14"))
    assert (row.level, row.changes_ms) == (Level.FINE, at("11:15"))
    assert stands(home, "soonja", at("11:15")).level is Level.UNSEEN


def test_who_has_no_device_yet_is_unknown_and_waits_for_the_technician() -> None:
    """Nothing installed is told as that: to be put right, and unknown."""
    row = stands(begun(), "jungho", NOW_MS)
    assert (row.level, row.because[0].code, row.unknown) == (
        Level.MEND, Cause.NOT_INSTALLED, True,
    )  # fmt: skip


def test_who_is_away_is_not_unknown() -> None:
    """Days that are not monitored: her silent box worries nobody, and the list says until when."""
    home = begun()
    home.fold(down("soonja", at("08:00")))
    home.fold(NotMonitored(at("08:30"), "soonja", "2026-03-02", "2026-03-03", "travel", "이지은"))
    row = stands(home, "soonja", NOW_MS)
    assert not row.unknown
    assert row.away_until_ms == at("00:00", "2026-03-04")
    assert all(b.code != Cause.CANNOT_SEE for b in row.because)


def test_a_battery_that_runs_low_is_to_be_put_right() -> None:
    """A fact of the box, not an incident: shown with its percentage."""
    home = begun()
    home.fold(caught_up(NOW_MS, device_id=BOXES["soonja"], battery_percent=12))
    row = stands(home, "soonja", NOW_MS)
    assert (row.level, row.because[0].percent) == (Level.MEND, 12)
