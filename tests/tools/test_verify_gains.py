"""tools.technician.verify_gains: which gains follow from a reference, and which are refused.

Knows: the pure part of `anbu verify careplug`.
"""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from anbu_wire import metering, settings
from tools.technician import verify_gains as g

ONE = settings.GAIN_ONE
VALID = metering.VOLTAGE | metering.CURRENT | metering.POWER
UNITY = (ONE, ONE, ONE)


def reading(voltage: int = 230_000, current: int = 4348, power: int = 1_000_000) -> dict[str, int]:
    """One of METER, raw as told."""
    values = {"voltage_mv": voltage, "current_ma": current, "power_mw": power, "flags": VALID}
    return {**values, **{f"raw_{name}": value for name, value in list(values.items())[:3]}}


def refusal(watts: float, volts: float, raw: g.Triple, factory: g.Triple = UNITY) -> str:
    """Why no gains follow."""
    with pytest.raises(g.Implausible) as caught:
        g.gains(g.Reference(watts, volts), raw, factory)
    return str(caught.value)


@given(
    st.floats(30, 3600),
    st.floats(100, 260),
    st.tuples(*[st.floats(0.85, 1.15)] * 3),
    st.tuples(*[st.integers(60_000, 72_000)] * 3),
)
def test_the_plug_tells_the_reference_afterwards(
    watts: float, volts: float, off: tuple[float, ...], factory: tuple[int, int, int]
) -> None:
    """Whatever its chips are off by, within what is plausible: raw x factory x user is true."""
    reference = g.Reference(watts, volts)
    assume(abs(off[0] * off[1] / off[2] - 1) < 0.09)
    raw = tuple(
        round(true * o * ONE / f)
        for true, o, f in zip(reference.thousandths, off, factory, strict=True)
    )
    voltage, current, power = raw
    assume(current > 1000)  # rounding to a milliampere is a part of the error below that
    gains = g.gains(reference, (voltage, current, power), factory)
    told = [round(r * f / ONE * u / ONE) for r, f, u in zip(raw, factory, gains, strict=True)]
    assert g.exact(reference, (told[0], told[1], told[2]))
    for is_told, true in zip(told, reference.thousandths, strict=True):
        assert is_told == pytest.approx(true, rel=0.001)
    assert all(settings.allowed(p, gain) for p, gain in zip(g.USER, gains, strict=True))


def test_a_gain_beyond_a_fifth_is_refused() -> None:
    """The border itself is allowed; a wrong reference never reaches the plug."""
    raw = (230_000, 4348, 1_000_000)
    assert g.gains(g.Reference(1190, 230), raw, UNITY)[2] == 77988
    assert "current would need a gain of 1.210" in refusal(1210, 230, raw)
    assert "voltage would need a gain of 0.783" in refusal(1000, 180, raw)


def test_a_motor_is_no_reference() -> None:
    """Watts are not volts times amperes: nothing follows from it."""
    assert "power factor is 0.70" in refusal(700, 230, (230_000, 4348, 700_000))


@pytest.mark.parametrize(("watts", "volts"), [(5, 230), (4000, 230), (1000, 12), (-1, 230)])
def test_a_reference_no_socket_has_is_refused(watts: float, volts: float) -> None:
    """A slip of the pen is found before anything is computed; not a number too."""
    with pytest.raises(g.Implausible):
        g.Reference(watts, volts)
    with pytest.raises(g.Implausible):
        g.Reference(float("nan"), volts)


def test_readings_must_be_valid_steady_and_positive() -> None:
    """A value without its flag, a load that moves, a plug the wrong way round."""
    steady = [reading(power=1_000_000 + n) for n in range(5)]
    assert g.measured(steady, g.TOLD) == (230_000, 4348, 1_000_002)
    for bad, why in (
        ({**reading(), "flags": metering.VOLTAGE}, "no valid values"),
        (reading(power=1_030_000), "power_mw moves by 3.0%"),
    ):
        with pytest.raises(g.Implausible, match=why):
            g.measured([*steady, bad], g.TOLD)
    with pytest.raises(g.Implausible, match="negative watts"):
        g.measured([reading(power=-1_000_000)] * 3, g.TOLD)


def test_a_plug_that_applies_no_gains_is_noticed() -> None:
    """What is told must be what is raw by both gains."""
    raw, user = (230_000, 4348, 1_000_000), (ONE, ONE, 70_000)
    assert g.applied(raw, (230_000, 4348, 1_068_115), UNITY, user)
    assert not g.applied(raw, raw, UNITY, user)
