"""pillbox.preferences and what they do to the sound, under CPython and MicroPython."""

from anbu_wire.messages import OK, REFUSED_STORAGE
from anbu_wire.settings import AWAY_FROM_S, AWAY_UNTIL_S, LOUDNESS, PITCH
from pillbox import signals
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
    """The loudest and the pitch that suits most old ears."""
    chosen = Preferences(Store())
    assert (chosen.loudness, chosen.pitch) == (3, 0)
    at_home = [(AWAY_FROM_S, 0), (AWAY_UNTIL_S, 0)]
    assert chosen.rows() == [(LOUDNESS, 3), (PITCH, 0)] + at_home  # noqa: RUF005 - MicroPython


def test_a_choice_survives_a_restart() -> None:
    """Kept before it holds; read again from the store."""
    store = Store()
    assert Preferences(store).set(LOUDNESS, 1) == OK
    assert Preferences(store).set(PITCH, 2) == OK
    again = Preferences(store)
    assert (again.loudness, again.pitch) == (1, 2)


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
    store.kept = {"loudness": 0, "pitch": 77}
    chosen = Preferences(store)
    assert (chosen.loudness, chosen.pitch) == (3, 0)


def test_the_choice_is_heard() -> None:
    """No sound is louder than chosen, each moves to the chosen pitch, silence stays silence."""
    for meaning, (_name, frequency, loudness, _on, _every) in signals.SOUNDS.items():
        for loudest in (1, 2, 3):
            for pitch, percent in enumerate(signals.PITCHES_PERCENT):
                heard = signals.sound_now(meaning, 0, loudest, pitch)
                assert heard == (frequency * percent // 100, min(loudness, loudest))


def test_locating_leaves_what_is_lit() -> None:
    """A lid that asks for something keeps its light; the dark ones blink."""
    meanings = bytearray((signals.DARK, signals.TAKE, signals.FAULT))
    signals.locate(meanings)
    assert list(meanings) == [signals.LOCATE, signals.TAKE, signals.FAULT]


def test_an_absence_survives_a_restart_or_is_refused() -> None:
    """Kept whole; a store that takes nothing is said, and the old absence holds."""
    store = Store()
    chosen = Preferences(store)
    assert chosen.set_away(100, 200) == OK
    assert Preferences(store).away == (100, 200)
    store.broken = True
    assert chosen.set_away(300, 400) == REFUSED_STORAGE
    assert chosen.away == (100, 200)
