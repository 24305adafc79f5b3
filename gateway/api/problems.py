"""What an answer that is none says: one line, by its code, in English as all of the API.

Knows: the codes of HTTP. May not know: where it went wrong.
"""

from __future__ import annotations

PROBLEMS: dict[int, str] = {
    400: "the question is not as the document describes it; read /api/v1/openapi.json",
    401: "no token, or one that opens nothing any more; make one on the page of your account",
    403: "the token has not the scope, or its account not the role; ask who opened the account",
    404: "there is no such thing here, or it is not for this token",
    405: "this address knows other methods; see Allow",
    409: "it stands otherwise by now; read it again before answering",
    413: "the body is longer than a word needs",
    415: "the body has to be JSON with the content type application/json",
    429: "too many questions; wait as long as Retry-After says",
    500: "the gateway made a mistake; its log says which, tell whoever keeps it",
    503: "nothing can be written down just now; ask again in a minute",
}


def sentence(code: int, said: str | None = None) -> str:
    """What a code means; `said`: what is known of this very answer, where it says more."""
    return said or PROBLEMS.get(code, f"it did not work ({code}); read /api/v1/openapi.json")
