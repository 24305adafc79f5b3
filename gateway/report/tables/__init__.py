"""The records as tables for spreadsheets and for whoever reckons: the door to them.

Knows: nothing of its own. May not know: how a file is packed or sent.
"""

from gateway.report.tables.cells import csv_bytes
from gateway.report.tables.dictionary import data_package, readable
from gateway.report.tables.doses import DOSES, dose_rows
from gateway.report.tables.month import MONTH, month_rows
from gateway.report.tables.openings import OPENINGS, opening_rows

__all__ = [
    "DOSES",
    "MONTH",
    "OPENINGS",
    "csv_bytes",
    "data_package",
    "dose_rows",
    "month_rows",
    "opening_rows",
    "readable",
]
