"""A month's doses counted beside the pages: some at a time, and everybody else between.

Knows: the desk, a thread of its own while there is something to count. May not know: Flask, words,
how a dose is counted (gateway.officer.doses).

A page counts what little is new since somebody asked before. A month that nobody asked for since
the gateway began is counted by the thread, one month after the other, which rests after each few
doses: a text or a call for help never waits for more than these.
"""

from __future__ import annotations

import threading
from collections import Counter

from gateway.home import Home
from gateway.officer import doses
from gateway.web.sse import Desk

IN_PAGE = 8  # times a few doses: some ten milliseconds
REST_S = 0.005


class BeingReckoned(Exception):  # noqa: N818  # an answer, not an error of this program
    """So many of a month's doses are counted; come again."""

    def __init__(self, month: str, done: int, whole: int) -> None:
        super().__init__(f"{month}: {done}/{whole}")
        self.month = month
        self.done = done
        self.whole = whole


class Reckoner:
    """Of one desk; from any thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._months: list[str] = []  # that are asked for, in that order; not empty: it runs

    def counted(self, month: str) -> Counter[str]:
        """How the doses of a month stand as of now, by state. Raises BeingReckoned."""
        for more in reversed(range(IN_PAGE)):
            waiting, found = self._look(month)
            if not waiting:
                return found
            if waiting > more * doses.AT_ONCE:
                break
        with self._lock:
            begins = not self._months
            if month not in self._months:
                self._months.append(month)
        if begins:
            threading.Thread(target=self._run, name="reckoner", daemon=True).start()
        raise BeingReckoned(month, found.total(), found.total() + waiting)

    def _look(self, month: str) -> tuple[int, Counter[str]]:
        def look(home: Home, now_ms: int) -> tuple[int, Counter[str]]:
            waiting = home.doses.look(home.household, month, now_ms)
            return waiting, home.doses.counted(month)

        return self._desk.ask(look)

    def _run(self) -> None:
        """Counts until nobody waits for anything."""
        rest = threading.Event()
        try:
            while self._goes_on(self._look(self._months[0])[0]):
                rest.wait(REST_S)
        except BaseException:
            self._months = []  # whoever asks next has it begun anew
            raise

    def _goes_on(self, waiting: int) -> bool:
        """Decided where nobody can add a month meanwhile: there is never a second thread."""
        with self._lock:
            if not waiting:
                del self._months[0]
            return bool(self._months)
