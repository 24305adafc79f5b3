"""How sure a count is: the exact interval of a Poisson mean.

Knows: sums of Poisson terms. May not know: what was counted.
"""

from __future__ import annotations

import math

_HALVINGS = 80


def interval(count: int, level: float = 0.95) -> tuple[float, float]:
    """The exact (Garwood 1936) two-sided interval of the mean behind `count` events."""
    tail = (1 - level) / 2
    above = count + 10 * math.sqrt(count + 1) + 10
    low = _halved(0.0, float(count), 1 - tail, count - 1) if count else 0.0
    return low, _halved(float(count), above, tail, count)


def at_most(count: int, mean: float) -> float:
    """The chance of `count` events or fewer."""
    if mean == 0:
        return 1.0
    logs = (n * math.log(mean) - mean - math.lgamma(n + 1) for n in range(count + 1))
    return math.fsum(math.exp(term) for term in logs)


def _halved(low: float, high: float, wanted: float, count: int) -> float:
    """The mean at which `count` or fewer have the wanted chance; the chance falls with the mean."""
    for _step in range(_HALVINGS):
        middle = (low + high) / 2
        if at_most(count, middle) > wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2
