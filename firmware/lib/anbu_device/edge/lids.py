"""The lids' sensors: two expanders side by side on one interrupt line.

Knows: two expanders, the line they pull low together. May not know: compartments' meaning, doses.
Lids are bits of one mask, those of the first expander lowest; 1 = open. Nothing raises.
"""

from micropython import const

from anbu_device.edge.steady import UNSEEN, SteadyExpander

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_device.edge.mcp23017 import Registers
    from machine import Pin

_READS_MAX = const(3)
_PER_CHIP = const(14)
_ALL = const(0x3FFF)


class Lids:
    """Reads both chips as they stand at once: what they know of the time before goes with it."""

    def __init__(self, i2c: "Registers", addresses: "tuple[int, int]", line: "Pin") -> None:
        self.first = SteadyExpander(i2c, addresses[0])
        self.second = SteadyExpander(i2c, addresses[1])
        self._line = line

    def moved_while_off(self) -> "int | None":
        """What moved between the last reading before this start and the first one of it.

        None: a chip had lost power or does not answer, so that nobody knows. What even the chips
        cannot see stands in MCP23017.witness.
        """
        first, second = self.first.moved_while_off, self.second.moved_while_off
        return None if UNSEEN in {first, second} else first | second << _PER_CHIP

    def read(self) -> int:
        """All levels; releases the interrupt line. Allocates nothing."""
        for _ in range(_READS_MAX):
            # Reading both chips releases the line; a lid that moved meanwhile pulls it again, and
            # an edge that came before we looked would never be told.
            mask = self.first.lids() | self.second.lids() << _PER_CHIP
            if self._line.value():
                break
        return mask

    def told(self, mask: int) -> None:
        """Movements up to `mask` are in the log: what differs at the next start was not."""
        self.first.tell(mask & _ALL)
        self.second.tell(mask >> _PER_CHIP)

    def touched(self) -> int:
        """What moved and moved back between two readings, since the last call."""
        return self.first.take_touched() | self.second.take_touched() << _PER_CHIP

    def blind(self) -> int:
        """What nobody could watch for some time since the last call: the chip was dead or reset."""
        first = _ALL if self.first.take_blind() else 0
        return first | (_ALL if self.second.take_blind() else 0) << _PER_CHIP

    def check(self) -> None:
        """Once a minute: every register of both chips is compared."""
        self.first.check()
        self.second.check()
