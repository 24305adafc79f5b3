"""pillbox.help_call over a restart: what the log says goes on, under CPython and MicroPython."""

from anbu_wire.messages import (
    BOOT,
    HELP_ANSWERED,
    HELP_COMING,
    HELP_NOT_SENT,
    HELP_OVER,
    HELP_PRESSED,
    NO_COMPARTMENT,
    NO_SLOT,
    Record,
)
from pillbox import signals
from pillbox.help_call import HelpCall

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    Effects = list[tuple[int, tuple[int, int], int, int]]

NOW_S = 826_000_200


def _record(kind: int, seq: int, wall_s: int = NOW_S, value: int = 0) -> Record:
    return Record(seq, 1, 0, wall_s, 0, 2, kind, NO_COMPARTMENT, NO_SLOT, 1, value)


def _walk(call: HelpCall, from_ms: int, until_ms: int, step_ms: int = 250) -> "Effects":
    effects: Effects = []
    for uptime_ms in range(from_ms, until_ms, step_ms):
        effects += call.look(uptime_ms)
    return effects


def test_a_call_goes_on_after_a_restart() -> None:
    """Without receipt and not older than an hour: it calls, and says "not sent" if need be."""
    for told, kinds in ((False, [HELP_NOT_SENT]), (True, [])):
        call = HelpCall()
        call.recall(_record(HELP_PRESSED, 7), 5)
        if told:
            call.recall(_record(HELP_NOT_SENT, 8), 5)
        call.recall(_record(BOOT, 9), 5)
        call.resumed(NOW_S + 3600, 20_000)
        assert call.calling
        assert _walk(call, 20_000, 30_000) == []
        assert [effect[0] for effect in _walk(call, 30_000, 60_000)] == kinds
        assert call.sound(31_000) == signals.NOT_SENT
        call.acknowledged(7)
        call.look(60_000)
        assert call.light() == signals.HELP_SENT


def test_an_old_or_received_call_is_not_taken_up() -> None:
    """Older than an hour, or the gateway has it: nothing is shown after a restart."""
    for wall_s, acknowledged in ((NOW_S + 3601, 5), (NOW_S, 7)):
        call = HelpCall()
        call.recall(_record(HELP_PRESSED, 7), acknowledged)
        call.recall(_record(HELP_NOT_SENT, 8), acknowledged)
        call.resumed(wall_s, 0)
        assert _walk(call, 0, 60_000) == []
        assert not call.calling
        assert call.light() == signals.DARK


def test_a_call_at_an_unknown_time_is_taken_up() -> None:
    """Nobody knows how old it is: it calls."""
    for called_s, wall_s in ((0, NOW_S), (NOW_S, 0)):
        call = HelpCall()
        call.recall(_record(HELP_PRESSED, 7, called_s), 0)
        call.resumed(wall_s, 0)
        assert call.calling


def test_help_on_the_way_is_shown_after_a_restart() -> None:
    """For what is left of its hour, without sound; not when it was over."""
    for answers, left_s in (((HELP_COMING,), 600), ((HELP_COMING, HELP_OVER), 0)):
        call = HelpCall()
        for value in answers:
            call.recall(_record(HELP_ANSWERED, 9, NOW_S, value), 9)
        call.resumed(NOW_S + 3000, 5000)
        assert _walk(call, 5000, 5000 + left_s * 1000, 1000) == []
        assert call.light() == (signals.HELP_COMING if left_s else signals.DARK)
        assert call.sound(5000) == signals.SILENT
        call.look(5000 + left_s * 1000)
        assert call.light() == signals.DARK
