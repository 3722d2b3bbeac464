"""Messages to patients and practitioners: those that failed first, as they were sent, and sent again (PRODUCT N6).

Which of them somebody may see is for notification to say: a therapist sees those of their own bookings (C1).
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.frame.written import shown
from gateway.http.wording import N_
from gateway.views import letters
from shared.contracts.errors import Refusal

_AT_ONCE = 50
_STATES = ("failed", "planned", "sent", "delivered", "withdrawn")

_DONE = {"again": N_("The message is being sent again.")}


def listing(here: Here) -> Response:
    """Show a page of messages, in one state or in all."""
    asked = here.asked("state", "cursor", "booking", "patient")
    query = {**asked, "limit": _AT_ONCE}
    found = here.services.notification.messages(here.clinic, **query)
    return here.show(
        "console/messages/list.html",
        section="messages",
        messages=[shown(each, here) for each in found["messages"]],
        next=found["next"],
        older=_address(here, {**asked, "cursor": found["next"] or ""}),
        later=asked.get("cursor"),
        newest=_address(here, {**asked, "cursor": ""}),
        state=asked.get("state", ""),
        states_shown=_STATES,
    )


def message(here: Here, id: str) -> Response:
    """Show one message as its reader got it."""
    return _message(here, id)


def resend(here: Here, id: str) -> Response:
    """Send the same once more to the same address; who came from the booking's panel goes back there."""
    try:
        again = here.services.notification.resend(here.clinic, id)
    except Refusal as refused:
        return _message(here, id, **here.told(refused))
    if here.form.is_on("from_booking") and again["booking"]:
        return here.go(f"/bookings/{again['booking']}", done="again")
    return here.go(f"/messages/{again['id']}", done="again")


def letter(here: Here, id: str) -> Response:
    """Show an email by itself."""
    return letters.letter(here.services.notification.message(here.clinic, id))


def attachment(here: Here, id: str, number: int) -> Response:
    """Give an attachment out."""
    return letters.attachment(here.services.notification.message(here.clinic, id), number)


def _address(here: Here, asked: Mapping[str, str]) -> str:
    """Return where another page of the same list is."""
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{here.url}/messages{'?' if query else ''}{query}"


def _message(here: Here, id: str, **refused: Any) -> Response:
    found = here.services.notification.message(here.clinic, id)
    return here.show(
        "console/messages/message.html", section="messages", beside="/messages", message=shown(found, here),
        done=here.done(_DONE), **refused,
    )  # fmt: skip


ROUTES = (
    Page("GET", "/messages", listing),
    Page("GET", "/messages/<id>", message),
    Page("POST", "/messages/<id>/resend", resend),
    Page("GET", "/messages/<id>/letter", letter),
    Page("GET", "/messages/<id>/attachments/<int:number>", attachment),
)
