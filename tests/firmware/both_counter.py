"""A number that never comes twice: over restarts, power cuts at every write, stores that fail."""

from anbu_device.core.counter import BLOCK, NONE, Counter

_NAME = "bthome_count"


class Cut(Exception):  # noqa: N818 - it is no error
    """The power goes."""


class Store:
    """An NVS: what is committed stays. Cuts the power before or after a chosen step."""

    def __init__(self, values: "dict[str, int]", cut_at: int = -1) -> None:
        self.flash = values
        self._set: dict[str, int] = {}
        self._left = cut_at
        self.writes = 0
        self.broken = False

    def _step(self) -> None:
        if self._left == 0:
            raise Cut("before this step")
        self._left -= 1

    def get_i32(self, key: str) -> int:
        if self.broken or key not in self.flash:
            raise OSError(-0x1102, "not found")
        return self.flash[key]

    def set_i32(self, key: str, value: int) -> None:
        self._step()
        if self.broken:
            raise OSError(5, "flash")
        self._set[key] = value

    def commit(self) -> None:
        self._step()
        if self.broken:
            raise OSError(5, "flash")
        self.flash.update(self._set)
        self.writes += 1
        self._step()  # written, and not yet told


def test_it_counts_from_what_provisioning_wrote() -> None:
    """The first numbers are 0, 1, 2; one write carries a whole block."""
    store = Store({_NAME: 0})
    counter = Counter(store, _NAME)
    assert [counter.next() for _ in range(BLOCK)] == list(range(BLOCK))
    assert store.writes == 1
    assert counter.next() == BLOCK
    assert store.writes == 2


def test_a_restart_never_goes_back() -> None:
    """After a restart it goes on behind everything that was promised, used or not."""
    flash = {_NAME: 0}
    last = -1
    for used in (1, 3, BLOCK, BLOCK + 1, 0, 2):
        counter = Counter(Store(flash), _NAME)
        for _ in range(used):
            number = counter.next()
            assert number > last
            last = number


def test_a_cut_at_every_step_gives_no_number_twice() -> None:
    """Power cut before or after any step of a reservation, again and again: still upwards."""
    flash = {_NAME: 0}
    last = -1
    for cut_at in list(range(8)) * 3:
        counter = Counter(Store(flash, cut_at), _NAME)
        try:
            for _ in range(2 * BLOCK + 2):
                number = counter.next()
                assert number > last, (number, last, cut_at)
                last = number
        except Cut:
            continue
    assert last > 2 * BLOCK


def test_a_store_that_says_nothing_gives_no_number() -> None:
    """Nothing in the store, or a store that cannot be read or written: no number is invented."""
    assert Counter(Store({}), _NAME).next() == NONE
    store = Store({_NAME: 7})
    counter = Counter(store, _NAME)
    store.broken = True
    assert counter.next() == NONE
    store.broken = False
    assert counter.next() == 7


def test_a_store_that_breaks_later_ends_it_at_the_block() -> None:
    """What was promised may be used; then there is no next number until the store takes one."""
    store = Store({_NAME: 0})
    counter = Counter(store, _NAME)
    assert counter.next() == 0
    store.broken = True
    assert [counter.next() for _ in range(BLOCK - 1)] == list(range(1, BLOCK))
    assert counter.next() == NONE
    store.broken = False
    assert counter.next() == BLOCK


def test_a_store_that_forgot_does_not_take_it_back() -> None:
    """An older number in the store (somebody wrote it back) is not believed over one's own."""
    store = Store({_NAME: 0})
    counter = Counter(store, _NAME)
    for _ in range(BLOCK):
        counter.next()
    store.flash[_NAME] = 5
    assert counter.next() == BLOCK


def test_the_last_block_is_the_end() -> None:
    """A store of 31 bits is full some day: then no number comes, rather than a small one."""
    counter = Counter(Store({_NAME: 0x7FFFFFFF - BLOCK + 1}), _NAME)
    assert counter.next() == NONE
