"""Boots a chip from its flashed bytes: the root file system from its partition, then its main.py.

Knows: what MicroPython's ESP32 port does at a start (`_boot.py`, then `main.py`). May not know:
what main.py does. Run by tools/home/flashed: `micropython boot_flash.py`, MICROPYPATH=<this
folder>:.frozen, ANBU_FLASH=/host/<folder with flash.bin>. ANBU_REPL: stop before main.py, as the
chip does after a soft reset in the raw REPL.
"""

# isort: off
import hosted  # noqa: F401 - before anything that asks the time
import os
import sys

import vfs

# Loaded while the host's files are still at "/"; what they load later comes from /host.
import _i2s  # noqa: F401
import _link  # noqa: F401
import _uart  # noqa: F401
import bluetooth  # noqa: F401
import esp32
import machine  # noqa: F401
import neopixel  # noqa: F401
import sleep  # noqa: F401
import time  # noqa: F401
# isort: on

# With a root of its own a rename there fails.
vfs.mount(vfs.VfsPosix(), "/host")  # type: ignore[attr-defined]  # the chip has none  # type: ignore[attr-defined] # the chip has none
_root = esp32.Partition.find(esp32.Partition.TYPE_DATA, label="vfs")[0]
sys.path[:] = ["/host" + sys.path[0], "", ".frozen", "/lib"]
vfs.umount("/")
vfs.mount(_root, "/")
os.chdir("/")
os.putenv("MICROPYINSPECT", "1")  # whatever else ends main.py leaves the REPL
if not os.getenv("ANBU_REPL"):
    with open("/main.py") as _file:
        _text = _file.read()
    try:
        exec(_text, {"__name__": "__main__"})  # noqa: S102 - as the port runs main.py
    except SystemExit:
        os.unsetenv("MICROPYINSPECT")  # machine.reset(): the process ends
        raise
