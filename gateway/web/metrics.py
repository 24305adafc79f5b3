"""What Prometheus reads: counters of the home and of the page itself, with no name in them.

Knows: Prometheus by its library, Flask. May not know: what is counted (gateway/api/measures.py).

    GET /metrics        a token with the scope read:metrics
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Flask, Response, current_app, request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from gateway.api.measures import Measure, measures
from gateway.home import Home
from gateway.web.sse import Desk

metrics = Blueprint("metrics", __name__)

_KEPT = "anbu.metrics"
disable_created_metrics()  # type: ignore[no-untyped-call] # when a counter began tells nothing


class _Home(Collector):
    """The home as it is when it is asked."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for measure in self._desk.ask(_measured):
            family = GaugeMetricFamily(measure.name, measure.says, labels=measure.labels)
            for labels, value in measure.values.items():
                family.add_metric(labels, value)
            yield family


def _measured(home: Home, now_ms: int) -> list[Measure]:
    return list(measures(home, now_ms))


@metrics.get("/metrics")
def show() -> Response:
    """All counters in Prometheus' text format."""
    registry = current_app.extensions[_KEPT]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def count(app: Flask, desk: Desk) -> None:
    """Count what this app answers; its own registry, so that two apps do not meet in one."""
    registry = CollectorRegistry()
    registry.register(_Home(desk))
    answers = Counter("anbu_answers", "Answers", ("page", "code"), registry=registry)
    app.extensions[_KEPT] = registry

    @app.after_request
    def counted(response: Response) -> Response:
        answers.labels(request.endpoint or "", str(response.status_code)).inc()
        return response
