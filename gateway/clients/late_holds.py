"""Booking a time whose hold may have run out: it is taken all the same where it is free (PRODUCT B12)."""

from collections.abc import Mapping
from typing import Any

from gateway.clients.services import Services
from shared.contracts.errors import HoldExpired


def book_also_late(
    services: Services,
    clinic: str,
    fields: Mapping[str, Any],
    *,
    hold: str | None,
    key: str | None,
    held_by: str | None = None,
) -> dict[str, Any]:
    """Return what was booked, once under a `key` however often it is asked (B13).

    Without its hold the time is another call, so it has a key of its own; it is taken with whom it was `held_by`, where
    that is known, and nobody else. Raises what booking refuses.
    """
    try:
        booked: dict[str, Any] = services.booking.book(clinic, **fields, hold=hold, idempotency_key=key)
    except HoldExpired:
        same = {**fields, "practitioner": held_by or fields["practitioner"]}
        booked = services.booking.book(clinic, **same, idempotency_key=f"{key}.late" if key else None)
    return booked
