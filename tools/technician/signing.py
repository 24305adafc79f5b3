"""The keys that sign update bundles: drawn, kept in files only the owner reads, used.

Knows: P-256 key files, signatures as 64 bytes. May not know: bundles, devices.
A private key is never printed, and never returned as text.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

PrivateKey = ec.EllipticCurvePrivateKey
_OTHERS = 0o077
_HALF_BYTES = 32


class KeyFileError(Exception):
    """A key file cannot be used; the text is one line with what to do."""


def draw_key(path: Path) -> PrivateKey:
    """Draws a key into a new file (mode 0600). Raises KeyFileError where the file exists."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise KeyFileError(f"no new key in {path}: {error.strerror}") from error
    with open(handle, "wb") as file:  # noqa: PTH123 - a handle, not a path
        file.write(pem)
    return key


def draw_nothing(path: Path) -> PrivateKey:
    """As `draw_key`, but written nowhere: for saying what would be done."""
    if path.exists():
        raise KeyFileError(f"no new key in {path}: File exists")
    return ec.generate_private_key(ec.SECP256R1())


def load_key(path: Path) -> PrivateKey:
    """The private key in a file. Raises KeyFileError where others may read it or it is none."""
    try:
        open_to = path.stat().st_mode & _OTHERS
        pem = path.read_bytes()
    except OSError as error:
        raise KeyFileError(f"key file {path}: {error.strerror}") from error
    if open_to:
        raise KeyFileError(f"key file {path} is open to others: chmod 600 {path}")
    try:
        key = serialization.load_pem_private_key(pem, None)
    except (ValueError, TypeError) as error:
        raise KeyFileError(f"key file {path} holds no private key in PEM") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise KeyFileError(f"key file {path} holds no P-256 key: draw one with --new-key")
    return key


def public_bytes(key: PrivateKey) -> bytes:
    """The public half as devices keep it: x then y, 64 bytes."""
    return key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )[1:]


def sign(key: PrivateKey, data: bytes) -> bytes:
    """ECDSA over the SHA-256 of `data`, r then s; the same every time (RFC 6979)."""
    der = key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    return b"".join(half.to_bytes(_HALF_BYTES, "big") for half in decode_dss_signature(der))
