"""Real gateways, each in a process of its own, one after the other, that die at named points.

Knows: where the pipeline can be cut, as seen from outside the functions.
May not know: what must hold afterwards.

A line `{"config": path, "die": point}` on standard input begins a gateway ("" = it lives); what it
tells comes on standard output between `began` and `ended`. The processes are forked from this one,
which has imported everything and done nothing: a start takes no second of imports. One that hangs
shows its threads on standard error when it gets the signal THREADS.
Dying is SIGKILL to itself: nothing is flushed, nothing closed, nobody warned.
"""

from __future__ import annotations

import faulthandler
import functools
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from gateway.__main__ import main
from gateway.events import TextDecided, TextDelivered, TextSubmitted
from gateway.log.log import Log
from gateway.log.rows import Rows
from gateway.modem.port import Port

POINTS = (
    "before the decision's commit",
    "in the decision's commit",
    "after the decision's commit",
    "before the claim",
    "in the claim's commit",
    "after the claim",
    "before the PDU",
    "in the PDU",
    "after the PDU",
    "after +CMGS, before the commit",
    "in the commit of +CMGS",
    "after the commit of +CMGS",
    "before the commit of the report",
    "after the commit of the report",
)
THREADS = signal.SIGUSR1


def die() -> None:
    """As if the power went, for this process alone."""
    os.kill(os.getpid(), signal.SIGKILL)


def around(owner: type, name: str, *, before: object = None, after: object = None) -> None:
    """Die before or after a method, where its arguments (and what it gave) say so."""
    method = getattr(owner, name)

    @functools.wraps(method)
    def wrapped(self: object, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - any method
        if callable(before) and before(*args):
            die()
        gave = method(self, *args, **kwargs)
        if callable(after) and after(gave, *args):
            die()
        return gave

    setattr(owner, name, wrapped)


def holds(kind: type) -> Callable[..., bool]:
    """Whether the facts of `append` hold one of that kind."""
    return lambda facts: any(isinstance(fact, kind) for fact in facts)


def gave(kind: type) -> Callable[..., bool]:
    """Same, of what `append` gave."""
    return lambda stored, _facts: any(isinstance(fact, kind) for fact in stored)


def follows(kind: type) -> Callable[..., bool]:
    """Whether the row of a fact of that kind was just written, in the open transaction."""
    return lambda _gave, _connection, facts: any(isinstance(fact, kind) for fact in facts)


def is_pdu(data: bytes) -> bool:
    """Whether this write is a PDU with its end."""
    return data.endswith(b"\x1a")


def half(port: Port, data: bytes) -> None:
    """Half a PDU, then death."""
    if is_pdu(data):
        _write(port, data[: len(data) // 2])
        die()
    _write(port, data)


_write = Port.write


def sabotage(point: str) -> None:
    """Prepare the death; an unknown point is an error."""
    cuts: dict[str, Callable[[], None]] = {
        "before the decision's commit": lambda: around(Log, "append", before=holds(TextDecided)),
        "in the decision's commit": lambda: around(Rows, "follow", after=follows(TextDecided)),
        "after the decision's commit": lambda: around(Log, "append", after=gave(TextDecided)),
        "before the claim": lambda: around(Log, "claim", before=lambda *_: True),
        "in the claim's commit": lambda: around(Rows, "claim", after=lambda c, *_: c is not None),
        "after the claim": lambda: around(Log, "claim", after=lambda c, *_: c is not None),
        "before the PDU": lambda: around(Port, "write", before=is_pdu),
        "in the PDU": lambda: setattr(Port, "write", half),
        "after the PDU": lambda: around(Port, "write", after=lambda _gave, data: is_pdu(data)),
        "after +CMGS, before the commit": lambda: around(
            Log, "append", before=holds(TextSubmitted)
        ),
        "in the commit of +CMGS": lambda: around(Rows, "follow", after=follows(TextSubmitted)),
        "after the commit of +CMGS": lambda: around(Log, "append", after=gave(TextSubmitted)),
        "before the commit of the report": lambda: around(
            Log, "append", before=holds(TextDelivered)
        ),
        "after the commit of the report": lambda: around(Log, "append", after=gave(TextDelivered)),
    }
    assert tuple(cuts) == POINTS
    cuts[point]()


def say(kind: str, **values: int) -> None:
    """One line to whoever asked."""
    sys.stdout.write(json.dumps({"kind": kind, **values}) + "\n")
    sys.stdout.flush()


def serve() -> None:
    """Begin a gateway for each line, and tell its end."""
    faulthandler.register(THREADS)
    while line := sys.stdin.readline():
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            say("began", pid=os.getpid())  # by itself: before the first of its facts
            if asked["die"]:
                sabotage(asked["die"])
            os._exit(main(["--config", asked["config"], "--events"]))
        _pid, status = os.waitpid(pid, 0)
        say("ended", code=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    serve()
