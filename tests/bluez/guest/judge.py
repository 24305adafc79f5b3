"""The judge's first program: starts the daemons and the gateway's radio, does what it is told.

Says one JSON object a line on the console and reads orders there, see `_obey`.
Knows: which daemons there are, who else judges (versions). May not know: what the story is about.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import platform
import subprocess
import sys
import tty
from collections.abc import Callable

from tests.bluez.guest import services
from tests.bluez.guest.say import say, say_the_log
from tests.bluez.guest.services import Service
from tests.bluez.guest.sink import DATABASE, report

# Whoever started this machine may be gone: it ends by itself.
LIFE_S = 540.0
ADAPTER_S = 120.0


class Judge:
    """The daemons, in the order of their start."""

    def __init__(self) -> None:
        self._dbus = _daemon("dbus", services.DBUS)
        self._controller = _daemon("btattach", services.ATTACH)
        self._bluetoothd = _daemon("bluetoothd", services.BLUETOOTHD)
        self._radio = Service(
            services.RADIO, lambda text: print(text, flush=True), _ended("the gateway's radio")
        )

    async def run(self) -> None:
        """From the daemons' start to `off`. Raises TimeoutError where no adapter appears."""
        await self._dbus.start()
        self._bus = await services.system_bus(ADAPTER_S)
        await self._controller.start()
        await self._bluetoothd.start()
        found = await services.adapter(self._bus, ADAPTER_S)
        say("adapter", address=found["Address"], **_versions())
        await self._radio.start()
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
        while order := (await reader.readline()).decode().strip():
            if order == "off":
                break
            await self._obey(order)
        await self._radio.stop()
        self._bus.disconnect()

    async def _obey(self, order: str) -> None:
        match order.split():
            case ["restart" | "crash" as how, "bluetoothd"]:
                await self._bluetoothd.stop(crash=how == "crash")
                say("ended", part="bluetoothd")
                await self._bluetoothd.start()
                await services.adapter(self._bus, ADAPTER_S)
                say("back", part="bluetoothd")
            case ["kill", "gateway"]:
                await self._radio.stop(crash=True)
                say("ended", part="gateway")
                await self._radio.start()
            case ["unplug", "controller"]:
                await self._controller.stop()
                say("ended", part="controller")
            case ["plug", "controller"]:
                await self._controller.start()
                await services.adapter(self._bus, ADAPTER_S)
                say("back", part="controller")
            case ["report"]:
                report(DATABASE, say)
            case _:
                say("not understood", order=order)


def _daemon(name: str, argv: list[str]) -> Service:
    return Service(argv, lambda text: say("log", of=name, text=text), _ended(name))


def _ended(name: str) -> Callable[[int], None]:
    return lambda code: say("failed", why=f"{name} ended by itself with code {code}")


def _versions() -> dict[str, str]:
    """Who judges."""
    bluez = subprocess.run(
        [services.BLUETOOTHD[0], "--version"], capture_output=True, text=True, check=True
    )
    return {
        "kernel": platform.release(),
        "bluez": bluez.stdout.strip(),
        "bleak": importlib.metadata.version("bleak"),
        "python": platform.python_version(),
    }


async def main() -> None:
    """The judge's life, with its limit."""
    try:
        async with asyncio.timeout(LIFE_S):
            await Judge().run()
    except TimeoutError:
        say("failed", why=f"no end after {LIFE_S:.0f} s, or no adapter after {ADAPTER_S:.0f} s")


if __name__ == "__main__":
    tty.setraw(sys.stdin)
    say_the_log()
    say("up")
    asyncio.run(main())
    kernel = subprocess.run(["/bin/busybox", "dmesg"], capture_output=True, text=True, check=False)
    for line in kernel.stdout.splitlines():
        if "Bluetooth: hci" in line or "BUG" in line:
            say("log", of="kernel", text=line)
    say("off")
