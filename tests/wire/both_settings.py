"""anbu_wire.settings under both interpreters."""

from anbu_wire import settings
from anbu_wire.errors import RemoteProtocolError


def test_rows_come_back() -> None:
    """What was encoded is decoded, also rows of a parameter nobody knows yet."""
    rows = [(settings.LOUDNESS, 2), (settings.AWAY_UNTIL_S, 0xFFFFFFFF), (200, 7)]
    tail = settings.encode_parameters(rows)
    assert len(tail) == 15
    assert settings.decode_parameters(tail) == dict(rows)
    assert settings.decode_parameters(b"") == {}


def test_the_bytes_are_these() -> None:
    """Id, then the value with its least byte first."""
    assert settings.encode_parameters([(2, 0x01020304)]) == b"\x02\x04\x03\x02\x01"


def test_half_a_row_is_refused() -> None:
    """A cut tail ends the session, not the program."""
    for size in (1, 4, 6):
        try:
            settings.decode_parameters(bytes(size))
        except RemoteProtocolError:
            continue
        raise AssertionError(size)


def test_only_what_may_be_set_is_allowed() -> None:
    """In its range and not one that has a command of its own; unknown ones never."""
    for parameter, (_name, lowest, highest, settable) in settings.PARAMETERS.items():
        assert settings.allowed(parameter, lowest) == settable
        assert settings.allowed(parameter, highest) == settable
        assert not settings.allowed(parameter, highest + 1)
        assert not settings.allowed(parameter, lowest - 1)
    assert not settings.allowed(99, 1)


def test_names_fit_the_flash() -> None:
    """Devices keep a value under its name, for which the chip has 15 characters; none twice."""
    names = [row[0] for row in settings.PARAMETERS.values()]
    assert max([len(name) for name in names]) <= 15
    assert len(set(names)) == len(names)


def test_user_gains_stay_within_a_fifth() -> None:
    """20 % either way, and factory gains are not for SET_PARAMETER."""
    for parameter in (settings.VOLTAGE_GAIN, settings.CURRENT_GAIN, settings.POWER_GAIN):
        for gain, good in ((0.79, False), (0.801, True), (1, True), (1.199, True), (1.21, False)):
            assert settings.allowed(parameter, round(gain * settings.GAIN_ONE)) == good
    assert not settings.allowed(settings.FACTORY_POWER_GAIN, settings.GAIN_ONE)
