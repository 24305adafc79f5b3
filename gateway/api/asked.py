"""What was asked, checked against the table: the arguments of an operation, or what was wrong.

Knows: an operation's parameters and body. May not know: HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from gateway.api.look import Wrong
from gateway.api.operation import Operation, Parameter
from gateway.api.schema import Json

_WHOLE = re.compile(r"-?[0-9]{1,16}")


def asked(
    operation: Operation, path: Mapping[str, Any], query: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Path and query as the operation's view takes them. Raises Wrong with one sentence."""
    known = {p.name for p in operation.query}
    for name in query:
        if name not in known:
            raise Wrong(f"{name!r} cannot be asked here; {_list(sorted(known))} can")
    found: dict[str, Any] = dict(path)
    for parameter in operation.query:
        given = query.get(parameter.name, ())
        if len(given) > 1:
            raise Wrong(f"{parameter.name!r} stands there {len(given)} times; once is enough")
        found[parameter.name] = _read(parameter, given[0]) if given else parameter.default
    return found


def word(operation: Operation, body: object) -> str:
    """The word of a body {"word": …}. Raises Wrong."""
    words: list[str] = (operation.body or {})["properties"]["word"]["enum"]
    if not isinstance(body, dict) or set(body) != {"word"} or body["word"] not in words:
        raise Wrong(f'the body has to be {{"word": one of {_list(words)}}}')
    return str(body["word"])


def _read(parameter: Parameter, text: str) -> object:
    schema, name = parameter.schema, parameter.name
    if schema["type"] == "integer":
        return _integer(schema, name, text)
    if schema.get("format") == "date":
        return _day(schema, name, text)
    if "enum" in schema and text not in schema["enum"]:
        raise Wrong(f"{name!r} is {text!r}; it has to be one of {_list(schema['enum'])}")
    if "pattern" in schema and not re.fullmatch(schema["pattern"], text):
        raise Wrong(f"{name!r} is {text!r}; it has to be a {name} as {schema['examples'][0]}")
    if len(text) < schema.get("minLength", 0):
        raise Wrong(f"{name!r} is empty; leave it out or fill it")
    if len(text) > schema.get("maxLength", len(text)):
        raise Wrong(f"{name!r} is longer than {schema['maxLength']} characters")
    return text


def _integer(schema: Json, name: str, text: str) -> int:
    least, most = schema.get("minimum"), schema.get("maximum")
    if _WHOLE.fullmatch(text) is None:
        raise Wrong(f"{name!r} is {text!r}; it has to be a whole number")
    number = int(text)
    if (least is not None and number < least) or (most is not None and number > most):
        raise Wrong(f"{name!r} is {number}; it has to be from {least} to {most}")
    return number


def _day(schema: Json, name: str, text: str) -> str:
    try:
        good = re.fullmatch(schema["pattern"], text) and date.fromisoformat(text)
    except ValueError:
        good = None
    if not good:
        raise Wrong(f"{name!r} is {text!r}; it has to be a day like 2026-03-02")
    return text


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) or "nothing"
