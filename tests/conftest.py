"""What every test gets: the firmware on the path, both interpreters, and its place in the order."""

from __future__ import annotations

import gc
import sys
import types
from collections.abc import Generator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
for folder in (ROOT, *(ROOT / "firmware" / room for room in ("lib", "pillbox", "careplug"))):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))

from tests.both import BothFile  # noqa: E402 - needs the path above


def pytest_configure(config: pytest.Config) -> None:
    """Make the two marks known, and give CPython the one thing firmware takes from MicroPython."""
    config.addinivalue_line("markers", "cpython: a both_*.py test under CPython")
    config.addinivalue_line("markers", "micropython: a both_*.py test under MicroPython")
    shim = types.ModuleType("micropython")
    shim.__dict__["const"] = lambda value: value
    sys.modules.setdefault("micropython", shim)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """No search for garbage while nothing but what stays is made, nor in it ever after.

    Eight thousand tests are a heap that every search would walk through. Later it is looked for
    more seldom too: Python's 700 new objects are a test's first breath.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000)
        gc.enable()


def allowed_s(item: pytest.Item) -> float:
    """How many seconds a test says that it may last; 0: it says nothing, as the short ones."""
    mark = item.get_closest_marker("timeout")
    return float(mark.args[0]) if mark else 0.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who may last longest begins first: several workers end together."""
    items.sort(key=allowed_s, reverse=True)


def _is_both(path: Path) -> bool:
    return path.suffix == ".py" and path.name.startswith("both_")


def pytest_unconfigure() -> None:
    """What was set aside may end as everything else does: libraries count what is left of them."""
    gc.unfreeze()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take `both_*.py` found in a folder."""
    if not _is_both(file_path) or parent.session.isinitpath(file_path):
        return None
    return BothFile.from_parent(parent, path=file_path)


def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Collector | None:
    """Take `both_*.py` named on the command line, which pytest would import itself."""
    return BothFile.from_parent(parent, path=module_path) if _is_both(module_path) else None
