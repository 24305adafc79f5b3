"""Who may come in where: one row an endpoint. What stands in no row is closed to everybody.

Knows: endpoints and roles. May not know: how a row is judged (rules.py), who asks (door.py).
"""

from __future__ import annotations

from gateway.access import GUARDIAN, OFFICER, SENIOR, TECHNICIAN
from gateway.api.operations import SCOPES
from gateway.web.rules import (
    Rule,
    device,
    everyone,
    incident,
    open_to_all,
    person,
    signed_in,
    some,
)

TABLE: dict[str, Rule] = {
    "static": open_to_all(),
    "design.show": signed_in(),
    # --- access
    "entry.claim": open_to_all(),
    "entry.claimed": open_to_all(),
    "entry.sign_in": open_to_all(),
    "entry.signed_in": open_to_all(),
    "entry.sign_out": signed_in(),
    "entry.join": open_to_all(),
    "entry.joined": open_to_all(),
    "account.show": signed_in(),
    "account.language": signed_in(),
    "account.password": signed_in(),
    "account.end_session": signed_in(),
    "account.end_others": signed_in(),
    "account.make_token": signed_in(),
    "account.end_token": signed_in(),
    "accounts.show": some(GUARDIAN, OFFICER),
    "accounts.invite": some(GUARDIAN, OFFICER),
    "accounts.withdraw": some(GUARDIAN, OFFICER),
    "accounts.give": some(GUARDIAN, OFFICER),
    "accounts.take": some(GUARDIAN, OFFICER),
    "looks.show": person(SENIOR, GUARDIAN, OFFICER),
    # --- the first page, incidents, the box on the bench
    "page.index": signed_in(),
    "live.stream": signed_in(),
    "page.api_box": some(SENIOR, GUARDIAN, OFFICER, TECHNICIAN),
    "page.move_box": some(SENIOR, GUARDIAN, OFFICER, TECHNICIAN),
    "page.give_order": device(GUARDIAN, OFFICER),
    "incident.show": incident(SENIOR, GUARDIAN, OFFICER),
    "older.show": some(SENIOR, GUARDIAN, OFFICER),
    "answering.say": incident(GUARDIAN, OFFICER),
    # --- one person
    "contacts.show": person(GUARDIAN, OFFICER),
    "contacts.change": person(GUARDIAN, OFFICER),
    "contacts.remove": person(GUARDIAN, OFFICER),
    "contacts.about": person(GUARDIAN, OFFICER),
    "written.show": person(GUARDIAN, OFFICER),
    "enrol.show": everyone(OFFICER),
    "enrol.begin": everyone(OFFICER),
    "enrol.bag": person(GUARDIAN, OFFICER),
    "enrol.filled": person(GUARDIAN, OFFICER),
    "pausing.pause": person(GUARDIAN, OFFICER),
    "pausing.unpause": person(GUARDIAN, OFFICER),
    "prescriptions.show": person(GUARDIAN, OFFICER),
    "prescriptions.check": person(GUARDIAN, OFFICER),
    "prescriptions.enter": person(GUARDIAN, OFFICER),
    "prescriptions.stop": person(GUARDIAN, OFFICER),
    "prescriptions.meals": person(GUARDIAN, OFFICER),
    "plan.show": person(GUARDIAN, OFFICER),
    "plan.box": person(GUARDIAN, OFFICER),
    "plan.confirm": person(GUARDIAN, OFFICER),
    "refill.show": person(GUARDIAN, OFFICER),
    "refill.sheet": person(GUARDIAN, OFFICER),
    "adherence.show": person(GUARDIAN, OFFICER),
    "adherence.pdf": person(GUARDIAN, OFFICER),
    "adherence.package": person(GUARDIAN, OFFICER),
    "adherence.bundle": person(GUARDIAN, OFFICER),
    "adherence.correct": person(GUARDIAN, OFFICER),
    "adherence.away": person(GUARDIAN, OFFICER),
    # --- programs: the rows of gateway/api/operations.py, each with its scope
    "api.openapi": open_to_all(),
    "api.home": some(OFFICER, TECHNICIAN, scope="read:home"),
    "api.alarms": everyone(OFFICER, scope="read:home"),
    "api.people": some(SENIOR, GUARDIAN, OFFICER, scope="read:people"),
    "api.devices": some(SENIOR, GUARDIAN, OFFICER, scope="read:people"),
    "api.person": person(SENIOR, GUARDIAN, OFFICER, scope="read:people"),
    "api.doses": person(SENIOR, GUARDIAN, OFFICER, scope="read:people"),
    "api.orders": person(GUARDIAN, OFFICER, scope="read:people"),
    "api.happenings": person(GUARDIAN, OFFICER, scope="read:people"),
    "api.calls": person(GUARDIAN, OFFICER, scope="read:people"),
    "api.adherence": person(GUARDIAN, OFFICER, scope="read:medicines"),
    "api.medications": person(GUARDIAN, OFFICER, scope="read:medicines"),
    "api.plan": person(GUARDIAN, OFFICER, scope="read:medicines"),
    "api.refill": person(GUARDIAN, OFFICER, scope="read:medicines"),
    "api.contacts": person(GUARDIAN, OFFICER, scope="read:contacts"),
    "api.incidents": some(SENIOR, GUARDIAN, OFFICER, scope="read:incidents"),
    "api.incident": incident(SENIOR, GUARDIAN, OFFICER, scope="read:incidents"),
    "api.acknowledge": incident(GUARDIAN, OFFICER, scope="write:acknowledgement"),
    "api.texts": some(GUARDIAN, OFFICER, scope="read:texts"),
    "api.standings": some(OFFICER, scope="read:cases"),
    "api.visits": some(OFFICER, scope="read:cases"),
    "api.yield": some(OFFICER, scope="read:cases"),
    "api.coverage": some(OFFICER, scope="read:coverage"),
    "api.month": everyone(OFFICER, scope="read:home"),
    "api.case": person(OFFICER, scope="read:cases"),
    "api.gateway": some(TECHNICIAN, scope="read:installation"),
    "api.installations": some(TECHNICIAN, scope="read:installation"),
    "api.installation": person(TECHNICIAN, scope="read:installation"),
    "api.records": person(TECHNICIAN, OFFICER, scope="read:installation"),
    "api.access_log": person(SENIOR, GUARDIAN, OFFICER, scope="read:access"),
    "api.accounts": some(GUARDIAN, OFFICER, scope="read:access"),
    "metrics.show": some(OFFICER, TECHNICIAN, scope="read:metrics"),
    "feed.doses": open_to_all(),  # the address is the secret
    # --- the officer (OFFICER)
    "people.index": some(OFFICER),
    "people.visits": some(OFFICER),
    "people.alarms": some(OFFICER),
    "months.show": everyone(OFFICER),
    "months.pdf": everyone(OFFICER),
    "months.table": everyone(OFFICER),
    "bringing.show": everyone(OFFICER),
    "bringing.template": everyone(OFFICER),
    "bringing.check": everyone(OFFICER),
    "bringing.enter": everyone(OFFICER),
    "surveys.show": everyone(OFFICER),
    "surveys.template": everyone(OFFICER),
    "surveys.check": everyone(OFFICER),
    "surveys.report": everyone(OFFICER),
    "surveys.enter": everyone(OFFICER),
    "coverage.show": some(OFFICER),
    "coverage.export": some(OFFICER),
    "nets.show": person(OFFICER),
    "nets.say": person(OFFICER),
    "nets.home_again": person(OFFICER),
    "nets.household": everyone(OFFICER),
    "nets.say_of_household": everyone(OFFICER),
    "nets.settle": everyone(OFFICER),
    "case.show": person(OFFICER),
    "case.note": person(OFFICER),
    "case.close": person(OFFICER),
    "case.visit": person(OFFICER),
    "ending.show": person(OFFICER),
    "ending.end": person(OFFICER),
    "ending.ended": some(OFFICER),
    # --- her telephone: the address is the secret
    "handset.show": open_to_all(),
    "handset.fine": open_to_all(),
    "handset.opened": open_to_all(),
    "handset.manifest": open_to_all(),
    "handset.worker": open_to_all(),
    "handset.offline": open_to_all(),
    "handset.hook": open_to_all(),
    "handset.owntracks": open_to_all(),
    "phone.show": person(GUARDIAN, OFFICER),
    "phone.set_watch": person(GUARDIAN, OFFICER),
    "phone.link": person(GUARDIAN, OFFICER),
    "phone.end": person(GUARDIAN, OFFICER),
    # --- the calls that ask
    "calls.show": person(GUARDIAN, OFFICER),
    "calls.plan": person(GUARDIAN, OFFICER),
    "calls.consent": person(GUARDIAN, OFFICER),
    "recordings.listen": person(OFFICER),  # what she said is for as few ears as there can be
    # --- who looks in: by a plate, by the open page, by the rota
    "doorway.show": open_to_all(),  # the address is signed
    "doorway.say": open_to_all(),
    "intake.report": open_to_all(),
    "intake.reported": open_to_all(),
    "intake.show": everyone(OFFICER),
    "intake.change": everyone(OFFICER),
    "rota.show": person(GUARDIAN, OFFICER),
    "rota.plan": person(GUARDIAN, OFFICER),
    "rota.said": person(GUARDIAN, OFFICER),
    "rota.make": person(GUARDIAN, OFFICER),
    "rota.end": person(GUARDIAN, OFFICER),
    "rota.printed": person(GUARDIAN, OFFICER),
    # --- the technician (TECH), the senior
    "install.index": some(TECHNICIAN),
    "install.file": everyone(TECHNICIAN),
    "install.forget": everyone(TECHNICIAN),
    "install.image": everyone(TECHNICIAN),
    "install.show": person(TECHNICIAN),
    "install.place": person(TECHNICIAN),
    "install.move": person(TECHNICIAN),
    "install.remove": person(TECHNICIAN),
    "install.attempt": person(TECHNICIAN),
    "install.update": person(TECHNICIAN),
    "install.text": person(TECHNICIAN),
    "install.sign": person(TECHNICIAN),
    "install.record": person(TECHNICIAN, OFFICER),
    "me.show": some(SENIOR),
    "me.fine": some(SENIOR),
}

# Whose forms bring a file: they may be larger than others.
UPLOADS = frozenset(
    {
        "prescriptions.check",
        "prescriptions.enter",
        "bringing.check",
        "bringing.enter",
        "install.file",
    }
)
# Whose forms bring the survey of a whole district.
SURVEYS = frozenset({"surveys.check"})
# Whose forms bring an update image.
IMAGES = frozenset({"install.image"})

# Where the address alone decides, and no cookie does: another site cannot trick anybody there.
BY_ADDRESS = frozenset(
    {"handset.fine", "handset.opened", "handset.hook", "handset.owntracks", "doorway.say"}
)

# What a program's token may be made for stands in SCOPES (the words under "scope.<scope>").

__all__ = ["BY_ADDRESS", "SCOPES", "TABLE", "UPLOADS"]
