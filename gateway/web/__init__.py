"""The page: one look tells whether everyone is all right.

Knows: Flask; the desk and the vault it is given (gateway/desk.py, gateway/vault). May not know: who
fills the desk.

    app = create_app(desk, vault)
    waitress.serve(app, threads=SERVER_THREADS, max_request_body_size=BODY_MOST_BYTES)
"""

from __future__ import annotations

from gateway.image import MOST_BYTES as IMAGE_MOST_BYTES
from gateway.web.making import create_app
from gateway.web.room import FORM_LIMIT_BYTES, LOOPBACK
from gateway.web.sse import STREAMS_MAX, Desk
from gateway.web.surveying import BYTES_MOST as SURVEY_MOST_BYTES

# One thread an open page, and some that are always free for clicks and first looks.
SERVER_THREADS = STREAMS_MAX + 4

# No body is longer, of whatever form: the server keeps a body before the page sees whose it is.
BODY_MOST_BYTES = max(IMAGE_MOST_BYTES, SURVEY_MOST_BYTES) + FORM_LIMIT_BYTES

__all__ = ["BODY_MOST_BYTES", "LOOPBACK", "SERVER_THREADS", "Desk", "create_app"]
