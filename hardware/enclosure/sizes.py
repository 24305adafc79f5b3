"""The measures of the enclosure, section by section as in enclosure.toml.

Knows: names and units (mm, degrees, N, g, s). May not know: where they are read (`measures`),
which combinations are impossible (`impossible`), what is built from them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pouch:
    """A dose as the pharmacy packs it, flat, and how it is folded."""

    source: str
    width_mm: float
    length_mm: float
    folds_width: int
    folds_length: int
    thickness_mm: float
    clearance_mm: float

    @property
    def folded_mm(self) -> tuple[float, float]:
        """The shorter and the longer side of the folded pouch."""
        sides = (self.width_mm / 2**self.folds_width, self.length_mm / 2**self.folds_length)
        return min(sides), max(sides)


@dataclass(frozen=True)
class Printer:
    """What the printer can do, and what it costs in material and time."""

    source: str
    bed_x_mm: float
    bed_y_mm: float
    margin_mm: float
    wall_least_mm: float
    overhang_deg: float
    bridge_mm: float
    cantilever_mm: float
    unsupported_most: float
    fit_mm: float
    density_g_cm3: float
    shell_mm: float
    infill: float
    flow_mm3_s: float
    layer_mm: float
    layer_s: float


@dataclass(frozen=True)
class Tray:
    """One weekday's row of compartments with the channel for its strip board."""

    source: str
    days: int
    slots: int
    inner_x_mm: float
    inner_y_mm: float
    depth_mm: float
    wall_mm: float
    floor_mm: float
    end_mm: float
    hinge_mm: float
    channel_mm: float
    roof_mm: float
    header_mm: float
    strip_x_mm: float
    strip_y_mm: float
    strip_z_mm: float
    strip_below_mm: float
    screw_pilot_mm: float
    screw_hole_mm: float
    dovetail_mm: float
    dovetail_z_mm: float


@dataclass(frozen=True)
class Lid:
    """A lid, its hinge, and the lip by which it is opened."""

    source: str
    thickness_mm: float
    gap_mm: float
    skin_mm: float
    barrel_mm: float
    barrel_y_mm: float
    pin_mm: float
    axis_mm: float
    open_deg: float
    lip_reach_mm: float
    lip_rise_mm: float
    lip_reach_least_mm: float
    finger_mm: float
    lip_width_mm: float
    lip_width_least_mm: float
    lip_thickness_mm: float
    force_most_n: float


@dataclass(frozen=True)
class Pipe:
    """The clear rod that carries an LED's light through the roof."""

    source: str
    stem_mm: float
    head_mm: float
    head_z_mm: float
    above_led_mm: float


@dataclass(frozen=True)
class Braille:
    """Dots and letters that are read with a finger."""

    source: str
    dot_mm: float
    height_mm: float
    pitch_mm: float
    cell_mm: float
    text_mm: float
    stroke_mm: float


@dataclass(frozen=True)
class Console:
    """The part with buttons, speaker, board and battery."""

    source: str
    depth_mm: float
    height_mm: float
    wall_mm: float
    top_mm: float
    base_mm: float
    pcb_x_mm: float
    pcb_y_mm: float
    pcb_z_mm: float
    pcb_above_mm: float
    pcb_hole_mm: float
    usb_slot_x_mm: float
    usb_slot_z_mm: float
    bezel_z_mm: float
    plunger_mm: float
    plunger_z_mm: float
    travel_mm: float
    cap_mm: float
    guard_above_mm: float
    guard_wall_mm: float
    door_mm: float
    foot_mm: float


@dataclass(frozen=True)
class Stand:
    """Feet for a table and brackets for a wall."""

    source: str
    tilt_deg: float
    wall_deg: float
    width_mm: float
    keyhole_mm: float
    keyhole_slot_mm: float


@dataclass(frozen=True)
class Sensor:
    """The light sensor's case."""

    source: str
    inner_x_mm: float
    inner_y_mm: float
    inner_z_mm: float
    board_x_mm: float
    board_y_mm: float
    board_z_mm: float
    wall_mm: float
    window_mm: float
    window_skin_mm: float
    cable_mm: float


@dataclass(frozen=True)
class Bought:
    """Bodies of what is bought, in mm, from parts.toml."""

    magnet_mm: float
    magnet_z_mm: float
    reed_x_mm: float
    reed_z_mm: float
    reed_operate_mm: float
    reed_release_mm: float
    led_z_mm: float
    speaker_mm: float
    speaker_hole_mm: float
    speaker_z_mm: float
    button_hole_mm: float
    button_mm: float
    button_z_mm: float
    battery_mm: float
    battery_x_mm: float


@dataclass(frozen=True)
class Sizes:
    """Every measure of the enclosure."""

    pouch: Pouch
    printer: Printer
    tray: Tray
    lid: Lid
    pipe: Pipe
    braille: Braille
    console: Console
    stand: Stand
    sensor: Sensor
    bought: Bought
