"""A dose that somebody says was taken is closed on its box too, so that it prompts no more.

Knows: what a person's word means for a box that still offers the slot.
May not know: how the word came, how an order is carried out; the time is an argument.
"""

from __future__ import annotations

from collections.abc import Iterable

from gateway.events import DeviceOrdered, DoseCorrected, Event
from gateway.household import Household
from gateway.orders.book import Book, Kind
from gateway.orders.wishes import Wish, WishRefused, ordered


def closing(
    household: Household, book: Book, said: Iterable[Event], now_ms: int
) -> list[DeviceOrdered]:
    """The orders that follow from words about doses; none for a slot that no box offers any more.

    Asked before the words are believed: afterwards the slot is taken, and nothing is to be closed.
    """
    orders: list[DeviceOrdered] = []
    for word in said:
        box = _box(household, word)
        if not isinstance(word, DoseCorrected) or not word.taken or box is None:
            continue
        try:
            order = ordered(household, book, Wish(box, Kind.TAKEN, slot=word.slot), now_ms)
        except WishRefused:
            continue  # the slot is over, or was never this box's
        if order is not None:
            orders.append(order)
    return orders


def _box(household: Household, word: Event) -> str | None:
    if not isinstance(word, DoseCorrected) or household.roster is None:
        return None
    device = household.roster.box_of(word.slot.person_id)
    return device.id if device else None
