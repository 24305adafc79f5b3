"""PDC and MPR against numbers reckoned by hand, and against published ones.

AdhereR's numbers: its vignette "AdhereR: Adherence to Medications" (Dima, Dediu, Allemann;
github.com/ddediu/AdhereR, AdhereR/vignettes/AdhereR-overview.Rmd), Table 1 and the sections CMA1
and CMA7, patient 76: CMA1 140 %, CMA7 69 %. Patient 37 by the formulas of the same text.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.adherence import metrics
from gateway.adherence.metrics_input import Away, Fill, Supply, courses_of, overlaps
from tests.gateway.adherence.records import FILLS, SPRING


def test_supply_by_hand() -> None:
    """112 of 151 days are covered; 90 days' supply lie over 129 days from first to last fill."""
    pdc, mpr = metrics.pdc(SPRING), metrics.mpr(SPRING)
    assert (pdc.numerator, pdc.denominator, round(pdc.value or 0, 4)) == (112, 151, 0.7417)
    assert (mpr.numerator, mpr.denominator, round(mpr.value or 0, 4)) == (90, 129, 0.6977)
    assert metrics.adherent(pdc) is False


@pytest.mark.parametrize(("days", "so"), [(8, True), (7, False)])
def test_adherent_from_four_fifths(days: int, so: bool) -> None:
    """Eight of ten days covered are called adherent, seven are not."""
    supply = Supply((Fill("2026-01-01", "1", "a", days),), "2026-01-01", "2026-01-10")
    assert metrics.adherent(metrics.pdc(supply)) is so


def test_days_in_hospital_use_nothing_up() -> None:
    """Ten days away leave the period and push what is at home ten days on."""
    pdc = metrics.pdc(replace(SPRING, away=(Away("2026-02-01", "2026-02-10", "hospital"),)))
    assert (pdc.numerator, pdc.denominator) == (112, 141)


def test_overlapping_supply_is_not_guessed() -> None:
    """Fills of two courses at once give no PDC and no MPR; the same as refills of one do."""
    second = replace(FILLS[1], course="clinic B")
    two = replace(SPRING, fills=(FILLS[0], second, *FILLS[2:]))
    assert metrics.pdc(two).value is None
    assert metrics.mpr(two).value is None
    assert metrics.adherent(metrics.pdc(two)) is None
    assert [o.course for o in overlaps(courses_of(two.fills))] == [" + clinic B"]


def test_a_refill_carried_on_overlaps_where_it_is_taken() -> None:
    """Sixty days fetched in twenty last to 1 March: another dose from 20 February overlaps them."""
    fills = (
        Fill("2026-01-01", "1", "a", 30, "one"),
        Fill("2026-01-20", "2", "a", 30, "one"),
        Fill("2026-02-20", "3", "a", 30, "two"),
    )
    (overlap,) = overlaps(courses_of(fills))
    assert (overlap.from_day, overlap.to_day) == ("2026-02-20", "2026-03-01")
    assert metrics.pdc(Supply(fills, "2026-01-01", "2026-03-10")).value is None


@pytest.mark.parametrize("fills", [(), FILLS[:1], (FILLS[0], replace(FILLS[0], id="5"))])
def test_one_visit_is_no_possession(fills: tuple[Fill, ...]) -> None:
    """From one day to itself there is no interval, whatever was dispensed on it."""
    assert metrics.mpr(replace(SPRING, fills=fills)).value is None


def test_impossible_supply_is_refused() -> None:
    """Two drugs at once, two fills under one id and a fill of nothing are mistakes."""
    with pytest.raises(ValueError, match="2 drugs"):
        metrics.pdc(replace(SPRING, fills=(FILLS[0], replace(FILLS[1], drug="b"))))
    with pytest.raises(ValueError, match="one id"):
        metrics.mpr(replace(SPRING, fills=(FILLS[0], replace(FILLS[1], id="1"))))
    with pytest.raises(ValueError, match="0 days"):
        replace(FILLS[0], days_supply=0)


PATIENT_76 = [("2035-12-13", 30), ("2036-01-18", 30), ("2036-01-23", 60), ("2036-04-25", 60),
              ("2036-08-08", 60), ("2036-10-03", 60), ("2036-11-29", 60), ("2036-12-21", 30),
              ("2037-01-05", 30), ("2037-07-13", 30), ("2037-10-11", 30)]  # fmt: skip
PATIENT_37 = [("2036-04-10", 50), ("2036-07-30", 50), ("2036-09-15", 50), ("2037-01-02", 30),
              ("2037-01-31", 30), ("2037-05-09", 30), ("2037-08-13", 30),
              ("2037-11-09", 30)]  # fmt: skip


@pytest.mark.parametrize(
    ("events", "window", "cma1", "cma7"),
    [
        # 182 days after the first event, for 365 days, the last day included
        (PATIENT_76, ("2036-06-12", "2037-06-11"), (210, 150, 1.40), (252, 365, 0.69)),
        (PATIENT_37, ("2036-10-09", "2037-10-08"), (90, 223, 0.40), (149, 365, 0.41)),
    ],
)
def test_published_by_adherer(
    events: list[tuple[str, int]],
    window: tuple[str, str],
    cma1: tuple[int, int, float],
    cma7: tuple[int, int, float],
) -> None:
    """MPR is its CMA1; PDC with what was at home before the window is its CMA7."""
    fills = tuple(Fill(day, str(n), "med", days) for n, (day, days) in enumerate(events))
    mpr, pdc = (f(Supply(fills, *window)) for f in (metrics.mpr, metrics.pdc))
    assert (mpr.numerator, mpr.denominator, round(mpr.value or 0, 2)) == cma1
    assert (pdc.numerator, pdc.denominator, round(pdc.value or 0, 2)) == cma7
