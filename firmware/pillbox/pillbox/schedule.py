"""What a downloaded schedule must be before the box believes it.

Knows: the bounds of a zone and of every field of an entry, and that no two entries mean one slot.
May not know: clocks, storage, who sent it.
"""

from micropython import const

from anbu_wire.messages import NO_SLOT, OK, REFUSED_RANGE
from anbu_wire.schedule import LOW, MAX_ENTRIES, Zone, local_day, weekday

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_wire.schedule import Entry, Schedule

_WINDOW_MAX_MIN = const(720)
_SKIP_MAX_MIN = const(2880)
_SPACING_MAX_MIN = const(10_080)  # half the interval of a drug taken each fortnight
_FIRST_DUE_S = const(757_382_400)  # 2024-01-01: an earlier dose is a typo or a lost clock
_ZONE_MAX_MIN = const(900)  # no zone is further from UTC
_EVERY_DAY = const(127)
_NO_END = const(0xFFFF)


def check(schedule: "Schedule", compartments: int) -> int:
    """OK, or REFUSED_RANGE when the zone or an entry could not be one of this box's."""
    zone, entries = schedule.zone, schedule.entries
    offsets = (zone.offset_min, zone.next_offset_min)
    if max(offsets) > _ZONE_MAX_MIN or min(offsets) < -_ZONE_MAX_MIN:
        return REFUSED_RANGE
    if len(entries) > MAX_ENTRIES:
        return REFUSED_RANGE
    for i in range(len(entries)):
        if not _possible(entries[i], zone, compartments):
            return REFUSED_RANGE
        for j in range(i):
            if _one_slot(entries[i], entries[j]):
                return REFUSED_RANGE
    return OK


def _possible(entry: "Entry", zone: Zone, compartments: int) -> bool:
    if entry.slot == NO_SLOT or entry.due_wall_s < _FIRST_DUE_S:
        return False
    # A dose after midnight may belong to the evening before; further apart, the zone is wrong.
    if not -1 <= local_day(zone, entry.due_wall_s) - entry.slot[0] <= 1:
        return False
    if entry.compartment + entry.step * _last_weekday(entry) >= compartments:
        return False
    if entry.criticality > LOW or entry.spacing_min > _SPACING_MAX_MIN:
        return False
    return _possible_days(entry) and (_possible_dose(entry) or entry.daily_max > 0)


def _last_weekday(entry: "Entry") -> int:
    """The highest weekday on which a rule has a slot."""
    last = 6
    while last and not _mask(entry) >> last & 1:
        last -= 1
    return last


def _possible_days(entry: "Entry") -> bool:
    if entry.weekdays > _EVERY_DAY or (entry.until_day and entry.until_day < entry.slot[0]):
        return False
    # One-off and as needed: no days to choose. As needed: an end may be named.
    fixed = entry.every_days == 0
    chosen = entry.weekdays or entry.step or (entry.until_day and not entry.daily_max)
    return not (fixed and chosen) and (fixed or not entry.daily_max)


def _possible_dose(entry: "Entry") -> bool:
    if not 1 <= entry.window_min <= _WINDOW_MAX_MIN or entry.early_min > _WINDOW_MAX_MIN:
        return False
    if entry.late_min > _WINDOW_MAX_MIN or entry.skip_after_min > _SKIP_MAX_MIN:
        return False
    itself = entry.after_days == 0 and entry.after_index == entry.slot[1]
    return not (entry.spacing_min and itself)


# --- no two entries may mean the same slot -------------------------------------------------------


def _mask(entry: "Entry") -> int:
    """The weekdays on which an entry may have a slot."""
    if not entry.every_days and not entry.daily_max:
        return 1 << weekday(entry.slot[0])
    return entry.weekdays or _EVERY_DAY


def _last_day(entry: "Entry") -> int:
    day: int = entry.slot[0]
    if entry.every_days or entry.daily_max:
        return entry.until_day or _NO_END
    return day


def _one_slot(a: "Entry", b: "Entry") -> bool:
    """Whether there is a day on which both have a slot of the same index."""
    if a.slot[1] != b.slot[1] or not _mask(a) & _mask(b):
        return False
    step_a, step_b = max(1, a.every_days), max(1, b.every_days)
    last = min(_last_day(a), _last_day(b))
    day = a.slot[0]
    if day < b.slot[0]:
        day += -(-(b.slot[0] - day) // step_a) * step_a
    for _ in range(step_b):  # the first day that both rules count
        if (day - b.slot[0]) % step_b == 0:
            break
        day += step_a
    else:
        return False
    both = step_a * step_b // _common(step_a, step_b)
    for _ in range(7):  # after seven of these the weekdays begin anew
        if day > last:
            return False
        if (_mask(a) & _mask(b)) >> weekday(day) & 1:
            return True
        day += both
    return False


def _common(a: int, b: int) -> int:
    """The greatest common divisor."""
    while b:
        a, b = b, a % b
    return a
