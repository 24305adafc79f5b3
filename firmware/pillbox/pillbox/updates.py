"""What an update asks of this box: its moments, its health. Loaded only when one is spoken of.

Knows: main's parts. May not know: bundles, slots, when an update is refused.
"""

from anbu_wire.messages import NO_COMPARTMENT, NO_SLOT, UPDATE_RESULT

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from pillbox.house import House


class UpdateHost:
    """The `house` of anbu_device.esp.update, made of main's Pillbox."""

    def __init__(self, house: "House") -> None:
        self._house = house

    def update_facts(self) -> "tuple[int, list[int], bool, int, bool]":
        """core.update_rules.Facts, in order."""
        house = self._house
        dues_s = [slot.entry.due_wall_s for slot in house.box.slots]
        power = (house.battery_percent(), house.board.mains())
        return house.clock.wall_s(), dues_s, house.box.calls(), power[0], power[1]

    def health(self) -> "tuple[bool, bool, bool]":
        """Whether the gateway proved itself, the log can be read back, so can the schedule."""
        house = self._house
        newest = house.log.journal.newest_seq
        log = not house.log.failed and len(house.log.records(newest, newest)) == 1
        return house.radio.established, log, house.service.readable()

    def faults(self) -> int:
        """Dead chips as bits."""
        return self._house.board.faults()

    def update_told(self, value: int) -> None:
        """Writes what became of an update into the log."""
        self._house.write([(UPDATE_RESULT, NO_SLOT, NO_COMPARTMENT, value)])

    def restart(self) -> None:
        """Starts the chip anew; everything that was told is on flash."""
        self._house.board.reset()
