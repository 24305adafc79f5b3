"""The care plug as a pure machine: volts, watts and lux in, records out.

Knows: its rooms (load, week, lamp, hour, mains) and in which order they are asked. May not know:
chips, flash, the radio; time is handed in as uptime and wall seconds (0 = unknown).

Effects are tuples (record kind, NO_SLOT, NO_COMPARTMENT, value), as the pill box's. After a restart
the saved state is taken back first, then the log: a record newer than the state wins. A state that
is an hour old, or none, neither begins nor ends a bout; the 30 minutes of an open one begin anew.
(With the log's LOAD_ON alone a bout is known to have lasted no longer than to its beginning.)

While a load looks automatic nobody is told that it goes on and off: LOAD_PERIODIC 1, and no
LOAD_ON, no LOAD_OFF and no ACTIVITY minutes until LOAD_PERIODIC 0. Its energy goes on.
"""

from micropython import const

from anbu_wire.messages import (
    ACTIVITY,
    BOOT,
    BRIGHTNESS,
    ENERGY,
    LIGHT_STEP,
    LOAD_OFF,
    LOAD_ON,
    LOAD_PERIODIC,
    MAINS_BACK,
    MAINS_LOST,
    NO_COMPARTMENT,
    NO_SLOT,
    Record,
)
from careplug import saved
from careplug.automatic import LOOKS_AUTOMATIC, NO_VERDICT, Week
from careplug.hour import Hour
from careplug.lamp import Lamp
from careplug.load import ZERO_MW, Load
from careplug.mains import Mains

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    Effects = list[tuple[int, tuple[int, int], int, int]]
    Events = list[tuple[int, int]]

_NOTHING = const(-1)
_FRESH_S = const(60)  # in a state this young no bout can have changed unseen


class Plug:
    """One plug. `boot`: which start this is; now is `uptime_ms` and `wall_s`."""

    def __init__(self, boot: int, uptime_ms: int, wall_s: int, most_w: int = 4400) -> None:
        self._boot = boot
        self._now_ms = uptime_ms
        self._wall_s = wall_s
        self._load = Load(most_w)
        self._week = Week()
        self._lamp = Lamp()
        self._hour = Hour(uptime_ms)
        self._mains = Mains()
        self._solar_noon_min = _NOTHING
        self._told = (0, _NOTHING)  # (boot, uptime) up to which the saved state knows the log
        self._blob = bytearray(saved.BYTES)
        self.lux_centi = _NOTHING

    def place(self, latitude_deg: int, solar_noon_min: int) -> None:
        """Where it is: degrees north, UTC minute of the mean solar noon."""
        self._solar_noon_min = solar_noon_min
        self._lamp.place(latitude_deg, solar_noon_min)

    # --- restart ---

    def restore(self, blob: bytes) -> bool:
        """Takes back what `state` gave; before `recall`. False: it cannot be believed."""
        state = saved.unpack(blob)
        if state is None:
            return False
        boot, uptime_ms, wall_s, numbers, days = state
        self._told = (boot, uptime_ms)
        age_s = self._wall_s - wall_s if wall_s and self._wall_s >= wall_s else _NOTHING
        then_ms = self._now_ms - max(0, age_s) * 1000
        fresh = 0 <= age_s <= _FRESH_S
        load, week, hour = saved.split(numbers)
        self._load.restore(load, then_ms, None if fresh else self._now_ms)
        self._week.restore(week, days, then_ms)
        self._hour.restore(hour, then_ms)
        return True

    def recall(self, record: Record) -> None:
        """Takes one record of the log at start, oldest first."""
        kind = record.kind
        if kind in (MAINS_LOST, MAINS_BACK):
            self._mains.there = kind == MAINS_BACK
        if (record.boot, record.uptime_ms) <= self._told:
            return
        if kind in (LOAD_ON, LOAD_OFF):
            age_s = self._wall_s - record.wall_s if self._wall_s and record.wall_s else 0
            self._load.recall(kind, self._now_ms, max(0, age_s) * 1000)
        elif kind == LOAD_PERIODIC:
            self._week.recall(record.value)
            self._load.automatic = self._week.automatic
        elif kind in (ENERGY, ACTIVITY, BRIGHTNESS):
            self._hour.recall(kind, record.value)

    def started(self, reset_cause: int, power_on: bool) -> "Effects":
        """After `recall`, once. `power_on`: it had no power, and so had the load."""
        effects = [(BOOT, NO_SLOT, NO_COMPARTMENT, reset_cause)]
        if power_on:
            self._load.unseen()
            self._mains.there = True
            effects.append((MAINS_BACK, NO_SLOT, NO_COMPARTMENT, 0))
        return effects

    def state(self, uptime_ms: int) -> bytearray:
        """What must outlive a restart; ask when all effects so far are in the log.

        The same buffer each time, taken at the start: a heap in pieces has no room for another.
        """
        numbers = self._load.saved(uptime_ms) + self._week.saved(uptime_ms)
        numbers += self._hour.saved(uptime_ms)
        self._week.save_days(self._blob, saved.WEEK_AT)
        saved.pack(self._blob, self._boot, uptime_ms, self._wall_s, numbers)
        return self._blob

    # --- stimuli ---

    def sample(
        self, uptime_ms: int, wall_s: int, voltage_mv: "int | None", power_mw: "int | None"
    ) -> "Effects":
        """The meter spoke; None for what it did not measure."""
        self._wall_s = wall_s
        events: "Events" = []
        if voltage_mv is not None and self._mains.sample(uptime_ms, voltage_mv):
            events.append((MAINS_BACK if self._mains.there else MAINS_LOST, 0))
        if power_mw is not None:
            self._power(uptime_ms, wall_s, abs(power_mw), events)
        return _effects(events)

    def light(self, uptime_ms: int, wall_s: int, lux_centi: int) -> "Effects":
        """The light sensor spoke."""
        self._wall_s = wall_s
        self.lux_centi = lux_centi
        self._hour.light(lux_centi)
        step = self._lamp.sample(uptime_ms, wall_s, lux_centi)
        return _effects([(LIGHT_STEP, step)] if step else [])

    def look(self, uptime_ms: int, wall_s: int) -> "Effects":
        """Time passed: a bout may be over, a summary due."""
        self._wall_s = wall_s
        return _effects(self._load.look(uptime_ms) + self._hour.look(uptime_ms))

    def summary(self, uptime_ms: int) -> "Effects":
        """The summary before its hour is over: a restart that was asked for comes next."""
        return _effects(self._hour.summary(uptime_ms))

    def _power(self, uptime_ms: int, wall_s: int, power_mw: int, events: "Events") -> None:
        load = self._load
        off = load.off
        events += load.sample(uptime_ms, power_mw)
        if load.power_mw < 0:
            return
        self._hour.sample(uptime_ms, load.power_mw, load.on and not load.automatic)
        if self._solar_noon_min < 0:
            return
        rose = off and load.on
        verdict = self._week.sample(uptime_ms, wall_s, self._solar_noon_min, rose)
        if verdict != NO_VERDICT:
            events += load.looks_automatic(verdict == LOOKS_AUTOMATIC)
            events.append((LOAD_PERIODIC, verdict))

    # --- what others may read ---

    @property
    def energy_wh(self) -> int:
        """Since provisioning; after a cut of the power, as of the last summary."""
        return self._hour.energy_wh

    @property
    def loads(self) -> int:
        """Human loads begun: as many as LOAD_ON records."""
        return self._load.loads

    @property
    def threshold_w(self) -> int:
        """Above this a load is on."""
        return self._load.threshold_mw // 1000

    @property
    def power_mw(self) -> int:
        """The believed power, the zero band as 0; −1 before there is one."""
        power_mw = self._load.power_mw
        return power_mw if power_mw < 0 or power_mw >= ZERO_MW else 0

    @property
    def load_on(self) -> bool:
        """Whether the load is above its threshold."""
        return self._load.on

    @property
    def periodic(self) -> bool:
        """Whether the load looks automatic."""
        return self._load.automatic

    @property
    def mains(self) -> bool:
        """Whether the meter sees mains."""
        return self._mains.there


def _effects(events: "Events") -> "Effects":
    return [(kind, NO_SLOT, NO_COMPARTMENT, value) for kind, value in events]
