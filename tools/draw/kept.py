"""What is kept in a device's flash and crosses the air as well: records, schedules, parameters.

Knows: anbu_wire's records, schedules, settings. May not know: who reads them, Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from anbu_wire import messages, names, schedule, settings
from tools.draw.page import field_remarks, remarks, table
from tools.draw.wire import layout, offsets


def kinds_table() -> str:
    """The kinds of records."""
    said = remarks(messages)
    rows = [
        (number, name, _NAMED.sub("[see below]", said.get(name.upper(), "")))
        for number, name in names.RECORD_KIND_NAMES.items()
    ]
    return table(("kind", "name", "value in brackets"), rows)


_NAMED = re.compile(r"\[[A-Z]+_\*\]")

# Where a value has names, they begin alike; and the record or message that carries it.
VALUES = {
    "OPENED_": "lid_opened",
    "DOUBT_": "slot_doubtful",
    "SKIPPED_": "slot_skipped",
    "WORD_": "close_slot",
    "REFILL_": "refill, refill_begun",
    "HELP_": "help_state, help_answered",
}
_NOT_VALUES = {
    *(name.upper() for name in names.RECORD_KIND_NAMES.values()),
    *(row[0].upper() for _kind, row in messages.TABLE.items()),
}


def value_names(prefix: str) -> dict[int, str]:
    """Value → name of the constants of messages that begin so, without their prefix."""
    own = {
        value: name.removeprefix(prefix).lower()
        for name, value in vars(messages).items()
        if name.startswith(prefix) and name not in _NOT_VALUES
    }
    return dict(sorted(own.items()))


def values_table() -> str:
    """The values that have names."""
    said = remarks(messages)
    rows = [
        (where if not place else "", value, name, said.get(prefix + name.upper(), ""))
        for prefix, where in VALUES.items()
        for place, (value, name) in enumerate(value_names(prefix).items())
    ]
    return table(("in", "value", "name", ""), rows)


def _record(values: dict[str, Any]) -> bytes:
    slot = (values["slot day"], values["slot index"])
    own = {n: slot if n == "slot" else values[n] for n in messages.Record._fields}
    return messages.encode_record(messages.Record(**own))


def _record_back(data: bytes) -> Mapping[str, int]:
    back = messages.decode_record(data)._asdict()
    day, index = back.pop("slot")
    return {**back, "slot day": day, "slot index": index}


def record_table() -> str:
    """One record of the log."""
    names = [n for n in messages.Record._fields if n != "slot"] + ["slot day", "slot index"]
    body = messages.RECORD_BYTES - 4
    rows = [*layout((_record, _record_back), names, body), ("crc32", body, "u32")]
    remark = {
        "seq": "identity is (device id, epoch, seq)",
        "uptime_ms": "since this boot",
        "wall_s": "UTC seconds since 2000, 0 = not known",
        "timeline": "raised whenever the clock was lost or jumped",
        "quality": "0 unknown, 1 drifting, 2 synced",
        "compartment": "255 = none",
        "slot day": "local days since 2000; day 0, index 0 = no slot",
        "crc32": f"IEEE, of the first {body} bytes",
    }
    return offsets(rows, remark)


def _entry(values: dict[str, Any]) -> bytes:
    slot = (values["slot day"], values["slot index"])
    own = {n: slot if n == "slot" else values[n] for n in schedule.Entry._fields}
    whole = schedule.Schedule(schedule.UTC, [schedule.Entry(**own)])
    return schedule.encode_schedule(whole)[schedule.HEAD_BYTES :]


def _entry_back(data: bytes) -> Mapping[str, int]:
    head = schedule.encode_schedule(schedule.Schedule(schedule.UTC, []))
    back = schedule.decode_schedule(head[:1] + b"\1" + head[2:] + data).entries[0]._asdict()
    day, index = back.pop("slot")
    return {**back, "slot day": day, "slot index": index}


def schedule_table() -> str:
    """One entry of a schedule."""
    fields_of = [n for n in schedule.Entry._fields if n != "slot"] + ["slot day", "slot index"]
    rows = layout((_entry, _entry_back), fields_of, schedule.ENTRY_BYTES)
    _name, last, kind = rows[-1]
    end = last + int(kind[1:]) // 8
    if end < schedule.ENTRY_BYTES:
        rows.append(("reserved", end, f"{schedule.ENTRY_BYTES - end} × 0"))
    remark = {
        **field_remarks(schedule),
        "slot day": "local days from 2000-01-01",
        "slot index": "index within the day",
        "due_wall_s": "UTC seconds since 2000",
        "criticality": "0 normal, 1 time-critical, 2 low: light only in quiet hours",
        "every_days": "0 = this one slot; else a rule: its slot every so many days",
        "weekdays": "bit 0 Monday; 0 = all",
        "until_day": "the rule's last day; 0 = no end",
        "step": "a rule's compartment is `compartment` + step × weekday (Monday 0)",
        "daily_max": "a PRN compartment: at most so many openings a local day; 0 = none",
    }
    return offsets(rows, remark)


def _zone(values: dict[str, int]) -> bytes:
    return schedule.encode_schedule(schedule.Schedule(schedule.Zone(**values), []))


def _zone_back(data: bytes) -> Mapping[str, int]:
    back: Mapping[str, int] = schedule.decode_schedule(data).zone._asdict()
    return back


def schedule_head_table() -> str:
    """What a schedule begins with."""
    rows = layout((_zone, _zone_back), list(schedule.Zone._fields), schedule.HEAD_BYTES)
    blank = dict.fromkeys(schedule.Zone._fields, 0)
    if _zone(blank)[:2] != bytes((schedule.FORMAT, 0)):
        raise ValueError("a schedule does not begin with its format and how many entries it has")
    rows = [("format", 0, "u8"), ("entries", 1, "u8"), *rows]
    remark = {
        "format": str(schedule.FORMAT),
        "entries": f"how many follow, at most {schedule.MAX_ENTRIES}",
        "offset_min": "minutes east of UTC",
        "change_wall_s": "until then, UTC seconds since 2000; 0 = no change known",
        "next_offset_min": "minutes east of UTC from then on",
    }
    return offsets(rows, remark)


def parameters_table() -> str:
    """What can be set, a row in the tail of PARAMETERS: id u8, value u32."""
    rows = [
        (number, name, lowest, highest, "yes" if own else "no")
        for number, (name, lowest, highest, own) in settings.PARAMETERS.items()
    ]
    return table(("id", "name", "from", "to", "by set_parameter"), rows)


def drawings() -> dict[str, str]:
    """Every block of this module by its mark."""
    return {
        "record": record_table(),
        "kinds": kinds_table(),
        "values": values_table(),
        "schedule-head": schedule_head_table(),
        "schedule": schedule_table(),
        "parameters": parameters_table(),
    }
