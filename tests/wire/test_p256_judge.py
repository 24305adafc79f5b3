"""The library `cryptography` judges anbu_wire.p256: random signatures and the corners of the curve.

Knows: both; keys whose points meet on the way (Shamir's trick adds them). May not know: bundles.
"""

from __future__ import annotations

import random
from hashlib import sha256

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature

from anbu_wire.p256 import verify
from tools.technician.signing import public_bytes, sign

N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
# Their points lie beside the generator's, opposite to it, or meet it while doubling.
CORNERS = (1, 2, 3, 4, 5, N - 1, N - 2, N - 3, (N + 1) // 2, (N - 1) // 2, 2**255, 2**128 - 1)


def judge(key: ec.EllipticCurvePrivateKey, digest: bytes, r: int, s: int) -> bool:
    """What the library says."""
    try:
        key.public_key().verify(
            encode_dss_signature(r, s), digest, ec.ECDSA(Prehashed(hashes.SHA256()))
        )
    except InvalidSignature:
        return False
    return True


def same(key: ec.EllipticCurvePrivateKey, digest: bytes, r: int, s: int) -> bool:
    """Both say the same; what they say."""
    said = verify(public_bytes(key), digest, r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    assert said == judge(key, digest, r, s), (key.private_numbers().private_value, digest, r, s)
    return said


def numbers(signature: bytes) -> tuple[int, int]:
    return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")


def test_random_signatures_and_every_way_to_spoil_them() -> None:
    """200 keys: the signature holds; another message, r, s or key does not; s may be turned."""
    lots = random.Random(6979)
    for _ in range(200):
        key = ec.derive_private_key(lots.randrange(1, N), ec.SECP256R1())
        message = lots.randbytes(lots.randrange(200))
        digest = sha256(message).digest()
        r, s = numbers(sign(key, message))
        assert same(key, digest, r, s)
        assert same(key, digest, r, N - s)
        assert not same(key, sha256(message + b"x").digest(), r, s)
        assert not same(key, digest, r ^ (1 << lots.randrange(256)), s)
        assert not same(key, digest, r, s ^ (1 << lots.randrange(256)))


@pytest.mark.parametrize("secret", CORNERS)
def test_points_that_meet(secret: int) -> None:
    """Keys 1·G, 2·G, −1·G … where adding becomes doubling, or nothing is left."""
    key = ec.derive_private_key(secret, ec.SECP256R1())
    lots = random.Random(secret)
    for message in (b"", b"a", bytes(64), lots.randbytes(31)):
        digest = sha256(message).digest()
        r, s = numbers(sign(key, message))
        assert same(key, digest, r, s)
        for small in (1, 2, 3, N - 1):
            same(key, digest, small, s)
            same(key, digest, r, small)
        # u·G + v·Q = infinity: e + r·d = 0 (mod n), for any s.
        away = -int.from_bytes(digest, "big") * pow(secret, -1, N) % N
        assert not same(key, digest, away, s)
        # A digest of zero leaves one product only.
        same(key, bytes(32), r, s)


def test_a_sum_that_doubles_on_the_way() -> None:
    """With Q = G, u = v and u = −v: the same point twice, and its opposite."""
    key = ec.derive_private_key(1, ec.SECP256R1())
    for digest in (sha256(b"x").digest(), sha256(b"y").digest()):
        e = int.from_bytes(digest, "big") % N
        for s in (1, 2, 3, e):
            same(key, digest, e, s)
            same(key, digest, N - e, s)
