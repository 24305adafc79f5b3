"""The power goes at every write of an update, and again at every write of the start after it (P14).

Knows: the world of simulated starts; the bundles of makes.py in the folder named last on the
command line, after MUTANT, SEED, EVERY and MEND: the fault planted ("none"), one of EVERY cuts is
taken, by chance (1 = all of them), and after one of MEND the update is given again to its end.
Runs under MicroPython. Prints `@cuts {…}` with what was done; a broken promise ends it with
`@lost {…}`, which names the cut.

An update goes on over one world and is recorded: flash of three partitions and NVS in one order. A
crash image is the world before it, the writes up to the cut, and the one that was cut, torn.
"""

import gc
import json
import sys

import anbu_slots as slots
from anbu_wire import bundle as b
from anbu_wire.messages import UPDATE_FINISH
from tests.firmware.power.nor import Lots
from tests.firmware.update import mutants
from tests.firmware.update import world as w
from tests.firmware.update.device import Box, record, slot_files
from tests.firmware.update.micro_life import Seen, chip, made

MUTANT = sys.argv[-5]
SEED, EVERY, MEND = [int(word) for word in sys.argv[-4:-1]]
TORN_KINDS = 2
BUNDLE = "v2_big"


def files_of(data: bytes) -> "dict[str, bytes]":
    """The files in a bundle."""
    at = b.head_bytes(data) + b.SIGNATURE_BYTES
    files = {}
    for name, size, _digest in b.Manifest(data[: at - b.SIGNATURE_BYTES]).files():
        files[name] = data[at : at + size]
        at += size
    return files


class Cutter:
    """All cuts of one update."""

    def __init__(self) -> None:
        self.lots = Lots(SEED)
        self.before = chip()
        self.noted: "list[int]" = []  # for each record of the log: writes done when it was flushed
        self.counts = {"writes": 0, "cuts": 0, "torn": 0, "second": 0, "mended": 0}
        self.old_ran = 0
        self.files = {1: files_of(made("v1")), 2: files_of(made(BUNDLE))}
        self._turn = SEED

    # --- the update that is cut ---

    def record_update(self) -> "list[w.Write]":
        """From the first chunk to the confirmation, with the log written in between."""
        world = self.before.copy()
        world.record()

        def note(box: Box) -> None:
            box.note(len(self.noted))
            self.noted.append(len(world.writes))

        def receive(box: Box) -> None:
            data = made(BUNDLE)
            note(box)
            box.begin(data)
            note(box)
            box.send(data, 0, 7000)
            note(box)
            box.send(data, 7000)
            note(box)
            assert box.say(UPDATE_FINISH)["state"] == b.STAGED
            note(box)
            box.pass_time(9)

        def unconfirmed(box: Box) -> None:
            note(box)

        def confirmed(box: Box) -> None:
            note(box)
            box.pass_time(3)

        ran = Seen(receive, unconfirmed, confirmed).start(3)
        assert ran == [1, 2, 2] or MUTANT != "none"
        return world.writes

    # --- cuts ---

    def run(self) -> None:
        writes = self.record_update()
        self.counts["writes"] = len(writes)
        flash = self.before.copy()
        for done in range(len(writes) + 1):
            if self.lots.below(EVERY) == 0:
                self._cut(flash, writes, done)
            if done < len(writes):
                flash.redo(writes[done])

    def _cut(self, flash: w.World, writes: "list[w.Write]", done: int) -> None:
        """Before this write begins, and while it goes on."""
        for torn in range(1 + (TORN_KINDS if done < len(writes) else 0)):
            image = flash.copy()
            if torn:
                self._turn += 1
                self.counts["torn"] += 1
                image.redo_torn(writes[done], self._turn, self.lots)
            self.counts["cuts"] += 1
            try:
                self._recover(image, done)
            except Exception:
                print("@lost", json.dumps({"seed": SEED, "write": done, "torn": torn}))
                raise
            gc.collect()

    def _recover(self, image: w.World, done: int) -> None:
        """It starts: the old or the new, whole; the log is there; and again after a second cut."""
        again = image.copy()
        w.World.now = image
        image.record()
        version = self._start(image, done)
        self.old_ran += version == 1
        if self.lots.below(MEND) == 0:
            self._mend(again.copy())
        for write in [x for x in image.writes or [] if x[0] == slots.NAMESPACE][:1]:
            for how in range(3):
                second = again.copy()
                if how:
                    second.redo_torn(write, how, self.lots)
                self.counts["second"] += 1
                self._start(second, done)

    def _start(self, world: w.World, done: int) -> int:
        """One start: which version ran."""

        def look(box: Box) -> None:
            flushed = len([at for at in self.noted if at <= done])
            assert box.values[:flushed] == list(range(flushed)), (flushed, box.values)

        seen = Seen(look)
        seen.start()
        assert seen.versions in ([1], [2]), (seen.versions, world.said)
        assert world.said == []
        version = seen.versions[0]
        held = slot_files("app_b" if version == 2 else "app_a")
        assert all(held[name] == data for name, data in self.files[version].items())
        return version

    def _mend(self, _world: w.World) -> None:
        """Given again (or confirmed), the update comes to its end from wherever it was."""
        self.counts["mended"] += 1

        def act(box: Box) -> None:
            state = box.give(made(BUNDLE))
            if state["state"] == b.STAGED:
                box.pass_time(9)
            box.pass_time(3)

        seen = Seen(act, act, act)
        seen.start(3)
        assert seen.versions[-1] == 2, seen.versions
        known = record()
        assert known is not None and known.state == slots.CONFIRMED, known


if MUTANT in mutants.MUTANTS:
    mutants.MUTANTS[MUTANT]()
cutter = Cutter()
cutter.run()
cutter.counts["old_ran"] = cutter.old_ran
print("@cuts", json.dumps(cutter.counts))
