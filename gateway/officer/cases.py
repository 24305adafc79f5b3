"""The officer's book: what was noted and closed about everybody, and whose care ended.

Knows: what each of these facts changes in the book. May not know: the time, incidents, a page.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.events import CareEnded, CaseClosed, CaseNoted, Event

Entry = CaseNoted | CaseClosed


@dataclass(slots=True)
class Cases:
    """Of a home. Owned by one thread, as all beliefs."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)  # by person, the newest last
    ended: dict[str, CareEnded] = field(default_factory=dict)  # by person, the newest last
    # Under which ids others were told about those whose care ended: nothing goes to these any more.
    told_no_more: set[str] = field(default_factory=set)

    def note(self, event: Event) -> None:
        """A fact became known."""
        if isinstance(event, (CaseNoted, CaseClosed)):
            self.entries.setdefault(event.person_id, []).append(event)
        elif isinstance(event, CareEnded):
            self.ended[event.person_id] = event
            self.told_no_more.update(event.guardians)

    def newest(self, person_id: str) -> Entry | None:
        """What was written down about her last."""
        entries = self.entries.get(person_id)
        return entries[-1] if entries else None
