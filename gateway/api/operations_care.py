"""The operations of those who look after many: the officer, the technician, who may look at whom.

Knows: their rows of the table. May not know: HTTP, Flask, who may come in.
"""

from __future__ import annotations

from gateway.access import CARERS, OFFICER, TECHNICIAN
from gateway.api import access, bench, covering, monthly, urgency
from gateway.api.operation import (
    AFTER,
    AS_OF,
    BEFORE_MS,
    DAYS,
    GONE,
    HERS,
    WRONG,
    Needs,
    Operation,
    Parameter,
    limit,
    page_of,
)
from gateway.api.schema import DAY, ID, TEXT, Json, choice, many, ref, shape
from gateway.coverage import choosing as coverage
from gateway.netting import NETS
from gateway.officer.choosing import FILTERS, HOURS_DEFAULT

OFFICERS, TECHNICIANS = frozenset({OFFICER}), frozenset({TECHNICIAN})
HOURS: Json = {"type": "integer", "minimum": 1, "maximum": 720}
MONTH: Json = {
    "type": "string",
    "pattern": "^2[0-9]{3}-(0[1-9]|1[0-2])$",
    "examples": ["2026-03"],
}
PAGE: Json = {"type": "integer", "minimum": 1, "maximum": 1_000_000}
CLOSED = {503: "There is no workshop here, or it does not answer just now"}

CARE: tuple[Operation, ...] = (
    Operation(
        "standings", "/standings", "read:cases", "Everybody by urgency, 40 a page, and why",
        ref("Standings"), urgency.standings, roles=OFFICERS,
        query=(
            Parameter("show", choice(*FILTERS), "Which of them", "all"),
            Parameter("hours", HOURS, "Without a sign of life for so long, for `silent`",
                      HOURS_DEFAULT),
            Parameter("q", {**TEXT, "maxLength": 80}, "Part of a name, or an id", ""),
            Parameter("page", PAGE, "From 1; past the end: the last", 1),
        ),
        also=WRONG,
    ),
    Operation(
        "visits", "/visits", "read:cases", "Whom to visit on a day",
        shape("Visits", **AS_OF, day=DAY, visits=many(ref("Visit"))), urgency.visits,
        query=(Parameter("day", DAY, "Left out: today"),), also=WRONG, roles=OFFICERS,
    ),
    Operation(
        "yield", "/alarms/everybody", "read:cases",
        "The alarm budget and yield of everybody, by kind and by person",
        ref("Yield"), urgency.alarms,
        query=(Parameter("days", DAYS, "Of so many days", 30),), also=WRONG, roles=OFFICERS,
    ),
    Operation(
        "coverage", "/coverage", "read:coverage",
        "Who is covered by which net, whom nothing holds first, 50 a page; figures by dong",
        ref("Coverage"), covering.coverage, Needs.NETS,
        query=(
            Parameter("show", choice(*coverage.FILTERS), "Which of them", "all"),
            Parameter("dong", {**TEXT, "maxLength": 80}, "Of this dong alone", ""),
            Parameter("net", choice(*NETS), "Who has it or refused it"),
            Parameter("q", {**TEXT, "maxLength": 80}, "Part of a name or an address", ""),
            Parameter("page", PAGE, "From 1; past the end: the last", 1),
        ),
        also=WRONG, roles=OFFICERS,
    ),
    Operation(
        "month", "/month", "read:home",
        "The month's report: every figure, with codes and no names",
        ref("Month"), monthly.month, Needs.DOSES,
        query=(Parameter("month", MONTH, "Left out: this one"),),
        also={**WRONG, 503: "It is being reckoned: ask again after Retry-After"}, roles=OFFICERS,
    ),
    Operation(
        "case", "/people/{person_id}/case", "read:cases",
        "How she stands, the officer's book about her, planned visits",
        ref("Case"), urgency.case, roles=OFFICERS,
        query=(limit(200), Parameter("before_ms", BEFORE_MS, "Written before: `next`")),
        also={**WRONG, **GONE},
    ),
    Operation(
        "gateway", "/gateway", "read:installation",
        "Radio, modem, disk, clock; keys without a place; updates",
        ref("Gateway"), bench.gateway, Needs.BENCH, also=CLOSED, roles=TECHNICIANS,
    ),
    Operation(
        "installations", "/installations", "read:installation",
        "What is left to do for everybody, and when a record was signed",
        page_of("Installations", "installations", "InstallationLine", ID), bench.installations,
        Needs.BENCH, (limit(200), AFTER), also={**WRONG, **GONE, **CLOSED}, roles=TECHNICIANS,
    ),
    Operation(
        "installation", "/people/{person_id}/installation", "read:installation",
        "The check list of one person, how strongly her devices are heard",
        ref("Installation"), bench.installation, Needs.BENCH, also={**GONE, **CLOSED},
        roles=TECHNICIANS,
    ),
    Operation(
        "records", "/people/{person_id}/installation/records", "read:installation",
        "The records that were signed about her",
        shape("Records", **AS_OF, **HERS, records=many(ref("InstallationRecord"))),
        bench.records, also=GONE, roles=OFFICERS | TECHNICIANS,
    ),
    Operation(
        "access_log", "/people/{person_id}/access-log", "read:access",
        "Who looked at her, and who changed something; the newest 500",
        shape("Access log", **AS_OF, **HERS, looks=many(ref("Looked"))), access.access_log,
        Needs.LOOKS, also=GONE,
    ),
    Operation(
        "accounts", "/accounts", "read:access", "Who may sign in, and as what",
        shape("Accounts", **AS_OF, accounts=many(ref("Account"))), access.accounts, roles=CARERS,
    ),
)  # fmt: skip
