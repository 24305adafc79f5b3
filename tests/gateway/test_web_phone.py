"""Her telephone by the web: addresses that are secrets, what they may say, what is kept of it."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

import pytest

from gateway.access import GUARDIAN, OFFICER, SENIOR, Grant
from gateway.events import PhoneHeard, PhoneUsed, PhoneWatched, SaidFine
from gateway.life.signs import Source
from gateway.phones.saying import LINKS_MOST
from gateway.vault import Vault, beside
from gateway.web.handset import KIND
from tests.gateway.home_facts import DAUGHTER, MIN_MS, at, settle, texts
from tests.gateway.life.lives_facts import NEXT
from tests.gateway.phones.phone_facts import HERS, NOON, phoned
from tests.gateway.phones.phone_flat import PAGE, Flat
from tests.web_access import NAME, signed_in, token_of


@pytest.fixture
def flat() -> Flat:
    """Watched since noon; a minute later."""
    return Flat(phoned(), Vault(None))


def test_from_the_address_to_the_text(flat: Flat) -> None:
    """An unlocking by the hook is her sign of life; a day after it her daughter is told."""
    assert flat.hook(flat.connect(), battery="80%") == HTTPStatus.OK
    assert flat.told == [PhoneUsed(flat.now_ms, HERS, "unlock", 80)]
    last = flat.home.household.signs.last(HERS, flat.home.household.timelines)
    assert last is not None
    assert (last.source, last.at_ms) == (Source.HANDSET, flat.now_ms)
    assert texts(settle(flat.home, at("12:00", NEXT))) == []
    assert texts(settle(flat.home, at("12:01", NEXT))) == [("phone_still", DAUGHTER)]


def test_the_address_is_shown_once_and_kept_as_a_digest(tmp_path: Path) -> None:
    """Neither the vault's file nor a later look at the page holds it."""
    flat = Flat(phoned(), Vault(beside(tmp_path / "anbu.db")))
    secret = flat.connect()
    assert secret not in flat.carer.get(PAGE).text
    flat.vault.close()
    for file in tmp_path.iterdir():
        assert secret.encode() not in file.read_bytes()


def test_the_recipes_can_be_read_again(flat: Flat) -> None:
    """Whoever closed the page finds how each phone reports by itself, but for the address."""
    secret = flat.connect()
    page = flat.carer.get(f"{PAGE}?lang=ko").text
    assert all(words in page for words in ("MacroDroid", "단축어", "OwnTracks", "걸음"))
    assert "/hook/" not in page
    assert secret not in page


def test_a_revoked_address_says_nothing_any_more(flat: Flat) -> None:
    """Taken back by the page: page, hook and app are refused alike, and nothing is noted."""
    secret = flat.connect()
    number = flat.vault.links.of(KIND, HERS)[0].id
    form = {"token": token_of(flat.carer), "number": str(number)}
    assert flat.carer.post(f"{PAGE}/end", data=form).status_code == HTTPStatus.SEE_OTHER
    assert flat.phone.get(f"/phone/{secret}").status_code == HTTPStatus.NOT_FOUND
    assert flat.phone.post(f"/phone/{secret}/fine").status_code == HTTPStatus.NOT_FOUND
    assert flat.hook(secret) == HTTPStatus.NOT_FOUND
    assert flat.owntracks(secret, {"_type": "location"})[0] == HTTPStatus.UNAUTHORIZED
    assert flat.told == []


def test_looking_is_no_sign_and_names_nobody(flat: Flat) -> None:
    """A page that is fetched by whatever looks ahead says nothing, to the gateway or of her."""
    secret = flat.connect()
    page = flat.phone.get(f"/phone/{secret}")
    assert page.status_code == HTTPStatus.OK
    assert "나는 괜찮아요" in page.text
    assert "김순자" not in page.text
    assert "manifest-src 'self'" in page.headers["Content-Security-Policy"]
    seen_by = {"User-Agent": "facebookexternalhit/1.1; kakaotalk-scrap/1.0"}
    flat.phone.get(f"/hook/{secret}?how=unlock", headers=seen_by)
    flat.phone.get(f"/hook/{secret}?how=unlock", headers={"Sec-Purpose": "prefetch"})
    flat.phone.head(f"/hook/{secret}?how=unlock")
    assert flat.told == []
    assert flat.phone.get(f"/hook/{secret}?how=unlock").status_code == HTTPStatus.OK
    assert len(flat.told) == 1


def test_her_button_says_that_she_is_fine(flat: Flat) -> None:
    """One press: SaidFine by her own name, a use of her telephone, thanks on the page."""
    secret = flat.connect()
    answer = flat.phone.post(f"/phone/{secret}/fine")
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert flat.told == [
        SaidFine(flat.now_ms, HERS, "김순자"),
        PhoneUsed(flat.now_ms, HERS, "page", None),
    ]
    assert "잘 전했습니다" in flat.phone.get(answer.headers["Location"]).text


def test_a_page_that_is_opened_is_a_use_unless_another_is_signed_in(flat: Flat) -> None:
    """The officer who tries it out is not the person."""
    secret = flat.connect()
    officer = signed_in(flat.app, Grant(OFFICER), name="최담당")
    officer.post(f"/phone/{secret}/opened")
    assert flat.told == []
    herself = signed_in(flat.app, Grant(SENIOR, HERS), name="김순자")
    herself.post(f"/phone/{secret}/opened")
    assert flat.told == [PhoneUsed(flat.now_ms, HERS, "page", None)]


def test_the_manifest_leads_back_to_her_page(flat: Flat) -> None:
    """What is put on the home screen opens the same page, and nothing of it is kept in a cache."""
    secret = flat.connect()
    answer = flat.phone.get(f"/phone/{secret}/app.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    assert answer.headers["Cache-Control"] == "no-store"
    manifest = answer.get_json()
    assert manifest["start_url"].startswith(f"/phone/{secret}")
    assert manifest["display"] == "standalone"
    assert "김순자" not in answer.text


def test_what_is_told_too_often_is_kept_once(flat: Flat) -> None:
    """A screen that is unlocked each minute is six facts an hour, its being there two."""
    secret = flat.connect()
    for minute in range(60):
        flat.now_ms = NOON + minute * MIN_MS
        assert flat.hook(secret) == HTTPStatus.OK
        assert flat.hook(secret, "alive") == HTTPStatus.OK
    kinds = [type(fact) for fact in flat.told]
    assert (kinds.count(PhoneUsed), kinds.count(PhoneHeard)) == (6, 2)


def test_who_asks_too_fast_is_refused(flat: Flat) -> None:
    """A loop that went wild does not fill the log, and learns that it is too fast."""
    secret = flat.connect()
    codes = {flat.hook(secret) for _ in range(60)}
    assert codes == {HTTPStatus.OK, HTTPStatus.TOO_MANY_REQUESTS}
    assert len(flat.told) == 1


def test_a_battery_is_read_as_telephones_write_it(flat: Flat) -> None:
    """Anything else than a percentage is no news of the battery, but news of her."""
    secret = flat.connect()
    written = {"80": 80, "80%": 80, " 7.0 ": 7, "x": None, "300": None, "": None}
    for typed, percent in written.items():
        flat.now_ms += 11 * MIN_MS
        assert flat.hook(secret, battery=typed) == HTTPStatus.OK
        assert flat.told[-1] == PhoneUsed(flat.now_ms, HERS, "unlock", percent)


def test_a_hook_that_says_nothing_known_is_told_what_to_say(flat: Flat) -> None:
    """400 with the list, nothing noted."""
    answer = flat.phone.post(f"/hook/{flat.connect()}?how=boo")
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "unlock" in answer.get_json()["known"]
    assert flat.told == []


def test_a_foreign_page_may_not_set_up_a_telephone(flat: Flat) -> None:
    """Its carers' forms want a token of the page; another guardian sees no page at all."""
    assert flat.carer.post(f"{PAGE}/watch", data={"hours": "3"}).status_code == HTTPStatus.FORBIDDEN
    other = signed_in(flat.app, Grant(GUARDIAN, "malsoon"), name="남의딸")
    assert other.get(PAGE).status_code == HTTPStatus.NOT_FOUND


def test_hours_and_first_guardian_are_set_by_the_page(flat: Flat) -> None:
    """What stands in the form is what is watched; nonsense is refused in one sentence."""
    form = {"token": token_of(flat.carer), "hours": "30", "guardian": "officer"}
    assert flat.carer.post(f"{PAGE}/watch", data=form).status_code == HTTPStatus.SEE_OTHER
    assert flat.told == [PhoneWatched(flat.now_ms, HERS, 30, "officer", NAME)]
    for wrong in ("0", "73", "abc", "-1", "١٢"):
        refused = flat.carer.post(f"{PAGE}/watch", data={**form, "hours": wrong})
        assert refused.status_code == HTTPStatus.BAD_REQUEST
    unknown = flat.carer.post(f"{PAGE}/watch", data={**form, "guardian": "nobody"})
    assert unknown.status_code == HTTPStatus.BAD_REQUEST
    off = flat.carer.post(f"{PAGE}/watch", data={**form, "off": "yes"})
    assert off.status_code == HTTPStatus.SEE_OTHER
    assert flat.home.household.phones.of[HERS].hours is None


def test_so_many_telephones_are_enough(flat: Flat) -> None:
    """The sixth is refused, and no name longer than forty signs is taken."""
    for n in range(LINKS_MOST):
        flat.connect(f"전화 {n}")
    form = {"token": token_of(flat.carer), "name": "여섯째"}
    assert flat.carer.post(f"{PAGE}/link", data=form).status_code == HTTPStatus.BAD_REQUEST
    form["name"] = "가" * 41
    assert flat.carer.post(f"{PAGE}/link", data=form).status_code == HTTPStatus.BAD_REQUEST
    assert len(flat.vault.links.of(KIND, HERS)) == LINKS_MOST


# --- OwnTracks ---------------------------------------------------------------------------------


WHERE = {"lat": 35.829612, "lon": 128.532741, "alt": 61, "SSID": "soonja-home", "BSSID": "a4:4e"}


def test_no_coordinate_stands_anywhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Of every kind of message: nothing of where she was in facts, log lines or vault."""
    flat = Flat(phoned(), Vault(beside(tmp_path / "anbu.db")))
    secret, caplog.handler.level = flat.connect(), 0
    bodies: list[dict[str, object]] = [
        {"_type": "location", "batt": 40, "vel": 5, "tst": flat.now_ms // 1000, **WHERE},
        {"_type": "transition", "event": "leave", "desc": "두류공원", **WHERE},
        {"_type": "waypoint", "desc": "두류공원", "rad": 50, **WHERE},
        {"_type": "waypoints", "waypoints": [WHERE]},
        {"_type": "dump", "configuration": WHERE},
        {"_type": "location", "batt": WHERE, **WHERE},
    ]
    for body in bodies:
        flat.now_ms += 11 * MIN_MS
        assert flat.owntracks(secret, body) == (HTTPStatus.OK, [])
    flat.vault.close()
    kept = [repr(flat.told), caplog.text, str(flat.home.household.phones)]
    kept += [file.read_bytes().decode("latin-1") for file in tmp_path.iterdir()]
    for value in (
        "35.8",
        "128.5",
        "soonja-home",
        "a4:4e",
        "두류공원",
        "두류공원".encode().decode("latin-1"),
    ):
        assert not any(value in text for text in kept), value


def test_the_app_is_never_held_up_by_what_it_sent(flat: Flat) -> None:
    """It sends nothing else before an answer of 200: nonsense and long messages are taken too."""
    secret = flat.connect()
    for body in (b"", b"no json", b"[1,2]", b'{"_type": 5}', b"[" * 3000, b'{"x":"' + b"a" * 4080):
        assert flat.owntracks(secret, body) == (HTTPStatus.OK, [])
    assert {type(fact) for fact in flat.told} <= {PhoneHeard}


def test_the_app_without_its_password_is_refused(flat: Flat) -> None:
    """No name, a wrong word, a token of another kind: 401 and nothing noted."""
    assert flat.phone.post("/owntracks", data=b"{}").status_code == HTTPStatus.UNAUTHORIZED
    assert flat.owntracks("wrong", {"_type": "location"})[0] == HTTPStatus.UNAUTHORIZED
    other = flat.vault.links.make("plate", HERS, "문패", flat.now_ms)
    assert flat.owntracks(other, {"_type": "location"})[0] == HTTPStatus.UNAUTHORIZED
    assert flat.told == []
