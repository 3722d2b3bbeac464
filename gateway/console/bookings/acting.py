"""The buttons of a booking's panel: each acts at once, and what was done can be taken back (PRODUCT C9, C10, C13)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from werkzeug.wrappers import Response

from gateway.console.bookings.named import version_seen
from gateway.console.bookings.panel import shown_again
from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from shared.contracts.errors import Refusal


def arrived(here: Here, reference: str) -> Response:
    """Note that the patient is there, or take that back."""
    on = here.form.is_on("on")
    act = partial(here.services.booking.arrived, here.clinic, reference, on=on)
    return _acted(here, reference, act, "arrived" if on else "not_arrived")


def no_show(here: Here, reference: str) -> Response:
    """Note that the patient did not come, or take that back."""
    on = here.form.is_on("on")
    act = partial(here.services.booking.mark_no_show, here.clinic, reference, on=on)
    return _acted(here, reference, act, "missed" if on else "not_missed")


def note(here: Here, reference: str) -> Response:
    """Write the staff's note."""
    fields = {"text": here.form["note"], **version_seen(here)}
    return _acted(here, reference, partial(here.services.booking.note, here.clinic, reference, **fields), "noted")


def sms_reminder(here: Here, reference: str) -> Response:
    """Switch the reminder by text message on or off (N3)."""
    on = here.form.is_on("on")
    act = partial(here.services.booking.set_sms_reminder, here.clinic, reference, on=on)
    return _acted(here, reference, act, "reminder_on" if on else "reminder_off")


def confirmation(here: Here, reference: str) -> Response:
    """Send the confirmation again."""
    return _acted(
        here, reference, partial(here.services.notification.confirm_again, here.clinic, reference), "confirmed"
    )


def new_link(here: Here, reference: str) -> Response:
    """Make the link void, and send a new one."""
    act = partial(here.services.booking.new_link, here.clinic, reference, **version_seen(here))
    return _acted(here, reference, act, "new_link")


def undo(here: Here, reference: str) -> Response:
    """Take the newest change back."""
    act = partial(here.services.booking.undo, here.clinic, reference, **version_seen(here))
    return _acted(here, reference, act, "undone")


def _acted(here: Here, reference: str, act: Callable[[], Any], done: str) -> Response:
    try:
        act()
    except Refusal as refused:
        return shown_again(here, reference, refused)
    return here.go(f"/bookings/{reference}", done=done)


ROUTES = tuple(
    Page("POST", f"/bookings/<reference>/{name}", function)
    for name, function in (
        ("arrived", arrived),
        ("no-show", no_show),
        ("note", note),
        ("sms-reminder", sms_reminder),
        ("confirmation", confirmation),
        ("new-link", new_link),
        ("undo", undo),
    )
)
