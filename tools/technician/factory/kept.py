"""Where a record goes: one JSON and one PDF beside each other.

Knows: files, the printer, the clock. May not know: what a record says.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gateway.report.press import ReportError, pdf
from tools.technician.said import Said, write_whole


def put(stem: Path, told: dict[str, Any], page: str, said: Said) -> list[str]:
    """Writes `stem`.json, then `stem`.pdf; their names. Raises OSError.

    Without a printer the JSON is there all the same, and that is said.
    """
    as_json, as_pdf = stem.with_name(stem.name + ".json"), stem.with_name(stem.name + ".pdf")
    write_whole(as_json, json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n")
    try:
        write_whole(as_pdf, pdf([page], None))
    except ReportError as error:
        said.say(f"NOT printed: {error}")
        return [as_json.name]
    return [as_json.name, as_pdf.name]


def now() -> str:
    """UTC, ISO 8601, whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")
