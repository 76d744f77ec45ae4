"""What Prometheus reads: how long requests take, and how much there is of everything."""

import time
from collections.abc import Iterator
from datetime import timedelta

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from app.runtime import Runtime

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class FiguresCollector(Collector):
    """Asks the runtime at every scrape, so that all processes of an installation tell the same."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def collect(self) -> Iterator[GaugeMetricFamily]:
        figures = self._runtime.figures.now()
        for noun, label, counts in (
            ("process_instances", "status", figures.instances),
            ("jobs", "state", figures.jobs),
            ("tasks", "state", figures.tasks),
            ("incidents", "state", figures.incidents),
            ("circuits", "state", figures.circuits),
            ("processes", "kind", figures.processes),
        ):
            family = GaugeMetricFamily(f"bailiwick_{noun}", f"How many there are, by {label}.", labels=[label])
            for state, count in counts.items():
                family.add_metric([state], count)
            yield family

        for name, text, value in (
            ("oldest_due_job_seconds", "How long the job that waits longest has been due.", figures.oldest_due_job),
            ("unanswered_jobs", "Jobs that wait again because their last worker died.", figures.unanswered_jobs),
            ("setbacks", "Due things that failed and were not done since.", figures.setbacks),
            ("stored_deliveries", "Webhook calls that nobody has processed yet.", figures.stored_deliveries),
            ("clock_offset_seconds", "How far this process's clock is ahead of the database's.", self._offset()),
        ):
            number = value.total_seconds() if isinstance(value, timedelta) else value
            yield GaugeMetricFamily(f"bailiwick_{name}", text, value=number)

    def _offset(self) -> timedelta:
        return self._runtime.heartbeats.measure()

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing: describing by collecting would read the database while the application is put together."""
        return iter(())


class Metrics:
    """The instruments of one application."""

    def __init__(self, runtime: Runtime) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(FiguresCollector(runtime))
        labels = ("endpoint", "method", "status")
        self._seconds = Histogram(
            "bailiwick_request_seconds", "How long requests took.", labels, buckets=SECONDS, registry=self.registry
        )
        self._hook_calls = Counter(
            "bailiwick_hook_calls_total", "Calls of webhooks, by answer.", ("hook", "status"), registry=self.registry
        )

    def observe(self, response: Response) -> Response:
        endpoint = request.endpoint or "none"
        seconds = time.perf_counter() - g.began
        self._seconds.labels(endpoint, request.method, str(response.status_code)).observe(seconds)
        if endpoint == "hooks.call" and response.status_code != 404:  # a made-up name must not become a label
            self._hook_calls.labels((request.view_args or {}).get("name", ""), str(response.status_code)).inc()
        return response

    def text(self) -> bytes:
        return generate_latest(self.registry)


def register(app: Flask) -> None:
    found = app.extensions["bailiwick"]
    assert isinstance(found, Runtime)  # noqa: S101 - put there by create_runtime
    app.extensions["bailiwick-metrics"] = metrics = Metrics(found)
    app.after_request(metrics.observe)
