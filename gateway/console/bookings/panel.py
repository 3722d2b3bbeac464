"""A booking's panel: all that was typed, what belongs to it, and the buttons that act (PRODUCT C6, C9, C10, A1)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from werkzeug.wrappers import Response

from gateway.console.bookings.happened import history_of
from gateway.console.bookings.named import ORIGINS, STATUSES, Booking, booking_of
from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.frame.typed import Typed
from gateway.http.wording import N_
from shared.contracts.errors import NotFound, Refusal, Timeout, Unavailable
from shared.texts.language import format_short_moment, format_time

_DONE = {
    "booked": N_("Booked."),
    "booked_unconfirmed": N_("Booked. The patient was not told: nobody has confirmed how to reach them."),
    "moved": N_("Moved to {time}."),
    "changed": N_("Changed."),
    "cancelled": N_("Cancelled."),
    "undone": N_("Undone. Nobody is told."),
    "arrived": N_("Noted as arrived."),
    "not_arrived": N_("No longer noted as arrived."),
    "missed": N_("Noted as missed."),
    "not_missed": N_("No longer noted as missed."),
    "noted": N_("Note saved."),
    "reminder_on": N_("The reminder by text message is on."),
    "reminder_off": N_("The reminder by text message is off."),
    "confirmed": N_("The confirmation is on its way."),
    "again": N_("The message is being sent again."),
    "new_link": N_("The old link is void; the new one is on its way."),
}
MESSAGE_STATES = {
    "planned": (N_("Planned"), ""),
    "sent": (N_("Sent"), "good"),
    "delivered": (N_("Delivered"), "good"),
    "failed": (N_("Failed"), "bad"),
    "withdrawn": (N_("Withdrawn"), ""),
}
_OTHERS_SINCE = timedelta(days=365)
_MOST = 200


def booking(here: Here, reference: str, **again: Any) -> Response:
    """Show a booking with all that belongs to it."""
    found = booking_of(here, reference)
    done = None if again else here.done(_DONE, time=_time(here, found))
    typed = again.pop("typed", None) or Typed(note=found.told.get("note") or "")
    return here.show(
        "console/bookings/booking.html",
        section="calendar",
        beside=f"/calendar?date={found.start.date().isoformat()}",
        booking=found,
        done=done,
        undo=_undo(here, found),
        origin=ORIGINS[found.origin],
        statuses=STATUSES,
        message_states=MESSAGE_STATES,
        has_begun=found.start <= here.now,
        is_today=found.start.date() <= here.today,
        typed=typed,
        **_belongings(here, found),
        **again,
    )


def _time(here: Here, found: Booking) -> str:
    show = format_time if found.start.date() == here.today else format_short_moment
    return show(found.start, here.language)


def _undo(here: Here, found: Booking) -> Mapping[str, Any] | None:
    """Return how the newest change is taken back, while it can be."""
    if (until := found.told.get("undo_until")) is None:
        return None
    action = f"{here.url}/bookings/{found.reference}/undo"
    return {"action": action, "fields": {"version": found.version}, "until": until}


def _belongings(here: Here, found: Booking) -> dict[str, Any]:
    """Return the booking's history and messages, and the patient's other appointments; None for what is away."""
    bookings, reference = here.services.booking, found.reference
    asked = {
        "history": bookings.history.call_async(here.clinic, reference, limit=_MOST),
        "messages": here.services.notification.messages.call_async(here.clinic, booking=reference, limit=50),
    }
    if patient := found.patient.get("id"):
        since = (here.today - _OTHERS_SINCE).isoformat()
        asked["bookings"] = bookings.find.call_async(here.clinic, patient=patient, limit=50, **{"from": since})
    told = {name: _answer(reply, name) for name, reply in asked.items()}
    entries, others, messages = told["history"], told.get("bookings", []), told["messages"]
    return {
        "history": None if entries is None else history_of(here, entries),
        "messages": None if messages is None else sorted(map(_message, messages), key=_failed_first),
        "has_failed": any(each["state"] == "failed" for each in messages or ()),
        "others": None
        if others is None
        else [Booking(each, here.names) for each in others if each["reference"] != reference],
    }


def _message(told: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**told, "at": datetime.fromisoformat(told["at"]) if told.get("at") else None}


def _failed_first(message: Mapping[str, Any]) -> bool:
    return bool(message["state"] != "failed")


def _answer(reply: Any, name: str) -> Any:
    try:
        return reply.result()[name]
    except (NotFound, Timeout, Unavailable):
        return None


def shown_again(here: Here, reference: str, refused: Refusal) -> Response:
    """Show the booking as it is now, with why what was asked is not done; what was typed stays."""
    return booking(here, reference, **here.told(refused))


ROUTES = (Page("GET", "/bookings/<reference>", booking),)
