"""What a patient changes of a booking by its link, on the page or over the API: so many times an hour (M4, M5)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from gateway.clients.services import Services
from shared.contracts.errors import Invalid, RateLimited


def rebook(services: Services, token: str, shown: int | None = None, **fields: Any) -> dict[str, Any]:
    """Move the booking; return it as its patient sees it. Raises RateLimited, and what booking refuses.

    `shown` is the version that a page of ours showed: where the booking is another by now, that is ChangedMeanwhile.
    """
    with _counted(services, token):
        return _changed(services.booking.rebook, token, fields, shown)


def cancel(services: Services, token: str, shown: int | None = None, **fields: Any) -> dict[str, Any]:
    """Cancel the booking, as `rebook` moves it."""
    with _counted(services, token):
        return _changed(services.booking.cancel, token, fields, shown)


def _changed(
    change: Callable[..., dict[str, Any]], token: str, fields: Mapping[str, Any], shown: int | None
) -> dict[str, Any]:
    own = {} if shown is None else {"version": shown}
    try:
        return change(token=token, **fields, **own)
    except Invalid as refused:
        if not own or set(refused.extra.get("errors", {})) != {*own}:
            raise
    # booking of version 0.1.0 does not know it: during an upgrade it serves beside this gateway
    return change(token=token, **fields)


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
