"""Drawn lives of a plug beside a person who knows the rules, and restarts anywhere in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import cos, pi, radians, sin

from hypothesis import given
from hypothesis import strategies as st

from anbu_wire.messages import BOOT, ENERGY, LIGHT_STEP, LOAD_OFF, LOAD_ON
from careplug.sun import HORIZON, ONE, sine
from tests.firmware import plug_oracle
from tests.firmware.one_plug import MIDNIGHT_S, Rig, S
from tests.firmware.plug_oracle import OFF, ON

STEP_S = 10
_KINDS = {LOAD_ON: ON, LOAD_OFF: OFF}
Story = list[tuple[int, int]]

# Four samples at least, so that a step is no lone jump; on for an hour at the most in all, so that
# nothing of it is learnt as standby.
_QUIET = st.tuples(
    st.sampled_from([0, 1, 5]),
    st.one_of(st.integers(4, 170), st.sampled_from([177, 178, 179, 180, 181, 182, 183, 360])),
)
_BUSY = st.tuples(st.sampled_from([8, 60, 2000, 4400]), st.integers(4, 40))
_STORIES = st.lists(st.one_of(_QUIET, _BUSY), min_size=1, max_size=12).map(
    lambda parts: [(0, 40), *[(watts, samples * STEP_S) for watts, samples in parts]]
)
_NOISE = st.dictionaries(st.integers(0, 2000), st.sampled_from([0, 50, 3000, 9000, 11_000]))


def _live(
    story: Story, noise: dict[int, int], restart: int = -1, keep: int = -1, rig: Rig | None = None
) -> Rig:
    """Live through it; `noise`: lone samples inside a part; `restart`, `keep`: sample numbers."""
    rig = rig or Rig()
    number = 0
    for watts, lasts_s in story:
        samples = lasts_s // STEP_S
        lone_at = 0
        for i in range(samples):
            lone = number in noise and 2 < i < samples - 2 and i - lone_at > 2
            lone_at = i if lone else lone_at
            rig.run(noise[number] if lone else watts, STEP_S * S, STEP_S * S)
            if number == keep:
                rig.keep()
            if number == restart:
                rig.restart()
            number += 1
    return rig


def _told(rig: Rig) -> list[tuple[str, int, int]]:
    """The bouts of the log; the middle of three samples comes one sample late."""
    boots = {1: 0}
    for record in rig.log:
        if record.kind == BOOT:
            boots[record.boot] = record.wall_s - rig.began_s
    return [
        (_KINDS[r.kind], boots[r.boot] + r.uptime_ms // S - 2 * STEP_S, r.value)
        for r in rig.log
        if r.kind in _KINDS
    ]


_STILL = [(0, 2 * 3600)]


@given(_STORIES, _NOISE)
def test_bouts_are_what_the_rules_say(story: Story, noise: dict[int, int]) -> None:
    """Every LOAD_ON and LOAD_OFF, with its second, watts and minutes; noise changes nothing."""
    story = story + _STILL
    assert _told(_live(story, noise)) == plug_oracle.bouts(story)


@given(_STORIES, st.integers(0, 3000))
def test_a_restart_with_the_state_of_that_moment_changes_nothing(story: Story, at: int) -> None:
    """Kept, restarted, restored at any sample: the same records, but for BOOT."""
    story = story + _STILL
    plain = _live(story, {})
    cut = _live(story, {}, restart=at, keep=at)
    assert [said for said in cut.said if said[0] != BOOT] == plain.said
    assert cut.plug.energy_wh == plain.plug.energy_wh
    assert cut.plug.loads == plain.plug.loads


@given(_STORIES, st.integers(0, 3000), st.integers(-1, 2900))
def test_a_restart_with_an_old_state_or_none_begins_and_ends_no_bout(
    story: Story, at: int, kept: int
) -> None:
    """The same beginnings as by the rules, ON and OFF by turns, loads as many as LOAD_ON."""
    story = [(0 if watts == 5 else watts, s) for watts, s in story] + _STILL  # see the next test
    kept = min(kept, at - 7)
    restart_s = (at - 1) * STEP_S  # two samples late as all that is believed
    rig = _live(story, {}, restart=at, keep=kept)
    in_hand = {STEP_S * n for n in range(at - 1, at + 5)}  # a start needs three samples to see
    edges = {edge for span in plug_oracle.on_spans(story) for edge in span[:2]}
    kinds = [said[0] for said in rig.bouts]
    assert kinds == [LOAD_ON, LOAD_OFF] * (len(kinds) // 2)
    assert rig.plug.loads == kinds.count(LOAD_ON)
    if edges & in_hand or kept < 0:
        return  # the window of three samples, or what ran, is not known anew: see the next test
    words = [(what, watts) for what, _, watts in plug_oracle.bouts(story, restart_s) if what == ON]
    assert [(what, value) for what, _, value in _told(rig) if what == ON] == words


@given(_STORIES, st.integers(0, 3000), st.booleans())
def test_whatever_the_restart_no_bout_is_made_up(story: Story, at: int, power_on: bool) -> None:
    """No state at all: never a beginning that the story has not, minutes never more than it has.

    A start forgets whether 5 W is still on or already off: it is taken for off.
    """
    story = story + _STILL
    rig = Rig()
    number = 0
    for watts, lasts_s in story:
        for _ in range(lasts_s // STEP_S):
            rig.run(watts, STEP_S * S, STEP_S * S)
            if number == at:
                rig.restart(power_on)
            number += 1
    spans = plug_oracle.on_spans([(watts if watts > 6 else 0, s) for watts, s in story])
    told = _told(rig)
    assert sum(what == ON for what, _, _ in told) <= len(spans)
    for what, at_s, _watts in told:
        if what == ON:
            assert any(abs(at_s - from_s) <= 3 * STEP_S for from_s, _, _ in spans)
    on_min = sum(minutes for what, _, minutes in told if what == OFF)
    assert on_min * 60 <= sum(lasts_s for _, lasts_s in story[1:])


@given(_STORIES, st.lists(st.integers(0, 3000), max_size=4), st.lists(st.integers(0, 3000)))
def test_energy_never_goes_back_behind_the_log(
    story: Story, restarts: list[int], keeps: list[int]
) -> None:
    """Whatever is kept whenever: each ENERGY ≥ the one before, none more than was drawn."""
    rig = Rig()
    number, drawn_ws = 0, 0
    for watts, lasts_s in [*story, *story]:
        for _ in range(lasts_s // 5):
            rig.run(watts, 5 * S, 5 * S)
            drawn_ws += 5 * watts
            if number in keeps:
                rig.keep()
            if number in restarts:
                rig.restart()
            number += 1
    told = [value for _, value in rig.of(ENERGY)]
    assert told == sorted(told)
    assert rig.plug.energy_wh >= (told or [0])[-1]
    assert rig.plug.energy_wh * 3600 <= drawn_ws + 5 * 4400


@given(st.lists(st.sampled_from([0, 5, 9, 50, 300, 2000]), min_size=2, max_size=12), st.data())
def test_at_night_every_step_of_a_lamp_is_told_once(levels: list[int], data: st.DataObject) -> None:
    """Each change from 20 lx up by double or half, whatever time lies between, from 8 s on."""
    rig = Rig(MIDNIGHT_S)
    for level in levels:
        lasts_s = data.draw(st.sampled_from([8, 30, 58, 60, 62, 200]))
        rig.shine(level, lasts_s * S, data.draw(st.sampled_from([500, 2000])))
    kept = [a for a, b in zip(levels, [*levels[1:], -1], strict=True) if a != b]
    assert [value for _, value in rig.of(LIGHT_STEP)] == plug_oracle.lamp_steps(kept)


@given(
    st.integers(0, 365 * 24),
    st.lists(st.integers(-19, 19), min_size=2, max_size=40),
    st.sampled_from([1, 5, 30]),
)
def test_no_smooth_curve_is_ever_a_lamp(hour: int, slopes: list[int], step_s: int) -> None:
    """Light that changes by less than a fifth a minute, at any time of any day: nothing."""
    rig = Rig(MIDNIGHT_S + hour * 3600)
    lux = 200.0
    for slope in slopes:
        for _ in range(5 * 60 // step_s):
            lux = min(30_000.0, max(0.5, lux * (1 + slope / 100) ** (step_s / 60)))
            rig.up_ms += step_s * S
            rig.write(rig.plug.light(rig.uptime_ms, rig.wall_s, int(lux * 100)))
    assert rig.said == []


@given(st.integers(0, 40 * 366 * 86_400), st.integers(-66, 66), st.integers(0, 1439))
def test_the_sun_stands_where_spencers_series_puts_it(wall_s: int, lat: int, noon: int) -> None:
    """Within 0.6 degrees of height, day and night alike but near the horizon, for forty years."""
    exact = _spencer(wall_s, lat, noon)
    assert abs(sine(wall_s, lat, noon) / ONE - exact) < 0.0105
    if abs(exact + 0.0145) > 0.0105:
        assert (sine(wall_s, lat, noon) > HORIZON) == (exact > -0.0145)


def _spencer(wall_s: int, lat: int, noon: int) -> float:
    """The sine of the sun's height: Spencer 1971, as NOAA's solar calculations give it."""
    moment = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=wall_s)
    g = 2 * pi / 365.25 * (moment.timetuple().tm_yday - 1 + (moment.hour - 12) / 24)
    time_min = 229.18 * (
        0.000075 + 0.001868 * cos(g) - 0.032077 * sin(g)
        - 0.014615 * cos(2 * g) - 0.040849 * sin(2 * g)
    )  # fmt: skip
    declination = (
        0.006918 - 0.399912 * cos(g) + 0.070257 * sin(g) - 0.006758 * cos(2 * g)
        + 0.000907 * sin(2 * g) - 0.002697 * cos(3 * g) + 0.00148 * sin(3 * g)
    )  # fmt: skip
    of_day_min = wall_s % 86_400 / 60
    hour_angle = radians((of_day_min - noon + time_min) / 4)
    across = cos(radians(lat)) * cos(declination) * cos(hour_angle)
    return sin(radians(lat)) * sin(declination) + across
