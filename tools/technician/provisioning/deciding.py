"""What is to be done with a board on the bench, by what it holds and what the ledger noted of it.

Knows: nothing but these two. May not know: ports, files, who draws keys.
A board is recognised by its MAC: whatever was drawn for it before is its own, and nobody else's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tools.technician.provisioning.identity import Held, Identity


class State(StrEnum):
    """How far a device came, as the ledger notes it."""

    DRAWN = "drawn"  # the ledger has its keys; what the device holds is not known
    WRITTEN = "written"  # written and read back
    LABELLED = "labelled"
    RETIRED = "retired"  # its keys are never used again


class Step(StrEnum):
    """What follows."""

    BEGIN = "begin"  # draw an identity, write everything
    FINISH = "finish"  # write everything, with the identity that was drawn
    DONE = "done"  # nothing of its own
    REFUSE = "refuse"


LOST = "anbu rescue --ledger puts keys and log back; --again makes a new device of it"


@dataclass(frozen=True, slots=True)
class Noted:
    """The ledger's row of a board; `before`: serials it had and gave up."""

    identity: Identity
    state: State
    before: frozenset[str] = frozenset()

    @property
    def own(self) -> frozenset[str]:
        """What this board may say it is; an old one, where it was begun anew and not finished."""
        return self.before | {self.identity.serial}


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows, and why: one line. `then`: what to do where nothing is done."""

    step: Step
    why: str
    then: str = ""


def decide(noted: Noted | None, held: Held, *, again: bool) -> Decision:
    """The step for a board; `again`: the technician wants a new identity whatever it holds."""
    others = held.serials - (noted.own if noted else frozenset())
    if again:
        return Decision(Step.BEGIN, "a new identity, as asked; the old one is never used again")
    if others:
        name = " and ".join(sorted(others))
        wanted = f"the ledger says {noted.identity.serial}" if noted else "this ledger has no such"
        then = "--again draws a new identity, or take another board"
        return Decision(Step.REFUSE, f"it holds {name}, {wanted}", then)
    if noted is None:
        return Decision(Step.BEGIN, "a new board")
    if noted.state is State.DRAWN:
        return Decision(Step.FINISH, f"{noted.identity.serial} was begun and not finished")
    if held.whole(noted.identity):
        return Decision(Step.DONE, f"it is {noted.identity.serial}, nothing to write")
    # Its counters stand beside its keys, its log is somebody's: here neither is written over. And
    # nothing on the board may say that it is the ledger's: a MAC alone is no proof.
    wrong = f"by its MAC it is {noted.identity.serial}, whose keys are not whole on it"
    return Decision(Step.REFUSE, wrong, LOST)
