"""The table of kinds, walked: no row is forgotten, and nothing urgent can wait."""

from __future__ import annotations

import itertools

import pytest

from gateway.catalogue import LANGUAGES
from gateway.incidents.kinds import (
    ABSORBED_BY,
    BY_CRITICALITY,
    KINDS,
    ROLES,
    Asks,
    Ends,
    Group,
    Ladder,
    kind_of,
)
from gateway.incidents.purposes import ANSWERS, INVITATION, NEWS, SEVERAL, STEPS
from gateway.incidents.reasons import Reason
from gateway.incidents.sitting import RESOLVED_BY, WORSE_THAN
from gateway.incidents.table import TABLE, Action
from gateway.installation import TEST_TEXT
from gateway.roster import CRITICALITIES
from gateway.rules.worry import ABOUT_A_DOSE, WorryKind


def test_every_kind_has_its_row() -> None:
    """Each worry there is has a row, and each ladder its roles."""
    assert set(KINDS) == set(WorryKind)
    assert set(ROLES) == set(Ladder)


@pytest.mark.parametrize("kind", WorryKind)
def test_what_cannot_wait(kind: WorryKind) -> None:
    """Help and signs of life wait for nothing; what ends by itself is never one of them."""
    row = KINDS[kind]
    if row.group in (Group.HELP, Group.LIFE):
        assert not row.can_wait
        assert not row.expires
        assert row.ladder is Ladder.CARE
    if row.by_day:
        assert row.can_wait
    assert row.repeat.later_min > 0


@pytest.mark.parametrize(("kind", "criticality"), list(itertools.product(WorryKind, CRITICALITIES)))
def test_a_critical_dose_waits_for_nothing(kind: WorryKind, criticality: str) -> None:
    """By a slot's criticality a dose is of another group; anything else is as it was."""
    row = kind_of(kind, criticality)
    if KINDS[kind].group is not Group.DOSE or criticality not in BY_CRITICALITY:
        assert row == KINDS[kind]
    else:
        assert row.group is BY_CRITICALITY[criticality]
        assert not (criticality == "time_critical" and (row.can_wait or row.asks is not Asks.NEVER))


def test_what_ends_by_evidence_is_about_a_dose() -> None:
    """Evidence is how a slot ended: only a worry about a slot ends by it."""
    evidence = {kind for kind, row in KINDS.items() if row.ends is Ends.EVIDENCE}
    assert evidence == ABOUT_A_DOSE


def test_nothing_absorbs_in_a_circle() -> None:
    """Whatever absorbs is not absorbed by what it absorbs: somebody is told."""
    for kind, absorbers in ABSORBED_BY.items():
        for absorber in absorbers:
            assert kind not in ABSORBED_BY.get(absorber, frozenset())


def test_every_step_has_its_text() -> None:
    """All purposes that may be said are in the catalogue, and none of it is unused."""
    said = {
        *(STEPS | ANSWERS | NEWS | set(SEVERAL) | set(SEVERAL.values())),
        *("missed_after_all", "doubtful_after_all", "by_word", "not_by_word", "not_due", "gone"),
        *("nobody_left", INVITATION, TEST_TEXT),
    }
    assert said == set(LANGUAGES["ko"].TEXTS)


def test_every_end_has_a_reason() -> None:
    """Each signal that ends an incident by the table is stored with a reason of its own."""
    ends = {signal for (_state, signal), (_to, acts) in TABLE.items() if Action.RESOLVE in acts}
    assert ends == set(RESOLVED_BY)
    assert set(RESOLVED_BY.values()) <= set(Reason)


def test_worse_is_never_better() -> None:
    """No kind becomes worse than itself over others: telling ends."""
    for kind in WORSE_THAN:
        seen, todo = set(), list(WORSE_THAN[kind])
        while todo:
            other = todo.pop()
            assert other != kind
            if other not in seen:
                seen.add(other)
                todo += WORSE_THAN.get(other, ())
