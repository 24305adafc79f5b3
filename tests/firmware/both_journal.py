"""anbu_device.core.journal, under CPython and MicroPython."""

from anbu_device.core.journal import RESERVE_SEGMENTS, SEGMENT_RECORDS, Journal
from anbu_wire.messages import SLOT_TAKEN, Record, encode_record


def _blob(seq: int, day: int = 1) -> bytes:
    return encode_record(Record(seq, 1, 10, 20, 7, 2, SLOT_TAKEN, 0, (day, 2), 1, 0))


def _filled(count: int, day: int = 1) -> Journal:
    journal = Journal(99, 10)
    for _ in range(count):
        journal.place()
        journal.wrote(day)
    return journal


def test_an_empty_log_starts_at_one() -> None:
    """Sequence numbers start at 1; nothing is held."""
    journal = Journal(99, 10)
    assert (journal.oldest_seq, journal.newest_seq, journal.place()) == (1, 0, 1)
    assert journal.locate(1) is None


def test_segments_turn_when_full() -> None:
    """Record 129 starts a new segment named after itself."""
    journal = _filled(SEGMENT_RECORDS)
    assert journal.place() == SEGMENT_RECORDS + 1
    journal.wrote(1)
    assert journal.locate(SEGMENT_RECORDS) == (1, (SEGMENT_RECORDS - 1) * 32, 1)
    assert journal.locate(SEGMENT_RECORDS + 1) == (SEGMENT_RECORDS + 1, 0, 1)


def test_reading_in_gives_back_every_whole_record() -> None:
    """After a restart the log continues where it stood, timeline included."""
    seen: list[Record] = []
    journal = Journal(99, 10)
    journal.read_in(1, _blob(1) + _blob(2), seen.append)
    assert [r.seq for r in seen] == [1, 2]
    assert (journal.newest_seq, journal.place(), journal.timeline) == (2, 1, 7)
    assert not journal.torn


def test_a_torn_end_is_left_alone() -> None:
    """A half-written record is not read, and the next one goes into a new segment."""
    seen: list[Record] = []
    journal = Journal(99, 10)
    journal.read_in(1, _blob(1) + _blob(2)[:20], seen.append)
    assert [r.seq for r in seen] == [1]
    assert journal.torn
    assert journal.place() == 2
    journal.wrote(1)
    assert journal.locate(2) == (2, 0, 1)


def test_a_flipped_bit_costs_one_record_and_its_number() -> None:
    """A record with a wrong CRC is not believed; its number, perhaps pushed, is not given again."""
    for damaged in (1, 2, 3):
        bad = bytearray(_blob(1) + _blob(2) + _blob(3))
        bad[32 * damaged - 20] ^= 1
        seen: list[Record] = []
        journal = Journal(99, 10)
        journal.read_in(1, bytes(bad), seen.append)
        assert [r.seq for r in seen] == [seq for seq in (1, 2, 3) if seq != damaged]
        assert (journal.torn, journal.next_seq, journal.place()) == (True, 4, 1)


def test_a_record_in_a_place_that_is_not_its_own_is_not_believed() -> None:
    """The right bytes of another number are damage too."""
    seen: list[Record] = []
    journal = Journal(99, 10)
    journal.read_in(1, _blob(1) + _blob(5), seen.append)
    assert [r.seq for r in seen] == [1]
    assert journal.torn


def _read_in(*segments: "tuple[int, bytes]") -> Journal:
    journal = Journal(99, 10)
    for first_seq, data in segments:
        journal.read_in(first_seq, data, lambda record: None)
    return journal


def _run(first_seq: int, count: int) -> bytes:
    return b"".join([_blob(seq) for seq in range(first_seq, first_seq + count)])


def test_an_empty_segment_is_gone_on_with() -> None:
    """The power went between a segment's name and its first record: that goes there, alone."""
    for before in (SEGMENT_RECORDS, 50):
        journal = _read_in((1, _run(1, before)), (before + 1, b""))
        assert (journal.place(), journal.starts_segment()) == (before + 1, True)
        journal.wrote(1)
        assert journal.locate(before) == (1, (before - 1) * 32, 1)
        assert journal.locate(before + 1) == (before + 1, 0, 1)


def test_a_segment_of_half_a_record_is_begun_anew() -> None:
    """Nothing in it was flushed; the next record takes its name and number."""
    journal = _read_in((1, _run(1, 50)), (51, _blob(51)[:9]))
    assert (journal.place(), journal.starts_segment(), journal.torn) == (51, True, True)


def test_only_acknowledged_segments_of_old_days_are_freed() -> None:
    """What was taken must be known after a restart: young slots stay, acknowledged or not."""
    journal = _filled(SEGMENT_RECORDS, 1)
    for _ in range(SEGMENT_RECORDS):
        journal.wrote(3)
    journal.wrote(4)
    assert journal.freeable() == []
    assert journal.acknowledge(99, SEGMENT_RECORDS - 1)
    assert journal.freeable() == []
    assert journal.acknowledge(99, 2 * SEGMENT_RECORDS)
    assert journal.freeable() == [1]
    journal.freed(1)
    assert journal.oldest_seq == SEGMENT_RECORDS + 1


def test_slots_of_a_clock_that_was_ahead_free_nothing_of_today() -> None:
    """Today's openings are kept by the order of the log; a year ahead makes them no older."""
    journal = _filled(SEGMENT_RECORDS, 9560)
    for _ in range(40):
        journal.wrote(9560 + 365)
    assert journal.acknowledge(99, SEGMENT_RECORDS + 40)
    assert journal.freeable() == []


def test_what_lasts_is_kept_beyond_the_days_of_slots() -> None:
    """A compartment stays empty until it is filled, however long the journey."""
    journal = _filled(SEGMENT_RECORDS, 1)
    for day in (5, 9):
        for _ in range(SEGMENT_RECORDS):
            journal.wrote(day)
    assert journal.acknowledge(99, 3 * SEGMENT_RECORDS)
    journal.lasts = True
    assert journal.freeable() == []
    journal.lasts = False
    assert journal.freeable() == [1]


def test_an_acknowledgement_of_another_epoch_or_the_future_is_refused() -> None:
    """Nothing is freed on a word that cannot be true."""
    journal = _filled(5)
    assert not journal.acknowledge(98, 1)
    assert not journal.acknowledge(99, 6)
    assert journal.acknowledged_seq == 0


def test_a_failed_write_is_not_written_over() -> None:
    """After an error the next record goes into a new segment."""
    journal = _filled(3)
    journal.broke()
    assert journal.place() == 4


def test_a_full_store_needs_no_segment_more() -> None:
    """The last segment is filled to its end; one more is not begun until one was freed."""
    journal = Journal(99, 2)
    for _ in range(2 * SEGMENT_RECORDS):
        assert not journal.full()
        journal.wrote(0)
    assert journal.full()
    assert journal.full_percent() == 100
    journal.acknowledge(99, SEGMENT_RECORDS)
    assert journal.freeable() == [1]
    journal.freed(1)
    assert not journal.full()


def test_segments_without_slots_are_not_kept() -> None:
    """A box without a schedule has nothing to remember: acknowledged is enough."""
    journal = _filled(3 * SEGMENT_RECORDS, 0)
    assert journal.acknowledge(99, 2 * SEGMENT_RECORDS)
    assert journal.freeable() == [1, SEGMENT_RECORDS + 1]


def test_memory_of_slots_fills_half_of_the_store_at_most() -> None:
    """A schedule that stands still would keep everything: beyond half, acknowledged is enough."""
    journal = _filled(7 * SEGMENT_RECORDS + 1, 5)
    assert journal.acknowledge(99, 7 * SEGMENT_RECORDS)
    assert len(journal.freeable()) == 3  # eight of ten segments are held, five may be
    assert journal.acknowledged_seq == 7 * SEGMENT_RECORDS
    unacknowledged = _filled(9 * SEGMENT_RECORDS, 5)
    assert unacknowledged.freeable() == []


def test_a_full_store_has_a_reserve_for_what_is_urgent() -> None:
    """Two segments more, for urgent records alone: others stay refused, and it has an end."""
    journal = Journal(99, 2)
    for _ in range(2 * SEGMENT_RECORDS):
        journal.wrote(0)
    for _ in range(RESERVE_SEGMENTS * SEGMENT_RECORDS):
        assert journal.full()
        assert not journal.full(urgent=True)
        journal.wrote(0)
    assert journal.full(urgent=True)
    assert journal.full_percent() == 100


def test_a_failed_write_does_not_use_the_reserve_up() -> None:
    """After an error a call for help still finds a place."""
    journal = Journal(99, 2)
    for _ in range(2 * SEGMENT_RECORDS):
        journal.wrote(0)
    journal.wrote(0)
    journal.broke()
    assert not journal.full(urgent=True)
    journal.wrote(0)
    journal.broke()
    assert journal.full(urgent=True)


def test_the_reserve_is_no_room_for_others_after_a_restart() -> None:
    """A segment of the reserve that is half full takes urgent records only."""
    journal = Journal(99, 2)
    for first_seq in (1, SEGMENT_RECORDS + 1):
        journal.read_in(first_seq, _run(first_seq, SEGMENT_RECORDS), lambda record: None)
    journal.read_in(2 * SEGMENT_RECORDS + 1, _run(2 * SEGMENT_RECORDS + 1, 5), lambda record: None)
    assert journal.full()
    assert not journal.full(urgent=True)
    journal.acknowledge(99, SEGMENT_RECORDS)
    journal.freed(1)
    assert not journal.full()


def test_an_old_segment_is_known_by_its_size() -> None:
    """Its records are held, found and counted as if they had been read; none is told."""
    journal = Journal(99, 10)
    journal.skim(1, SEGMENT_RECORDS * 32)
    journal.skim(SEGMENT_RECORDS + 1, 50 * 32 + 7)
    assert journal.torn
    seen: list[int] = []
    first = SEGMENT_RECORDS + 51
    journal.read_in(first, _run(first, 3), lambda record: seen.append(record.seq))
    assert seen == [first, first + 1, first + 2]
    assert (journal.oldest_seq, journal.newest_seq) == (1, first + 2)
    assert journal.locate(SEGMENT_RECORDS + 50) == (SEGMENT_RECORDS + 1, 49 * 32, 1)
    assert journal.acknowledge(99, first - 1)
    assert journal.freeable() == [1, SEGMENT_RECORDS + 1]
