"""The technician's page about one person: devices placed, tried, updated; the signed record.

Knows: Flask, the workshop, the entries. May not know: what a label or a check means, how a key is
kept. What is typed of a label is read once and goes to the workshop, never into a fact.

    GET  /install/ID                     one person
    POST /install/ID/place               label | device, room
    POST /install/ID/move                device, room
    POST /install/ID/remove              device
    POST /install/ID/attempt             device: it shows itself
    POST /install/ID/update              device, image (its checksum)
    POST /install/ID/text                guardian
    POST /install/ID/sign                said …, remark
    GET  /install/ID/record/DIGEST       to be printed
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from flask import abort, request
from flask.typing import ResponseReturnValue

from gateway import label as labels
from gateway.access import TECHNICIAN
from gateway.desk import DeskClosed
from gateway.enrolling import PlaceDevice, RemoveDevice
from gateway.entering import Entry
from gateway.home import Home
from gateway.installation import checks
from gateway.installing import REMARK_MOST, SignInstallation, TryText
from gateway.orders import Kind, Wish, WishRefused
from gateway.roster import PILLBOX, Device
from gateway.web import installs, section
from gateway.web.framing import render
from gateway.web.install import done_word, install, onward, refuse, words_here, workshop_here
from gateway.web.room import room, sorry
from gateway.web.seat import who
from gateway.workshop import WorkshopRefused

__all__ = ["install"]  # with both files' addresses

ROOM_MOST = 20
_TRIED_COMPARTMENT = 0  # any lid will do: the one on Monday's column, in the morning's row


@install.get("/install/<person_id>")
def show(person_id: str) -> ResponseReturnValue:
    """Her devices, her people, and the list."""
    return _page(person_id)


def _page(person_id: str, wrong: str | None = None) -> str:
    workshop = workshop_here()
    how, kept = installs.measured(workshop), workshop.kept()

    def view(scene: section.Scene) -> installs.View:
        home, words, now_ms = scene.home, scene.words, scene.now_ms
        found = checks(home, person_id, how, now_ms)
        signed = home.installations.signed.get(person_id, [])
        return {
            "devices": installs.devices(home, person_id, workshop, now_ms, words),
            "waiting": installs.waiting(scene.roster, kept, words),
            "told": installs.told(home, person_id, now_ms, words),
            "checks": installs.check_list(found, scene.roster, words),
            "left": sum(c.state != "ok" for c in found),
            "said": installs.said(words),
            "signed": [
                (one.digest, words.moment(one.at_ms, now_ms), one.by) for one in reversed(signed)
            ],
            "now": words.moment(now_ms, now_ms),
        }

    scene, shown = section.look(person_id, view)
    return render(
        "install_person.html",
        scene.words,
        person=scene.person,
        base=_base(person_id),
        path=_base(person_id),
        images=installs.images(workshop.images(), scene.words),
        wrong=wrong,
        typed=request.form.get("label", "") if wrong else "",
        room_most=ROOM_MOST,
        remark_most=REMARK_MOST,
        done=done_word(scene.words),
        by=who().name,
        **shown,
    )


@install.post("/install/<person_id>/place")
def place(person_id: str) -> ResponseReturnValue:
    """A device of a label that is scanned or typed, or one of an enrolment file, gets its room."""
    words, workshop = words_here(), workshop_here()
    typed, device_id = request.form.get("label", ""), section.field("device")
    try:
        if typed.strip():
            label = labels.parse(typed)
            _not_of_others(label.device_id)
            workshop.keep((label,))
            device_id, kind = label.device_id, label.kind
        else:
            kind = workshop.kept().get(device_id, "")
    except labels.LabelRefused as refused:
        wrong = words.say(f"install.label.{refused.code}")
        return _page(person_id, wrong), HTTPStatus.UNPROCESSABLE_ENTITY
    except WorkshopRefused as refused:
        return refuse(words, refused)
    if not kind:
        return _page(person_id, words.say("install.label.none")), HTTPStatus.UNPROCESSABLE_ENTITY
    _not_of_others(device_id)
    return _enter(person_id, _placed(device_id, kind, person_id), "placed", "devices")


def _not_of_others(device_id: str) -> None:
    """A device of somebody this technician does not install for is not to be had from her."""

    def owner(home: Home, _now_ms: int) -> str | None:
        device = home.household.roster.device(device_id) if home.household.roster else None
        return device.person_id if device else None

    person_id = room().desk.ask(owner)
    if person_id is not None and not who().may({TECHNICIAN}, person_id):
        abort(HTTPStatus.NOT_FOUND)


def _placed(device_id: str, kind: str, person_id: str) -> PlaceDevice:
    device = Device(device_id, kind, person_id, section.field("room")[:ROOM_MOST])
    return PlaceDevice(device, who().name)


@install.post("/install/<person_id>/move")
def move(person_id: str) -> ResponseReturnValue:
    """Her device stands in another room."""
    device = _hers(person_id)
    return _enter(person_id, _placed(device.id, device.kind, person_id), "placed", "devices")


@install.post("/install/<person_id>/remove")
def remove(person_id: str) -> ResponseReturnValue:
    """Her device is taken away; its key, too."""
    device = _hers(person_id)
    answer = _enter(person_id, RemoveDevice(device.id, who().name), "removed", "devices")
    try:
        if not room().desk.ask(lambda home, _now: _placed_here(home, device.id)):
            workshop_here().forget(device.id)
    except WorkshopRefused as refused:
        return refuse(words_here(), refused)
    return answer


def _placed_here(home: Home, device_id: str) -> bool:
    """Whether it is somebody's: what could not be taken away keeps its key."""
    roster = home.household.roster
    return roster is not None and roster.device(device_id) is not None


@install.post("/install/<person_id>/attempt")
def attempt(person_id: str) -> ResponseReturnValue:
    """Her device shows itself: a lid lights, or it blinks."""
    device = _hers(person_id)
    if device.kind == PILLBOX:
        arguments = {"compartment": _TRIED_COMPARTMENT}
        return _order(person_id, Wish(device.id, Kind.PROMPT_TEST, arguments), "tried")
    return _order(person_id, Wish(device.id, Kind.LOCATE), "tried")


@install.post("/install/<person_id>/update")
def update(person_id: str) -> ResponseReturnValue:
    """Her device gets another program."""
    device, wanted = _hers(person_id), section.field("image")
    found = next((i for i in workshop_here().images() if f"{i.crc:08x}" == wanted), None)
    if found is None:
        words = words_here()
        back = _base(person_id)
        return sorry(words, HTTPStatus.BAD_REQUEST, words.say("order.not.image"), back)
    arguments = {"crc": found.crc, "version": found.version, "size_bytes": found.size_bytes}
    return _order(person_id, Wish(device.id, Kind.UPDATE, arguments), "update")


@install.post("/install/<person_id>/text")
def text(person_id: str) -> ResponseReturnValue:
    """One text, to see it arrive."""
    entry = TryText(person_id, section.field("guardian"), who().name)
    return _enter(person_id, entry, "text", "texts")


@install.post("/install/<person_id>/sign")
def sign(person_id: str) -> ResponseReturnValue:
    """This is how it was left."""
    entry = SignInstallation(
        person_id,
        frozenset(request.form.getlist("said")),
        section.field("remark"),
        installs.measured(workshop_here()),
        who().name,
    )
    return _enter(person_id, entry, "signed", "records")


@install.get("/install/<person_id>/record/<digest>")
def record(person_id: str, digest: str) -> ResponseReturnValue:
    """What was signed, for paper."""
    scene, signed = section.look(
        person_id, lambda scene: scene.home.installations.of(person_id, digest)
    )
    if signed is None:
        abort(HTTPStatus.NOT_FOUND)
    words, body = scene.words, signed.record
    names = {g.id: g.name for g in scene.roster.guardians}
    lines = [
        installs.check_line(c["code"], c["state"], names.get(c["of"], c["of"]), c["value"], words)
        for c in body["checks"]
    ]
    at = f"{words.day(words.local(signed.at_ms).date())} {words.clock(signed.at_ms)}"
    return render(
        "install_record.html", words, person=scene.person, signed=signed, record=body,
        lines=lines, said=installs.said(words), at=at, base=_base(person_id),
        kinds={d["kind"]: words.code("device", d["kind"]) for d in body["devices"]},
    )  # fmt: skip


def _hers(person_id: str) -> Device:
    """The device of the form, which must be this person's. 404."""
    device_id = section.field("device")
    _scene, device = section.look(person_id, lambda scene: scene.roster.device(device_id))
    if device is None or device.person_id != person_id:
        abort(HTTPStatus.NOT_FOUND)
    return device


def _base(person_id: str) -> str:
    return f"/install/{quote(person_id, safe='')}"


def _enter(person_id: str, entry: Entry, done: str, at: str) -> ResponseReturnValue:
    words, base = words_here(), _base(person_id)
    return section.commit(words, entry, base, f"{base}?lang={words.language}&done={done}#{at}")


def _order(person_id: str, wish: Wish, done: str) -> ResponseReturnValue:
    words, base = words_here(), _base(person_id)
    try:
        room().desk.order(wish)
    except WishRefused as refused:
        return sorry(words, HTTPStatus.BAD_REQUEST, words.say(f"order.not.{refused.code}"), base)
    except DeskClosed:
        return sorry(words, HTTPStatus.SERVICE_UNAVAILABLE, words.say("error.503"), base)
    return onward(words, base, done, f"device-{wish.device_id}")
