"""The lives of sessions, updates, links, incidents and texts, from their literal tables.

Knows: where each table stands and how its rows are spelt. May not know: what the states mean.
"""

from __future__ import annotations

from collections.abc import Iterable

from anbu_wire import session
from gateway.incidents import table as incidents
from gateway.log import outbox
from gateway.sources.radio import manners
from tools.draw.page import Edge, constants, firmware, life, table


def session_life(role: str) -> str:
    """One end's handshake."""
    frames = constants(session, "CHALLENGE", "START")
    edges: list[Edge] = [
        (state, after, frames[what] if what != session.START else "begins itself")
        for (who, state, what), (_action, after) in session.TRANSITIONS.items()
        if who == role
    ]
    states = dict.fromkeys(state for edge in edges for state in edge[:2])
    edges += [(state, session.ENDED, "anything else") for state in states]
    return life(edges, session.IDLE)


def update_life() -> str:
    """A firmware update."""
    update = firmware("anbu_device.core.update")
    states = constants(firmware("anbu_wire.bundle"), "IDLE", "ROLLED_BACK")
    stimuli = constants(update, "BEGIN", "GIVE_UP")
    edges = [(states[a], states[b], stimuli[why].lower()) for (a, why), b in update.TABLE.items()]
    return life(edges, "IDLE")


def link_life() -> str:
    """A radio link, as the gateway keeps it."""
    edges = [
        (state, after, f"{what} ({then})" if then != manners.NOTHING else what)
        for (state, what), (after, then) in manners.TRANSITIONS.items()
    ]
    return life(edges, manners.IDLE)


def incident_life() -> str:
    """An incident: what changes its state."""
    edges = [
        (str(state), str(after), str(signal))
        for (state, signal), (after, actions) in incidents.TABLE.items()
        if after is not state
    ]
    return life(edges, str(incidents.State.OPEN))


def incident_table() -> str:
    """The whole table: every state answers every signal."""
    states = list(incidents.State)
    return table(
        ("", *states),
        ((f"**{signal}**", *(_answer(s, signal) for s in states)) for signal in incidents.Signal),
    )


def _answer(state: incidents.State, signal: incidents.Signal) -> str:
    after, actions = incidents.TABLE[state, signal]
    parts = [f"→ {after}"] if after is not state else []
    return ": ".join([*parts, ", ".join(actions)] if actions else parts) or "–"


def text_life() -> str:
    """A text's row in the outbox."""
    rows: Iterable[tuple[tuple[outbox.State, outbox.Move], outbox.State]] = outbox.TABLE.items()
    return life([(a, b, str(move)) for (a, move), b in rows], outbox.State.PENDING)


def drawings() -> dict[str, str]:
    """Every block of this module by its mark."""
    return {
        "session-gateway": session_life(session.GATEWAY),
        "session-device": session_life(session.DEVICE),
        "update": update_life(),
        "link": link_life(),
        "incident": incident_life(),
        "incident-table": incident_table(),
        "text": text_life(),
    }
