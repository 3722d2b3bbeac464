"""What Prometheus sees of the gateway: requests by route and status, their duration, refusals by code."""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counters of one process; labels are route templates and codes, never values from a request."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "frontdesk_http_requests", "Requests answered", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "frontdesk_http_request_seconds",
            "Time from request to answer",
            ("route",),
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
            registry=self._registry,
        )
        self._refusals = Counter("frontdesk_refusals", "Requests refused", ("code",), registry=self._registry)

        self._turned_away = Counter(
            "frontdesk_http_connections_turned_away",
            "Connections refused, and idle ones closed for another, where an address or all have no room left",
            ("outcome",),
            registry=self._registry,
        )

    def turned_away(self, outcome: str) -> None:
        """Count a connection that was `refused`, or `closed_idle` to make room."""
        self._turned_away.labels(outcome).inc()

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def refused(self, code: str) -> None:
        """Count one refusal."""
        self._refusals.labels(code).inc()

    def exposition(self) -> bytes:
        """Return all of it in Prometheus' text format."""
        return generate_latest(self._registry)
