"""What differs between two plans, gathered over days so that a person can read it.

Knows: slots by day and place, PRN compartments. May not know: prescriptions, what was taken, the
time.

All that is compared of a slot is what its owner can see: hour, compartment, contents, windows,
criticality, spacing. Days on which the same slot changes in the same way are one change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from gateway.events import PlannedRule, PlannedSlot
from gateway.roster import AS_NEEDED, LABELS
from gateway.zones import local

Pair = tuple[PlannedSlot | None, PlannedSlot | None]  # before, after; one of them is there
Seen = tuple[object, ...]


class Kind(StrEnum):
    """What a change is, by the first that holds."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"  # to another hour or compartment
    CONTENTS = "contents"
    WINDOWS = "windows"  # or criticality, or spacing


@dataclass(frozen=True, slots=True)
class Change:
    """One slot, on all days (ISO) on which it changes in this way.

    `before`, `after`: on the first of them. `goes_on`: for as long as was looked ahead.
    """

    kind: Kind
    label: str
    on: tuple[str, ...]
    before: PlannedSlot | None
    after: PlannedSlot | None
    goes_on: bool = False
    daily_max: tuple[int, int] = (0, 0)  # of a PRN compartment, before and after

    @property
    def days(self) -> int:
        """On how many days."""
        return len(self.on)

    @property
    def from_day(self) -> str:
        """The first day."""
        return self.on[0]

    @property
    def until_day(self) -> str:
        """The last day that was looked at."""
        return self.on[-1]


def slot_changes(
    before: Iterable[PlannedSlot], after: Iterable[PlannedSlot], last: date, zone: ZoneInfo
) -> tuple[Change, ...]:
    """What differs up to the day `last`, by the first day and hour that each change concerns."""
    old, new = ({s.slot: s for s in slots} for slots in (before, after))
    alike: dict[Seen, list[Pair]] = {}
    for slot in sorted(old.keys() | new.keys(), key=lambda s: (s.day, s.index)):
        pair = (old.get(slot), new.get(slot))
        was, becomes = (_seen(s, zone) if s else None for s in pair)
        spacing = [s.spacing_min if s else 0 for s in pair]
        # A drug's first dose has no spacing: that alone makes no line of its own.
        if was != becomes or spacing[0] != spacing[1]:
            alike.setdefault((slot.index, was, becomes), []).append(pair)
    found = [_gathered(pairs, last, zone) for pairs in alike.values()]
    return tuple(sorted(found, key=lambda c: (c.from_day, _either((c.before, c.after)).due_ms)))


def as_needed_changes(
    before: Iterable[PlannedRule], after: Iterable[PlannedRule], zone: ZoneInfo
) -> tuple[Change, ...]:
    """The PRN compartments that differ."""
    old, new = ({_supply(r): r for r in rules if r.daily_max} for rules in (before, after))
    found = []
    for supply in sorted(old.keys() | new.keys()):
        rules = (old.get(supply), new.get(supply))
        seen = [_seen_as_needed(r, zone) if r else None for r in rules]
        if seen[0] != seen[1]:
            was, becomes = (r.first if r else None for r in rules)
            before_max, after_max = (r.daily_max if r else 0 for r in rules)
            slot, kind = _either((was, becomes)), _kind(was, becomes, zone)
            rule = rules[1] or rules[0]
            until = rule.until_day if rule else None
            days, most = _days(slot.slot.day, until), (before_max, after_max)
            found.append(Change(kind, slot.label, days, was, becomes, until is None, most))
    return tuple(found)


def _supply(rule: PlannedRule) -> tuple[int, str]:
    """Which supply a PRN compartment holds: two of one drug have one index."""
    first = rule.first
    return (-1, first.contents[0].medication_id) if first.contents else (first.slot.index, "")


def _days(first: str, last: str | None) -> tuple[str, ...]:
    """Every day from the first to the last; the first alone where there is no last."""
    begin = date.fromisoformat(first).toordinal()
    end = date.fromisoformat(last).toordinal() if last else begin
    return tuple(date.fromordinal(n).isoformat() for n in range(begin, max(begin, end) + 1))


def _either(pair: Pair) -> PlannedSlot:
    """As it will be; one that is removed: as it was."""
    slot = pair[1] or pair[0]
    if slot is None:
        raise ValueError("a change without a slot before or after it")
    return slot


def _gathered(pairs: Sequence[Pair], last: date, zone: ZoneInfo) -> Change:
    """One change for all days on which it is the same."""
    days = tuple(_either(pair).slot.day for pair in pairs)
    newest = date.fromisoformat(days[-1])
    step = newest - date.fromisoformat(days[-2]) if len(days) > 1 else None
    goes_on = step is not None and newest + step > last
    was, becomes = pairs[0]
    return Change(_kind(was, becomes, zone), _either(pairs[0]).label, days, was, becomes, goes_on)


def _kind(was: PlannedSlot | None, becomes: PlannedSlot | None, zone: ZoneInfo) -> Kind:
    if was is None or becomes is None:
        return Kind.ADDED if was is None else Kind.REMOVED
    if (_hour(was, zone), was.compartment) != (_hour(becomes, zone), becomes.compartment):
        return Kind.MOVED
    return Kind.CONTENTS if was.contents != becomes.contents else Kind.WINDOWS


def _hour(slot: PlannedSlot, zone: ZoneInfo) -> tuple[int, str]:
    """Its local hour, and how many days after its own day that is."""
    due = local(slot.due_ms, zone)
    return (due.date() - date.fromisoformat(slot.slot.day)).days, f"{due:%H:%M}"


def _seen(slot: PlannedSlot, zone: ZoneInfo) -> Seen:
    """What a person can see of a slot but its spacing, the same on every day of the week."""
    due_ms, weekday = slot.due_ms, date.fromisoformat(slot.slot.day).weekday()
    return (
        _hour(slot, zone),
        slot.compartment - (0 if slot.label == AS_NEEDED else weekday * len(LABELS)),
        due_ms - slot.opens_ms,
        slot.closes_ms - due_ms,
        slot.ends_ms - due_ms,
        slot.criticality,
        slot.contents,
    )


def _seen_as_needed(rule: PlannedRule, zone: ZoneInfo) -> Seen:
    return (*_seen(rule.first, zone), rule.first.spacing_min, rule.daily_max, rule.until_day)
