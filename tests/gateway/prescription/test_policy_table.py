"""The policy table has safe values everywhere, and a house's own values are judged as a whole.

Knows: the table, its limits.
"""

from __future__ import annotations

import pytest

from gateway.prescription.policy_table import (
    BY_RULE,
    LIMITS,
    OVERRIDDEN,
    TABLE,
    DrugPolicy,
    Refused,
    overridden,
    policy_of,
)
from gateway.roster import CRITICALITIES


@pytest.mark.parametrize("name", sorted(TABLE))
def test_row_is_within_the_limits(name: str) -> None:
    """Every row of the table would be accepted from a house, and says where it is from."""
    row = TABLE[name]
    assert row.criticality in CRITICALITIES
    assert row.source
    for field, (low, high) in LIMITS.items():
        value = getattr(row, field)
        assert (value is None and field in BY_RULE) or low <= value <= high


def test_unknown_class_is_the_default() -> None:
    """A class that nobody wrote down has the safe default."""
    assert policy_of("nonsense") == TABLE["default"]
    assert TABLE["default"].prn_min_interval_min == 6 * 60


def test_a_house_decides_field_by_field() -> None:
    """A house's value replaces one field, the source says so, a new class begins as the default."""
    table, refused = overridden({"statin": {"criticality": "normal"}, "own": {"late_min": 0}})
    assert refused == ()
    assert table["statin"] == DrugPolicy("normal", source=OVERRIDDEN)
    assert table["own"].late_min == 0
    assert table["own"].prn_daily_max == TABLE["default"].prn_daily_max
    assert table["nsaid"] == TABLE["nsaid"]


def test_all_that_is_refused_comes_at_once() -> None:
    """Each bad value with its class, field and what is allowed; then nothing is changed."""
    table, refused = overridden(
        {
            "nsaid": {"prn_daily_max": 0, "colour": 1, "window_min": True},
            "default": {"criticality": "urgent", "late_min": None, "prn_min_interval_min": None},
        }
    )
    assert table == TABLE
    places = [(r.drug_class, r.field) for r in refused]
    assert places == [
        ("default", "criticality"),
        ("default", "prn_min_interval_min"),
        ("nsaid", "colour"),
        ("nsaid", "prn_daily_max"),
        ("nsaid", "window_min"),
    ]
    assert refused[3] == Refused("nsaid", "prn_daily_max", "0", "a whole number from 1 to 24")
