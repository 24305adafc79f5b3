"""The ordinary life of a care plug: it senses. Builds every part from its board and runs them.

Knows everybody but who takes updates; nobody but main knows it. Decides nothing about loads and
lamps (careplug.plug does), touches no chip (board). It measures only: nothing in it switches a
load. A wish for an update ends it: what is summed up so far is written, then the chip starts anew.
"""

import asyncio
import sys

from micropython import const

from anbu_device.core.counter import NONE, Counter
from anbu_device.core.faults import Faults
from anbu_device.edge.beacon import shine
from anbu_wire import settings
from anbu_wire.bundle import STARTS_ANEW
from anbu_wire.gatt import CARE_PLUG
from anbu_wire.messages import ENERGY
from careplug.plug import Plug
from careplug.sense import Sense
from node import PLACE_UNKNOWN, Node
from service import Service

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Coroutine

    from anbu_slots import Record
    from board import Board
    from careplug.wish import Wish

    Effects = list[tuple[int, tuple[int, int], int, int]]

_COARSE_MS = const(60)  # a light sensor's coarse range is over by then (bh1750, veml7700)
_ANSWER_MS = const(1500)  # the answer to UPDATE_BEGIN leaves before the start
_OF_A_TRIAL = ("anbu_device.esp.trial", "anbu_device.core.update_host")
_OF_A_QUESTION = ("careplug.asked", "anbu_device.core.update_rules")
_STATE = "plug"  # the file of what was learnt
_BTHOME_KEY_BYTES = const(16)


def _forget(names: "tuple[str, ...]") -> None:
    """What is needed a few times in a life gives back its place; an import brings it again."""
    for name in names:
        sys.modules.pop(name, None)
        package, _dot, own = name.rpartition(".")
        if hasattr(sys.modules[package], own):
            delattr(sys.modules[package], own)


class Careplug(Node):
    """The plug that senses."""

    service: Service

    def __init__(self, board: "Board", wish: "Wish") -> None:
        super().__init__(board, wish)
        self.plug = Plug(self._boot, self.uptime_ms(), 0, board.most_w)
        self.sense = Sense(board, self.plug)
        self.chosen()
        self.plug.restore(self.disk.read_or_empty(_STATE))
        self.log.read_in(self.plug.recall)
        self._faults = Faults()
        self._leaves_ms = 0  # when the chip starts anew for an update
        self.service = Service(self)
        self.connect(CARE_PLUG, "Anbu care plug")
        self._bthome_key = self._key()
        self._counter = Counter(self._nvs, "bthome_count")
        self.settle_update()
        self.write(self.plug.started(board.reset_cause, board.power_on()))

    def _key(self) -> bytes:
        """The key of what is told to everybody, b"" where provisioning drew none."""
        key = bytearray(_BTHOME_KEY_BYTES)
        try:
            size = self._nvs.get_blob("bthome_key", key)
        except OSError:
            return b""
        return bytes(key) if size == _BTHOME_KEY_BYTES else b""

    # --- what the parts ask of each other ---

    def write(self, effects: "Effects") -> None:
        """Makes records durable and pushes them; each hour also what was learnt."""
        super().write(effects)
        if ENERGY in [effect[0] for effect in effects]:
            began_ms = self.uptime_ms()
            self._keep()
            self.hand.was_blind(self.uptime_ms() - began_ms)

    def _keep(self) -> None:
        try:
            self.disk.replace(_STATE, self.plug.state(self.clock.uptime_ms))
        except (OSError, MemoryError):
            return  # the next hour tries again; until then the old state stands

    def chosen(self) -> None:
        """Holds to what somebody chose."""
        values = self.choices.values
        if self.board.meter is not None:
            self.sense.calibrate(values)
        latitude, noon_min = values[settings.LATITUDE_DEG], values[settings.SOLAR_NOON_MIN]
        if PLACE_UNKNOWN not in (latitude, noon_min):
            self.plug.place(latitude - settings.LATITUDE_ZERO, noon_min)

    def beacon(self, address: bytes) -> bytes:
        """What everybody with the BTHome key may know, sealed; b"" where there is no such key."""
        silent = not self._bthome_key or self._settling is not None  # a trial takes its place
        count = NONE if silent else self._counter.next()
        if count == NONE:
            return b""
        from anbu_wire import bthome  # noqa: PLC0415 - heap

        lux_centi = self.sense.lux_centi()
        has_meter = self.board.meter is not None
        power_mw = self.plug.power_mw if self.sense.told()[2][2] else -1
        told = bthome.objects(
            count & 0xFF,
            lux_centi if lux_centi >= 0 else None,
            self.plug.energy_wh if has_meter else None,
            power_mw // 10 if power_mw >= 0 else None,
        )
        return bthome.advertisement(self._bthome_key, address, count, told)

    # --- updates: asked for here, taken in a life of their own (updating) ---

    def settle_update(self) -> None:
        """At the start: an update on trial has something to prove, or to tell."""
        if self._slots is not None and self._slots.unsettled():
            from anbu_device.esp.trial import Trial  # noqa: PLC0415 - heap

            self._settling = Trial(self.update_host())

    def update_answer(
        self, kind: int, fields: "dict[str, int]", _tail: bytes
    ) -> "tuple[int, ...] | None":
        """The fields of UPDATE_STATE; None where no loader started this firmware."""
        started: "Record | None" = self._slots.started if self._slots is not None else None
        if started is None:
            return None
        from careplug.asked import answer  # noqa: PLC0415 - heap

        told = answer(kind, fields, started.version, started.failed_version, self.updating())
        _forget(_OF_A_QUESTION)
        if told[2] != STARTS_ANEW or self._leaves_ms:
            return told  # asked again it leaves no later
        reason = self.wish.make(self.clock.uptime_ms, self.board.faults())
        if not reason:
            self._leaves_ms = self.clock.uptime_ms + _ANSWER_MS
        return told[0], told[1], reason or STARTS_ANEW, told[3]

    def _leave(self, uptime_ms: int) -> None:
        """What is summed up so far is written, what was learnt kept; then the chip starts anew."""
        self.write(self.plug.summary(uptime_ms))
        self.restart()

    # --- tasks ---

    def look_now(self) -> None:
        """What a second brings: a reading, a load, the hourly summary, a fault, an update."""
        uptime_ms = self.uptime_ms()
        wall_s = self.clock.wall_s()
        effects = self.sense.look(uptime_ms, wall_s)
        effects += self.plug.look(uptime_ms, wall_s)
        self.write(effects + self._faults.look(uptime_ms, self.board.faults()))
        super().look_now()
        if self._leaves_ms and uptime_ms >= self._leaves_ms and self.hand.rests():
            self._leave(uptime_ms)
        if self._settling is not None and not self._settling.unsettled():
            self._settling = None  # all is told
            _forget(_OF_A_TRIAL)

    async def between(self) -> None:
        """The light sensor takes a second step."""
        if self.board.light is not None:
            await asyncio.sleep_ms(_COARSE_MS)
            self.write(self.sense.light(self.uptime_ms(), self.clock.wall_s()))

    def also(self) -> "list[Coroutine[object, object, None]]":
        """What is told to everybody."""
        return [shine(self.radio, self.beacon)]
