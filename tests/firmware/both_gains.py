"""Calibration in integers is calibration, and what is not sane never gets in."""

from anbu_device.core.gains import (
    CURRENT,
    POWER,
    UNITY,
    VOLTAGE,
    Gains,
    apply,
    gain_for,
    sane,
    scaled,
)

VALUES = (0, 1, 233289, 1_000_000, 16_000_000, 0x3FFFFFFF * 4 // 5, -100_001, -1)
TWENTY = (52429, 65535, 65536, 65537, 70000, 78643)


def test_a_gain_is_applied_as_a_fraction() -> None:
    """Within half a unit of value · gain / 65536, for both signs and up to 20 % each way."""
    for value in VALUES:
        for gain in TWENTY:
            assert abs(apply(value, gain) * UNITY - value * gain) <= UNITY // 2, (value, gain)


def test_scaled_is_exact() -> None:
    """As the product would give it, rounded down."""
    for value in VALUES:
        for times, by in ((3000, 47650), (37000, 23052), (17250, 93)):
            assert scaled(value, times, by) == value * times // by


def test_a_gain_is_found_from_a_reference() -> None:
    """It turns what was shown into what was real; beyond 20 %, and from nothing, there is none."""
    for shown, real in ((228000, 230000), (16_000_000, 15_000_000), (955, 1000), (60_000, 50_001)):
        gain = gain_for(shown, real)
        assert abs(apply(shown, gain) - real) <= real // 5000 + 1, (shown, real, gain)
    for shown, real in ((1000, 1300), (1300, 1000), (0, 5), (5, 0), (-5, -5), (1, 10**9)):
        assert gain_for(shown, real) == 0


def test_only_sane_gains() -> None:
    """20 % each way and no further: refused when set, taken for 1 when that is what was stored."""
    assert [sane(gain) for gain in (52428, 52429, 78643, 78644, 0, -1)] == [
        False, True, True, False, False, False,
    ]  # fmt: skip
    gains = Gains(factory=(0, 70000, 1 << 30), user=(-1, 60000, 78644))
    assert gains.factory == (UNITY, 70000, UNITY)
    assert gains.user == (UNITY, 60000, UNITY)
    assert not gains.set_user(POWER, 90000)
    assert gains.set_user(POWER, 66000)
    assert gains.user == (UNITY, 60000, 66000)
    assert gains.factory == (UNITY, 70000, UNITY)


def test_factory_and_user_both_count_and_the_raw_reading_stays() -> None:
    """Each value by its own two gains, flags as they were."""
    gains = Gains(factory=(65536 + 6554, UNITY, UNITY))
    gains.set_user(VOLTAGE, 65536 - 6554)
    gains.set_user(CURRENT, 78643)
    raw = [230000, 1000, -50000, 7, 15]
    corrected = gains.correct(raw)
    assert abs(corrected[VOLTAGE] - 227_700) <= 1, corrected  # two roundings
    assert corrected[1:] == [1200, -50000, 0, 15], corrected
    assert raw == [230000, 1000, -50000, 7, 15]


def test_energy_is_corrected_as_it_is_counted() -> None:
    """Milliwatt-hour by milliwatt-hour 5 % more, none lost to rounding; past is not changed.

    It begins anew at 2^30 as the meter's does.
    """
    gains = Gains(factory=(UNITY, UNITY, 65536 + 3277))
    start = 0x3FFFFFFF - 500
    counted = [0, 0, 0, start, 7]
    gains.correct(counted)
    for _ in range(1000):
        counted[3] = (counted[3] + 1) & 0x3FFFFFFF
        corrected = gains.correct(counted)
    assert corrected[3] == 1050, corrected
    gains.set_user(POWER, 52429)
    assert gains.correct(counted)[3] == 1050
    counted[3] += 100
    assert gains.correct(counted)[3] == 1050 + 84
