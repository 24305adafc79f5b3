"""Of how many values so many percent are not greater.

Knows: the nearest rank. May not know: what was measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Number = TypeVar("Number", int, float)


def percentile(values: Sequence[Number], percent: int) -> Number:
    """The nearest-rank percentile, one of the values: `percent` of them are not greater."""
    return sorted(values)[-(-percent * len(values) // 100) - 1]
