"""The way to the printer: pages in, one PDF out, or one line that says what is wrong.

Knows: that the printer is a program of its own. May not know: the printer's library, the pages.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence

TOO_FULL = 3  # as in printer.py
LAST = 300  # characters of what the printer said
WAIT_S = 20.0  # for the page before
# One printer at a time: each takes some 150 MB, and a small Pi must outlive many clicks.
_ONE = threading.Lock()


class ReportError(Exception):
    """No PDF was made; the sentence says why and what to do."""


def pdf(pages: Sequence[str], sheets: int | None) -> bytes:
    """The PDF of the first of these HTML documents that has at most so many sheets (None: any).

    Raises ReportError: the printer is busy, is not installed, ran out of memory, or no page fits.
    """
    asked = json.dumps({"pages": list(pages), "sheets": sheets}).encode()
    if not _ONE.acquire(timeout=WAIT_S):
        raise ReportError("report: the printer is busy; ask again in a moment")
    try:
        done = subprocess.run(  # our own program; nothing of a page is an argument
            [sys.executable, "-m", "gateway.report.printer"],
            input=asked,
            capture_output=True,
            check=False,
        )
    finally:
        _ONE.release()
    if done.returncode == 0:
        return done.stdout
    if done.returncode == TOO_FULL:
        raise ReportError(f"report: no page fits {sheets} sheet(s); choose a shorter period")
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    said = lines[-1][:LAST] if lines else f"ended with {done.returncode}"
    raise ReportError(
        f"report: the printer failed ({said}); are libpango-1.0-0, libpangoft2-1.0-0, "
        "libharfbuzz-subset0 and fonts-noto-cjk installed?"
    )
