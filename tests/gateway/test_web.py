"""The page through Flask's test client: what it says and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from gateway.web import incidents
from gateway.web.words import Words
from tests.web import fake_board, fakes
from tests.web.fake_board import FakeBoard
from tests.web.fakes import STORIES, FakeDesk, Picture, client_of, token_of

KO = Words("ko", "Asia/Seoul")
EN = Words("en", "Asia/Seoul")


@pytest.fixture
def board() -> FakeBoard:
    return FakeBoard()


@pytest.fixture
def at_home(board: FakeBoard, tmp_path: Path) -> Iterator[FlaskClient]:
    """A client of a page with a virtual home behind it."""
    with fake_board.window_open(board, tmp_path / "window.sock") as path:
        yield client_of(FakeDesk(fakes.calm(), path))


# --- the page ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("story", STORIES)
def test_page_is_whole_in_each_language(story: Callable[[], Picture], language: str) -> None:
    """Without any script the page tells the story, in one language, with no code left over."""
    html = client_of(FakeDesk(story())).get(f"/?lang={language}").text
    assert f'<html lang="{language}">' in html
    main = html[html.index("<main") : html.index("</main>")]
    spoken = re.sub(
        r"<blockquote.*?</blockquote>|<[^>]+>|박순자|김영희|이철수|최민정",
        " ",
        main,
        flags=re.DOTALL,
    )
    assert not re.search(r"\{|\bNone\b|\w_\w", spoken)
    if language == "en":
        assert not re.search(r"[가-힣]", spoken)
    else:
        assert not re.search(r"[A-Za-z]{3}", spoken.replace("box-7f3a", ""))


def test_what_a_stranger_wrote_is_only_text() -> None:
    """A text message with markup in it is shown as it was written, not obeyed."""
    picture = fakes.acknowledged()
    picture["texts"][1].update(
        body="<img src=x onerror=alert(1)>", guardian=None, guardian_name=None
    )
    html = client_of(FakeDesk(picture)).get("/").text
    assert "&lt;img src=x" in html
    assert "<img" not in html
    assert "+8210····5678" in html
    assert "1234" not in html


def test_the_story_of_an_incident_can_be_followed() -> None:
    """Each step stands there with its time, whom it reached and why."""
    html = client_of(FakeDesk(fakes.acknowledged())).get("/").text
    for sentence in ("김영희 님에게 문자: 열리지 않음", "처음 알림", "김영희 님이 맡음", "도착함"):
        assert sentence in html


def test_incidents_that_are_not_over_come_first() -> None:
    """An open incident is never hidden behind later ones that are over."""
    picture = fakes.missed()
    for number in range(13, 30):
        over = {**picture["incidents"][0], "id": number, "state": "resolved"}
        picture["incidents"].insert(0, {**over, "opened_ms": picture["now_ms"]})
    view = incidents.incidents(picture, EN)
    assert view["shown"][0]["id"] == 12
    assert len(view["shown"]) == incidents.INCIDENTS_SHOWN
    assert view["older"] == "12 earlier"


# --- who may ask ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/live", "/incident/1", "/api/picture", "/api/box", "/nothing"]
)
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.0.4"])
def test_other_hosts_are_refused(host: str, path: str) -> None:
    """A page of another name (DNS rebinding) gets nothing."""
    answer = client_of(FakeDesk(fakes.calm())).get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "박순자" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:8080"])
def test_this_host_is_answered(host: str) -> None:
    """Loopback by any of its names works."""
    client = client_of(FakeDesk(fakes.calm()))
    assert client.get("/sign-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/incident/1", "/api/picture", "/static/live.js", "/nothing"]
)
def test_headers_guard_every_answer(path: str) -> None:
    """No inline script, no frame, nothing from outside; nothing personal kept in a cache."""
    answer = client_of(FakeDesk(fakes.calm())).get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers.get("Cache-Control") == ("no-cache" if "static" in path else "no-store")


def test_nothing_inline_and_nothing_from_outside(at_home: FlaskClient) -> None:
    """The page lives under its own policy: no style or handler attributes, no foreign address."""
    html = at_home.get("/").text
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", html)
    assert not re.search(r'(?:src|href|action)="(?!/|#)', html)
    assert re.findall(r"<script(?! src)", html) == []


@pytest.mark.parametrize(
    ("headers", "keeps_token"),
    [
        ({"Origin": "http://evil.example"}, True),
        ({"Origin": "null"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Origin": "http://localhost"}, False),
        ({}, False),
    ],
)
def test_changes_only_from_this_page(
    at_home: FlaskClient, board: FakeBoard, headers: dict[str, str], keeps_token: bool
) -> None:
    """Without our origin and our token no lid moves."""
    data = {"lid": "3:open", "token": token_of(at_home) if keeps_token else "guess"}
    assert at_home.post("/box", data=data, headers=headers).status_code == 403
    assert board.done == []


def test_a_real_home_has_no_window() -> None:
    """Where there is no virtual home there is no box to click and nothing that could move one."""
    client = client_of(FakeDesk(fakes.calm()))
    assert 'id="box"' not in client.get("/").text
    assert client.get("/api/box").status_code == 404
