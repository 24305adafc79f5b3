"""A schedule as it crosses the air and lies in the box's flash, and the dose slots it means.

Knows: the bytes (little-endian), one-off entries and rules that repeat, the zone they are reckoned
in. May not know: what became of a slot, files, sessions. Box and gateway expand rules by this file.

An entry with `every_days` 0 is one dose slot. Else it is a rule: its slot on `slot[0]`, then every
so many days, on the weekdays of the mask (bit 0 Monday; 0 = all), up to `until_day` (0 = no end),
always at the same local time: `due_wall_s` is the first one's. Its compartment is `compartment` +
`step` × weekday (Monday 0). An entry with `daily_max` is a PRN compartment (no due time of its own:
valid from `due_wall_s` to `until_day`; at most so many openings a local day, `spacing_min` apart).
"""

import struct
from collections import namedtuple

from anbu_wire.errors import RemoteProtocolError

FORMAT = 2
MAX_ENTRIES = 64
_HEAD = "<BBhhI"  # format u8 · entries u8 · offset, next offset i16 · change wall_s u32
HEAD_BYTES = 10
# day u16 · index, compartment u8 · due wall_s u32 · early, window, late, skip, spacing u16 ·
# after days, after index, criticality, every days, weekdays u8 · until day u16 · step, daily max u8
# · reserved u8
_ENTRY = "<HBBIHHHHHBBBBBHBBB"
ENTRY_BYTES = 28
MAX_BYTES = HEAD_BYTES + MAX_ENTRIES * ENTRY_BYTES

# criticality
NORMAL = 0
TIME_CRITICAL = 1
LOW = 2  # light only in quiet hours

DAY_S = 86_400
_2000_WEEKDAY = 5  # 2000-01-01 was a Saturday; Monday is 0

# minutes east of UTC until `change_wall_s` (0 = no change known), and from then on
Zone = namedtuple("Zone", ("offset_min", "change_wall_s", "next_offset_min"))
Schedule = namedtuple("Schedule", ("zone", "entries"))
UTC = Zone(0, 0, 0)

Entry = namedtuple(
    "Entry",
    (
        "slot",  # (day, index): local days from 2000-01-01, index within the day
        "compartment",
        "due_wall_s",
        "early_min",  # the early window begins this long before due
        "window_min",  # the window closes this long after due: LATE, or MISSED where late_min is 0
        "late_min",  # how long after the window a late dose is still offered
        "skip_after_min",  # this long after due "take" turns into "skip this one"; 0 = never
        "spacing_min",  # not before so long after the slot `after` was opened; 0 = no spacing
        "after_days",  # that slot: so many days earlier,
        "after_index",  # of this index
        "criticality",
        "every_days",
        "weekdays",
        "until_day",
        "step",
        "daily_max",
    ),
)


def once(
    slot: "tuple[int, int]",
    compartment: int,
    due_wall_s: int,
    windows_min: "tuple[int, int, int]",
    criticality: int = NORMAL,
    skip_after_min: int = 0,
    spacing: "tuple[int, int, int]" = (0, 0, 0),
) -> "Entry":
    """One dose slot; `windows_min` early, window, late; `spacing` minutes, days back, index."""
    early, window, late = windows_min
    rules = (criticality, 0, 0, 0, 0, 0)
    return Entry(
        slot, compartment, due_wall_s, early, window, late, skip_after_min, *spacing, *rules
    )


def encode_schedule(schedule: "Schedule") -> bytes:
    """The schedule's bytes: the zone, then whole entries in the order given."""
    zone = schedule.zone
    head = (zone.offset_min, zone.next_offset_min, zone.change_wall_s)
    out = struct.pack(_HEAD, FORMAT, len(schedule.entries), *head)
    for e in schedule.entries:
        out += struct.pack(_ENTRY, *e.slot, *e[1:], 0)
    return out


def decode_schedule(data: bytes) -> "Schedule":
    """The schedule in `data`. Raises RemoteProtocolError on another format or a wrong length."""
    if len(data) < HEAD_BYTES or data[0] != FORMAT:
        raise RemoteProtocolError("no schedule of format %d" % FORMAT)
    _format, count, offset_min, next_offset_min, change_wall_s = struct.unpack(
        _HEAD, data[:HEAD_BYTES]
    )
    if count > MAX_ENTRIES or len(data) != HEAD_BYTES + count * ENTRY_BYTES:
        raise RemoteProtocolError("schedule of %d bytes for %d entries" % (len(data), count))
    entries = []
    for i in range(HEAD_BYTES, len(data), ENTRY_BYTES):
        f = struct.unpack(_ENTRY, data[i : i + ENTRY_BYTES])
        entries.append(Entry((f[0], f[1]), *f[2:-1]))
    return Schedule(Zone(offset_min, change_wall_s, next_offset_min), entries)


def offset_min_at(zone: "Zone", wall_s: int) -> int:
    """Minutes east of UTC at that moment."""
    changed = zone.change_wall_s and wall_s >= zone.change_wall_s
    offset: int = zone.next_offset_min if changed else zone.offset_min
    return offset


def local_day(zone: "Zone", wall_s: int) -> int:
    """Local days from 2000-01-01 at that moment."""
    return (wall_s + offset_min_at(zone, wall_s) * 60) // DAY_S


def local_minute(zone: "Zone", wall_s: int) -> int:
    """Minutes since local midnight at that moment."""
    return (wall_s + offset_min_at(zone, wall_s) * 60) % DAY_S // 60


def weekday(day: int) -> int:
    """Monday 0 … Sunday 6."""
    return (day + _2000_WEEKDAY) % 7


def occurrences(entry: "Entry", zone: "Zone", from_wall_s: int, until_wall_s: int) -> "list[Entry]":
    """The dose slots of an entry that fall due from … until (both included), as one-off entries.

    None for a PRN compartment. At most one a day, so the caller bounds the work by the range.
    """
    if entry.daily_max:
        return []
    if not entry.every_days:
        return [entry] if from_wall_s <= entry.due_wall_s <= until_wall_s else []
    found = []
    day = max(0, (from_wall_s - entry.due_wall_s) // DAY_S - 1)
    while entry.due_wall_s + (day - 1) * DAY_S <= until_wall_s:
        if _on(entry, day):
            slot = _nth(entry, zone, day)
            if from_wall_s <= slot.due_wall_s <= until_wall_s:
                found.append(slot)
        day += 1
    return found


def _on(entry: "Entry", n: int) -> bool:
    """Whether the rule has a slot `n` days after its first day."""
    day = entry.slot[0] + n
    if n % entry.every_days or (entry.until_day and day > entry.until_day):
        return False
    return not entry.weekdays or bool(entry.weekdays >> weekday(day) & 1)


def _nth(entry: "Entry", zone: "Zone", n: int) -> "Entry":
    day = entry.slot[0] + n
    due_s = entry.due_wall_s
    if n:
        due_s = _at(zone, due_s + offset_min_at(zone, due_s) * 60 + n * DAY_S)
    compartment = entry.compartment + entry.step * weekday(day)
    once_only = (entry.criticality, 0, 0, 0, 0, 0)
    return Entry((day, entry.slot[1]), compartment, due_s, *entry[3:10], *once_only)


def _at(zone: "Zone", local_s: int) -> int:
    """When it is that local time: the first time it is, and a leap later where none is."""
    before_s: int = local_s - zone.offset_min * 60
    if not zone.change_wall_s or before_s < zone.change_wall_s:
        return before_s
    after_s: int = local_s - zone.next_offset_min * 60
    return after_s if after_s >= zone.change_wall_s else before_s
