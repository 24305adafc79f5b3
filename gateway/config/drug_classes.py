"""What a house decides about a class of drugs: the sections [drug_class.NAME].

Knows: that each overrides rows of gateway.prescription.policy_table, whose limits hold.
May not know: medications, plans.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gateway.prescription.policy_table import LIMITS, overridden

SECTION = "drug_class"
_NAME_MOST = 40

Problem = Callable[[str, str, str], None]
"""(where, what is wrong, what is allowed)."""


def drug_classes(table: object, problem: Problem) -> dict[str, dict[str, Any]]:
    """Field → value by class, as they were written; every mistake is told."""
    if not isinstance(table, dict) or not all(isinstance(row, dict) for row in table.values()):
        problem(f"[{SECTION}]", "is not a list of classes", f"write [{SECTION}.NAME] for each")
        return {}
    for name, row in table.items():
        if not 0 < len(name.strip()) <= _NAME_MOST or not name.isprintable():
            problem(f"[{SECTION}.{name!r}]", "is no name", f"allowed: 1 to {_NAME_MOST} characters")
        if not row:
            fields = ", ".join(("criticality", *LIMITS))
            problem(f"[{SECTION}.{name}]", "is empty", f"allowed: at least one of {fields}")
    for refused in overridden(table)[1]:
        where = f"[{SECTION}.{refused.drug_class}] {refused.field}"
        problem(where, f"is {refused.found}", f"allowed: {refused.allowed}")
    return {name: dict(row) for name, row in table.items()}
