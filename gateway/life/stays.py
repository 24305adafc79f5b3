"""When somebody is away by her box's word: ordered by a person, taken by the box, with an end.

Knows: the orders "away" and "at home" and their answers. May not know: days that were written down
as not monitored (the household keeps them), whose device it is, the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.events import DeviceOrdered, OrderAnswered
from gateway.life.spans import Span

AWAY, AT_HOME, DONE = "away", "at_home", "done"  # gateway.orders.Kind, Answer
KEPT = 40  # of a device


@dataclass(slots=True)
class Stays:
    """Of each device when its person is away; folded by gateway.household."""

    of: dict[str, list[Span]] = field(default_factory=dict)
    said_ms: dict[str, int] = field(default_factory=dict)  # of each device, when it was said last
    _waiting: dict[int, DeviceOrdered] = field(default_factory=dict)

    def ordered(self, event: DeviceOrdered) -> None:
        """A box is to take her as away, or as at home."""
        if event.order in (AWAY, AT_HOME):
            self._waiting[event.order_id] = event

    def answered(self, event: OrderAnswered) -> None:
        """It did, or did not. A new absence, as a return, ends the one that is not over yet."""
        order = self._waiting.pop(event.order_id, None)
        if order is None or event.answer != DONE:
            return
        at_ms = event.at_ms
        kept = [(a, min(b, at_ms)) for a, b in self.of.get(order.device_id, []) if a < at_ms]
        if order.order == AWAY:
            kept.append((order.arguments["from_ms"], order.arguments["until_ms"]))
            self.said_ms[order.device_id] = at_ms
        self.of[order.device_id] = kept[-KEPT:]
