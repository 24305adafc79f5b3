"""NOR flash as it is: bits only fall, a block rises whole, and a cut leaves either half done.

Knows: blocks, pages, bits; what was programmed and erased since `record`. Runs under MicroPython.
May not know: littlefs, files, records.

Not modelled: cells that read right at first and fade later.
"""

BLOCK = 4096
PAGE = 256  # what the chip programs in one go


class Nor:
    """A block device with the extended interface over `image` (its bytes are the flash's)."""

    def __init__(self, image: bytearray) -> None:
        self.image = image
        self.operations: list[tuple[int, bytes | None]] | None = None
        self.erases = 0
        self.programmed_bytes = 0

    def record(self) -> None:
        """Keep every operation from here on: (place, bytes) for a page, (place, None) an erase."""
        self.operations = []

    def readblocks(self, block: int, buf: bytearray, offset: int = 0) -> None:
        place = block * BLOCK + offset
        buf[:] = memoryview(self.image)[place : place + len(buf)]

    def writeblocks(self, block: int, buf: bytes, offset: int) -> None:
        place, done = block * BLOCK + offset, 0
        view = memoryview(buf)
        while done < len(buf):
            size = min(PAGE - (place + done) % PAGE, len(buf) - done)
            self._do((place + done, bytes(view[done : done + size])))
            done += size
        self.programmed_bytes += len(buf)

    def ioctl(self, operation: int, argument: int = 0) -> int:
        if operation == 4:
            return len(self.image) // BLOCK
        if operation == 5:
            return BLOCK
        if operation == 6:
            self.erases += 1
            self._do((argument * BLOCK, None))
        return 0

    def _do(self, operation: "tuple[int, bytes | None]") -> None:
        if self.operations is not None:
            self.operations.append(operation)
        do(self.image, operation)


def blank(blocks: int) -> bytearray:
    """A chip as it leaves the factory."""
    return bytearray(b"\xff" * (blocks * BLOCK))


def _bits(data: bytes | bytearray) -> int:
    return int.from_bytes(data, "little")


def do(image: bytearray, operation: "tuple[int, bytes | None]") -> None:
    """The operation, done."""
    place, data = operation
    if data is None:
        image[place : place + BLOCK] = b"\xff" * BLOCK
        return
    old = image[place : place + len(data)]
    if old.count(b"\xff") != len(data):
        data = (_bits(old) & _bits(data)).to_bytes(len(data), "little")
    image[place : place + len(data)] = data


class Lots:
    """Seeded chance, the same on every interpreter."""

    def __init__(self, seed: int) -> None:
        self._state = (seed * 2654435761 + 12345) & 0xFFFFFFFF or 1
        self._pool = bytes(self.below(256) for _ in range(2 * BLOCK))

    def below(self, end: int) -> int:
        """0 … end − 1."""
        x = self._state
        x ^= (x << 13) & 0xFFFFFFFF
        x ^= x >> 17
        x ^= (x << 5) & 0xFFFFFFFF
        self._state = x
        return x % end

    def noise(self, size: int) -> bytes:
        """Random bytes, at most a block of them."""
        start = self.below(BLOCK)
        return self._pool[start : start + size]


def tear(image: bytearray, operation: "tuple[int, bytes | None]", how: int, lots: Lots) -> str:
    """The operation, cut while it went on; `how` turns through the kinds. What was done to it."""
    place, data = operation
    size = BLOCK if data is None else len(data)
    old = bytes(image[place : place + size])
    kinds = _TORN_ERASES if data is None else _TORN_PROGRAMS
    name, torn = kinds[how % len(kinds)]
    image[place : place + size] = torn(old, data or b"", 1 + lots.below(size - 1), lots)
    return name


def _merge(a: int, b: bytes, size: int) -> bytes:
    return (a & _bits(b)).to_bytes(size, "little")


def _front(old: bytes, new: bytes, cut: int, lots: Lots) -> bytes:
    """The first bytes are done, the others untouched."""
    return _merge(_bits(old[:cut]), new[:cut], cut) + old[cut:]


def _some_bits(old: bytes, new: bytes, cut: int, lots: Lots) -> bytes:
    """Of the bits that should fall some fell, all over the page."""
    return _merge(_bits(new) | _bits(lots.noise(len(new))), old, len(old))


def _front_and_some(old: bytes, new: bytes, cut: int, lots: Lots) -> bytes:
    """The first bytes are done, the next ones partly."""
    return _front(old, new, cut, lots)[:cut] + _some_bits(old, new, 0, lots)[cut:]


def _front_risen(old: bytes, new: bytes, cut: int, lots: Lots) -> bytes:
    return b"\xff" * cut + old[cut:]


def _some_risen(old: bytes, new: bytes, cut: int, lots: Lots) -> bytes:
    return (_bits(old) | _bits(lots.noise(BLOCK))).to_bytes(BLOCK, "little")


def _some_sunk(old: bytes, new: bytes, cut: int, lots: Lots) -> bytes:
    """A chip programs all cells to 0 before it erases them: cut in that first phase."""
    return _merge(_bits(old), lots.noise(BLOCK), BLOCK)


def _all_sunk(old: bytes, new: bytes, cut: int, lots: Lots) -> bytes:
    return bytes(BLOCK)


def _almost_risen(old: bytes, new: bytes, cut: int, lots: Lots) -> bytes:
    """All cells are back but for one."""
    return b"\xff" * cut + bytes([255 - (1 << lots.below(8))]) + b"\xff" * (BLOCK - cut - 1)


_TORN_PROGRAMS = (
    ("first bytes programmed", _front),
    ("some bits programmed", _some_bits),
    ("first bytes and some bits programmed", _front_and_some),
)
_TORN_ERASES = (
    ("first bytes erased", _front_risen),
    ("some bits erased", _some_risen),
    ("some bits sunk", _some_sunk),
    ("all bits sunk", _all_sunk),
    ("all erased but one bit", _almost_risen),
)
