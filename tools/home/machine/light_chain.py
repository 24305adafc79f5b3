"""WS2812B chain: 24 bits a light, green first, behind a switched rail.

Knows: bytes on the data line, the rail. May not know: compartments.
"""

from __future__ import annotations


class LightChain:
    """`count` lights. Without the rail they are dark and forget; after it they start dark."""

    def __init__(self, count: int) -> None:
        """Dark, rail off."""
        self._count = count
        self._rail = False
        self._colours = bytearray(3 * count)

    def rail(self, on: bool) -> bool:
        """Switches the rail; True if a light changed by it."""
        changed = not on and any(self._colours)
        if not on:
            self._colours = bytearray(3 * self._count)
        self._rail = on
        return changed

    @property
    def powered(self) -> bool:
        """Whether the rail is on."""
        return self._rail

    def stream(self, data: bytes) -> bool:
        """Data after a reset gap: each light takes its 24 bits, hands the rest on. True if changed.

        Bits past the chain's end are lost, a cut last light keeps its colour.
        """
        if not self._rail:
            return False
        whole = min(len(data) // 3, self._count) * 3
        new = bytearray(data[:whole]) + self._colours[whole:]
        changed = new != self._colours
        self._colours = new
        return changed

    def colours(self) -> list[list[int]]:
        """[red, green, blue] of every light, 0–255."""
        data = self._colours
        return [[data[i + 1], data[i], data[i + 2]] for i in range(0, len(data), 3)]
