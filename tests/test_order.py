"""The order of all tests: two workers end together only if nothing long is left for the end."""

from __future__ import annotations

import pytest

from tests.conftest import pytest_collection_modifyitems


def test_who_may_last_longest_begins_first(request: pytest.FixtureRequest) -> None:
    """By the time that each is allowed; those that are allowed the same stay as they were."""
    limits = {"a": None, "b": 300, "c": None, "d": 900, "e": 300}
    items = [_test(request, name, limit_s) for name, limit_s in limits.items()]
    pytest_collection_modifyitems(items)
    assert [item.name for item in items] == ["d", "b", "e", "a", "c"]


def _test(request: pytest.FixtureRequest, name: str, limit_s: int | None) -> pytest.Item:
    item = pytest.Function.from_parent(request.node.parent, name=name, callobj=lambda: None)
    if limit_s is not None:
        item.add_marker(pytest.mark.timeout(limit_s))
    return item
