"""Whether a recorded sentence can be played to somebody: what is wrong with it, in words.

Knows: limits of length, level, clipping and silence. May not know: files, sox.
"""

from __future__ import annotations

from dataclasses import dataclass

RATE_LEAST_HZ = 8000
"""Beneath it consonants are gone that a telephone still carries."""
LOUD_LEAST_DB, LOUD_MOST_DB = -35.0, -5.0
"""The loudest 50 ms: more quiet, and its noise comes up with it; louder, and it was squashed."""
CLIPPED_DB = -0.1
LEAD_MOST_S, TAIL_MOST_S = 1.0, 1.5
LENGTH_LEAST_S = 0.3
_SYLLABLES_A_S = (1.5, 9.0)  # how slow, how fast anybody reads aloud, Korean or English
_ROOM_S = 3.0  # pauses between the words of a short sentence
_LETTERS_A_SYLLABLE = {"ko": 1.0, "en": 3.2}


@dataclass(frozen=True, slots=True)
class Measured:
    """What sox heard in a file. Levels in dB below full scale; `flat`: sox's flat factor."""

    rate_hz: int
    length_s: float
    peak_db: float
    loud_db: float  # the loudest 50 ms
    flat: float
    lead_s: float
    tail_s: float


def problems(measured: Measured, language: str, text: str) -> tuple[str, ...]:
    """What is wrong with a recording of `text`, and what to do; empty: it is good."""
    if measured.length_s - measured.lead_s < LENGTH_LEAST_S:
        return ("nothing is heard in it: look at the microphone, record it again",)
    return (*_of_form(measured), *_of_level(measured), *_of_length(measured, language, text))


def _of_form(measured: Measured) -> list[str]:
    if measured.rate_hz >= RATE_LEAST_HZ:
        return []
    return [f"{measured.rate_hz} Hz: record it with {RATE_LEAST_HZ} Hz or more"]


def _of_level(measured: Measured) -> list[str]:
    if measured.peak_db >= CLIPPED_DB and measured.flat > 0:
        return ["it is clipped: speak more quietly or turn the microphone down"]
    if measured.loud_db > LOUD_MOST_DB:
        return [f"too loud ({measured.loud_db:.0f} dB): turn the microphone down"]
    if measured.loud_db < LOUD_LEAST_DB:
        return [f"too quiet ({measured.loud_db:.0f} dB): go nearer to the microphone"]
    return []


def _of_length(measured: Measured, language: str, text: str) -> list[str]:
    said_s = measured.length_s - measured.lead_s - measured.tail_s
    letters = sum(each.isalnum() for each in text)
    syllables = letters / _LETTERS_A_SYLLABLE.get(language, 1.0)
    slowest, fastest = _SYLLABLES_A_S
    found = []
    if said_s < syllables / fastest:
        found.append(f"too short ({said_s:.1f} s) for its sentence: was it cut off?")
    if said_s > syllables / slowest + _ROOM_S:
        found.append(f"too long ({said_s:.1f} s) for its sentence: is it another one?")
    if measured.lead_s > LEAD_MOST_S:
        found.append(f"{measured.lead_s:.1f} s of silence before it: begin to speak sooner")
    if measured.tail_s > TAIL_MOST_S:
        found.append(f"{measured.tail_s:.1f} s of silence after it: end the recording sooner")
    return found
