"""The page: one look tells whether everyone is all right.

Knows: Flask; the desk and the vault it is given (gateway/desk.py, gateway/vault). May not know: who
fills the desk.

    app = create_app(desk, vault)
    waitress.serve(app, host="127.0.0.1", port=8080, threads=SERVER_THREADS)
"""

from __future__ import annotations

from gateway.web.making import create_app
from gateway.web.room import LOOPBACK
from gateway.web.sse import STREAMS_MAX, Desk

# One thread an open page, and some that are always free for clicks and first looks.
SERVER_THREADS = STREAMS_MAX + 4

__all__ = ["LOOPBACK", "SERVER_THREADS", "Desk", "create_app"]
