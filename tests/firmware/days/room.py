"""The box's modules, as they stand or with one line changed.

Knows: where they lie and how they are loaded. May not know: what they do.
"""

from __future__ import annotations

import importlib
import types
from dataclasses import dataclass

from tests.firmware.days.judge import Meanings
from tests.simulation.cores import Patch, _own_modules


@dataclass(frozen=True)
class Room:
    """The box's modules, freshly loaded together."""

    box: types.ModuleType
    messages: types.ModuleType
    schedule: types.ModuleType
    meanings: Meanings


def load(patch: Patch | None = None) -> Room:
    """The box as it stands, or with one line changed. Raises ValueError where that does not fit."""
    with _own_modules(patch):
        signals = importlib.import_module("pillbox.signals")
        loud = [v for k, v in vars(signals).items() if k == "LOUD" or k.startswith("LOUDER")]
        return Room(
            box=importlib.import_module("pillbox.box"),
            messages=importlib.import_module("anbu_wire.messages"),
            schedule=importlib.import_module("anbu_wire.schedule"),
            meanings=Meanings(
                signals.TAKE, signals.LATE, signals.WRONG_LID, signals.DARK,
                signals.SOFT, signals.SILENT, frozenset((signals.SOFT, *loud)),
            ),
        )  # fmt: skip
