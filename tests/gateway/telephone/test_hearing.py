"""Keys and voices: each press once, a voice and no click."""

from __future__ import annotations

import math
import struct

from hypothesis import given
from hypothesis import strategies as st

from gateway.calls.line import PCM_RATE_HZ
from gateway.telephone.digits import KEYS, TWICE_MS, Digits
from gateway.telephone.speech import BEGIN_MS, FRAME_BYTES, OVER_MS, Ear, level_dbfs


def _buzz(ms: int, dbfs: float) -> bytes:
    loud = 32767 * 10 ** (dbfs / 20) * math.sqrt(2)
    count = PCM_RATE_HZ * ms // 1000
    return b"".join(
        struct.pack("<h", max(-32767, min(32767, round(loud * math.sin(n * 0.7)))))
        for n in range(count)
    )


PRESSES = st.tuples(
    st.sampled_from(KEYS),
    st.integers(0, 900),  # since the one before, as it is read: a busy computer reads late
    st.integers(TWICE_MS, 900),  # held
    st.integers(0, 2),  # packets that come after its end, so many before the end is said again
    st.booleans(),  # the end is said again after them
)


@given(st.lists(PRESSES, max_size=30))
def test_every_press_counts_once(presses: list[tuple[str, int, int, int, bool]]) -> None:
    """A press is one key, in order: also said twice, overtaken by its end, or read late."""
    digits, now_ms, heard, pressed = Digits(), 1000, [], []
    down = ""  # for the stack: a late packet begins a press anew, and its own is no news then
    for key, since_ms, held_ms, late, again in presses:
        now_ms += since_ms
        pressed.append(key)
        if key != down:
            heard += [digits.begins(key, now_ms), digits.begins(key, now_ms)]
        now_ms += held_ms
        heard.append(digits.ends(now_ms))
        down = ""
        if late:
            heard.append(digits.begins(key, now_ms))
            heard.append(digits.ends(now_ms) if again else None)
            down = "" if again else key
    assert [key for key in heard if key is not None] == pressed


def test_an_end_that_was_lost() -> None:
    """Another key ends the one before; the same key twice without an end is one to anybody."""
    digits = Digits()
    heard = [digits.begins("1", 0), digits.begins("2", 200), digits.ends(300)]
    assert heard == ["1", "2", None]


@given(st.text(max_size=3))
def test_only_keys_are_keys(word: str) -> None:
    """What is no key of a telephone is not heard."""
    assert Digits().begins(word, 0) == (word if len(word) == 1 and word in KEYS else None)


def test_the_level_of_a_sound() -> None:
    """A full sine lies 3 dB below full scale; silence has no level."""
    assert math.isclose(level_dbfs(_buzz(100, -3.01)), -3.01, abs_tol=0.1)
    assert level_dbfs(bytes(FRAME_BYTES)) == -math.inf


def test_a_voice_is_said_once_until_it_is_quiet() -> None:
    """It begins once however long it lasts, and again after a second of quiet."""
    ear = Ear()
    assert ear.hears(_buzz(3000, -20))
    assert not ear.hears(_buzz(1000, -20))
    assert not ear.hears(bytes(PCM_RATE_HZ * 2 * OVER_MS // 1000))
    assert ear.hears(_buzz(BEGIN_MS, -20))


def test_a_click_and_a_quiet_room_are_no_voice() -> None:
    """Shorter than a syllable, or as low as a room, is nothing."""
    ear = Ear()
    assert not ear.hears(_buzz(BEGIN_MS - 40, -10) + bytes(FRAME_BYTES * 20))
    assert not ear.hears(_buzz(BEGIN_MS - 40, -10) + bytes(FRAME_BYTES * 20))
    assert not ear.hears(_buzz(5000, -50))


@given(st.lists(st.integers(0, 700), max_size=40))
def test_how_the_sound_is_cut_does_not_matter(cuts: list[int]) -> None:
    """A voice is heard once, in whatever pieces its sound arrives."""
    sound, ear, began = _buzz(600, -20), Ear(), 0
    for cut in cuts:
        piece, sound = sound[:cut], sound[cut:]
        began += ear.hears(piece)
    assert began + ear.hears(sound) == 1
