"""Who may sign in and who looked at whom, as the API says it.

Knows: accounts, the rows of an access log. May not know: the vault, any secret.
"""

from __future__ import annotations

from typing import Any

from gateway.access import giving
from gateway.api.look import Look, NotThere

Json = dict[str, Any]


def access_log(look: Look) -> Json:
    """Who looked at her, and who changed something; the newest first."""
    fields = ("at_ms", "account_id", "name", "page", "changed")
    return {
        "as_of_ms": look.now_ms,
        **look.line,
        "looks": [{name: getattr(row, name) for name in fields} for row in look.looks],
    }


def accounts(look: Look) -> Json:
    """Who may sign in, of those whom the asker may know; of their roles those she may give."""
    asker = look.asker
    if asker is None:
        raise NotThere
    known = [a for a in look.home.accounts.open.values() if giving.knows(asker, a)]
    return {
        "as_of_ms": look.now_ms,
        "accounts": [
            {
                "id": one.id,
                "name": one.name,
                "grants": [
                    {"role": str(grant.role), "person_id": grant.person_id}
                    for grant in one.grants
                    if one.id == asker.id or giving.may_give(asker, grant)
                ],
            }
            for one in known
        ],
    }
