"""What is wrong with a recorded sentence: each fault is said, and a good one is let alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.calls.sentences import sentences
from gateway.voice import Voice, sound
from gateway.voice.judged import Measured, problems
from gateway.voice.spoken import Spoken

GOOD = Measured(16_000, 2.4, -6.0, -15.0, 0.0, 0.2, 0.2)
TEXT = "안부 전화입니다."
FAULTS = [
    (replace(GOOD, rate_hz=4000), "Hz"),
    (replace(GOOD, peak_db=0.0, flat=12.0), "clipped"),
    (replace(GOOD, loud_db=-2.0), "too loud"),
    (replace(GOOD, loud_db=-45.0), "too quiet"),
    (replace(GOOD, length_s=1.0), "too short"),
    (replace(GOOD, length_s=20.0), "too long"),
    (replace(GOOD, length_s=4.0, lead_s=2.0), "before"),
    (replace(GOOD, length_s=4.4, tail_s=2.2), "after"),
    (replace(GOOD, length_s=2.4, lead_s=2.4, loud_db=float("-inf")), "nothing is heard"),
]


@pytest.mark.parametrize(("measured", "word"), FAULTS, ids=[word for _, word in FAULTS])
def test_each_fault_is_said(measured: Measured, word: str) -> None:
    """One fault, one line, that names it and what to do."""
    found = problems(measured, "ko", TEXT)
    assert len(found) == 1
    assert word in found[0]
    assert ": " in found[0]


def test_a_good_recording_is_let_alone() -> None:
    """Nothing is said of a good one."""
    assert problems(GOOD, "ko", TEXT) == ()


@given(gain=st.floats(-30, 0), seconds=st.floats(0, 30), lead=st.floats(0, 3), tail=st.floats(0, 3))
def test_a_judgement_is_always_words(gain: float, seconds: float, lead: float, tail: float) -> None:
    """Whatever was measured: a tuple of lines, none of them empty."""
    measured = Measured(8000, seconds, gain, gain, 0.0, min(lead, seconds), min(tail, seconds))
    assert all(problem.strip() for problem in problems(measured, "en", "Are you well?"))


@pytest.mark.long
def test_the_machines_voice_would_pass(tmp_path: Path) -> None:
    """Every sentence as espeak-ng says it is one that the judge of recordings lets through."""
    voice = Voice(tmp_path)
    for key, language, text in sentences():
        (path,) = voice.wavs(Spoken(key, language, text, "김순자", "kim"))
        whole = text.replace("{name}", "김순자")
        assert problems(sound.measure(path), language, whole) == (), (key, language)
