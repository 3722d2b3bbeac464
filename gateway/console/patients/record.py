"""A patient's record with all that belongs to them, and their appointments on paper (PRODUCT C8)."""

from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.frame.written import shown
from gateway.console.patients.belongings import NEED_STATES, belongings_of
from gateway.console.patients.consent import words_of
from gateway.console.patients.finding import born
from gateway.http.wording import N_
from shared.contracts.errors import Invalid, NotFound, Timeout, Unavailable

_DONE = {"made": N_("The patient has been added."), "saved": N_("Saved.")}
_SHOWN = 8
"""So many past appointments stand on the record; all of them on paper."""
_MESSAGES_SHOWN = 8
"""So many messages, those that failed first; all of them in the list of messages."""


def record(here: Here, id: str) -> Response:
    """Show the record; of one that was erased, how far that is."""
    written = here.services.notification.messages.call_async(here.clinic, patient=id, limit=_MESSAGES_SHOWN)
    try:
        found = belongings_of(here, id)
    except NotFound:
        if here.is_administrator and _is_erased(here, id):
            return here.go(f"/patients/{id}/erasure")
        raise
    past = found.appointments.past
    return here.show(
        "console/patients/record.html", section="patients", patient=found.record, born=born(found.record),
        said=words_of(here, found.record), appointments=found.appointments, needs=found.needs, need_states=NEED_STATES,
        past=past if here.asked("all") else past[:_SHOWN], done=here.done(_DONE),
        **_messages(here, written.result),
    )  # fmt: skip


def _is_erased(here: Here, id: str) -> bool:
    """Tell whether the record was erased (A3)."""
    try:
        here.services.patient.erasure(here.clinic, id)
    except NotFound:
        return False
    return True


def _messages(here: Here, answer: Callable[[], Any]) -> dict[str, Any]:
    """Return what was written to the patient; None where notification is away, or of the version before."""
    try:
        found = answer()
    except (Invalid, Timeout, Unavailable):
        return {"messages": None, "more_messages": False}
    return {"messages": [shown(each, here) for each in found["messages"]], "more_messages": bool(found["next"])}


def appointments(here: Here, id: str) -> Response:
    """Show the appointments to come as a sheet of paper that the patient takes home; `all` shows those before, too."""
    found = belongings_of(here, id)
    past = found.appointments.past if here.asked("all") else ()
    return here.show(
        "console/patients/appointments.html", section="patients", patient=found.record, past=past,
        coming=found.appointments.coming, contact=here.document["contact"],
    )  # fmt: skip


ROUTES = (Page("GET", "/patients/<id>", record), Page("GET", "/patients/<id>/appointments", appointments))
