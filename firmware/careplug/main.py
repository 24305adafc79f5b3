"""The care plug: which life this start is for, and that one only is loaded.

Knows: that there are two, and who says which (careplug.wish). May not know: what they do. The board
comes first of all, because it sets the relay's pin where there is one.
"""

# isort: off
from board import Board
# isort: on

import asyncio
import gc

from micropython import const

from careplug.wish import Wish

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from node import Node

_COLLECT_BYTES = const(8192)  # often, so that what lives long lies close together


def awake(board: Board, wish: Wish) -> "Node":
    """The plug of this start."""
    if wish.taken(board.power_on()):
        from updating import Updating  # noqa: PLC0415 - heap

        board.known_faults = wish.faults
        return Updating(board, wish)
    from living import Careplug  # noqa: PLC0415 - same

    board.begin_to_sense()
    return Careplug(board, wish)


def run() -> None:
    """Builds the plug from its board and runs it."""
    gc.threshold(_COLLECT_BYTES)
    board = Board()
    asyncio.run(awake(board, Wish(board.nvs("anbu"))).run())


if __name__ == "__main__":
    run()
