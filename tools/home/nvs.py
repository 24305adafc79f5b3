"""Writes the simulated chip's NVS from outside, as provisioning does.

Knows: the file format of machine_sim/esp32.NVS. May not know: what the keys are for.
"""

from __future__ import annotations

import json
from pathlib import Path

NAME_LIMIT = 15
_I32 = range(-(1 << 31), 1 << 31)


def write_nvs(flash_dir: str | Path, namespace: str, values: dict[str, bytes | int]) -> Path:
    """Adds `values` (blobs or 32-bit integers) to a name space; returns its file.

    Raises ValueError for names longer than 15 characters and integers out of range.
    """
    for name in (namespace, *values):
        if not 0 < len(name) <= NAME_LIMIT:
            raise ValueError(f"NVS name {name!r}: 1 to {NAME_LIMIT} characters")
    path = Path(flash_dir) / f"nvs-{namespace}.json"
    stored = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for key, value in values.items():
        if isinstance(value, int) and value not in _I32:
            raise ValueError(f"NVS {key} = {value}: does not fit 32 bits")
        stored[key] = value if isinstance(value, int) else value.hex()
    path.write_text(json.dumps(stored), encoding="utf-8")
    return path
