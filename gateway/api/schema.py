"""JSON Schema in short: the shapes of the API are written with these.

Knows: JSON Schema 2020-12 as OpenAPI 3.1 has it. May not know: any shape of ours.

    shape("One dose", due_ms=INSTANT, how=maybe(choice("early", "late")))
An object has all of its fields and no others, so that an answer that forgot one is a wrong answer.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
FLAG: Json = {"type": "boolean"}
NUMBER: Json = {"type": "number"}
COUNT: Json = {"type": "integer", "minimum": 0}
WHOLE: Json = {"type": "integer"}
SHARE: Json = {"type": "number", "minimum": 0, "maximum": 1}
INSTANT: Json = {"type": "integer", "description": "UTC milliseconds since 1970"}
DAY: Json = {
    "type": "string",
    "format": "date",
    "pattern": "^2[0-9]{3}-[0-9]{2}-[0-9]{2}$",
    "description": "ISO day in the home's zone",
}
CLOCK: Json = {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$", "description": "HH:MM, local"}
ID: Json = {"type": "string", "minLength": 1}
NUMBER_ID: Json = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}


def says(schema: Json, description: str) -> Json:
    """The schema with what it means."""
    return {**schema, "description": description}


def choice(*values: str, description: str = "") -> Json:
    """One of these words."""
    found: Json = {"type": "string", "enum": list(values)}
    return says(found, description) if description else found


def maybe(schema: Json) -> Json:
    """It, or null where there is none."""
    return {"anyOf": [schema, {"type": "null"}]}


def many(schema: Json) -> Json:
    """A list of it."""
    return {"type": "array", "items": schema}


def table(schema: Json) -> Json:
    """An object of any keys, each with such a value."""
    return {"type": "object", "additionalProperties": schema}


def ref(name: str) -> Json:
    """A shape of the document by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def shape(description: str, /, **fields: Json) -> Json:
    """An object with exactly these fields."""
    return {
        "type": "object",
        "description": description,
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }
