"""What the journal believes of others, under CPython and MicroPython: found by the simulation."""

from anbu_device.core import journal as j
from anbu_device.core.journal import Journal
from anbu_wire.messages import CLOCK_SET, SLOT_TAKEN, Record, encode_record


def _blob(seq: int, kind: int = SLOT_TAKEN, timeline: int = 7) -> bytes:
    return encode_record(Record(seq, 1, 10, 20, timeline, 2, kind, 0, (9, 2), 1, 0))


def test_a_smaller_acknowledgement_is_believed() -> None:
    """The gateway's database went back: what it lacks and is still held is not freed any more."""
    journal = Journal(99, 10)
    for seq in range(4 * j.SEGMENT_RECORDS):
        journal.wrote(1 + 4 * (seq // j.SEGMENT_RECORDS))
    assert journal.acknowledge(99, 2 * j.SEGMENT_RECORDS)
    assert journal.freeable() == [1, 1 + j.SEGMENT_RECORDS]
    assert journal.acknowledge(99, j.SEGMENT_RECORDS)
    assert journal.freeable() == [1]


def test_a_clock_set_as_the_last_word_begins_a_timeline() -> None:
    """The power went before anything else was written, perhaps before the clock chip was set."""
    journal = Journal(99, 10)
    journal.read_in(1, _blob(1) + _blob(2, CLOCK_SET, 8), lambda record: None)
    assert journal.timeline == 9
    journal = Journal(99, 10)
    journal.read_in(1, _blob(1, CLOCK_SET, 8) + _blob(2, SLOT_TAKEN, 8), lambda record: None)
    assert journal.timeline == 8
