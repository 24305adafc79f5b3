"""How the page looks: one A4 sheet, grey and ink, readable when it was printed without colour.

Knows: lengths and fonts. May not know: words, figures.
"""

from __future__ import annotations

from string import Template

from gateway.adherence.plots_svg import FONT, LINE, SHADE, SOFT, WASH

_SHARED = {"font": FONT, "line": LINE, "shade": SHADE, "soft": SOFT, "wash": WASH}

_SHEET = """
@page { size: A4; margin: 9mm 10mm 8mm }
* { box-sizing: border-box }
body { margin: 0; font: $size/1.32 $font; color: #17231f; hyphens: none; word-break: keep-all }
.free, li { overflow-wrap: anywhere }
h1 { font-size: 2.1em; margin: 0; line-height: 1.1 }
h1 + p { margin: 0.3em 0 0.5em; font-size: 1.25em }
h2 { font-size: 1.15em; margin: 0.9em 0 0.25em; line-height: 1.2 }
p { margin: 0.3em 0 }
.caution { border: 0.35mm solid #17231f; padding: 0.4em 0.7em; font-weight: 700; font-size: 1.1em }
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 0.15mm solid $line; padding: 0.12em 0.35em; text-align: left;
  vertical-align: top; font-weight: 400 }
thead th { background: $shade; vertical-align: bottom; line-height: 1.15 }
thead th.group { text-align: center; border-left: 0.4mm solid #fff; font-weight: 700 }
tbody th { font-weight: 700 }
.grouped td { line-height: 1.2 }
.side tbody th { white-space: nowrap }
.n { white-space: nowrap; font-variant-numeric: tabular-nums }
.figures .first { border-left: 0.15mm solid $line }
.figures tbody th { font-weight: 400 }
span, i, .emerge, .key, .left-out { color: $soft }
i { font-style: normal; font-size: 0.9em }
ul { margin: 0; padding-left: 1.1em }
.below { display: flex; gap: 4mm; margin-top: 1.5mm; align-items: flex-start }
.chart { width: $chart; flex: none }
.chart svg, .bars svg { display: block; width: 100%; height: auto }
.bars { margin-top: 1.5mm }
.side { flex: 1; min-width: 0 }
.figures thead th, .grouped thead th { white-space: nowrap }
.interval, .tight .counts { display: block }
.alone .interval { display: inline }
.alone section { display: inline-block; width: 49%; vertical-align: top }
.side .grouped { margin-bottom: 1.2em }
.key, .emerge { font-size: 0.95em }
footer { margin-top: 1.5mm; border-top: 0.3mm solid $line }
"""

_REFILL = """
@page { size: A4; margin: 14mm }
body { margin: 0; font: 15pt/1.4 $font; color: #17231f; word-break: keep-all;
  overflow-wrap: anywhere }
h1 { font-size: 1.7em; margin: 0 0 0.3em }
table { border-collapse: collapse; width: 100% }
thead { display: table-header-group }
tr { break-inside: avoid }
th, td { border: 0.4mm solid $line; padding: 0.3em 0.5em; text-align: left; vertical-align: top }
thead th { background: $shade }
ul { margin: 0; padding-left: 1.1em }
.place { white-space: nowrap; font-size: 1.5em; font-weight: 700; background: $wash;
  text-align: center }
.done { width: 1.6em }
"""

_MONTH = """
@page { size: A4; margin: 12mm 12mm 14mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt $font; color: $soft } }
* { box-sizing: border-box }
body { margin: 0; font: 9.5pt/1.35 $font; color: #17231f }
h1 { font-size: 2em; margin: 0; line-height: 1.15 }
.about { margin: 0.2em 0 0.8em; color: $soft }
.parts { columns: 2; column-gap: 8mm }
section { break-inside: avoid; margin: 0 0 1.1em }
h2 { font-size: 1.15em; margin: 0 0 0.15em }
p { margin: 0.2em 0 }
.what { font-size: 0.88em; color: $soft; line-height: 1.25 }
.whole { white-space: nowrap }
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 0.15mm solid $line; padding: 0.16em 0.3em; text-align: right;
  vertical-align: top; font-weight: 400; font-variant-numeric: tabular-nums }
th:first-child { text-align: left }
thead th { background: $shade; vertical-align: bottom; line-height: 1.15 }
"""


def sheet(font_pt: float, chart_mm: int) -> str:
    """The report's style at a size of its letters, with charts so wide."""
    return Template(_SHEET).substitute(_SHARED, size=f"{font_pt}pt", chart=f"{chart_mm}mm")


def month() -> str:
    """The month's report's style: two columns of figures."""
    return Template(_MONTH).substitute(_SHARED)


def refill() -> str:
    """The refill sheet's style: large."""
    return Template(_REFILL).substitute(_SHARED)
