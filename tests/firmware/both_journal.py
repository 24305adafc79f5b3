"""anbu_device.core.journal, under CPython and MicroPython."""

from anbu_device.core.journal import SEGMENT_RECORDS, Journal
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
    assert journal.locate(SEGMENT_RECORDS) == (1, (SEGMENT_RECORDS - 1) * 32)
    assert journal.locate(SEGMENT_RECORDS + 1) == (SEGMENT_RECORDS + 1, 0)


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
    assert journal.locate(2) == (2, 0)


def test_a_flipped_bit_ends_reading() -> None:
    """A record whose CRC is wrong is not believed."""
    bad = bytearray(_blob(1) + _blob(2))
    bad[40] ^= 1
    seen: list[Record] = []
    journal = Journal(99, 10)
    journal.read_in(1, bytes(bad), seen.append)
    assert [r.seq for r in seen] == [1]


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
