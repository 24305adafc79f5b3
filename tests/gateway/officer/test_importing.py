"""gateway.officer.importing: a table of people, line by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.coverage.records import template
from gateway.events import RosterChanged
from gateway.officer import importing
from gateway.officer.casework import ImportPeople
from gateway.refused import EntryRefused
from tests.gateway.officer.district import NOW_MS, begun, enter, rows

HEAD = "이름,단계,보호자,보호자 전화,이웃,이웃 전화,아침\n"
GOOD = (
    f"{HEAD}최영수,관심,아들,010-1111-2222,박씨,02-123-4567,8:00\n윤복례,,딸,+82 10 3333 4444,,,\n"
)


def test_a_table_becomes_people_with_their_ladders() -> None:
    """Level, meals, guardian at once, neighbour after half an hour, numbers as they are dialled."""
    home = begun()
    plan = importing.read(GOOD, home)
    facts = enter(home, ImportPeople(GOOD, plan.digest, "이지은"), NOW_MS)
    assert all(isinstance(fact, RosterChanged) for fact in facts)
    roster = home.household.roster
    assert roster is not None
    person = next(p for p in roster.persons if p.name == "최영수")
    assert (person.level, person.meal_clock["breakfast"]) == ("attention", "08:00")
    told = [(g.name, g.number, g.role, g.after_min) for g in roster.guardians_of(person.id)]
    assert told == [
        ("아들", "+821011112222", "guardian", 0), ("박씨", "+8221234567", "neighbour", 30),
    ]  # fmt: skip
    assert next(p for p in roster.persons if p.name == "윤복례").level is None
    assert {"최영수", "윤복례"} < {row.name for row in rows(home, NOW_MS)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_both_ways_a_spreadsheet_writes_korean_are_read(encoding: str) -> None:
    """The same people from UTF-8 with or without its mark, cp949 and UTF-16 as Excel writes it."""
    text = importing.decoded(GOOD.encode(encoding))
    assert text is not None
    assert [line.name for line in importing.read(text, begun()).new] == ["최영수", "윤복례"]


def test_what_is_no_text_is_told_as_that() -> None:
    """A picture is neither encoding."""
    assert importing.decoded(b"\x89PNG\r\n\x1a\n\xff\xff\x80") is None


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("최영수,높음,아들,010-1111-2222,,,", ["level"]),
        ("최영수,관심,아들,010-11,,,", ["phone"]),
        ("최영수,관심,아들,,,,", ["phone"]),
        ("최영수,관심,,010-1111-2222,,,", ["name"]),
        ("최영수,관심,,,이웃,010-1111-2222,", ["no_guardian"]),
        ("최영수,관심,아들,010-1111-2222,,,25:00", ["clock"]),
        ("최영수,관심,아들,010-1111-2222,,,23:00", ["order"]),
        ("최영수,관심,아들,010-1111-2222,,,12:30", ["order"]),
        (",관심,아들,010-1111-2222,,,", ["name"]),
        (f"{'가' * 200},나쁨,아들,전화,,,", ["name", "level", "phone"]),
    ],
)
def test_every_mistake_of_a_line_is_told_with_its_column(line: str, codes: list[str]) -> None:
    """All at once, and the line is not entered; the good line beside it would be."""
    plan = importing.read(f"{HEAD}{line}\n윤복례,,딸,010-3333-4444,,,\n", begun())
    assert [wrong.code for wrong in plan.lines[0].wrong] == codes
    assert all(wrong.column for wrong in plan.lines[0].wrong)
    assert (plan.lines[0].number, [one.name for one in plan.new]) == (2, ["윤복례"])


def test_who_is_there_already_is_left_and_a_double_line_is_a_mistake() -> None:
    """The same table a second time enters nobody; one person twice in it enters her once."""
    home = begun()
    enter(home, ImportPeople(GOOD, importing.read(GOOD, home).digest, "이지은"), NOW_MS)
    again = importing.read(GOOD, home)
    assert [line.there for line in again.lines] == [True, True]
    with pytest.raises(EntryRefused, match="nothing_new"):
        enter(home, ImportPeople(GOOD, again.digest, "이지은"), NOW_MS)
    twice = importing.read(GOOD + "최영수,,아들,01011112222,,,\n", begun())
    assert [wrong.code for wrong in twice.lines[2].wrong] == ["twice"]


def test_what_was_not_shown_is_not_entered() -> None:
    """Another table under the digest of the one she saw, or a home that changed since: refused."""
    home = begun()
    digest = importing.read(GOOD, home).digest
    other = GOOD.replace("최영수", "최영호")
    with pytest.raises(EntryRefused, match="changed"):
        enter(home, ImportPeople(other, digest, "이지은"), NOW_MS)
    one = f"{HEAD}윤복례,,딸,010-3333-4444,,,\n"
    enter(home, ImportPeople(one, importing.read(one, home).digest, "이지은"), NOW_MS)
    with pytest.raises(EntryRefused, match="changed"):
        enter(home, ImportPeople(GOOD, digest, "이지은"), NOW_MS)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("이름,단계\n최영수,관심\n", "no_column"),
        (HEAD, "empty"),
        ("", "no_column_or_empty"),
        (f'{HEAD}"최영수,관심\n', "not_csv"),
        (HEAD + "최영수,,아들,010-1111-2222,,,\n" * 3001, "too_many"),
    ],
)
def test_a_file_that_is_no_table_says_what_is_missing(text: str, code: str) -> None:
    """One sentence about the whole file, and no lines."""
    plan = importing.read(text, begun())
    assert plan.lines == ()
    assert plan.wrong[0].code in code


def test_the_template_is_a_table_that_is_read() -> None:
    """Its headings are known ones, every column once."""
    plan = importing.read(template(importing.COLUMNS), begun())
    assert [wrong.code for wrong in plan.wrong] == ["empty"]


@given(st.text() | st.text(alphabet='이름,보호자 전화010-\n"\t;').map(lambda t: HEAD + t))
def test_any_text_is_a_plan_or_a_refusal(text: str) -> None:
    """Whatever is uploaded is understood or refused, never an error of this program."""
    home = begun()
    plan = importing.read(text, home)
    assert bool(plan.lines) != bool(plan.wrong)
    assert len(importing.imported(home, plan, "x", NOW_MS)) >= 2 * len(plan.new)
