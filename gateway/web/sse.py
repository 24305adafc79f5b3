"""The live stream: the parts of a page that changed, and that the gateway is still there.

Knows: server-sent events, how long a browser may hear nothing. May not know: Flask, what a
picture means, how a section is drawn (both are given).

    event: token     {"token"}                           first; another one = other forms
    event: now       {"version", "now_ms", "sections"}   something changed, or only the time
    event: gone      {}                                  last: she may not see it any more
`sections` is {id: HTML} of those that differ from what this stream sent last; at first all.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Collection, Iterator
from typing import Any, Protocol, TypeVar

from gateway.entering import Entry
from gateway.home import Home
from gateway.orders import Wish
from gateway.workshop import Workshop

T = TypeVar("T")

Picture = dict[str, Any]

# Seconds of the gateway's clock between two signs of life; static/live.js gives up after three.
TICK_S = 15.0
# Each open page holds one thread of the server while it is looked at, and up to a tick longer.
STREAMS_MAX = 16


class Desk(Protocol):
    """What the page is given by the gateway; all of it safe from any thread."""

    @property
    def box_window(self) -> str | None:
        """Path of the virtual home's socket; None in a real home."""

    @property
    def workshop(self) -> Workshop | None:
        """For the technician's page; None: nothing can be installed here."""

    def picture(self, only: Collection[str] | None = None) -> Picture:
        """The picture as of now, of `only` these persons (None: of all): gateway/picture.py."""

    def order(self, wish: Wish) -> None:
        """Have a device do something; returns once that is committed.

        Raises orders.WishRefused or desk.DeskClosed.
        """

    def ask(self, view: Callable[[Home, int], T]) -> T:
        """What a pure view makes of the home and the time, asked under the desk's lock."""

    def enter(self, entry: Entry) -> None:
        """Store what a person says; returns once that is committed.

        Raises entering.EntryRefused or desk.DeskClosed.
        """

    def changed(self) -> None:
        """Wake everybody who waits: what somebody may see may be something else."""

    def wait_change(self, last_version: int, timeout_s: float) -> int:
        """Block until the version is not `last_version`, or for `timeout_s`; the version then."""


class Seats:
    """How many may look at once: `take()` says whether there was a seat, `leave()` frees it."""

    def __init__(self, limit: int) -> None:
        self._free = limit
        self._lock = threading.Lock()

    def take(self) -> bool:
        """True and one seat fewer, or False."""
        with self._lock:
            if self._free == 0:
                return False
            self._free -= 1
            return True

    def leave(self) -> None:
        """Give a seat back."""
        with self._lock:
            self._free += 1


def event(name: str, data: dict[str, Any]) -> str:
    """One server-sent event. JSON has no raw line breaks, so one `data:` line is enough."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def stream(
    desk: Desk,
    sections: Callable[[Picture], dict[str, str]],
    token: str,
    still: Callable[[], bool] = lambda: True,
    only: Collection[str] | None = None,
    tick_s: float = TICK_S,
) -> Iterator[str]:
    """Events for one browser, until it goes away or the gateway closes its desk.

    `still()`: whether whoever looks may see what she saw when it began; `only`: of these persons.
    """
    yield event("token", {"token": token})
    sent: dict[str, str] = {}
    version = desk.wait_change(-1, 0.0)
    while still():
        picture = desk.picture(only)
        drawn = sections(picture)
        fresh = {name: html for name, html in drawn.items() if sent.get(name) != html}
        sent = drawn
        yield event("now", {"version": version, "now_ms": picture["now_ms"], "sections": fresh})
        asked_s = time.monotonic()
        newest = desk.wait_change(version, tick_s)
        if newest == version and time.monotonic() - asked_s < tick_s / 2:
            return  # back early with nothing new: the desk is closed
        version = newest
    yield event("gone", {})
