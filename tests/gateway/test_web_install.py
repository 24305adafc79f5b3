"""The technician's pages: a label becomes a device, tests are ordered, the record is signed."""

from __future__ import annotations

import dataclasses
import io
from http import HTTPStatus
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from gateway import roster as rosters
from gateway.access import GUARDIAN, TECHNICIAN, Grant
from gateway.enrolment import Unit, sealed
from gateway.events import InstallationSigned, LinkUp, RosterChanged, TextDecided
from gateway.installation import SAID
from gateway.label import Label
from gateway.orders import Kind
from gateway.roster import CAREPLUG, PILLBOX
from gateway.web.catalogues import CATALOGUES
from gateway.workshop import Progress, Signal
from tests.gateway.home_facts import BOX, at, begun, caught_up, roster
from tests.gateway.test_images import made
from tests.web.flat import Flat
from tests.web_access import page_of, signed_in, token_of

KO = CATALOGUES["ko"]
PLUG = Label(CAREPLUG, "CP-000007", bytes(range(16)), bytes(range(16, 32)))
HERS = "/install/soonja"


@pytest.fixture
def flat(tmp_path: Path) -> Flat:
    """Soonja's flat: her box is linked; a second person lives elsewhere."""
    who = roster()
    second = rosters.Person("malsoon", "이말순")
    guardian = dataclasses.replace(who.guardians[0], id="son", person_id="malsoon")
    both = dataclasses.replace(
        who, persons=(*who.persons, second), guardians=(*who.guardians, guardian)
    )
    flat = Flat(begun(at("11:00"), both), tmp_path)
    flat.say(LinkUp(at("11:01"), BOX), caught_up(at("14:59")))
    flat.workshop.keep((Label(PILLBOX, BOX, bytes(16)),))
    return flat


@pytest.fixture
def client(flat: Flat) -> FlaskClient:
    """A technician of everybody."""
    return signed_in(page_of(flat.desk), Grant(TECHNICIAN), name="박기사")


def send(client: FlaskClient, to: str, **fields: object) -> tuple[int, str]:
    """What a form sends; the code and the page."""
    answer = client.post(to, data={"token": token_of(client), **fields})
    return answer.status_code, answer.text


def test_a_typed_label_becomes_a_device(client: FlaskClient, flat: Flat) -> None:
    """In small letters and with spaces: placed, its key kept, and no key in any fact."""
    typed = str(PLUG).lower().replace(":", " : ")
    assert send(client, f"{HERS}/place", label=typed, room="주방")[0] == HTTPStatus.SEE_OTHER
    device = flat.home.household.roster.device("CP-000007") if flat.home.household.roster else None
    assert device == rosters.Device("CP-000007", CAREPLUG, "soonja", "주방")
    assert flat.workshop.keyring.labels()[0]["CP-000007"] == PLUG
    facts = str([f for f in flat.facts if isinstance(f, RosterChanged)])
    assert PLUG.key.hex() not in facts.lower()
    assert "CP-000007" in client.get(HERS).text


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        (str(PLUG)[:-1] + "0", "install.label.check"),
        ("https://example.org", "install.label.foreign"),
        (" ", "install.label.none"),
    ],
)
def test_a_wrong_label_is_said_where_it_was_typed(
    client: FlaskClient, flat: Flat, typed: str, key: str
) -> None:
    """One sentence beside the field; nothing is kept."""
    code, page = send(client, f"{HERS}/place", label=typed, room="주방")
    assert code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert KO[key] in page
    assert set(flat.workshop.kept()) == {BOX}


def test_devices_of_a_file_wait_for_their_rooms(client: FlaskClient, flat: Flat) -> None:
    """Sealed for this gateway: each can be placed, or thrown away again."""
    other = Label(CAREPLUG, "CP-000008", bytes(16))
    blob = sealed([Unit(PLUG), Unit(other)], flat.workshop.recipient())
    assert (
        send(client, "/install/file", file=(io.BytesIO(blob), "x.age"))[0] == HTTPStatus.SEE_OTHER
    )
    assert flat.workshop.recipient() in client.get("/install").text
    assert send(client, f"{HERS}/place", device="CP-000007", room="거실")[0] == HTTPStatus.SEE_OTHER
    assert send(client, "/install/forget", device="CP-000008")[0] == HTTPStatus.SEE_OTHER
    assert send(client, "/install/forget", device="CP-000007")[0] == HTTPStatus.CONFLICT
    assert set(flat.workshop.kept()) == {BOX, "CP-000007"}
    code, page = send(client, "/install/file", file=(io.BytesIO(blob[:-1]), "x.age"))
    assert (code, KO["install.not.file_sealed"] in page) == (HTTPStatus.BAD_REQUEST, True)


def test_the_box_is_tried_moved_and_taken_away(client: FlaskClient, flat: Flat) -> None:
    """A lid lights by an order; a room is changed; what is taken away is gone with its key."""
    assert send(client, f"{HERS}/attempt", device=BOX)[0] == HTTPStatus.SEE_OTHER
    assert [o.kind for o in flat.home.book.orders.values()] == [Kind.PROMPT_TEST]
    assert send(client, f"{HERS}/move", device=BOX, room="안방")[0] == HTTPStatus.SEE_OTHER
    assert flat.home.household.roster is not None
    assert flat.home.household.roster.devices[0].room == "안방"
    assert send(client, f"{HERS}/remove", device=BOX)[0] == HTTPStatus.SEE_OTHER
    assert flat.home.household.roster.devices == ()
    assert flat.workshop.kept() == {}


def test_an_update_is_uploaded_and_sent(client: FlaskClient, flat: Flat) -> None:
    """From a file to an order with its checksum; how far it is stands on the page."""
    image = made(5)
    answer = send(client, "/install/image", file=(io.BytesIO(image), "x.anbu"))
    assert answer[0] == HTTPStatus.SEE_OTHER
    (lying,) = flat.workshop.images()
    chosen = f"{lying.crc:08x}"
    assert send(client, f"{HERS}/update", device=BOX, image=chosen)[0] == HTTPStatus.SEE_OTHER
    (order,) = flat.home.book.orders.values()
    assert order.arguments == {"crc": lying.crc, "version": 5, "size_bytes": len(image)}
    flat.workshop.far[order.id] = Progress(len(image) // 2, len(image), "near_dose")
    page = client.get(HERS).text
    assert KO["install.update.far"].format(version=5, percent=49) in page or "50%" in page
    assert KO["refused.near_dose"] in page
    assert send(client, f"{HERS}/update", device=BOX, image="0")[0] == HTTPStatus.BAD_REQUEST
    code, page = send(client, "/install/image", file=(io.BytesIO(b"a photograph" * 9), "x"))
    assert (code, KO["install.not.image"] in page) == (HTTPStatus.BAD_REQUEST, True)


def test_the_record_is_signed_and_printed(client: FlaskClient, flat: Flat) -> None:
    """Everything tried, everything ticked: a fact by the account, and a page with its number."""
    flat.workshop.heard[BOX] = Signal(-61, 5_000)
    send(client, f"{HERS}/move", device=BOX, room="거실")
    send(client, f"{HERS}/attempt", device=BOX)
    send(client, f"{HERS}/text", guardian="daughter")
    assert [f.purpose for f in flat.facts if isinstance(f, TextDecided)] == ["test_now"]
    code, page = send(client, f"{HERS}/sign", said=list(SAID))
    assert code == HTTPStatus.BAD_REQUEST  # neither lid nor text was answered yet
    assert KO["entry.not.install_remark"].format(n=2) in page
    flat.answer_orders()
    flat.deliver_texts()
    assert send(client, f"{HERS}/sign", said=list(SAID[:3]))[0] == HTTPStatus.BAD_REQUEST
    assert send(client, f"{HERS}/sign", said=list(SAID))[0] == HTTPStatus.SEE_OTHER
    (signed,) = [f for f in flat.facts if isinstance(f, InstallationSigned)]
    assert (signed.by, signed.person_id) == ("박기사", "soonja")
    sheet = client.get(f"{HERS}/record/{signed.digest}").text
    for word in (signed.digest, "박기사", "김순자", "거실", KO["install.said.help"]):
        assert word in sheet
    assert client.get(f"{HERS}/record/0").status_code == HTTPStatus.NOT_FOUND


def test_a_technician_of_one_person_touches_nobody_elses(flat: Flat) -> None:
    """Hers only; a label of another one's device does not bring it over; a guardian not at all."""
    app = page_of(flat.desk)
    malsoons = signed_in(app, Grant(TECHNICIAN, "malsoon"))
    assert "김순자" not in malsoons.get("/install").text
    assert malsoons.get(HERS).status_code == HTTPStatus.NOT_FOUND
    label = str(Label(PILLBOX, BOX, bytes(16)))
    for fields in ({"label": label}, {"device": BOX}):
        code, _page = send(malsoons, "/install/malsoon/place", room="x", **fields)
        assert code == HTTPStatus.NOT_FOUND
    for action in ("attempt", "move", "remove", "update"):
        code, _page = send(malsoons, f"/install/malsoon/{action}", device=BOX)
        assert code == HTTPStatus.NOT_FOUND
    assert send(malsoons, "/install/image")[0] == HTTPStatus.FORBIDDEN
    guardian = signed_in(app, Grant(GUARDIAN, "soonja"))
    assert guardian.get("/install").status_code == HTTPStatus.FORBIDDEN
    assert guardian.get(HERS).status_code == HTTPStatus.NOT_FOUND


def test_a_gateway_without_a_workshop_says_so(client: FlaskClient, flat: Flat) -> None:
    """Where nothing can be installed the page does not pretend."""
    flat.desk.workshop = None
    assert client.get("/install").status_code == HTTPStatus.SERVICE_UNAVAILABLE
