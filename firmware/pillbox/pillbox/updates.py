"""What an update asks of this box: its moments, its health. Loaded only when one is spoken of.

Knows: main's parts. May not know: bundles, slots, when an update is refused.
"""

from anbu_wire.messages import NO_COMPARTMENT, NO_SLOT, UPDATE_RESULT

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from typing import Protocol

    from anbu_device.core.clock import DeviceClock
    from anbu_device.core.journal import Journal
    from pillbox.box import Box

    class Log(Protocol):
        """The device's log."""

        failed: bool

        @property
        def journal(self) -> Journal:
            """The index of the log store."""

        def records(self, first_seq: int, last_seq: int) -> "list[bytes]":
            """The records of that range that are held."""

    class Chips(Protocol):
        """The board."""

        def mains(self) -> bool:
            """Whether USB power is there."""

        def faults(self) -> int:
            """Dead chips as bits."""

        def reset(self) -> None:
            """Starts the chip anew."""

    class Session(Protocol):
        """The radio."""

        @property
        def established(self) -> bool:
            """Whether an authenticated session stands."""

    class Schedules(Protocol):
        """The service."""

        def readable(self) -> bool:
            """Whether the stored schedule is the one that runs."""

    class House(Protocol):
        """main's Pillbox."""

        clock: DeviceClock
        box: Box

        @property
        def board(self) -> Chips:
            """The board."""

        @property
        def log(self) -> Log:
            """The log."""

        @property
        def radio(self) -> Session:
            """The radio."""

        @property
        def service(self) -> Schedules:
            """The service."""

        def battery_percent(self) -> int:
            """Percent, 255 = not known."""

        def write(self, effects: "list[tuple[int, tuple[int, int], int, int]]") -> None:
            """Makes effects durable and visible."""


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
