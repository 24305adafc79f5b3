"""pillbox.preferences: what was chosen is kept, under CPython and MicroPython."""

from anbu_wire.messages import OK, REFUSED_STORAGE
from anbu_wire.settings import (
    AWAY_FROM_S,
    AWAY_UNTIL_S,
    LOUDNESS,
    PITCH,
    QUIET_FROM_MIN,
    QUIET_UNTIL_MIN,
)
from pillbox.preferences import Preferences


class Store:
    """As esp32.NVS; `broken`: nothing can be kept."""

    def __init__(self) -> None:
        self.kept: "dict[str, int]" = {}
        self.new: "dict[str, int]" = {}
        self.broken = False

    def get_i32(self, key: str) -> int:
        if key not in self.kept:
            raise OSError(key)
        return self.kept[key]

    def set_i32(self, key: str, value: int) -> None:
        self.new[key] = value

    def commit(self) -> None:
        if self.broken:
            raise OSError("no room")
        self.kept.update(self.new)


def test_defaults_until_somebody_chose() -> None:
    """The loudest, the pitch that suits most old ears, at home, never quiet."""
    chosen = Preferences(Store())
    assert (chosen.loudness, chosen.pitch, chosen.quiet, chosen.away) == (3, 0, (0, 0), (0, 0))
    assert chosen.rows() == [
        (LOUDNESS, 3),
        (PITCH, 0),
        (AWAY_FROM_S, 0),
        (AWAY_UNTIL_S, 0),
        (QUIET_FROM_MIN, 0),
        (QUIET_UNTIL_MIN, 0),
    ]


def test_a_choice_survives_a_restart() -> None:
    """Kept before it holds; read again from the store."""
    store = Store()
    assert Preferences(store).set(LOUDNESS, 1) == OK
    assert Preferences(store).set(PITCH, 2) == OK
    assert Preferences(store).set(QUIET_FROM_MIN, 1320) == OK
    assert Preferences(store).set(QUIET_UNTIL_MIN, 420) == OK
    again = Preferences(store)
    assert (again.loudness, again.pitch, again.quiet) == (1, 2, (1320, 420))


def test_what_cannot_be_kept_does_not_hold() -> None:
    """A full store: refused, and the box is as loud as before."""
    store = Store()
    chosen = Preferences(store)
    store.broken = True
    assert chosen.set(LOUDNESS, 1) == REFUSED_STORAGE
    assert chosen.loudness == 3
    assert chosen.set(LOUDNESS, 3) == OK  # nothing to keep


def test_nonsense_in_the_store_is_not_believed() -> None:
    """A value outside its range counts as never chosen."""
    store = Store()
    store.kept = {"loudness": 0, "pitch": 77, "quiet_from": 1440, "quiet_until": -1}
    chosen = Preferences(store)
    assert (chosen.loudness, chosen.pitch, chosen.quiet) == (3, 0, (0, 0))


def test_an_absence_survives_a_restart_or_is_refused() -> None:
    """Kept whole; a store that takes nothing is said, and the old absence holds."""
    store = Store()
    chosen = Preferences(store)
    assert chosen.set_away(100, 200) == OK
    assert Preferences(store).away == (100, 200)
    store.broken = True
    assert chosen.set_away(300, 400) == REFUSED_STORAGE
    assert chosen.away == (100, 200)
