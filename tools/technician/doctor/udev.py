"""Our udev rule: whoever sits at this computer may use boards, and nobody else grabs them.

Knows: the format of udev's rules (udev(7)), ModemManager's marks (ModemManager's filter policy).
May not know: files.

`uaccess` gives the port to whoever is logged in at the screen, which systemd does in its own rule
73-seat-late: a file with a higher number would come too late. The group is for a login by SSH.
"""

from __future__ import annotations

from tools.technician.flashing.places import BRIDGES

FILE = "/etc/udev/rules.d/70-anbu.rules"


def rule(group: str) -> str:
    """The text of the file; `group`: whose serial ports are on this computer, "" for none."""
    owner = f', GROUP="{group}", MODE="0660"' if group else ""
    lines = ["# Boards of Anbu: printed by `anbu doctor --rule`."]
    for (vendor, product), name in BRIDGES.items():
        ids = f'ATTRS{{idVendor}}=="{vendor:04x}", ATTRS{{idProduct}}=="{product:04x}"'
        marks = 'ENV{ID_MM_DEVICE_IGNORE}="1", ENV{ID_MM_PORT_IGNORE}="1", TAG+="uaccess"'
        lines += [f"# {name}", f'SUBSYSTEM=="tty", {ids}, {marks}{owner}']
        lines.append(f'SUBSYSTEM=="usb", {ids}, ENV{{ID_MM_DEVICE_IGNORE}}="1"')
    return "\n".join(lines) + "\n"
