"""What the image step makes of constants: numbers, on the same lines, and nothing else changed."""

from __future__ import annotations

import ast

from tools.technician.constants import inline
from tools.technician.image import _sources


def test_a_constant_is_written_out_wherever_it_is_used() -> None:
    """Own ones, imported ones, through a module, made of others, under another name."""
    out = inline(
        {
            "a.py": "from micropython import const\nONE = const(1)\nTWO = ONE + 1\nNAME = 'a'\n",
            "p/b.py": (
                "import a\nfrom a import (\n    NAME,\n    ONE as FIRST,\n    TWO,\n)\n\n"
                "def f(x):\n    return x == FIRST, a.TWO, -TWO, NAME\n"
            ),
        }
    )
    assert out["a.py"] == "from micropython import const\npass\npass\nNAME = 'a'\n"
    assert out["p/b.py"] == (
        "import a\nfrom a import NAME\n\n\n\n\n\ndef f(x):\n    return x == 1, 2, -2, NAME\n"
    )


def test_what_is_not_sure_stays() -> None:
    """A name bound twice, one that is also local, one in a string, large numbers, kept modules."""
    twice = "X = 1\nX = 2\nY = X\n"
    local = "N = 3\ndef f(N):\n    return N\n"
    said = "Z = 4\nprint(getattr(said, 'Z'), Z)\n"
    large = "BIG = 3_000_000_000\nprint(BIG)\n"
    kept = "K = 5\n"
    sources = {"t.py": twice, "l.py": local, "said.py": said, "big.py": large, "kept.py": kept}
    out = inline(sources, frozenset({"kept"}))
    assert out["t.py"] == twice
    assert out["l.py"] == local
    assert out["said.py"] == "Z = 4\nprint(getattr(said, 'Z'), 4)\n"
    assert out["big.py"] == large
    assert out["kept.py"] == kept


def test_checks_for_types_go() -> None:
    """What only mypy reads is behind a 0, which the compiler leaves out."""
    out = inline({"a.py": "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    from b import C\n"})
    assert out["a.py"] == "pass\nif 0:\n    from b import C\n"


def test_the_firmware_keeps_its_lines_and_loses_its_names() -> None:
    """Every file still parses, has as many lines, defines what it defined but numbers."""
    sources = _sources("pillbox")
    made = inline({name: path.read_text(encoding="utf-8") for name, path in sources.items()})
    gone = 0
    for name, path in sources.items():
        before = path.read_text(encoding="utf-8")
        assert made[name].count("\n") == before.count("\n"), name
        old, new = (_functions(ast.parse(text)) for text in (before, made[name]))
        assert new == old, name
        gone += made[name].count("pass\n") - before.count("pass\n")
    assert gone > 200
    assert "SLOT_TAKEN" not in made["anbu_wire/messages.py"].replace('"', "").split("TABLE")[0]


def _functions(tree: ast.Module) -> list[str]:
    return [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    ]
