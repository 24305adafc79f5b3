"""The officer's book: what was noted and closed about everybody.

Knows: what each of these facts changes in the book. May not know: the time, incidents, a page.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.events import CaseClosed, CaseNoted, Event

Entry = CaseNoted | CaseClosed


@dataclass(slots=True)
class Cases:
    """Of a home. Owned by one thread, as all beliefs."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)  # by person, the newest last

    def note(self, event: Event) -> None:
        """A fact became known."""
        if isinstance(event, (CaseNoted, CaseClosed)):
            self.entries.setdefault(event.person_id, []).append(event)

    def newest(self, person_id: str) -> Entry | None:
        """What was written down about her last."""
        entries = self.entries.get(person_id)
        return entries[-1] if entries else None
