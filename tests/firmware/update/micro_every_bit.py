"""What a device never takes: a bundle of which any one bit is another (P14).

Knows: the box of micro_refusals.py, the bundles of makes.py in the folder named last on the command
line. Runs under MicroPython; ten seconds, so that `make test` has the sampled bits only.
"""

import gc

from anbu_wire import bundle as b
from tests.firmware.update.micro_life import made
from tests.firmware.update.micro_refusals import nothing_came_of_it, refused


def test_every_bit_flipped() -> None:
    """One bit anywhere: head, signature or payload. None is taken, the whole one is."""
    data = bytearray(made("tiny"))
    reasons = set()
    for bit in range(len(data) * 8):
        data[bit >> 3] ^= 1 << (bit & 7)
        reasons.add(refused(bytes(data)))
        data[bit >> 3] ^= 1 << (bit & 7)
        if bit % 64 == 0:
            gc.collect()
    assert bytes(data) == made("tiny")
    assert b.CORRUPT in reasons and b.WRONG_SIGNATURE in reasons
    nothing_came_of_it()
    print("@count bits", len(data) * 8)
