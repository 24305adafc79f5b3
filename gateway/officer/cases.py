"""The officer's book: what was noted and closed about everybody, and whom she visits when.

Knows: what each of these facts changes in the book. May not know: the time, incidents, a page.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.events import CaseClosed, CaseNoted, Event, VisitPlanned

Entry = CaseNoted | CaseClosed


@dataclass(slots=True)
class Cases:
    """Of a home. Owned by one thread, as all beliefs."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)  # by person, the newest last
    planned: dict[str, dict[str, VisitPlanned]] = field(default_factory=dict)  # by day, person

    def note(self, event: Event) -> None:
        """A fact became known."""
        if isinstance(event, (CaseNoted, CaseClosed)):
            self.entries.setdefault(event.person_id, []).append(event)
        elif isinstance(event, VisitPlanned):
            day = self.planned.setdefault(event.day, {})
            day.pop(event.person_id, None)
            if event.wanted:
                day[event.person_id] = event

    def newest(self, person_id: str) -> Entry | None:
        """What was written down about her last."""
        entries = self.entries.get(person_id)
        return entries[-1] if entries else None
