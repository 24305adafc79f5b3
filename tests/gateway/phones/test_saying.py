"""What is set about a telephone, judged before anything is made."""

from __future__ import annotations

import pytest

from gateway.phones.saying import LINKS_MOST, NAME_MOST, may_link
from gateway.refused import EntryRefused


@pytest.mark.parametrize(
    ("name", "links", "code"),
    [
        ("어머니 전화", 0, None),
        ("x" * NAME_MOST, LINKS_MOST - 1, None),
        ("", 0, "phone_name"),
        ("x" * (NAME_MOST + 1), 0, "phone_name"),
        ("a\nb", 0, "phone_name"),
        ("어머니 전화", LINKS_MOST, "phone_links"),
    ],
)
def test_another_address(name: str, links: int, code: str | None) -> None:
    """It has a name of one line, and nobody has more addresses than can be looked after."""
    refused = None
    try:
        may_link(name, links)
    except EntryRefused as why:
        refused = why.code
    assert refused == code
