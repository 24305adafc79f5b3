"""What somebody says of an incident by the page: she goes, she is there, all is well.

Knows: Flask, the entry. May not know: what follows from a word (gateway.incidents.by_page).

    POST /incident/NUMBER/say      word: "going" | "there" | "well"
"""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from gateway.incidents.by_page import AnswerIncident
from gateway.web import section
from gateway.web.room import room, words_for
from gateway.web.seat import who

answering = Blueprint("answering", __name__)


@answering.post("/incident/<int:number>/say")
def say(number: int) -> ResponseReturnValue:
    """Her word, as the guardian she is on the ladder, else under her own name."""
    words = words_for(room().desk.picture(()))
    word, account = section.field("word"), who()
    entry = AnswerIncident(number, word, account.name, account.guardian_id)
    back = f"/incident/{number}"
    onward = f"{back}?lang={words.language}&done=incident_{word}#main"
    return section.commit(words, entry, back, onward)
