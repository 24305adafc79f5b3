"""Rows of names in little room.

Knows: how a message's row is written. May not know: which messages there are.
"""

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Iterator


class Table:
    """kind → (name, struct format of the fixed fields, names of the fixed fields, has a tail).

    Each row is kept as one string, with a + behind the format where there is a tail: on a chip a
    third of what tuples of strings take.
    """

    def __init__(self, rows: "dict[int, str]") -> None:
        self._rows = rows

    def __contains__(self, kind: int) -> bool:
        return kind in self._rows

    def __iter__(self) -> "Iterator[int]":
        return iter(self._rows)

    def __getitem__(self, kind: int) -> "tuple[str, str, tuple[str, ...], bool]":
        words = self._rows[kind].split()
        fmt = words[1].rstrip("+")
        return words[0], fmt, tuple(words[2:]), fmt != words[1]

    def items(self) -> "list[tuple[int, tuple[str, str, tuple[str, ...], bool]]]":
        """(kind, row) of every message."""
        return [(kind, self[kind]) for kind in self._rows]
