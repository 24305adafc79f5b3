"""The page behind a certificate of its own, asked by a real TLS client."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from gateway.app import front, tls
from gateway.config.web import WebSettings
from gateway.vault import Vault
from tests.certificate import certificate
from tests.web import fakes
from tests.web.fakes import FakeDesk
from tools.home.visitor import free_port

PASSWORD = "말이 많은 참새 네 마리"


@dataclass
class House:
    """Where the page is served, and with what it is believed."""

    desk: FakeDesk
    vault: Vault
    port: int
    trust: ssl.SSLContext
    files: tuple[Path, Path]  # chain and key

    def asks(
        self, path: str, body: str = "", cookie: str = "", at: str = "127.0.0.1"
    ) -> http.client.HTTPResponse:
        """An answer over TLS; `at`: the loopback address one comes from."""
        line = http.client.HTTPSConnection(
            "localhost", self.port, timeout=30, source_address=(at, 0), context=self.trust
        )
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        line.request("POST" if body else "GET", path, body, {**kind, "Cookie": cookie})
        return line.getresponse()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A new gateway's page on a port of its own."""
    folder = tmp_path_factory.mktemp("tls")
    certificate(folder, "localhost")
    desk, vault, port = FakeDesk(fakes.calm()), Vault(None), free_port()
    both: tuple[Path, Path] = (folder / "ca.pem", folder / "key.pem")
    settings = WebSettings("127.0.0.1", port, None, f"https://localhost:{port}", False, both)
    front.serve(settings, desk, vault)
    yield House(desk, vault, port, ssl.create_default_context(cafile=both[0]), both)
    desk.close()


def cookies(answer: http.client.HTTPResponse) -> str:
    """What the answer gave, as the next question brings it."""
    given = (line.partition(";")[0] for line in answer.headers.get_all("Set-Cookie", []))
    return "; ".join(pair for pair in given if not pair.endswith("="))


def test_a_gateway_is_claimed_over_tls_and_its_stream_lives(house: House) -> None:
    """Form, cookie of this host alone, page and stream all come through; the origin is ours."""
    door = house.asks("/claim")
    token = re.search(r'name="token" value="(\w+)"', door.read().decode())
    assert token
    typed = {"token": token.group(1), "name": "이지은", "password": PASSWORD, "again": PASSWORD}
    code = house.vault.codes.claim(house.desk.now_ms)
    answer = house.asks("/claim", urlencode({**typed, "code": code}), cookies(door))
    assert answer.status == 303
    assert all(
        line.startswith("__Host-") and "Secure" in line
        for line in answer.headers.get_all("Set-Cookie", [])
    )
    assert house.asks("/account", cookie=cookies(answer)).status == 200
    with closing(house.asks("/live", cookie=cookies(answer))) as stream:
        assert stream.readline().startswith(b"event:")


def test_each_address_tries_codes_for_itself(house: House) -> None:
    """The page knows who asks behind its own TLS: one that guesses keeps nobody else out."""
    guesses = [house.asks("/join/guess", at="127.0.0.2").status for _ in range(22)]
    assert (guesses[0], guesses[-1]) == (404, 429)
    assert house.asks("/join/guess", at="127.0.0.3").status == 404


def test_who_speaks_no_tls_gets_nothing_and_holds_nobody_up(house: House) -> None:
    """Plain HTTP is answered with no page; a line that never begins is only that line."""
    with socket.create_connection(("127.0.0.1", house.port), 30) as silent:
        with socket.create_connection(("127.0.0.1", house.port), 30) as plain:
            plain.sendall(b"GET /claim HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert b"HTTP/" not in plain.recv(1000)
        assert house.asks("/sign-in").status == 200
        assert silent.fileno() >= 0


def test_who_only_listens_is_not_idle(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that says something in time lives on though its listener never says a word."""
    monkeypatch.setattr(tls, "IDLE_S", 2.0)
    said = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as inner:

        def speak() -> None:
            guest, _ = inner.accept()
            with guest:
                for _ in range(8):
                    guest.sendall(b".")
                    said.wait(0.5)

        threading.Thread(target=speak, daemon=True).start()
        between = tls.Front(*house.files)
        between.start("127.0.0.1", 0, inner.getsockname()[1])
        with (
            socket.create_connection(("127.0.0.1", between.port), 30) as line,
            house.trust.wrap_socket(line, server_hostname="localhost") as listener,
        ):
            heard = b""
            while part := listener.recv(10):
                heard += part
    assert heard == b"." * 8


def test_one_address_leaves_room_for_others(house: House) -> None:
    """Somebody opens a hundred connections and says nothing: others are answered."""
    with ExitStack() as held:
        for _ in range(100):
            line = socket.create_connection(("127.0.0.1", house.port), 30, ("127.0.0.9", 0))
            held.enter_context(house.trust.wrap_socket(line, server_hostname="localhost"))
        assert house.asks("/sign-in", at="127.0.0.7").status == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_proxy_of_this_machine_is_believed_and_nobody_else(host: str) -> None:
    """On each loopback the proxy says who asks; where there is none nobody does."""

    def says_who(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        return [f"{environ['REMOTE_ADDR']} {environ['wsgi.url_scheme']}".encode()]

    for proxied, said in ((True, "203.0.113.9 https"), (False, f"{host} http")):
        line = http.client.HTTPConnection(
            host, front._start(says_who, host, 0, proxied=proxied), timeout=30
        )
        told = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
        line.request("GET", "/", headers=told)
        assert line.getresponse().read().decode() == said
        line.close()


def test_nobody_fills_the_disk_with_a_body(house: House) -> None:
    """A body that no form and no file has is refused before it is kept, whoever sends it."""
    line = http.client.HTTPSConnection("localhost", house.port, timeout=30, context=house.trust)
    line.putrequest("POST", "/report")
    line.putheader("Content-Length", str(2**29))
    line.endheaders()
    line.send(b"x" * 1024)
    assert line.getresponse().status == 413
    line.close()
