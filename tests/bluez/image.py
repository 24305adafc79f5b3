"""The judge's computer as files: a kernel and an initial RAM file system, made of Debian packages.

Knows: mmdebstrap, pip, which packages and kernel modules BlueZ and bleak need.
May not know: qemu, the virtual home. Nothing is installed on this computer; needs the network once.

What is made stays in `build/bluez` under a name drawn from everything it was made of, so the next
run begins at once; `make clean` removes it.
"""

from __future__ import annotations

import hashlib
import io
import shlex
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bluez import cpio

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "build" / "bluez"
# Debian 12 is what the gateway's Raspberry Pi runs: kernel 6.1, BlueZ 5.66, Python 3.11.
SUITE = "bookworm"
PYTHON = "3.11"
PACKAGES = (
    "bluez", "busybox-static", "dbus", "kmod", "libpython3.11-stdlib", "linux-image-amd64",
    "python3-minimal",
)  # fmt: skip
WHEELS = ("bleak", "bleak-retry-connector", "cryptography")
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux2014_x86_64", "manylinux_2_17_x86_64")
# What the line discipline of a serial controller and the security manager load.
MODULES = (
    "hci_uart", "algif_hash", "algif_skcipher", "cmac", "ctr", "drbg", "ecdh_generic",
    "jitterentropy_rng", "sha512_generic",
)  # fmt: skip
UNWANTED = (
    "boot/", "lib/udev/", "usr/bin/perl", "usr/include/", "usr/lib/klibc/", "usr/lib/udev/",
    "usr/lib/x86_64-linux-gnu/gconv/", "usr/lib/x86_64-linux-gnu/libperl",
    "usr/lib/x86_64-linux-gnu/perl", "usr/share/bash-completion/",
    "usr/share/dbus-1/system-services/",  # nobody but the judge starts bluetoothd there
    "usr/share/doc/", "usr/share/info/", "usr/share/locale/", "usr/share/man/", "usr/share/perl",
    "usr/share/zoneinfo/", "var/cache/", "var/lib/apt/", "var/lib/dpkg/",
)  # fmt: skip
WHEEL_FOLDER = "srv/wheels"
DOWNLOAD_S = 400.0

Say = Callable[[str], None]


class BuildError(Exception):
    """The image could not be made; one line says why and what to do."""


@dataclass(frozen=True)
class Image:
    """A kernel, the file system it starts with, and how long making them took (0 = from cache)."""

    kernel: Path
    base: Path
    made_in_s: float

    def with_files(self, goal: Path, files: Iterable[tuple[str, bytes, bool]]) -> Path:
        """The base with files (name, bytes, executable) put over it, written to `goal`."""
        over = io.BytesIO()
        archive = cpio.Archive(over)
        seen: set[str] = set()
        for name, data, executable in files:
            for folder in reversed(Path(name).parents):
                if str(folder) != "." and str(folder) not in seen:
                    seen.add(str(folder))
                    archive.folder(str(folder))
            archive.file(name, data, executable=executable)
        archive.close()
        shutil.copyfile(self.base, goal)
        with goal.open("ab") as file:
            file.write(over.getvalue())
        return goal


def build(say: Say, cache: Path = CACHE) -> Image:
    """The image, from the cache or made now. Raises BuildError."""
    folder = cache / f"vm-{_recipe()}"
    if (folder / "whole").exists():
        say(f"image: {folder.name} from the cache")
        return Image(folder / "vmlinuz", folder / "base.cpio", 0.0)
    began_s = time.monotonic()
    for tool in ("mmdebstrap", "qemu-system-x86_64"):
        if not shutil.which(tool):
            raise BuildError(
                f"image: this computer has no `{tool}`; run `make test-bluez`, which installs it"
            )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="making-") as making:
        tar = _bootstrap(Path(making), say)
        _pack(tar, folder, say)
    (folder / "whole").touch()
    made_in_s = time.monotonic() - began_s
    say(f"image: made in {made_in_s:.0f} s")
    return Image(folder / "vmlinuz", folder / "base.cpio", made_in_s)


def _recipe() -> str:
    """A name for everything the image is made of."""
    digest = hashlib.sha256()
    for path in (Path(__file__), Path(cpio.__file__), ROOT / "constraints.txt"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _bootstrap(making: Path, say: Say) -> Path:
    """Everything the packages and wheels hold, as a tar file; byte-compiled by its own Python."""
    wheels, tar = making / "wheels", making / "root.tar"
    say(f"image: wheels of {', '.join(WHEELS)} for Python {PYTHON}")
    argv = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    argv += ["--target", str(wheels), "--no-compile", "--only-binary=:all:"]
    argv += ["--python-version", PYTHON, "--constraint", str(ROOT / "constraints.txt")]
    argv += [word for platform in PLATFORMS for word in ("--platform", platform)]
    _run([*argv, *WHEELS], "pip could not fetch the wheels; is PyPI to be reached?")
    say(f"image: packages of Debian {SUITE}: {', '.join(PACKAGES)}, and what they need")
    skip = "/(test|tests|idlelib|lib2to3|ensurepip|distutils|pydoc_data|unittest)/"
    # Hash-based: the archive keeps no times of files.
    flags = f'-q -x "{skip}" --invalidation-mode unchecked-hash'
    compile_ = f'chroot "$1" python{PYTHON} -m compileall {flags}'
    hooks = (
        f"copy-in {shlex.quote(str(wheels))} /srv",
        f"{compile_} /usr/lib/python{PYTHON} /{WHEEL_FOLDER} >/dev/null",
        'chroot "$1" depmod "$(ls "$1/lib/modules")"',
    )
    argv = ["mmdebstrap", "--variant=extract", f"--include={','.join(PACKAGES)}"]
    argv += ['--extract-hook=mkdir -p "$1/srv"', *(f"--extract-hook={h}" for h in hooks)]
    argv += ["--architectures=amd64", SUITE, str(tar)]
    _run(argv, "mmdebstrap could not unpack Debian; are Debian's packages to be reached?")
    return tar


def _run(argv: Sequence[str], failed: str) -> None:
    try:
        done = subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=DOWNLOAD_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BuildError(f"image: no end after {DOWNLOAD_S:.0f} s: {failed}") from None
    if done.returncode:
        lines = done.stdout.strip().splitlines()
        errors = [line for line in lines if line.startswith(("E:", "ERROR"))] or lines[-1:] or [""]
        raise BuildError(f"image: {failed} It said: {errors[0]}")


def _pack(tar_path: Path, folder: Path, say: Say) -> None:
    """Writes the kernel and the file system, without what nobody needs there."""
    with tarfile.open(tar_path) as tar:
        names = [member.name.removeprefix("./") for member in tar]
        (kernel,) = (name for name in names if name.startswith("boot/vmlinuz-"))
        version = kernel.removeprefix("boot/vmlinuz-")
        _extract(tar, kernel, folder / "vmlinuz")
        dependencies = io.StringIO(_text(tar, f"lib/modules/{version}/modules.dep"))
        modules = _closure(version, dependencies)

        def wanted(name: str) -> bool:
            if name.endswith(".ko"):
                return name in modules
            return not f"{name}/".startswith(UNWANTED)

        with (folder / "base.cpio").open("wb") as file:
            archive = cpio.Archive(file)
            size_bytes = cpio.copy(tar, archive, wanted)
            _accounts(archive)
            archive.close()
    say(f"image: kernel {version}, {len(modules)} modules, {size_bytes / 1e6:.0f} MB of files")


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    content = tar.extractfile(f"./{name}")
    if content is None:
        raise BuildError(f"image: the packages hold no file {name}; the recipe is out of date")
    return content.read()


def _extract(tar: tarfile.TarFile, name: str, goal: Path) -> None:
    goal.write_bytes(_member(tar, name))


def _text(tar: tarfile.TarFile, name: str) -> str:
    return _member(tar, name).decode()


def _closure(version: str, dependencies: Iterable[str]) -> set[str]:
    """Paths of MODULES and of every module they need, from modules.dep."""
    found: set[str] = set()
    for line in dependencies:
        path, _, needs = line.partition(":")
        if Path(path).stem in MODULES:
            found |= {f"lib/modules/{version}/{name}" for name in (path, *needs.split())}
    missing = set(MODULES) - {Path(path).stem for path in found}
    if missing:
        raise BuildError(f"image: kernel {version} has no module {', '.join(sorted(missing))}")
    return found


def _accounts(archive: cpio.Archive) -> None:
    """What the packages' own scripts would have set up: accounts, and places to write to."""
    archive.file("etc/passwd", b"root:x:0:0::/:/bin/sh\nmessagebus:x:100:100::/:/bin/false\n")
    archive.file("etc/group", b"root:x:0:\nmessagebus:x:100:\nbluetooth:x:101:root\n")
    for name in ("proc", "sys", "dev", "run", "tmp", "var/lib/bluetooth", "var/lib/dbus"):
        archive.folder(name)
    archive.link("bin/sh", "busybox")
    archive.link("var/run", "/run")


if __name__ == "__main__":
    try:
        build(print)
    except BuildError as error:
        sys.exit(str(error))
