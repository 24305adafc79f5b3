"""A person's ladder for reading: who is told after how long, of what, on which days; and herself.

Knows: the roster, who wants no texts, the page's words. May not know: HTML, Flask, whose turn it is
now.
"""

from __future__ import annotations

from typing import Any

from gateway.incidents.kinds import KINDS, ROLES, Group, Ladder
from gateway.incidents.view import rank
from gateway.phone import national
from gateway.roster import LEVELS, WEEKDAYS, Guardian
from gateway.roster import ROLES as GUARDIAN_ROLES
from gateway.web import medicines
from gateway.web.catalogues import LANGUAGES
from gateway.web.section import Scene
from gateway.web.words import Words

View = dict[str, Any]


def ladder(scene: Scene) -> list[View]:
    """Everybody who may be told, in the order in which care is sought."""
    people = scene.roster.guardians_of(scene.person.id)
    ordered = sorted(people, key=lambda g: rank(g, Ladder.CARE))
    return [_step(guardian, scene) for guardian in ordered]


def choices(words: Words) -> dict[str, list[tuple[str, str]]]:
    """What the forms offer: (value, word)."""
    days = [(day, words.say(f"day.short.{n}")) for n, day in enumerate(WEEKDAYS)]
    return {
        "roles": [(role, words.code("role", role)) for role in GUARDIAN_ROLES],
        "kinds": [(str(group), words.code("group", group)) for group in Group],
        "weekdays": days,
        **spoken(words),
    }


def spoken(words: Words) -> dict[str, list[tuple[str, str]]]:
    """The languages of texts, and her levels."""
    return {
        "speaks": [(language, words.say(f"speaks.{language}")) for language in LANGUAGES],
        "levels": [(level, words.say(f"level.{level}", h=h)) for level, h in LEVELS.items()],
    }


def about(scene: Scene) -> View:
    """Her own row, as its form needs it."""
    person, words = scene.person, scene.words
    hours = person.cap_h
    return {
        "name": person.name,
        "dong": person.dong,
        "address": person.address,
        "level": person.level,
        "ask_min": person.ask_min,
        "quiet": person.quiet or {"from": "", "until": ""},
        "watched": words.say("contacts.watched", h=hours)
        if hours is not None
        else words.say("contacts.unwatched"),
    }


def _step(guardian: Guardian, scene: Scene) -> View:
    words = scene.words
    stopped = guardian.number in scene.home.ledger.stopped
    return {
        "id": guardian.id,
        "name": guardian.name,
        "role": guardian.role,
        "role_word": words.code("role", guardian.role),
        "number": national(guardian.number),
        "language": guardian.language,
        "after_min": guardian.after_min,
        "when": after(guardian, words),
        "of": _of(guardian, words),
        "duty": _duty(guardian, words),
        "stopped": words.say("contacts.stopped") if stopped else None,
        "kinds": guardian.kinds,
        "weekdays": guardian.weekdays,
        "hours": guardian.hours or {"from": "", "until": ""},
        "quiet": guardian.quiet or {"from": "", "until": ""},
    }


def after(guardian: Guardian, words: Words) -> str:
    """When it is her turn, if nobody answers before."""
    if guardian.after_min == 0:
        return words.say("contacts.at_once")
    return words.say("contacts.after", span=medicines.span(guardian.after_min, words))


def _of(guardian: Guardian, words: Words) -> str:
    """What she is told of: what she chose, else what her role is told."""
    kinds = guardian.kinds or _by_role(guardian.role)
    return words.say("contacts.of", kinds=", ".join(words.code("group", k) for k in kinds))


def _by_role(role: str) -> tuple[str, ...]:
    told = [row.group for row in KINDS.values() if role in ROLES[row.ladder]]
    return tuple(dict.fromkeys(str(group) for group in told))


def _duty(guardian: Guardian, words: Words) -> list[str]:
    """Her days and hours, and her quiet ones; nothing where she is always on duty."""
    said = []
    if guardian.weekdays:
        days = [words.say(f"day.short.{WEEKDAYS.index(day)}") for day in guardian.weekdays]
        said.append(words.say("contacts.days", days=", ".join(days)))
    if guardian.hours:
        said.append(words.say("contacts.hours", **_clocks(guardian.hours)))
    if guardian.quiet:
        said.append(words.say("contacts.quiet", **_clocks(guardian.quiet)))
    return said


def _clocks(span: dict[str, str]) -> dict[str, str]:
    return {"begin": span["from"], "end": span["until"]}
