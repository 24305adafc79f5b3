"""The raw REPL of a device: code goes in, what it prints comes out.

Knows: mpremote's serial transport, which versions it was tried with. May not know: what is asked.

Entering it stops the app and starts MicroPython anew without it (a soft reset), so that no log is
written while somebody looks; `leave` starts the device as after power on. The transport prints
where it fails, reads for ever where the other end is silent, and raises what it meets: all that is
caught here.
"""

from __future__ import annotations

import contextlib
import io
import json
import struct
import time
from collections.abc import Iterator
from typing import Any

from mpremote.transport import TransportError, TransportExecError
from mpremote.transport_serial import SerialTransport

from tools.technician.said import Exit, Refused

ATTEMPTS = 3  # a loader that starts an app hears no Ctrl-C for some seconds
PAUSE_S = 2.0
ENTER_S = 5.0  # a soft reset takes one
SILENT_S = 10.0
_FAILURES = (TransportError, OSError, struct.error)
_RESET = "import machine; machine.reset()"


class Crashed(Exception):  # noqa: N818 - the device's own exception, not one of this program
    """What was asked raised on the device; the text is its last line."""


class Repl:
    """A device whose app is stopped. Everything raises Refused with exit 3."""

    def __init__(self, port: str) -> None:
        """Stops the app."""
        self._port = port
        self._serial = self._entered()

    def run(self, code: str) -> str:
        """What the code prints. Raises Crashed too."""
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                return str(self._serial.exec(code).decode(errors="replace"))
        except TransportExecError as error:
            lines = str(error.error_output).strip().splitlines()
            raise Crashed(lines[-1] if lines else "without a word") from error
        except _FAILURES as error:
            raise self._gone() from error
        except KeyboardInterrupt:
            self._again()
            raise

    def ask(self, expression: str) -> Any:  # noqa: ANN401 - whatever JSON can say
        """The expression's value, as JSON has it. Raises Crashed too."""
        said = self.run(f"import json; print(json.dumps({expression}))")
        try:
            return json.loads(said.strip().splitlines()[-1])
        except (ValueError, IndexError) as error:
            raise Crashed(f"it answers {said[-80:]!r}") from error

    def leave(self) -> None:
        """The device starts as after power on, with its app; nothing is raised."""
        with contextlib.suppress(*_FAILURES), contextlib.redirect_stdout(io.StringIO()):
            self._serial.exec_raw_no_follow(_RESET)
            time.sleep(0.1)  # the last byte leaves this computer
        with contextlib.suppress(OSError):
            self._serial.close()

    @contextlib.contextmanager
    def lent(self) -> Iterator[None]:
        """The line belongs to another program meanwhile, the friendly REPL on it."""
        with contextlib.suppress(*_FAILURES):
            self._serial.exit_raw_repl()
        with contextlib.suppress(OSError):
            self._serial.close()
        try:
            yield
        finally:
            with contextlib.suppress(*_FAILURES), contextlib.redirect_stdout(io.StringIO()):
                self._serial = SerialTransport(self._port, timeout=SILENT_S)
                self._serial.enter_raw_repl(soft_reset=False, timeout_overall=SILENT_S)

    def _again(self) -> None:
        """Whatever it was doing ends, and it listens."""
        with contextlib.suppress(*_FAILURES), contextlib.redirect_stdout(io.StringIO()):
            self._serial.enter_raw_repl(soft_reset=False, timeout_overall=PAUSE_S)

    def _entered(self) -> SerialTransport:
        for attempt in range(ATTEMPTS):
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    serial = SerialTransport(self._port, timeout=SILENT_S)
            except _FAILURES as error:
                wrong = f"{self._port} cannot be opened"
                raise Refused(wrong, "another program has it, or see anbu doctor", Exit.PORT) from (
                    error
                )
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    serial.enter_raw_repl(timeout_overall=ENTER_S)
            except _FAILURES:
                with contextlib.suppress(OSError):
                    serial.close()
                time.sleep(PAUSE_S if attempt + 1 < ATTEMPTS else 0)
                continue
            return serial
        wrong = f"{self._port}: no REPL answers"
        raise Refused(wrong, "look with anbu monitor; no app on it: anbu flash", Exit.PORT)

    def _gone(self) -> Refused:
        wrong = f"{self._port}: the device does not answer any more"
        return Refused(wrong, "look at its cable, then run the same command again", Exit.PORT)


@contextlib.contextmanager
def stopped(port: str) -> Iterator[Repl]:
    """The device with its app stopped; at the end it starts anew, whatever happened."""
    repl = Repl(port)
    try:
        yield repl
    finally:
        repl.leave()
