"""What can be set on a device, as rows: parameter id u8, value u32, little-endian.

Knows: the ids, their names and ranges, the bytes of PARAMETERS' tail.
May not know: what a device does with a value, sessions, files.

A reader skips ids it does not know, so that the two ends may be of different age. A name has at
most 15 characters: devices keep the value in flash under it.
"""

import struct

from anbu_wire.errors import RemoteProtocolError

LOUDNESS = 1
PITCH = 2
REFILLING = 3
AWAY_FROM_S = 4
AWAY_UNTIL_S = 5
QUIET_FROM_MIN = 6
QUIET_UNTIL_MIN = 7
FILLING = 8
# of a care plug
VOLTAGE_GAIN = 9
CURRENT_GAIN = 10
POWER_GAIN = 11
FACTORY_VOLTAGE_GAIN = 12
FACTORY_CURRENT_GAIN = 13
FACTORY_POWER_GAIN = 14
LATITUDE_DEG = 15
SOLAR_NOON_MIN = 16

GAIN_ONE = 65536  # gains are parts of it: what is told = what the chip says x factory x user
LATITUDE_ZERO = 90  # the equator's LATITUDE_DEG

# 20 % either way: what is further off is no question of a gain
USER_GAIN_LEAST = 52429
USER_GAIN_MOST = 78643
_FACTORY_LEAST = 32768
_FACTORY_MOST = 131072

# id: (name, lowest, highest, whether SET_PARAMETER may set it). The others have their own command,
# the factory gains none: they are written when the device is made.
PARAMETERS = {
    LOUDNESS: ("loudness", 1, 3, True),  # the loudest that the box may be
    PITCH: ("pitch", 0, 2, True),  # which of the device's pitches; 0 suits most old ears
    REFILLING: ("refilling", 0, 2, False),
    AWAY_FROM_S: ("away_from_s", 0, 0xFFFFFFFF, False),  # UTC seconds since 2000, 0 = not away
    AWAY_UNTIL_S: ("away_until_s", 0, 0xFFFFFFFF, False),
    # Local minutes of the day between which doses of low criticality make no sound; equal = never.
    QUIET_FROM_MIN: ("quiet_from", 0, 1439, True),
    QUIET_UNTIL_MIN: ("quiet_until", 0, 1439, True),
    FILLING: ("filling", 0, 0xFFFFFFFF, False),  # compartments still to be filled or emptied
    VOLTAGE_GAIN: ("voltage_gain", USER_GAIN_LEAST, USER_GAIN_MOST, True),
    CURRENT_GAIN: ("current_gain", USER_GAIN_LEAST, USER_GAIN_MOST, True),
    POWER_GAIN: ("power_gain", USER_GAIN_LEAST, USER_GAIN_MOST, True),
    FACTORY_VOLTAGE_GAIN: ("factory_voltage", _FACTORY_LEAST, _FACTORY_MOST, False),
    FACTORY_CURRENT_GAIN: ("factory_current", _FACTORY_LEAST, _FACTORY_MOST, False),
    FACTORY_POWER_GAIN: ("factory_power", _FACTORY_LEAST, _FACTORY_MOST, False),
    # Where it stands, so that it knows when it is dark: degrees north of the south pole (Seoul
    # 127); the UTC minute of the sun's highest stand, as a year's mean (Seoul 212).
    LATITUDE_DEG: ("latitude_deg", 0, 180, True),
    SOLAR_NOON_MIN: ("solar_noon_min", 0, 1439, True),
}

_ROW = "<BI"
_ROW_BYTES = 5


def allowed(parameter: int, value: int) -> bool:
    """Whether SET_PARAMETER may set this parameter to this value."""
    row = PARAMETERS.get(parameter)
    return row is not None and row[3] and row[1] <= value <= row[2]


def encode_parameters(rows: "list[tuple[int, int]]") -> bytes:
    """The tail of PARAMETERS for (id, value) rows."""
    return b"".join([struct.pack(_ROW, parameter, value) for parameter, value in rows])


def decode_parameters(tail: bytes) -> "dict[int, int]":
    """Values by id. Raises RemoteProtocolError on half a row."""
    if len(tail) % _ROW_BYTES:
        raise RemoteProtocolError("parameters of %d bytes" % len(tail))
    rows = [struct.unpack(_ROW, tail[i : i + _ROW_BYTES]) for i in range(0, len(tail), _ROW_BYTES)]
    return {row[0]: row[1] for row in rows}
