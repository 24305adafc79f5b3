"""What the technician and the resident herself enter by their pages: facts, or why not.

Knows: the entries, which facts follow. May not know: forms, keys (they are no entries: gateway.
workshop), the database; the time is an argument.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from gateway import catalogue
from gateway.events import Event, InstallationSigned, SaidFine, TextDecided
from gateway.home import Home
from gateway.incidents.reasons import Reason
from gateway.installation import SAID, TEST_TEXT, Measured, State, checks, digest_of, record
from gateway.refused import EntryRefused
from gateway.roster import Roster
from gateway.units import MIN_MS

TEXT_AGAIN_MS = MIN_MS  # a finger that taps twice sends one text
FINE_AGAIN_MS = 10_000
REMARK_MOST = 400


@dataclass(frozen=True, slots=True)
class SayFine:
    """The resident says herself that she is fine."""

    person_id: str
    by: str


@dataclass(frozen=True, slots=True)
class TryText:
    """One text to somebody of a person's ladder, to see it arrive."""

    person_id: str
    guardian_id: str
    by: str


@dataclass(frozen=True, slots=True)
class SignInstallation:
    """This is how it was left. `said`: of installation.SAID; `remark`: about what is not good."""

    person_id: str
    said: frozenset[str]
    remark: str
    measured: Measured
    by: str


Installing = SayFine | TryText | SignInstallation


def installed(home: Home, entry: Installing, by: str, now_ms: int) -> list[Event]:
    """The facts that follow. Raises EntryRefused."""
    roster = home.household.roster
    if roster is None or roster.person(entry.person_id) is None:
        raise EntryRefused("person", person=entry.person_id)
    return _TAKEN[type(entry)](home, roster, entry, by, now_ms)


def _fine(home: Home, roster: Roster, entry: SayFine, by: str, now_ms: int) -> list[Event]:
    last = home.household.signs.last(entry.person_id, home.household.timelines, now_ms)
    if last is not None and last.source == "phone" and 0 <= now_ms - last.at_ms < FINE_AGAIN_MS:
        return []
    del roster
    return [SaidFine(now_ms, entry.person_id, by)]


def _test_text(home: Home, roster: Roster, entry: TryText, by: str, now_ms: int) -> list[Event]:
    del by  # whoever asked: the text says the same
    hers = (g for step in roster.steps(entry.person_id) for g in step)
    guardian = next((g for g in hers if g.id == entry.guardian_id), None)
    if guardian is None:
        raise EntryRefused("guardian_unknown", guardian=entry.guardian_id)
    if guardian.number in home.ledger.stopped:
        raise EntryRefused("text_stopped", name=guardian.name)
    for text in home.ledger.texts.values():
        same = text.purpose == TEST_TEXT and text.number == guardian.number
        if same and abs(now_ms - text.decided_ms) < TEXT_AGAIN_MS:
            raise EntryRefused("text_soon", name=guardian.name)
    body = catalogue.say(guardian.language, TEST_TEXT)
    number = home.ledger.last_text_id + 1
    return [
        TextDecided(
            now_ms,
            number,
            None,
            guardian.id,
            guardian.number,
            TEST_TEXT,
            body,
            str(Reason.BY_HAND),
            -1,
            now_ms,
        )
    ]


def _sign(home: Home, roster: Roster, entry: SignInstallation, by: str, now_ms: int) -> list[Event]:
    found = checks(home, entry.person_id, entry.measured, now_ms)
    remark = " ".join(entry.remark.split())
    if not roster.devices_of(entry.person_id):
        raise EntryRefused("install_nothing")
    if set(SAID) - entry.said:
        raise EntryRefused("install_said")
    if len(remark) > REMARK_MOST or not remark.isprintable():
        raise EntryRefused("install_remark_long", most=REMARK_MOST)
    left = sum(check.state is not State.OK for check in found)
    if left and not remark:
        raise EntryRefused("install_remark", n=left)
    signed = record(roster, entry.person_id, found, remark, now_ms)
    return [InstallationSigned(now_ms, entry.person_id, signed, digest_of(signed, by), by)]


_TAKEN = cast(
    "dict[type[Installing], Callable[[Home, Roster, Any, str, int], list[Event]]]",
    {SayFine: _fine, TryText: _test_text, SignInstallation: _sign},
)
