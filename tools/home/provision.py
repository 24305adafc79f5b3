"""Sets up a device and a gateway for a house: keys, flash, NVS, the gateway's configuration.

Knows: what a technician writes at flashing. May not know: what the house then does with it.
Every key is drawn anew for each house; nothing secret is in a configuration or a log.
"""

from __future__ import annotations

import dataclasses
import json
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools.home.nvs import write_nvs
from tools.home.story import Household

DEVICE_ID = "AB-000001"
_FORMAT = (
    "import vfs, esp32\n"
    "p = esp32.Partition.find(esp32.Partition.TYPE_DATA, label='log')[0]\n"
    "vfs.VfsLfs2.mkfs(p, progsize=256, readsize=32)\n"
)
_COUNT = (
    "import sys, vfs, os, esp32\n"
    "sys.path.append({lib!r})\n"
    "from anbu_wire.messages import decode_record\n"
    "p = esp32.Partition.find(esp32.Partition.TYPE_DATA, label='log')[0]\n"
    "vfs.mount(vfs.VfsLfs2(p, progsize=256, readsize=32), '/log')\n"
    "names = sorted(e[0] for e in os.ilistdir('/log') if e[0].endswith('.log'))\n"
    "n = int(names[0][:-4], 16) - 1 if names else 0\n"
    "for name in names:\n"
    "    data = open('/log/' + name, 'rb').read()\n"
    "    for i in range(0, len(data), 32):\n"
    "        decode_record(data[i : i + 32])\n"
    "        n += 1\n"
    "print(n)\n"
)


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything of one house stands on disk."""

    root: Path

    @property
    def flash(self) -> Path:
        """The box's flash: partitions and NVS as files."""
        return self.root / "flash"

    @property
    def board(self) -> Path:
        """Socket between the box's process and its chips."""
        return self.root / "board.sock"

    @property
    def hci(self) -> Path:
        """Socket of the gateway's Bluetooth controller."""
        return self.root / "hci.sock"

    @property
    def window(self) -> Path:
        """Socket through which the page sees and touches the box."""
        return self.root / "window.sock"

    @property
    def modem(self) -> Path:
        """The modem's tty."""
        return self.root / "modem"

    @property
    def database(self) -> Path:
        """The gateway's event log."""
        return self.root / "anbu.db"

    @property
    def config(self) -> Path:
        """The gateway's configuration."""
        return self.root / "gateway.toml"

    @property
    def key(self) -> Path:
        """The device key as the gateway reads it."""
        return self.root / "device.key"

    def errors(self, part: str) -> Path:
        """What a process said on standard error."""
        return self.root / f"{part}.err"


def provision(places: Places, interpreter: str, simulation: Path) -> None:
    """Draws the device key and writes it to both sides; makes the box's log partition."""
    key = secrets.token_bytes(16)
    places.flash.mkdir(parents=True, exist_ok=True)
    places.key.touch(mode=0o600)
    places.key.write_text(key.hex() + "\n", encoding="ascii")
    write_nvs(places.flash, "anbu", {"device_id": DEVICE_ID.encode(), "device_key": key})
    _flash_script(places, interpreter, simulation, _FORMAT)


def count_records(places: Places, interpreter: str, simulation: Path, lib: Path) -> int:
    """How many whole records stand in the box's flash, read without the firmware's journal.

    Those before its oldest segment were acknowledged and freed; they count.
    """
    script = _COUNT.format(lib=str(lib))
    return int(_flash_script(places, interpreter, simulation, script))


def _flash_script(places: Places, interpreter: str, simulation: Path, script: str) -> str:
    done = subprocess.run(
        [interpreter, "-c", script],
        env={"MICROPYPATH": f"{simulation}:.frozen", "ANBU_FLASH": str(places.flash)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the flash of the box could not be read or made: {done.stderr}")
    return done.stdout.strip()


Blocks = list[tuple[str, dict[str, object]]]


def write_config(places: Places, household: Household, port: int | None, from_day: str) -> None:
    """Writes the gateway's TOML for this household. `port` None = no page."""
    blocks: Blocks = [
        ("[gateway]", {"home_id": "home-1", "database": str(places.database),
                       "time_zone": "Asia/Seoul", "language": household.language}),
        ("[radio]", {"backend": "tools.home.bleak_backend", "hci": f"unix-client:{places.hci}"}),
        ("[modem]", {"port": str(places.modem)}),
        ("[[device]]", {"id": DEVICE_ID, "kind": "pillbox", "person": household.person_id,
                        "key_file": str(places.key)}),
        ("[[guardian]]", {"id": household.guardian_id, "name": household.guardian_name,
                          "number": household.guardian_number, "language": household.language,
                          "person": household.person_id, "after_min": 0}),
    ]  # fmt: skip
    if port is not None:
        page = {"host": "127.0.0.1", "port": port, "box_window": str(places.window)}
        blocks.append(("[web]", page))
    blocks += [_person(household), *_medicine(household, from_day)]
    text = "\n".join(_block(head, values) for head, values in blocks)
    places.config.write_text(text, encoding="utf-8")


def _person(household: Household) -> tuple[str, dict[str, object]]:
    row: dict[str, object] = {"id": household.person_id, "name": household.person_name}
    if household.meal_clock:
        row["meal_clock"] = dict(household.meal_clock)
    if household.quiet:
        row["quiet"] = dict(zip(("from", "until"), household.quiet, strict=True))
    return "[[person]]", row


def _medicine(household: Household, from_day: str) -> Blocks:
    rows: Blocks = []
    for dose in household.doses:
        row: dict[str, object] = {"slots": [dose.label, *dose.more], "early_min": dose.early_min}
        row |= {"window_min": dose.window_min, "late_min": dose.late_min}
        row |= {"criticality": dose.criticality, "due": dose.due, "spacing_min": dose.spacing_min}
        if dose.every_days > 1:
            row |= {"every_days": dose.every_days, "from": from_day}
        rows.append(("[[regimen]]", row))
    rows += [("[[as_needed]]", dataclasses.asdict(asked)) for asked in household.as_needed]
    return [(head, {"person": household.person_id, **row}) for head, row in rows]


def _block(head: str, values: dict[str, object]) -> str:
    rows = [f"{key} = {_toml(value)}" for key, value in values.items() if value is not None]
    return "\n".join([head, *rows, ""])


def _toml(value: object) -> str:
    if isinstance(value, dict):
        inside = ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items())
        return f"{{ {inside} }}"
    # JSON's strings, numbers and lists of strings are TOML's as well.
    return json.dumps(value, ensure_ascii=False)
