"""The seals against the vectors of their RFCs."""

from binascii import unhexlify

from anbu_wire import seal
from anbu_wire.errors import RemoteProtocolError

K1 = "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf"
K2 = "d7828d13b2b0bdc325a76236df93cc6b"
A8 = "0001020304050607"
A12 = "000102030405060708090a0b"

# RFC 3610 section 8, the packet vectors with M = 8: 1-6 and 13-18
# (key, nonce, additional data, plain, ciphertext and tag)
CCM_VECTORS = (
    (
        K1,
        "00000003020100a0a1a2a3a4a5",
        A8,
        "08090a0b0c0d0e0f101112131415161718191a1b1c1d1e",
        "588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0",
    ),
    (
        K1,
        "00000004030201a0a1a2a3a4a5",
        A8,
        "08090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "72c91a36e135f8cf291ca894085c87e3cc15c439c9e43a3ba091d56e10400916",
    ),
    (
        K1,
        "00000005040302a0a1a2a3a4a5",
        A8,
        "08090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
        "51b1e5f44a197d1da46b0f8e2d282ae871e838bb64da8596574adaa76fbd9fb0c5",
    ),
    (
        K1,
        "00000006050403a0a1a2a3a4a5",
        A12,
        "0c0d0e0f101112131415161718191a1b1c1d1e",
        "a28c6865939a9a79faaa5c4c2a9d4a91cdac8c96c861b9c9e61ef1",
    ),
    (
        K1,
        "00000007060504a0a1a2a3a4a5",
        A12,
        "0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "dcf1fb7b5d9e23fb9d4e131253658ad86ebdca3e51e83f077d9c2d93",
    ),
    (
        K1,
        "00000008070605a0a1a2a3a4a5",
        A12,
        "0c0d0e0f101112131415161718191a1b1c1d1e1f20",
        "6fc1b011f006568b5171a42d953d469b2570a4bd87405a0443ac91cb94",
    ),
    (
        K2,
        "00412b4ea9cdbe3c9696766cfa",
        "0be1a88bace018b1",
        "08e8cf97d820ea258460e96ad9cf5289054d895ceac47c",
        "4cb97f86a2a4689a877947ab8091ef5386a6ffbdd080f8e78cf7cb0cddd7b3",
    ),
    (
        K2,
        "0033568ef7b2633c9696766cfa",
        "63018f76dc8a1bcb",
        "9020ea6f91bdd85afa0039ba4baff9bfb79c7028949cd0ec",
        "4ccb1e7ca981befaa0726c55d378061298c85c92814abc33c52ee81d7d77c08a",
    ),
    (
        K2,
        "00103fe41336713c9696766cfa",
        "aa6cfa36cae86b40",
        "b916e0eacc1c00d7dcec68ec0b3bbb1a02de8a2d1aa346132e",
        "b1d23a2220ddc0ac900d9aa03c61fcf4a559a4417767089708a776796edb723506",
    ),
    (
        K2,
        "00764c63b8058e3c9696766cfa",
        "d0d0735c531e1becf049c244",
        "12daac5630efa5396f770ce1a66b21f7b2101c",
        "14d253c3967b70609b7cbb7c499160283245269a6f49975bcadeaf",
    ),
    (
        K2,
        "00f8b678094e3b3c9696766cfa",
        "77b60f011c03e1525899bcae",
        "e88b6a46c78d63e52eb8c546efb5de6f75e9cc0d",
        "5545ff1a085ee2efbf52b2e04bee1e2336c73e3f762c0c7744fe7e3c",
    ),
    (
        K2,
        "00d560912d3f703c9696766cfa",
        "cd9044d2b71fdb8120ea60c0",
        "6435acbafb11a82e2f071d7ca4a5ebd93a803ba87f",
        "009769ecabdf48625594c59251e6035722675e04c847099e5ae0704551",
    ),
)

NO_AAD = unhexlify("1e88858fd978c70ad0a6fb82")

# RFC 5869 appendix A.1-A.3: (secret, salt, info, output)
HKDF_VECTORS = (
    (
        "0b" * 22,
        "000102030405060708090a0b0c",
        "f0f1f2f3f4f5f6f7f8f9",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    (
        "".join("%02x" % i for i in range(0x50)),
        "".join("%02x" % i for i in range(0x60, 0xB0)),
        "".join("%02x" % i for i in range(0xB0, 0x100)),
        (
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
            "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
            "cc30c58179ec3e87c14c01d5c1f3434f1d87"
        ),
    ),
    (
        "0b" * 22,
        "",
        "",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
)

# RFC 4231, test cases 1, 2, 3, 6 and 7: (key, message, HMAC-SHA256)
HMAC_VECTORS = (
    (
        b"\x0b" * 20,
        b"Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ),
    (
        b"Jefe",
        b"what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    (
        b"\xaa" * 20,
        b"\xdd" * 50,
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
    ),
    (
        b"\xaa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
    (
        b"\xaa" * 131,
        (
            b"This is a test using a larger than block-size key and a larger than block-size "
            b"data. The key needs to be hashed before being used by the HMAC algorithm."
        ),
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ),
)


def refused(key: bytes, nonce: bytes, aad: bytes, sealed: bytes) -> bool:
    try:
        seal.ccm_open(key, nonce, aad, sealed)
    except RemoteProtocolError:
        return True
    return False


def test_ccm_vectors_seal_and_open() -> None:
    """Every RFC 3610 vector with an 8-byte tag comes out, both ways."""
    for vector in CCM_VECTORS:
        key, nonce, aad, plain, sealed = [unhexlify(v) for v in vector]
        assert seal.ccm_seal(key, nonce, aad, plain) == sealed, vector
        assert seal.ccm_open(key, nonce, aad, sealed) == plain, vector


def test_ccm_refuses_every_flipped_bit() -> None:
    """One bit changed anywhere (text, tag, additional data, nonce) is refused."""
    key, nonce, aad, _plain, sealed = [unhexlify(v) for v in CCM_VECTORS[0]]
    for part in range(3):
        for i in range(len((nonce, aad, sealed)[part]) * 8):
            given = [bytearray(nonce), bytearray(aad), bytearray(sealed)]
            given[part][i // 8] ^= 1 << i % 8
            assert refused(key, bytes(given[0]), bytes(given[1]), bytes(given[2])), (part, i)


def test_ccm_of_empty_and_short_input() -> None:
    """Nothing at all can be sealed and opened; what is shorter than a tag is refused."""
    key, nonce = bytes(16), bytes(13)
    for aad in (b"", b"a"):
        for plain in (b"", b"x", bytes(16), bytes(17), bytes(244)):
            sealed = seal.ccm_seal(key, nonce, aad, plain)
            assert len(sealed) == len(plain) + seal.TAG_BYTES
            assert seal.ccm_open(key, nonce, aad, sealed) == plain
    for short in range(seal.TAG_BYTES):
        assert refused(key, nonce, b"", bytes(short))


def test_ccm_without_additional_data_is_the_same_on_both() -> None:
    """Both interpreters seal alike without additional data (fixed from `cryptography` 46)."""
    assert seal.ccm_seal(bytes(range(16)), bytes(13), b"", b"anbu") == NO_AAD


def test_hmac_vectors() -> None:
    """RFC 4231."""
    for key, message, mac in HMAC_VECTORS:
        assert seal.hmac_sha256(key, message) == unhexlify(mac), message


def test_hkdf_vectors() -> None:
    """RFC 5869 appendix A, SHA-256."""
    for vector in HKDF_VECTORS:
        secret, salt, info, output = [unhexlify(v) for v in vector]
        assert seal.hkdf_sha256(secret, salt, info, len(output)) == output


def test_equal_tells_difference_and_length() -> None:
    """The comparison is right for equal, different, shorter and empty."""
    assert seal.equal(b"", b"")
    assert seal.equal(b"abc", b"abc")
    assert not seal.equal(b"abc", b"abd")
    assert not seal.equal(b"abc", b"ab")
    assert not seal.equal(b"", b"a")
