"""What METER's fields mean: which of its values are valid, which parts the plug has.

Knows: the flags. May not know: chips, sessions, where gains are kept.

A raw value is by the chip's own references, before factory and user gain. `loads` counts human
loads begun since provisioning. A value without its flag is 0 and says nothing.
"""

VOLTAGE = 0x01
CURRENT = 0x02
POWER = 0x04
LIGHT = 0x08  # lux_centi
LOAD_ON = 0x10  # a human load is on, above threshold_w
PRESSED = 0x20  # the button is down, or was since the last READ_METER of this session
HAS_METER = 0x100
HAS_LIGHT = 0x200
HAS_BUTTON = 0x400
