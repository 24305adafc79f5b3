"""The seals: AES-128-CCM (RFC 3610), HMAC-SHA256, HKDF (RFC 5869).

Knows: keys and bytes. May not know: sessions, counters, who speaks.

MicroPython's `cryptolib` offers CBC and ECB only (CTR is not in every build): CBC makes the tag,
ECB the key stream. In the gateway the library `cryptography` does the same.
"""

import struct
from hashlib import sha256

from anbu_wire.errors import RemoteProtocolError

try:
    from cryptolib import aes

    _ON_CHIP = True
except ImportError:
    _ON_CHIP = False
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESCCM

KEY_BYTES = 16
NONCE_BYTES = 13  # RFC 3610 with L = 2: lengths of 16 bits
TAG_BYTES = 8  # of a session's frames; a broadcast has its own
_BLOCK = 16
_HASH_BYTES = 32
_ECB = 1
_CBC = 2
_ADATA = 0x40


def ccm_seal(
    key: bytes, nonce: bytes, aad: bytes, plain: bytes, tag_bytes: int = TAG_BYTES
) -> bytes:
    """Ciphertext and its tag. `nonce` is 13 bytes and never used twice with a key."""
    if not _ON_CHIP:
        return AESCCM(key, tag_bytes).encrypt(nonce, plain, aad)
    stream = _key_stream(key, nonce, len(plain))
    tag = _mac(key, nonce, aad, plain, tag_bytes)
    return _xor(plain, stream, _BLOCK) + _xor(tag, stream, 0)


def ccm_open(
    key: bytes, nonce: bytes, aad: bytes, sealed: bytes, tag_bytes: int = TAG_BYTES
) -> bytes:
    """The plain text of `sealed`. Raises RemoteProtocolError when the tag is wrong."""
    if len(sealed) < tag_bytes:
        raise RemoteProtocolError("seal cut")
    if not _ON_CHIP:
        try:
            return AESCCM(key, tag_bytes).decrypt(nonce, sealed, aad)
        except InvalidTag:
            raise RemoteProtocolError("wrong seal") from None
    stream = _key_stream(key, nonce, len(sealed) - tag_bytes)
    plain = _xor(sealed[:-tag_bytes], stream, _BLOCK)
    if not equal(_xor(_mac(key, nonce, aad, plain, tag_bytes), stream, 0), sealed[-tag_bytes:]):
        raise RemoteProtocolError("wrong seal")
    return plain


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """HMAC (RFC 2104) with SHA-256, 32 bytes."""
    if len(key) > 64:
        key = sha256(key).digest()
    inner = bytearray(64)
    outer = bytearray(64)
    for i in range(64):
        k = key[i] if i < len(key) else 0
        inner[i] = k ^ 0x36
        outer[i] = k ^ 0x5C
    digest = sha256(inner)
    digest.update(message)
    result = sha256(outer)
    result.update(digest.digest())
    mac: bytes = result.digest()
    return mac


def hkdf_sha256(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """`length` (at most 8160) bytes of key material: extract and expand of RFC 5869."""
    pseudo_random_key = hmac_sha256(salt or bytes(_HASH_BYTES), secret)
    out = block = b""
    count = 1
    while len(out) < length:
        block = hmac_sha256(pseudo_random_key, block + info + bytes((count,)))
        out += block
        count += 1
    return out[:length]


def equal(a: bytes, b: bytes) -> bool:
    """Whether `a` and `b` are the same, in a time that does not tell where they differ."""
    difference = len(a) ^ len(b)
    for x, y in zip(a, b):
        difference |= x ^ y
    return difference == 0


def _key_stream(key: bytes, nonce: bytes, length: int) -> bytes:
    """Blocks A_0 (for the tag), A_1, … for `length` bytes, encrypted (RFC 3610 section 2.3)."""
    blocks = 1 + (length + _BLOCK - 1) // _BLOCK
    counters = bytearray(struct.pack(">B13sH", 1, nonce, 0) * blocks)
    for i in range(1, blocks):
        counters[i * _BLOCK + _BLOCK - 2] = i >> 8
        counters[i * _BLOCK + _BLOCK - 1] = i & 0xFF
    stream: bytes = aes(key, _ECB).encrypt(counters)
    return stream


def _mac(key: bytes, nonce: bytes, aad: bytes, plain: bytes, tag_bytes: int) -> bytes:
    """The CBC-MAC of RFC 3610 section 2.2, not yet encrypted."""
    mac = aes(key, _CBC, bytes(_BLOCK))
    flags = (tag_bytes - 2) // 2 << 3 | 1  # M' and L' of RFC 3610 section 2.2
    if aad:
        flags |= _ADATA
    last: bytes = mac.encrypt(struct.pack(">B13sH", flags, nonce, len(plain)))
    if aad:
        last = mac.encrypt(_padded(struct.pack(">H", len(aad)) + aad))
    if plain:
        last = mac.encrypt(_padded(plain))
    return last[-_BLOCK:][:tag_bytes]


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _BLOCK)


def _xor(data: bytes, stream: bytes, start: int) -> bytes:
    # As one large integer: a loop over bytes would take most of a seal's time on the chip.
    size = len(data)
    key = int.from_bytes(stream[start : start + size], "big")
    return (int.from_bytes(data, "big") ^ key).to_bytes(size, "big")
