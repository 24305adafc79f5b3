"""Gives the names that nobody outside sees short ones, the same ones again and again.

Knows: Python's syntax tree, what MicroPython pays for a name. May not know: mpy-cross, devices.

On the chip every different name is kept once, with its letters, a hash and a place in a table that
doubles when it is full: of the care plug's memory a sixth. Two kinds of names mean something in one
place only: those that begin with an underscore, and arguments that nobody gives by name. Names that
can meet (in one file, or in the files of a class and those it derives from) stay different; all
others share `_a`, `_b`, … A name that also stands in a string keeps its own.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping
from itertools import count
from string import ascii_lowercase

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)
_PACKAGE = "/__init__.py"


def shortened(sources: Mapping[str, str]) -> dict[str, str]:
    """File name → text with short names; comments, annotations and line numbers go.

    Raises SyntaxError as Python does.
    """
    trees = {path: ast.parse(text, path) for path, text in sources.items()}
    for tree in trees.values():
        _without_annotations(tree)
    ours = _ours(list(trees.values()))
    kept = {name for tree in trees.values() for name in _names(tree)} - ours
    meets: dict[str, set[str]] = {name: set() for name in ours}
    for path in trees:
        near = {name for file in _related(path, trees) for name in _names(trees[file])} & ours
        for name in near:
            meets[name] |= near
    new: dict[str, str] = {}
    for name in sorted(ours, key=lambda name: (-len(meets[name]), name)):
        closed = kept | {new[other] for other in meets[name] if other in new}
        new[name] = next(short for short in _shorts() if short not in closed)
    return {path: ast.unparse(_Renaming(new).visit(tree)) + "\n" for path, tree in trees.items()}


def _shorts() -> Iterator[str]:
    """_a … _z, _aa … _zz, and so on."""
    for size in count(1):
        for number in range(26**size):
            letters = [ascii_lowercase[number // 26**place % 26] for place in range(size)]
            yield "_" + "".join(reversed(letters))


def _without_annotations(tree: ast.Module) -> None:
    """MicroPython does not keep them; what they name is not named."""
    for node in ast.walk(tree):
        if isinstance(node, _FUNCTIONS):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(value=0)


# --- which names may be changed --------------------------------------------------------------


def _names(tree: ast.AST) -> Iterator[str]:
    """Every name in it, whatever it is for; strings too, which may name something."""
    for node in ast.walk(tree):
        for field in ("id", "arg", "attr", "name", "asname"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                yield value
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _ours(trees: list[ast.Module]) -> set[str]:
    private = {name for tree in trees for name in _defined(tree) if _is_private(name)}
    arguments = {n.arg for tree in trees for n in ast.walk(tree) if isinstance(n, ast.arg)}
    arguments -= {name for tree in trees for name in _public(tree)} | set(dir(builtins))
    return (private | arguments) - {name for tree in trees for name in _fixed(tree)}


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and len(name) > 1


def _defined(tree: ast.Module) -> Iterator[str]:
    """What comes to be here: not what is only imported, or belongs to a library."""
    for node in ast.walk(tree):
        if isinstance(node, _DEFINITIONS):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            yield node.id if isinstance(node, ast.Name) else node.attr


def _public(tree: ast.Module) -> Iterator[str]:
    """Names with a meaning beyond one function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, _DEFINITIONS):
            yield node.name
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name):
            yield node.id
        if not isinstance(node, _FUNCTIONS):
            waiting += ast.iter_child_nodes(node)


def _fixed(tree: ast.Module) -> Iterator[str]:
    """Names that stand where they are not followed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name
        elif isinstance(node, ast.alias) and not _is_private(node.name):
            yield from [*node.name.split("."), node.asname or ""]


# --- which names can meet --------------------------------------------------------------------


def _related(path: str, trees: Mapping[str, ast.Module]) -> set[str]:
    """The file and those whose classes its own derive from, all the way."""
    found: set[str] = set()
    waiting = [path]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += _bases(trees[file], trees)
    return found


def _bases(tree: ast.Module, trees: Mapping[str, ast.Module]) -> Iterator[str]:
    """The files from which this one has a class to derive from."""
    heads = [
        name.id
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        for name in ast.walk(base)
        if isinstance(name, ast.Name)
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if (alias.asname or alias.name) in heads:
                    rooms = (node.module, f"{node.module}.{alias.name}")
                    places = [room.replace(".", "/") for room in rooms]
                    files = [place + end for place in places for end in (".py", _PACKAGE)]
                    yield from (file for file in files if file in trees)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                file = alias.name.replace(".", "/") + ".py"
                if (alias.asname or alias.name.split(".")[0]) in heads and file in trees:
                    yield file


class _Renaming(ast.NodeTransformer):
    """Puts the new names everywhere."""

    def __init__(self, new: Mapping[str, str]) -> None:
        self._new = new

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for field in ("id", "arg", "attr", "name", "asname"):
            value = getattr(node, field, None)
            if isinstance(value, str) and not isinstance(node, ast.keyword):
                setattr(node, field, self._new.get(value, value))
        return super().generic_visit(node)
