"""What is handed out of a history: names of files, tables, the package of them, the FHIR bundle.

Knows: zip, FHIR's export. May not know: the page, the printer, who asks.
"""

from __future__ import annotations

import io
import json
import re
import zipfile

from gateway.adherence.history import History
from gateway.fhir.export import bundle
from gateway.fhir.told import told
from gateway.report.tables import (
    DOSES,
    OPENINGS,
    csv_bytes,
    data_package,
    dose_rows,
    opening_rows,
    readable,
)

ENDINGS = {
    "pdf": "report.pdf",
    "doses": "doses.csv",
    "openings": "openings.csv",
    "zip": "records.zip",
    "fhir": "fhir.json",
}
EPOCH = (1980, 1, 1, 0, 0, 0)  # zip's first instant: the same records give the same bytes


def file_name(history: History, kind: str) -> str:
    """A name for a download, plain ASCII. KeyError for a kind that is not in ENDINGS."""
    person = re.sub(r"[^A-Za-z0-9_-]+", "-", history.person_id)
    return f"anbu-{person}-{history.from_day}-{history.to_day}-{ENDINGS[kind]}"


def doses_csv(history: History) -> bytes:
    """One row a dose slot."""
    return csv_bytes(DOSES, dose_rows(history))


def openings_csv(history: History) -> bytes:
    """One row for each opening of a lid."""
    return csv_bytes(OPENINGS, opening_rows(history))


def package_zip(history: History, language: str) -> bytes:
    """Both tables with their data dictionary, for machines and for people."""
    files = {
        "datapackage.json": data_package(history, language),
        "doses.csv": doses_csv(history),
        "openings.csv": openings_csv(history),
        f"dictionary.{language}.txt": readable(history, language),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system, info.external_attr = 3, 0o644 << 16  # as on Unix, wherever made
            archive.writestr(info, content)
    return packed.getvalue()


def fhir(history: History) -> bytes:
    """The R4 bundle, application/fhir+json. Raises Unsayable for a medication without a Dosage."""
    return (json.dumps(bundle(told(history)), ensure_ascii=False, indent=1) + "\n").encode()
