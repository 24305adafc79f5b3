"""gateway.coverage.survey and gateway.web.surveying: a survey's file, each line reported."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.coverage import survey
from gateway.coverage.records import Wrong
from gateway.coverage.survey import Line, State, Table, headed, line_of
from gateway.coverage.taking import LINES_AT_ONCE, BringSurvey, SayNet
from gateway.enrolling import ChangePerson
from gateway.home import Home
from gateway.refused import EntryRefused
from gateway.roster import Person
from gateway.web import surveying
from gateway.web.surveying import KEPT_MS, Drawer, Drawers, verdict
from tests.gateway.officer.district import NOW_MS, begun, enter

TODAY = "2026-03-02"
HEAD = "이름,동,주소,출생연도,연락처,안심플러그,안부전화\n"


class Desk:
    """A home that answers and takes entries; which lines came at once, and how often."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.portions: list[int] = []

    def ask(self, view):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        """What it sees."""
        return view(self.home, NOW_MS)

    def enter(self, entry: BringSurvey) -> None:
        """Taken at once."""
        self.portions.append(len(entry.lines))
        enter(self.home, entry, NOW_MS)


def drawer(text: str, encoding: str = "utf-8") -> Drawer:
    """An upload."""
    raw = text.encode(encoding)
    found = surveying.encoding_of(raw)
    assert found is not None
    return Drawer("k", "a1", raw, found, TODAY, NOW_MS + 1)


def lines(text: str, home: Home | None = None) -> list[Line]:
    """Every line of a file below the usual headings, judged."""
    return list(surveying.judged(Desk(home or begun()), drawer(HEAD + text)))  # type: ignore[arg-type]


def bring(home: Home, text: str) -> Desk:
    """Confirmed as it is."""
    desk = Desk(home)
    for _done in surveying.entered(desk, drawer(HEAD + text), "이지은"):  # type: ignore[arg-type]
        pass
    return desk


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_both_encodings_and_every_line_end(encoding: str, end: str) -> None:
    """The same two households from each way a spreadsheet writes them."""
    text = f"{HEAD}최영수,율하동,안심로 3,1941,,○,\n\n윤복례,율하동,안심로 4,,,,\n".replace(
        "\n", end
    )
    found = list(surveying.judged(Desk(begun()), drawer(text, encoding)))  # type: ignore[arg-type]
    assert [(one.at, one.name, one.state) for one in found] == [
        (2, "최영수", "new"), (4, "윤복례", "new"),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_what_a_spreadsheet_calls_unicode_text_is_read(encoding: str) -> None:
    """UTF-16 with its mark, tabs between the cells; cut in the middle it is no text."""
    text = "\ufeff" * (encoding != "utf-16") + f"{HEAD}최영수,율하동,안심로 3,,,○,\n"
    kept = drawer(text.replace(",", "\t"), encoding)
    found = list(surveying.judged(Desk(begun()), kept))  # type: ignore[arg-type]
    assert [(one.name, sorted(one.nets)) for one in found] == [("최영수", ["plug"])]
    assert surveying.encoding_of(kept.raw[:-1]) is None


def test_what_is_no_text_has_no_encoding() -> None:
    """A picture is neither."""
    assert surveying.encoding_of(b"\x89PNG\r\n\x1a\n\xff\xff\x80\xff") is None


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("최영수,,안심로 3,,,,", ["missing"]),
        (",율하동,안심로 3,,,,", ["missing"]),
        ("최영수,율하동,,,,,", ["missing"]),
        ("최영수,율하동,안심로,,,,", ["no_house"]),
        ("최영수,율하동,안심로 3,1850,,,", ["birth"]),
        ("최영수,율하동,안심로 3,2027,,,", ["birth"]),
        ("최영수,율하동,안심로 3,,,아마도,", ["net"]),
        ("최영수,율하동,안심로 3,,,○ 어제,어쩌면", ["net", "net"]),
        ("최영수,율하동,안심로 3,,,2026-13,", ["net"]),
        ("최영수,율하동,안심로 3,,,2026-03-03,", ["net"]),
        ("최영수,율하동,안심로 3,,,○ 2027,", ["net"]),
        ("최영수,율하동,안심로 3,,,거부 2026-02-30,", ["net"]),
        ("최영수,율하동,안심로 3, 101호,,,,", ["cells"]),
        (f"{'가' * 41},율하동,안심로 3,,,,", ["long"]),
        (f"최영수,율하동,안심로 {'3' * 90},,,,", ["long"]),
        ('최영수,"율하동,안심로 3,,,,', ["not_csv"]),
        (f"최영수,율하동,{'가' * 3000},,,,", ["not_csv"]),
        ("최\x07영수,율하동,안심로 3,,,,", ["long"]),
    ],
)
def test_what_is_wrong_with_a_line_is_said_and_spoils_no_other(line: str, codes: list[str]) -> None:
    """Each mistake by its code, with its column; the line after it is understood."""
    wrong, good = lines(f"{line}\n윤복례,율하동,안심로 4,,,,\n")
    assert (wrong.state, [one.code for one in wrong.wrong]) == (State.WRONG, codes)
    assert (good.at, good.state) == (3, State.NEW)


@pytest.mark.parametrize(
    ("cell", "state", "from_day", "again"),
    [
        ("○", "holds", TODAY, None),
        ("o", "holds", TODAY, None),
        ("예 2025-3", "holds", "2025-03-01", None),
        ("2025. 3. 2.", "holds", "2025-03-02", None),
        ("거부", "refused", TODAY, None),
        ("거부 2027-03-02", "refused", TODAY, "2027-03-02"),
    ],
)
def test_how_a_net_is_written(cell: str, state: str, from_day: str, again: str | None) -> None:
    """Held or refused, since when (never after today), when to ask again."""
    (line,) = lines(f"최영수,율하동,안심로 3,,,{cell},\n")
    said = {"state": state, "from_day": from_day, "ask_again_day": again}
    assert line.nets == {"plug": said}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", Wrong("empty")),
        ("\n \n", Wrong("empty")),
        ("이름,주소\n최,안심로 3\n", Wrong("no_column", "동", "이름,주소")),
        ("이름,동,주소,성명\n", Wrong("column_twice", "이름")),
        (HEAD, Wrong("empty")),
    ],
)
def test_a_file_without_its_headings_is_refused_as_a_whole(text: str, wrong: Wrong) -> None:
    """What is missing is named; nothing of it can be entered."""
    seen = verdict(Desk(begun()), drawer(text or " "))  # type: ignore[arg-type]
    assert (seen.wrong, seen.enters) == (wrong, 0)


def test_headings_in_any_order_and_with_columns_we_do_not_know() -> None:
    """By their names, in Korean or English, semicolons too."""
    table = headed([(1, "\ufeff비고;Address;성명;DONG\n")])
    assert table == Table(("", "address", "name", "dong"), ";", 1)
    assert line_of(table, 2, "x;안심로 3;최영수;율하동\n", TODAY).state is State.NEW  # type: ignore[union-attr]


def test_a_title_may_stand_above_the_headings() -> None:
    """A sheet's title and an empty line first; what we do not read is named, not passed over."""
    text = f"2026년 1인가구 조사,,,\n\n{HEAD.strip()},안전망\n최영수,율하동,안심로 3,,,,,약상자\n"
    seen = verdict(Desk(begun()), drawer(text))  # type: ignore[arg-type]
    assert (seen.wrong, seen.enters, seen.unread) == (None, 1, ("안전망",))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_cell_may_go_on_over_the_end_of_a_line(end: str) -> None:
    """As spreadsheets write it, in a heading too; the lines after it keep their numbers."""
    text = f'이름,동,주소,"안부\n전화",비고{end}최영수,율하동,"안심로 3\n201호",○,"3""{end}"{end}'
    text += f"윤복례,율하동,안심로 4,,{end}"
    found = list(surveying.judged(Desk(begun()), drawer(text)))  # type: ignore[arg-type]
    assert [(one.at, one.address, [*one.nets]) for one in found] == [
        (3, "안심로 3 201호", ["call"]), (6, "안심로 4", []),
    ]  # fmt: skip


def test_a_forgotten_quotation_mark_swallows_nobody() -> None:
    """Two marks on two lines are no cell: the first is told as wrong, who stand below are read."""
    text = '최영수,율하동,"안심로 3,,,,\n박정수,율하동,안심로 5",,,,\n윤복례,율하동,안심로 4,,,,\n'
    found = [(one.at, one.name, one.state) for one in lines(text)]
    assert found == [(2, "", "wrong"), (3, "박정수", "new"), (4, "윤복례", "new")]


def test_one_household_twice_in_a_file_is_entered_once() -> None:
    """However the second line writes it; it names the first."""
    text = "최영수,율하동,안심로 3 201호,,,,\n최 영수,율하동,율하동 안심로3 201,,,,\n"
    assert [(one.state, one.of) for one in lines(text)] == [("new", ""), ("twice", "2")]
    home = begun()
    bring(home, text)
    assert [r.name for r in home.household.nets.rows.values() if not r.person] == ["최영수"]


def test_what_is_known_is_there_changed_or_hers() -> None:
    """Brought again nothing is new; a net more is a change that loses nothing; persons stay."""
    home = begun()
    bring(home, "최영수,율하동,안심로 3,1941,010-1,거부,\n")
    assert [one.state for one in lines("최영수,율하동,안심로3,,,,\n", home)] == ["there"]
    text = "최영수,율하동,안심로 3,,,,○\n"
    assert [one.state for one in lines(text, home)] == ["changed"]
    bring(home, text)
    (row,) = (r for r in home.household.nets.rows.values() if not r.person)
    assert (row.birth_year, row.number, row.held) == (1941, "010-1", ("call",))
    assert [net.name for net in row.refused] == ["plug"]
    assert [one.state for one in lines(text, home)] == ["there"]


def test_what_holds_no_more_is_taken_off() -> None:
    """X ends what held, of a household and of a person; an empty cell says nothing."""
    home = begun()
    bring(home, "최영수,율하동,안심로 3,,,,○\n")
    assert [one.state for one in lines("최영수,율하동,안심로 3,,,,\n", home)] == ["there"]
    bring(home, "최영수,율하동,안심로 3,,,x,x\n")
    assert not home.household.nets.rows["@1"].nets
    person = Person("jungho", "박정호", level="risk", dong="율하동", address="1-2")
    enter(home, ChangePerson(person, "이지은"), NOW_MS)
    for said, held in (("○", ("call",)), ("x", ()), ("○", ("call",)), ("거부", ())):
        bring(home, f"박정호,율하동,1-2,,,,{said}\n")
        assert home.household.nets.rows["jungho"].held == held


def test_a_survey_again_keeps_since_when_and_what_was_said() -> None:
    """The same word a year later moves no day, and a new number loses no note of an officer's."""
    home = begun()
    bring(home, "최영수,율하동,안심로 3,,,,2025-01\n")
    again = SayNet("@1", "plug", "refused", "2026-02-01", "2026-06-01", "전선이 싫다고", "이지은")
    enter(home, again, NOW_MS)
    before = home.household.nets.rows["@1"].nets
    bring(home, "최영수,율하동,안심로 3,,010-1,거부,○\n")
    assert home.household.nets.rows["@1"].number == "010-1"
    assert home.household.nets.rows["@1"].nets == before
    bring(home, "최영수,율하동,안심로 3,,,거부 2026-09-01,\n")
    assert home.household.nets.rows["@1"].ask_again_day == "2026-09-01"


def test_two_of_one_name_in_one_house_are_two() -> None:
    """Born in different years they are different people: neither is lost or becomes the other."""
    text = "".join(f"김영자,율하동,안심로 3,{year},,,\n" for year in ("1938", "1945", "1945", ""))
    states = [(one.state, one.of) for one in lines(text)]
    assert states == [("new", ""), ("new", ""), ("twice", "3"), ("twice", "2")]
    home = begun()
    bring(home, text)
    households = [r for r in home.household.nets.rows.values() if not r.person]
    assert [r.birth_year for r in households] == [1938, 1945]
    assert [one.state for one in lines(text, home)][:2] == ["there", "there"]


def test_who_is_looked_after_gets_no_second_row() -> None:
    """By name and place she is known; her nets are written down for her, her box stays."""
    home, person = begun(), Person("soonja", "김순자", level="risk", dong="율하동", address="1-2")

    enter(home, ChangePerson(person, "이지은"), NOW_MS)
    text = "김순자,율하동,1-2번지,,,거부,○\n"
    assert [one.state for one in lines(text, home)] == ["person"]
    bring(home, text)
    assert home.household.nets.rows["soonja"].held == ("box", "call")
    assert home.household.nets.figures.people == 3
    assert [one.state for one in lines(text, home)] == ["there"]


def test_somebody_alike_is_entered_and_named() -> None:
    """The same name in the dong at another place, or the same number: look at it."""
    home = begun()
    bring(home, "최영수,율하동,안심로 3,,010-1234-5678,,\n")
    found = lines("최영수,율하동,안심로 9,,,,\n박이상,율하동,안심로 8,,01012345678,,\n", home)
    assert [(one.state, one.like) for one in found] == [("new", "@1"), ("new", "@1")]
    assert not lines("최영수,신기동,안심로 9,,,,\n", home)[0].like


def test_somebody_alike_within_the_file_is_named() -> None:
    """The same name in the dong at another place, the same number: both are entered, and told."""
    text = "최영수,율하동,안심로 3,,010-1234-5678,,\n최영수,율하동,안심로 9,,,,\n"
    text += "박이상,신기동,안심로 8,,01012345678,,\n최영수,신기동,안심로 9,,,,\n"
    assert [(one.state, one.near) for one in lines(text)] == [
        ("new", 0), ("new", 2), ("new", 2), ("new", 0),
    ]  # fmt: skip
    assert verdict(Desk(begun()), drawer(HEAD + text)).alike == 2  # type: ignore[arg-type]


def test_a_look_changes_nothing() -> None:
    """The dry run leaves the home as it was."""
    home = begun()
    before = dict(home.household.nets.rows)
    seen = verdict(Desk(home), drawer(f"{HEAD}최영수,율하동,안심로 3,,,○,\n"))  # type: ignore[arg-type]
    assert seen.enters == 1
    assert home.household.nets.rows == before


def test_it_is_entered_in_portions_and_again_after_a_stop() -> None:
    """No portion is longer than allowed; what a stop left out comes with the same file."""
    home, count = begun(), 2 * LINES_AT_ONCE + 7
    text = "".join(f"김{n},율하동,안심로 {n},,,,\n" for n in range(count))
    part = surveying.entered(Desk(home), drawer(HEAD + text), "이지은")  # type: ignore[arg-type]
    assert next(part) == LINES_AT_ONCE
    desk = bring(home, text)
    assert desk.portions == [LINES_AT_ONCE, 7]
    assert home.household.nets.figures.people == 3 + count
    with pytest.raises(EntryRefused, match="survey_long"):
        enter(home, BringSurvey((Line(1),) * (LINES_AT_ONCE + 1), "이지은"), NOW_MS)


def test_a_drawer_is_hers_alone_and_not_for_ever() -> None:
    """Another account does not find it; nobody does after half an hour, or when two more came."""
    drawers = Drawers()
    kept = drawers.keep("a1", b"x", "utf-8-sig", TODAY, NOW_MS)
    assert drawers.find(kept.key, "a1", NOW_MS) == kept
    assert drawers.find(kept.key, "a2", NOW_MS) is None
    assert drawers.find(kept.key, "a1", NOW_MS + KEPT_MS) is None
    for who in ("a2", "a3"):
        drawers.keep(who, b"y", "utf-8-sig", TODAY, NOW_MS)
    assert drawers.find(kept.key, "a1", NOW_MS) is None


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=60)
def test_any_text_below_the_headings_is_reported_line_by_line(text: str) -> None:
    """Whatever stands there: no error, every line has a state, the wrong ones a reason."""
    clean = text.encode("utf-8", "ignore").decode()
    for one in lines(clean):
        assert one.state is not State.WRONG or one.wrong


def many(count: int) -> Drawer:
    """So many lines, a tenth of them wrong."""
    rows = (
        f"김{n},동{n % 20}동,안심로 {n}{'' if n % 10 else ' x,,,,,,,,,'},,,,\n"
        for n in range(count)
    )
    return drawer(HEAD + "".join(rows), "cp949")


@pytest.mark.long
def test_a_hundred_thousand_lines_are_each_judged() -> None:
    """A tenth is wrong, and as many are shown as fit a page; one line more is too many."""
    kept = many(survey.LINES_MOST)
    seen = verdict(Desk(begun()), kept)  # type: ignore[arg-type]
    assert seen.counts == {State.NEW: 90_000, State.WRONG: 10_000}
    assert len(seen.worst) == surveying.SHOWN_MOST
    more = replace(kept, raw=kept.raw + "김,율하동,안심로 0,,,,\n".encode("cp949"))
    assert verdict(Desk(begun()), more).wrong == Wrong("too_many", found="100001")  # type: ignore[arg-type]


@pytest.mark.long
def test_a_look_keeps_no_lines() -> None:
    """Beside the bytes of the file a line costs less than 250 bytes while it is judged."""
    count, kept = 20_000, many(20_000)
    home = begun()
    tracemalloc.start()
    verdict(Desk(home), kept)  # type: ignore[arg-type]
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak - len(kept.raw) < 250 * count
