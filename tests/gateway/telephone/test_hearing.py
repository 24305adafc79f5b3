"""Keys and voices: each press once, a voice and no click."""

from __future__ import annotations

import math
import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.calls.line import PCM_RATE_HZ
from gateway.telephone.digits import CATCHES_UP_MS, HELD_UP_MS, KEYS, TWICE_MS, Digits, Pulse
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


@given(st.lists(st.sampled_from(KEYS), max_size=20))
def test_presses_that_are_read_in_one_instant(keys: list[str]) -> None:
    """A computer that was held up reads them all at once: each counts, the same ones too."""
    digits, heard = Digits(), []
    for key in keys:
        heard += [digits.begins(key, 5), digits.ends(5)]
    assert [key for key in heard if key is not None] == keys


def test_a_press_that_was_read_with_the_end_before_it() -> None:
    """Held up between a press and its end: the next press of the same key counts all the same."""
    digits = Digits()
    heard = [digits.begins("1", 0), digits.ends(900), digits.begins("1", 901, held_up=True)]
    assert [*heard, digits.ends(902)] == ["1", None, "1", None]


def test_presses_that_a_busy_sender_drew_together() -> None:
    """Seen at a load of 17: an end came 100 ms late, the pause shrank to 43 ms, the press to 50."""
    digits = Digits()
    heard = [digits.begins("1", 0), digits.ends(215), digits.begins("1", 258), digits.ends(308)]
    assert heard == ["1", None, "1", None]


def test_a_pulse_that_stopped() -> None:
    """Held up is said when the beat is late, before and for a moment after it beats again."""
    pulse = Pulse()
    assert not pulse.held_up(999)
    pulse.beats(1000)
    assert not pulse.held_up(1000 + HELD_UP_MS)
    assert pulse.held_up(1001 + HELD_UP_MS)
    pulse.beats(2000)
    assert pulse.held_up(2000)
    pulse.beats(2040)
    assert pulse.held_up(2099)
    for at_ms in range(2080, 2040 + CATCHES_UP_MS, 40):
        pulse.beats(at_ms)
    assert pulse.held_up(1999 + CATCHES_UP_MS)
    assert not pulse.held_up(2000 + CATCHES_UP_MS)


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


@settings(max_examples=20)
@given(st.lists(st.integers(0, 700), max_size=40))
def test_how_the_sound_is_cut_does_not_matter(cuts: list[int]) -> None:
    """A voice is heard once, in whatever pieces its sound arrives."""
    sound, ear, began = _buzz(600, -20), Ear(), 0
    for cut in cuts:
        piece, sound = sound[:cut], sound[cut:]
        began += ear.hears(piece)
    assert began + ear.hears(sound) == 1
