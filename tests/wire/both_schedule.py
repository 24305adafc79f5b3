"""anbu_wire.schedule: its bytes, the slots that entries mean, local time; both interpreters."""

from anbu_wire.errors import RemoteProtocolError
from anbu_wire.schedule import (
    DAY_S,
    ENTRY_BYTES,
    FORMAT,
    HEAD_BYTES,
    LOW,
    MAX_BYTES,
    MAX_ENTRIES,
    UTC,
    Entry,
    Schedule,
    Zone,
    decode_schedule,
    encode_schedule,
    local_day,
    local_minute,
    occurrences,
    offset_min_at,
    once,
    weekday,
)

DAY = 9862  # 2027-01-01, a Friday
DUE_S = DAY * DAY_S + 8 * 3600
DOSE = once((DAY, 1), 5, DUE_S, (30, 60, 90), LOW, 120, (240, 1, 2))
KOREA = Zone(540, 0, 540)


def _rule(
    every_days: int = 1,
    weekdays: int = 0,
    until_day: int = 0,
    step: int = 0,
    daily_max: int = 0,
    due_s: int = DUE_S,
) -> Entry:
    days = (every_days, weekdays, until_day, step, daily_max)
    return Entry((DAY, 1), 5, due_s, 30, 60, 90, 120, 240, 1, 2, LOW, *days)


def _days(entry: Entry, from_day: int, until_day: int, zone: Zone = UTC) -> "list[int]":
    found = occurrences(entry, zone, from_day * DAY_S, until_day * DAY_S)
    return [slot.slot[0] - DAY for slot in found]


def _refused(data: bytes) -> bool:
    try:
        decode_schedule(data)
    except RemoteProtocolError:
        return True
    return False


def test_a_schedule_comes_back_as_it_was() -> None:
    """Every field at its highest and lowest, zones east and west, none and sixty-four entries."""
    high = Entry((65535, 255), 255, 0xFFFFFFFF, *(65535,) * 5, *(255,) * 5, 65535, 255, 255)
    low = Entry((0, 0), 0, 0, *(0,) * 13)
    for entries in ([], [high, low, DOSE], [DOSE] * MAX_ENTRIES):
        for zone in (UTC, Zone(-720, 0xFFFFFFFF, 840)):
            data = encode_schedule(Schedule(zone, entries))
            assert len(data) == HEAD_BYTES + len(entries) * ENTRY_BYTES <= MAX_BYTES
            assert decode_schedule(data) == Schedule(zone, entries)


def test_the_bytes_are_where_the_table_says() -> None:
    """Little-endian, hand-counted: the gateway of another year reads the same."""
    data = encode_schedule(Schedule(Zone(540, 7, -60), [DOSE]))
    assert data[:HEAD_BYTES] == bytes((FORMAT, 1)) + b"\x1c\x02\xc4\xff\x07\x00\x00\x00"
    entry = data[HEAD_BYTES:]
    assert entry[:8] == b"\x86\x26\x01\x05" + DUE_S.to_bytes(4, "little")
    assert entry[8:18] == b"\x1e\x00\x3c\x00\x5a\x00\x78\x00\xf0\x00"
    assert entry[18:] == bytes((1, 2, LOW, 0, 0, 0, 0, 0, 0, 0))


def test_anything_else_is_refused() -> None:
    """Another format, cut or longer by a byte, too many entries, a count that is not so."""
    data = encode_schedule(Schedule(UTC, [DOSE]))
    assert not _refused(data)
    for bad in (b"", data[:-1], data + b"\0", data[:HEAD_BYTES], bytes(HEAD_BYTES)):
        assert _refused(bad)
    assert _refused(bytes((FORMAT - 1,)) + data[1:])
    assert _refused(data[:1] + b"\2" + data[2:])
    many = bytes((FORMAT, MAX_ENTRIES + 1)) + bytes(8 + (MAX_ENTRIES + 1) * ENTRY_BYTES)
    assert _refused(many)


def test_a_one_off_falls_due_once() -> None:
    """Itself, both ends of the range included."""
    for from_s, until_s, there in (
        (DUE_S, DUE_S, True),
        (DUE_S + 1, DUE_S + DAY_S, False),
        (0, DUE_S - 1, False),
    ):
        assert occurrences(DOSE, UTC, from_s, until_s) == ([DOSE] if there else [])


def test_a_daily_rule_has_one_slot_a_day_from_its_first() -> None:
    """None before it; each a one-off with the rule's windows and the next day's id."""
    rule = _rule()
    assert _days(rule, DAY - 10, DAY + 3) == [0, 1, 2]
    tenth = occurrences(rule, UTC, DUE_S + 9 * DAY_S, DUE_S + 9 * DAY_S)
    assert tenth == [once((DAY + 9, 1), 5, DUE_S + 9 * DAY_S, (30, 60, 90), LOW, 120, (240, 1, 2))]


def test_every_so_many_days_counts_from_the_first() -> None:
    """Whatever the range begins with; far from the first day too."""
    rule = _rule(3)
    assert _days(rule, DAY - 5, DAY + 8) == [0, 3, 6]
    assert _days(rule, DAY + 1, DAY + 4) == [3]
    assert _days(rule, DAY + 3000, DAY + 3004) == [3000, 3003]


def test_weekdays_choose_days_and_compartment() -> None:
    """Monday 0: 1 January 2027 is a Friday; the step moves the lid by weekday."""
    assert [weekday(DAY + n) for n in range(4)] == [4, 5, 6, 0]
    found = occurrences(_rule(1, 0b0010001, step=3), UTC, DUE_S, DUE_S + 10 * DAY_S)
    assert [(e.slot[0] - DAY, e.compartment) for e in found] == [(0, 17), (3, 5), (7, 17), (10, 5)]
    assert _days(_rule(2, 0b0010000), DAY, DAY + 30) == [0, 14, 28]


def test_a_supply_ends_with_its_last_day() -> None:
    """`until_day` is in."""
    assert _days(_rule(until_day=DAY + 2), DAY - 1, DAY + 9) == [0, 1, 2]


def test_as_needed_never_falls_due() -> None:
    """A PRN compartment has no slots, with a rule's fields or without."""
    assert occurrences(_rule(0, daily_max=3), UTC, 0, DUE_S + DAY_S) == []
    assert occurrences(_rule(1, daily_max=3), UTC, 0, DUE_S + DAY_S) == []


def test_local_time_goes_by_the_zone_and_its_change() -> None:
    """Offset, day and minute on both sides of the change, to the second."""
    zone = Zone(60, DUE_S, 120)
    assert offset_min_at(zone, DUE_S - 1) == 60
    assert offset_min_at(zone, DUE_S) == 120
    assert offset_min_at(Zone(60, 0, 120), DUE_S) == 60
    assert (local_minute(zone, DUE_S - 1), local_minute(zone, DUE_S)) == (539, 600)
    midnight_s = DAY * DAY_S - 9 * 3600
    assert (local_day(KOREA, midnight_s - 1), local_day(KOREA, midnight_s)) == (DAY - 1, DAY)
    assert (local_minute(KOREA, midnight_s - 1), local_minute(KOREA, midnight_s)) == (1439, 0)


def test_a_rule_keeps_its_local_time_over_a_zone_change() -> None:
    """An hour more or less between two days' slots, the same minute by the wall, every day once."""
    for first, then in ((60, 120), (120, 60), (-300, -240)):
        for hour in (0, 8, 23):
            due_s = DAY * DAY_S + hour * 3600 - first * 60
            zone = Zone(first, DAY * DAY_S + 2 * DAY_S + 3600, then)
            rule = _rule(due_s=due_s)
            found = occurrences(rule, zone, due_s, due_s + 5 * DAY_S)
            days = [e.slot[0] for e in found]
            assert days[:5] == [DAY + n for n in range(5)], (first, then, hour)
            assert {local_minute(zone, e.due_wall_s) for e in found} == {hour * 60}
            assert [local_day(zone, e.due_wall_s) for e in found] == days


def test_a_local_time_that_comes_twice_or_never_still_has_its_slot() -> None:
    """02:30 where 02:00 becomes 03:00 is 03:30; where it comes twice, the first. No day lost."""
    for first, then, minute in ((60, 120, 210), (120, 60, 150)):
        due_s = DAY * DAY_S + (150 - first) * 60
        change_s = (DAY + 2) * DAY_S + 3600
        zone = Zone(first, change_s, then)
        found = occurrences(_rule(due_s=due_s), zone, due_s, due_s + 4 * DAY_S)
        assert [e.slot[0] - DAY for e in found][:4] == [0, 1, 2, 3]
        assert [local_minute(zone, e.due_wall_s) for e in found][:4] == [150, 150, minute, 150]
        assert [e.due_wall_s < change_s for e in found][:4] == [True, True, first == 120, False]
    second = _rule(due_s=change_s)  # a rule may begin at any moment: its first slot is there
    assert occurrences(second, zone, change_s, change_s)[0].due_wall_s == change_s


def test_ranges_side_by_side_find_every_slot_once() -> None:
    """Hour by hour over a zone change: none twice, none lost."""
    zone = Zone(60, DUE_S + 3 * DAY_S - 1800, 120)
    rule = _rule()
    found = []
    for hour in range(24 * 8):
        from_s = DUE_S - DAY_S + hour * 3600
        found += [e.slot[0] - DAY for e in occurrences(rule, zone, from_s, from_s + 3599)]
    assert found == list(range(8))  # the change brings the last one an hour forward
