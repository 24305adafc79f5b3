"""Which installations were signed.

Knows: the fact. May not know: what a record says, who may sign.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.events import Event, InstallationSigned


@dataclass(slots=True)
class Installations:
    """All records that were signed, by person, the oldest first."""

    signed: dict[str, list[InstallationSigned]] = field(default_factory=dict)

    def note(self, event: Event) -> None:
        """One more fact."""
        if isinstance(event, InstallationSigned):
            self.signed.setdefault(event.person_id, []).append(event)

    def of(self, person_id: str, digest: str) -> InstallationSigned | None:
        """The record with this digest."""
        return next((s for s in self.signed.get(person_id, ()) if s.digest == digest), None)
