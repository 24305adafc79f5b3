"""The window into the virtual home: see the board, lift a lid, press a button.

Knows: JSON lines over the unix socket the virtual home listens on. One connection a question.
May not know: Flask, what a light means. A real home has no such window (`desk.box_window` None).

Questions and answers:
    {"get": "picture"}                  → Board.picture(): lids, lights, sound, mains, battery
    {"lid": 3, "open": true}            → {"ok": true}
    {"button": "ok", "pressed": true}   → {"ok": true}
"""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any

COMPARTMENTS = 28
ANSWER_LIMIT_BYTES = 64 * 1024
# A finger rests so long on each button: on "ok" longer than the firmware's debounce and many of its
# turns (in a house sped up sixty times still 15 ms of real time); on "help", which counts only when
# it is held for a second, as long as somebody who means it.
PRESS_S = {"ok": 0.9, "help": 2.0}


class WindowError(Exception):
    """The virtual home does not answer, or says no; one line why."""


class BoxWindow:
    """The window on `path`. Safe for several threads: it keeps nothing between questions.

    `timeout_s` counts the process's own clock, so it is long: a sped-up house shortens it.
    """

    def __init__(self, path: Path | str, timeout_s: float = 20.0) -> None:
        self._path = str(path)
        self._timeout_s = timeout_s

    def picture(self) -> dict[str, Any]:
        """The board as it is at this moment. Raises WindowError."""
        answer = self._ask({"get": "picture"})
        lids, lights = answer.get("lids"), answer.get("lights")
        if not (_is_row(lids) and _is_row(lights)):
            raise WindowError(f"the virtual home's picture has not {COMPARTMENTS} lids and lights")
        return answer

    def lid(self, compartment: int, is_open: bool) -> None:
        """Open or close a lid (0–27). Raises ValueError for another number, WindowError."""
        if not 0 <= compartment < COMPARTMENTS:
            raise ValueError(f"no compartment {compartment}: 0 to {COMPARTMENTS - 1}")
        self._do({"lid": compartment, "open": is_open})

    def press(self, button: str) -> None:
        """Press "ok" or "help" and let go. Raises ValueError for another name, WindowError."""
        if button not in PRESS_S:
            raise ValueError(f"no button {button!r}: one of {', '.join(PRESS_S)}")
        self._do({"button": button, "pressed": True})
        try:
            time.sleep(PRESS_S[button])
        finally:  # a button never stays down because of us
            self._do({"button": button, "pressed": False})

    def _do(self, question: dict[str, Any]) -> None:
        answer = self._ask(question)
        if answer.get("ok") is not True:
            raise WindowError(f"the virtual home refused {question}: {answer}")

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        try:
            line = self._exchange(json.dumps(question).encode() + b"\n")
        except OSError as error:
            raise WindowError(
                f"the virtual home at {self._path} does not answer: {error}"
            ) from error
        try:
            answer = json.loads(line)
        except ValueError as error:
            raise WindowError(f"the virtual home's answer is not JSON: {line[:80]!r}") from error
        if not isinstance(answer, dict):
            raise WindowError(f"the virtual home's answer is not an object: {line[:80]!r}")
        return answer

    def _exchange(self, question: bytes) -> bytes:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(self._timeout_s)
            connection.connect(self._path)
            connection.sendall(question)
            answer = b""
            while not answer.endswith(b"\n"):
                part = connection.recv(4096)
                if not part:
                    raise ConnectionError("closed before the answer was whole")
                answer += part
                if len(answer) > ANSWER_LIMIT_BYTES:
                    raise ConnectionError(f"answer over {ANSWER_LIMIT_BYTES} bytes")
            return answer


def _is_row(values: object) -> bool:
    return isinstance(values, list) and len(values) == COMPARTMENTS
