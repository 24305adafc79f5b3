"""One board of a batch, from bare or flashed to a device that was read back; boards side by side.

Knows: the order of looking, drawing, flashing, proving. May not know: terminals, labels, files.
The identity goes into the image before a new board is flashed: one pass writes all, and the table,
which is written last, says that all of it stands.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import md5

from tools.technician import partitions as p
from tools.technician.device_image import DeviceImage
from tools.technician.flashing import flash as flashing
from tools.technician.flashing.flash import Flashed
from tools.technician.flashing.judged import State as BoardState
from tools.technician.flashing.places import Place
from tools.technician.flashing.wire import Chip, opened
from tools.technician.provisioning import work
from tools.technician.provisioning.deciding import Decision, Step
from tools.technician.provisioning.identity import Identity, personal
from tools.technician.provisioning.ledger import Ledger, Order
from tools.technician.said import Exit, Refused


@dataclass(frozen=True, slots=True)
class Lined(Flashed):
    """A board that came to the end of the line. `identity` None: only looked at (--dry-run)."""

    decision: Decision
    identity: Identity | None


class Line:
    """What is done with each board; called from a thread a board.

    `program`: flash it too. `ledger()` opens the ledger for one thread.
    """

    def __init__(self, ledger: Callable[[], Ledger], order: Order, *, program: bool) -> None:
        self._ledger = ledger
        self._order = order
        self._program = program
        self._places: dict[str, Place] = {}  # MAC → where; one batch has it once
        self._lock = threading.Lock()

    def __call__(
        self,
        place: Place,
        image: DeviceImage,
        told: flashing.Told,
        *,
        again: bool,
        dry: bool,
        stop: threading.Event | None,
    ) -> Lined:
        """The whole of it for one board. Raises Refused, Stopped."""
        with opened(place) as chip, self._ledger() as ledger:
            self._refuse_twice(chip.mac, place)
            run = _Run(chip, place, image, ledger, self._order, told, stop)
            done = run.line(again, dry) if self._program else run.provision(again, dry)
            if not dry:
                told(chip.mac, 1.0)
                chip.restart()
        return done

    def _refuse_twice(self, mac: str, place: Place) -> None:
        with self._lock:
            first = self._places.setdefault(mac, place)
        if first is not place:
            wrong = f"the boards at {first} and {place} have one MAC, {mac}"
            then = "one board on two cables: take one off; two boards: use only one of them, ever"
            raise Refused(wrong, then, Exit.BOARD)


@dataclass(frozen=True, slots=True)
class _Run:
    chip: Chip
    place: Place
    image: DeviceImage
    ledger: Ledger
    order: Order
    told: flashing.Told
    stop: threading.Event | None

    def provision(self, again: bool, dry: bool) -> Lined:
        """A board that was flashed before."""
        table = work.table_of(self.chip, self.image.board.table)
        plan = work.planned(self.chip, table, self.ledger, self.order, again=again)
        if dry:
            return self._lined(None, plan.decision, None)
        decision, identity = work.provision(self.chip, table, self.ledger, self.order, again=again)
        return self._lined(None, decision, identity)

    def line(self, again: bool, dry: bool) -> Lined:
        """A board that is flashed on the way."""
        before = flashing.look(self.chip, self.place, self.image, again=True, moves=True)
        table = self.image.board.table
        plan = work.planned(self.chip, table, self.ledger, self.order, again=again)
        if plan.decision.step is Step.DONE:  # a device in use: its log stays where it is
            flashing.look(self.chip, self.place, self.image, again=True)
        if dry:
            return self._lined(self._flash(self.image, dry=True), plan.decision, None)
        identity = work.identity_for(plan, self.chip, self.ledger, self.order)
        if before is BoardState.IN_USE:
            done = self._flash(self.image)  # keys and log are not part of that
            if plan.decision.step is not Step.DONE:
                work.written(self.chip, table, identity)
        else:
            done = self._flash(self._personal(identity))
        work.proved(self.chip, table, identity, self.ledger, self.image.version)
        return self._lined(done, plan.decision, identity)

    def _personal(self, identity: Identity) -> DeviceImage:
        """The image with the device's own partitions; what lay behind its log is erased."""
        image = self.image
        for label, data in personal(identity, image.board.table).items():
            image = image.with_data(label, data)
        log = p.part(image.board.table, p.LOG)
        start = log.offset + len(image.segments[p.LOG].data)
        blank = md5(b"\xff" * (log.end - start), usedforsecurity=False).hexdigest()
        if self.chip.md5(start, log.end - start) != blank:
            self.chip.erase(start, log.end - start)
        return image

    def _flash(self, image: DeviceImage, *, dry: bool = False) -> Flashed:
        return flashing.flash(
            *(self.chip, self.place, image, self.told),
            again=True,
            moves=True,
            dry=dry,
            stop=self.stop,
        )

    def _lined(self, done: Flashed | None, decision: Decision, identity: Identity | None) -> Lined:
        before, written, kept = (
            (done.before, done.written_bytes, done.kept_bytes)
            if done
            else (BoardState.FLASHED, 0, 0)
        )
        return Lined(
            *(self.place, self.chip.mac, self.chip.name, before, written, kept),
            *(decision, identity),
        )
