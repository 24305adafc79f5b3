"""Answers made smaller on the way, where that pays and tells nobody anything.

Knows: gzip, which answers may be packed. May not know: what stands in them.

Packed are the API and the files of the page. Pages with forms are not: they have a secret beside
words of whoever asks, and the length of such a packed answer tells the secret letter by letter.
"""

from __future__ import annotations

import gzip
from http import HTTPStatus

from flask import Response, request

PAYS_BYTES = 1024
_PACKED = ("static", "api.", "metrics.")
_KINDS = ("text/", "application/json", "image/svg+xml")


def smaller(response: Response) -> Response:
    """After every request."""
    if not (request.endpoint or "").startswith(_PACKED):
        return response
    response.vary.add("Accept-Encoding")
    if not _pays(response):
        return response
    response.direct_passthrough = False
    packed = gzip.compress(response.get_data(), compresslevel=6, mtime=0)
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    return response


def _pays(response: Response) -> bool:
    if response.status_code != HTTPStatus.OK or "Content-Encoding" in response.headers:
        return False  # parts, 304 and what is packed already stay as they are
    if not request.accept_encodings["gzip"] or not str(response.mimetype).startswith(_KINDS):
        return False
    return (response.content_length or 0) >= PAYS_BYTES
