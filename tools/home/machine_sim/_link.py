"""The wire between the box's process and the house's board server.

Knows: frames over one unix socket (`u16 LE payload length, u8 type, payload`).
May not know: what a chip, a pin or a radio is.

A request (type below 0x40) gets exactly one answer (type | 0x80; 0xFF = the board refused, with
its reason). Events (0x40–0x5F) come by themselves; their handlers run like soft interrupts: after a
request, in `poll()`, or from a pump task of asyncio; never inside another handler.
"""

import asyncio
import os
import select
import socket
import struct
import sys

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable, Generator

BOARD_GONE_EXIT = 76  # the house went away: a box without a board cannot go on

_ERROR = 0xFF
_AF_UNIX = 1  # as the host counts address families; the stubs know the chip's only
_PENDING_MAX = 64

_socket = socket.socket(_AF_UNIX, socket.SOCK_STREAM)
_poller = select.poll()
_head = bytearray(3)
_handlers: "dict[int, Callable[[bytes], None] | None]" = {}
_pending: "list[tuple[int, bytes]]" = []
seen = [0]  # events received so far; the house compares it with what it sent
_busy: "list[bool]" = []  # not empty while a handler runs
_pump_task: "list[asyncio.Task[None]]" = []  # the pump, once there is one


def _connect() -> None:
    path = os.getenv("ANBU_BOARD")
    if not path:
        raise OSError("ANBU_BOARD is not set: start the box from the house")
    _socket.connect(struct.pack("H", _AF_UNIX) + path.encode() + b"\0")
    _poller.register(_socket, select.POLLIN)


def _send(kind: int, payload: bytes) -> None:
    _socket.write(struct.pack("<HB", len(payload), kind))
    if payload:
        _socket.write(payload)


def _receive() -> "tuple[int, bytes]":
    """One frame as (type, payload); ends the process when the board is gone."""
    if _socket.readinto(_head) != 3:
        sys.exit(BOARD_GONE_EXIT)
    size = _head[0] | _head[1] << 8
    payload = _socket.read(size) if size else b""
    if len(payload) != size:
        sys.exit(BOARD_GONE_EXIT)
    return _head[2], payload


def _deliver() -> None:
    if _busy:
        return
    _busy.append(True)
    try:
        while _pending:
            kind, payload = _pending.pop(0)
            handler = _handlers.get(kind)
            if handler is not None:
                _call(handler, payload)
    finally:
        _busy.clear()


def _call(handler: "Callable[[bytes], None]", payload: bytes) -> None:
    # As micropython.schedule does: a failing handler is printed, the program goes on.
    try:
        handler(payload)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises
        sys.print_exception(error)


def request(kind: int, payload: bytes = b"") -> bytes:
    """The board's answer to one request. Raises OSError with the board's words if it refused."""
    _send(kind, payload)
    while True:
        answer, data = _receive()
        if answer == kind | 0x80:
            break
        if answer == _ERROR:
            raise OSError(data.decode())
        _keep(answer, data)
    _deliver()
    return data


def _keep(kind: int, payload: bytes) -> None:
    seen[0] = (seen[0] + 1) & 0xFFFFFFFF
    if len(_pending) >= _PENDING_MAX:  # as the chip's schedule queue: bounded, and it says so
        sys.print_exception(RuntimeError("event queue full"))
        return
    _pending.append((kind, payload))


def poll() -> None:
    """Takes what has arrived and calls the handlers, without waiting."""
    while _poller.poll(0):
        kind, payload = _receive()
        _keep(kind, payload)
    _deliver()


def _pump() -> "Generator[object, None, None]":
    while True:
        yield asyncio.core._io_queue.queue_read(_socket)  # type: ignore[attr-defined]  # noqa: SLF001 - as asyncio.stream
        poll()


def on_event(kind: int, handler: "Callable[[bytes], None] | None") -> None:
    """`handler(payload: bytes)` is called for every event of this type; None ends it."""
    _handlers[kind] = handler
    if not _pump_task:
        _pump_task.append(asyncio.create_task(_pump()))


_connect()
