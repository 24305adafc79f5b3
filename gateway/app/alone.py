"""One gateway to a database: whoever comes second ends at once, and the first goes on.

Knows: one empty file beside the database, locked while a gateway lives. May not know: facts, texts.

A second one would take the texts in the first one's hands for those of a dead process and send them
again. The lock ends with its process, however that ends.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.log import LogUnavailable


@contextmanager
def alone(database: Path) -> Iterator[None]:
    """Hold a database until left. Raises LogUnavailable: another holds it, or there is no place."""
    path = database.with_name(database.name + ".lock")
    try:
        file = path.open("ab")
    except OSError as error:
        todo = "[gateway] database needs a folder that this account may write to"
        raise LogUnavailable(f"{path}: {error.strerror}; {todo}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            todo = "end that one first, or give this one a database of its own"
            raise LogUnavailable(f"{database} is in use by another gateway: {todo}") from error
        yield
