"""All orders to devices and what became of them, folded from the facts about them.

Knows: what each fact changes in an order. May not know: how an order is carried out, the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from gateway.events import DeviceOrdered, Event, OrderAnswered


class Kind(StrEnum):
    """What may be ordered; its arguments, all whole numbers, in brackets."""

    REFILL = "refill"  # [compartments: mask]
    TAKE_OUT = "take_out"  # [compartments: mask, days]
    REFILL_END = "refill_end"
    AWAY = "away"  # [from_ms, until_ms]
    AT_HOME = "at_home"
    ASK = "ask"  # [question, seconds]
    TAKEN = "taken"  # by a person's word [day as on the wire, index]
    NOT_TAKEN = "not_taken"  # [day, index]
    LOCATE = "locate"  # [seconds]
    PROMPT_TEST = "prompt_test"  # [compartment]
    UPDATE = "update"  # [crc, version, size_bytes] of the image, which the gateway has as a file
    HELP_COMING = "help_coming"
    HELP_OVER = "help_over"
    QUIET = "quiet"  # [from_min, until_min]


class Answer(StrEnum):
    """What became of an order."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    EXPIRED = "expired"  # the device was not reached in time


@dataclass(slots=True)
class Order:
    """One order as it stands."""

    id: int
    device_id: str
    kind: Kind
    arguments: dict[str, int]
    at_ms: int
    key: str = ""
    answer: Answer = Answer.WAITING
    why: str = ""
    answered_ms: int | None = None


@dataclass(slots=True)
class Book:
    """All orders of one home."""

    orders: dict[int, Order] = field(default_factory=dict)  # the oldest first
    waiting: dict[int, None] = field(default_factory=dict)  # ids, the oldest first
    keys: set[str] = field(default_factory=set)  # of automatic orders: each is given once
    # device id → how often its quiet hours were ordered, and which they are
    quiet: dict[str, tuple[int, dict[str, int]]] = field(default_factory=dict)
    last_id: int = 0

    def next_for(self, device_id: str) -> Order | None:
        """The oldest order of a device that has no answer yet; an update lets all others pass."""
        mine = [self.orders[i] for i in self.waiting if self.orders[i].device_id == device_id]
        return min(mine, key=lambda order: order.kind is Kind.UPDATE, default=None)


def fold(book: Book, event: Event) -> Book:
    """The book after one more fact. It owns what it is given, as household.fold does."""
    if isinstance(event, DeviceOrdered):
        kind = Kind(event.order)
        book.orders[event.order_id] = Order(
            event.order_id, event.device_id, kind, event.arguments, event.at_ms, event.key
        )
        book.waiting[event.order_id] = None
        book.keys |= {event.key} - {""}
        if kind is Kind.QUIET:
            times, _before = book.quiet.get(event.device_id, (0, {}))
            book.quiet[event.device_id] = (times + 1, event.arguments)
        book.last_id = max(book.last_id, event.order_id)
    elif isinstance(event, OrderAnswered):
        order = book.orders[event.order_id]
        order.answer, order.why = Answer(event.answer), event.why
        order.answered_ms = event.at_ms
        book.waiting.pop(event.order_id, None)
    return book
