"""The API's operations and scopes for its page, from the table it answers by.

Knows: gateway.api's table. May not know: how an operation is answered.
"""

from __future__ import annotations

from gateway.api.operation import Operation
from gateway.api.operations import OPERATIONS, SCOPES
from tools.draw.page import table


def operations_table() -> str:
    """Every operation: how it is asked, with which scope, what it answers."""
    rows = [
        (f"`{o.method.upper()} {o.path}`", _asked(o), f"`{o.scope}`", o.says) for o in OPERATIONS
    ]
    return table(("address", "may be asked", "scope", "answers"), rows)


def _asked(operation: Operation) -> str:
    return ", ".join(f"`{parameter.name}`" for parameter in operation.query)


def scopes_table() -> str:
    """What a token can be made for."""
    return table(("scope", "opens"), [(f"`{name}`", what) for name, what in SCOPES.items()])


def drawings() -> dict[str, str]:
    """Every block of this module by its mark."""
    return {"api-operations": operations_table(), "api-scopes": scopes_table()}
