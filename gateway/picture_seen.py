"""Whose part of the picture somebody may see: of persons, incidents, texts; and what is left out.

Knows: whose an incident, a text and a device are. May not know: accounts, who looks.

`only` is None for somebody who may see everybody, else the ids of those she may see. What concerns
the whole home is seen by all who may see anybody in it, without those who are told of others.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from gateway.incidents import Ledger, Text
from gateway.roster import Roster

Json = dict[str, Any]
HOME = ""  # the person_id of what concerns the whole home


@dataclass(frozen=True, slots=True)
class Eyes:
    """What is seen of a home by somebody who may see `only` these persons."""

    roster: Roster
    only: Collection[str] | None = None

    def person(self, person_id: str | None) -> bool:
        """Whether she is seen."""
        return self.only is None or person_id in self.only

    def incident(self, person_id: str) -> bool:
        """Whether an incident of this person ("": of the home) is seen."""
        return self.person(person_id) or (person_id == HOME and bool(self.only))

    def device(self, device_id: str) -> bool:
        """Whether the device of somebody seen."""
        device = self.roster.device(device_id)
        return self.person(device.person_id if device else None)

    def text(self, ledger: Ledger, text: Text) -> bool:
        """Whether all it speaks of is seen.

        What came in without belonging to an incident is taken for all persons whom its sender cares
        for; what a stranger wrote is seen only by those who see everybody.
        """
        if self.only is None:
            return True
        about = {ledger.incidents[i].person_id for i in text.incidents if i in ledger.incidents}
        about = (about - {HOME}) or self._cared_for(text)
        return bool(about) and all(self.person(p) for p in about)

    def clean(self, incident: Json) -> Json:
        """An incident without the people who are told of others only."""
        if self.only is None or incident["person_id"] != HOME:
            return incident
        strangers = {g.id: g.role for g in self.roster.guardians if not self.person(g.person_id)}
        acked_by = incident["acked_by"]
        return {
            **incident,
            "acked_by": strangers.get(acked_by, acked_by),
            "roll": [line for line in incident["roll"] if line["guardian_id"] not in strangers],
            "history": [
                entry
                for entry in incident["history"]
                if entry["detail"].partition(":")[0] not in strangers
            ],
            "texts": [],
        }

    def _cared_for(self, text: Text) -> set[str]:
        """The persons of the guardians it went to or came from."""
        known = [g for g in self.roster.guardians if text.guardian_id in (None, g.id)]
        return {g.person_id for g in known if g.number == text.number}
