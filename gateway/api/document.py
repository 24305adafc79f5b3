"""The OpenAPI 3.1 document, from the table of operations and the table of shapes alone.

Knows: how OpenAPI spells an operation. May not know: how one is answered.
"""

from __future__ import annotations

from gateway.api.operation import Operation, Parameter
from gateway.api.operations import OPERATIONS, SCOPES
from gateway.api.schema import Json, ref
from gateway.api.shapes import SHAPES

BASE = "/api/v1"
# What any operation may answer besides its own; each a Problem.
ALWAYS = {
    401: "No token, or one that opens nothing any more",
    403: "The token has not the scope, or the account not the role",
    429: "Too many questions; wait as long as Retry-After says",
}
_ABOUT = (
    "Every list and figure of Anbu's pages. A belief never stands alone: beside it are why it is "
    "believed, until when what was recorded is known, and whether it can be taken for now. "
    "Missed is never said where nobody knows. Times are UTC milliseconds."
)


def document(version: str) -> Json:
    """The whole document. `version`: of this API."""
    paths: dict[str, Json] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Anbu", "version": version, "description": _ABOUT},
        "servers": [{"url": BASE}],
        "paths": paths,
        "components": {
            "schemas": SHAPES,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made on the page of one's own account. Scopes: "
                    + "; ".join(f"{name} ({what})" for name, what in SCOPES.items()),
                }
            },
        },
    }


def _operation(operation: Operation) -> Json:
    scope = operation.scope
    further = {**ALWAYS, **operation.also}
    parameters = [_parameter(p, "path") for p in operation.path_parameters]
    parameters += [_parameter(p, "query") for p in operation.query]
    found: Json = {
        "operationId": operation.name,
        "summary": operation.says,
        "description": f"Scope: {scope}",
        "security": [{"token": [scope]}],
        "responses": {
            "200": {"description": operation.says, **_json(operation.answer)},
            **{str(code): _problem(further[code]) for code in sorted(further)},
        },
    }
    if parameters:
        found["parameters"] = parameters
    if operation.body is not None:
        found["requestBody"] = {"required": True, **_json(operation.body)}
    if operation.method == "get":
        found["responses"]["304"] = {"description": "As it was at the ETag that was sent"}
    return found


def _parameter(parameter: Parameter, where: str) -> Json:
    schema = dict(parameter.schema)
    if parameter.default is not None:
        schema["default"] = parameter.default
    return {
        "name": parameter.name,
        "in": where,
        "required": where == "path",
        "description": parameter.says,
        "schema": schema,
    }


def _json(schema: Json) -> Json:
    return {"content": {"application/json": {"schema": schema}}}


def _problem(when: str) -> Json:
    return {"description": when, **_json(ref("Problem"))}
