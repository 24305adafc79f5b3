"""The update's tables on both interpreters: every step walked, every rule on its own.

Knows: core.update, core.update_rules, anbu_slots. What happens on flash: tests/firmware/update/.
"""

import anbu_slots as slots
from anbu_device.core import update as life
from anbu_device.core.update_rules import About, Facts, not_now, refusal
from anbu_wire import bundle as b

STATES = (
    b.IDLE,
    b.RECEIVING,
    b.VERIFYING,
    b.STAGED,
    b.TRYING,
    b.CONFIRMED,
    b.ROLLED_BACK,
)
STIMULI = (
    life.BEGIN,
    life.CHUNK,
    life.FINISH,
    life.GOOD,
    life.BAD,
    life.START,
    life.CONFIRM,
    life.GIVE_UP,
)
ABOUT = About(b"box", 6, 5, 7, [])
QUIET = Facts(830_000_000, [], False, 90, True)


def test_every_state_and_stimulus() -> None:
    """The table is the whole of it: what is not in it changes nothing and is said."""
    for state in STATES:
        for stimulus in STIMULI:
            update = life.Update(ABOUT, state)
            wanted = life.TABLE.get((state, stimulus))
            assert update.apply(stimulus) == (wanted is not None)
            assert update.state == (state if wanted is None else wanted)
            assert update.reason == (b.BUSY if wanted is None else b.NO_REASON)


def test_every_state_is_reached_and_left() -> None:
    """From any state an update can still end confirmed: no dead end."""
    for start in STATES:
        reached = {start}
        for _ in STATES:
            reached |= {after for (state, _), after in life.TABLE.items() if state in reached}
        assert b.CONFIRMED in reached, start
        assert b.RECEIVING in reached, start


def test_a_trial_is_never_overwritten() -> None:
    """While a version is tried or verified nothing may begin: the other slot is the way back."""
    for state in (b.TRYING, b.VERIFYING):
        update = life.Update(ABOUT, state)
        assert not update.begin(6, 1000, 1, QUIET)
        assert (update.state, update.reason) == (state, b.BUSY)


def test_the_loader_walks_the_same_table() -> None:
    """Each step of the slots' record is one of the table's, with the same numbers."""
    staged = slots.staged(slots.Record(1, 0, slots.CONFIRMED, 0, 5, 0, 0), 6, 0)
    assert (staged.state, staged.active) == (b.STAGED, 1)
    record = staged
    for boots in range(1, slots.TRIES + 1):
        before = record.state
        record = slots.start(record)
        assert record.state == life.TABLE[(before, life.START)]
        assert (record.active, record.boots) == (1, boots)
    over = slots.start(record)
    assert over.state == life.TABLE[(b.TRYING, life.GIVE_UP)]
    assert (over.active, over.failed_version) == (0, 6)
    kept = slots.settled(record)
    assert kept.state == life.TABLE[(b.TRYING, life.CONFIRM)]
    assert (kept.active, kept.boots, kept.version) == (1, 0, 6)
    assert slots.start(kept) == kept
    assert slots.unstaged(staged, 5)[1:5] == (0, slots.CONFIRMED, 0, 5)


def test_a_record_survives_its_bytes_and_nothing_else() -> None:
    """Encoded and decoded it is the same; with any bit flipped it is none."""
    record = slots.Record(9, 1, slots.TRYING, 2, 6, 5, 3)
    blob = slots.encode(record)
    assert slots.decode(blob) == record
    for bit in range(len(blob) * 8):
        flipped = bytearray(blob)
        flipped[bit >> 3] ^= 1 << (bit & 7)
        assert slots.decode(bytes(flipped)) is None
    for wrong in (b"", blob[:-1], blob + b"\0"):
        assert slots.decode(wrong) is None
    assert slots.decode(slots.encode(slots.Record(9, 2, slots.TRYING, 2, 6, 5, 3))) is None


def test_a_mark_is_a_version_or_nothing() -> None:
    """Eight bytes with their CRC; 0 for all else."""
    assert slots.decode_mark(slots.encode_mark(77)) == 77
    for wrong in (b"", b"\0" * 8, b"\xff" * 8, slots.encode_mark(77)[:7]):
        assert slots.decode_mark(wrong) == 0


def test_moments() -> None:
    """Each rule refuses on its own, and only then."""
    now_s = QUIET.wall_s
    for facts, why in (
        (QUIET, b.NO_REASON),
        (Facts(now_s, [now_s + 1800], False, 90, True), b.NEAR_DOSE),
        (Facts(now_s, [now_s - 1800], False, 90, True), b.NEAR_DOSE),
        (Facts(now_s, [now_s + 1801, now_s - 1801], False, 90, True), b.NO_REASON),
        (Facts(now_s, [], True, 90, True), b.ALARM),
        (Facts(0, [now_s], False, 90, True), b.NO_TIME),
        (Facts(0, [], False, 90, True), b.NO_REASON),
        (Facts(now_s, [], False, 30, False), b.NO_REASON),
        (Facts(now_s, [], False, 29, False), b.BATTERY_LOW),
        (Facts(now_s, [], False, 29, True), b.NO_REASON),
        (Facts(now_s, [], False, 255, False), b.BATTERY_LOW),
    ):
        assert not_now(facts) == why, facts


class Claims:
    """A manifest, as far as the rules ask."""

    head = b""
    key_id = b"abcd"

    def __init__(self, board: bytes, mpy: int, version: int, minimum: int) -> None:
        self.board = board
        self.mpy = mpy
        self.version = version
        self.minimum = minimum


def test_nothing_is_believed_without_a_signature() -> None:
    """A device without keys takes nothing, whatever the bundle says of itself."""
    for version in (1, 5, 6, 9):
        claims = Claims(b"box", 6, version, 0)
        assert refusal(claims, b"\x01" * 64, ABOUT) == b.WRONG_KEY  # type: ignore[arg-type]
        assert refusal(claims, bytes(64), ABOUT) == b.UNSIGNED  # type: ignore[arg-type]
