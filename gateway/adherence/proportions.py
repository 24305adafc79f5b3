"""How far a proportion may be from what was counted.

Knows: Wilson's score interval. May not know: what is counted.

Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
Journal of the American Statistical Association 22 (1927) 209-212. It takes the trials for
independent; the doses of one person are not quite, so the true interval is somewhat wider.
"""

from __future__ import annotations

import math

Z_95 = 1.959963984540054  # the normal quantile of 0.975: an interval of 95 %


def wilson(successes: int, trials: int, z: float = Z_95) -> tuple[float, float] | None:
    """The interval of a proportion, both ends within 0…1; None for no trials.

    Raises ValueError where it is no proportion (more successes than trials, or fewer than none).
    """
    if trials == 0:
        return None
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is no proportion")
    share, z_squared = successes / trials, z * z
    centre = share + z_squared / (2 * trials)
    half = z * math.sqrt(share * (1 - share) / trials + z_squared / (4 * trials * trials))
    whole = 1 + z_squared / trials
    low, high = (centre - half) / whole, (centre + half) / whole
    return (0.0 if successes == 0 else low), (1.0 if successes == trials else high)
