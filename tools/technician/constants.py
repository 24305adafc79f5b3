"""Writes the firmware's whole numbers where they are used, before it is compiled.

Knows: Python's syntax tree, what MicroPython pays for a name. May not know: mpy-cross, devices.

On the chip every public constant costs its name, a place in the dictionary of its module and one
more in each module that imports it: of the pill box's memory a fifth. MicroPython's own `const`
stops at the border of a file. Here all files are seen together: `TAKE` becomes the number it
stands for, the definition and the imports go. Lines stay where they were, so that
the compiler still names the right one. What is more than a whole number is let alone.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

Constants = dict[str, int]  # name → number

_OPERATORS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.LShift: lambda a, b: a << b,
    ast.RShift: lambda a, b: a >> b,
    ast.BitOr: lambda a, b: a | b,
    ast.BitAnd: lambda a, b: a & b,
}
_SMALL = 1 << 29  # a number above is an object of its own on the chip: once is enough


@dataclass
class _Module:
    """One file on its way."""

    name: str
    text: str
    tree: ast.Module
    own: Constants = field(default_factory=dict)
    known: Constants = field(default_factory=dict)  # its own and those it imports
    rooms: dict[str, str] = field(default_factory=dict)  # name here → module that it means


def inline(sources: Mapping[str, str], keep: frozenset[str] = frozenset()) -> dict[str, str]:
    """File name → text with its constants written out.

    Modules in `keep` (dotted) keep their own definitions: somebody outside these files reads them.
    So does every name that stands in a string. Raises SyntaxError as Python does.
    """
    modules = {}
    for path, text in sources.items():
        name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        modules[name] = _Module(name, text, ast.parse(text, path))
    for _ in range(4):  # constants made of constants of other files
        for module in modules.values():
            _learn(module, modules)
    said = {word for module in modules.values() for word in _strings(module.tree)}
    return {
        path: _rewritten(module, modules, said, module.name in keep)
        for path, module in zip(sources, modules.values(), strict=True)
    }


def _strings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


# --- what is a constant ----------------------------------------------------------------------


def _learn(module: _Module, modules: Mapping[str, _Module]) -> None:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            _learn_from(node.module, node, module, modules)
        elif isinstance(node, ast.Import):
            rooms = [alias for alias in node.names if alias.name in modules]
            module.rooms |= {a.asname or a.name: a.name for a in rooms if "." not in a.name}
    stored = _stored(module.tree)
    for statement in module.tree.body:
        name = _defined(statement)
        if name and stored.count(name) == 1:
            value = _value(statement.value, module, modules)  # type: ignore[attr-defined]
            if value is not None:
                module.own[name] = module.known[name] = value
    for name in [n for n in module.known if stored.count(n) > (n in module.own)]:
        del module.known[name]  # also a local name, or an argument: which is meant is not asked
        module.own.pop(name, None)


def _learn_from(
    room: str, node: ast.ImportFrom, module: _Module, modules: Mapping[str, _Module]
) -> None:
    for alias in node.names:
        here = alias.asname or alias.name
        if room in modules and alias.name in modules[room].own:
            module.known[here] = modules[room].own[alias.name]
        elif f"{room}.{alias.name}" in modules:
            module.rooms[here] = f"{room}.{alias.name}"


def _stored(tree: ast.Module) -> list[str]:
    """Every name that is bound anywhere but by an import."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.append(node.id)
        elif isinstance(node, ast.arg):
            found.append(node.arg)
        elif isinstance(node, ast.Global):
            found += node.names * 2
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            found.append(node.name)
    return found


def _defined(statement: ast.stmt) -> str:
    """The name that a top-level `NAME = …` defines; "" for another statement."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return ""
    target = statement.targets[0]
    return target.id if isinstance(target, ast.Name) and target.id.upper() == target.id else ""


def _value(node: ast.expr, module: _Module, modules: Mapping[str, _Module]) -> int | None:
    """The whole number that an expression always is, else None."""
    found: int | None = None
    match node:
        case ast.Constant(value=int(value)):
            found = int(value)
        case ast.Call(func=ast.Name(id="const"), args=[inner]):
            found = _value(inner, module, modules)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            under = _value(inner, module, modules)
            found = None if under is None else -under
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _OPERATORS:
            a, b = _value(left, module, modules), _value(right, module, modules)
            found = None if a is None or b is None else _OPERATORS[type(operator)](a, b)
        case ast.Name(id=name):
            found = module.known.get(name)
        case ast.Attribute(value=ast.Name(id=room), attr=name) if room in module.rooms:
            found = modules[module.rooms[room]].own.get(name)
    return found


# --- the text anew ---------------------------------------------------------------------------


def _rewritten(module: _Module, modules: Mapping[str, _Module], said: set[str], keep: bool) -> str:
    lines = [line.encode() for line in module.text.splitlines(keepends=True)]
    edits = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            edits += _import(node, module, modules)
        elif isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
            value = _value(node, module, modules)
            if value is not None and abs(value) < _SMALL:
                edits.append((_span(node), b"(%d)" % value if value < 0 else b"%d" % value))
    for statement in module.tree.body:
        name = _defined(statement)
        small = abs(module.own.get(name, _SMALL)) < _SMALL
        if name in module.own and small and not keep and name not in said:
            edits = [edit for edit in edits if not _within(edit[0], _span(statement))]
            edits.append((_span(statement), b"pass"))
    for span, new in sorted(edits, reverse=True):
        _edit(lines, span, new)
    return b"".join(lines).decode()


_Span = tuple[int, int, int, int]  # line, column, end line, end column, from 0


def _span(node: ast.expr | ast.stmt) -> _Span:
    assert node.end_lineno is not None  # noqa: S101 - a parsed tree has them
    assert node.end_col_offset is not None  # noqa: S101 - same
    return node.lineno - 1, node.col_offset, node.end_lineno - 1, node.end_col_offset


def _within(inner: _Span, outer: _Span) -> bool:
    return outer[:2] <= inner[:2] and inner[2:] <= outer[2:]


def _import(
    node: ast.ImportFrom, module: _Module, modules: Mapping[str, _Module]
) -> list[tuple[_Span, bytes]]:
    """The import without the names that are written out now."""
    room = modules.get(node.module or "")
    if room is None:
        return []
    left = []
    for alias in node.names:
        here = alias.asname or alias.name
        gone = alias.name in room.own and here in module.known
        if not gone or abs(room.own[alias.name]) >= _SMALL:
            left.append(alias.name + (f" as {alias.asname}" if alias.asname else ""))
    if len(left) == len(node.names):
        return []
    new = f"from {node.module} import {', '.join(left)}" if left else "pass"
    return [(_span(node), new.encode())]


def _edit(lines: list[bytes], span: _Span, new: bytes) -> None:
    """Puts `new` there; the lines that go leave empty ones."""
    first, start, last, end = span
    rest = lines[last][end:]
    lines[first] = lines[first][:start] + new + (rest if first == last else b"\n")
    for line in range(first + 1, last + 1):
        lines[line] = rest if line == last else b"\n"
