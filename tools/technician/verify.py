"""`anbu verify careplug`: a technician calibrates a care plug and looks at its parts.

Knows: the terminal, the exit codes, where a record goes.
May not know: what is checked (verify_steps), how gains are found (verify_gains), radios.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from gateway.config.private import PrivateFileError, key_in
from gateway.sources.conversation import RadioTimes, Sink
from gateway.sources.radio import RadioSource, load_backend
from tools.technician.verify_link import linked
from tools.technician.verify_steps import NotDone, Record, Verify

EXIT_OK, EXIT_FAILED, EXIT_USAGE = 0, 1, 2


class _Terminal:
    """The technician at this terminal; with a record wanted, standard output is the record's."""

    def __init__(self, *, as_json: bool) -> None:
        self._out = sys.stderr if as_json else sys.stdout

    def say(self, text: str) -> None:
        """Show a line."""
        print(text, file=self._out, flush=True)

    def ask(self, question: str) -> str:
        """Her answer."""
        print(question, end="", file=self._out, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise NotDone("nobody answers at this terminal")
        return line

    def wait(self, seconds: float) -> None:
        """Let the plug measure."""
        time.sleep(seconds)


def main(arguments: argparse.Namespace) -> int:
    """Verify one plug; returns the exit code (0 all passed, 1 not, 2 wrong words)."""
    try:
        key = key_in(arguments.key)
        backend = load_backend(arguments.backend)
    except (PrivateFileError, ImportError) as error:
        print(f"anbu: {error}", file=sys.stderr)
        return EXIT_USAGE
    terminal = _Terminal(as_json=arguments.json)
    times = RadioTimes().patient(arguments.patience)
    device_id = arguments.device
    why = ""

    def radio(devices: Mapping[str, bytes], sink: Sink) -> RadioSource:
        return RadioSource(devices, backend, sink, hci=arguments.hci, times=times)

    with linked(device_id, key, radio, terminal.say) as plug:
        verify = Verify(device_id, plug, terminal)
        try:
            verify.run()
        except NotDone as end:
            why = str(end)
        except KeyboardInterrupt:
            stay = "the new gains stay" if verify.record.gains else "the gains are as they were"
            why = f"stopped by hand; {stay}"
    return _told(verify.record, why, as_json=arguments.json)


def _told(record: Record, why: str, *, as_json: bool) -> int:
    passed = record.passed and not why
    if why:
        print(f"anbu: {why}", file=sys.stderr)
    if as_json:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        body = {"at": at, **record.as_json(), "passed": passed, "ended": why or None}
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps(body, ensure_ascii=False))
    else:
        print(f"{record.device_id}: {'passed' if passed else 'NOT passed'}")
    return EXIT_OK if passed else EXIT_FAILED
