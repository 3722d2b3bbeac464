"""What periods would delete and have deleted, asked of the services that keep it (PRODUCT A3, ADR 58)."""

from collections.abc import Mapping
from typing import Any

from gateway.clients.services import Services
from shared.clinic.retention import ACCESS_LOG, BOOKINGS, KINDS, MESSAGES, NEEDS, PATIENTS, WATCH_LIST

Row = dict[str, Any]

_KEPT_BY: Mapping[str, str] = {
    MESSAGES: "notification",
    BOOKINGS: "booking",
    ACCESS_LOG: "patient",
    WATCH_LIST: "booking",
    NEEDS: "patient",
    PATIENTS: "patient",
}
"""Which service keeps what is of a kind, and counts it."""


def would_delete(services: Services, clinic: str, periods: Mapping[str, str]) -> list[Row]:
    """Return what each service tells of periods that are not in force; raises as `retention_of` does."""
    asked = dict[str, dict[str, str]]()
    for kind, period in periods.items():
        asked.setdefault(_KEPT_BY[kind], {})[kind] = period
    return _told(services, clinic, asked)


def retention_of(services: Services, clinic: str, *, count: bool) -> list[Row]:
    """Return of each kind what its service tells, in the order of the document; with `count` what is over now.

    Raises NotFound, Invalid, and Unavailable or Timeout where a service is away.
    """
    return _told(services, clinic, {service: {"count": count} for service in sorted({*_KEPT_BY.values()})})


def _told(services: Services, clinic: str, asked: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    """Ask services side by side."""
    pending = [getattr(services, service).retention.call_async(clinic, **fields) for service, fields in asked.items()]
    found = {row["kind"]: row for answer in pending for row in answer.result()["retention"]}
    return [found[kind] for kind in KINDS if kind in found]
