"""What Prometheus reads: the truth of the home in numbers, and nobody's name."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from gateway.access import OFFICER, TECHNICIAN, Grant
from gateway.events import PartFailed
from tests.gateway.api.served import Served
from tests.gateway.doors import neighbours
from tests.web import alarmed

SCOPE = ("read:metrics",)


def read(house: Served) -> tuple[str, dict[tuple[str, tuple[str, ...]], float]]:
    """The text, and (name, label values) → value."""
    token = house.token((Grant(TECHNICIAN),), SCOPE)
    answer = house.client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    samples = [s for family in text_string_to_metric_families(answer.text) for s in family.samples]
    return answer.text, {(s.name, tuple(s.labels.values())): s.value for s in samples}


def test_it_counts_what_is() -> None:
    """Two persons, two boxes down, an incident taken and one told, a modem that failed."""
    home = neighbours.under_one_roof()
    home.fold(PartFailed(neighbours.NOW_MS, "modem", "no SIM"))
    _, found = read(Served(home, neighbours.NOW_MS))
    assert found["anbu_persons", ()] == 2
    assert found["anbu_devices", ("pillbox", "down")] == 2
    assert found["anbu_devices", ("pillbox", "up")] == 0
    assert found["anbu_incidents", ("notifying",)] == 1
    assert found["anbu_incidents", ("acked",)] == 1
    assert found["anbu_fault", ("modem",)] == 1
    oldest_ms = neighbours.NOW_MS - min(i.opened_ms for i in home.ledger.incidents.values())
    assert found["anbu_incident_oldest_seconds", ()] == oldest_ms / 1000
    assert found["anbu_texts_leaving", ("pending",)] == sum(
        t.state == "pending" for t in home.ledger.texts.values()
    )


def test_it_counts_its_own_answers_per_page() -> None:
    """Every answer is counted under its page and code; two apps do not meet in one register."""
    house = Served(alarmed.over(), alarmed.NOW_MS)
    Served(alarmed.over(), alarmed.NOW_MS)
    house.get("/people", house.token())
    house.get("/people/nobody", house.token())
    _, found = read(house)
    assert found["anbu_answers_total", ("200", "api.people")] == 1
    assert found["anbu_answers_total", ("404", "api.person")] == 1


def test_it_names_nobody() -> None:
    """No name, number, drug, device or id of a person stands in it."""
    text, _ = read(Served(neighbours.under_one_roof(), neighbours.NOW_MS))
    for secret in (*neighbours.HIS, *neighbours.HERS, "minsu", "soonja", "daughter"):
        assert secret not in text


def test_it_is_not_for_everybody() -> None:
    """Another scope does not open it, nor does none."""
    house = Served(neighbours.under_one_roof(), neighbours.NOW_MS)
    assert house.client.get("/metrics").status_code in (302, 401)
    token = house.token((Grant(OFFICER),), ("read:people",))
    answer = house.client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403
