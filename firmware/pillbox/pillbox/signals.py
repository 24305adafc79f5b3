"""What each light and sound means, as two tables, and how they look and sound at a moment.

Knows: meanings, colours, rhythms, melodies. May not know: why a meaning is shown, or on which chip.
Colour is never the only sign: each meaning has a rhythm of its own, and its place is the lid.

Every rhythm changes on multiples of TICK_MS, is over within SEEN_MS, and flashes at most twice a
second (three is where flashing begins to harm: WCAG 2.3.1). Blue asks to take, green says that all
is well, red says no, purple is about a person, white and teal are for whoever fills the box.
"""

from micropython import const

TICK_MS = const(250)  # look at the tables at every multiple of this, and no change is late
SEEN_MS = const(4000)  # whoever looks so long has seen a whole rhythm
_CYCLE_MS = const(12_000)  # a multiple of every rhythm: small numbers from there on

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
SKIP = const(9)  # not this one: it is too near the next dose
LEFT_OPEN = const(10)
FILL = const(11)
EMPTY = const(12)
FILLED = const(13)
HELP_CALLING = const(14)
HELP_NOT_SENT = const(15)
HELP_SENT = const(16)
HELP_COMING = const(17)
QUESTION = const(18)
CLOCK_FAULT = const(19)

# meaning → (name, red, green, blue, so many ms later on each next lid, lit ms, dark ms, lit ms, …)
# What is shown on all lids at once is dim, so that USB carries it (LIGHTS_MOST_MA).
LIGHTS = {
    DARK: ("dark", 0, 0, 0, 0, (0, 1000)),
    TAKE: ("take", 0, 40, 255, 0, (750, 250)),
    TAKEN: ("taken", 0, 60, 0, 0, (2000, 2000)),
    NOT_TAKEN: ("not_taken", 90, 0, 0, 0, (3500, 500)),
    LATE: ("late", 200, 90, 0, 0, (1000,)),  # steady: it may still be taken, nothing sounds
    ASK: ("ask", 120, 0, 120, 0, (250, 250, 250, 1250)),
    WRONG_LID: ("wrong_lid", 255, 0, 0, 0, (250, 250)),
    FAULT: ("fault", 64, 32, 0, 0, (250, 3750)),  # all lids
    LOCATE: ("locate", 24, 24, 24, 0, (500, 1000)),  # all lids
    SKIP: ("skip", 90, 0, 0, 0, (2500, 500, 500, 500)),
    LEFT_OPEN: ("left_open", 90, 90, 90, 0, (250, 250, 250, 250, 250, 1750)),
    FILL: ("fill", 120, 120, 120, 0, (1000, 1000)),
    EMPTY: ("empty", 0, 120, 120, 0, (500, 1500)),
    FILLED: ("filled", 0, 60, 0, 0, (500, 3500)),
    HELP_CALLING: ("help_calling", 50, 0, 50, 250, (750, 1250)),  # runs from lid to lid
    HELP_NOT_SENT: ("help_not_sent", 100, 0, 0, 500, (500, 500)),  # every other lid in turn
    HELP_SENT: ("help_sent", 0, 100, 0, 0, (1000, 500, 1000, 1500)),  # all lids
    HELP_COMING: ("help_coming", 0, 100, 0, 0, (3000, 1000)),  # all lids
    QUESTION: ("question", 50, 0, 50, 0, (1000, 250, 250, 500)),  # all lids
    CLOCK_FAULT: ("clock_fault", 64, 32, 0, 0, (250, 250, 250, 3250)),  # all lids
}

# Half of what a plain USB 2.0 port must give (500 mA); the other half is the chip's, the radio's
# and the loudspeaker's. A WS2812B takes 20 mA a channel at 255 (data sheet) and 1 mA when dark.
LIGHTS_MOST_MA = const(250)
CHANNEL_MA = const(20)
DARK_MA = const(1)

# meanings of the sound; of a prompt's, the higher number is the louder one
SILENT = const(0)
SOFT = const(1)
LOUD = const(2)
LOUDER = const(3)
WARN = const(4)
FIND = const(5)
SHUT = const(6)
HELP_CALLS = const(7)
NOT_SENT = const(8)
SENT = const(9)
COMING = const(10)
ASKS = const(11)
REFILL_OK = const(12)
REFILL_WRONG = const(13)

# meaning → (name, loudness 0–3, ((frequency Hz or 0, for ms), …)), over and over.
# 520 Hz as a square wave, pulsed, wakes hard-of-hearing sleepers best; melodies go a fourth below
# it (390) and a fifth above (780).
SOUNDS = {
    SILENT: ("silent", 0, ((0, 1000),)),
    SOFT: ("soft", 1, ((520, 500), (0, 1500))),
    LOUD: ("loud", 2, ((520, 500), (0, 500))),
    LOUDER: ("louder", 3, ((520, 500), (0, 250))),
    WARN: ("warn", 2, ((520, 250), (0, 250))),
    FIND: ("find", 3, ((520, 250), (780, 250), (0, 1000))),
    SHUT: ("shut", 1, ((520, 250), (390, 500), (0, 1250))),
    HELP_CALLS: ("help_calls", 2, ((390, 250), (780, 250), (0, 500))),
    NOT_SENT: ("not_sent", 3, ((780, 500), (520, 500), (390, 1000), (0, 1000))),
    SENT: ("sent", 2, ((390, 500), (520, 500), (780, 1000), (0, 1000))),
    COMING: ("coming", 1, ((390, 1000), (520, 2000), (0, 1000))),
    ASKS: ("asks", 2, ((520, 500), (0, 250), (520, 250), (780, 500), (0, 2500))),
    REFILL_OK: ("refill_ok", 1, ((390, 250), (520, 250), (0, 1500))),
    REFILL_WRONG: ("refill_wrong", 2, ((520, 250), (390, 250), (0, 500))),
}
PITCHES_PERCENT = (100, 75, 150)  # as above, a fourth lower, a fifth higher

STEP_S = const(10)  # a burst of sounds goes on to its next one after so long


def staged(stages: "tuple[tuple[int, tuple[int, ...], int], ...]", since_s: int) -> int:
    """The sound of a call that began `since_s` ago.

    Its stages are (from s, the sounds of a burst, STEP_S each, a burst every s), the first from 0.
    """
    stage = stages[0]
    for row in stages:
        if since_s >= row[0]:
            stage = row
    step = max(0, since_s - stage[0]) % stage[2] // STEP_S
    return stage[1][step] if step < len(stage[1]) else SILENT


def lit(meaning: int, at_ms: int, place: int) -> bool:
    """Whether that meaning's light is on, at that time, on the lid of that number."""
    row = LIGHTS[meaning]
    rest_ms = (at_ms - place * row[4]) % sum(row[5])
    on = True
    for step_ms in row[5]:
        if rest_ms < step_ms:
            break
        rest_ms -= step_ms
        on = not on
    return on


def render(meanings: bytearray, uptime_ms: int, rgb: bytearray) -> bool:
    """Writes three bytes a compartment into `rgb`; True when anything changed.

    So many lids that USB could not carry them are all dimmed alike, lit at this moment or not.
    """
    changed = False
    at_ms = uptime_ms % _CYCLE_MS
    wanted = 0
    for i in range(len(meanings)):
        row = LIGHTS[meanings[i]]
        wanted += row[1] + row[2] + row[3]
    carried = (LIGHTS_MOST_MA - DARK_MA * len(meanings)) * 255 // CHANNEL_MA
    wanted = max(wanted, carried)
    for i in range(len(meanings)):
        _name, red, green, blue, _apart_ms, _steps = LIGHTS[meanings[i]]
        share = carried if lit(meanings[i], at_ms, i) else 0
        r, g, b = red * share // wanted, green * share // wanted, blue * share // wanted
        at = i * 3
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


def sound_now(
    meaning: int, sounding_ms: int, loudest: int = 3, pitch: int = 0
) -> "tuple[int, int]":
    """(frequency Hz, loudness) when the sound has that meaning since so long; (0, 0) is silence.

    `loudest` 1–3 and `pitch` (an index of PITCHES_PERCENT) are what somebody chose for this box.
    """
    _name, loudness, notes = SOUNDS[meaning]
    every_ms = 0
    for note in notes:
        every_ms += note[1]
    rest_ms = sounding_ms % every_ms
    for frequency_hz, note_ms in notes:
        if rest_ms < note_ms and frequency_hz:
            return frequency_hz * PITCHES_PERCENT[pitch] // 100, min(loudness, loudest)
        rest_ms -= note_ms
        if rest_ms < 0:
            break
    return 0, 0
