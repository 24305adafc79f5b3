"""Where to find an incident or a text without looking through the years before.

Knows: by what they are looked for. May not know: what follows from what is found, the time.

A shelf may hold more than is looked for, never less: who takes from it looks again.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from dataclasses import dataclass, field

from anbu_wire import messages as wire
from gateway.events import DeviceRecord, SlotId
from gateway.units import DAY_MS

# With one of these a slot was opened after all, or was not to be opened (decide.py).
SETTLING = frozenset({wire.SLOT_TAKEN, wire.SLOT_SKIPPED, wire.SLOT_PAUSED})


@dataclass(slots=True)
class Shelves:
    """Ids of incidents and texts, each in the order they came."""

    ended: dict[SlotId, dict[int, None]] = field(default_factory=dict)  # incidents that expired
    boxes: dict[str, str] = field(default_factory=dict)  # device → whose it is
    placed: dict[str, str | None] = field(default_factory=dict)  # of these, what the page said
    owed: dict[int, None] = field(default_factory=dict)  # of these, where a record came later
    told: dict[str, dict[int, None]] = field(default_factory=dict)  # incidents by number
    answers: dict[tuple[str, int | None], list[int]] = field(default_factory=dict)  # texts
    counted: dict[str, list[int]] = field(default_factory=dict)  # guardian → when, ascending
    news: dict[tuple[str, str], int] = field(default_factory=dict)  # (guardian, purpose) → text
    heard: dict[str, int] = field(default_factory=dict)  # number → when its last text came in
    questions: dict[tuple[str, int], int] = field(
        default_factory=dict
    )  # (box, question) → incident
    opened_on: dict[int, list[int]] = field(default_factory=dict)  # day of UTC → incidents
    of_person: dict[str, list[int]] = field(default_factory=dict)  # hers
    over: dict[tuple[str, str], int] = field(default_factory=dict)  # (whose, kind) → the last end

    def file_boxes(self, boxes: dict[str, str]) -> None:
        """Whose the devices are by the file; what the page said stays on top."""
        every = {**boxes, **self.placed}
        self.boxes = {box: of for box, of in every.items() if of is not None}

    def page_box(self, device_id: str, person_id: str | None) -> None:
        """Whose a device is by the page; None: nobody's."""
        self.placed[device_id] = person_id
        self.boxes.pop(device_id, None)
        if person_id is not None:
            self.boxes[device_id] = person_id

    def opened(self, incident_id: int, person_id: str, at_ms: int) -> None:
        """An incident began."""
        self.opened_on.setdefault(at_ms // DAY_MS, []).append(incident_id)
        self.of_person.setdefault(person_id, []).append(incident_id)

    def expired(self, incident_id: int, slot: SlotId | None) -> None:
        """An incident ended by itself; no record had said before how its slot ended."""
        if slot is not None:
            self.ended.setdefault(slot, {})[incident_id] = None

    def settled(self, incident_id: int, slot: SlotId | None) -> None:
        """It ended with a reason: nothing is owed any more."""
        self.owed.pop(incident_id, None)
        if slot is not None:
            self.ended.get(slot, {}).pop(incident_id, None)

    def of_slot(self, slot: SlotId) -> None:
        """Something was said about a slot; where its incident has expired, that is looked at."""
        found: Iterable[int] = self.ended.get(slot, ())
        self.owed.update(dict.fromkeys(found))

    def record(self, event: DeviceRecord) -> None:
        """A box's record that may settle a slot."""
        person_id = self.boxes.get(event.device_id)
        if event.record_kind not in SETTLING or person_id is None:
            return  # of a box of nobody the household believes nothing either
        if event.slot_day and event.slot_index is not None:
            self.of_slot(SlotId(person_id, event.slot_day, event.slot_index))

    def was_told(self, incident_id: int, number: str) -> None:
        """Somebody was told about an incident under a number."""
        self.told.setdefault(number, {})[incident_id] = None

    def answered(self, text_id: int, number: str, incident_id: int | None) -> None:
        """An automatic text went back to a number."""
        self.answers.setdefault((number, incident_id), []).append(text_id)

    def count(self, guardian_id: str, at_ms: int) -> None:
        """Somebody got a text of those that the weekly cap counts."""
        bisect.insort(self.counted.setdefault(guardian_id, []), at_ms)

    def counted_since(self, guardian_id: str, ms: int) -> int:
        """How many of them there were since an instant."""
        every = self.counted.get(guardian_id, [])
        return len(every) - bisect.bisect_right(every, ms)
