"""What a part weighs and how long it prints: estimates, by stated formulas.

Knows: a solid and the printer. May not know: which part it is. A slicer knows better.
"""

from __future__ import annotations

import math

from manifold3d import Manifold

from hardware.enclosure.sizes import Printer


def plastic_mm3(solid: Manifold, p: Printer) -> float:
    """min(V, A·shell + infill·(V - A·shell)): a full shell, the rest filled in part."""
    volume, area = float(solid.volume()), float(solid.surface_area())
    shell = min(volume, area * p.shell_mm)
    return shell + p.infill * (volume - shell)


def mass_g(solid: Manifold, p: Printer) -> float:
    """Plastic times density."""
    return plastic_mm3(solid, p) / 1000 * p.density_g_cm3


def time_s(solid: Manifold, p: Printer) -> float:
    """Plastic / flow + layers × the time a layer costs beside extruding."""
    box = solid.bounding_box()
    layers = math.ceil((box[5] - box[2]) / p.layer_mm)
    return float(plastic_mm3(solid, p) / p.flow_mm3_s + layers * p.layer_s)
