"""The page's rows over the file's: whatever the history, it comes out as all of it at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gateway.events import RosterChanged, from_json, to_json
from gateway.roster import Device, Guardian, Person, Regimen, Roster, entry_to_json
from gateway.roster import from_json as roster_from_json
from gateway.roster import to_json as roster_to_json
from gateway.roster_changes import (
    DEVICES,
    GUARDIANS,
    PERSONS,
    REGIMENS,
    TABLES,
    Layers,
    changed,
    key_of,
)
from tests.gateway.home_facts import BOX, roster

BY = "이지은"
PEOPLE = tuple(Person(f"p{n}", f"이름{n}") for n in range(4))
ROWS: dict[str, tuple[Any, ...]] = {
    PERSONS: PEOPLE,
    DEVICES: tuple(Device(f"d{n % 3}", "pillbox", f"p{n % 4}") for n in range(6)),
    GUARDIANS: tuple(
        Guardian(f"g{n}", f"p{n % 3}", "딸", f"+82101234567{n}", "ko", n, kinds=("dose",))
        for n in range(6)
    ),
    REGIMENS: tuple(Regimen(f"p{n}", ("morning", "evening")) for n in range(3)),
}
ENTRIES = [(table, entry) for table, entries in ROWS.items() for entry in entries]


def fact(table: str, entry: Any, *, gone: bool = False) -> RosterChanged:  # noqa: ANN401
    """A row as it is now, or that it is there no more."""
    return RosterChanged(0, table, key_of(table, entry), None if gone else entry_to_json(entry), BY)


CHANGES = st.lists(
    st.tuples(st.sampled_from(ENTRIES), st.booleans()).map(lambda d: fact(*d[0], gone=d[1])),
    max_size=25,
)


def a_file(entries: list[tuple[str, Any]]) -> Roster:
    """A file with these rows."""
    rows: dict[str, Any] = {
        table: tuple(entry for of, entry in entries if of == table) for table in ROWS
    }
    return replace(roster(), **rows)


FILES = st.lists(st.sampled_from(ENTRIES), max_size=12, unique_by=lambda e: (e[0], key_of(*e))).map(
    a_file
)


def by_key(roster: Roster) -> dict[tuple[str, str], Any]:
    """Every row of a roster."""
    return {(table, key_of(table, row)): row for table in TABLES for row in getattr(roster, table)}


@given(FILES, FILES, CHANGES, st.integers(0, 25))
def test_one_at_a_time_is_as_all_at_once(
    before: Roster, after: Roster, changes: list[RosterChanged], at: int
) -> None:
    """What counts is the newest file with all of the page's changes over it.

    Whenever the file was read anew between them, and whoever waits for her person.
    """
    layers = Layers()
    layers.set_base(before)
    for change in changes[:at]:
        layers.change(change)
    found = layers.set_base(after)
    for change in changes[at:]:
        found = layers.change(change) or found
    again = Layers(rows=layers.rows)
    expected = again.set_base(after)
    assert by_key(found) == by_key(expected)
    here = {person.id for person in found.persons}
    assert all(row.person_id in here for table in TABLES[1:] for row in getattr(found, table))
    assert len(by_key(found)) == sum(len(getattr(found, table)) for table in TABLES)


@given(st.sampled_from(ENTRIES))
def test_a_row_comes_back_as_it_was_written(one: tuple[str, Any]) -> None:
    """From the log, as from the air of a copy: the same row, hashable and equal."""
    table, entry = one
    written = from_json("roster_changed", to_json(fact(table, entry)))
    assert isinstance(written, RosterChanged)
    base = replace(roster(guardians=(), regimens=()), persons=PEOPLE, devices=())
    assert entry in getattr(changed(base, written), table)
    assert roster_from_json(roster_to_json(changed(base, written))) == changed(base, written)


def test_a_known_row_keeps_its_place_and_a_new_one_comes_last() -> None:
    """The ladder and the page do not jump about when a name is corrected."""
    base = roster()
    first = replace(base.guardians[0], name="이지은(딸)")
    third = replace(base.guardians[0], id="son", name="이아들")
    found = changed(changed(base, fact(GUARDIANS, first)), fact(GUARDIANS, third))
    assert [g.name for g in found.guardians] == ["이지은(딸)", base.guardians[1].name, "이아들"]


def test_a_file_that_changes_later_keeps_what_the_page_said() -> None:
    """Corrected by the page, then the file is edited elsewhere: the page's row stays on top.

    A box of somebody whom the file forgot for a while is hers again when she is back.
    """
    layers = Layers()
    layers.set_base(roster())
    layers.change(fact(DEVICES, Device(BOX, "pillbox", "soonja", "부엌")))
    forgotten = layers.set_base(replace(roster(), persons=(), policy=roster(ack_min=30).policy))
    assert (forgotten.devices, forgotten.policy.ack_min) == ((), 30)
    back = layers.change(fact(PERSONS, Person("soonja", "김순자")))
    assert back is not None
    assert [d.room for d in back.devices] == ["부엌"]
    assert len(back.guardians) == 2
