"""The printed page: one sheet, whole, readable by others, the same every time."""

from __future__ import annotations

import functools
import subprocess
from dataclasses import replace

import pytest
from pypdf.generic import DictionaryObject, StreamObject

from gateway import report
from gateway.adherence.metrics_input import Away, Doses
from gateway.adherence.summary import summary
from gateway.prescription.medication import Medication
from gateway.prescription.refill_plan import Pill, RefillPlan, Row
from gateway.report import press
from gateway.report.page.words import say, value
from tests.gateway.report.months import MONTHS, history_of, medication, month
from tests.gateway.report.paper import A4_PT, Paper, squeezed

MARGIN_PT = 22.0  # 8 mm, less than what a printer leaves white
Done = subprocess.CompletedProcess[bytes]
PRINTED = [
    ("ordinary", "ko"),
    ("ordinary", "en"),
    ("crowded", "ko"),
    pytest.param("crowded", "en", marks=pytest.mark.long),
    ("empty", "ko"),
    pytest.param("half a year", "ko", marks=pytest.mark.long),
    pytest.param("years", "en", marks=pytest.mark.long),
]


@functools.cache
def printed(name: str, language: str) -> Paper:
    """The report of one of the months; a sheet costs seconds, so each is printed once."""
    history = MONTHS[name]
    return Paper(report.pdf(history, summary(history), language))


@pytest.mark.parametrize(("name", "language"), PRINTED)
def test_one_whole_sheet(name: str, language: str) -> None:
    """One A4 page, no word in its margins, every font inside, every figure told to others."""
    paper = printed(name, language)
    _one_sheet(paper)
    fonts = paper.fonts()
    assert fonts
    assert all(fonts.values()), fonts
    _told(paper.words, name, language)


def _one_sheet(paper: Paper) -> None:
    """Exactly one page, and no word lies in the margin or beyond the paper."""
    (page,) = paper.reader.pages
    size = (float(page.mediabox.width), float(page.mediabox.height))
    assert size == pytest.approx(A4_PT, abs=0.1)
    boxes = paper.boxes()
    assert len(boxes) > 100
    assert min(min(left, top) for left, top, _, _ in boxes) >= MARGIN_PT
    assert max(right for _, _, right, _ in boxes) <= A4_PT[0] - MARGIN_PT
    assert max(bottom for _, _, _, bottom in boxes) <= A4_PT[1] - MARGIN_PT


def _told(words: str, name: str, language: str) -> None:
    """Name, caution and every figure of all doses, raw and cleaned, with its counts."""
    history = MONTHS[name]
    assert "김순자" in words
    assert squeezed(say(language, "not_an_ingestion")) in words
    for row in summary(history).rows[:7]:
        for figure in (row.raw, row.cleaned):
            assert squeezed(value(figure, language)) in words, figure
            assert f"{figure.numerator}/{figure.denominator}" in words, figure


@pytest.mark.parametrize("name", ["ordinary", "crowded"])
def test_a_month_of_twelve_drugs_is_whole(name: str) -> None:
    """Up to 28 days and 12 drugs nothing is left out: every drug, both charts."""
    words = printed(name, "ko").words
    for one in MONTHS[name].medications.values():
        assert squeezed(one.name) in words
        assert squeezed(one.strength) in words
    assert "복약달력" in words
    assert "복약시각" in words
    assert "자리가모자라" not in words


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("half a year", "마지막28일만", marks=pytest.mark.long),
        pytest.param("years", "22more", marks=pytest.mark.long),
    ],
)
def test_what_has_no_room_is_said(name: str, said: str) -> None:
    """A page that leaves something out says so on itself."""
    assert said in printed(name, "en" if name == "years" else "ko").words


def test_who_corrected_and_why() -> None:
    """Each correction stands there with who made it and why they know; so do the days away."""
    words = printed("ordinary", "ko").words
    assert words.count(squeezed("이지은 (딸), 가서 약포지를 보았음")) == 3
    assert squeezed("2026년 3월 14일 – 3월 16일: 외출·여행") in words


@pytest.mark.parametrize("language", ["ko", "en"])
def test_for_who_cannot_see_it(language: str) -> None:
    """It has a title and a language, and is tagged: headings, tables, charts with a text."""
    paper = printed("ordinary", language)
    reader = paper.reader
    root = reader.root_object
    assert str(root["/Lang"]) == language
    assert reader.metadata is not None
    assert reader.metadata.title is not None
    assert "김순자" in reader.metadata.title
    marks, told = root["/MarkInfo"].get_object(), root["/Metadata"].get_object()
    assert isinstance(marks, DictionaryObject)
    assert str(marks["/Marked"]) == "True"
    assert isinstance(told, StreamObject)
    assert b"pdfuaid:part" in told.get_data()
    held = "\n".join(map(str, paper.objects()))
    for tag in ("/H1", "/Table", "/TH", "/Figure"):
        assert f"'/S': '{tag}'" in held
    assert held.count("'/Alt'") == 2


def test_the_same_bytes() -> None:
    """The same history printed again, by another process, is the same file to the last byte."""
    history = MONTHS["empty"]
    again = report.pdf(history, summary(history), "ko")
    assert again == printed("empty", "ko").pdf


def test_longest_words_stay_on_the_sheet() -> None:
    """Twenty drugs with endless names, and people who say very much, fit on one sheet too."""
    long = [
        replace(medication(n, ("morning",)), name=f"{n}" + "가나다라" * 30, strength="W" * 60)
        for n in range(20)
    ]
    doses = month(days=28, drugs=20, labels=4).doses
    doses = replace(
        doses,
        away=tuple(Away(f"2026-03-{n:02}", f"2026-03-{n:02}", "왜" * 200) for n in range(5, 25)),
    )
    history = replace(
        history_of(doses, {f"{n // 6 + 1}/{n % 6}": m for n, m in enumerate(long)}, 40),
        name="긴" * 300,
    )
    said = tuple(replace(c, by="누" * 90, why="W" * 500) for c in history.corrections)
    paper = Paper(report.pdf(replace(history, corrections=said), summary(history), "ko"))
    assert len(paper.reader.pages) == 1
    assert max(right for _, _, right, _ in paper.boxes()) <= A4_PT[0] - MARGIN_PT


def test_what_people_type_is_text() -> None:
    """Tags, style and addresses in names and words are printed as they were typed, not obeyed."""
    typed = '<img src="file:///etc/passwd"><style>*{display:none}</style>&amp;'
    one = Medication(typed, medication(0, ("morning",)).dosing, 28, strength="</td>")
    history = history_of(Doses((), "2026-03-04", "2026-03-05"), {"1/0": one})
    words = Paper(report.pdf(history, summary(history), "en")).words
    assert squeezed(typed)[:30] in words


def test_nothing_is_fetched() -> None:
    """A page that asks for anything from outside is not printed, and it says what it asked for."""
    with pytest.raises(report.ReportError, match="may not fetch anything"):
        press.pdf(['<!doctype html><img alt="x" src="http://127.0.0.1:9/x.png">'], 1)


def test_too_full() -> None:
    """Where no page fits, nothing is printed, and the sentence says what to do."""
    with pytest.raises(report.ReportError, match="shorter period"):
        press.pdf(["<!doctype html><p style='break-after:page'>a<p>b"], 1)


def test_one_printer_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """While one page is printed no other printer is started: who waits too long is told so."""

    def printing(*_args: object, **_more: object) -> Done:
        monkeypatch.setattr(subprocess, "run", lambda *_args, **_more: Done([], 0, b"%PDF", b""))
        press.pdf(["second"], 1)
        return Done([], 0, b"%PDF", b"")

    monkeypatch.setattr(press, "WAIT_S", 0.0, raising=False)
    monkeypatch.setattr(subprocess, "run", printing)
    with pytest.raises(report.ReportError, match="busy"):
        press.pdf(["first"], 1)
    assert press.pdf(["third"], 1) == b"%PDF"


def test_first_page_that_fits() -> None:
    """Of several pages the fullest that fits is printed."""
    pages = [f"<!doctype html>{'<p>a' * n}<p>page {n}" for n in (400, 200, 9, 5, 1)]
    assert "page9" in Paper(press.pdf(pages, 1)).words


def test_refill_sheet() -> None:
    """Each pouch with its lid, its day and what is in it, in letters of 15 points and more."""
    pill = Pill("1/0", "암로디핀정", "5mg", medication(1, ("noon",)).amount, "T")
    rows = [Row("2026-03-03", "morning", n, n // 4, n % 4, 0, (pill,)) for n in range(4, 28)]
    plan = RefillPlan(tuple(rows), (), (), (0, 1), 0)
    paper = Paper(report.refill_sheet(plan, "ko", "김순자"))
    assert paper.words.count("암로디핀정5mg0.5정") == 24
    assert paper.words.count("□") == 24
    for told in ("김순자님", "화아침", "일취침전", "비워둘칸", "월아침,월점심"):
        assert told in paper.words
    assert min(bottom - top for _, top, _, bottom in paper.boxes()) >= 15
