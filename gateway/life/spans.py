"""Spans of time as sorted lists of (from, until): united, intersected, cut.

Knows: arithmetic of half-open spans. May not know: what they are of.
"""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[int, int]


def united(spans: Iterable[Span]) -> list[Span]:
    """All that lies in any of them, as spans that do not touch; empty ones are left out."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if begin >= end:
            continue
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def common(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """All that lies in both."""
    others = united(other)
    pairs = ((max(a, c), min(b, d)) for a, b in united(one) for c, d in others)
    return united(pairs)


def within(spans: Iterable[Span], begin: int, end: int) -> list[Span]:
    """What of them lies between two instants."""
    return common(spans, [(begin, end)])


def length(spans: Iterable[Span]) -> int:
    """How long they are together."""
    return sum(end - begin for begin, end in united(spans))
