"""The live stream: the parts of a page that changed, and that the gateway is still there.

Knows: server-sent events, how long a browser may hear nothing. May not know: Flask, what a
home is, how a section is drawn (that is given).

    event: token     {"token"}                           first; another one = other forms
    event: now       {"version", "now_ms", "sections"}   something changed, or only the time
    event: gone      {}                                  last: she may not see it any more
`sections` is {id: HTML} of those that differ from what this stream sent last; at first all.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import Any, Protocol, TypeVar

from gateway.entering import Entry
from gateway.home import Home
from gateway.orders import Wish
from gateway.workshop import Workshop

T = TypeVar("T")

Picture = dict[str, Any]
Drawn = tuple[int, dict[str, str]]  # the instant, and the HTML of each section by its id

# Seconds of the gateway's clock between two signs of life; static/live.js gives up after three.
TICK_S = 15.0
# Each open page holds one thread of the server while it is looked at, and up to a tick longer.
STREAMS_MAX = 16
STREAMS_OF_ONE = 6  # of one account: nobody's tabs keep all others out


class Desk(Protocol):
    """What the page is given by the gateway; all of it safe from any thread."""

    @property
    def box_window(self) -> str | None:
        """Path of the virtual home's socket; None in a real home."""

    @property
    def workshop(self) -> Workshop | None:
        """For the technician's page; None: nothing can be installed here."""

    def listen(self, call_id: int, /) -> bytes | None:
        """The WAV of a recorded call; None: there is none to hear. It blocks."""

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
    """How many may look at once, in all and of one account."""

    def __init__(self, limit: int, of_one: int) -> None:
        self._limit, self._of_one = limit, of_one
        self._taken: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, account_id: str) -> bool:
        """True and one seat fewer, or False."""
        with self._lock:
            if self._taken.total() >= self._limit or self._taken[account_id] >= self._of_one:
                return False
            self._taken[account_id] += 1
            return True

    def leave(self, account_id: str) -> None:
        """Give a seat back."""
        with self._lock:
            self._taken[account_id] -= 1
            self._taken += Counter()  # only those who look are kept


def event(name: str, data: dict[str, Any]) -> str:
    """One server-sent event. JSON has no raw line breaks, so one `data:` line is enough."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def stream(
    desk: Desk,
    draw: Callable[[], Drawn],
    token: str,
    still: Callable[[], bool] = lambda: True,
    tick_s: float = TICK_S,
    rest_s: float = 0.0,
) -> Iterator[str]:
    """Events for one browser, until it goes away or the gateway closes its desk.

    `still()`: whether whoever looks may see what she saw when it began; `rest_s`: so long between
    two looks, for what is dear to draw.
    """
    yield event("token", {"token": token})
    sent: dict[str, str] = {}
    version = desk.wait_change(-1, 0.0)
    while still():
        now_ms, drawn = draw()
        fresh = {name: html for name, html in drawn.items() if sent.get(name) != html}
        sent = drawn
        yield event("now", {"version": version, "now_ms": now_ms, "sections": fresh})
        time.sleep(rest_s)
        asked_s = time.monotonic()
        newest = desk.wait_change(version, tick_s)
        if newest == version and time.monotonic() - asked_s < tick_s / 2:
            return  # back early with nothing new: the desk is closed
        version = newest
    yield event("gone", {})
