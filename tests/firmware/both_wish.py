"""The wish for an update over restarts, under both interpreters: one start, then ordinary life."""

from anbu_wire import bundle as b
from anbu_wire import messages as m
from careplug.asked import answer
from careplug.wish import Wish

HOUR_MS = 3_600_000


class Store:
    """Numbers that outlive a wish."""

    def __init__(self) -> None:
        self.values: "dict[str, int]" = {}
        self.broken = False

    def get_i32(self, key: str) -> int:
        if key not in self.values:
            raise OSError(2)
        return self.values[key]

    def set_i32(self, key: str, value: int) -> None:
        if self.broken:
            raise OSError(5)
        self.values[key] = value

    def commit(self) -> None:
        if self.broken:
            raise OSError(5)


def test_a_wish_holds_for_one_start() -> None:
    """The next start takes it, with the chips that were dead; the one after it does not."""
    store = Store()
    assert not Wish(store).taken(False)
    assert store.values == {}  # a plug that is never updated writes nothing
    assert Wish(store).make(5000, 3) == b.NO_REASON
    taken = Wish(store)
    assert taken.taken(False)
    assert taken.faults == 3
    taken.ended()
    assert not Wish(store).taken(False)


def test_a_crash_leads_to_ordinary_life_and_an_hour_of_rest() -> None:
    """Whatever ended it in disorder: no loop, and nobody can make one by asking again."""
    store = Store()
    Wish(store).make(0, 0)
    assert Wish(store).taken(False)
    after = Wish(store)
    assert not after.taken(False)
    assert after.make(HOUR_MS - 1, 0) == b.BUSY
    assert not Wish(store).taken(False)
    assert after.make(HOUR_MS, 0) == b.NO_REASON
    assert Wish(store).taken(False)


def test_power_that_comes_ends_a_wish_and_is_no_crash() -> None:
    """MAINS_BACK is ordinary life's to tell; the sender may ask again at once."""
    for steps in (1, 2):
        store = Store()
        Wish(store).make(0, 0)
        if steps == 2:
            assert Wish(store).taken(False)
        after = Wish(store)
        assert not after.taken(True)
        assert after.make(1, 0) == b.NO_REASON


def test_a_store_that_takes_nothing_makes_no_loop() -> None:
    """A wish that cannot be kept is refused; one that cannot be taken back is not followed."""
    store = Store()
    store.broken = True
    assert Wish(store).make(0, 0) == b.NO_STORAGE
    store.broken = False
    Wish(store).make(0, 0)
    store.broken = True
    assert not Wish(store).taken(False)


def test_ordinary_life_answers_what_it_can() -> None:
    """Only a version that may come makes it start anew; a chunk is told to begin."""

    def told(version: int, trying: bool = False, size: int = 9000) -> "tuple[int, ...]":
        fields = {"version": version, "size_bytes": size, "crc": 1}
        return answer(m.UPDATE_BEGIN, fields, 5, 7, trying)

    assert told(6) == (0, b.IDLE, b.STARTS_ANEW, 5)
    assert told(5) == (0, b.CONFIRMED, b.NO_REASON, 5)
    assert told(5, trying=True) == (0, b.TRYING, b.NO_REASON, 5)
    assert told(6, trying=True)[2] == b.BUSY
    assert told(4)[2] == b.OLDER
    assert told(7)[2] == b.FAILED_BEFORE
    assert told(6, size=1 << 24)[2] == b.TOO_BIG
    assert answer(m.UPDATE_CHUNK, {"offset_bytes": 0}, 5, 7, False)[2] == b.NOT_BEGUN
