"""Faults planted in the update, one at a time: the cuts must find each.

Knows: the classes it spoils. Runs under MicroPython. May not know: cuts, what they look at.
"""

import anbu_slots as slots
from tests.firmware.update import world as w


def wrong_slot() -> None:
    """The updater writes where it runs."""
    from anbu_device.edge.appslot import AppSlot  # noqa: PLC0415 - over the world's modules
    from anbu_device.esp.update import Updater  # noqa: PLC0415 - same

    right = Updater._begin

    def begin(self: Updater, *facts: object) -> None:
        self._slot = AppSlot(w.Part("app_" + self._running_path[1:]), "/x")
        right(self, *facts)

    Updater._begin = begin


def early_switch() -> None:
    """The record points to the new slot before it is whole, and the loader does not look."""
    from anbu_device.esp.update import Updater  # noqa: PLC0415 - over the world's modules

    right = Updater._begin

    def begin(self: Updater, *facts: object) -> None:
        right(self, *facts)
        if self._record.state != slots.STAGED:
            self._store(slots.staged(self._record, 2, 0))
            self._store = lambda _record: None  # it is done

    def version(slot: int) -> int:
        if not w.loader._mount(slot):
            return 0
        w.vfs.umount(slots.PATHS[slot])
        return 1 + slot

    Updater._begin = begin
    w.loader._version = version


MUTANTS = {"wrong_slot": wrong_slot, "early_switch": early_switch}
