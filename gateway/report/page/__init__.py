"""The page for pharmacist and doctor, the refill sheet, the month, as HTML: the door to them.

Knows: nothing of its own. May not know: the library that prints, where the page goes.
"""

from gateway.report.page.month import month_page
from gateway.report.page.refill import refill_page
from gateway.report.page.sheet import candidates

__all__ = ["candidates", "month_page", "refill_page"]
