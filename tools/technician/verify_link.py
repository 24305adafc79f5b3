"""The plug of `anbu verify`, by the gateway's own radio, which works in a thread of its own.

Knows: RadioSource, the commands. May not know: what is asked for what, a terminal.

The plug's log stays where it is, for its gateway; its clock too is left alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping

from anbu_wire import gatt
from anbu_wire import messages as m
from gateway.sources.conversation import Sink
from gateway.sources.radio import NotReached, RadioSource
from gateway.sync import Answer, Command, Expected, TimeFields, commands
from tools.technician.verify_steps import Fields, NotDone

REACH_S = 90.0  # until a plug that is there is found and proved
CLOSE_S = 30.0


class _Sink:
    """Takes nothing of a device but its word that it is there; `say` hears what goes wrong."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self.why = ""

    def last_known(self, device_id: str, epoch: int) -> int:  # noqa: ARG002
        """Nothing is known of any log."""
        return 0

    def commit(self, device_id: str, epoch: int, records: list[m.Record]) -> None:
        """Never: the log is not asked for."""
        newest = records[-1].seq
        raise RuntimeError(f"records of {device_id} up to {epoch:08x}/{newest} are its gateway's")

    def caught_up(self, device_id: str, state: dict[str, int]) -> None:
        """Never, without its log."""

    def link_up(self, device_id: str) -> None:
        """It proved who it is."""
        self.why = ""
        self._say(f"      linked with {device_id}")

    def link_down(self, device_id: str, why: str) -> None:
        """Said, and kept for the case that nothing else comes."""
        self.why = why
        self._say(f"      {device_id}: {why}")

    def rests(self, device_id: str, seconds: int) -> None:
        """A plug is on mains."""

    def expected(self, device_id: str) -> Expected:  # noqa: ARG002
        """A plug as it is."""
        return Expected(gatt.CARE_PLUG, log=False)

    def schedule_to_send(self, device_id: str) -> tuple[int, bytes] | None:  # noqa: ARG002
        """None."""
        return None

    def schedule_on_box(self, device_id: str, version: int, crc: int) -> None:
        """Nothing was sent."""

    def clock_set(self, device_id: str) -> None:
        """It is not."""

    def time_fields(self) -> TimeFields:
        """No time: this computer's clock may be wrong, and the gateway sets it."""
        return 0, 0, 0, 0, 0

    def trouble(self, part: str, why: str) -> None:
        """Said, and kept."""
        self.why = why
        self._say(f"      {part}: {why}")


class LinkedPlug:
    """A plug within reach; see verify_steps.Plug."""

    def __init__(self, device_id: str, ask: Callable[[Command], Answer]) -> None:
        self._device_id = device_id
        self._ask = ask

    def meter(self) -> Fields:
        """METER's fields."""
        return self._fields(commands.READ_METER)

    def parameters(self) -> Fields:
        """Values by name."""
        return self._fields(commands.READ_PARAMETERS)

    def set_parameter(self, parameter: int, value: int) -> None:
        """Set one, and read it back."""
        self._fields(commands.set_parameter(parameter, value))

    def _fields(self, command: Command) -> Fields:
        answer = self._ask(command)
        if not answer.ok:
            asked = m.TABLE[command.kind][0]
            raise NotDone(f"{self._device_id} refused {asked} with code {answer.code}: update it")
        return answer.fields


class Radio:
    """The gateway's radio for one plug, in a thread of its own from the first question on."""

    def __init__(self, source: Callable[[], RadioSource]) -> None:
        self._make = source
        self._source: RadioSource | None = None
        self._working: asyncio.Task[None] | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="radio", daemon=True)

    def ask(self, device_id: str, command: Command) -> Answer:
        """The device's answer. Raises NotReached."""
        if self._source is None:
            self._source = self._make()
            self._thread.start()
            asyncio.run_coroutine_threadsafe(self._begin(self._source), self._loop).result()
        work = self._source.command(device_id, command, REACH_S)
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def close(self) -> None:
        """End links and thread, in order."""
        if self._source is not None:
            asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(CLOSE_S)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        self._loop.close()

    async def _begin(self, source: RadioSource) -> None:
        self._working = asyncio.create_task(source.run())

    async def _end(self) -> None:
        """The radio first, which ends its links and closes its adapter; then whatever is left."""
        if self._working is not None:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


@contextlib.contextmanager
def linked(
    device_id: str,
    key: bytes,
    make: Callable[[Mapping[str, bytes], Sink], RadioSource],
    say: Callable[[str], None],
) -> Iterator[LinkedPlug]:
    """The plug, while the radio works for it. Nothing is connected before the first question."""
    sink = _Sink(say)
    radio = Radio(lambda: make({device_id: key}, sink))

    def ask(command: Command) -> Answer:
        try:
            return radio.ask(device_id, command)
        except NotReached as why:
            raise NotDone(f"{device_id} not reached: {sink.why or why}") from why

    try:
        yield LinkedPlug(device_id, ask)
    finally:
        radio.close()
