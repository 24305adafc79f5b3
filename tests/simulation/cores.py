"""Loads the real cores of both sides, as they stand or with one line changed.

Knows: which files are the cores, where they lie, how to load them beside those in sys.modules.
May not know: what they do. The tree is never written to.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_PATHS = (ROOT, ROOT / "firmware" / "lib", ROOT / "firmware" / "pillbox")
_ROOMS = ("anbu_wire", "anbu_device", "gateway.sync", "pillbox", "service")


@dataclass(frozen=True)
class Patch:
    """One line changed: `old` occurs exactly once in `file` (from the root of the repository)."""

    name: str
    file: str
    old: str
    new: str

    def apply(self, text: str) -> str:
        """The changed source. Raises ValueError where the patch does not fit any more."""
        if text.count(self.old) != 1 or self.old == self.new:
            raise ValueError(f"{self.name}: {self.old!r} is {text.count(self.old)}x in {self.file}")
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class Cores:
    """The modules of both sides, freshly loaded together."""

    errors: types.ModuleType
    messages: types.ModuleType
    schedule: types.ModuleType
    frame: types.ModuleType
    session: types.ModuleType
    clock: types.ModuleType
    link: types.ModuleType
    logbook: types.ModuleType
    service: types.ModuleType
    sync: types.ModuleType


class _PatchedLoader(importlib.abc.SourceLoader):
    def __init__(self, path: Path, patch: Patch) -> None:
        self._path = path
        self._patch = patch

    def get_filename(self, fullname: str) -> str:
        return str(self._path)

    def get_data(self, path: bytes | str) -> bytes:
        return self._patch.apply(self._path.read_text(encoding="utf-8")).encode()


class _PatchedFinder(importlib.abc.MetaPathFinder):
    """Finds the one patched file; all others are found as ever."""

    def __init__(self, patch: Patch) -> None:
        self._patch = patch
        self._path = ROOT / patch.file
        self.used = False

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        tail = "/".join(fullname.split(".")) + ".py"
        if all(self._path != base / tail for base in _PATHS):
            return None
        self.used = True
        return importlib.util.spec_from_loader(fullname, _PatchedLoader(self._path, self._patch))


def load(patch: Patch | None = None, *, small: bool = True) -> Cores:
    """The cores; `small`: segments and acknowledgements of 8 records, not of 128.

    So a short run turns and frees many segments. Nothing else is different from the real cores.
    Raises ValueError where `patch` does not apply to any of them.
    """
    with _own_modules(patch):
        journal = importlib.import_module("anbu_device.core.journal")
        conversation = importlib.import_module("gateway.sync.conversation")
        if small:
            journal.__dict__["SEGMENT_RECORDS"] = 8
            conversation.__dict__["ACKNOWLEDGE_AFTER"] = 8
        return Cores(
            errors=importlib.import_module("anbu_wire.errors"),
            messages=importlib.import_module("anbu_wire.messages"),
            schedule=importlib.import_module("anbu_wire.schedule"),
            frame=importlib.import_module("anbu_wire.frame"),
            session=importlib.import_module("anbu_wire.session"),
            clock=importlib.import_module("anbu_device.core.clock"),
            link=importlib.import_module("anbu_device.core.link"),
            logbook=importlib.import_module("anbu_device.edge.logbook"),
            service=importlib.import_module("service"),
            sync=importlib.import_module("gateway.sync"),
        )


@contextmanager
def _own_modules(patch: Patch | None) -> Iterator[None]:
    """Inside, the rooms are imported anew; afterwards everybody else's modules are back."""
    ours = [n for n in sys.modules if n.startswith(_ROOMS)]
    kept = {name: sys.modules.pop(name) for name in ours}
    gateway = importlib.import_module("gateway")
    kept_sync = gateway.__dict__.get("sync")
    finder = _PatchedFinder(patch) if patch else None
    if finder:
        sys.meta_path.insert(0, finder)
    try:
        yield
        if finder and not finder.used:
            raise ValueError(f"{finder._patch.name}: {finder._patch.file} is no core")
    finally:
        if finder:
            sys.meta_path.remove(finder)
        for name in [n for n in sys.modules if n.startswith(_ROOMS)]:
            del sys.modules[name]
        sys.modules.update(kept)
        if kept_sync is not None:
            gateway.__dict__["sync"] = kept_sync
