"""gateway.coverage.register: one place however it is written, and two that are not one."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.coverage.nets import Nets
from gateway.coverage.register import alike, number_key, place_key
from gateway.coverage.rows import Row


@dataclass
class Known:
    """Some rows, as a household has them."""

    nets: Nets = field(default_factory=Nets)

    def add(self, *rows: Row) -> Known:
        """They are known."""
        for row in rows:
            self.nets.rows[row.id] = row
            self.nets.index.add(row)
        return self


KIM = Row("soonja", True, "김순자", "율하동", "안심로 12, 101동 201호", number="010-1234-5678")
LEE = Row("@1", False, "이말순", "율하동", "율하동 12-3번지 2층", number="053 123 4567")
OTHER = Row("@2", False, "박정호", "신기동", "안심로 12, 101동 201호")


@pytest.mark.parametrize(
    ("dong", "address"),
    [
        ("율하동", "안심로 12, 101동 201호"),
        ("율하동", "안심로12 101-201"),
        ("", "대구광역시 동구 율하동 안심로 12 101동201호"),
        ("율하 동", "안심로 12 (101동 201호)"),
        ("율하동", "안심로 １２, 101동 201호"),
    ],
)
def test_one_place_is_found_however_it_is_written(dong: str, address: str) -> None:
    """With or without city, district, dong, commas, 동 and 호, full-width, 101-201."""
    found = alike(Known().add(KIM, LEE, OTHER), dong=dong, address=address)
    assert [(one.id, one.why) for one in found][:1] == [("soonja", "address")]
    assert "@2" not in [one.id for one in found]


def test_the_dong_before_an_address_says_no_more() -> None:
    """A village (리) as a dong; but another village before it is another place."""
    assert place_key("율하리", "율하리 12-3") == place_key("율하리", "12-3번지")
    assert place_key("율하리", "신기리 12-3") != place_key("율하리", "12-3")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"dong": "율하동", "address": "12-3"}, [("@1", "building")]),
        ({"dong": "율하동", "address": "안심로 12, 102동 201호"}, [("soonja", "building")]),
        ({"dong": "율하동", "address": "안심로 121, 101동 201호"}, []),
        ({"dong": "율하동", "address": "123"}, []),
        ({"name": "김 순자", "dong": "율하동"}, [("soonja", "name")]),
        ({"name": "김순자", "dong": "신기동"}, []),
        ({"number": "+82 10 1234 5678"}, [("soonja", "number")]),
        ({"number": "0531234567"}, [("@1", "number")]),
        ({"dong": "율하동"}, []),
        ({}, []),
    ],
)
def test_why_somebody_is_alike(query: dict[str, str], expected: list[tuple[str, str]]) -> None:
    """The building, the name in its dong, the number; nobody where only the dong is the same."""
    found = alike(Known().add(KIM, LEE, OTHER), **query)  # type: ignore[arg-type]
    assert [(one.id, one.why) for one in found] == expected


def test_a_place_without_a_dong_may_be_in_any() -> None:
    """Who reports by the road alone is shown both, each once, the whole place first."""
    found = alike(
        Known().add(KIM, LEE, OTHER), address="안심로 12 101동 201호", number="01012345678"
    )
    assert [(one.id, one.why) for one in found] == [("soonja", "address"), ("@2", "address")]


def test_no_more_than_asked_for() -> None:
    """A building of a hundred flats is not listed whole."""
    flats = [Row(f"@{n}", False, f"{n}", "율하동", f"안심로 9 {n}호") for n in range(1, 101)]
    assert len(alike(Known().add(*flats), dong="율하동", address="안심로 9", most=7)) == 7


def test_who_is_dropped_is_found_no_more() -> None:
    """Every key of a row goes with it, and no other row's."""
    known = Known().add(KIM, LEE)
    known.nets.index.drop(KIM)
    assert alike(known, dong="율하동", address=KIM.address, name=KIM.name) == ()
    assert alike(known, dong="율하동", address=LEE.address)


@given(st.text(max_size=30), st.text(max_size=60))
def test_any_text_has_a_key_or_none(dong: str, address: str) -> None:
    """Whatever is typed: no error, the same key again, none without a number."""
    assert place_key(dong, address) == place_key(dong, address)
    assert not place_key(dong, "".join(c for c in address if not c.isnumeric()))
    number_key(address)
