"""The plate at a door, for paper: what to do, the QR code, the address for who cannot scan it.

Knows: sizes on paper, HTML for the printer. May not know: whose door it is: no name, no address of
hers ever stands on it. The words are an argument.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from gateway.report.qr import svg

_STYLE = """
@page { size: A5 portrait; margin: 12mm; }
body { font-family: "Noto Sans CJK KR", "Noto Sans KR", sans-serif; text-align: center; margin: 0; }
h1 { font-size: 26pt; line-height: 1.25; margin: 0 0 4mm; }
p { font-size: 15pt; line-height: 1.45; margin: 0 0 2.5mm; }
.en { font-size: 11.5pt; }
.qr svg { width: 96mm; height: 96mm; }
.typed { font-family: "Noto Sans Mono CJK KR", monospace; font-size: 9.5pt; overflow-wrap: anywhere;
  word-break: break-all; }
.foot { font-size: 10pt; }
"""


def page(address: str, korean: Sequence[str], english: Sequence[str], foot: str) -> str:
    """The HTML of a plate. `korean`, `english`: a headline, then sentences; `foot`: its number."""
    head, *sentences = korean
    return (
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{escape(head)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(head)}</h1>"
        + "".join(f"<p>{escape(one)}</p>" for one in sentences)
        + f'<div class="qr">{svg(address, head)}</div>'
        + f'<p class="typed">{escape(address)}</p>'
        + '<div lang="en">'
        + "".join(f'<p class="en">{escape(one)}</p>' for one in english)
        + f'</div><p class="foot">{escape(foot)}</p></body></html>'
    )
