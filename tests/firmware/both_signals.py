"""pillbox.signals: what is lit and what sounds at a moment, under CPython and MicroPython."""

import gc

from pillbox import signals

CYCLE_MS = 12_000  # a multiple of every rhythm
LIDS = 28
EDGES = CYCLE_MS // signals.TICK_MS
ALL_LIDS = (
    signals.FAULT,
    signals.LOCATE,
    signals.HELP_CALLING,
    signals.HELP_NOT_SENT,
    signals.HELP_SENT,
    signals.HELP_COMING,
    signals.QUESTION,
    signals.CLOCK_FAULT,
)


def _rhythm(meaning: int, place: int = 0) -> "list[bool]":
    """A whole cycle, tick by tick."""
    return [signals.lit(meaning, i * signals.TICK_MS, place) for i in range(EDGES)]


def _turned(rhythm: "list[bool]") -> "tuple[tuple[bool, ...], ...]":
    """The rhythm as somebody sees it who looks at any moment."""
    return tuple(tuple(rhythm[i:] + rhythm[:i]) for i in range(len(rhythm)))


def _current_ma(rgb: bytearray) -> int:
    """What so many WS2812B take: 20 mA a channel at 255 (data sheet), 1 mA each when dark."""
    return sum(rgb) * 20 // 255 + len(rgb) // 3


def _shown(meanings: bytearray, uptime_ms: int = 0) -> bytearray:
    rgb = bytearray(3 * len(meanings))
    signals.render(meanings, uptime_ms, rgb)
    return rgb


def test_each_light_has_a_rhythm_of_its_own() -> None:
    """Whenever one begins to look and whatever the colours: no two meanings blink alike."""
    seen: dict[tuple[bool, ...], str] = {}
    for meaning, row in signals.LIGHTS.items():
        for turned in _turned(_rhythm(meaning)):
            told = row[0] if row[4] == 0 else row[0] + " from lid to lid"
            assert seen.get(turned, told) == told
            seen[turned] = told
    assert len(signals.LIGHTS) == len({row[0] for row in signals.LIGHTS.values()})


def test_rhythms_keep_to_the_ticks_and_are_soon_seen() -> None:
    """Steps are whole ticks, a rhythm is over within SEEN_MS and divides the cycle."""
    for name, _r, _g, _b, apart_ms, steps in signals.LIGHTS.values():
        every_ms = sum(steps)
        assert apart_ms % signals.TICK_MS == 0, name
        assert all(step % signals.TICK_MS == 0 for step in steps), name
        assert every_ms <= signals.SEEN_MS, name
        assert CYCLE_MS % every_ms == 0, name
    for name, _loudness, notes in signals.SOUNDS.values():
        assert all(ms % signals.TICK_MS == 0 for _hz, ms in notes), name


def test_no_light_flashes_so_fast_that_it_harms() -> None:
    """At most two flashes in any second, on any lid, red above all."""
    a_second = 1000 // signals.TICK_MS
    for meaning in signals.LIGHTS:
        rhythm = _rhythm(meaning) * 2
        begins = [rhythm[i] and not rhythm[i - 1] for i in range(1, len(rhythm))]
        assert max(sum(begins[i : i + a_second]) for i in range(EDGES)) <= 2, meaning


def test_a_rhythm_is_shown_as_the_table_says() -> None:
    """Lit and dark for so long in turn, from the first step, over and over."""
    for meaning, row in signals.LIGHTS.items():
        at_ms = 0
        for turn in range(2):
            for place, step_ms in enumerate(row[5]):
                for ms in range(at_ms, at_ms + step_ms, signals.TICK_MS):
                    assert signals.lit(meaning, ms, 0) == (place % 2 == 0), (row[0], turn, ms)
                at_ms += step_ms


def test_not_sent_lights_every_other_lid_in_turn() -> None:
    """Of two neighbours one is always lit and one dark: nothing else looks like that."""
    meanings = bytearray([signals.HELP_NOT_SENT] * LIDS)
    for uptime_ms in range(0, 4000, signals.TICK_MS):
        rgb = _shown(meanings, uptime_ms)
        lit = [rgb[i * 3] > 0 for i in range(LIDS)]
        assert all(lit[i] != lit[i - 1] for i in range(1, LIDS))


def test_whatever_all_lids_show_stays_within_what_usb_carries() -> None:
    """28 × 20 mA a channel stay under 250 mA, for one meaning everywhere and for any mixture."""
    for meaning in signals.LIGHTS:
        for uptime_ms in range(0, 4000, signals.TICK_MS):
            assert _current_ma(_shown(bytearray([meaning] * LIDS), uptime_ms)) <= 250
    worst = [signals.TAKE, signals.WRONG_LID, signals.FILL, signals.LATE]
    assert _current_ma(_shown(bytearray(worst * 7))) <= 250
    # TAKE alone on 28 lids would be 28 × 295 × 20 / 255 + 28 mA.
    assert 28 * 295 * 20 // 255 + 28 == 675


def test_a_few_lids_and_the_whole_box_are_as_bright_as_the_table() -> None:
    """What USB carries is not dimmed: four lids that are due, each meaning meant for all lids."""
    meanings = bytearray(LIDS)
    meanings[3] = meanings[4] = meanings[5] = meanings[6] = signals.TAKE
    assert list(_shown(meanings)[9:21]) == [0, 40, 255] * 4
    for meaning in ALL_LIDS:
        assert list(_shown(bytearray([meaning] * LIDS))[:3]) == list(signals.LIGHTS[meaning][1:4])


def test_lids_do_not_flicker_where_they_are_dimmed() -> None:
    """A lid's brightness does not hang on whether the others are lit at this moment."""
    meanings = bytearray([signals.WRONG_LID] * 27 + [signals.LATE])
    seen = {bytes(_shown(meanings, ms)[-3:]) for ms in range(0, 4000, signals.TICK_MS)}
    assert len(seen) == 1


def test_render_says_whether_anything_changed() -> None:
    """True when a light goes on or off, False while it stays: no chip is written for nothing."""
    meanings = bytearray((signals.DARK, signals.TAKE))
    rgb = bytearray(6)
    assert signals.render(meanings, 0, rgb)
    assert list(rgb) == [0, 0, 0, 0, 40, 255]
    assert not signals.render(meanings, 500, rgb)
    assert signals.render(meanings, 750, rgb)
    assert list(rgb) == [0] * 6


def test_showing_lights_fills_no_memory() -> None:
    """Four a second for ever: nothing is left on the heap (MicroPython tells, CPython does not)."""
    used = getattr(gc, "mem_alloc", lambda: 0)
    meanings = bytearray([i % len(signals.LIGHTS) for i in range(LIDS)])
    rgb = bytearray(3 * LIDS)
    signals.render(meanings, 0, rgb)
    gc.collect()
    gc.disable()
    before = used()
    changes = 0
    for uptime_ms in range(0, 100_000, signals.TICK_MS):
        changes += signals.render(meanings, uptime_ms, rgb)
    after = used()
    gc.enable()
    assert changes > 300
    assert after - before < 100


def test_locating_leaves_what_is_lit() -> None:
    """A lid that asks for something keeps its light; the dark ones blink."""
    meanings = bytearray((signals.DARK, signals.TAKE, signals.FAULT))
    signals.locate(meanings)
    assert list(meanings) == [signals.LOCATE, signals.TAKE, signals.FAULT]


def test_sounds_are_for_old_ears() -> None:
    """No tone above 1200 Hz at any pitch; every call is 520 Hz in pulses; ever louder."""
    for name, loudness, notes in signals.SOUNDS.values():
        for hz, _ms in notes:
            assert max(signals.PITCHES_PERCENT) * hz // 100 <= 1200, name
        assert 0 <= loudness <= 3, name
    for meaning, loudness in ((signals.SOFT, 1), (signals.LOUD, 2), (signals.LOUDER, 3)):
        assert signals.SOUNDS[meaning][1] == loudness
        assert [hz for hz, _ms in signals.SOUNDS[meaning][2]] == [520, 0]


def test_not_sent_falls_in_three_tones_and_sent_rises() -> None:
    """The two can be told apart by ear alone, and nothing else falls or rises in three."""
    falling, rising = [], []
    for name, _loudness, notes in signals.SOUNDS.values():
        tones = [hz for hz, _ms in notes if hz]
        if len(tones) == 3 and tones[0] > tones[1] > tones[2]:
            falling.append(name)
        if len(tones) == 3 and tones[0] < tones[1] < tones[2]:
            rising.append(name)
    assert (falling, rising) == (["not_sent"], ["sent"])


def test_a_melody_is_heard_as_the_table_says() -> None:
    """Each note in its place, no louder than chosen, at the chosen pitch; silence is silence."""
    for meaning, (_name, loudness, notes) in signals.SOUNDS.items():
        at_ms = 0
        for hz, ms in notes * 2:
            for loudest in (1, 2, 3):
                for pitch, percent in enumerate(signals.PITCHES_PERCENT):
                    want = (hz * percent // 100, min(loudness, loudest)) if hz else (0, 0)
                    for moment_ms in (at_ms, at_ms + ms - 1):
                        heard = signals.sound_now(meaning, moment_ms, loudest, pitch)
                        assert heard == want, (meaning, moment_ms)
            at_ms += ms


def test_a_call_goes_through_its_stages() -> None:
    """Each stage from its second on, each burst sound by sound, then silence to its next one."""
    stages = ((0, (signals.SILENT,), 10), (30, (signals.SOFT, signals.LOUD), 60))
    want = {
        0: signals.SILENT,
        29: signals.SILENT,
        30: signals.SOFT,
        39: signals.SOFT,
        40: signals.LOUD,
        49: signals.LOUD,
        50: signals.SILENT,
        89: signals.SILENT,
        90: signals.SOFT,
        100: signals.LOUD,
        -5: signals.SILENT,
    }
    assert {s: signals.staged(stages, s) for s in want} == want
