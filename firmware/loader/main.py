"""The loader: chooses an app slot, counts the start, runs it. Never written in the field.

Knows: two partitions, the slots' record, how to say FAULT. May not know: what an app does.
It stands alone in the root file system with anbu_slots, so that no update can break it. It never
fails in silence: whatever goes wrong is advertised as FAULT, then the chip starts anew.
"""

# ruff: noqa: E402
# isort: off
import micropython

# A meter may hang at the console's pins: no byte from there stops a start. The app's board gives
# Ctrl-C back where the console is one. First of all: another import takes its time.
micropython.kbd_intr(-1)
# isort: on

import gc
import sys
import time

import vfs
from micropython import const

import anbu_slots as slots
from bluetooth import BLE
from esp32 import NVS, Partition
from machine import WDT, reset

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable

FAULT_S = const(600)  # nothing to run: say so, then look again
CRASH_S = const(20)  # an app ended: its reminders should come back soon
# What lives long must lie close together: without this the heap is used to its end before anything
# is collected, and an app's objects stay scattered over all of it.
_COLLECT_BYTES = const(8192)
_WATCHDOG_MS = const(120_000)  # until the app starts its own
_LOOK_MS = const(1000)
_ADVERTISE_US = const(500_000)
# anbu_wire.gatt.advertisement(FAULT); a test compares.
ADVERTISEMENT = (
    b"\x02\x01\x06\x11\x07\x4a\x6b\x74\x9a\x4e\x16\xcd\x9a\x3b\x4a\x1e\x45\xe6\x8f\xa8\xfa"
    b"\x05\xff\xff\xff\x01\x02"
)


def say_fault(why: str, seconds: int, watchdog: "WDT") -> None:
    """Tells `why` on the serial line and FAULT on the air, for that long."""
    print("FAULT: " + why)  # noqa: T201 - the serial line is all there is
    try:
        ble = BLE()
        ble.active(True)
        ble.gap_advertise(_ADVERTISE_US, ADVERTISEMENT)
    except OSError as error:
        print("FAULT: no radio either: %s" % error)  # noqa: T201 - same
    for _ in range(seconds):
        watchdog.feed()
        time.sleep_ms(_LOOK_MS)


class Loader:
    """One start of the chip. `say(why, seconds, watchdog)` says FAULT."""

    def __init__(self, say: "Callable[[str, int, WDT], None]" = say_fault) -> None:
        self._say = say
        self._watchdog = WDT(timeout=_WATCHDOG_MS)

    def run(self) -> None:
        """Runs the app. Comes back only to start the chip anew."""
        record = self._choose()
        if record is None:
            self._say("no app slot can be read", FAULT_S, self._watchdog)
        else:
            slots.started = record
            why = self._run_app(slots.PATHS[record.active])
            self._count_crash(record)
            self._say("the app ended: " + why, CRASH_S, self._watchdog)
        reset()

    def _choose(self) -> "slots.Record | None":
        """The record under which to start, its slot mounted; None where no slot can be read."""
        known = slots.load(NVS(slots.NAMESPACE))
        record = known or slots.first(_version(0), _version(1))
        chosen = _readable(slots.start(record)) if record else None
        if chosen is None:
            return None
        if chosen != known and not self._store(chosen) and slots.on_trial(chosen):
            chosen = _readable(slots.back(chosen, 0)) or chosen  # not counted: no trial
        _mount(chosen.active)
        return chosen

    def _store(self, record: "slots.Record") -> bool:
        try:
            slots.store(NVS(slots.NAMESPACE), record)
        except OSError:
            return False
        return True

    def _run_app(self, path: str) -> str:
        """Runs `main` from there; why it ended."""
        gc.collect()
        gc.threshold(_COLLECT_BYTES)
        sys.path.insert(0, path)
        sys.modules.pop("main", None)
        try:
            import main  # noqa: PLC0415 - the app's, found only now

            main.run()
        except Exception as error:  # noqa: BLE001 - whatever an app raises, the chip starts anew
            sys.print_exception(error)
            return repr(error)
        return "without an error"

    def _count_crash(self, record: "slots.Record") -> None:
        """Three crashes of a confirmed app: the other slot, where it holds one."""
        now = slots.crashed(slots.load(NVS(slots.NAMESPACE)) or record)
        if not slots.on_trial(now) and now.boots >= slots.TRIES:
            version = _version(1 - now.active)
            now = slots.back(now, version) if version else now
        self._store(now)


def _mount(slot: int) -> bool:
    found = Partition.find(Partition.TYPE_DATA, label=slots.LABELS[slot])
    if not found:
        return False
    try:
        # Nothing is written here: small caches leave the app 2 KB more, and no holes behind it.
        store = vfs.VfsLfs2(found[0], progsize=32, readsize=32)  # type: ignore[abstract]
        vfs.mount(store, slots.PATHS[slot])
    except OSError:
        return False
    return True


def _readable(record: "slots.Record") -> "slots.Record | None":
    """This record, or the one that falls back where its slot holds nothing; None: nor does that."""
    version = _version(record.active)
    if not version:
        record = slots.back(record, 0)
        version = _version(record.active)
    return slots.Record(*record[:4], version, *record[5:]) if version else None


def _version(slot: int) -> int:
    """The version a slot holds, 0 where it cannot be read or was never verified whole."""
    if not _mount(slot):
        return 0
    try:
        with open(slots.PATHS[slot] + "/" + slots.MARK, "rb") as file:
            return slots.decode_mark(file.read())
    except OSError:
        return 0
    finally:
        vfs.umount(slots.PATHS[slot])


def run() -> None:
    """One start."""
    Loader().run()


if __name__ == "__main__":
    run()
