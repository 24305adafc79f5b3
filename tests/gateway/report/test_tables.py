"""The tables: judged by Frictionless, harmless in a spreadsheet, the same every time."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from frictionless import validate
from hypothesis import given
from hypothesis import strategies as st

from gateway import report
from gateway.adherence.history import History
from gateway.adherence.metrics_cleaned import newest
from gateway.adherence.metrics_input import Correction
from gateway.adherence.openings import Quality
from gateway.adherence.outcomes import State
from gateway.events import SlotId
from gateway.report.page.words import CATALOGUES
from gateway.report.tables.cells import FORMULA, harmless
from gateway.report.tables.dictionary import TABLES
from gateway.roster import LABELS
from tests.gateway.adherence.records import records
from tests.gateway.report.months import MONTHS, history_of, medication

WORDS = st.text(max_size=12) | st.sampled_from(["=1+1", " =A1", "@SUM(1)", "-2+3", "\t=1", "a\nb"])
BOOK = {drug: medication(n, LABELS) for n, drug in enumerate("ab")}


def rows(told: bytes) -> list[dict[str, str]]:
    """A CSV as Python's own reader reads it."""
    return list(csv.DictReader(io.StringIO(told.decode("utf-8-sig"), newline="")))


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Any record, with words that somebody typed."""
    history = history_of(draw(records()), BOOK)
    said = [
        Correction(history.as_of_ms, fact.slot, draw(st.integers(0, 3)), draw(WORDS), draw(WORDS))
        for fact in history.doses.facts
        if draw(st.booleans())
    ]
    return replace(history, corrections=tuple(newest(said).values()))


@given(histories())
def test_one_row_a_slot(history: History) -> None:
    """Each slot has one row: the box's word and the person's beside it, neither instead of it."""
    told = {(r["person"], r["day"], int(r["index"])): r for r in rows(report.doses_csv(history))}
    said = {one.slot: one for one in history.corrections}
    assert len(told) == len(history.doses.facts)
    for fact in history.doses.facts:
        slot = fact.slot
        row = told[slot.person_id, slot.day, slot.index]
        assert row["state"] == fact.state
        one = said.get(slot)
        assert row["corrected_taken"] == (str(one.taken) if one else "")
        assert row["corrected_by"] == (harmless(one.by) if one else "")
        assert (row["opened"] == "") == (fact.opened_ms is None)


@given(st.text())
def test_no_cell_is_a_formula(text: str) -> None:
    """Whatever was typed, no cell begins as a formula, and it stays on its line."""
    cell = harmless(text)
    assert not cell.lstrip(" ").startswith(FORMULA)
    assert not set(cell) & {"\n", "\r", "\0"}


@pytest.mark.parametrize(
    ("typed", "cell"),
    [("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("+82", "'+82"), ("이지은", "이지은"), (" -1", "' -1")],
)
def test_formulas_are_quoted(typed: str, cell: str) -> None:
    """What a spreadsheet would reckon gets an apostrophe; everything else stays as it is."""
    assert harmless(typed) == cell


def test_times_tell_their_offset() -> None:
    """Times are ISO 8601 with the offset of the home, and say how far they are trusted."""
    fact = next(f for f in MONTHS["ordinary"].doses.facts if f.opened_ms is not None)
    row = next(
        r
        for r in rows(report.doses_csv(MONTHS["ordinary"]))
        if (r["day"], r["index"]) == (fact.day, str(fact.slot.index))
    )
    assert row["due"].startswith(fact.day)
    assert row["due"].endswith("+09:00")
    assert (row["time_quality"], row["schedule_version"]) == (Quality.SYNCED, "7")


def test_a_time_nobody_trusts_is_not_told() -> None:
    """Opened at a time nobody knows: the row says so and has no time."""
    history = MONTHS["ordinary"]
    first = next(f for f in history.doses.facts if f.state is State.TAKEN)
    facts = (replace(first, opened_ms=None),)
    (row,) = rows(report.doses_csv(replace(history, doses=replace(history.doses, facts=facts))))
    assert (row["opened"], row["time_quality"], row["state"]) == ("", "unknown", "taken")


@pytest.mark.parametrize("name", MONTHS)
def test_judged_by_frictionless(name: str, tmp_path: Path) -> None:
    """The package is what its datapackage.json says, by Frictionless' own validator."""
    _unpack(report.package_zip(MONTHS[name], "ko"), tmp_path)
    judged = validate(str(tmp_path / "datapackage.json"))
    assert judged.valid, judged.flatten(["type", "fieldName", "note"])
    assert judged.stats["tasks"] == len(TABLES)


@pytest.mark.parametrize(
    ("old", "new"),
    [("taken", "swallowed"), ("+09:00", ""), ("2026-03-04,0", "4 March,0")],
)
def test_frictionless_sees_what_is_wrong(old: str, new: str, tmp_path: Path) -> None:
    """The judge is not blind: another state, a time without offset, another date are refused."""
    _unpack(report.package_zip(MONTHS["ordinary"], "ko"), tmp_path)
    doses = tmp_path / "doses.csv"
    told = doses.read_bytes().decode()
    assert old in told
    doses.write_bytes(told.replace(old, new).encode())
    assert not validate(str(tmp_path / "datapackage.json")).valid


def _unpack(packed: bytes, folder: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(folder)


def test_for_a_korean_spreadsheet() -> None:
    """Every text begins with a byte order mark, or Excel in Korean takes it for cp949."""
    for told in (report.doses_csv(MONTHS["ordinary"]), report.openings_csv(MONTHS["ordinary"])):
        assert told.startswith(b"\xef\xbb\xbf")
        assert not told[3:].startswith(b"\xef\xbb\xbf")


def test_no_name_of_a_person() -> None:
    """The tables tell a person's id, never the name."""
    with zipfile.ZipFile(io.BytesIO(report.package_zip(MONTHS["ordinary"], "ko"))) as archive:
        for name in archive.namelist():
            assert "김순자" not in archive.read(name).decode("utf-8-sig")


def test_the_same_bytes() -> None:
    """The same history gives the same package, and none of its files tells when it was packed."""
    packed = report.package_zip(MONTHS["ordinary"], "en")
    assert packed == report.package_zip(MONTHS["ordinary"], "en")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("language", CATALOGUES)
def test_every_column_is_explained(language: str) -> None:
    """The dictionary explains each column to people and to machines, in both languages."""
    with zipfile.ZipFile(io.BytesIO(report.package_zip(MONTHS["ordinary"], language))) as archive:
        text = archive.read(f"dictionary.{language}.txt").decode("utf-8-sig")
        package = json.loads(archive.read("datapackage.json"))
    fields = {f["name"]: f for r in package["resources"] for f in r["schema"]["fields"]}
    for column in (c for table in TABLES for c in table.columns):
        words = CATALOGUES[language][f"column.{column.name}"]
        assert f"  {column.name}: {words}" in text
        assert fields[column.name]["description"] == words


def test_openings_of_no_slot() -> None:
    """An opening that belongs to no dose has a row of its own, without a slot."""
    told = rows(report.openings_csv(MONTHS["ordinary"]))
    assert len(told) == len(MONTHS["ordinary"].openings)
    assert [(r["meaning"], r["slot_day"]) for r in told if not r["slot_day"]] == [("prn", "")]


@given(st.text(max_size=30))
def test_a_file_name_is_plain(person: str) -> None:
    """A download's name is plain ASCII without separators, whatever the person's id is."""
    history = replace(MONTHS["empty"], person_id=person)
    name = report.file_name(history, "pdf")
    assert name.isascii()
    assert name.startswith("anbu-")
    assert not set(name) & set("/\\\"'; \r\n")
    assert name.endswith("2026-03-04-2026-03-31-report.pdf")


def test_slots_of_another_person_are_not_mixed_in() -> None:
    """The person of a row is the slot's own."""
    fact = MONTHS["ordinary"].doses.facts[0]
    other = replace(fact, slot=SlotId("insu", fact.day, 0))
    history = replace(
        MONTHS["ordinary"], doses=replace(MONTHS["ordinary"].doses, facts=(fact, other))
    )
    assert [r["person"] for r in rows(report.doses_csv(history))] == ["soonja", "insu"]
