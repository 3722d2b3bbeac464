"""What a patient changes of a booking by its link, on the page or over the API: so many times an hour (M4, M5)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gateway.access.rush import MOVING
from gateway.clients.neighbours import asked_with
from gateway.clients.services import Services
from shared.contracts.errors import RateLimited


def rebook(services: Services, address: str, token: str, shown: int | None = None, **fields: Any) -> dict[str, Any]:
    """Move the booking for who is behind `address`; return it as its patient sees it.

    Raises Busy, RateLimited, and what booking refuses. `shown` is the version that a page of ours showed: where the
    booking is another by now, that is ChangedMeanwhile.
    """
    with services.door.rush.entered(MOVING, address), _counted(services, token):
        return asked_with(_seen(shown), services.booking.rebook, token=token, **fields)


def cancel(services: Services, token: str, shown: int | None = None, **fields: Any) -> dict[str, Any]:
    """Cancel the booking, as `rebook` moves it; however many do."""
    with _counted(services, token):
        return asked_with(_seen(shown), services.booking.cancel, token=token, **fields)


def _seen(version: int | None) -> dict[str, int]:
    return {} if version is None else {"version": version}


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
