"""One board becomes a device: looked at, given its identity, read back, noted.

Knows: the order of the steps. May not know: esptool, ports, terminals, how rows are kept.
Whatever ends it, at any line: the ledger has every key that may stand in a device, and the board is
recognised by its MAC the next time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from tools.technician import partitions as p
from tools.technician.provisioning.deciding import Decision, Noted, State, Step, decide
from tools.technician.provisioning.identity import Held, Identity, held, personal
from tools.technician.provisioning.ledger import Ledger, Order
from tools.technician.said import Exit, Refused

Table = tuple[p.Partition, ...]


class Flash(Protocol):
    """A board on its cable. Each method raises Refused."""

    mac: str

    def read(self, at: int, size: int) -> bytes:
        """Bytes of the flash."""

    def write(self, at: int, data: bytes) -> None:
        """Erases what is needed, writes, verifies."""

    def erase(self, at: int, size: int) -> None:
        """Blank."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What follows for a board, and whose identity it has or gets (None: still to be drawn)."""

    decision: Decision
    noted: Noted | None
    held: Held


def table_of(flash: Flash, wanted: Table) -> Table:
    """The board's own partition table. Raises Refused where it is not the one of our boards."""
    try:
        found = p.decode(flash.read(p.TABLE_AT, p.TABLE_BYTES))
    except ValueError as error:
        raise Refused(f"{flash.mac} is not flashed yet", "anbu flash", Exit.BOARD) from error
    if found != wanted:
        raise Refused(f"{flash.mac} has another partition table", "anbu flash it anew", Exit.BOARD)
    return found


def planned(flash: Flash, table: Table, ledger: Ledger, order: Order, *, again: bool) -> Planned:
    """What is to be done with this board. Nothing is written. Raises Refused."""
    row = ledger.row(flash.mac)
    if row is not None and not again and (row.kind, row.board) != (order.kind, order.board):
        wrong = f"{flash.mac} is {row.noted.identity.serial}, a {row.board}"
        raise Refused(wrong, f"--again makes a {order.board} of it", Exit.BOARD)
    noted = row.noted if row else None
    copies = (flash.read(part.offset, part.size) for part in _parts(table, (p.NVS, p.KEYS)))
    found = held(*copies)
    decision = decide(noted, found, again=again)
    if decision.step is Step.REFUSE:
        raise Refused(f"{flash.mac}: {decision.why}", decision.then, Exit.BOARD)
    return Planned(decision, noted, found)


def identity_for(plan: Planned, flash: Flash, ledger: Ledger, order: Order) -> Identity:
    """Whose this board is from now on; drawn and committed where it is new."""
    if plan.decision.step is Step.BEGIN or plan.noted is None:
        return ledger.begin(flash.mac, order)
    return plan.noted.identity


def written(flash: Flash, table: Table, identity: Identity) -> None:
    """Writes the partitions that are its own. Raises Refused."""
    for label, data in personal(identity, table).items():
        part = p.part(table, label)
        if label == p.LOG:
            flash.erase(part.offset, part.size)  # nothing of another life stays behind
        flash.write(part.offset, data)


def proved(
    flash: Flash, table: Table, identity: Identity, ledger: Ledger, firmware: int = 0
) -> None:
    """Reads the identity back and notes it as written. Raises Refused."""
    copies = (flash.read(part.offset, part.size) for part in _parts(table, (p.NVS, p.KEYS)))
    if not held(*copies).whole(identity):
        wrong = f"{flash.mac} does not hold {identity.serial} though it was written"
        raise Refused(wrong, "run the same command; a second time: take another board", Exit.BOARD)
    ledger.note(identity.serial, State.WRITTEN, firmware)


def provision(
    flash: Flash, table: Table, ledger: Ledger, order: Order, *, again: bool
) -> tuple[Decision, Identity]:
    """All of it for a flashed board. Raises Refused."""
    plan = planned(flash, table, ledger, order, again=again)
    identity = identity_for(plan, flash, ledger, order)
    if plan.decision.step is not Step.DONE:
        written(flash, table, identity)
        proved(flash, table, identity, ledger)
    return plan.decision, identity


def _parts(table: Table, labels: Iterable[str]) -> list[p.Partition]:
    return [p.part(table, label) for label in labels]
