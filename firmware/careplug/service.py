"""What the gateway may ask of this plug beyond what it asks of any device.

Knows: the callbacks `anbu_device.core.link.DeviceLink` calls. May not know: frames, sessions, BLE,
chips. It has no schedule, no compartments, and nothing here switches a load.
"""

from anbu_device.core import service
from anbu_wire import metering
from anbu_wire.messages import OK

_U16 = 0xFFFF
_U32 = 0xFFFFFFFF


class Service(service.Service):
    """The duck-typed device behind the link. `house` is main's Careplug."""

    def meter(self) -> "tuple[int, ...]":
        """METER's fields, in the table's order."""
        house = self._house
        volts, amps, watts = house.sense.told()
        plug = house.plug
        lux_centi = house.sense.lux_centi()
        return (
            volts[0],
            amps[0],
            watts[0],
            volts[1],
            amps[1],
            watts[1],
            plug.energy_wh & _U32,
            max(lux_centi, 0),
            plug.loads & _U32,
            min(plug.threshold_w, _U16),
            self._flags(volts[2], amps[2], watts[2], lux_centi >= 0),
        )

    def _flags(self, volts: bool, amps: bool, watts: bool, light: bool) -> int:
        house = self._house
        board = house.board
        return sum(
            [
                flag
                for flag, is_so in (
                    (metering.VOLTAGE, volts),
                    (metering.CURRENT, amps),
                    (metering.POWER, watts),
                    (metering.LIGHT, light),
                    (metering.LOAD_ON, house.plug.load_on),
                    (metering.PRESSED, house.hand.was_pressed()),
                    (metering.HAS_METER, board.meter is not None),
                    (metering.HAS_LIGHT, board.light is not None),
                    (metering.HAS_BUTTON, board.has_button),
                )
                if is_so
            ]
        )

    def locate(self, seconds: int) -> int:
        """Makes itself found; 0 ends it."""
        self._house.hand.locate(self._house.clock.uptime_ms + seconds * 1000)
        return OK

    def set_parameter(self, parameter: int, value: int) -> int:
        """Keeps a choice, in force from the next reading; the value is in its range."""
        code: int = self._house.choices.set(parameter, value)
        if code == OK:
            self._house.chosen()
        return code

    def parameters(self) -> "list[tuple[int, int]]":
        """The choices that hold, and the factory's gains."""
        rows: "list[tuple[int, int]]" = self._house.choices.rows()
        return rows
