"""Cuts the box's power at every flash operation of a piece of work, and again while it recovers.

Knows: works, crash images, recovery. Runs under MicroPython:
    micropython cuts.py WORK SEED EVERY SECONDS [MUTANT]
takes one of EVERY cuts by chance (1 = all of them) and SECONDS cuts in each recovery (-1 = before,
in and after each of its operations); a line
`@cuts {…}` says what was done, `@lost {…}` (and exit 1) what broke, with what replays it.

Work goes on over one image and is recorded; a crash image is the flash before it, the operations
up to the cut, and the one that was cut, torn. Nothing the box does before a cut depends on it.
"""

import gc
import json
import sys

from anbu_device.edge import logbook
from tests.firmware.power import mutants
from tests.firmware.power.nor import Lots, Nor, do, tear
from tests.firmware.power.store import WARNING, Facts, Lost, Store, entries_in, judge
from tests.firmware.power.work import WORKS, Work

NEXT_VALUE = 31000
EVERY_SECOND = -1
TORN_KINDS = 2  # of every operation two torn images, the kinds taken in turn


class Cutter:
    """All cuts of one work."""

    def __init__(self, name: str, seed: int, every: int, seconds: int) -> None:
        self.name = name
        self.lots = Lots(seed)
        self.every = every
        self.seconds = seconds
        self.counts = {"operations": 0, "first": 0, "torn": 0, "second": 0, "kept_in_flight": 0}
        self.where: dict[str, object] = {}
        self._turn = seed  # through the kinds of torn operations
        logbook.urandom = self.lots.noise  # type: ignore[attr-defined]  # replayable

    def run(self) -> None:
        """Raises Lost where a promise was broken; `where` says after which cut."""
        action, blocks, most = WORKS[self.name]
        work = Work(blocks)
        action(work)
        operations = work.nor.operations or []
        self.counts["operations"] = len(operations)
        flash = bytearray(work.before)
        spans = _spans(work, len(operations), most)
        at = 0  # index into work.facts: the last one that held at this moment
        for done in range(len(operations) + 1):
            while at + 1 < len(work.facts) and work.facts[at + 1][0] <= done:
                at += 1
            wanted = any(first <= done <= last for first, last in spans)
            if wanted and self.lots.below(self.every) == 0:
                self._cut(flash, operations[done : done + 1], work, work.facts[at][1])
            if done < len(operations):
                do(flash, operations[done])

    def _cut(
        self,
        flash: bytearray,
        operation: "list[tuple[int, bytes | None]]",
        work: Work,
        facts: Facts,
    ) -> None:
        """The cut before this operation begins, and cuts while it goes on."""
        for image, torn in self._images(flash, operation, TORN_KINDS):
            self.where = {"returned": facts.returned, "torn": torn}
            self.counts["first"] += 1
            self.counts["torn"] += torn != ""
            self._recover(image, work, facts)
            gc.collect()

    def _images(
        self, flash: bytearray, operation: "list[tuple[int, bytes | None]]", kinds: int
    ) -> "list[tuple[bytearray, str]]":
        images = [(bytearray(flash), "")]
        for _ in range(kinds if operation else 0):
            image = bytearray(flash)
            self._turn += 1
            images.append((image, tear(image, operation[0], self._turn, self.lots)))
        return images

    def _recover(self, image: bytearray, work: Work, facts: Facts) -> None:
        """The box starts on the image, is judged, takes the next write; is cut in between."""
        before = bytearray(image)
        nor = Nor(image)
        nor.record()
        store = Store(nor, 2)
        known = judge(store, facts, work.blobs, work.epoch)
        self.counts["kept_in_flight"] += len(known) - facts.returned
        runs = ((store.service.version, entries_in(store.service.schedule_blob()[1])),)
        acknowledged = _make_room(store, facts)
        after = _next_write(store, known)
        epoch = store.log.journal.epoch
        settled = Facts(len(after), (), acknowledged, runs)
        judge(Store(nor, 3), settled, after, epoch)
        cut = Facts(len(known), (NEXT_VALUE, WARNING), acknowledged, runs)
        self._cut_again(before, nor.operations or [], [(known, cut), (after, settled)], epoch)

    def _cut_again(
        self,
        flash: bytearray,
        operations: "list[tuple[int, bytes | None]]",
        facts: "list[tuple[list[bytes], Facts]]",
        epoch: int,
    ) -> None:
        """Cuts in the recovery; `facts` while it goes on, and when its last operation is done."""
        chosen = [self.lots.below(2 * len(operations)) for _ in range(self.seconds)]
        for at in range(len(operations) + 1):
            images = self._images(flash, operations[at : at + 1], 1)
            for i, (image, torn) in enumerate(images):
                # Not begun, at 0, is the first cut itself.
                if self.seconds == EVERY_SECOND or 2 * at + i - 1 in chosen:
                    self.where["second"] = [at, torn]
                    known, cut = facts[at == len(operations)]
                    self._recover_again(image, known, cut, epoch)
            if at < len(operations):
                do(flash, operations[at])

    def _recover_again(
        self, image: bytearray, known: "list[bytes]", facts: Facts, epoch: int
    ) -> None:
        self.counts["second"] += 1
        nor = Nor(image)
        store = Store(nor, 3)
        now = judge(store, facts, known, epoch)
        acknowledged = _make_room(store, facts)
        after = _next_write(store, now)
        again = Facts(len(after), (), acknowledged, facts.schedules)
        judge(Store(nor, 4), again, after, store.log.journal.epoch)


def _make_room(store: Store, facts: Facts) -> int:
    """A full store takes its next write after an acknowledgement; up to which seq one was given."""
    journal = store.log.journal
    if not journal.full():
        return facts.acknowledged
    store.log.acknowledge(journal.epoch, journal.newest_seq)
    return journal.newest_seq


def _next_write(store: Store, known: "list[bytes]") -> "list[bytes]":
    """What is known after the next record was written."""
    blob = store.append(NEXT_VALUE, 0)
    if not blob:
        raise Lost("the next write was refused")
    journal = store.log.journal
    written = store.log.records(len(known) + 1, journal.newest_seq)
    if written[:1] != [blob]:
        raise Lost("the next write is not read back")
    return known + written


def _spans(work: Work, operations: int, most: int) -> "list[tuple[int, int]]":
    """[first, last] operations done in the actions that are cut: those with the most operations."""
    if not most:
        return [(0, operations)]
    starts = [at for at, _ in work.facts] + [operations]
    actions = [(starts[i + 1] - starts[i], starts[i]) for i in range(len(starts) - 1)]
    actions.sort()
    return [(at, at + count) for count, at in actions[-most:]]


def main(name: str, seed: str, every: str, seconds: str, mutant: str = "") -> int:
    """Runs one work. 1 where a promise was broken."""
    if mutant:
        mutants.MUTANTS[mutant]()
    cutter = Cutter(name, int(seed), int(every), int(seconds))
    call = {"work": name, "seed": int(seed), "every": int(every), "seconds": int(seconds)}
    try:
        cutter.run()
    except (Lost, OSError, ValueError) as error:
        call.update({"why": repr(error), "mutant": mutant})
        call.update(cutter.where)
        print("@lost " + json.dumps(call))
        return 1
    call.update(cutter.counts)
    print("@cuts " + json.dumps(call))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
