"""Bringing a modem into the state the gateway works with: awake, PDU mode, news on, storage known.

Knows: the commands of the set-up, in order, and what a refusal of each means to the technician.
May not know: texts, who is told, when to try again.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from gateway.modem import ResetLine
from gateway.modem.at import Command
from gateway.modem.lane import CommandRefusedError, Lane, LaneError
from gateway.modem.pin import PinFile, unlock
from gateway.modem.remedy import Remedy
from gateway.modem.status import news_setting


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each thing may take, in ms (ms of a sped-up house where it is one)."""

    command_ms: int = 30_000
    prompt_ms: int = 30_000
    submit_ms: int = 55_000
    heartbeat_ms: int = 20_000
    reopen_ms: int = 3_000
    awake_ms: int = 3_000  # the answer to a bare AT
    settle_ms: int = 200  # late answers of a command before come within this
    line_low_ms: int = 1_000
    network_ms: int = 45_000  # without a network for so long: the modem is restarted

    def patient(self, factor: float) -> Patience:
        """The same, waiting for answers `factor` times as long: for a sped-up house."""
        return replace(
            self,
            command_ms=round(self.command_ms * factor),
            prompt_ms=round(self.prompt_ms * factor),
            submit_ms=round(self.submit_ms * factor),
            awake_ms=round(self.awake_ms * factor),
            settle_ms=round(self.settle_ms * factor),
        )


PREPARE: tuple[tuple[tuple[str, ...], str | None], ...] = (
    (("ATE0",), None),
    (("AT+CMEE=1",), None),
    (("AT+CHUP", "ATH"), None),  # a call may be left from before: nobody would hear it any more
    (("AT+CMGF=0",), "it cannot send texts in PDU mode: use another modem"),
    (("AT+CNMI=2,1,0,1,0", "AT+CNMI=1,1,0,1,0", "AT+CNMI=2,1,0,2,0", "AT+CNMI=2,1"), None),
    (("AT+CREG=1",), None),
    (("AT+COPS=3,0",), None),
)
"""Commands that differ only in how new a modem must be, the best first; and what it means if
none of them is taken (None: the gateway can live without)."""

STORAGES = ("SM", "ME", "MT")


@dataclass(frozen=True, slots=True)
class Ready:
    """A modem that is set up.

    `storage`: where texts come in; `acknowledges`: its news want AT+CNMA; `news`: its answer to
    AT+CNMI?, which is another one once it has restarted by itself.
    """

    storage: str
    acknowledges: bool
    news: str | None


class RestartedError(LaneError):
    """The modem was told to boot; the port is opened anew when it has."""


async def set_up(
    lane: Lane,
    patience: Patience,
    pin: PinFile | None,
    remedy: Remedy = Remedy.ESCAPE,
    line: ResetLine = ResetLine.DTR,
) -> Ready:
    """Set the modem up; raises LaneError with whose fault it is."""

    async def ask(*choices: str) -> tuple[str, ...] | None:
        return await _ask_any(lane, choices, patience)

    await awaken(lane, patience, remedy, line)
    for choices, needed_because in PREPARE[:3]:
        await _prepare(lane, choices, needed_because, patience)
    await unlock(ask, pin)
    storage = await _choose_storage(lane, patience)
    acknowledges = await ask("AT+CSMS=1") is not None
    for choices, needed_because in PREPARE[3:]:
        await _prepare(lane, choices, needed_because, patience)
    return Ready(storage, acknowledges, news_setting(await ask("AT+CNMI?")))


async def awaken(lane: Lane, patience: Patience, remedy: Remedy, line: ResetLine) -> None:
    """Make the modem answer, by this remedy. Raises LaneError where it does not."""
    if remedy is Remedy.LINE:
        await lane.pulse(line, patience.line_low_ms)
    lane.reset()
    if remedy is Remedy.RESTART:
        await restart(lane, patience)
    await _answered(lane, Command("ATZ" if remedy is Remedy.RESET else "AT", patience.awake_ms))
    await asyncio.sleep(patience.settle_ms / 1000)  # with nothing asked late answers are dropped


async def restart(lane: Lane, patience: Patience) -> None:
    """Tell the modem to boot. Raises RestartedError once it was told, LaneError if it is deaf."""
    await _answered(lane, Command("AT+CFUN=1,1", patience.awake_ms))
    raise RestartedError("the modem was restarted")


async def _answered(lane: Lane, command: Command) -> None:
    """Any answer at all will do."""
    try:
        await lane.ask(command)
    except CommandRefusedError:
        return


async def _prepare(
    lane: Lane, choices: tuple[str, ...], needed_because: str | None, patience: Patience
) -> None:
    taken = await _ask_any(lane, choices, patience)
    if taken is None and needed_because is not None:
        raise LaneError(f"modem: {choices[0]} was refused; {needed_because}")


async def _ask_any(
    lane: Lane, choices: tuple[str, ...], patience: Patience
) -> tuple[str, ...] | None:
    """The answer to the first command that is taken, None where all are refused."""
    for text in choices:
        try:
            return await lane.ask(Command(text, patience.command_ms))
        except CommandRefusedError:
            continue
    return None


async def _choose_storage(lane: Lane, patience: Patience) -> str:
    """The first storage this modem reads, writes and receives in."""
    for storage in STORAGES:
        quoted = f'"{storage}"'
        command = f"AT+CPMS={quoted},{quoted},{quoted}"
        if await _ask_any(lane, (command,), patience) is not None:
            return storage
    raise LaneError("modem: no storage for texts works (SIM missing or broken?); look at the card")
