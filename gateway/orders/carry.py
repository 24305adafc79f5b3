"""How an order is carried out, when it is too late for it, and how to see that it was done before.

Knows: orders and the commands of gateway.sync. May not know: a radio; the time is an argument.

A gateway that stopped between the device's answer and writing it down gives the command again.
Most commands do no more when given twice; for the others the device or its records are asked first.
"""

from __future__ import annotations

from collections.abc import Callable

from anbu_wire import messages as wire
from gateway.household import Household
from gateway.orders.book import Kind, Order
from gateway.sync import Answer, Command, commands
from gateway.units import DAY_MS, HOUR_MS, MIN_MS
from gateway.zones import wall_s

# After so long without the device it would do harm, or nobody waits for it any more.
EXPIRES_MS: dict[Kind, int] = {
    Kind.REFILL: 30 * MIN_MS,
    Kind.TAKE_OUT: 30 * MIN_MS,
    Kind.REFILL_END: DAY_MS,
    Kind.AWAY: DAY_MS,
    Kind.AT_HOME: DAY_MS,
    Kind.ASK: 10 * MIN_MS,
    Kind.TAKEN: DAY_MS,
    Kind.NOT_TAKEN: DAY_MS,
    Kind.LOCATE: 10 * MIN_MS,
    Kind.PROMPT_TEST: 10 * MIN_MS,
    Kind.UPDATE: DAY_MS,
    Kind.HELP_COMING: HOUR_MS,
    Kind.HELP_OVER: HOUR_MS,
    Kind.QUIET: 30 * DAY_MS,
}
REFILLS = {Kind.REFILL: wire.REFILL_FILL, Kind.TAKE_OUT: wire.REFILL_TAKE_OUT}
Arguments = dict[str, int]


def commands_of(order: Order) -> tuple[Command, ...]:
    """The commands of an order, one after the other; those of an update are in sync.sending."""
    return _COMMANDS[order.kind](order.arguments)


def _fill(a: Arguments) -> tuple[Command, ...]:
    return (commands.refill(wire.REFILL_FILL, a["compartments"]),)


def _take_out(a: Arguments) -> tuple[Command, ...]:
    return (commands.refill(wire.REFILL_TAKE_OUT, a["compartments"]),)


def _refill_end(_a: Arguments) -> tuple[Command, ...]:
    return (commands.refill(wire.REFILL_END),)


def _away(a: Arguments) -> tuple[Command, ...]:
    return (commands.away(wall_s(a["from_ms"]), wall_s(a["until_ms"])),)


def _at_home(_a: Arguments) -> tuple[Command, ...]:
    return (commands.away(0, 0),)


def _ask(a: Arguments) -> tuple[Command, ...]:
    return (commands.ask(a["question"], a["seconds"]),)


def _taken(a: Arguments) -> tuple[Command, ...]:
    return (commands.close_slot(a["day"], a["index"], wire.WORD_TAKEN),)


def _not_taken(a: Arguments) -> tuple[Command, ...]:
    return (commands.close_slot(a["day"], a["index"], wire.WORD_NOT_TAKEN),)


def _locate(a: Arguments) -> tuple[Command, ...]:
    return (commands.locate(a["seconds"]),)


def _prompt_test(a: Arguments) -> tuple[Command, ...]:
    return (commands.prompt_test(a["compartment"]),)


def _help_coming(_a: Arguments) -> tuple[Command, ...]:
    return (commands.help_state(wire.HELP_COMING),)


def _help_over(_a: Arguments) -> tuple[Command, ...]:
    return (commands.help_state(wire.HELP_OVER),)


def _quiet(a: Arguments) -> tuple[Command, ...]:
    return commands.quiet_hours(a["from_min"], a["until_min"])


_COMMANDS: dict[Kind, Callable[[Arguments], tuple[Command, ...]]] = {
    Kind.REFILL: _fill,
    Kind.TAKE_OUT: _take_out,
    Kind.REFILL_END: _refill_end,
    Kind.AWAY: _away,
    Kind.AT_HOME: _at_home,
    Kind.ASK: _ask,
    Kind.TAKEN: _taken,
    Kind.NOT_TAKEN: _not_taken,
    Kind.LOCATE: _locate,
    Kind.PROMPT_TEST: _prompt_test,
    Kind.HELP_COMING: _help_coming,
    Kind.HELP_OVER: _help_over,
    Kind.QUIET: _quiet,
}


def asked_already(order: Order, household: Household) -> bool:
    """Whether the box's records show that this very question was put."""
    return order.kind is Kind.ASK and any(
        identity[0] == order.device_id
        and happening.record_kind == wire.ASKED
        and happening.value == order.arguments["question"]
        and happening.at_ms >= order.at_ms
        for identity, happening in household.happenings.seen.items()
    )


def kept_already(order: Order, shown: Answer) -> bool:
    """Whether a refill that was begun before still goes on; `shown`: READ_PARAMETERS' answer."""
    left = shown.fields.get("filling", 0)
    mode = REFILLS.get(order.kind)
    return mode == shown.fields.get("refilling") and not left & ~order.arguments["compartments"]
