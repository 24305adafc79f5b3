"""What the gateway may ask of this box: each command's effect on clock, schedule, log.

Knows: the callbacks `anbu_device.core.link.DeviceLink` calls. May not know: frames, sessions, BLE.
A command is refused with a code; nothing here raises past the link.
"""

from binascii import crc32

from anbu_device.core import service
from anbu_wire.errors import RemoteProtocolError
from anbu_wire.messages import (
    AWAY_SET,
    HELP_COMING,
    OK,
    REFILL_END,
    REFILL_TAKE_OUT,
    REFUSED_OLDER_VERSION,
    REFUSED_RANGE,
    REFUSED_STATE,
    REFUSED_STORAGE,
    SCHEDULE_STORED,
    WORD_NOT_TAKEN,
)
from anbu_wire.schedule import decode_schedule
from anbu_wire.settings import FILLING, REFILLING
from pillbox.question import QUESTION_MOST
from pillbox.schedule import check
from pillbox.stored import WELL, Schedules

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_wire.schedule import Schedule
    from pillbox.house import House
    from pillbox.stored import Store

_AWAY_END_S = 0x7FFFFFFF  # what the store of preferences can hold: 2068
_VALUE_MAX = 32767


class Service(service.Service):
    """The duck-typed device behind the link. `house` is main's Pillbox."""

    _house: "House"

    def __init__(self, house: "House", disk: "Store") -> None:
        super().__init__(house)
        self.schedules = Schedules(disk)

    def load_schedule(self) -> "Schedule":
        """The schedule to run at start; without entries (version 0) where none can be believed."""
        return self.schedules.load()

    @property
    def version(self) -> int:
        """The version of the schedule that runs, 0 for none."""
        return self.schedules.version

    def schedule_told(self) -> "tuple[int, int]":
        """(version, CRC32) of the schedule that runs, 0, 0 for none."""
        version = self.version
        return version, crc32(self.schedules.blob) if version else 0

    def readable(self) -> bool:
        """Whether the newest stored schedule can be read; a new firmware must read the old."""
        return self.schedules.lost == WELL

    def clock_jumped(self) -> None:
        """Slots are looked at anew."""
        self._house.box.clock_jumped()

    # --- what DeviceLink calls ---

    def acknowledge(self, epoch: int, up_to_seq: int) -> int:
        """The gateway committed up to here; a call for help in there has its receipt."""
        code = super().acknowledge(epoch, up_to_seq)
        if code == OK:
            self._house.helped(up_to_seq)
        return code

    def set_time(self, fields: "dict[str, int]") -> int:
        """Takes the gateway's time and zone; the clock chip too."""
        code = super().set_time(fields)
        # Only now: a power cut before it leaves CLOCK_SET as the log's last word, which the journal
        # knows; a chip set before its record would jump inside a timeline unseen.
        if code == OK:
            self._house.write_rtc(self._house.clock.wall_s())
        return code

    def store_schedule(self, version: int, blob: bytes) -> int:
        """Checks, stores whole or not at all, then runs the new schedule."""
        schedules = self.schedules
        if version < schedules.version or (version == schedules.version and blob != schedules.blob):
            return REFUSED_OLDER_VERSION
        if version == schedules.version:
            return OK
        try:
            schedule = decode_schedule(blob)
        except RemoteProtocolError:
            return REFUSED_RANGE
        house = self._house
        refused = check(schedule, house.box.compartments)
        if refused:
            return refused
        try:
            schedules.store(version, blob)
        except OSError:
            return REFUSED_STORAGE
        house.log.schedule_version = version
        house.box.adopt(schedule, house.clock.wall_s())
        self._tell(SCHEDULE_STORED, version & _VALUE_MAX)
        return OK

    def schedule_blob(self) -> "tuple[int, bytes]":
        """(version, bytes) of the schedule that runs."""
        return self.schedules.version, self.schedules.blob

    def prompt_test(self, compartment: int) -> int:
        """Lights one lid for a few seconds, so that an installer sees which it is."""
        if compartment >= self._house.box.compartments:
            return REFUSED_RANGE
        self._house.reactions.test_light(compartment)
        return OK

    def locate(self, seconds: int) -> int:
        """Makes itself found."""
        self._house.reactions.locate(seconds)
        return OK

    def refill(self, mode: int, compartments: int) -> int:
        """Begins or ends a refill, guided through the compartments of the mask (0 = unguided)."""
        house = self._house
        if mode > REFILL_TAKE_OUT or compartments >> house.box.compartments:
            return REFUSED_RANGE
        wall_s = house.clock.wall_s()
        if mode != REFILL_END and not wall_s:
            return REFUSED_STATE
        house.write(house.box.refill(mode, compartments, wall_s, house.clock.uptime_ms))
        return OK

    def away(self, from_wall_s: int, until_wall_s: int) -> int:
        """Keeps when the resident is away; 0, 0 = at home."""
        if not from_wall_s <= until_wall_s <= _AWAY_END_S:
            return REFUSED_RANGE
        house = self._house
        if house.preferences.away == (from_wall_s, until_wall_s):
            return OK
        code = house.preferences.set_away(from_wall_s, until_wall_s)
        house.box.away(*house.preferences.away)
        if code == OK:
            left_s = max(0, until_wall_s - max(from_wall_s, house.clock.wall_s()))
            hours = (left_s + 3599) // 3600  # 0 says "at home"
            self._tell(AWAY_SET, min(_VALUE_MAX, hours))
        return code

    def ask(self, question: int, seconds: int) -> int:
        """Asks the resident something that OK answers; 0 seconds takes it back."""
        if question > QUESTION_MOST:
            return REFUSED_RANGE
        house = self._house
        house.write(house.question.ask(question, seconds, house.clock.uptime_ms))
        return OK

    def close_slot(self, day: int, index: int, verdict: int) -> int:
        """Closes a slot by a person's word; REFUSED_STATE where this box has no such slot."""
        if verdict > WORD_NOT_TAKEN:
            return REFUSED_RANGE
        effects = self._house.box.close((day, index), verdict)
        if effects is None:
            return REFUSED_STATE
        self._house.write(effects)
        return OK

    def help_state(self, state: int) -> int:
        """Shows what became of a call for help."""
        if state > HELP_COMING:
            return REFUSED_RANGE
        house = self._house
        house.write(house.help.answered(state, house.clock.uptime_ms))
        return OK

    def set_parameter(self, parameter: int, value: int) -> int:
        """Keeps a choice; the value is in its range."""
        house = self._house
        code = house.preferences.set(parameter, value)
        house.box.quiet(*house.preferences.quiet)
        return code

    def parameters(self) -> "list[tuple[int, int]]":
        """The choices that hold."""
        house = self._house
        rows = house.preferences.rows()
        rows.append((REFILLING, house.box.refilling))
        rows.append((FILLING, house.box.filling))
        return sorted(rows)
