"""The maker's pages as HTML: assembly, repair, costs.

Knows: how a step, a trouble and a price look on A4. May not know: files, the printer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape

from hardware.enclosure.plan import Plan
from hardware.generate import bom
from hardware.guide import pictures
from hardware.guide.book import Book, Guide, Step, Trouble, filled
from hardware.shapes import QUANTITIES, Circuit, Hardware

Printed = tuple[str, str, int, str]  # file, title, count, size
_DEAREST = 12  # rows of the costs' table
_CODE = re.compile(r"`([^`]+)`")
STYLE = """
@page { size: A4; margin: 14mm 14mm 16mm; @bottom-center { content: counter(page) " / "
  counter(pages); font: 9pt "Noto Sans CJK KR", sans-serif } }
body { margin: 0; font: 10.5pt/1.4 "Noto Sans CJK KR", sans-serif; color: #111 }
h1 { font-size: 20pt; line-height: 1.2; margin: 0 0 3mm }
h2 { font-size: 14pt; margin: 7mm 0 1.5mm; break-after: avoid }
h2.costs { margin-top: 6mm }
h2.costs ~ h2.costs { break-before: page }
h3 { font-size: 11pt; margin: 4mm 0 1mm; break-after: avoid }
table { border-collapse: collapse; width: 100%; margin: 2mm 0 }
td, th { border: .25mm solid #aaa; padding: 1mm 2mm; text-align: left; vertical-align: top }
th { background: #eee }
td.n { text-align: right; white-space: nowrap }
tr, table.points { break-inside: avoid }
code { font-family: "Noto Sans Mono CJK KR", monospace; font-size: 9pt; background: #f0f0f0 }
ol, ul { margin: 1mm 0; padding-left: 6mm }
.step { break-inside: avoid; border-top: .5mm solid #111; padding-top: 2mm; margin-top: 6mm }
.step h2 { margin: 0 0 1mm }
.step h2 span { float: right; font-size: 10pt; font-weight: 400 }
.picture { margin: 2mm 0; text-align: center }
.picture svg { max-width: 170mm; max-height: 88mm; width: 100%; height: auto }
.box svg { width: 140mm; height: 80mm }
.check { background: #e6f3e6; padding: 1mm 2mm; margin-top: 1mm }
.danger { border: .8mm solid #c8201a; padding: 2mm 3mm; margin: 3mm 0 }
.note { background: #fff6d8; padding: 2mm 3mm; margin: 3mm 0 }
"""
DANGER = """<div class="danger"><b>먼저 읽으세요 · Read first: hardware/SAFETY.md.</b>
The metering plug is never opened, and no cable touches it while it is in the wall. The cell is the
last part to go in and the first to come out. A swallowed pair of magnets is an emergency; magnets
keep away from pacemakers. This is not a medical device; nothing life-sustaining hangs on it.
<div lang="ko">측정 플러그는 절대 열지 않습니다. 콘센트에 꽂힌 동안 어떤 선도 연결하지 않습니다.
배터리는 마지막에 넣고 가장 먼저 뺍니다. 자석을 삼키면 즉시 119. 심장박동기 가까이 두지 않습니다.
의료기기가 아니며, 생명 유지 장치를 연결하지 않습니다.</div></div>"""
SUMMARY = """<div class="note" lang="ko"><b>요약.</b> 약상자와 조도 센서를 만드는 분을 위한
안내서입니다. 순서: 기판 제작 → 납땜 → 전원 없이 저항 측정 → 첫 전원 → 케이스 출력 → 자석 →
요일별 조립 → 단추와 스피커 → 케이블 → 첫 점검 → 배터리 → 마감 → 펌웨어.
아직 아무도 이 상자를 실제로 만들어 보지 않았습니다. 시간과 가격은 추정입니다.</div>"""
UNBUILT = (
    '<div class="note">Nobody has built this box yet: minutes are estimates, and whatever does not '
    "fit is worth a report.</div>"
)


def whole(title: str, body: str, language: str = "en") -> str:
    """A page of that title."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1>{body}</body></html>\n"
    )


def said(circuit: Circuit, text: str) -> str:
    """A text of the book: names in full, `commands` as such."""
    return _CODE.sub(r"<code>\1</code>", escape(filled(circuit, text), quote=False))


def assembly(book: Book, plan: Plan, printed: Iterable[Printed], box: Mapping[str, str]) -> str:
    """Every device, step by step; `box` has the enclosure's pictures by name."""
    body = DANGER + SUMMARY + UNBUILT
    for guide in book.guides:
        body += _guide(guide, plan, box)
    rows = (
        f"<tr><td><code>{escape(name)}</code></td><td>{escape(title)}</td>"
        f'<td class="n">{count}</td><td>{escape(says)}</td></tr>'
        for name, title, count, says in printed
    )
    head = "<tr><th>file</th><th>part</th><th>count</th><th>each, estimated</th></tr>"
    body += f"<h2>Printed parts</h2><table>{head}{''.join(rows)}</table>"
    return whole("Assembly guide · 조립 안내서", body)


def _guide(guide: Guide, plan: Plan, box: Mapping[str, str]) -> str:
    hours = guide.minutes / 60
    tools = "".join(f"<li>{said(guide.circuit, tool)}</li>" for tool in guide.tools)
    steps = "".join(
        _step(guide.circuit, number, step, picture(guide.circuit, plan, step.picture, box))
        for number, step in enumerate(guide.steps, 1)
    )
    return (
        f"<h2>{escape(guide.circuit.title)}: {len(guide.steps)} steps, about {hours:.1f} h of work"
        f"</h2><h3>Tools</h3><ul>{tools}</ul>{steps}"
    )


def _step(circuit: Circuit, number: int, step: Step, shown: str) -> str:
    does = "".join(f"<li>{said(circuit, line)}</li>" for line in step.does)
    return (
        f'<div class="step"><h2>{number}. {escape(step.title)}<span>about {step.minutes} min</span>'
        f"</h2>{shown}<ol>{does}</ol>"
        f'<div class="check">✓ {said(circuit, step.check)}</div></div>'
    )


def picture(circuit: Circuit, plan: Plan, name: str, box: Mapping[str, str]) -> str:
    """The step's picture, drawn from the data; `box` has the enclosure's, by name."""
    kind, _, which = name.partition(":")
    if kind == "points":
        return points(circuit)
    if kind == "box":
        return f'<div class="picture box">{_inline(box[which])}</div>'
    drawn = {
        "overview": lambda: pictures.overview(circuit),
        "strip": lambda: pictures.strip(circuit, plan),
        "cable": lambda: pictures.cable(circuit, which),
    }
    return f'<div class="picture">{_inline(drawn[kind]())}</div>'


def _inline(svg: str) -> str:
    """An SVG file as a part of a page."""
    return svg[svg.index("<svg") :]


def points(circuit: Circuit) -> str:
    """The test points and what they must show."""
    rows = "".join(
        f"<tr><td><b>{p.ref}</b></td><td>{escape(p.net)}</td><td>{escape(p.expect)}</td>"
        f"<td>{escape(p.when)}</td></tr>"
        for p in circuit.tests
    )
    head = "<tr><th>point</th><th>net</th><th>must show</th><th>when</th></tr>"
    return f'<table class="points">{head}{rows}</table>'


def repair(book: Book) -> str:
    """What is seen, what it may be, how to find out, what to do."""
    circuit = book.circuit
    rows = "".join(_trouble(circuit, trouble) for trouble in book.troubles)
    head = "<tr><th>seen</th><th>likely</th><th>find out</th><th>do</th></tr>"
    columns = '<col style="width:20%"><col style="width:16%"><col style="width:29%"><col>'
    summary = (
        '<div class="note" lang="ko"><b>요약.</b> 증상을 찾고 부품과 확인 방법을 '
        "차례로 따르세요. 열기 전에 USB와 배터리를 빼세요. 고친 뒤에는 도움 단추를 꼭 "
        "시험하세요.</div>"
    )
    first = (
        "<p>USB and cell out before anything is opened, the cell first. After a repair: the first "
        "power-on test (<code>mpremote mount firmware run hardware/bench/pillbox.py</code>), then "
        "HELP once with the gateway, announced beforehand.</p>"
    )
    return whole(
        f"Repair: {circuit.title} · 고장 수리",
        f"{DANGER}{summary}{first}<table>{columns}{head}{rows}</table>"
        f"<h2>Test points</h2>{points(circuit)}",
    )


def _trouble(circuit: Circuit, trouble: Trouble) -> str:
    likely = "<br>".join(
        f"<b>{ref}</b> {escape(circuit.components[ref].part.value.partition(',')[0])}"
        for ref in trouble.likely
    )
    return (
        f"<tr><td>{said(circuit, trouble.seen)}</td><td>{likely}</td>"
        f"<td>{said(circuit, trouble.test)}</td><td>{said(circuit, trouble.mend)}</td></tr>"
    )


def costs(hardware: Hardware) -> str:
    """What the parts of each device cost, and which of them most; estimates are marked."""
    body = ""
    for circuit in reversed(tuple(hardware.circuits.values())):  # the pill box first
        rows = [row for row in bom.rows(hardware, circuit) if row.part.fitted]
        total = bom.sums(hardware, circuit)
        cells = "".join(f'<td class="n">{_usd(total[q])}</td>' for q in QUANTITIES)
        body += (
            f'<h2 class="costs">{escape(circuit.title)}</h2>{_head()}<tr><td><b>all parts</b></td>'
        )
        body += f'<td class="n">{sum(row.count for row in rows)}</td>{cells}<td></td></tr>'
        body += "".join(_price(row) for row in rows[:_DEAREST])
        rest = rows[_DEAREST:]
        sums = [sum(row.sum_usd(q) for row in rest) for q in QUANTITIES]
        cells = "".join(f'<td class="n">{_usd(value)}</td>' for value in sums)
        body += f"<tr><td>{len(rest)} more kinds</td><td></td>{cells}<td></td></tr></table>"
    return whole("What the parts cost · 부품 값", _ground(hardware) + body)


def _head() -> str:
    counts = "".join(f"<th>each of {q:,}</th>" for q in QUANTITIES)
    return f"<table><tr><th>part</th><th>count</th>{counts}<th></th></tr>"


def _price(row: bom.Row) -> str:
    cells = "".join(f'<td class="n">{_usd(row.sum_usd(q))}</td>' for q in QUANTITIES)
    mark = "estimate · 추정" if row.part.cost.estimate else f"{row.part.cost.date}"
    return (
        f'<tr><td>{escape(row.part.value)}</td><td class="n">{row.count}</td>{cells}'
        f'<td class="n">{mark}</td></tr>'
    )


def _usd(value: float) -> str:
    return f"{value:,.2f} $"


def _ground(hardware: Hardware) -> str:
    costs_of = {part.cost.source: part.cost for part in hardware.parts.values()}
    says = "".join(
        f"<li>{'<b>Estimate · 추정.</b> ' if cost.estimate else ''}{escape(cost.date)}: "
        f"{escape(cost.source)}</li>"
        for cost in costs_of.values()
    )
    return (
        "<p>US dollars, parts of one device when so many are made; without printed plastic, "
        f"placing, freight, customs and tax.</p><ul>{says}</ul>"
    )
