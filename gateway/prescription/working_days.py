"""Which days pharmacies and offices rest, from the `holidays` library.

Knows: the public holidays of Korea, substitute days included.
May not know: stock, today; who asks says which day. Nothing else imports the library: every other
file is given `is_holiday`.
"""

from __future__ import annotations

from datetime import date

import holidays

_KOREA = holidays.country_holidays("KR")


def is_holiday(day: date) -> bool:
    """Whether a day is a public holiday in Korea (a Sunday alone is none)."""
    return day in _KOREA
