"""What the parts of the running box may ask of each other: for the type checker alone.

Knows: names and shapes. May not know: anything that happens. Nothing imports it at run time.
"""

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from typing import Protocol

    from anbu_device.core.clock import DeviceClock
    from anbu_device.core.debounce import Debounce
    from anbu_device.core.journal import Journal
    from pillbox.box import Box
    from pillbox.help_call import HelpCall
    from pillbox.preferences import Preferences
    from pillbox.question import Question
    from pillbox.stored import Schedules

    Effects = list[tuple[int, tuple[int, int], int, int]]

    class Log(Protocol):
        """The device's log."""

        schedule_version: int
        halted: bool

        @property
        def failed(self) -> bool:
            """Whether something is not durable that should be."""

        @property
        def journal(self) -> Journal:
            """The index of the log store."""

        def append(self, kind: int, slot: "tuple[int, int]", compartment: int, value: int) -> bytes:
            """A record made durable; b"" where that was not possible."""

        def records(self, first_seq: int, last_seq: int) -> "list[bytes]":
            """The records of that range that are held."""

        def acknowledge(self, epoch: int, up_to_seq: int) -> bool:
            """Notes an acknowledgement; False where it cannot be true."""

        def tell_lost(self) -> None:
            """Writes how many records were refused, where the log takes records again."""

    class Clock(Protocol):
        """The clock chip."""

        def read(self) -> "tuple[int, bool]":
            """(UTC seconds since 2000, lost)."""

        def write(self, wall_s: int) -> bool:
            """Sets it."""

        def temperature_c_quarters(self) -> int:
            """The chip's temperature."""

    class Gauge(Protocol):
        """The battery's gauge."""

        def percent(self) -> int:
            """0–100, 255 = not known."""

        def millivolts(self) -> int:
            """0 = not known."""

    class Speaker(Protocol):
        """The loudspeaker."""

        def play(self, frequency_hz: int, loudness_0_3: int) -> None:
            """Sounds until told otherwise."""

        def stop(self) -> None:
            """Silence."""

    class Pin(Protocol):
        """A pin of the chip."""

    class Wakes(Protocol):
        """The lines that wake the box."""

        def bit(self, pin: Pin) -> int:
            """The bit of an interrupt's pin, 0 for another."""

    class Lids(Protocol):
        """The lids' chips."""

        def touched(self) -> int:
            """What moved and moved back between two readings."""

        def blind(self) -> int:
            """What nobody could watch for some time."""

        def told(self, mask: int) -> None:
            """Movements up to `mask` are in the log."""

    class Board(Protocol):
        """The board."""

        reset_cause: int

        @property
        def wakes(self) -> Wakes:
            """The lines that wake the box."""

        @property
        def lid_chips(self) -> Lids:
            """The lids' chips."""

        def tilted(self) -> bool:
            """Whether the box leans."""

        def brown_out(self) -> bool:
            """Whether the power is too low to write to the flash."""

        @property
        def rtc(self) -> Clock:
            """The clock chip."""

        @property
        def gauge(self) -> Gauge:
            """The gauge."""

        @property
        def sound(self) -> Speaker:
            """The loudspeaker."""

        def lids(self) -> int:
            """28 bits, 1 = open."""

        def buttons(self) -> "tuple[bool, bool]":
            """(ok, help) pressed at this moment."""

        def mains(self) -> bool:
            """Whether USB power is there."""

        def faults(self) -> int:
            """Dead chips as bits."""

        def show_lights(self, buffer: "bytes | bytearray") -> None:
            """Red, green, blue by compartment."""

        def reset(self) -> None:
            """Starts the chip anew."""

    class Air(Protocol):
        """The radio."""

        @property
        def established(self) -> bool:
            """Whether an authenticated session stands."""

        def push(self, message: bytes) -> None:
            """Sends a message nobody asked for."""

        def flags(self, flags: int) -> None:
            """Advertises these."""

        def battery(self, percent: int) -> None:
            """Shows this charge."""

    class Link(Protocol):
        """The device's end of the language."""

        def push(self, blob: bytes) -> bytes:
            """The message that carries records nobody asked for."""

    class Inputs(Protocol):
        """Lids, buttons, mains."""

        lids: Debounce

        def settled(self) -> bool:
            """Whether no contact is on its way to a change."""

        def take(self) -> None:
            """One look at everything."""

        def was_blind(self, since_ms: int) -> None:
            """Nobody could look since then."""

    class Reactions(Protocol):
        """What is shown and written."""

        def locate(self, seconds: int) -> None:
            """Makes itself found; 0 ends it."""

        def test_light(self, compartment: int) -> None:
            """Lights one lid."""

        def unsent(self) -> bool:
            """Whether a record of importance has no acknowledgement yet."""

        def dark(self) -> None:
            """Lights and sound off for a sleep."""

        def busy(self) -> bool:
            """Whether a test light or a search is going on."""

    class Updates(Protocol):
        """An update as it happens."""

        def answer(self, kind: int, fields: "dict[str, int]", tail: bytes) -> "tuple[int, ...]":
            """The fields of UPDATE_STATE after one of UPDATE_*."""

    class Service(Protocol):
        """What the gateway may ask."""

        schedules: Schedules

        def readable(self) -> bool:
            """Whether the stored schedule is the one that runs."""

    class House(Protocol):
        """main's Pillbox."""

        clock: DeviceClock
        box: Box
        help: HelpCall
        question: Question

        @property
        def board(self) -> Board:
            """The board."""

        @property
        def log(self) -> Log:
            """The log."""

        @property
        def radio(self) -> Air:
            """The radio."""

        @property
        def link(self) -> Link:
            """The link."""

        @property
        def service(self) -> Service:
            """The service."""

        @property
        def inputs(self) -> Inputs:
            """Lids, buttons, mains."""

        @property
        def reactions(self) -> Reactions:
            """What is shown and written."""

        @property
        def preferences(self) -> Preferences:
            """What somebody chose for this box."""

        def uptime_ms(self) -> int:
            """Uptime now."""

        def helped(self, up_to_seq: int) -> None:
            """The gateway has every record up to here."""

        def faulty(self) -> bool:
            """Whether anything is wrong that a person should mend."""

        def write(self, effects: "Effects") -> None:
            """Makes effects visible and durable."""

        def check_clock(self) -> None:
            """Compares the clock with its chip after a sleep."""

        def write_rtc(self, wall_s: int) -> None:
            """Sets the clock chip."""

        def battery_percent(self) -> int:
            """Percent, 255 = not known."""

        def vitals(self) -> "tuple[int, ...]":
            """VITALS' fields, in the table's order."""

        def updates(self) -> "Updates | None":
            """Whoever takes updates, None where no loader could start one."""
