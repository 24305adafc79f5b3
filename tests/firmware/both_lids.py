"""What a moved lid means: wrong, again, brief, shaken, left open; under both interpreters."""

from anbu_wire.messages import (
    LID_CLOSED,
    LID_LEFT_OPEN,
    LID_OPENED,
    NO_SLOT,
    OPENED_AFTER,
    OPENED_AGAIN,
    OPENED_AS_DUE,
    OPENED_NO_SLOT,
    OPENED_WRONG,
    SHAKEN,
    SLOT_DOUBTFUL,
    SLOT_MISSED,
    SLOT_PAUSED,
    SLOT_PROMPTED,
    SLOT_TAKEN,
    SLOT_UNKNOWN,
    WORD_NOT_TAKEN,
)
from pillbox import signals
from tests.firmware.one_box import DUE_S, HOUR, LID, MIN, SLOT, Bench, dose, kinds, short

WRONG = 3
OTHER = (9560, 3)


def _due(late_min: int = 0) -> Bench:
    """A slot due since a minute."""
    bench = Bench([dose(windows=(30, 30, late_min))])
    bench.look()
    bench.walk(DUE_S + MIN)
    return bench


def _wait(bench: Bench, ms: int) -> "list[int]":
    """Looks each quarter of a second for so long; the kinds of what happened."""
    found = []
    for _ in range(ms // 250):
        bench.wait(250)
        found += kinds(bench.look())
    return found


def test_a_wrong_lid_warns_at_once_and_makes_doubtful_after_ten_seconds() -> None:
    """Red lid and warning sound without a flush; at ten seconds nothing, just after DOUBTFUL."""
    bench = _due()
    effects = bench.box.lid(WRONG, True, bench.wall_s, bench.uptime_ms)
    assert effects == [(LID_OPENED, SLOT, WRONG, OPENED_WRONG)]
    assert (bench.light(WRONG), bench.sound()) == (signals.WRONG_LID, signals.WARN)
    assert _wait(bench, 10_000) == []
    assert _wait(bench, 250) == [SLOT_DOUBTFUL]
    assert bench.light() == signals.ASK
    assert kinds(bench.lid(WRONG, False)) == [LID_CLOSED]
    assert (bench.light(WRONG), bench.sound()) == (signals.DARK, signals.SILENT)


def test_a_wrong_lid_that_was_open_too_long_between_two_looks_makes_doubtful_too() -> None:
    """Judged at its closing: more than ten seconds, not ten."""
    for ms, end in ((10_000, [LID_OPENED, LID_CLOSED]), (10_001, None)):
        bench = _due()
        expected = end or [LID_OPENED, SLOT_DOUBTFUL, LID_CLOSED]
        assert kinds(bench.open_for(WRONG, ms)) == expected


def test_the_ten_seconds_run_on_while_the_clock_is_lost() -> None:
    """Durations go by uptime: the wall clock jumping about neither hastens nor stops them."""
    for wall_s in (0, DUE_S - HOUR, DUE_S + 20 * MIN):
        bench = _due()
        bench.lid(WRONG, True)
        bench.wall_s = wall_s
        bench.box.clock_jumped()
        assert SLOT_DOUBTFUL not in _wait(bench, 10_000)
        assert SLOT_DOUBTFUL in _wait(bench, 250)


def test_two_wrong_lids_are_judged_each_by_itself() -> None:
    """One shut at once: the other goes on, then the dose is doubtful; each opening counts anew."""
    bench = _due()
    bench.lid(WRONG, True)
    _wait(bench, 3000)
    bench.open_for(5, 1000)
    assert bench.sound() == signals.WARN
    assert _wait(bench, 6000) == []
    assert _wait(bench, 250) == [SLOT_DOUBTFUL]
    again = _due()
    for _ in range(4):
        assert SLOT_DOUBTFUL not in kinds(again.open_for(WRONG, 9000))
    assert again.light() == signals.TAKE


def test_a_warning_sounds_for_twenty_seconds_and_lights_as_long_as_the_lid_is_open() -> None:
    """Never a siren; a second wrong lid sounds anew."""
    bench = _due()
    bench.lid(WRONG, True)
    _wait(bench, 19_750)
    assert bench.sound() == signals.WARN
    _wait(bench, 250)
    assert (bench.sound(), bench.light(WRONG)) == (signals.SILENT, signals.WRONG_LID)
    bench.lid(5, True)
    assert bench.sound() == signals.WARN


def test_a_wrong_lid_left_open_does_not_spoil_the_next_dose() -> None:
    """The doubt is about what was due then; the slot after it is prompted as ever."""
    bench = Bench([dose(), dose(OTHER, 7, DUE_S + 10 * MIN)])
    bench.look()
    bench.walk(DUE_S + MIN)
    bench.lid(WRONG, True)
    assert kinds(bench.walk(DUE_S + 12 * MIN)) == [SLOT_DOUBTFUL, LID_LEFT_OPEN, SLOT_PROMPTED]
    assert bench.light(7) == signals.TAKE


def test_every_dose_that_is_due_becomes_doubtful() -> None:
    """Two due at once, one LATE: the wrong lid's record names the first, the doubt is for all."""
    bench = Bench([dose(windows=(30, 5, 60)), dose(OTHER, 7, DUE_S + MIN)])
    bench.look()
    bench.walk(DUE_S + 6 * MIN)
    assert bench.lid(WRONG, True) == [(LID_OPENED, SLOT, WRONG, OPENED_WRONG)]
    bench.wait(11_000)
    assert [e[:2] for e in bench.look()] == [(SLOT_DOUBTFUL, SLOT), (SLOT_DOUBTFUL, OTHER)]


def test_a_lid_opened_when_nothing_is_due_is_warned_of_and_doubts_nothing() -> None:
    """NO_SLOT: light and sound; a slot that falls due while it stands open is prompted."""
    bench = Bench([dose()])
    bench.look()
    bench.walk(DUE_S - MIN)
    assert bench.lid(WRONG, True) == [(LID_OPENED, NO_SLOT, WRONG, OPENED_NO_SLOT)]
    assert (bench.light(WRONG), bench.sound()) == (signals.WRONG_LID, signals.WARN)
    assert kinds(bench.walk(DUE_S + 2 * MIN)) == [SLOT_PROMPTED]


def test_opening_again_is_a_double_dose_warning_for_sixteen_hours() -> None:
    """TAKEN or DOUBTFUL: AGAIN with light and sound; sixteen hours after due the lid is any lid."""
    for doubtful in (False, True):
        bench = _due()
        if doubtful:
            bench.open_for(WRONG, 11_000)
        else:
            bench.open_for(LID, 2000)
        for at_s, value in ((DUE_S + 16 * HOUR - 1, OPENED_AGAIN), (DUE_S + 16 * HOUR, 3)):
            bench.walk(at_s, 60)
            assert short(bench.lid(LID, True)) == [(LID_OPENED, value)]
            assert (bench.light(), bench.sound()) == (signals.WRONG_LID, signals.WARN)
            bench.lid(LID, False)


def test_opening_a_slot_that_is_over_is_told_apart() -> None:
    """Missed, skipped, unknown, paused: AFTER, warned, never taken."""
    missed = _due()
    assert kinds(missed.walk(DUE_S + HOUR)) == [SLOT_MISSED]
    skipped = _due()
    skipped.write(skipped.box.close(SLOT, WORD_NOT_TAKEN) or [])
    unknown = Bench([dose()])
    unknown.restart(2 * HOUR)
    assert kinds(unknown.look()) == [SLOT_UNKNOWN]
    paused = Bench([dose()])
    paused.box.away(DUE_S, DUE_S + 1)
    paused.look()
    assert kinds(paused.walk(DUE_S + MIN)) == [SLOT_PAUSED]
    for bench in (missed, skipped, unknown, paused):
        assert bench.lid(LID, True) == [(LID_OPENED, SLOT, LID, OPENED_AFTER)]
        assert (bench.light(), bench.sound()) == (signals.WRONG_LID, signals.WARN)
        assert SLOT_TAKEN not in kinds(bench.walk(bench.wall_s + MIN))


def test_again_and_after_are_wrong_lids_while_another_dose_is_due() -> None:
    """Breakfast's lid opened again for ten seconds while lunch is due: lunch is asked about."""
    for taken in (True, False):
        bench = Bench([dose(), dose(OTHER, 7, DUE_S + HOUR)])
        bench.look()
        bench.walk(DUE_S + MIN)
        if taken:
            bench.open_for(LID, 2000)
        bench.walk(DUE_S + HOUR + MIN)
        value = OPENED_AGAIN if taken else OPENED_AFTER
        assert bench.open_for(LID, 11_000)[:2] == [
            (LID_OPENED, SLOT, LID, value), (SLOT_DOUBTFUL, OTHER, 7, 0),
        ]  # fmt: skip


def test_a_brief_opening_is_never_prompted_again_and_a_proper_one_still_counts() -> None:
    """Under a second: "take" is off, a person will be asked; opened properly: TAKEN."""
    bench = _due(60)
    assert kinds(bench.open_for(LID, 999)) == [LID_OPENED, LID_CLOSED]
    assert (bench.light(), bench.sound()) == (signals.ASK, signals.SILENT)
    bench.walk(DUE_S + 10 * MIN)
    assert (bench.light(), bench.sound()) == (signals.ASK, signals.SILENT)
    assert short(bench.open_for(LID, 1000)) == [
        (LID_OPENED, OPENED_AS_DUE), (SLOT_TAKEN, 1), (LID_CLOSED, 1),
    ]  # fmt: skip


def test_a_brief_opening_alone_ends_in_doubt_at_the_windows_end() -> None:
    """Before or after its prompt, after a restart too: DOUBTFUL, no prompt, no MISSED or LATE."""
    for at_s in (DUE_S - MIN, DUE_S + MIN):
        for moved in (1, 0, None):
            bench = Bench([dose(windows=(30, 30, 60))])
            bench.look()
            bench.walk(at_s)
            bench.open_for(LID, 500)
            if moved != 1:
                bench.restart(3, moved)
            assert bench.look() + bench.walk(DUE_S + 30 * MIN - 1) == []
            assert bench.walk(DUE_S + 5 * HOUR) == [(SLOT_DOUBTFUL, SLOT, LID, 1)]


def test_a_shaken_box_is_one_record_and_a_doubt() -> None:
    """Four lids within a second, the due one among them, first or later: SHAKEN once, DOUBTFUL."""
    for at in (0, 2, 5):
        bench = _due()
        lids = [1, 2, 4, 5, 6]
        lids.insert(at, LID)
        effects = []
        for lid in lids:
            effects += bench.lid(lid, True)
            bench.wait(200)
        said = short([e for e in effects if e[0] != LID_OPENED])
        assert said == [(SHAKEN, 4), (SLOT_DOUBTFUL, 2)]
        assert [e[2] for e in effects if e[0] == SHAKEN] == [lids[3]]
        assert bench.light() in (signals.ASK, signals.WRONG_LID)


def test_four_lids_one_after_the_other_are_no_shaking() -> None:
    """More than a second from the first to the fourth, or one lid that bounces four times."""
    for apart_ms, shaken in ((333, True), (334, False)):
        bench = _due()
        effects = []
        for lid in (1, 2, 4, 5):
            effects += bench.lid(lid, True)
            bench.wait(apart_ms)
        assert (SHAKEN in kinds(effects)) == shaken
    bounce = _due()
    for _ in range(4):
        assert SHAKEN not in kinds(bounce.open_for(1, 50))


def test_a_new_shaking_begins_after_two_quiet_seconds() -> None:
    """Within two seconds of the last opening it is the same one; then it is told again."""
    bench = _due()
    told = []
    for pause_ms in (0, 1900, 2000):
        bench.wait(pause_ms)
        told += [kinds(bench.open_for(lid, 0)).count(SHAKEN) for lid in (1, 2, 4, 5)]
    assert told == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]


def test_a_lid_left_open_is_told_once_an_opening() -> None:
    """Five minutes: its own light, a soft sound for ten seconds; shut: dark; again: told again."""
    bench = _due()
    bench.open_for(LID, 2000)
    for _ in range(2):
        bench.lid(LID, True)
        assert LID_LEFT_OPEN not in _wait(bench, 299_750)
        bench.wait(250)
        assert bench.look() == [(LID_LEFT_OPEN, NO_SLOT, LID, 5)]
        assert bench.sound() == signals.SHUT
        assert _wait(bench, 10_000) == []
        assert bench.sound() == signals.SILENT
        assert bench.box.calls()
        bench.lid(LID, False)
        assert not bench.box.calls()


def test_an_open_lid_is_known_after_a_restart() -> None:
    """Wrong and open before it: doubtful ten seconds after the opening; left open: told once."""
    bench = _due()
    bench.lid(WRONG, True)
    bench.wait(4000)
    bench.restart(2, 0)
    assert bench.look() == []
    assert bench.light(WRONG) == signals.WRONG_LID
    assert _wait(bench, 4000) == []
    assert _wait(bench, 250) == [SLOT_DOUBTFUL]
    assert kinds(bench.walk(bench.wall_s + 10 * MIN)) == [LID_LEFT_OPEN]
    bench.restart(2, 0)
    assert bench.look() + bench.walk(bench.wall_s + 10 * MIN) == []
    assert bench.light(WRONG) == signals.WRONG_LID


def test_a_wrong_lid_that_may_have_moved_while_nobody_looked_is_doubt() -> None:
    """How long it stood open is not known; watched, or shut before: no doubt."""
    for still_open, moved, doubt in (
        (False, None, True),
        (True, None, True),
        (True, 1 << WRONG, True),
        (True, 0, False),
    ):
        bench = _due()
        bench.lid(WRONG, True)
        bench.open = 1 << WRONG if still_open else 0
        bench.restart(5, moved)
        assert (SLOT_DOUBTFUL in kinds(bench.look())) == doubt
    shut = _due()
    shut.open_for(WRONG, 1000)
    shut.restart(5)
    assert SLOT_DOUBTFUL not in kinds(shut.look())


def test_a_lid_opened_unseen_is_not_taken_for_the_one_before() -> None:
    """Opened and shut an hour ago, or open before but moved since: its five minutes begin now."""
    for moved in (None, 1 << WRONG):
        for shut_before in (True, False):
            bench = _due()
            bench.lid(WRONG, True)
            if shut_before:
                bench.lid(WRONG, False)
            bench.open = 1 << WRONG
            bench.restart(HOUR, moved)
            assert LID_LEFT_OPEN not in kinds(bench.look() + bench.walk(bench.wall_s + 299))
            assert LID_LEFT_OPEN in kinds(bench.walk(bench.wall_s + 1))


def test_a_closing_without_an_opening_is_told_with_no_time() -> None:
    """A lid that stood open at the first start, or that nobody saw open."""
    bench = _due()
    assert bench.lid(5, False) == [(LID_CLOSED, NO_SLOT, 5, 0)]


def test_four_lids_in_exactly_a_second_are_a_shaking() -> None:
    """The first and the fourth 1000 ms apart, whenever the two between came."""
    bench = _due()
    effects = []
    for lid, wait_ms in ((1, 400), (2, 400), (4, 200), (5, 0)):
        effects += bench.lid(lid, True)
        bench.wait(wait_ms)
    assert kinds(effects).count(SHAKEN) == 1


def test_opening_again_when_nothing_else_is_due_spoils_no_dose_that_falls_due_meanwhile() -> None:
    """Only what was due at the opening can be doubted by it."""
    bench = Bench([dose(), dose(OTHER, 7, DUE_S + HOUR)])
    bench.look()
    bench.walk(DUE_S + MIN)
    bench.open_for(LID, 2000)
    bench.walk(DUE_S + HOUR - 5)
    assert short(bench.lid(LID, True)) == [(LID_OPENED, OPENED_AGAIN)]
    assert kinds(bench.walk(DUE_S + HOUR + MIN)) == [SLOT_PROMPTED]
