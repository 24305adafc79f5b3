"""A box as it leaves the bench: loader in the root, the real firmware in slot a, keys in the NVS.

Knows: how a technician's image becomes simulated flash, and how the house starts a box again after
a reset. May not know: what a test wants of it.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from tools.home.nvs import write_nvs
from tools.technician import image
from tools.technician.bundle import slot_files
from tools.technician.image import _compile

ROOT = Path(__file__).parents[2]
SIMULATION = ROOT / "tools/home/machine_sim"
MICROPYTHON = Path(sys.executable).with_name("micropython")
SLOT_BLOCKS, LOG_BLOCKS = 128, 256  # of the simulated partition table
RESET_EXIT = 75

# A partition as littlefs would have it on a new chip, made in memory: a real one takes its time.
_FORMAT = """
import os, sys, vfs
from tests.firmware.power.nor import Nor, blank
folder, out, blocks = sys.argv[1:]
nor = Nor(blank(int(blocks)))
vfs.VfsLfs2.mkfs(nor, progsize=256, readsize=32)
vfs.mount(vfs.VfsLfs2(nor, progsize=256, readsize=32), "/x")
def copy(inside):
    for name, kind, *_ in os.ilistdir(folder + inside):
        if kind == 0x4000:
            os.mkdir("/x" + inside + "/" + name)
            copy(inside + "/" + name)
        else:
            with open("/x" + inside + "/" + name, "wb") as file:
                file.write(open(folder + inside + "/" + name, "rb").read())
copy("")
vfs.umount("/x")
open(out, "wb").write(nor.image)
"""


def _partition(files: dict[str, bytes], work: Path, out: Path, blocks: int) -> None:
    for name, data in files.items():
        path = work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    work.mkdir(exist_ok=True)
    script = work.with_suffix(".py")
    script.write_text(_FORMAT, encoding="ascii")
    subprocess.run(
        [MICROPYTHON, "-X", "heapsize=16M", script, work, out, str(blocks)],
        env={"MICROPYPATH": f"{ROOT}:.frozen"},
        check=True,
    )


class LoadedBox:
    """The device's process, started anew after each reset; `lines` is what all of them printed.

    `noted`: what provisioning writes beside the identity.
    """

    def __init__(
        self,
        folder: Path,
        device_id: str,
        key: bytes,
        heap: str = "320K",
        noted: Mapping[str, bytes | int] = MappingProxyType({}),
    ) -> None:
        self._folder = folder
        self._heap = heap
        self._identity: dict[str, bytes | int] = {"device_id": device_id.encode()}
        self._identity |= {"device_key": key, **noted}
        self._running: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self.starts = 0
        self.lines: list[str] = []

    def flash(self, bundle: bytes, public_key: bytes) -> None:
        """Writes the chip: root, slot a with this bundle, an empty log, NVS."""
        flash, root = self._folder / "flash", self._folder / "root"
        for folder in (flash, root):
            folder.mkdir()
        for name, data in image.root_files().items():
            (root / name).write_bytes(data)
        for path in SIMULATION.glob("*.py"):
            if path.name == "start.py":
                (root / path.name).write_bytes(path.read_bytes())
            else:
                compiled = _compile(path.name, path, self._folder)
                (root / path.name).with_suffix(".mpy").write_bytes(compiled)
        files = slot_files(bundle)
        _partition(files, self._folder / "slot", flash / "app_a.bin", SLOT_BLOCKS)
        _partition({}, self._folder / "log", flash / "log.bin", LOG_BLOCKS)
        write_nvs(flash, "anbu", self._identity)
        write_nvs(flash, "anbu_update", {"key_0": public_key})

    async def start(self, board: Path) -> None:
        """Power on; it starts itself anew after a reset until `power_off`."""
        self._running = asyncio.create_task(self._run(board))

    async def _run(self, board: Path) -> None:
        root = self._folder / "root"
        code: int | None = RESET_EXIT
        while code == RESET_EXIT:
            self.starts += 1
            self._process = await asyncio.create_subprocess_exec(
                *(str(MICROPYTHON), "-X", f"heapsize={self._heap}", str(root / "start.py")),
                env={
                    **os.environ,
                    "MICROPYPATH": f"{root}:.frozen",
                    "ANBU_BOARD": str(board),
                    "ANBU_FLASH": str(self._folder / "flash"),
                },
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            assert self._process.stdout
            async for line in self._process.stdout:
                self.lines.append(line.decode().rstrip())
            code = await self._process.wait()
        self.lines.append(f"ended with {code}")

    async def power_cut(self, board: Path) -> None:
        """The power goes and comes again."""
        await self.power_off()
        await self.start(board)

    async def power_off(self) -> None:
        """Kills its process for good."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
