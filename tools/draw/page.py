"""Markdown: tables, life diagrams, and the marked blocks of a page that are drawn.

Knows: Markdown and mermaid. May not know: what is drawn.
"""

from __future__ import annotations

import importlib
import io
import re
import sys
import tokenize
import types
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"(<!-- drawn: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)

Edge = tuple[str, str, str]  # from, to, why


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def life(edges: Iterable[Edge], start: str) -> str:
    """A mermaid state diagram; what leads the same way shares an arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for source, goal, why in edges:
        arrows.setdefault((source, goal), []).append(why)
    lines = [f"    {a} --> {b}: {', '.join(why)}" for (a, b), why in arrows.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {start}", *lines, "```"])


def redrawn(text: str, drawings: Mapping[str, str]) -> str:
    """The page with every marked block drawn anew. Raises KeyError for a mark nobody draws."""
    return _BLOCK.sub(lambda block: f"{block[1]}{drawings[block[2]]}\n{block[3]}", text)


def marks(text: str) -> list[str]:
    """The names of a page's drawn blocks."""
    return [block[2] for block in _BLOCK.finditer(text)]


def firmware(name: str) -> types.ModuleType:
    """A pure module of the firmware, in this interpreter; MicroPython's `const` does nothing."""
    shim = types.ModuleType("micropython")
    shim.__dict__["const"] = lambda value: value
    sys.modules.setdefault("micropython", shim)
    folder = str(ROOT / "firmware/pillbox")
    if folder not in sys.path:
        sys.path.append(folder)
    return importlib.import_module(name)


def constants(module: types.ModuleType, first: str, last: str) -> dict[int, str]:
    """Value → name of the constants that stand from `first` to `last` in the module's source."""
    names = list(vars(module))
    chosen = names[names.index(first) : names.index(last) + 1]
    return {vars(module)[name]: name for name in chosen}


def remarks(module: types.ModuleType) -> dict[str, str]:
    """Constant → what is remarked behind it in the module's source."""
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    said = {}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        match = re.match(r"([A-Z][A-Z_0-9]*) = ", token.line)
        if token.type == tokenize.COMMENT and match:
            said[match[1]] = token.string.removeprefix("#").strip()
    return said


def field_remarks(module: types.ModuleType) -> dict[str, str]:
    """A named tuple's field → what is remarked behind it in the module's source."""
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    return dict(re.findall(r'^ +"(\w+)",  # (.+)$', text, re.MULTILINE))
