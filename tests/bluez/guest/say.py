"""How the judge's programs speak: one JSON object a line on standard output.

Knows: JSON, a clock. May not know: what is said.
"""

from __future__ import annotations

import json
import logging
import time


def say(what: str, **more: object) -> None:
    """One fact, with the seconds since the machine started."""
    print(json.dumps({"at_s": round(time.monotonic(), 2), "said": what, **more}), flush=True)


class SayingHandler(logging.Handler):
    """Python's log as facts."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say it."""
        say("log", of=record.name, level=record.levelname, text=self.format(record))


def say_the_log() -> None:
    """Have everything that Python logs said."""
    logging.basicConfig(level=logging.INFO, handlers=[SayingHandler()], format="%(message)s")
