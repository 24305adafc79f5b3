"""The KakaoTalk templates an office registers, drawn from the catalogue.

Knows: what may go by KakaoTalk, and as which words. May not know: a provider.
"""

from __future__ import annotations

from gateway.catalogue import kakao


def drawings() -> dict[str, str]:
    """Mark → block."""
    templates = (f"`{name}`\n```\n{kakao.template(name)}\n```" for name in kakao.purposes())
    return {"kakao-templates": "\n\n".join(templates)}
