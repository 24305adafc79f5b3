"""Prints what a board file joins, as JSON: {"U1": {"2": "3V3", …}, …}; run by Debian's python3.

Knows: KiCad's own Python module. May not know: our circuits.
"""

import json
import sys

import pcbnew  # type: ignore[import-not-found]

board = pcbnew.LoadBoard(sys.argv[1])
found: dict[str, dict[str, str]] = {}
for footprint in board.GetFootprints():
    pads = found.setdefault(footprint.GetReference(), {})
    for pad in footprint.Pads():
        if pad.GetNumber():
            pads[pad.GetNumber()] = pad.GetNetname()
print(json.dumps(found))
