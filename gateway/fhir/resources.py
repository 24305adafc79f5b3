"""What stands around a request: its bundle, the medication and the pharmacy it points to.

Knows: entries, references, contained resources, status. May not know: dosing, bag lines.
"""

from __future__ import annotations

from gateway.fhir.codes import ABSENT
from gateway.fhir.nodes import Node, extension
from gateway.fhir.wanted import Wanted

ACTIVE = "active"
OVER = ("on-hold", "cancelled", "completed", "entered-in-error", "stopped")
ORDERS = ("order", "original-order", "filler-order")


class Bundle:
    """The resources of a bundle, each with its place."""

    def __init__(self, node: Node) -> None:
        self._resources: list[Node] = []
        self._by_reference: dict[str, Node] = {}
        if node.at("resourceType").value != "Bundle":
            node.at("resourceType").refuse(Wanted.EXACTLY, what="Bundle")
            return
        for entry in node.at("entry").rows():
            resource = entry.at("resource")
            if not resource.is_object(Wanted.RESOURCE):
                continue
            self._resources.append(resource)
            kind, own = resource.at("resourceType").value, resource.at("id").value
            for key in (entry.at("fullUrl").value, f"{kind}/{own}"):
                if isinstance(key, str):
                    self._by_reference[key] = resource

    def of_type(self, kind: str) -> list[Node]:
        """Every resource of that type, in order."""
        return [r for r in self._resources if r.at("resourceType").value == kind]

    def find(self, reference: Node, inside: Node) -> Node | None:
        """What a Reference points to, in the bundle or contained in `inside`; None if nowhere."""
        target = reference.at("reference").value
        if not isinstance(target, str):
            return None
        if target.startswith("#"):
            rows = inside.at("contained").rows()
            return next((r for r in rows if r.at("id").value == target[1:]), None)
        return self._by_reference.get(target)


def may_be_read(request: Node) -> bool:
    """Whether it is an order that stands; one that is over is left out, others are refused."""
    status, intent = request.at("status"), request.at("intent")
    if status.value in OVER:
        status.leave()
        return False
    if status.value != ACTIVE:
        status.refuse(Wanted.STATUS, what=ACTIVE, over=", ".join(OVER))
    if intent.value not in ORDERS:
        intent.refuse(Wanted.ONE_OF, what=", ".join(ORDERS))
    if request.at("doNotPerform").value not in (None, False):
        request.at("doNotPerform").refuse(Wanted.NOT_FORBIDDEN)
    return True


def name_of(request: Node, bundle: Bundle) -> str:
    """The medication's name; "" where refused."""
    concept, reference = (request.at(f"medication{x}") for x in ("CodeableConcept", "Reference"))
    if reference:
        target = bundle.find(reference, request)
        if target is None:
            reference.refuse(Wanted.MEDICATION)
            return ""
        target.leave_others(("resourceType", "id", "meta", "text", "language", "code"))
        concept = target.at("code")
    if extension(concept, ABSENT, "valueCode"):
        return ""  # said to be unknown
    text = concept.at("text").text(Wanted.NAME)
    for row in concept.at("coding").rows():
        row.leave()
    shown = {row.at("display").value for row in _with_display(concept)}
    if text is None and len(shown) == 1:
        text = shown.pop().strip()
    if text is None:
        concept.refuse(Wanted.NAME)
    return text or ""


def _with_display(concept: Node) -> list[Node]:
    return [r for r in concept.at("coding").rows() if (r.at("display").text(Wanted.DISPLAY) or "")]


def phone_of(performer: Node, request: Node, bundle: Bundle) -> str:
    """The pharmacy's phone; "" where there is none or more than one."""
    if not performer:
        return ""
    target = bundle.find(performer, request)
    if target is None:
        performer.leave()
        return ""
    phones = [t for t in target.at("telecom").rows() if t.at("system").value == "phone"]
    said = [t.at("value").text(Wanted.PHONE) for t in phones]
    if len(said) == 1:
        return said[0] or ""
    for phone in phones:
        phone.leave()
    return ""
