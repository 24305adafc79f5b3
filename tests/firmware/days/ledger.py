"""What must be written and what was: the oracle's comparison of the two.

Knows: expected and real effects. May not know: why something is expected, the firmware.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.firmware.days.facts import JUDGED, Effect, Slot


@dataclass(slots=True)
class Expected:
    """One effect that must come by the first look at or after `until_up_ms`."""

    kind: int
    slot: Slot | None  # None: any
    values: tuple[int, ...] | None  # None: any
    compartment: int | None
    until_up_ms: int

    def fits(self, effect: Effect) -> bool:
        """Whether that effect is the expected one."""
        kind, slot, compartment, value = effect
        return (
            kind == self.kind
            and (self.slot is None or slot == self.slot)
            and (self.values is None or value in self.values)
            and (self.compartment is None or compartment == self.compartment)
        )


@dataclass(slots=True)
class Ledger:
    """Expectations that are still open; what breaks a sentence goes into `findings`."""

    findings: list[str] = field(default_factory=list)
    open: list[Expected] = field(default_factory=list)

    def expect(
        self,
        kind: int,
        up_ms: int,
        slot: Slot | None = None,
        values: tuple[int, ...] | None = None,
        compartment: int | None = None,
    ) -> None:
        """That effect must come now (by the next look), or until `up_ms`."""
        self.open.append(Expected(kind, slot, values, compartment, up_ms))

    def say(self, text: str) -> None:
        """One sentence of what is wrong."""
        self.findings.append(text)

    def compare(self, effects: list[Effect], allowed: Callable[[Effect], bool]) -> None:
        """Cross off what was expected; anything else must be allowed."""
        for effect in effects:
            if effect[0] not in JUDGED:
                continue
            for wanted in self.open:
                if wanted.fits(effect):
                    self.open.remove(wanted)
                    break
            else:
                if not allowed(effect):
                    self.say(f"not expected: {effect}; expected {self.open}")

    def looked(self, up_ms: int) -> None:
        """After a look: what should have come by now and did not."""
        if self.open:
            for wanted in [w for w in self.open if w.until_up_ms <= up_ms]:
                self.open.remove(wanted)
                self.say(f"did not come: {wanted}")
