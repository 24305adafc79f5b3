"""A record and a release's list as one page for the printer, HTML.

Knows: how it looks. May not know: the printer, files, what was tested.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from tools.technician.factory.record import LID, About, Record, Step
from tools.technician.factory.release import CHECKS, Done, open_checks

_STYLE = """
@page { size: A4; margin: 14mm 16mm; }
body { font: 9pt/1.35 "Noto Sans CJK KR", sans-serif; color: black; }
h1 { font-size: 16pt; margin: 0; } .end { font-size: 13pt; font-weight: bold; margin: 1mm 0 3mm; }
table { border-collapse: collapse; width: 100%; margin-bottom: 3mm; }
th, td { text-align: left; padding: 0.5mm 2mm 0.5mm 0; border-bottom: 0.2mm solid #999; }
th { font-weight: bold; } td.n { text-align: right; white-space: nowrap; }
code { font-family: "Noto Sans Mono CJK KR", monospace; font-size: 8pt; }
"""
_WORDS = {True: "pass 합격", False: "FAIL 불합격", None: "– 없음"}


def record_page(record: Record) -> str:
    """One device's test: who, what program, by whom, when, every step, how it ended."""
    title = f"{record.about.device_id or record.about.mac}: factory test 출하 시험"
    rows = _rows(
        (step.name, _WORDS[step.passed], step.told, f"{step.seconds:.1f} s")
        for step in _together(record.steps)
    )
    facts = [
        *_about(record.about),
        ("by 시험자", f"{record.operator} ({record.station})"),
        ("from 시작", record.began_at),
        ("to 끝", record.ended_at),
    ]
    if record.ended:
        facts.append(("ended early 중단", record.ended))
    head = _row("th", ("step 단계", "", "found 결과", "time 시간"))
    return _page(title, record.passed, facts, head + rows)


def release_page(about: About, done: Mapping[str, Done]) -> str:
    """The list of a release: every check, its figure, who, when."""
    lines = []
    for check in CHECKS:
        one = done.get(check.key)
        figure = f"{one.value:g} {check.unit}" if one and one.value is not None else ""
        who = f"{one.by}, {one.at}, {one.device_id}" if one else ""
        word = _WORDS[one.passed] if one else "open 미완료"
        lines.append((check.key, word, f"{check.do} {check.enough}", figure, who))
    head = _row("th", ("check 항목", "", "what 내용", "figure 값", "by 시험자"))
    title = f"{about.board} {about.version}: release 출시 점검"
    facts = [(name, text) for name, text in _about(about) if name.split()[0] in _OF_PROGRAM]
    return _page(title, not open_checks(done), facts, head + _rows(lines))


def _together(steps: Sequence[Step]) -> list[Step]:
    """The lids that passed as one line, so that a record is one page."""
    lids = [step for step in steps if step.name.startswith(LID)]
    good = [step for step in lids if step.passed]
    rest = [step for step in steps if step not in good]
    if good:
        told = f"{len(good)} of {len(lids)} opened and shut, each by its own light"
        rest.append(Step("lids 뚜껑", True, told, sum(step.seconds for step in good)))
    return rest


_OF_PROGRAM = frozenset({"board", "firmware", "MicroPython"})


def _about(about: About) -> list[tuple[str, str]]:
    return [
        ("serial 일련번호", about.device_id or "none yet 아직 없음"),
        ("MAC", about.mac),
        ("board 기판", f"{about.board}, version {about.version}"),
        ("firmware 펌웨어 SHA-256", about.firmware),
        ("MicroPython", about.micropython),
    ]


def _page(title: str, passed: bool, facts: Iterable[tuple[str, str]], body: str) -> str:
    end = "passed 합격" if passed else "NOT passed 불합격"
    rows = "".join(
        f"<tr><th scope='row'>{escape(name)}</th><td><code>{escape(text)}</code></td></tr>"
        for name, text in facts
    )
    return (
        f"<!doctype html><html lang='ko'><head><meta charset='utf-8'><title>{escape(title)}"
        f"</title><style>{_STYLE}</style></head><body><h1>안부 Anbu · {escape(title)}</h1>"
        f"<p class='end'>{end}</p><table>{rows}</table><table>{body}</table></body></html>"
    )


def _rows(rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(_row("td", row) for row in rows)


def _row(kind: str, cells: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<{kind}>{escape(cell)}</{kind}>" for cell in cells) + "</tr>"
