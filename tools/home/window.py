"""The page's window to the box on the bench: what it shows, and hands that touch it.

Knows: JSON lines over a unix socket. May not know: the page, the firmware.

    {"get": "picture"}                 → the board's picture
    {"lid": 3, "open": true}           → {"ok": true}
    {"button": "ok", "pressed": true}  → {"ok": true}
    anything else                      → {"ok": false, "why": "…"}
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, Protocol


class Touchable(Protocol):
    """The part of the house's board that a hand can reach."""

    def picture(self) -> dict[str, Any]:
        """What the box looks like now."""

    def lid(self, compartment: int, open: bool) -> None:  # noqa: A002 - the lid's own word
        """Opens or shuts a lid."""

    def button(self, name: str, pressed: bool) -> None:
        """Presses or lets go of a button."""


def answer(board: Touchable, line: bytes, compartments: int) -> dict[str, Any]:
    """What one line of the page brings about."""
    try:
        wish = json.loads(line)
    except ValueError:
        return {"ok": False, "why": "not JSON"}
    match wish:
        case {"get": "picture"}:
            return board.picture()
        case {"lid": int(lid), "open": bool(opened)} if 0 <= lid < compartments:
            board.lid(lid, opened)
        case {"button": "ok" | "help" as name, "pressed": bool(pressed)}:
            board.button(name, pressed)
        case _:
            return {"ok": False, "why": "no such lid, button or question"}
    return {"ok": True}


async def serve(board: Touchable, path: Path, compartments: int) -> asyncio.Server:
    """Opens the window at `path`."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                reply = answer(board, line, compartments)
                writer.write(json.dumps(reply).encode() + b"\n")
                await writer.drain()
        except ConnectionError:
            return
        finally:
            writer.close()

    return await asyncio.start_unix_server(talk, path)
