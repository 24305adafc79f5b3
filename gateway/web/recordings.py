"""What she said in a call, for her officer's ears: only while she consents.

Knows: Flask, the beliefs about calls, the desk's way to a recording. May not know: files, seals.

    GET  /person/ID/calls/N/recording

A WAV, whole, out of memory; no browser keeps it (no-store, as every answer), it has no name, and
who listened stands in her access log.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from gateway.web import section
from gateway.web.room import room

recordings = Blueprint("recordings", __name__)


@recordings.get("/person/<person_id>/calls/<int:call_id>/recording")
def listen(person_id: str, call_id: int) -> ResponseReturnValue:
    """The sound of one call of hers; 404 for another's, and when she does not consent."""

    def may(scene: section.Scene) -> bool:
        return scene.home.household.calls.may_be_heard(call_id, person_id, scene.today)

    _scene, allowed = section.look(person_id, may)
    wav = room().desk.listen(call_id) if allowed else None
    if wav is None:
        abort(HTTPStatus.NOT_FOUND)
    return Response(wav, mimetype="audio/wav")
