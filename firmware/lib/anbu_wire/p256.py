"""ECDSA over NIST P-256, checking only (FIPS 186-4, SEC 1): who may give a device new firmware.

Knows: the curve, integers. May not know: hashes, bundles, keys' owners; there is no secret here,
so nothing needs to take the same time every time. Runs in plain Python under MicroPython.
"""

KEY_BYTES = 64  # x then y of the public point, big-endian
SIGNATURE_BYTES = 64  # r then s, big-endian
_HALF = 32

_P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_NOWHERE = (0, 1, 0)  # the point at infinity, Jacobian: (x / z², y / z³)


def verify(key: bytes, digest: bytes, signature: bytes) -> bool:
    """Whether `signature` over the 32-byte `digest` was made with the private half of `key`.

    False for everything malformed too: wrong lengths, a point off the curve, r or s out of range.
    """
    if len(key) != KEY_BYTES or len(digest) != _HALF or len(signature) != SIGNATURE_BYTES:
        return False
    point = (int.from_bytes(key[:_HALF], "big"), int.from_bytes(key[_HALF:], "big"))
    r = int.from_bytes(signature[:_HALF], "big")
    s = int.from_bytes(signature[_HALF:], "big")
    if not (0 < r < _N and 0 < s < _N and _on_curve(point)):
        return False
    w = pow(s, _N - 2, _N)
    u = int.from_bytes(digest, "big") * w % _N
    x, _y, z = _sum_of_products(u, r * w % _N, point)
    if not z:
        return False
    zz = z * z % _P  # compared without a division: x / z² ≡ r (mod n), and x / z² < p < 2n
    return r * zz % _P == x or (r + _N < _P and (r + _N) * zz % _P == x)


def _on_curve(point: "tuple[int, int]") -> bool:
    x, y = point
    return x < _P and y < _P and (y * y - x * (x * x - 3) - _B) % _P == 0


def _sum_of_products(u: int, v: int, point: "tuple[int, int]") -> "tuple[int, int, int]":
    """u·G + v·point, both at once, a bit of each at a time (Shamir's trick)."""
    both = _flat(_add((_G[0], _G[1], 1), point))
    total = _NOWHERE
    for bit in range(255, -1, -1):
        total = _double(total)
        which = (u >> bit & 1) + (v >> bit & 1) * 2
        if which == 3:
            if both:  # else the two cancel each other
                total = _add(total, both)
        elif which:
            total = _add(total, _G if which == 1 else point)
    return total


def _flat(point: "tuple[int, int, int]") -> "tuple[int, int] | None":
    """The point as (x, y), None at infinity."""
    x, y, z = point
    if not z:
        return None
    inverse = pow(z, _P - 2, _P)
    square = inverse * inverse % _P
    return x * square % _P, y * square * inverse % _P


def _double(point: "tuple[int, int, int]") -> "tuple[int, int, int]":
    x, y, z = point  # infinity stays there: its z is 0; no point of odd order has y = 0
    delta = z * z % _P
    gamma = y * y % _P
    beta = x * gamma % _P
    alpha = 3 * (x - delta) * (x + delta) % _P
    x3 = (alpha * alpha - 8 * beta) % _P
    z3 = 2 * y * z % _P
    return x3, (alpha * (4 * beta - x3) - 8 * gamma * gamma) % _P, z3


def _add(a: "tuple[int, int, int]", b: "tuple[int, int]") -> "tuple[int, int, int]":
    x1, y1, z1 = a
    if not z1:
        return b[0], b[1], 1
    zz = z1 * z1 % _P
    h = (b[0] * zz - x1) % _P
    r = (b[1] * z1 * zz - y1) % _P
    if not h:
        return _NOWHERE if r else _double(a)
    hh = h * h % _P
    hhh = h * hh % _P
    v = x1 * hh % _P
    x3 = (r * r - hhh - 2 * v) % _P
    return x3, (r * (v - x3) - y1 * hhh) % _P, z1 * h % _P
