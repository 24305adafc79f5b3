"""What stands beside the figures: what persons corrected, when nobody could see, EMERGE.

Knows: which correction counts, what EMERGE asks to be said. May not know: figures' insides, layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo

from gateway.adherence import metrics_words
from gateway.adherence.metrics_facts import THE_BOX
from gateway.adherence.metrics_input import Away, Correction, Doses, as_date
from gateway.adherence.openings import Opening
from gateway.events import SlotId
from gateway.report.page.markup import Markup, clip, tag
from gateway.report.page.words import CATALOGUES, label_words, say
from gateway.zones import local

BY_MOST, WHY_MOST = 16, 48


def corrections(
    said: Iterable[Correction], labels: Mapping[SlotId, str], language: str, most: int
) -> Markup:
    """The corrections that hold, the newest days first, with who and why."""
    held = sorted(said, key=lambda c: (c.slot.day, c.slot.index), reverse=True)
    told = [_correction(one, labels, language) for one in held[:most]]
    if len(held) > most:
        told.append(say(language, "corrections.more", count=len(held) - most))
    return _list(say(language, "corrections"), told or [say(language, "corrections.none")])


def _correction(one: Correction, labels: Mapping[SlotId, str], language: str) -> str:
    words = CATALOGUES[language]
    key = f"taken.{one.taken}" if one.taken <= 1 else "taken.n"
    by_box = one.by == THE_BOX
    return say(
        language,
        "correction",
        day=metrics_words.day_words(language, as_date(one.slot.day), "date.short"),
        label=label_words(language, labels.get(one.slot, "")),
        taken=words[key].format(count=one.taken),
        who=words["who.box"] if by_box else clip(one.by, BY_MOST),
        why=words.get(f"why.{one.why}", "") if by_box else clip(one.why, WHY_MOST),
    )


def away(stays: Iterable[Away], language: str, most: int) -> Markup:
    """The days on which nobody could see, and why."""
    every = sorted(stays, key=lambda a: (a.from_day, a.to_day), reverse=True)
    told = [
        say(
            language,
            "away.one",
            period=metrics_words.period_words(language, one.from_day, one.to_day),
            why=clip(CATALOGUES[language].get(f"away.{one.why}", one.why), WHY_MOST),
        )
        for one in every[:most]
    ]
    if len(every) > most:
        told.append(say(language, "away.more", count=len(every) - most))
    return _list(say(language, "away"), told or [say(language, "away.none")])


def as_needed(opened: Iterable[Opening], zone: tzinfo, language: str, most: int) -> Markup:
    """When compartments of medicine taken as needed were opened; nothing where none was."""
    times = [_when(one, zone, language) for one in opened][::-1]
    if not times:
        return Markup("")
    more = [say(language, "as_needed.more", count=len(times) - most)] if len(times) > most else []
    return _list(say(language, "as_needed"), [", ".join(times[:most]), *more])


def _when(one: Opening, zone: tzinfo, language: str) -> str:
    if one.at_ms is None:
        return say(language, "as_needed.no_time")
    then = local(one.at_ms, zone)
    return f"{metrics_words.day_words(language, then.date(), 'date.short')} {then:%H:%M}"


def emerge(doses: Doses, language: str, corrected: int) -> Markup:
    """What EMERGE asks to be said, for the whole period, under its heading."""
    words = " ".join(metrics_words.emerge(doses, language, corrected))
    return tag(
        "p", tag("b", metrics_words.say(language, "emerge.title")), " ", words, class_="emerge"
    )


def _list(head: str, lines: list[str]) -> Markup:
    return tag("section", tag("h2", head), tag("ul", *(tag("li", line) for line in lines)))
