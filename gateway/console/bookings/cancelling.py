"""Cancelling a booking from its panel: why, and who is told (PRODUCT C10, M5)."""

from typing import Any

from werkzeug.wrappers import Response

from gateway.console.bookings.named import booking_of, version_seen
from gateway.console.bookings.panel import shown_again
from gateway.console.bookings.telling import choices
from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.frame.typed import Typed
from shared.contracts.errors import AlreadyCancelled, Refusal


def cancelling(here: Here, reference: str, **again: Any) -> Response:
    """Ask why, and who is to be told; what is cancelled already is shown as it is."""
    found = booking_of(here, reference)
    if not found.stands:
        return here.go(f"/bookings/{reference}")
    typed = again.pop("typed", None) or Typed(tell="all")
    return here.show(
        "console/bookings/cancel.html",
        section="calendar",
        beside=f"/calendar?date={found.start.date().isoformat()}",
        booking=found,
        typed=typed,
        **choices(here, reference, "cancelled"),
        **again,
    )


def cancel(here: Here, reference: str) -> Response:
    """Cancel it, to be undone for a minute."""
    form = here.form
    fields = {"comment": form["comment"], "tell": form["tell"] or "all", **version_seen(here)}
    try:
        here.services.booking.cancel(clinic=here.clinic, reference=reference, **fields)
    except AlreadyCancelled as refused:
        return shown_again(here, reference, refused)
    except Refusal as refused:
        return cancelling(here, reference, **here.told(refused))
    return here.go(f"/bookings/{reference}", done="cancelled")


ROUTES = (
    Page("GET", "/bookings/<reference>/cancel", cancelling),
    Page("POST", "/bookings/<reference>/cancel", cancel),
)
