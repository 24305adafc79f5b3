"""Test modules that both interpreters run: `both_*.py` holds plain functions `test_*`, no pytest.

Knows: how to find such modules, to run each function under CPython and under MicroPython.
May not know: what any of them tests.

Every function becomes two items, `name[cpython]` and `name[micropython]`. MicroPython runs a whole
file in one subprocess (once per pytest worker) and reports a line for each function; a function
without a line failed.
"""

from __future__ import annotations

import ast
import importlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent
ROOT = TESTS.parent
RUNNER = TESTS / "micropython_runner.py"
FIRMWARE = tuple(ROOT / "firmware" / room for room in ("lib", "pillbox", "careplug"))
TIMEOUT_S = 100.0


class BothFailedError(Exception):
    """A function failed under MicroPython; the text is that interpreter's own."""


def test_names(path: Path) -> list[str]:
    """The names of the functions `test_*` of a module, without importing it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def micropython() -> str | None:
    """The MicroPython interpreter: the one beside this Python, else the one on the PATH."""
    beside = Path(sys.executable).parent / "micropython"
    return str(beside) if beside.exists() else shutil.which("micropython")


def run_micropython(path: Path) -> dict[str, str]:
    """Run all tests of the file under MicroPython: {test name: "" or what went wrong}."""
    interpreter = micropython()
    if interpreter is None:
        if platform.machine() != "x86_64":
            pytest.skip("no MicroPython for this machine: its package has x86_64 wheels only")
        raise BothFailedError("micropython is missing: run `make test`, which installs it")
    search = ":".join(str(p) for p in (*FIRMWARE, path.parent, ROOT))
    done = subprocess.run(
        [interpreter, str(RUNNER), path.stem],
        env={**os.environ, "MICROPYPATH": search},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    outcomes = _read_lines(done.stdout)
    for name in test_names(path):
        said = f"no word from MicroPython (exit {done.returncode})\n{done.stdout}{done.stderr}"
        outcomes.setdefault(name, said)
    return outcomes


def _read_lines(stdout: str) -> dict[str, str]:
    outcomes: dict[str, str] = {}
    name = None
    for line in stdout.splitlines():
        word, _, rest = line.partition(" ")
        if word == "@pass":
            outcomes[rest], name = "", None
        elif word == "@fail":
            outcomes[rest], name = "failed under MicroPython\n", rest
        elif name is not None:
            outcomes[name] += line + "\n"
    return outcomes


def _load(path: Path) -> Any:  # noqa: ANN401 - a module is whatever it defines
    """Import the module under its own name, with pytest's telling asserts."""
    for folder in (path.parent, *FIRMWARE):
        if str(folder) not in sys.path:
            sys.path.append(str(folder))
    known = sys.modules.get(path.stem)
    if known is None:
        pytest.register_assert_rewrite(path.stem)
        known = importlib.import_module(path.stem)
    if Path(known.__file__ or "") != path:
        raise BothFailedError(f"two test modules are called {path.stem}: rename one")
    return known


class BothItem(pytest.Item):
    """One function under one interpreter."""

    def __init__(self, *, function: str, run: Callable[[str], None], **kwargs: Any) -> None:  # noqa: ANN401 - pytest's
        super().__init__(**kwargs)
        self._function = function
        self._run = run

    def runtest(self) -> None:
        """Run it; pytest reports what it raises."""
        self._run(self._function)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401 - pytest's
        """MicroPython's own words, or pytest's for CPython."""
        if isinstance(excinfo.value, BothFailedError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where pytest says it is."""
        return self.path, 0, self.name


class BothFile(pytest.File):
    """A module `both_*.py`."""

    _outcomes: dict[str, str] | None = None

    def collect(self) -> Iterator[BothItem]:
        """Two items a function."""
        for name in test_names(self.path):
            for interpreter, run in (("cpython", self._cpython), ("micropython", self._micro)):
                item = BothItem.from_parent(
                    self, name=f"{name}[{interpreter}]", function=name, run=run
                )
                item.add_marker(interpreter)
                yield item

    def _cpython(self, name: str) -> None:
        getattr(_load(self.path), name)()

    def _micro(self, name: str) -> None:
        if self._outcomes is None:
            self._outcomes = run_micropython(self.path)
        if self._outcomes[name]:
            raise BothFailedError(self._outcomes[name])
