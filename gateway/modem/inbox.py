"""Incoming texts until they are whole: parts are grouped, each text named by a stable key.

Knows: which parts make one text, where in the modem's storage each lies.
May not know: AT commands, what a text means, the database.

Nothing here is durable, and need not be: parts stay in the modem's storage until the whole text
was committed (one that came directly is stored there first), so after a restart the listing of
the storage fills this room again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from gateway.modem.pdu import Deliver
from gateway.modem.text import join

PARTIAL_AFTER_MS = 15 * 60 * 1000
"""A text whose missing parts did not come for so long is handed on as it is."""
MISSING_PART = "…"
MAX_GROUPS = 64


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a PDU lies in the modem: storage ("SM", "ME") and index there."""

    storage: str
    index: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """A text for `on_text`; `slots` may be emptied once it was committed."""

    sender: str
    body: str
    sent_ms: int
    key: str
    slots: tuple[Slot, ...]


@dataclass(slots=True)
class _Group:
    since_ms: int
    parts: dict[int, Deliver] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)


_GroupKey = tuple[str, int, int]


def key_of(sender: str, sent_ms: int, body: str) -> str:
    """The identity of a text: the network's stamp, the sender, a hash of what it says."""
    digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{sent_ms}/{sender}/{digest}"


class Inbox:
    """Parts waiting for their fellows. Times are monotonic ms, given by the caller."""

    def __init__(self) -> None:
        """Empty."""
        self._groups: dict[_GroupKey, _Group] = {}

    def add(self, message: Deliver, slot: Slot | None, now_ms: int) -> Arrived | None:
        """Take in one PDU; the text if it is whole now. `slot` None: it is stored nowhere."""
        place = message.part.concat
        if place is None:
            return _arrived([message], (slot,) if slot is not None else (), message.part.text)
        key = (message.sender, place.reference, place.total)
        group = self._groups.setdefault(key, _Group(now_ms))
        group.parts[place.number] = message
        if slot is not None and slot not in group.slots:
            group.slots.append(slot)
        if len(group.parts) == place.total:
            return self._take(key)
        return self.oldest() if len(self._groups) > MAX_GROUPS else None

    def oldest(self) -> Arrived | None:
        """The text that waits longest for its other parts, as far as it came; None: none waits.

        For a storage that is full: nothing else could come in any more.
        """
        if not self._groups:
            return None
        return self._take(min(self._groups, key=lambda key: self._groups[key].since_ms))

    def overdue(self, now_ms: int) -> list[Arrived]:
        """Texts whose missing parts are not waited for any more."""
        late = [k for k, g in self._groups.items() if now_ms - g.since_ms >= PARTIAL_AFTER_MS]
        return [self._take(key) for key in late]

    def _take(self, key: _GroupKey) -> Arrived:
        group = self._groups.pop(key)
        total = key[2]
        texts = [
            group.parts[n].part.text if n in group.parts else MISSING_PART
            for n in range(1, total + 1)
        ]
        return _arrived(list(group.parts.values()), tuple(group.slots), join(texts))


def _arrived(parts: list[Deliver], slots: tuple[Slot, ...], body: str) -> Arrived:
    """`sent_ms` is the earliest part's stamp, so that the order of arrival does not matter."""
    sender, sent_ms = parts[0].sender, min(part.sent_ms for part in parts)
    whole = join([body])
    return Arrived(sender, whole, sent_ms, key_of(sender, sent_ms, whole), slots)
