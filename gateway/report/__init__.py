"""What is handed out of a person's history: the one page, tables, FHIR, the refill sheet.

Knows: which file is made of what. May not know: who asks, formulas, the time.
"""

from gateway.adherence.history import History
from gateway.adherence.summary import Summary
from gateway.prescription.refill_plan import RefillPlan
from gateway.report.files import doses_csv, fhir, file_name, openings_csv, package_zip
from gateway.report.page import candidates, refill_page
from gateway.report.press import ReportError
from gateway.report.press import pdf as _printed

__all__ = [
    "ReportError",
    "doses_csv",
    "fhir",
    "file_name",
    "openings_csv",
    "package_zip",
    "pdf",
    "refill_sheet",
]


def pdf(history: History, summary: Summary, language: str) -> bytes:
    """The report as a PDF of exactly one A4 page. Raises ReportError; takes about two seconds."""
    return _printed(candidates(history, summary, language), sheets=1)


def refill_sheet(plan: RefillPlan, language: str, name: str = "") -> bytes:
    """The refill plan as a PDF in large letters, of as many A4 pages as it needs."""
    return _printed([refill_page(plan, language, name)], sheets=None)
