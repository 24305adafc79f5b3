"""Nothing on a page is said outside the catalogues, and nothing stands in them for nobody.

Knows: the templates' and the code's text as it is written. May not know: what pages look like.

What is found: letters between tags and in attributes that are read aloud, sentences and Korean in
code, keys that are said and missing, keys that nobody says. A key that is put together while the
page is drawn counts as said where its beginning stands: `f"state.{x}"`, `"nav." ~ name`,
`code("reason", x)`.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from gateway.web.catalogues import CATALOGUES
from tests.tree import ROOT, Source, from_text, hold

TEMPLATES = sorted((ROOT / "gateway/web/templates").glob("*.html"))
SPOKEN = {"aria-label", "aria-description", "alt", "placeholder", "title", "label"}
HANGUL = re.compile(r"[가-힣]")
WORD = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"[A-Za-z]{2,},? [a-z]{2,} |^[A-Z][a-z]+ [a-z]{2,}")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')  # of a tag that another template opened
PUT_TOGETHER = re.compile(r"^\S*(\w\w\\\.|\\\.\w\w)\S*$")  # a pattern that says which key
HOLE = "\x00"  # where a template writes a value
# Not words of a person's language: units, the protocol's own, what a browser or a reader asks for.
NOT_WORDS = {"JSON", "CSV", "PDF"}
NOT_SAID = {"sent once more"}  # how a technician's line begins, in the event log
FOR_PROGRAMS = ("gateway/web/api",)  # what is read by who wrote a program, in English

GATEWAY = [
    from_text(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "gateway").rglob("*.py"))
]


@dataclass
class Keys:
    """Keys said outright, every string that might be a key, patterns of keys put together."""

    said: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    shapes: set[str] = field(default_factory=set)


def parsed(template: str) -> nodes.Template:
    """A template's tree."""
    return Environment(autoescape=True).parse(template)


class Spoken(HTMLParser):
    """What of a page's HTML is read: text outside scripts, attributes for those who listen."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def handle_data(self, data: str) -> None:
        self.heard.append(data)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.heard += [value for name, value in attrs if name in SPOKEN and value]


def said_outside(template: str) -> list[str]:
    """Words that a template says by itself."""
    tree = parsed(template)
    pieces = [
        node.data if isinstance(node, nodes.TemplateData) else HOLE
        for output in tree.find_all(nodes.Output)
        for node in output.nodes
    ]
    reader = Spoken()
    reader.feed("".join(pieces))
    heard = [ATTRIBUTE.sub(lambda a: a[2] if a[1] in SPOKEN else "", t) for t in reader.heard]
    written = [text for text in heard if set(WORD.findall(text)) - NOT_WORDS]
    constants = [node.value for node in tree.find_all(nodes.Const) if isinstance(node.value, str)]
    return [*written, *(c for c in constants if HANGUL.search(c) or SENTENCE.search(c))]


def strings(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every string of a module but docstrings and what is raised or logged: those are for us."""
    for node in ast.iter_child_nodes(tree):
        yield from _strings(node)


def _strings(node: ast.AST) -> Iterator[ast.Constant]:
    told = isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("_log.", "log."))
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    if told or docstring or isinstance(node, ast.Raise):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _strings(child)


def sentences(source: Source) -> list[str]:
    """Sentences in a module of the page that no catalogue has."""
    return [
        f"{source.path}:{node.lineno} {text!r}"
        for node in strings(source.tree)
        if HANGUL.search(text := str(node.value)) or SENTENCE.search(text)
        if text not in NOT_SAID
    ]


def shape(pieces: Iterable[object]) -> str:
    """The pattern of a key that is put together: what is written out, and anything in the holes."""
    return "".join(re.escape(piece) if isinstance(piece, str) else ".+" for piece in pieces)


def keys_in_code(tree: ast.Module) -> Keys:
    """What a module says, names and puts together."""
    keys = Keys()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            keys.named.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            keys.shapes.add(shape(getattr(piece, "value", None) if isinstance(piece, ast.Constant)
                                  else None for piece in node.values))  # fmt: skip
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if name == "say":
                keys.said.add(str(node.args[0].value))
            if name in {"code", "inside"}:
                keys.shapes.add(shape((f"{node.args[0].value!s}.", None)))
    return keys


def keys_in_template(tree: nodes.Template) -> Keys:
    """The same of a template."""
    keys = Keys()
    keys.named = {node.value for node in tree.find_all(nodes.Const) if isinstance(node.value, str)}
    for concat in tree.find_all(nodes.Concat):
        keys.shapes.add(shape(getattr(piece, "value", None) for piece in concat.nodes))
    for call in tree.find_all(nodes.Call):
        says = isinstance(call.node, nodes.Name) and call.node.name == "say"
        if says and call.args and isinstance(call.args[0], nodes.Const):
            keys.said.add(str(call.args[0].value))
    return keys


@functools.cache
def all_keys() -> Keys:
    """What the gateway says, over all its rooms and templates."""
    found = [keys_in_code(source.tree) for source in GATEWAY]
    found += [keys_in_template(parsed(path.read_text(encoding="utf-8"))) for path in TEMPLATES]
    every = Keys()
    for keys in found:
        every.said |= keys.said
        every.named |= keys.named
        every.shapes |= {s for s in keys.shapes if PUT_TOGETHER.search(s)}
    return every


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.name))
def test_a_template_says_nothing_by_itself(path: Path) -> None:
    """Every word between tags, and every one that is read aloud, comes from the catalogues."""
    assert said_outside(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>{{ say('x') }}</p>", []),
        ("<p>Hello</p>", ["Hello"]),
        ('<a href="{{ x }}">go on</a>', ["go on"]),
        ('<i aria-label="close">{{ x }}</i>', ["close"]),
        ('{% macro m() %} title="close"{% endmacro %}', [" close"]),
        ("{{ card('안부') }}", ["안부"]),
        ("{{ card('Nobody came here') }}", ["Nobody came here"]),
        ('{% if x %}<p class="small hint">{{ x }}</p>{% endif %}', []),
    ],
)
def test_what_a_template_says_is_found(template: str, found: list[str]) -> None:
    """The judge of templates is not blind, and lets good ones pass."""
    assert said_outside(template) == found


def test_the_code_of_the_page_says_nothing_by_itself() -> None:
    """No sentence and no Korean stands in the page's modules."""
    page = [
        source
        for source in GATEWAY
        if source.path.startswith("gateway/web/") and not source.path.startswith(FOR_PROGRAMS)
    ]
    hold("pages speak by the catalogues", [line for source in page for line in sentences(source)])
    told = from_text("gateway/web/x.py", "f('안부')\ng(text='Nobody came here')\n")
    assert len(sentences(told)) == 2


def test_every_word_that_is_said_is_there() -> None:
    """What is said by its full key stands in every catalogue."""
    for language, catalogue in CATALOGUES.items():
        assert sorted(all_keys().said - catalogue.keys()) == [], language


def test_no_word_stands_there_for_nobody() -> None:
    """Every key is said somewhere: outright, or put together while the page is drawn."""
    keys = all_keys()
    together = re.compile("|".join(sorted(keys.shapes)))
    idle = [k for k in CATALOGUES["ko"] if k not in keys.named and not together.fullmatch(k)]
    assert idle == []
