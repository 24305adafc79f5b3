"""A person's wish becomes an order, or is refused with the reason.

Knows: what may be wished for at which moment, and what follows from the plan (which compartments).
May not know: the page's forms, how an order is carried out; the time is an argument.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from gateway.adherence.outcomes import State, outcome
from gateway.events import DeviceOrdered, SlotId
from gateway.household import Household
from gateway.orders.book import Book, Kind
from gateway.prescription.refill_plan import REFILL_DAYS, mask_of, to_fill
from gateway.roster import CAREPLUG, COMPARTMENTS, PILLBOX, Device, Roster
from gateway.units import DAY_MS
from gateway.zones import day_number

AWAY_MAX_DAYS = 90
ASK_S = 300
LOCATE_S = 60
QUESTIONS = 0x7FFF

# States of a slot that a person's word may close: as taken, and as not taken.
MAY_BE_TAKEN = frozenset(
    {
        State.OPEN,
        State.DUE,
        State.LATE,
        State.DOUBTFUL,
        State.MISSED,
        State.UNKNOWN,
        State.SKIPPED,
    }
)
MAY_BE_NOT_TAKEN = frozenset({State.OPEN, State.DUE, State.LATE, State.DOUBTFUL})


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wishes a device to do.

    `arguments` of `from_ms`, `until_ms`, `days`, `compartment`, or `crc`, `version`, `size_bytes`.
    """

    device_id: str
    order: str
    arguments: dict[str, int] = field(default_factory=dict)
    slot: SlotId | None = None


class WishRefused(Exception):  # noqa: N818  # an answer, not an error of this program
    """It cannot be ordered; `code`: a key of the catalogue (order.not.…)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def ordered(household: Household, book: Book, wish: Wish, now_ms: int) -> DeviceOrdered | None:
    """The order that a wish becomes; None where the same one is waiting already.

    Raises WishRefused.
    """
    roster = household.roster
    device = roster.device(wish.device_id) if roster else None
    if roster is None or device is None:
        raise WishRefused("device")
    make = _MAKERS.get(wish.order)
    if make is None:
        raise WishRefused("order")
    if wish.order not in _ORDERS[device.kind]:
        raise WishRefused("kind")
    arguments = make(household, roster, device, wish, now_ms)
    for waiting in (book.orders[i] for i in book.waiting):
        if (waiting.device_id, str(waiting.kind)) != (device.id, wish.order):
            continue
        if waiting.arguments == arguments or wish.order == Kind.ASK:
            return None
        if wish.order == Kind.UPDATE:
            raise WishRefused("updating")
    order_id = book.last_id + 1
    if wish.order == Kind.ASK:
        arguments = {**arguments, "question": question_of(order_id)}
    return DeviceOrdered(now_ms, order_id, device.id, wish.order, arguments)


def question_of(order_id: int) -> int:
    """The number by which a box's records name the question of an order."""
    return (order_id - 1) % QUESTIONS + 1


def closable(state: str) -> tuple[Kind, ...]:
    """By which words a slot in this state may be closed."""
    words = ((Kind.TAKEN, MAY_BE_TAKEN), (Kind.NOT_TAKEN, MAY_BE_NOT_TAKEN))
    return tuple(kind for kind, states in words if state in states)


Maker = Callable[[Household, Roster, Device, Wish, int], dict[str, int]]


def _nothing(_h: Household, _r: Roster, _d: Device, _wish: Wish, _now_ms: int) -> dict[str, int]:
    return {}


def _refill(
    household: Household, _r: Roster, device: Device, _wish: Wish, now_ms: int
) -> dict[str, int]:
    return {"compartments": _compartments(household, device, now_ms, REFILL_DAYS)}


def _take_out(
    household: Household, _r: Roster, device: Device, wish: Wish, now_ms: int
) -> dict[str, int]:
    days = wish.arguments.get("days", 0)
    if not 1 <= days <= REFILL_DAYS:
        raise WishRefused("days")
    return {"compartments": _compartments(household, device, now_ms, days), "days": days}


def _compartments(household: Household, device: Device, now_ms: int, days: int) -> int:
    """A mask of what holds the coming days' doses, without those that may be opened now or soon."""
    coming = to_fill(household, device.person_id, now_ms, days)
    if not coming:
        raise WishRefused("nothing_planned")
    return mask_of(coming)


def _away(_h: Household, _r: Roster, _d: Device, wish: Wish, now_ms: int) -> dict[str, int]:
    from_ms, until_ms = (wish.arguments.get(name, 0) for name in ("from_ms", "until_ms"))
    if not 0 < from_ms < until_ms or until_ms <= now_ms:
        raise WishRefused("away_order")
    if until_ms - from_ms > AWAY_MAX_DAYS * DAY_MS or from_ms < now_ms - DAY_MS:
        raise WishRefused("away_range")
    return {"from_ms": from_ms, "until_ms": until_ms}


def _word(
    household: Household, _r: Roster, device: Device, wish: Wish, now_ms: int
) -> dict[str, int]:
    slot = wish.slot
    if slot is None or slot.person_id != device.person_id or slot not in household.slots:
        raise WishRefused("slot")
    if wish.order not in closable(outcome(household, slot, now_ms).state):
        raise WishRefused("slot_state")
    return {"day": day_number(date.fromisoformat(slot.day)), "index": slot.index}


def _ask(_h: Household, _r: Roster, _d: Device, _wish: Wish, _now_ms: int) -> dict[str, int]:
    return {"seconds": ASK_S}


def _locate(_h: Household, _r: Roster, _d: Device, _wish: Wish, _now_ms: int) -> dict[str, int]:
    return {"seconds": LOCATE_S}


def _prompt_test(_h: Household, _r: Roster, _d: Device, wish: Wish, _now_ms: int) -> dict[str, int]:
    compartment = wish.arguments.get("compartment", -1)
    if not 0 <= compartment < COMPARTMENTS:
        raise WishRefused("compartment")
    return {"compartment": compartment}


def _update(_h: Household, _r: Roster, _d: Device, wish: Wish, _now_ms: int) -> dict[str, int]:
    """Whether it fits the device is the device's to say: it knows its board and what signed it."""
    image = {name: wish.arguments.get(name, 0) for name in ("crc", "version", "size_bytes")}
    if not all(image.values()):
        raise WishRefused("image")
    return image


_MAKERS: dict[str, Maker] = {
    Kind.REFILL: _refill,
    Kind.TAKE_OUT: _take_out,
    Kind.REFILL_END: _nothing,
    Kind.AWAY: _away,
    Kind.AT_HOME: _nothing,
    Kind.ASK: _ask,
    Kind.TAKEN: _word,
    Kind.NOT_TAKEN: _word,
    Kind.LOCATE: _locate,
    Kind.PROMPT_TEST: _prompt_test,
    Kind.UPDATE: _update,
}
# What each kind of device can do. A plug senses only: it can be found and updated, that is all.
_ORDERS: dict[str, frozenset[str]] = {
    PILLBOX: frozenset(_MAKERS),
    CAREPLUG: frozenset({Kind.LOCATE, Kind.UPDATE}),
}
