"""The repository as the house tests see it: files, syntax trees, imports.

Knows: where the tree is and how Python spells an import. May not know: any rule.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NOT_OURS = {"__pycache__", "build", "dist", "node_modules", "var"}
TEXT_SUFFIXES = {"", ".css", ".html", ".ini", ".js", ".md", ".py", ".sh", ".svg", ".toml", ".txt"}

# Where a module's dotted name begins, longest first.
IMPORT_ROOTS = ("tools/home/machine_sim", "firmware/pillbox", "firmware/careplug", "firmware/lib")


@dataclass(frozen=True, eq=False)  # what is known of a file is known of this tree's nodes
class Source:
    """One Python file: its path from the root ("gateway/app.py"), its text and syntax tree."""

    path: str
    text: str

    @functools.cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree, made when it is first asked for: who counts files waits for none."""
        return ast.parse(self.text, filename=self.path)

    @property
    def lines(self) -> int:
        """How long the file is, in lines."""
        return len(self.text.splitlines())

    def at(self, node: ast.AST, what: str) -> str:
        """A violation as one line: where, and what is wrong there."""
        return f"{self.path}:{getattr(node, 'lineno', 1)} {what}"


def from_text(path: str, text: str) -> Source:
    """A file that need not exist: for tests of the rules themselves."""
    return Source(path, text)


def walk(folder: Path = ROOT) -> Iterator[Path]:
    """Every file of ours below `folder`; hidden folders other than .ci are tools' own."""
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            hidden = entry.name.startswith(".") and entry.name != ".ci"
            if not (hidden or entry.name in NOT_OURS or entry.name.endswith(".egg-info")):
                yield from walk(entry)
        elif entry.is_file():
            yield entry


@functools.cache
def sources() -> tuple[Source, ...]:
    """Every Python file of the repository, in the order of their paths."""
    return tuple(
        from_text(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in walk()
        if path.suffix == ".py"
    )


def texts() -> Iterator[tuple[str, str]]:
    """(path, text) of every text file of the repository."""
    for path in walk():
        if path.suffix in TEXT_SUFFIXES:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def dotted(path: str) -> str:
    """The name by which a file is imported: "gateway/web/__init__.py" → "gateway.web"."""
    for root in IMPORT_ROOTS:
        if path.startswith(root + "/"):
            path = path.removeprefix(root + "/")
            break
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@dataclass(frozen=True)
class Import:
    """One imported name: `module` is where it comes from, `name` what is taken ("" = the whole)."""

    node: ast.stmt
    module: str
    name: str

    @property
    def target(self) -> str:
        """The longest dotted path the import may mean."""
        return f"{self.module}.{self.name}" if self.name else self.module

    @property
    def library(self) -> str:
        """The outermost package: "sqlalchemy" of "sqlalchemy.orm"."""
        return self.module.split(".")[0]


@functools.cache
def imports(source: Source) -> tuple[Import, ...]:
    """Every import of a file, inside functions and guards too, relative ones resolved."""
    found: list[Import] = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            found += [Import(node, alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(source, node)
            found += [Import(node, module, alias.name) for alias in node.names]
    return tuple(found)


def _absolute(source: Source, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = dotted(source.path).split(".")
    if not source.path.endswith("/__init__.py"):
        package = package[:-1]
    base = package[: len(package) - (node.level - 1)]
    return ".".join([*base, *([node.module] if node.module else [])])


def inside(name: str, package: str) -> bool:
    """Whether dotted `name` is `package` or lies in it."""
    return name == package or name.startswith(package + ".")


def hold(rule: str, found: list[str]) -> None:
    """Fails with the rule and one line a violation; passes where there is none."""
    if found:
        lines = "\n  ".join([f"{rule}; {len(found)} do not:", *found])
        pytest.fail(lines, pytrace=False)
