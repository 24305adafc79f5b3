"""pillbox.help_call: a call, its receipt, its answer, under CPython and MicroPython."""

from anbu_wire.messages import (
    HELP_ANSWERED,
    HELP_COMING,
    HELP_NOT_SENT,
    HELP_OVER,
    HELP_PRESSED,
    NO_COMPARTMENT,
    NO_SLOT,
)
from pillbox import help_call, signals
from pillbox.help_call import CALLING, COMING, IDLE, NOT_SENT, SENT, TABLE, HelpCall

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    Effects = list[tuple[int, tuple[int, int], int, int]]

HOUR_MS = 3_600_000
LOOK_MS = 250


def _effect(kind: int, value: int = 0) -> "tuple[int, tuple[int, int], int, int]":
    return (kind, NO_SLOT, NO_COMPARTMENT, value)


def _walk(call: HelpCall, from_ms: int, until_ms: int, step_ms: int = LOOK_MS) -> "Effects":
    effects: Effects = []
    for uptime_ms in range(from_ms, until_ms, step_ms):
        effects += call.look(uptime_ms)
    return effects


def _press(call: HelpCall, at_ms: int, seq: int) -> "Effects":
    """Held for a second from `at_ms` on; its record gets the number."""
    call.button(True, at_ms)
    effects = call.look(at_ms + 1000)
    call.button(False, at_ms + 1200)
    if effects:
        call.written(seq)
    return effects


def _in(state: int) -> HelpCall:
    """A call in that state at 100 s; the latest record of it has number 7."""
    call = HelpCall()
    if state == IDLE:
        return call
    _press(call, 80_000 if state == NOT_SENT else 98_000, 7)
    if state == NOT_SENT:
        call.look(92_000)
    if state in (SENT, COMING):
        call.acknowledged(7)
        call.look(99_100)
    if state == COMING:
        call.answered(HELP_COMING, 99_200)
    return call


LIGHTS = {
    IDLE: signals.DARK,
    CALLING: signals.HELP_CALLING,
    NOT_SENT: signals.HELP_NOT_SENT,
    SENT: signals.HELP_SENT,
    COMING: signals.HELP_COMING,
}


def _held(call: HelpCall) -> "Effects":
    return _press(call, 100_000, 8)


def _receipt(call: HelpCall) -> "Effects":
    call.acknowledged(7)
    return call.look(100_000)


def _ten_seconds(call: HelpCall) -> "Effects":
    return call.look(109_500)


def _coming(call: HelpCall) -> "Effects":
    return call.answered(HELP_COMING, 100_000)


def _over(call: HelpCall) -> "Effects":
    return call.answered(HELP_OVER, 100_000)


def _an_hour(call: HelpCall) -> "Effects":
    return _walk(call, 109_500, 120_000 + HOUR_MS, 10_000)


STIMULI = (_held, _receipt, _ten_seconds, _coming, _over, _an_hour)
# Written by hand from the contract: state → what each stimulus leads to, with its records.
WANT = {
    IDLE: (
        (CALLING, (HELP_PRESSED,)),
        (IDLE, ()),
        (IDLE, ()),
        (COMING, (HELP_ANSWERED,)),
        (IDLE, ()),
        (IDLE, ()),
    ),
    CALLING: (
        (CALLING, (HELP_PRESSED,)),
        (SENT, ()),
        (NOT_SENT, (HELP_NOT_SENT,)),
        (CALLING, ()),
        (CALLING, ()),
        (NOT_SENT, (HELP_NOT_SENT,)),
    ),
    NOT_SENT: (
        (CALLING, (HELP_PRESSED,)),
        (SENT, ()),
        (NOT_SENT, ()),
        (NOT_SENT, ()),
        (NOT_SENT, ()),
        (NOT_SENT, ()),
    ),
    SENT: (
        (CALLING, (HELP_PRESSED,)),
        (SENT, ()),
        (SENT, ()),
        (COMING, (HELP_ANSWERED,)),
        (IDLE, (HELP_ANSWERED,)),
        (IDLE, ()),
    ),
    COMING: (
        (CALLING, (HELP_PRESSED,)),
        (COMING, ()),
        (COMING, ()),
        (COMING, ()),
        (IDLE, (HELP_ANSWERED,)),
        (IDLE, ()),
    ),
}


def test_every_state_answers_every_stimulus() -> None:
    """State by state, stimulus by stimulus: where it leads, what is written, what is shown."""
    for state, answers in WANT.items():
        assert _in(state).light() == LIGHTS[state]
        for stimulus, (after, kinds) in zip(STIMULI, answers):
            call = _in(state)
            effects = stimulus(call)
            assert tuple(effect[0] for effect in effects) == kinds, (state, after)
            assert call.light() == LIGHTS[after], (state, after)
            assert call.calling == (after in (CALLING, NOT_SENT))


def test_the_table_has_no_dead_end() -> None:
    """From every state all others can be reached, and each row leads to a state that is shown."""
    for start in LIGHTS:
        found = {start}
        for _ in LIGHTS:
            for (state, _stimulus), row in TABLE.items():
                if state in found:
                    found.add(row[0])
        assert found == set(LIGHTS), start
    assert set(help_call.SHOWN) == set(LIGHTS)


def test_a_call_without_a_receipt_is_not_sent_once_and_keeps_trying() -> None:
    """After ten seconds, not before: HELP_NOT_SENT once, however long; a late receipt is "sent"."""
    call = HelpCall()
    assert _press(call, 0, 7) == [_effect(HELP_PRESSED)]
    assert _walk(call, 1000, 11_000) == []
    assert call.light() == signals.HELP_CALLING
    assert _walk(call, 11_000, 90_000) == [_effect(HELP_NOT_SENT)]
    assert call.calling
    call.acknowledged(6)
    assert call.look(90_000) == []
    assert call.light() == signals.HELP_NOT_SENT
    call.acknowledged(7)
    assert call.look(90_250) == []
    assert call.light() == signals.HELP_SENT


def test_a_receipt_in_the_last_moment_counts() -> None:
    """Received before the ten seconds were judged: sent, never "not sent"."""
    call = HelpCall()
    _press(call, 0, 7)
    call.acknowledged(9)
    assert call.look(30_000) == []
    assert call.light() == signals.HELP_SENT


def test_an_old_receipt_is_none_for_a_new_call() -> None:
    """Pressed again: its own record, its own receipt, and the first ten seconds go on."""
    call = HelpCall()
    _press(call, 0, 7)
    call.button(True, 5000)
    assert call.look(6000) == [_effect(HELP_PRESSED)]
    call.acknowledged(7)  # before its record has a number
    call.written(8)
    assert call.look(6100) == []
    assert call.light() == signals.HELP_CALLING
    assert call.look(11_000) == [_effect(HELP_NOT_SENT)]
    call.acknowledged(8)
    call.look(11_250)
    assert call.light() == signals.HELP_SENT


def test_a_call_that_cannot_be_written_is_tried_again() -> None:
    """A broken log: the box says "not sent", and asks for the record every ten seconds."""
    call = HelpCall()
    _press(call, 0, 0)
    assert _walk(call, 1000, 40_000) == [
        _effect(HELP_PRESSED),
        _effect(HELP_NOT_SENT),
        _effect(HELP_PRESSED),
        _effect(HELP_PRESSED),
    ]
    call.acknowledged(1000)
    assert call.light() == signals.HELP_NOT_SENT
    call.written(1001)
    assert _walk(call, 40_000, 80_000) == []
    call.acknowledged(1001)
    assert not call.calling  # at once, so that the radio may rest
    assert call.light() == signals.HELP_NOT_SENT
    call.look(80_000)
    assert call.light() == signals.HELP_SENT


def test_help_on_the_way_is_shown_for_an_hour_at_most() -> None:
    """From the last answer on; then dark, without a record."""
    call = _in(SENT)
    assert call.answered(HELP_COMING, 200_000) == [_effect(HELP_ANSWERED, HELP_COMING)]
    assert call.answered(HELP_COMING, 300_000) == []
    assert _walk(call, 300_000, 300_000 + HOUR_MS, 1000) == []
    assert call.light() == signals.HELP_COMING
    assert call.look(300_000 + HOUR_MS) == []
    assert call.light() == signals.DARK


def test_somebody_on_the_way_is_shown_again_after_a_new_call() -> None:
    """The new call is shown as sent first, then that somebody comes."""
    for answered_before in (True, False):
        call = _in(COMING if answered_before else CALLING)
        if answered_before:
            _press(call, 100_000, 8)
        else:
            assert call.answered(HELP_COMING, 100_000) == []
        call.acknowledged(8)
        call.look(102_000)
        assert call.light() == signals.HELP_SENT
        assert call.look(111_900) == []
        assert call.look(112_000) == [_effect(HELP_ANSWERED, HELP_COMING)]
        assert call.light() == signals.HELP_COMING


def test_it_is_over_when_the_gateway_says_so() -> None:
    """Dark, with a record; and an older "on the way" does not come back."""
    call = _in(COMING)
    assert call.answered(HELP_OVER, 150_000) == [_effect(HELP_ANSWERED, HELP_OVER)]
    _press(call, 160_000, 8)
    call.acknowledged(8)
    assert _walk(call, 161_000, 300_000) == []
    assert call.light() == signals.HELP_SENT


def test_not_sent_is_heard_again_and_again_but_not_all_night() -> None:
    """A whole minute first, later ten seconds at a time; after an hour no sound, but the light."""
    call = _in(NOT_SENT)
    at_ms = 92_000
    heard = [call.sound(at_ms + s * 1000) for s in range(12 * 3600)]
    assert set(heard[:60]) == {signals.NOT_SENT}
    for minute in range(1, 10):
        assert heard[minute * 60 : minute * 60 + 60].count(signals.NOT_SENT) == 10
    assert heard[600:3600].count(signals.NOT_SENT) == 10 * 10
    assert set(heard[3600:]) == {signals.SILENT}
    assert call.light() == signals.HELP_NOT_SENT


def test_good_news_is_said_once_and_calmly() -> None:
    """Sent and on the way sound for ten seconds, then there is only the light; no answer twice."""
    for state, sound in ((SENT, signals.SENT), (COMING, signals.COMING)):
        call = _in(state)
        if state == COMING:
            call.answered(HELP_COMING, 99_300)
            call.hush()
            call.answered(HELP_COMING, 99_400)
            assert call.sound(99_500) == signals.SILENT
            call = _in(state)
        heard = [call.sound(99_100 + s * 1000) for s in range(300)]
        assert sound in heard[:3]
        assert set(heard[12:]) == {signals.SILENT}


def test_ok_stops_the_sound_until_there_is_something_new() -> None:
    """The light stays; a new call and a new state are heard again."""
    call = _in(NOT_SENT)
    call.hush()
    assert call.sound(93_000) == signals.SILENT
    assert call.light() == signals.HELP_NOT_SENT
    _press(call, 94_000, 8)
    assert call.sound(95_100) == signals.HELP_CALLS
    call.hush()
    assert call.sound(95_200) == signals.SILENT
    _press(call, 97_000, 9)
    assert call.sound(98_100) == signals.HELP_CALLS
    call.hush()
    call.acknowledged(9)
    call.look(98_200)
    assert call.sound(98_200) == signals.SENT
