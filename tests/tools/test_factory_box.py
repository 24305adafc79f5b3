"""A box as its REPL tells of it: which program it runs, and what is no box.

Knows: the words that go over the line. May not know: the factory test's steps.
"""

from __future__ import annotations

import hashlib

import pytest

from anbu_wire.bundle import head_bytes
from tests.gateway.test_images import made
from tools.technician.factory.box import BenchBox
from tools.technician.said import Exit, Refused


class Spoken:
    """A REPL that answers what it was given; `ran`: what was run."""

    def __init__(self, note: bytes) -> None:
        self._answers = {"head()": note.hex(), "hands()": [1, 4, True, False, False]}
        self.ran: list[str] = []

    def run(self, code: str) -> str:
        self.ran.append(code)
        return ""

    def ask(self, expression: str) -> object:
        default = ["AB-000001", "240ac4000001", "1.29.0"]
        return self._answers.get(expression, default)


def note(board: str) -> bytes:
    """What stands in an app slot about its program: identity, head, signature."""
    bundle = made(5, board=board)
    return bytes(12) + bundle[: head_bytes(bundle)] + bytes(64)


def test_a_box_says_which_program_it_runs() -> None:
    """Its hash is of what was signed; a lid that opened and shut between two looks is open."""
    repl = Spoken(note("pillbox-s3"))
    box = BenchBox(repl)  # type: ignore[arg-type]
    head = made(5, board="pillbox-s3")[: head_bytes(made(5, board="pillbox-s3"))]
    assert box.about.firmware == hashlib.sha256(head).hexdigest()
    assert (box.about.mac, box.about.version) == ("24:0a:c4:00:00:01", 5)
    assert box.hands() == (5, True, False, False)


@pytest.mark.parametrize("wrong", [note("care-node"), b"", bytes(99)])
def test_what_is_no_box_is_not_driven(wrong: bytes) -> None:
    """A care plug, a slot without a program: refused before any driver is built."""
    repl = Spoken(wrong)
    with pytest.raises(Refused) as refused:
        BenchBox(repl)  # type: ignore[arg-type]
    assert refused.value.code == Exit.BOARD
    assert not any("Board()" in code for code in repl.ran)
