"""Every class has a rule and every rule a class: nothing is drawn for nobody.

Knows: templates, style sheets, scripts and the page's code as they are written. May not know: what
pages look like.

A class that is put together while the page is drawn, `s-{{ state }}`, counts as said where its
beginning stands and its end is a word of the code.
"""

from __future__ import annotations

import re

from tests.tree import ROOT, hold

GATEWAY = ROOT / "gateway"
TEMPLATES = sorted((GATEWAY / "web/templates").glob("*.html"))
SHEETS = sorted((GATEWAY / "web/static").glob("*.css"))
SCRIPTS = "\n".join(path.read_text() for path in (GATEWAY / "web/static").glob("*.js"))
CODE = "\n".join(path.read_text() for path in GATEWAY.rglob("*.py"))
HTML = "\n".join(path.read_text() for path in TEMPLATES)
NAME = re.compile(r"[A-Za-z][\w-]*")
CLASS = re.compile(r'class="((?:\{\{.*?\}\}|\{%.*?%\}|[^"{])*)"')
HOLE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


def ruled(css: str) -> set[str]:
    """The classes that a sheet has rules for."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    selectors = (s for s in re.findall(r"([^{}]+)\{", bare) if not s.strip().startswith("@"))
    return {name for s in selectors for name in re.findall(r"\.([A-Za-z][\w-]*)", s)}


def written(html: str) -> set[str]:
    """The classes that stand in a template as they are, and those it chooses between."""
    found = set[str]()
    for value in CLASS.findall(html):
        found.update(NAME.findall(re.sub(r"[\w-]*" + HOLE.pattern + r"[\w-]*", " ", value)))
        chosen = re.findall(r'\{\{ "([\w -]+)" if .*? else "([\w -]*)" \}\}', value)
        found.update(name for pair in chosen for names in pair for name in names.split())
    return found


def said(name: str) -> bool:
    """Whether a page, a script or the code may give something this class."""
    if name in WORDS:
        return True
    return any(name.startswith(begun) and name[len(begun) :] in WORDS for begun in BEGUN)


WORDS = set(NAME.findall(f"{HTML}\n{SCRIPTS}\n{CODE}"))
BEGUN = set(re.findall(r'\b([a-z]+-)(?:\{\{|\{|"\s*~)', f"{HTML}\n{CODE}"))


def test_every_class_of_a_template_has_a_rule() -> None:
    """A class without a rule draws nothing; one that a script looks for is no sign either."""
    rules = set().union(*(ruled(sheet.read_text()) for sheet in SHEETS))
    hold(
        "classes have rules",
        [
            f"{path.relative_to(ROOT)} class {name!r}"
            for path in TEMPLATES
            for name in sorted(written(path.read_text()) - rules)
            if name not in NAME.findall(SCRIPTS)
        ],
    )


def test_every_rule_has_a_class() -> None:
    """A rule for a class that nothing has was left behind."""
    hold(
        "rules have classes",
        [
            f"{sheet.relative_to(ROOT)} .{name}"
            for sheet in SHEETS
            for name in sorted(ruled(sheet.read_text()))
            if not said(name)
        ],
    )


def test_what_is_left_behind_is_seen() -> None:
    """The test itself is not blind: a class that is chosen, one put together, a rule in @media."""
    assert written('<p class="a {{ "b" if x else "c d" }} e-{{ x }}">') == {"a", "b", "c", "d"}
    assert ruled("@media print { .a > .b, p { x: y } } /* .c { } */ .d:hover { }") == {
        "a",
        "b",
        "d",
    }
    assert said("s-taken")
    assert not said("s-nowhere_at_all")
