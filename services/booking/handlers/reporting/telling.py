"""The report on online booking, as administrators ask for it (PRODUCT A2, ADR 50)."""

from typing import Any

from services.booking.handlers.desk import Desk
from services.booking.model.reporting.periods import ReportQuery
from services.booking.model.reporting.summing import summed_up


def report(desk: Desk, clinic: str, query: ReportQuery) -> dict[str, Any]:
    """Return what happened in online booking in a period, and in as many days before; raise NotFound.

    It costs the days of the period, however many bookings there are.
    """
    desk.rules(clinic)
    with desk.work.snapshot() as store:
        now = store.counted(clinic, query.period, query.by)
        before = store.counted(clinic, query.period.before, query.by)
    return summed_up(query, now, before)
