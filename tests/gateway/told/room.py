"""The gateway and the bench that drives it, as they stand or with one line changed.

Knows: how they are loaded beside those in sys.modules. May not know: what they do.
"""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.simulation.cores import Patch, _PatchedFinder

_ROOMS = ("gateway", "tools")


@dataclass(frozen=True)
class Room:
    """The bench's modules, freshly loaded together with a gateway."""

    life: types.ModuleType
    house: types.ModuleType
    modem: types.ModuleType
    oracle: types.ModuleType


def _ours() -> list[str]:
    return [name for name in sys.modules if name.split(".")[0] in _ROOMS]


@contextmanager
def room(patch: Patch | None = None) -> Iterator[Room]:
    """Inside, gateway and tools are other modules; afterwards everybody else's are back.

    Raises ValueError where the patch does not fit any of them.
    """
    kept = {name: sys.modules.pop(name) for name in _ours()}
    finder = _PatchedFinder(patch) if patch else None
    if finder:
        sys.meta_path.insert(0, finder)
    try:
        names = ("life", "house", "modem", "oracle")
        yield Room(*(importlib.import_module(f"tools.bench.told_{name}") for name in names))
        if patch and finder and not finder.used:
            raise ValueError(f"{patch.name}: {patch.file} was not loaded")
    finally:
        if finder:
            sys.meta_path.remove(finder)
        for name in _ours():
            del sys.modules[name]
        sys.modules.update(kept)
