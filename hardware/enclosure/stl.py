"""Binary STL, the same bytes every time.

Knows: the format (80 bytes of text, a count, 50 bytes a triangle; little endian; see Marshall
Burns, Automated Fabrication, 6.5). May not know: parts. No date stands in it.
"""

from __future__ import annotations

import numpy as np
from manifold3d import Manifold

from hardware.enclosure.overhang import facing, triangles

HEADER = b"Anbu pill box, millimetres".ljust(80)
DIGITS = 4  # of a millimetre
RECORD = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("extra", "<u2")])


def stl(solid: Manifold) -> bytes:
    """A solid as the bytes of an STL file.

    Points are rounded before they are numbered, so that two triangles that share a point say the
    same one; triangles that rounding leaves without area are dropped. Points are numbered in their
    own order, triangles begin at their least point and are sorted: a boolean may give the same
    surface in another order.
    """
    points, corners = triangles(solid)
    points, number = np.unique(np.round(points, DIGITS) + 0.0, axis=0, return_inverse=True)
    found = number.reshape(-1)[corners]
    found = found[(found != np.roll(found, 1, axis=1)).all(axis=1)]
    start = found.argmin(axis=1)
    found = found[np.arange(len(found))[:, None], (start[:, None] + np.arange(3)) % 3]
    found = found[np.lexsort(found.T[::-1])]
    records = np.zeros(len(found), dtype=RECORD)
    records["normal"] = np.round(facing(points, found)[0], DIGITS) + 0.0
    records["corners"] = points[found]
    return HEADER + len(found).to_bytes(4, "little") + bytes(records.tobytes())
