"""What each light and sound means, as two tables, and how they look at a moment.

Knows: meanings, colours, rhythms, sounds. May not know: why a meaning is shown, or on which chip.
Colour is never the only sign: each meaning has a rhythm of its own, and its place is the lid.
"""

from micropython import const

# meanings of a compartment's light
DARK = const(0)
TAKE = const(1)
TAKEN = const(2)
NOT_TAKEN = const(3)
LATE = const(4)
ASK = const(5)
WRONG_LID = const(6)
FAULT = const(7)
LOCATE = const(8)

# meaning → (name, red, green, blue, lit for ms, of every ms)
LIGHTS = {
    DARK: ("dark", 0, 0, 0, 0, 1000),
    TAKE: ("take", 0, 40, 255, 700, 1000),
    TAKEN: ("taken", 0, 60, 0, 1000, 1000),
    NOT_TAKEN: ("not_taken", 90, 0, 0, 3600, 4000),
    LATE: ("late", 200, 90, 0, 1500, 2000),
    ASK: ("ask", 120, 0, 120, 300, 1500),
    WRONG_LID: ("wrong_lid", 255, 0, 0, 150, 300),
    FAULT: ("fault", 120, 60, 0, 100, 5000),
    LOCATE: ("locate", 24, 24, 24, 250, 500),  # all lids at once: dim, so that USB carries it
}

# meanings of the sound; 520 Hz wakes hard-of-hearing sleepers best
SILENT = const(0)
SOFT = const(1)
LOUD = const(2)
WARN = const(3)
FIND = const(4)

# meaning → (name, frequency Hz, loudness 0-3, on for ms, of every ms)
SOUNDS = {
    SILENT: ("silent", 0, 0, 0, 1000),
    SOFT: ("soft", 520, 1, 500, 2000),
    LOUD: ("loud", 520, 3, 500, 1000),
    WARN: ("warn", 520, 2, 120, 240),
    FIND: ("find", 520, 3, 250, 500),
}
PITCHES_PERCENT = (100, 75, 150)  # as above, a fourth lower, a fifth higher

_LIGHT_ONLY_S = const(30)  # first the light alone, then softly, then louder every few minutes
_SOFT_UNTIL_S = const(120)
_REPEAT_S = const(300)
_LOUD_FOR_S = const(30)


def prompt_sound(since_prompt_s: int) -> int:
    """The sound of a prompt series that began `since_prompt_s` ago."""
    if since_prompt_s < _LIGHT_ONLY_S:
        return SILENT
    if since_prompt_s < _SOFT_UNTIL_S:
        return SOFT
    return LOUD if since_prompt_s % _REPEAT_S < _LOUD_FOR_S else SILENT


def render(meanings: bytearray, uptime_ms: int, rgb: bytearray) -> bool:
    """Writes three bytes a compartment into `rgb`; True when anything changed."""
    changed = False
    for i in range(len(meanings)):
        _name, red, green, blue, lit_ms, every_ms = LIGHTS[meanings[i]]
        on = uptime_ms % every_ms < lit_ms
        at = i * 3
        r, g, b = (red, green, blue) if on else (0, 0, 0)
        if rgb[at] != r or rgb[at + 1] != g or rgb[at + 2] != b:
            rgb[at] = r
            rgb[at + 1] = g
            rgb[at + 2] = b
            changed = True
    return changed


def locate(meanings: bytearray) -> None:
    """Every light that is dark blinks; what is lit already keeps its meaning."""
    for i in range(len(meanings)):
        if meanings[i] == DARK:
            meanings[i] = LOCATE


def sound_now(meaning: int, uptime_ms: int, loudest: int = 3, pitch: int = 0) -> "tuple[int, int]":
    """(frequency Hz, loudness) at this moment; (0, 0) is silence.

    `loudest` 1–3 and `pitch` (an index of PITCHES_PERCENT) are what somebody chose for this box.
    """
    _name, frequency_hz, loudness, on_ms, every_ms = SOUNDS[meaning]
    if uptime_ms % every_ms < on_ms:
        return frequency_hz * PITCHES_PERCENT[pitch] // 100, min(loudness, loudest)
    return 0, 0
