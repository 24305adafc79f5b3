"""What an update asks of this box: its moments beside its health. Loaded when one is spoken of.

Knows: main's parts. May not know: bundles, slots, when an update is refused.
"""

from anbu_device.core import update_host
from anbu_device.core.update_rules import Facts, not_now


class UpdateHost(update_host.UpdateHost):
    """The `house` of anbu_device.esp.update, made of main's Pillbox."""

    def update_facts(self) -> "tuple[int, list[int], bool, int, bool]":
        """core.update_rules.Facts, in order."""
        house = self._house
        dues_s = [slot.entry.due_wall_s for slot in house.box.slots]
        power = (house.battery_percent(), house.board.mains())
        return house.clock.wall_s(), dues_s, house.box.calls(), power[0], power[1]

    def quiet(self) -> bool:
        """Whether it may start anew at this moment."""
        return not not_now(Facts(*self.update_facts()))
