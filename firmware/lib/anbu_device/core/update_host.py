"""What an update asks of a device: its moments, its health. Loaded only when one is spoken of.

Knows: a main's parts. May not know: bundles, slots, when an update is refused, doses (a target
that has some derives from it).
"""

from anbu_wire.messages import NO_BATTERY, NO_COMPARTMENT, NO_SLOT, UPDATE_RESULT


class UpdateHost:
    """The `house` of anbu_device.esp.update, made of a target's main."""

    # `house` is a target's main: MicroPython has no Protocol to say so.
    def __init__(self, house) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        self._house = house

    def update_facts(self) -> "tuple[int, list[int], bool, int, bool]":
        """core.update_rules.Facts, in order: no doses, nothing calls, on the mains."""
        return self._house.clock.wall_s(), [], False, NO_BATTERY, True

    def quiet(self) -> bool:
        """Whether it may start anew at this moment: it always may."""
        return True

    def health(self) -> "tuple[bool, bool, bool]":
        """Whether the gateway proved itself, the log can be read back, so can what is stored."""
        house = self._house
        newest = house.log.journal.newest_seq
        log = not house.log.failed and len(house.log.records(newest, newest)) == 1
        return house.radio.established, log, house.service.readable()

    def faults(self) -> int:
        """Dead chips as bits."""
        faults: int = self._house.board.faults()
        return faults

    def update_told(self, value: int) -> None:
        """Writes what became of an update into the log."""
        self._house.write([(UPDATE_RESULT, NO_SLOT, NO_COMPARTMENT, value)])

    def restart(self) -> None:
        """Starts the chip anew; everything that was told is on flash."""
        self._house.restart()
