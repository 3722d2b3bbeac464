"""Moving a booking from its panel: to another time, practitioner, type or length (PRODUCT C6, C10, M4).

The calendar's dragging leads here with the new place in the address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from werkzeug.wrappers import Response

from gateway.console.bookings.named import Booking, booking_of, version_seen
from gateway.console.bookings.panel import shown_again
from gateway.console.bookings.telling import choices
from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.frame.typed import Typed
from gateway.http.wording import N_
from shared.contracts.errors import AlreadyCancelled, Invalid, Refusal, SlotNotOffered

_ONE_DAY = timedelta(days=1)
_PLACE = ("date", "practitioner", "type", "minutes", "start", "date.day", "date.month", "date.year")
OUTSIDE = N_("This is outside of the working hours.")
_NO_MOMENT = N_("Choose a time.")


@dataclass(frozen=True)
class Wish:
    """Where a booking is to be; `minutes` is None where it is to take as long as it does, or as the type takes."""

    day: date
    practitioner: str
    type: str
    minutes: int | None
    start: datetime | None

    def place(self, booking: Booking) -> dict[str, Any]:
        """Return what of it is another than the booking's, as the service takes it."""
        others = {"practitioner": self.practitioner, "type": self.type}
        changed = {name: value for name, value in others.items() if value != booking.told[name]}
        return {**changed, **({} if self.minutes is None else {"minutes": self.minutes})}


def moving(here: Here, reference: str, *, outside: bool = False, **again: Any) -> Response:
    """Offer the free times of a day, and who would be told; what does not stand is shown as it is.

    `outside` asks whether it is to be outside of the working hours.
    """
    found = booking_of(here, reference)
    if not found.stands:
        return here.go(f"/bookings/{reference}")
    typed = again.pop("typed", None) or Typed(here.asked(*_PLACE))
    wish = _wish(here, typed, found)
    typed = Typed({**typed, "tell": typed["tell"] or "all", "practitioner": wish.practitioner, "type": wish.type})
    other = None if wish.practitioner == found.practitioner else wish.practitioner
    return here.show(
        "console/bookings/move.html",
        section="calendar",
        beside=f"/calendar?date={wish.day.isoformat()}",
        booking=found,
        wish=wish,
        times=_times(here, found, wish),
        before=max(wish.day - _ONE_DAY, here.today),
        after=wish.day + _ONE_DAY,
        types=here.names.pairs("types"),
        practitioners=here.people,
        outside=outside,
        typed=typed,
        **choices(here, reference, "moved", other),
        **again,
    )


def move(here: Here, reference: str) -> Response:
    """Move it, to be undone for a minute; outside of the working hours after a question."""
    form = here.form
    found = booking_of(here, reference)
    wish = _wish(here, form, found)
    if wish.start is None:
        missing = Invalid.because(_NO_MOMENT, errors={"start": [_NO_MOMENT]})
        return moving(here, reference, **here.told(missing))
    fields = {**wish.place(found), "start": wish.start.isoformat(), "tell": form["tell"] or "all", **version_seen(here)}
    outside = {"outside_plan": True} if form.is_on("outside_plan") else {}
    try:
        moved = here.services.booking.rebook(clinic=here.clinic, reference=reference, **fields, **outside)
    except AlreadyCancelled as refused:
        return shown_again(here, reference, refused)
    except SlotNotOffered as refused:
        return moving(here, reference, **{**here.told(refused), "errors": {}}, outside=not outside)
    except Refusal as refused:
        return moving(here, reference, **here.told(refused))
    return here.go(f"/bookings/{reference}", done="changed" if moved["start"] == found.told["start"] else "moved")


def _wish(here: Here, typed: Typed, found: Booking) -> Wish:
    start = _moment(typed["start"])
    start = start and start.astimezone(here.zone)
    day = start.date() if start else _day(here, typed) or max(found.start.date(), here.today)
    minutes = int(typed["minutes"]) if typed["minutes"].isdecimal() else None
    return Wish(day, typed["practitioner"] or found.practitioner, typed["type"] or found.type, minutes, start)


def _day(here: Here, typed: Typed) -> date | None:
    try:
        return typed.date("date", here.language)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _times(here: Here, booking: Booking, wish: Wish) -> list[tuple[str, datetime, bool]]:
    """Return the free times of the day, each with its moment as it is sent, and whether it lies in online hours.

    The time that it has is offered where something else of it is to change.
    """
    day = wish.day.isoformat()
    asked: Mapping[str, Any] = {"type": wish.type, "practitioner": wish.practitioner, "from": day, "to": day}
    length = {} if wish.minutes is None else {"minutes": wish.minutes}
    found = here.services.availability.free_slots(here.clinic, **asked, **length, moving=booking.reference)["slots"]
    own = None if wish.place(booking) else booking.start
    return [
        (slot["start"], start, wish.practitioner not in slot["outside_online"])
        for slot in found
        if (start := datetime.fromisoformat(slot["start"])) != own
    ]


ROUTES = (
    Page("GET", "/bookings/<reference>/move", moving),
    Page("POST", "/bookings/<reference>/move", move),
)
