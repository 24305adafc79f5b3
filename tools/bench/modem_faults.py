"""The modem's fault matrix (P11): each fault, when it was found, when texts went again.

Knows: the faults, and what is measured of each in seconds of the home's time, which leaps here.
May not know: how the modem finds or cures anything.
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import random
from collections.abc import Callable
from dataclasses import dataclass

from gateway.channels import Unsure
from gateway.events import TextDelivered, TextFailed, TextReceived
from gateway.modem.pdu import Deliver, encode_deliver
from gateway.modem.text import split
from tools.bench.modem_world import GUARDIAN, MARK, World, body_of, running
from tools.home.gsm import Cure, HangAt, Weather
from tools.home.gsm.storage import CAPACITY
from tools.home.still_time import run

BACK_AFTER_S = 40.0
"""So long the plug is out, or the network away."""
NOISE_S = 60
PHASES_S = (1.0, 6.0, 11.0, 16.0, 20.5)
"""So long after the modem was ready the fault begins: all over the time between two heartbeats."""
SETTLED_S = 30.0
IN_THE_MIDDLE_S = 1.0  # after the PDU, before its answer
GIVEN_UP = 0x46  # TP-Status: validity period expired
STRANGER = "+821099990000"
SEED = 11
BAD_WEATHER = Weather(lost=0.1, report_twice=0.5, report_lost=0.1, jitter_s=900.0)
"""A report may come later than 256 other texts take: another text bears its reference then."""


@dataclass(frozen=True, slots=True)
class Row:
    """One fault, the worst of several. Seconds of the home's time since it began.

    `found_s`: texts are known not to go (None: they went on); `recovered_s`: a text was taken by
    the network; `tries`: of that text; `unsure`: answers that got lost; `copies` and `marked`: what
    the guardian's phone shows of it.
    """

    fault: str
    sending: bool
    found_s: float | None
    recovered_s: float
    tries: int
    unsure: int
    copies: int
    marked: int


Fault = Callable[[World], None]


def _hang(at: HangAt, cure: Cure = Cure.NOTHING) -> Fault:
    return lambda world: world.virtual.hang(at, cure)


def _later(delay_s: float, what: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_later(delay_s, what)


def _pulled(world: World) -> None:
    world.virtual.vanish()
    _later(BACK_AFTER_S, world.virtual.come_back)


def _network_away(world: World) -> None:
    world.virtual.equipment.register(2)
    _later(BACK_AFTER_S, lambda: world.virtual.equipment.register(1))


def _no_network_until_restart(world: World) -> None:
    world.virtual.equipment.register(0)


def _restarts(world: World) -> None:
    world.virtual.reboot()


def _storm(world: World) -> None:
    news = b'\r\n+CREG: 1\r\n\r\n+CMTI: "SM",9\r\n\r\nRING\r\n' * 5
    for tenth in range(NOISE_S * 10):
        _later(tenth / 10, lambda: world.virtual.say_raw(news))


def _garbage(world: World) -> None:
    chance = random.Random(SEED)
    for tenth in range(NOISE_S * 10):
        noise = bytes(chance.randrange(0x100) for _ in range(20))
        _later(tenth / 10, functools.partial(world.virtual.say_raw, noise))


def _sim_full(world: World) -> None:
    """Parts of long texts of strangers, whose other parts have no room any more."""
    for reference in range(CAPACITY["SM"]):
        part = split("가" * 80, reference)[0]
        pdu = encode_deliver(Deliver(STRANGER, part, world.now_ms()))
        world.virtual.sim.storage.put("SM", pdu)
    world.carrier.handset(GUARDIAN).send("1", world.virtual.number)


FAULTS: dict[str, Fault] = {
    "silent, ESC wakes it": _hang(HangAt.COMMAND, Cure.ESCAPE),
    "silent, ATZ wakes it": _hang(HangAt.COMMAND, Cure.RESET),
    "silent, AT+CFUN=1,1 wakes it": _hang(HangAt.COMMAND, Cure.RESTART),
    "silent, only its line (DTR) wakes it": _hang(HangAt.COMMAND, Cure.LINE),
    "prompt > lost": _hang(HangAt.PROMPT),
    "+CMGS lost": _hang(HangAt.ANSWER),
    "+CMGS 70 s late": _hang(HangAt.LATE),
    "OK without +CMGS": _hang(HangAt.BARE),
    "restarts by itself": _restarts,
    "storm of news for a minute": _storm,
    "garbage bytes for a minute": _garbage,
    "tty gone, back after 40 s": _pulled,
    "SIM full of parts": _sim_full,
    "network away for 40 s": _network_away,
    "no network until a restart": _no_network_until_restart,
    "network refuses once": lambda world: world.carrier.refuse(38),
}
ONLY_WHILE_SENDING = {
    "prompt > lost",
    "+CMGS lost",
    "+CMGS 70 s late",
    "OK without +CMGS",
    "network refuses once",
}
BEFORE_SENDING = ONLY_WHILE_SENDING | {
    "SIM full of parts",
    "network away for 40 s",
    "no network until a restart",
}


async def _row(name: str, phase_s: float, *, sending: bool) -> Row:
    async with running() as world:
        await asyncio.sleep(phase_s)
        work = None
        if sending and name not in BEFORE_SENDING:
            work = asyncio.create_task(world.send())
            await asyncio.sleep(IN_THE_MIDDLE_S)
        began_s = world.now_s()
        FAULTS[name](world)
        if sending and work is None:
            work = asyncio.create_task(world.send())
        return await _followed(world, name, began_s, work)


async def _followed(world: World, name: str, began_s: float, work: asyncio.Task[int] | None) -> Row:
    if work is None:  # nobody sends: a heartbeat must find it
        await asyncio.sleep(min(SETTLED_S * 2, 59.0))
    tries = await (work or world.send())
    recovered_s = world.now_s() - began_s
    if work is None:
        ready_s = [at for at, why in world.states if why is None and at >= began_s]
        recovered_s = ready_s[-1] - began_s if ready_s else 0.0
    await asyncio.sleep(SETTLED_S)
    found = [at for at, why in world.states if why is not None and at >= began_s]
    return Row(
        name,
        work is not None,
        round(found[0] - began_s, 1) if found else None,
        round(recovered_s, 1),
        tries,
        sum(isinstance(outcome, Unsure) for outcome in world.outcomes),
        len(world.on_the_phone),
        sum(body.startswith(MARK) for body in world.on_the_phone),
    )


def _worst(rows: list[Row]) -> Row:
    found = [row.found_s for row in rows if row.found_s is not None]
    last = max(rows, key=lambda row: row.recovered_s)
    return dataclasses.replace(last, found_s=max(found) if found else None)


def matrix() -> list[Row]:
    """Every fault while a text is sent, and those that can come by themselves."""
    asked = [(name, True) for name in FAULTS]
    asked += [(name, False) for name in FAULTS if name not in ONLY_WHILE_SENDING]
    return [
        _worst([run(_row(name, phase_s, sending=sending)) for phase_s in PHASES_S])
        for name, sending in asked
    ]


async def _at_byte(heard: int | None, said: int | None, cure: Cure) -> Row:
    async with running() as world:
        await asyncio.sleep(PHASES_S[0])
        began_s = world.now_s()
        world.virtual.hang_after(heard=heard, said=said, cure=cure)
        work = asyncio.create_task(world.send())
        name = f"hangs after byte {heard} in" if said is None else f"hangs after byte {said} out"
        return await _followed(world, name, began_s, work)


def each_byte(cure: Cure = Cure.RESTART) -> list[Row]:
    """A hang after each byte of sending one text, to the modem and from it."""
    heard, said = run(_dialogue())
    rows = [run(_at_byte(number, None, cure)) for number in range(1, heard + 1)]
    return rows + [run(_at_byte(None, number, cure)) for number in range(1, said + 1)]


async def _dialogue() -> tuple[int, int]:
    """Bytes in and out of one text, from AT+CMGS to the OK."""
    async with running() as world:
        await asyncio.sleep(PHASES_S[0])
        await world.send()
        command, pdu = list(world.virtual.heard)[-2:]
        return len(command) + len("\r") + len(pdu) + 1, len("\r\n> \r\n+CMGS: 0\r\n\r\nOK\r\n")


async def _told_undelivered() -> float:
    async with running() as world:
        world.carrier.handset(GUARDIAN).fail_status = GIVEN_UP
        await world.send()
        sent_s = world.now_s()
        await asyncio.sleep(SETTLED_S)
        (failed,) = [at for at, fact in world.facts if isinstance(fact, TextFailed)]
        return failed - sent_s - (world.carrier.delay_s + world.carrier.report_s)


def undelivered_s() -> float:
    """From the network's word that a text could not be delivered to the fact that says so."""
    return run(_told_undelivered())


async def _reports_in_bad_weather(texts: int) -> dict[str, int]:
    async with running() as world:
        world.carrier.weather = BAD_WEATHER
        for text_id in range(texts):
            await world.send(text_id)
        await asyncio.sleep(BAD_WEATHER.jitter_s * 2 + SETTLED_S)
        told = {f.text_id for _, f in world.facts if isinstance(f, TextDelivered)}
        arrived = {text_id for text_id in range(texts) if body_of(text_id) in world.on_the_phone}
        return {
            "texts": texts,
            "arrived": len(arrived),
            "told_delivered": len(told),
            "told_wrongly": len(told - arrived),
        }


def bad_weather(texts: int = 600) -> dict[str, int]:
    """Texts and reports lost, doubled and overtaken, some by texts of the same reference."""
    return run(_reports_in_bad_weather(texts))


async def _answer_past_a_full_sim() -> float:
    async with running() as world:
        await asyncio.sleep(PHASES_S[0])
        began_s = world.now_s()
        _sim_full(world)
        while True:
            for at_s, fact in world.facts:
                if isinstance(fact, TextReceived) and fact.body == "1":
                    return at_s - began_s
            await asyncio.sleep(1)


def full_sim_s() -> float:
    """From a SIM full of parts to the guardian's answer that had no room."""
    return run(_answer_past_a_full_sim())
