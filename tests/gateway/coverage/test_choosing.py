"""gateway.coverage.choosing: which rows a page of the list shows, and in which order."""

from __future__ import annotations

import pytest

from gateway.coverage.choosing import FILTERS, Wanted, chosen
from gateway.coverage.rows import Row
from gateway.netting import NETS
from tests.gateway.coverage.test_nets import HOLDS_CALL, said, surveyed
from tests.gateway.officer.district import NOW_MS, begun, enter


def rows() -> list[Row]:
    """One of each kind, in the wrong order."""
    home = begun()
    home.fold(surveyed("하영", household_id="@1", address="안심로 1", nets=HOLDS_CALL))
    home.fold(surveyed("가영", household_id="@2", address="안심로 2", dong="각산동"))
    enter(home, said("plug", "refused", "2026-03-03", of="@1"), NOW_MS)
    return list(reversed(home.household.nets.rows.values()))


def test_the_uncovered_come_first_then_whose_refusal_asks() -> None:
    """박정호 and 가영 have nothing; then a neighbour is needed; the rest by dong and name."""
    found = chosen(rows(), Wanted(), "2026-03-02")
    assert [r.name for r in found.rows] == ["박정호", "가영", "하영", "김순자", "이말순"]
    assert found.counts == {
        "all": 5, "uncovered": 2, "neighbour": 1, "again": 0, "refused": 1, "unknown": 2,
    }  # fmt: skip
    assert chosen(rows(), Wanted(), "2026-03-03").counts["again"] == 1
    assert [dong for dong, _f in found.dongs] == ["", "각산동", "율하동"]
    assert found.figures.people == sum(f.people for _dong, f in found.dongs)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Wanted(show="uncovered"), ["박정호", "가영"]),
        (Wanted(show="neighbour"), ["하영"]),
        (Wanted(show="unknown"), ["가영", "하영"]),
        (Wanted(dong="율하동"), ["하영"]),
        (Wanted(net="box"), ["김순자", "이말순"]),
        (Wanted(net="plug"), ["하영"]),
        (Wanted(text="안심로2"), ["가영"]),
        (Wanted(text="없는 사람"), []),
    ],
)
def test_what_is_wanted_is_shown(wanted: Wanted, names: list[str]) -> None:
    """Filters, a dong, a net (held or refused), a name or an address."""
    assert [r.name for r in chosen(rows(), wanted, "2026-03-02").rows] == names


def test_pages_cover_all_rows_once() -> None:
    """120 rows are three pages; a page too far is the last one; paper has them all."""
    many = [Row(str(n), False, f"{n:03d}", "", "") for n in range(120)]
    pages = [chosen(many, Wanted(page=n), "2026-03-02") for n in (1, 2, 3, 9)]
    assert [len(p.rows) for p in pages] == [50, 50, 20, 20]
    assert [r.id for p in pages[:3] for r in p.rows] == [r.id for r in many]
    assert len(chosen(many, Wanted(paper=True), "2026-03-02").rows) == 120
    assert set(FILTERS) == set(pages[0].counts)
    assert set(pages[0].figures.by_net) == set(NETS)
