"""What a device is to do by a person's wish, or by itself because of what happened.

Knows: which orders there are, when one may be given, which commands carry it out, when it is too
late for it. May not know: a radio, the page, the time (an argument).
"""

from gateway.orders.automatic import decide
from gateway.orders.book import Answer, Book, Kind, Order, fold
from gateway.orders.by_word import closing
from gateway.orders.carry import EXPIRES_MS, asked_already, commands_of, kept_already
from gateway.orders.wishes import Wish, WishRefused, closable, ordered

__all__ = [
    "EXPIRES_MS",
    "Answer",
    "Book",
    "Kind",
    "Order",
    "Wish",
    "WishRefused",
    "asked_already",
    "closable",
    "closing",
    "commands_of",
    "decide",
    "fold",
    "kept_already",
    "ordered",
]
