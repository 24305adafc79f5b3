"""Persons by an instant each, in order: who is meant by now, and when the next one will be.

Knows: how that is kept so that nobody else has to be asked. May not know: what the instants mean.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field


@dataclass(slots=True)
class Moments:
    """One instant a person, UTC ms; what is put again takes the place of the one before."""

    _at: dict[str, int] = field(default_factory=dict)
    _order: list[tuple[int, str]] = field(default_factory=list)

    def put(self, person_id: str, ms: int | None) -> None:
        """Hers is this; None: she has none."""
        before = self._at.pop(person_id, None)
        if before is not None:
            del self._order[bisect.bisect_left(self._order, (before, person_id))]
        if ms is not None:
            self._at[person_id] = ms
            bisect.insort(self._order, (ms, person_id))

    def until(self, ms: int) -> list[str]:
        """Those whose instant has come."""
        return [person_id for _ms, person_id in self._order[: self._after(ms)]]

    def beyond(self, ms: int) -> list[str]:
        """Those whose instant lies later."""
        return [person_id for _ms, person_id in self._order[self._after(ms) :]]

    def next_after(self, ms: int) -> int | None:
        """The first instant that is later; None: there is none."""
        at = self._after(ms)
        return self._order[at][0] if at < len(self._order) else None

    def _after(self, ms: int) -> int:
        return bisect.bisect_right(self._order, ms, key=lambda entry: entry[0])
