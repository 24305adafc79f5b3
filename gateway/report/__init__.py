"""What is handed out: a person's history (one page, tables, FHIR), the refill sheet, the month.

Knows: which file is made of what. May not know: who asks, formulas, the time.
"""

from collections.abc import Iterable

from gateway.adherence.history import History
from gateway.adherence.summary import Summary
from gateway.prescription.refill_plan import RefillPlan
from gateway.report.files import doses_csv, fhir, file_name, openings_csv, package_zip
from gateway.report.page import candidates, month_page, refill_page
from gateway.report.page.month import Part
from gateway.report.press import ReportError
from gateway.report.press import pdf as _printed
from gateway.report.tables import MONTH, csv_bytes, month_rows
from gateway.report.tables.month import Figure

__all__ = [
    "ReportError",
    "doses_csv",
    "fhir",
    "file_name",
    "month_csv",
    "month_pdf",
    "openings_csv",
    "package_zip",
    "paper",
    "pdf",
    "refill_sheet",
]


def pdf(history: History, summary: Summary, language: str) -> bytes:
    """The report as a PDF of exactly one A4 page. Raises ReportError; takes about two seconds."""
    return _printed(candidates(history, summary, language), sheets=1)


def refill_sheet(plan: RefillPlan, language: str, name: str = "") -> bytes:
    """The refill plan as a PDF in large letters, of as many A4 pages as it needs."""
    return _printed([refill_page(plan, language, name)], sheets=None)


def paper(html: str) -> bytes:
    """A page that is handed out as it is, on as many sheets as it needs. Raises ReportError."""
    return _printed([html], sheets=None)


def month_pdf(language: str, title: str, about: str, parts: Iterable[Part]) -> bytes:
    """The month's report as a PDF of as many A4 pages as it needs. Raises ReportError."""
    return _printed([month_page(language, title, about, parts)], sheets=None)


def month_csv(figures: Iterable[Figure]) -> bytes:
    """The month's report as CSV."""
    return csv_bytes(MONTH, month_rows(figures))
