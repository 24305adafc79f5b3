"""The rules of the building, as far as a machine can see them.

Knows: one file as text and as syntax. May not know: the tree, what the code does.
A rule is a function from a file to its violations, each "path:line what is wrong".
"""

from __future__ import annotations

import ast
import functools
import io
import re
import tokenize
from collections.abc import Callable

from tests.tree import Source

Function = ast.FunctionDef | ast.AsyncFunctionDef
Rule = Callable[[Source], list[str]]

FUNCTION_LINES, FUNCTION_LINES_MOST = 30, 50
MODULE_LINES, MODULE_LINES_MOST = 250, 400
FIRMWARE_LINES, FIRMWARE_LINES_MOST = 200, 300


@functools.cache
def functions(source: Source) -> list[Function]:
    """Every function and method of a file, nested ones too."""
    return [n for n in ast.walk(source.tree) if isinstance(n, Function)]


def length(function: Function) -> int:
    """Lines from `def` to the end; what the docstring takes is not counted."""
    whole = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return whole
    text = function.body[0]
    return whole - ((text.end_lineno or text.lineno) - text.lineno + 1)


def long_functions(source: Source) -> list[str]:
    """Functions of more than 50 lines."""
    return [
        source.at(f, f"{f.name} is {length(f)} lines long, the most is {FUNCTION_LINES_MOST}")
        for f in functions(source)
        if length(f) > FUNCTION_LINES_MOST
    ]


def limits(source: Source) -> tuple[int, int]:
    """The length a module should have and the most it may have, in lines."""
    if source.path.startswith("firmware/"):
        return FIRMWARE_LINES, FIRMWARE_LINES_MOST
    return MODULE_LINES, MODULE_LINES_MOST


def long_modules(source: Source) -> list[str]:
    """A file longer than its room allows."""
    most = limits(source)[1]
    if source.lines <= most:
        return []
    return [f"{source.path}:{source.lines} the module has {source.lines} lines, the most is {most}"]


def headers(source: Source) -> list[str]:
    """A file with code says what it knows; a product's file also what it may not know."""
    if not source.tree.body:
        return []
    text = ast.get_docstring(source.tree)
    if text is None:
        return [f"{source.path}:1 has no header that says what the file knows"]
    only_text = len(source.tree.body) == 1
    if (
        source.path.startswith("tests/")
        or only_text
        or re.search(r"\b(not|never|nothing|nobody)\b", text)
    ):
        return []
    return [f"{source.path}:1 its header does not say what the file may not know"]


def is_test(source: Source, function: Function) -> bool:
    """Whether pytest (or the two-interpreter runner) collects the function."""
    name = source.path.rsplit("/", 1)[-1]
    collected = source.path.startswith("tests/") and name.startswith(("test_", "both_"))
    return collected and function.name.startswith("test")


def silent_tests(source: Source) -> list[str]:
    """Tests that do not say what must be true."""
    return [
        source.at(f, f"{f.name} does not say in a docstring what must be true")
        for f in functions(source)
        if is_test(source, f) and not ast.get_docstring(f)
    ]


def called(node: ast.AST) -> set[str]:
    """The last names of everything called below `node`: f(), x.f(), with f():."""
    calls = [n.func for n in ast.walk(node) if isinstance(n, ast.Call)]
    return {c.attr if isinstance(c, ast.Attribute) else getattr(c, "id", "") for c in calls}


def can_fail(function: Function, judges: set[str]) -> bool:
    """Whether a function asserts, raises, lets one error pass only, or calls what does."""
    if any(isinstance(n, ast.Assert | ast.Raise | ast.ExceptHandler) for n in ast.walk(function)):
        return True
    return any(
        name in judges
        or name.startswith(("assert", "check", "expect", "fail", "hold", "must", "raises"))
        for name in called(function)
    )


def toothless_tests(source: Source) -> list[str]:
    """Tests without an assertion, neither their own nor in a helper of the same file."""
    if not any(is_test(source, f) for f in functions(source)):
        return []
    judges: set[str] = set()
    for _ in range(3):  # helpers that call helpers
        judges |= {f.name for f in functions(source) if can_fail(f, judges)}
    return [
        source.at(f, f"{f.name} asserts nothing: it cannot fail")
        for f in functions(source)
        if is_test(source, f) and not can_fail(f, judges)
    ]


def swallowed_errors(source: Source) -> list[str]:
    """`except Exception: pass` and its relatives."""
    found = []
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = (
            {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)} if node.type else {""}
        )
        idle = all(isinstance(n, ast.Pass | ast.Continue) or _is_ellipsis(n) for n in node.body)
        if idle and caught & {"", "Exception", "BaseException"}:
            found.append(source.at(node, "swallows every error; name the one that is expected"))
    return found


def _is_ellipsis(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and (
        isinstance(node.value, ast.Constant) and node.value.value is Ellipsis
    )


def unfinished(source: Source) -> list[str]:
    """Notes to oneself, and functions that are only a place holder."""
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b")
    tokens = tokenize.generate_tokens(io.StringIO(source.text).readline)
    found = [
        f"{source.path}:{t.start[0]} {t.string.strip()}"
        for t in (tokens if marks.search(source.text) else ())
        if t.type == tokenize.COMMENT and marks.search(t.string)
    ]
    promised = {
        id(n)
        for c in ast.walk(source.tree)
        if isinstance(c, ast.ClassDef) and "Protocol" in {_last_name(b) for b in c.bases}
        for n in ast.walk(c)
    }
    return found + [
        source.at(f, f"{f.name} is a stub")
        for f in functions(source)
        if id(f) not in promised and not _is_abstract(f) and _is_stub(f)
    ]


def _is_abstract(function: Function) -> bool:
    return {_last_name(d) for d in function.decorator_list} & {
        "abstractmethod",
        "overload",
    } != set()


def _is_stub(function: Function) -> bool:
    last = function.body[-1]
    if isinstance(last, ast.Raise) and last.exc is not None:
        return _last_name(last.exc) == "NotImplementedError" and len(function.body) <= 2
    return len(function.body) == 1 and (isinstance(last, ast.Pass) or _is_ellipsis(last))


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call | ast.Subscript):
        return _last_name(node.func if isinstance(node, ast.Call) else node.value)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def speechless_errors(source: Source) -> list[str]:
    """`raise ValueError` with no sentence that says what was wrong."""
    quiet = {"ValueError", "TypeError", "RuntimeError", "OSError", "KeyError", "Exception"}
    return [
        source.at(n, f"raises {_last_name(n.exc)} without a sentence")
        for n in ast.walk(source.tree)
        if isinstance(n, ast.Raise) and n.exc is not None and _last_name(n.exc) in quiet
        if not (isinstance(n.exc, ast.Call) and (n.exc.args or n.exc.keywords))
    ]
