"""A virtual home to look at, and the window into it.

Knows: the window's format (gateway/web/window.py). May not know: the real virtual home.
"""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Picture = dict[str, Any]


class FakeBoard:
    """The board behind the window: keeps what was done to it."""

    def __init__(self) -> None:
        self.lids = [False] * 28
        self.lights = [[0, 0, 0] for _ in range(28)]
        self.sound: Picture | None = None
        self.done: list[Picture] = []
        self.answer: object = None  # said instead of the truth, when set

    def ask(self, question: Picture) -> object:
        if self.answer is not None:
            return self.answer
        if question == {"get": "picture"}:
            return {
                "lids": self.lids,
                "lights": self.lights,
                "sound": self.sound,
                "mains": True,
                "battery_percent": 83,
            }
        self.done.append(question)
        if "lid" in question:
            self.lids[question["lid"]] = question["open"]
        return {"ok": True}


@contextmanager
def window_open(board: FakeBoard, path: Path) -> Iterator[str]:
    """The virtual home's socket at `path`, answering for `board`."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            for line in self.rfile:
                answer = board.ask(json.loads(line))
                raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode() + b"\n"
                self.wfile.write(raw)
                if isinstance(answer, bytes):
                    return  # what is broken also hangs up

    with socketserver.ThreadingUnixStreamServer(str(path), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield str(path)
        finally:
            server.shutdown()
            thread.join()
