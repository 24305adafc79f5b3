"""What a box told that is no verdict about a dose, and is worth reading: the newest of it.

Knows: which records people should read, and a code for each of their values.
May not know: words, when a clock was right (gateway.timelines), whom anything worries.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from anbu_wire import messages as wire
from anbu_wire.names import RECORD_KIND_NAMES
from gateway.events import DeviceRecord
from gateway.timelines import Stamp

ROLLED_BACK = "rolled_back"  # an update; its value is minus the version
KEPT = 100  # of all boxes of the home; the log keeps everything

# Records with a value that means something: value → code. Others have one code for all values.
VALUES: dict[int, dict[int, str]] = {
    wire.LID_OPENED: {
        wire.OPENED_WRONG: "wrong",
        wire.OPENED_AGAIN: "again",
        wire.OPENED_NO_SLOT: "no_slot",
        wire.OPENED_TOO_SOON: "too_soon",
        wire.OPENED_AFTER: "after",
        wire.OPENED_PRN: "prn",
        wire.OPENED_PRN_TOO_SOON: "prn_too_soon",
        wire.OPENED_PRN_TOO_MANY: "prn_too_many",
    },
    wire.CLOCK_LOST: {0: "no_power", 1: "disagrees", 2: "dead"},
    wire.SCHEDULE_LOST: {0: "old_copy", 1: "none"},
    wire.HELP_ANSWERED: {wire.HELP_OVER: "over", wire.HELP_COMING: "coming"},
    wire.REFILL_BEGUN: {wire.REFILL_FILL: "fill", wire.REFILL_TAKE_OUT: "take_out"},
    wire.REFILL_ENDED: {0: "by_command", 1: "by_itself"},
    wire.AWAY_SET: {0: "at_home"},
    wire.RECORDS_LOST: {0: "weak"},
    wire.LOAD_PERIODIC: {0: "not_any_more", 1: "automatic"},
}
ONE_CODE = frozenset(
    {
        wire.AWAY_SET,
        wire.REFILL_BEGUN,
        wire.HELP_PRESSED,
        wire.HELP_NOT_SENT,
        wire.MAINS_LOST,
        wire.MAINS_BACK,
        wire.SENSOR_FAULT,
        wire.SENSOR_BACK,
        wire.LOG_NEARLY_FULL,
        wire.RECORDS_LOST,
        wire.UPDATE_RESULT,
        wire.SLOT_POSTPONED,
        wire.LID_LEFT_OPEN,
        wire.SHAKEN,
        wire.TILTED,
        wire.COMPARTMENT_FILLED,
        wire.COMPARTMENT_UNFILLED,
        wire.COMPARTMENT_EMPTIED,
        wire.ASKED,
        wire.ANSWERED,
        wire.UNANSWERED,
    }
)
# What the page shows elsewhere (slots, clock, battery) or what would only be noise.
NOT_SHOWN = frozenset(RECORD_KIND_NAMES) - frozenset(VALUES) - ONE_CODE

Identity = tuple[str, int, int]  # device id, epoch, seq


@dataclass(frozen=True, slots=True)
class Happening:
    """One record worth reading. `at_ms`: when the gateway learnt it first."""

    at_ms: int
    record_kind: int
    value: int
    compartment: int | None
    stamp: Stamp

    @property
    def code(self) -> str:
        """The key of its words: "lid_opened.again"."""
        name = RECORD_KIND_NAMES[self.record_kind]
        code = VALUES.get(self.record_kind, {}).get(self.value)
        if self.record_kind == wire.UPDATE_RESULT and self.value < 0:
            code = ROLLED_BACK
        return f"{name}.{code}" if code else name


@dataclass(slots=True)
class Happenings:
    """The newest happenings of all boxes; the order of `note` is no matter."""

    seen: dict[Identity, Happening] = field(default_factory=dict)

    def note(self, event: DeviceRecord, told: Stamp) -> None:
        """A record was learnt."""
        kind = event.record_kind
        if kind not in ONE_CODE and event.value not in VALUES.get(kind, {}):
            return
        identity = (event.device_id, event.epoch, event.seq)
        at_ms = event.at_ms
        if identity in self.seen:
            at_ms = min(at_ms, self.seen[identity].at_ms)
        self.seen[identity] = Happening(at_ms, kind, event.value, event.compartment, told)
        if len(self.seen) > 2 * KEPT:
            newest = sorted(self.seen, key=lambda i: (self.seen[i].at_ms, i))[-KEPT:]
            self.seen = {i: self.seen[i] for i in newest}


def codes() -> list[str]:
    """Every code there is."""
    named = [
        f"{RECORD_KIND_NAMES[k]}.{code}" for k, values in VALUES.items() for code in values.values()
    ]
    rolled_back = f"{RECORD_KIND_NAMES[wire.UPDATE_RESULT]}.{ROLLED_BACK}"
    return [*named, rolled_back, *(RECORD_KIND_NAMES[kind] for kind in sorted(ONE_CODE))]
