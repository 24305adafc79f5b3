"""What leaves the bench with the devices: labels as files, the enrolment file for their gateway.

Knows: names of files, who may read them, the printer. May not know: boards, ports.
A device is noted as labelled when its label stands on this disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gateway.enrolment import SUFFIX, UNITS_MOST, EnrolmentRefused, Unit, sealed
from gateway.report.press import ReportError, pdf
from tools.technician.provisioning import labels
from tools.technician.provisioning.deciding import State
from tools.technician.provisioning.ledger import Ledger, Row
from tools.technician.said import Exit, Refused, write_whole

_OWNER, _OWNER_FOLDER = 0o600, 0o700  # a label carries keys


def label(rows: Sequence[Row], ledger: Ledger, folder: Path) -> list[Path]:
    """A picture of each label as SVG and PNG, and one PDF of sheets; the files.

    Raises Refused, OSError.
    """
    folder.mkdir(mode=_OWNER_FOLDER, parents=True, exist_ok=True)
    made: list[Path] = []
    for row in rows:
        own = row.noted.identity.label
        for suffix, data in ((".svg", labels.svg(own).encode()), (".png", labels.png(own))):
            made.append(folder / (own.device_id + suffix))
            write_whole(made[-1], data, _OWNER)
    made.append(folder / f"labels-{_span(rows)}.pdf")
    try:
        sheet = pdf([labels.sheets([row.noted.identity.label for row in rows])], None)
    except ReportError as error:
        raise Refused(str(error), "then anbu label; the devices are done") from error
    write_whole(made[-1], sheet, _OWNER)
    for row in rows:
        ledger.note(row.noted.identity.serial, State.LABELLED)
    return made


def check(recipient: str) -> None:
    """Whether anything can be sealed for this gateway ("": for none). Raises Refused."""
    if recipient:
        _sealed([], recipient)


def enrol(rows: Sequence[Row], recipient: str, file: Path) -> Path:
    """The enrolment file, which only the gateway with that recipient can open.

    Raises Refused, OSError.
    """
    if len(rows) > UNITS_MOST:
        wrong = f"{len(rows)} devices are too many for one file, a gateway takes {UNITS_MOST}"
        raise Refused(wrong, "name the serials it shall have", Exit.USAGE)
    units = [
        Unit(
            row.noted.identity.label,
            row.board,
            row.noted.identity.serial,
            row.firmware,
            row.drawn_at,
        )
        for row in rows
    ]
    write_whole(file, _sealed(units, recipient), _OWNER)
    return file


def _sealed(units: list[Unit], recipient: str) -> bytes:
    try:
        return sealed(units, recipient)
    except EnrolmentRefused as error:
        wrong = f"{recipient} is no gateway's recipient"
        then = "copy the line age1… from its technician's page"
        raise Refused(wrong, then, Exit.USAGE) from error


def enrolment_in(folder: Path, rows: Sequence[Row]) -> Path:
    """Where the enrolment file of a batch is put."""
    return folder / f"enrolment-{_span(rows)}{SUFFIX}"


def _span(rows: Sequence[Row]) -> str:
    serials = [row.noted.identity.serial for row in rows]
    return serials[0] if len(serials) == 1 else f"{serials[0]}-to-{serials[-1]}"
