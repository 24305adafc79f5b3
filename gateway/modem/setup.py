"""Bringing a modem into the state the gateway works with: PDU mode, news on, storage known.

Knows: the commands of the set-up, in order, and what a refusal of each means to the technician.
May not know: texts, who is told, when to try again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.modem.at import Command
from gateway.modem.lane import CommandRefusedError, Lane, LaneError


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each thing may take, in ms (ms of a sped-up house where it is one)."""

    command_ms: int = 30_000
    prompt_ms: int = 30_000
    submit_ms: int = 55_000
    heartbeat_ms: int = 20_000
    reopen_ms: int = 3_000


PREPARE: tuple[tuple[tuple[str, ...], str | None], ...] = (
    (("ATE0",), None),
    (("AT+CMEE=1",), None),
    (("AT+CMGF=0",), "it cannot send texts in PDU mode: use another modem"),
    (("AT+CNMI=2,1,0,1,0", "AT+CNMI=1,1,0,1,0", "AT+CNMI=2,1,0,2,0", "AT+CNMI=2,1"), None),
    (("AT+CREG=1",), None),
)
"""Commands that differ only in how new a modem must be, the best first; and what it means if
none of them is taken (None: the gateway can live without)."""

STORAGES = ("SM", "ME", "MT")
BEST_SIGNAL = 31
"""+CSQ: 0 to 31 in steps of 2 dBm; 99 means not known."""
_REGISTERED = {1, 5}
_REGISTRATION_WORDS = {
    0: "the modem is not looking for a network",
    2: "the modem is looking for a network",
    3: "the network refuses this SIM",
    4: "the modem does not know whether it has a network",
}


@dataclass(frozen=True, slots=True)
class Ready:
    """A modem that is set up: the storage texts come into, whether news want AT+CNMA."""

    storage: str
    acknowledges: bool


async def set_up(lane: Lane, patience: Patience, pin: str | None) -> Ready:
    """Set the modem up; raises LaneError with whose fault it is."""
    lane.reset()
    await _ask_any(lane, ("AT",) * 3, patience)  # whatever stood on the line ends here
    for choices, needed_because in PREPARE[:2]:
        await _prepare(lane, choices, needed_because, patience)
    await _unlock(lane, patience, pin)
    storage = await _choose_storage(lane, patience)
    acknowledges = await _ask_any(lane, ("AT+CSMS=1",), patience) is not None
    for choices, needed_because in PREPARE[2:]:
        await _prepare(lane, choices, needed_because, patience)
    return Ready(storage, acknowledges)


def registration_problem(lines: tuple[str, ...]) -> str | None:
    """Why there is no network, out of the answer to AT+CREG?; None while there is one."""
    for line in lines:
        match = re.match(r"\+CREG: *\d+, *(\d+)", line)
        if match is not None:
            state = int(match[1])
            return None if state in _REGISTERED else _REGISTRATION_WORDS.get(state, line)
    return "the modem does not say whether it has a network"


def signal_dbm(lines: tuple[str, ...]) -> int | None:
    """The signal out of the answer to AT+CSQ (−113 … −51 dBm), None where it is not known."""
    for line in lines:
        match = re.match(r"\+CSQ: *(\d+)", line)
        if match is not None and int(match[1]) <= BEST_SIGNAL:
            return -113 + 2 * int(match[1])
    return None


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


async def _unlock(lane: Lane, patience: Patience, pin: str | None) -> None:
    """Give the SIM its PIN where it wants one. A wrong PIN is given once: three lock the SIM."""
    lines = await _ask_any(lane, ("AT+CPIN?",), patience)
    state = next((li.partition(":")[2].strip() for li in lines or () if "+CPIN:" in li), "")
    if state == "READY":
        return
    if state != "SIM PIN":
        raise LaneError(f"modem: the SIM is not usable ({state or 'no SIM?'}); look at the card")
    if pin is None:
        raise LaneError("modem: the SIM wants a PIN and none is configured; give it one")
    if await _ask_any(lane, (f'AT+CPIN="{pin}"',), patience) is None:
        raise WrongPinError


class WrongPinError(LaneError):
    """The PIN was refused; giving it again would lock the card."""

    def __init__(self) -> None:
        """One fixed sentence: the PIN itself never appears anywhere."""
        super().__init__("modem: the SIM refused the PIN; it is not given again: correct it")


async def _choose_storage(lane: Lane, patience: Patience) -> str:
    """The first storage this modem reads, writes and receives in."""
    for storage in STORAGES:
        quoted = f'"{storage}"'
        command = f"AT+CPMS={quoted},{quoted},{quoted}"
        if await _ask_any(lane, (command,), patience) is not None:
            return storage
    raise LaneError("modem: no storage for texts works (SIM missing or broken?); look at the card")
