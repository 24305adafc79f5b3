"""Where the page is served, and how it is guarded there: [web].

Knows: which keys go together, whether a certificate and its key fit. May not know: the server.

On the loopback nothing else is needed. From outside it is reached by a certificate of its own
(tls_cert, tls_key) or by a proxy that has one (proxy = true); either way `address` says how.
"""

from __future__ import annotations

import ssl
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.config.fields import _LOOPBACK

Row = dict[str, Any]
Tell = Callable[[str, str, str], None]


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where the page is served; `box_window`: the virtual home's socket.

    `address`: where people outside find it ("https://anbu.example.org"). `certificate`: (chain,
    key) where TLS ends here; `proxy`: it ends before us.
    """

    host: str
    port: int
    box_window: str | None = None
    address: str | None = None
    proxy: bool = False
    certificate: tuple[Path, Path] | None = None


def settings(row: Row, folder: Path, problem: Tell) -> WebSettings:
    """The settings of a row that was checked key by key; what does not go together is told."""
    if "host" not in row:  # told already: it is no section
        return WebSettings("", 0)
    paths = [folder / row[name] if row[name] else None for name in ("tls_cert", "tls_key")]
    certificate = (paths[0], paths[1]) if paths[0] and paths[1] else None
    if (paths[0] is None) != (paths[1] is None):
        problem("[web] tls_cert, tls_key", "one of them is missing", "both, or none")
    if certificate is not None:
        _check_certificate(*certificate, problem)
    guarded = certificate is not None or row["proxy"]
    outside = row["host"] is not None and row["host"] not in _LOOPBACK
    if outside and certificate is None and row["proxy"]:
        what = f"the page would be reached at {row['host']} past it, without encryption"
        problem("[web] proxy", what, 'the proxy on this machine, and host = "127.0.0.1"')
    if outside and not guarded:
        problem(
            "[web] host",
            f"{row['host']} is reached from outside without encryption",
            "127.0.0.1, or tls_cert and tls_key, or proxy = true (see docs/reach.md)",
        )
    if guarded and row["address"] is None:
        problem("[web] address", "is missing", 'how people reach it: "https://anbu.example.org"')
    if row["address"] is not None and not guarded:
        allowed = "with it tls_cert and tls_key, or proxy = true (see docs/reach.md)"
        problem("[web] address", "nobody answers there with TLS", allowed)
    window = row["box_window"]
    return WebSettings(
        row["host"],
        row["port"],
        str(folder / window) if window is not None else None,
        row["address"],
        bool(row["proxy"]),
        certificate,
    )


def _check_certificate(chain: Path, key: Path, problem: Tell) -> None:
    for path in (chain, key):
        if not path.is_file():
            problem("[web] tls_cert, tls_key", f"{path} cannot be read", "a PEM file")
            return
    mode = stat.S_IMODE(key.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        what = f"{key} has mode {mode:o}"
        problem("[web] tls_key", what, f"its owner only: chmod 600 {key}")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(chain, key, password=lambda: b"")
    except OSError as error:  # ssl.SSLError is one
        what = f"{chain} and {key} do not go together ({getattr(error, 'reason', error)})"
        problem("[web] tls_cert, tls_key", what, "a certificate and its own key, PEM, no password")
