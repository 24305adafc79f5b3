"""The gate of a release: what only real boards show, with what is enough.

Knows: the checks, what an answer means. May not know: files, a terminal, a clock.

A check is for one program (by its hash): another program starts with none of them done. A figure
has its bound here where the system rests on one; where it does not, it is kept beside a yes or no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools.technician.factory.record import About

FORMAT = 1
YES, NO = ("y", "yes", "예"), ("n", "no", "아니요")


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `unit`: a figure is asked, at most `most` where there is a bound; "": yes or no.

    `enough`: what must be so for a yes, beside the figure.
    """

    key: str
    do: str
    enough: str
    unit: str = ""
    most: float | None = None


CHECKS = (
    Check(
        "coexistence",
        "Two days with one gateway on a Pi whose Wi-Fi carries a video on 2.4 GHz beside it; "
        "open forty lids a day.",
        "records that are missing at the gateway",
        "records",
        0,
    ),
    Check(
        "fast-reconnect",
        "Two hundred links in a row: stop and start the gateway's radio, carry the box out of "
        "reach and back. Count 'MIC failure' (0x3D) in btmon.",
        "links that ended by a MIC failure and were not back within the next try",
        "links",
        0,
    ),
    Check(
        "sleep-current",
        "Battery mode, mains off, a meter in the cell's wire, ten minutes of rest.",
        "Is it no more than `anbu bench power` counts with for rest?",
        "mA in the mean",
    ),
    Check(
        "dose-current",
        "The same while every lid of a day shines and it sounds.",
        "Does the cell's voltage stay above 3.3 V, and nothing resets?",
        "mA at the peak",
    ),
    Check(
        "sound-level",
        "The loudest prompt, a sound level meter one metre before the box, a quiet room.",
        "Does somebody of her age hear it in the next room, the door shut?",
        "dB(A)",
    ),
    Check(
        "lid-sensors",
        "Open and shut the lids of one day ten thousand times each (a motor and a cam), then "
        "run anbu verify pillbox.",
        "openings of ten thousand that its log does not have",
        "openings",
        0,
    ),
    Check(
        "update-by-air",
        "From the version before to this one by the gateway; take the power away in the middle.",
        "Does it come back each time, and end with this version?",
    ),
    Check(
        "power-cut",
        "Pull the cell and the mains thirty times, at moments of no pattern.",
        "Is every lid movement before the cut at the gateway afterwards?",
    ),
)


@dataclass(frozen=True, slots=True)
class Done:
    """One check as it was answered."""

    passed: bool
    value: float | None
    by: str
    at: str
    device_id: str


def bounded(check: Check) -> bool:
    """Whether the figure alone decides."""
    return check.most is not None


def judged(check: Check, value: float | None, word: str) -> bool | None:
    """Whether it is passed; None where that is no answer (the check stays open)."""
    if check.unit and value is None:
        return None
    if check.most is not None and value is not None:
        return 0 <= value <= check.most
    answer = word.strip().lower()
    return True if answer in YES else False if answer in NO else None


def open_checks(done: Mapping[str, Done]) -> list[Check]:
    """Those not passed yet, in the order of the list."""
    return [check for check in CHECKS if check.key not in done or not done[check.key].passed]


def as_json(about: About, done: Mapping[str, Done]) -> dict[str, Any]:
    """What is kept: board, version, firmware (hash), checks by key, released."""
    return {
        "format": FORMAT,
        "board": about.board,
        "version": about.version,
        "firmware": about.firmware,
        "checks": {
            key: {
                "passed": one.passed,
                "value": one.value,
                "by": one.by,
                "at": one.at,
                "device_id": one.device_id,
            }
            for key, one in done.items()
        },
        "released": not open_checks(done),
    }


def from_json(told: Mapping[str, Any], about: About) -> dict[str, Done]:
    """What was done before for this very program. Raises ValueError where it is another's."""
    if told.get("format") != FORMAT or told.get("firmware") != about.firmware:
        raise ValueError("it is of another program, or no list of a release")
    known = {check.key for check in CHECKS}
    rows: Mapping[str, Mapping[str, Any]] = told["checks"]
    return {key: Done(**row) for key, row in rows.items() if key in known}
