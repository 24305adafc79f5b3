"""Somebody's last sign of life for reading: what, where, how long ago, and what comes next.

Knows: the picture's `life` (gateway/picture_life.py), the page's words. May not know: HTML, Flask,
when a silence worries.
"""

from __future__ import annotations

from typing import Any

from gateway.web.words import Words

Picture = dict[str, Any]
View = dict[str, Any]

_SIGNS = {
    "fresh": "linked",
    "resting": "linked",
    "syncing": "waiting",
    "stale": "unlinked",
    "never": "unlinked",
    "periodic": "doubtful",
    "faulty": "doubtful",
}
_DAY_MIN = 24 * 60


def lives(picture: Picture, words: Words) -> list[View]:
    """One for each person of whom anything is watched."""
    now_ms = picture["now_ms"]
    return [
        _life(person, person["life"], now_ms, words)
        for person in picture["persons"]
        if person.get("life") and (person["life"]["level"] or person["life"]["last"])
    ]


def _life(person: View, life: View, now_ms: int, words: Words) -> View:
    last = life["last"]
    blind = all(s["state"] not in ("fresh", "resting") for s in life["sources"])
    return {
        "id": person["id"],
        "title": words.say("life.title", person=person["name"]),
        "what": _what(last, words) if last else words.say("life.none"),
        "at": words.moment(last["at_ms"], now_ms) if last else None,
        "at_iso": words.iso(last["at_ms"]) if last else None,
        "ago": words.ago(last["at_ms"], now_ms) if last else None,
        "trust": words.say(f"life.time.{last['time']}") if last else "",
        "old": blind,
        "facts": _facts(life, now_ms, words),
        "notes": _notes(life, now_ms, words),
        "sources": [_source(s, now_ms, words) for s in life["sources"]],
    }


def _what(last: View, words: Words) -> str:
    source = words.code("life.source", last["source"])
    if not last["kind"]:
        return words.say("life.last.person", source=source)
    return words.say("life.last", source=source, where=_where(last, words))


def _where(device: View, words: Words) -> str:
    """The room where it stands, else what it is."""
    kind = words.code("life.device", device["kind"])
    return f"{device['room']} {kind}" if device["room"] else kind


def _facts(life: View, now_ms: int, words: Words) -> list[tuple[str, str]]:
    """(name, value): the level, and when who is asked or told if nothing comes."""
    facts = [(words.say("life.level"), words.say(f"life.level.{life['level']}"))]
    if life["told_ms"] is None:
        return facts
    if life["usual_ms"] is not None:
        by = words.say("life.usual.by", clock=words.moment(life["usual_ms"], now_ms))
        facts.append((words.say("life.usual"), by))
    facts += [
        (words.say(f"life.{name}"), words.moment(life[f"{name}_ms"], now_ms))
        for name in ("asked", "told", "cap")
        if life[f"{name}_ms"] is not None
    ]
    if life["light_ms"] is not None:
        clock = words.moment(life["light_ms"], now_ms)
        facts.append((words.say("life.light"), words.say("life.light.since", clock=clock)))
    return facts


def _notes(life: View, now_ms: int, words: Words) -> list[str]:
    """What explains the figures, and what changed over weeks."""
    notes = []
    if life["level"] is None:
        notes.append(words.say("life.off"))
    elif life["away_until_ms"] is not None:
        notes.append(words.say("life.away", clock=words.moment(life["away_until_ms"], now_ms)))
    elif life["why"] is not None:
        why = words.code("life.why", life["why"])
        notes.append(words.say("life.frozen") if life["frozen"] else why)
    return [*notes, *(_drift(way, life["drift"], words) for way in life["drift"].get("ways", ()))]


def _drift(way: str, drift: View, words: Words) -> str:
    if way == "emptier":
        hours = (f"{drift['hours_before']:g}", f"{drift['hours_now']:g}")
        return words.code("life.drift", way, before=hours[0], now=hours[1])
    clocks = [_clock(drift[f"first_{when}_min"]) for when in ("before", "now")]
    return words.code("life.drift", way, before=clocks[0], now=clocks[1])


def _clock(minute: float) -> str:
    hours, minutes = divmod(round(minute) % _DAY_MIN, 60)
    return f"{hours:02d}:{minutes:02d}"


def _source(source: View, now_ms: int, words: Words) -> View:
    """One device that watches, and how far it can be believed now."""
    seen_ms = source["seen_ms"]
    clock = words.moment(seen_ms, now_ms) if seen_ms else ""
    return {
        "where": _where(source, words),
        "state": source["state"],
        "word": words.code("life.state", source["state"], clock=clock),
        "ago": words.ago(seen_ms, now_ms) if seen_ms else None,
        "sign": _SIGNS[source["state"]],
        "fresh": source["state"] in ("fresh", "resting"),
    }
