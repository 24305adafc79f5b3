"""What is to be said to whom, put together: one event is one text.

Knows: which texts of one moment become one, what a text speaks of.
May not know: whose turn it is, the outbox.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gateway import catalogue
from gateway.adherence.outcomes import State as SlotState
from gateway.adherence.outcomes import outcome
from gateway.entries import label_of
from gateway.events import TextDecided
from gateway.incidents.purposes import BUNDLE, SEVERAL, STEPS, WORDS
from gateway.incidents.reasons import Reason
from gateway.incidents.shapes import Incident
from gateway.incidents.view import View
from gateway.roster import Guardian
from gateway.rules.worry import ABOUT_A_DOSE, WorryKind

# Their texts name since when; the rule writes it at the end of the key.
SINCE_IN_KEY = frozenset(
    {
        WorryKind.LOST_SIGHT,
        WorryKind.DEVICE_UNSEEN,
        WorryKind.NO_SIGN_OF_LIFE,
        WorryKind.PHONE_STILL,
        WorryKind.PHONE_UNREACHABLE,
        WorryKind.POWER_CUT,
        WorryKind.RADIO_DOWN,
    }
)


@dataclass(frozen=True, slots=True)
class Say:
    """One thing to say to one person about one incident."""

    guardian: Guardian
    purpose: str
    incident: Incident
    reason: Reason
    step: int
    due_ms: int
    can_wait: bool = False


def purpose_of(incident: Incident) -> str:
    """The text of its steps: that of its kind for what is known, else the kind's own."""
    fitting = f"{incident.worry}_{incident.words}"
    return fitting if fitting in WORDS else incident.worry


def texts(view: View, says: Iterable[Say]) -> list[TextDecided]:
    """The texts, numbered: those of one person that go together are one."""
    last_id = view.ledger.last_text_id
    groups: dict[tuple[str, ...], list[Say]] = {}
    for place, say in enumerate(says):
        groups.setdefault(_group(say, place), []).append(say)
    return [_text(view, group, n) for n, group in enumerate(groups.values(), last_id + 1)]


def _group(say: Say, place: int) -> tuple[str, ...]:
    """Equal for what becomes one text."""
    whom = (say.guardian.id, say.incident.person_id)
    if say.reason is Reason.HELD and say.can_wait:
        return (*whom, BUNDLE)
    if say.purpose in SEVERAL and (say.can_wait or say.purpose not in STEPS):
        return (*whom, SEVERAL[say.purpose])
    return (*whom, str(place))


def _text(view: View, group: list[Say], text_id: int) -> TextDecided:
    first = group[0]
    purpose = first.purpose
    if len(group) > 1:
        kinds = {SEVERAL.get(say.purpose, BUNDLE) for say in group}
        purpose = kinds.pop() if len(kinds) == 1 else BUNDLE
    facts = facts_of(view, first.incident, first.guardian, count=len(group))
    return TextDecided(
        at_ms=view.now_ms,
        text_id=text_id,
        incident_id=first.incident.id,
        guardian_id=first.guardian.id,
        to=first.guardian.number,
        purpose=purpose,
        body=catalogue.say(first.guardian.language, purpose, facts),
        reason=str(first.reason),
        step=first.step,
        due_ms=min(say.due_ms for say in group),
        also=tuple(say.incident.id for say in group[1:]),
    )


def facts_of(
    view: View, incident: Incident, guardian: Guardian, *, count: int = 1, who: str = ""
) -> catalogue.Facts:
    """What a text about an incident may speak of; `who`: whom it names beside."""
    person = view.roster.person(incident.person_id or guardian.person_id)
    return catalogue.Facts(
        incident_id=incident.id,
        person_name=person.name if person else incident.person_id,
        label=label_of(incident.slot.index) if incident.slot else "evening",
        when_ms=_when_ms(view, incident),
        now_ms=view.now_ms,
        zone=view.roster.zone,
        count=count,
        who=who,
        what=incident.worry,
        until_ms=incident.detail.get("usual_ms", incident.due_ms),
    )


def _when_ms(view: View, incident: Incident) -> int:
    """The instant that a text about an incident names."""
    since = incident.key.rsplit("/", 1)[-1]
    if incident.worry in SINCE_IN_KEY and since.isdecimal():
        return int(since)
    planned = view.planned(incident)
    if incident.worry not in ABOUT_A_DOSE or planned is None or incident.slot is None:
        return incident.due_ms
    seen = outcome(view.household, incident.slot, view.now_ms)
    told = seen.state in (SlotState.TAKEN, SlotState.DOUBTFUL)
    if told and seen.since_ms is not None:
        return seen.since_ms
    return min(planned.closes_ms, view.now_ms)
