"""The page served: on the loopback, behind a proxy, or with a certificate of its own.

Knows: the server, who asks through the TLS front, how a new gateway is claimed.
May not know: what the page shows.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from waitress.server import create_server

from gateway.app.tls import Front
from gateway.config import WebSettings
from gateway.vault import Vault
from gateway.vault.codes import CLAIM
from gateway.web import BODY_MOST_BYTES, LOOPBACK, SERVER_THREADS, Desk, create_app

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def serve(settings: WebSettings, desk: Desk, vault: Vault) -> None:
    """The page in threads of its own. Raises OSError where its port cannot be used."""
    outside = {urlsplit(settings.address).hostname or ""} if settings.address else set()
    app = create_app(desk, vault, hosts={*LOOPBACK, *outside}, address=settings.address)
    if settings.certificate is None:
        _start(app, settings.host, settings.port, proxied=settings.proxy)
        return
    front = Front(*settings.certificate)
    inner = _start(_Asker(app, front), LOOPBACK[0], 0)
    front.start(settings.host, settings.port, inner)


def _start(app: Wsgi, host: str, port: int, *, proxied: bool = False) -> int:
    """A server in a thread; its port. Only a proxy on this very machine is believed who asks.

    On a loopback nobody else can connect, whichever of its addresses that is.
    """
    believed = {
        "trusted_proxy": "*",
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        "clear_untrusted_proxy_headers": True,
    }
    server = create_server(
        app,
        host=host,
        port=port,
        threads=SERVER_THREADS,
        ident=None,
        max_request_body_size=BODY_MOST_BYTES,
        **(believed if proxied and host in LOOPBACK else {}),
    )
    threading.Thread(target=server.run, name="page", daemon=True).start()
    return int(server.effective_port)


class _Asker:
    """Tells the page who asks, where a TLS front stands between."""

    def __init__(self, app: Wsgi, front: Front) -> None:
        self._app, self._front = app, front

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        known = self._front.asker(int(environ.get("REMOTE_PORT") or 0))
        if known is not None:
            environ["REMOTE_ADDR"] = known
        environ["wsgi.url_scheme"] = "https"
        return self._app(environ, start)


def offer_claim(settings: WebSettings, vault: Vault, now_ms: int) -> None:
    """Show the code on the console, once: where nobody has an account and none waits already."""
    if not vault.codes.waiting(CLAIM, now_ms):
        sys.stderr.write(how_to_claim(settings, vault.codes.claim(now_ms)))
        sys.stderr.flush()


def how_to_claim(settings: WebSettings, code: str) -> str:
    """One line that says where the code is to be typed, and how long it is good for."""
    where = settings.address or f"http://{settings.host}:{settings.port}"
    how = f"at {where}/claim with the code {code} (once, within 24 hours)"
    return f"anbu gateway: make your account {how}\n"
