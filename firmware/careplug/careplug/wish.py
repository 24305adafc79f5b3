"""The wish to take an update, noted over a restart: a plug has no room to sense and to update.

Knows: one number in a store. May not know: a chip, bundles, when one is refused (careplug.asked).
The wish holds for one start. It is taken back before anything is done about it, so that whatever
ends an update in disorder ends in ordinary life; after a crash none is taken for an hour.

    none → WISHED (BEGIN came) → RUNS (the next start took it) → none (it ended in order)
    A start that finds RUNS, or to which power came, takes none.
"""

from micropython import const

from anbu_wire.bundle import BUSY, NO_REASON, NO_STORAGE

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_device.core.choices import Store

_NAME = "updating"
_NONE = const(0)
_WISHED = const(1)
_RUNS = const(2)
_FAULTS_AT = const(4)  # dead chips stand above the step: a life without senses sees none
_STEPS = const(15)
_REST_MS = const(3_600_000)  # after a crash


class Wish:
    """`store` as in core.choices. Ask `taken` once, at the start."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        try:
            value = store.get_i32(_NAME)
        except OSError:
            value = _NONE
        self.faults = value >> _FAULTS_AT
        self._step = value & _STEPS
        self._broke = False

    def taken(self, power_came: bool) -> bool:
        """Whether this start is for an update."""
        if self._step == _NONE:
            return False
        if self._step == _WISHED and not power_came and self._keep(_RUNS):
            return True
        self._broke = self._step == _RUNS and not power_came
        self._keep(_NONE)
        return False

    def ended(self) -> None:
        """It ended in order, whatever came of it: the next start is for ordinary life."""
        self._keep(_NONE)

    def make(self, uptime_ms: int, faults: int) -> int:
        """Notes it; NO_REASON, or why not. `faults`: the chips that are dead now."""
        if self._broke and uptime_ms < _REST_MS:
            return BUSY
        self.faults = faults
        return NO_REASON if self._keep(_WISHED) else NO_STORAGE

    def _keep(self, step: int) -> bool:
        try:
            self._store.set_i32(_NAME, step | self.faults << _FAULTS_AT)
            self._store.commit()
        except OSError:
            return False
        self._step = step
        return True
