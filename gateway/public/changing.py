"""What a patient changes of a booking by its link, on the page or over the API: so many times an hour (M4, M5)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gateway.clients.services import Services
from shared.contracts.errors import RateLimited


def rebook(services: Services, token: str, **fields: Any) -> dict[str, Any]:
    """Move the booking; return it as its patient sees it. Raises RateLimited, and what booking refuses."""
    with _counted(services, token):
        moved: dict[str, Any] = services.booking.rebook(token=token, **fields)
    return moved


def cancel(services: Services, token: str, **fields: Any) -> dict[str, Any]:
    """Cancel the booking; return it as its patient sees it. Raises RateLimited, and what booking refuses."""
    with _counted(services, token):
        cancelled: dict[str, Any] = services.booking.cancel(token=token, **fields)
    return cancelled


@contextmanager
def _counted(services: Services, token: str) -> Iterator[None]:
    """Count the change within; who has made too many is told whom to ring (CONTRACTS 2, Limits)."""
    try:
        with services.door.limits.changing(token):
            yield
    except RateLimited as limited:
        clinic = services.booking.open_link(token)["clinic"]
        phone = (services.documents.get(clinic).document["contact"] or {}).get("phone")
        called = {"phone": phone} if phone else {}
        raise RateLimited.because(limited.detail, **limited.extra, **called) from None
