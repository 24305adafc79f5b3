"""The desk: what the web page gets to see of the running gateway, safe to ask from any thread.

Knows: how to hand out the picture and how to wait for a change.
May not know: Flask, the database, how the picture is made.

    desk.picture(only=None) -> dict   a new picture as of now, JSON-able (gateway/picture.py);
                                      of `only` these persons, None: of everybody
    desk.version -> int               rises with every change
    desk.wait_change(last, timeout_s) -> int
    desk.workshop -> Workshop | None  for the technician (gateway/workshop.py)
    desk.listen(call_id) -> bytes | None   the WAV of a recorded call; None: there is none to hear
    desk.box_window -> str | None     path of the virtual home's window socket, if there is one
    desk.order(wish)                  returns when the order is committed; raises orders.WishRefused
                                      or DeskClosed
    desk.ask(view) -> T               view(home, now_ms), a pure function, under the desk's lock
    desk.enter(entry)                 returns when its facts are committed; raises EntryRefused or
                                      DeskClosed
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from gateway.entering import Entry
from gateway.home import Home
from gateway.orders import Wish, WishRefused
from gateway.refused import EntryRefused
from gateway.workshop import Workshop

Picture = dict[str, Any]
T = TypeVar("T")


class DeskClosed(Exception):  # noqa: N818  # an answer, not an error of this program
    """Nothing can be ordered just now: the gateway starts or stops, or cannot write its log."""


def hear_nothing(_call_id: int) -> bytes | None:
    """For a desk behind which nobody is called."""
    return None


def take_no_wish(_wish: Wish) -> None:
    """For a desk behind which nobody carries anything out."""
    raise WishRefused("order")


def take_no_entry(_entry: Entry) -> None:
    """For a desk behind which nobody writes anything down."""
    raise EntryRefused("no_desk")


def know_nothing() -> tuple[Home, int]:
    """For a desk behind which there is no home: one that is empty, in 1970."""
    return Home(), 0


class Desk:
    """Between one writer (the gateway's loop) and many readers (the page's threads)."""

    def __init__(
        self,
        draw: Callable[[Collection[str] | None], Picture],
        box_window: str | None = None,
        take: Callable[[Wish], None] = take_no_wish,
        note: Callable[[Entry], None] = take_no_entry,
        know: Callable[[], tuple[Home, int]] = know_nothing,
    ) -> None:
        """`take(wish)`, `note(entry)` commit; they are called from the page's threads.

        `know()`: the home and what time it is.
        """
        self.box_window = box_window
        self.workshop: Workshop | None = None  # put there by whoever has one
        self.listen: Callable[[int], bytes | None] = hear_nothing  # by whoever keeps recordings
        self._take = take
        self._note = note
        self._know = know
        self._draw = draw
        self._changed = threading.Condition()
        self._lock = threading.RLock()
        self._version = 1
        self._closed = False

    @property
    def lock(self) -> threading.RLock:
        """Held by the loop while it folds facts, by `picture` while it draws."""
        return self._lock

    @property
    def version(self) -> int:
        """The number of the newest change."""
        return self._version

    def picture(self, only: Collection[str] | None = None) -> Picture:
        """Draw the picture as of now (gateway/picture.py has its shape), of `only` these persons.

        None: of everybody.
        """
        with self._lock:
            return self._draw(only)

    def order(self, wish: Wish) -> None:
        """Have a device do something; returns once that is committed.

        Raises orders.WishRefused with the reason, or DeskClosed.
        """
        self._take(wish)

    def ask(self, view: Callable[[Home, int], T]) -> T:
        """What a pure function sees of the home as of now; nothing changes while it looks."""
        with self._lock:
            return view(*self._know())

    def enter(self, entry: Entry) -> None:
        """Write down what a person entered; returns once that is committed.

        Raises EntryRefused with the reason, or DeskClosed.
        """
        self._note(entry)

    def changed(self) -> None:
        """Wake everybody who waits: something in the picture is different now."""
        with self._changed:
            self._version += 1
            self._changed.notify_all()

    def wait_change(self, last_version: int, timeout_s: float) -> int:
        """Block until the version is not `last_version`, at most `timeout_s`; the version then.

        The same number coming back means: nothing changed, say "still alive" to the browser.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._closed or self._version != last_version, timeout=timeout_s
            )
            return self._version

    def close(self) -> None:
        """The gateway stops: nobody waits any longer."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
