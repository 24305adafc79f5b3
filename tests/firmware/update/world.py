"""A chip that starts again and again: NOR slots, NVS, and the loader over them.

Knows: what the loader and the updater take of `esp32`, `machine`, `bluetooth`; every write since
`record`, in order, so that a power cut can be made anywhere. Runs under MicroPython.
May not know: bundles, what an app does.
"""

import sys

import vfs

import anbu_slots
from tests.firmware.power.nor import Lots, Nor, blank, do, tear

SLOT_BLOCKS = 24
LOG_BLOCKS = 16
LABELS = ("app_a", "app_b", "log")
FORMAT = {"progsize": 256, "readsize": 32}

# (label, NOR operation) or (name space, {key: blob}) of a commit
Write = "tuple[str, tuple[int, bytes | None] | dict[str, bytes]]"


class Restart(BaseException):
    """The chip starts anew; nothing of a program catches it."""


class World:
    """What survives a start. `world.now` is the chip whose modules the firmware imports."""

    now: "World"

    def __init__(self, images: "dict[str, bytearray]", nvs: "dict[str, dict[str, bytes]]") -> None:
        self.images = images
        self.nvs = nvs
        self.writes: "list[Write] | None" = None  # type: ignore[valid-type]
        self.nvs_broken = False
        self.said: "list[str]" = []
        World.now = self

    def copy(self) -> "World":
        """The same flash and NVS, and the chip that counts from now on."""
        images = {label: bytearray(image) for label, image in self.images.items()}
        return World(images, {space: dict(values) for space, values in self.nvs.items()})

    def record(self) -> None:
        """Keep every write from here on."""
        self.writes = []

    def wrote(self, where: str, what: "tuple[int, bytes | None] | dict[str, bytes]") -> None:
        """One write, done."""
        if self.writes is not None:
            self.writes.append((where, what))  # type: ignore[attr-defined]

    def redo(self, write: "Write") -> None:  # type: ignore[valid-type]
        """A recorded write on this chip."""
        where, what = write
        if where in self.images:
            do(self.images[where], what)
        else:
            self.nvs.setdefault(where, {}).update(what)

    def redo_torn(self, write: "Write", how: int, lots: Lots) -> None:  # type: ignore[valid-type]
        """The write, cut while it went on. A blob of the NVS may be half of it, or gone."""
        where, what = write
        if where in self.images:
            tear(self.images[where], what, how, lots)
            return
        values = self.nvs.setdefault(where, {})
        for key, blob in what.items():
            if how % 2:
                values.pop(key, None)
            else:
                cut = lots.below(len(blob))
                values[key] = blob[:cut] + lots.noise(len(blob) - cut)


class Part(Nor):
    """A partition of the chip."""

    def __init__(self, label: str) -> None:
        super().__init__(World.now.images[label])
        self._label = label
        self._world = World.now

    def _do(self, operation: "tuple[int, bytes | None]") -> None:
        self._world.wrote(self._label, operation)
        do(self.image, operation)


class Partition:
    """esp32.Partition, as far as it is used."""

    TYPE_DATA = 1

    @staticmethod
    def find(_type: int, label: str) -> "list[Part]":
        return [Part(label)] if label in World.now.images else []


class NVS:
    """esp32.NVS: what was set is there after `commit`."""

    def __init__(self, space: str) -> None:
        self._space = space
        self._world = World.now
        self._set: "dict[str, bytes]" = {}

    def get_blob(self, key: str, buffer: bytearray) -> int:
        blob = self._world.nvs.get(self._space, {}).get(key)
        if blob is None or len(blob) > len(buffer):
            raise OSError(0x1102, "no such blob")
        buffer[: len(blob)] = blob
        return len(blob)

    def set_blob(self, key: str, value: bytes) -> None:
        self._set[key] = bytes(value)

    def commit(self) -> None:
        if self._world.nvs_broken:
            raise OSError(5, "the NVS takes nothing")
        self._world.wrote(self._space, self._set)
        self._world.nvs.setdefault(self._space, {}).update(self._set)
        self._set = {}


class WDT:
    """Fed by whoever likes."""

    def __init__(self, timeout: int) -> None:
        self.fed = 0

    def feed(self) -> None:
        self.fed += 1


class BLE:
    """Keeps what was advertised."""

    advertised = b""

    def active(self, on: bool) -> None:
        """It is."""

    def gap_advertise(self, interval_us: int, data: bytes) -> None:
        BLE.advertised = data


def _reset() -> None:
    raise Restart("reset")


class _Chip:
    """Stands in sys.modules as `esp32`, `machine` and `bluetooth`."""

    Partition = Partition
    NVS = NVS
    WDT = WDT
    BLE = BLE
    reset = _reset


for _name in ("esp32", "machine", "bluetooth"):
    sys.modules[_name] = _Chip  # type: ignore[assignment]

import main as loader  # noqa: E402 - over the modules above

_PATH = list(sys.path)
_OF_A_SLOT = ("main", "part")  # what the tests' apps are made of


def power_off() -> None:
    """Nothing is closed, nothing is remembered but the flash."""
    for path in ("/a", "/b", "/log"):
        try:
            vfs.umount(path)
        except OSError:
            continue  # it was not mounted
    sys.path[:] = _PATH
    for name in _OF_A_SLOT:
        sys.modules.pop(name, None)
    anbu_slots.started = None


def start(app_ran: "object") -> "Restart | None":
    """One start of the chip through the loader; `App.ran` is what the apps' mains call."""
    power_off()
    App.ran = app_ran
    world = World.now
    # A file of the last start that the collector closes only now writes to the old bytes.
    world.images = {label: bytearray(image) for label, image in world.images.items()}
    run = loader.Loader(lambda why, _seconds, _watchdog: world.said.append(why)).run
    try:
        run()
    except Restart as restart:
        return restart
    return None


class App:
    """What an app's main reaches: `from tests.firmware.update.world import App`."""

    ran: "object" = None


def factory(slots: "dict[str, dict[str, bytes]]", nvs: "dict[str, dict[str, bytes]]") -> World:
    """A chip as it leaves the bench: files by slot, an empty log."""
    power_off()
    world = World({label: blank(SLOT_BLOCKS) for label in LABELS[:2]}, nvs)
    world.images["log"] = blank(LOG_BLOCKS)
    vfs.VfsLfs2.mkfs(Part("log"), **FORMAT)
    for label, files in slots.items():
        part = Part(label)
        vfs.VfsLfs2.mkfs(part, **FORMAT)
        vfs.mount(vfs.VfsLfs2(part, **FORMAT), "/a")
        for name, data in files.items():
            with open("/a/" + name, "wb") as file:
                file.write(data)
        vfs.umount("/a")
    return world
