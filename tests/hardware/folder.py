"""The hardware's files, copied, with something in them changed.

Knows: where they are. May not know: any rule.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hardware.load import load
from hardware.read import HERE
from hardware.shapes import Refused


def changed(into: Path, file: str, *swaps: tuple[str, str]) -> Path:
    """A copy below `into`, in whose `file` each first text, which must be there, is the second."""
    folder = into / "hardware"
    if not folder.exists():
        (folder / "circuits").mkdir(parents=True)
        for path in (*HERE.glob("*.toml"), *HERE.glob("circuits/*.toml")):
            shutil.copy(path, folder / path.relative_to(HERE))
    path = folder / file
    text = path.read_text(encoding="utf-8")
    for old, new in swaps:
        assert old in text, f"{file} has no {old!r}"
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return folder


def refusal(folder: Path) -> list[str]:
    """The lines with which that folder is refused."""
    with pytest.raises(Refused) as refused:
        load(folder)
    return list(refused.value.lines)


def rules_of(lines: list[str]) -> set[str]:
    """The rules that refusal names: "file: key: rule: what"."""
    return {line.split(": ")[2] for line in lines}
