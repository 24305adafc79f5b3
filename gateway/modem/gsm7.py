"""The GSM 7-bit default alphabet: text ↔ septets ↔ packed octets (3GPP TS 23.038 §6).

Knows: the default table, its extension, and how septets lie in octets.
May not know: PDUs, headers, other alphabets.
"""

from __future__ import annotations

ESCAPE = 0x1B

_TABLE = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
_SEPTETS: dict[str, tuple[int, ...]] = {
    **{char: (code,) for code, char in enumerate(_TABLE) if code != ESCAPE},
    **{char: (ESCAPE, code) for code, char in _EXTENSION.items()},
}


def fits(text: str) -> bool:
    """Whether every character is in the alphabet or its extension."""
    return all(char in _SEPTETS for char in text)


def encode(text: str) -> bytes:
    """One septet (0–127) a byte. Raises KeyError for a character outside the alphabet."""
    return bytes(septet for char in text for septet in _SEPTETS[char])


def decode(septets: bytes) -> str:
    """The text of septets.

    An unknown extension shows as its default character (§6.2.1.1 asks for that), a lone escape at
    the end as a space.
    """
    out: list[str] = []
    escaped = False
    for septet in septets:
        if escaped:
            out.append(_EXTENSION.get(septet, _TABLE[septet] if septet != ESCAPE else " "))
            escaped = False
        elif septet == ESCAPE:
            escaped = True
        else:
            out.append(_TABLE[septet])
    if escaped:
        out.append(" ")
    return "".join(out)


def pack(septets: bytes, fill_bits: int = 0) -> bytes:
    """Septets in octets, least significant bit first, after `fill_bits` (0–6) zero bits."""
    bits = 0
    for place, septet in enumerate(septets):
        bits |= septet << (7 * place + fill_bits)
    return bits.to_bytes((7 * len(septets) + fill_bits + 7) // 8, "little")


def unpack(octets: bytes, count: int, fill_bits: int = 0) -> bytes:
    """`count` septets out of octets. Raises ValueError where the octets are too few."""
    if count * 7 + fill_bits > len(octets) * 8:
        why = f"{count} septets do not fit in {len(octets)} octets"
        raise ValueError(why)
    bits = int.from_bytes(octets, "little") >> fill_bits
    return bytes((bits >> (7 * place)) & 0x7F for place in range(count))
