"""A message as the console lists it, wherever that is: what it is called, to whom it was, why it was not sent (N6)."""

from collections.abc import Mapping
from typing import Any

from gateway.console.frame.here import Here
from gateway.http.wording import N_, rule_in
from gateway.views.rendering import moment

_TOLD = {
    "booked": N_("Confirmation"),
    "moved": N_("Change of appointment"),
    "cancelled": N_("Cancellation"),
    "reminder": N_("Reminder"),
    "recall": N_("Call for an appointment"),
    "choose_again": N_("Choice of a new time"),
}
"""What a message tells of, by its key without whom it is for."""

_READERS = {
    "patient": N_("to the patient"),
    "practitioner": N_("to the practitioner"),
    "clinic": N_("to the clinic"),
}


def shown(found: Mapping[str, Any], here: Here) -> dict[str, Any]:
    """Return a message with what people call it, and why it was not sent in their language."""
    happened = found["event"].removeprefix("practitioner_")
    reason = found.get("reason")
    return {
        **found,
        "at": moment(found["at"], here.zone),
        "what": here.say(_TOLD[happened]) if happened in _TOLD else happened,
        "reader": here.say(_READERS[found["audience"]]) if found["audience"] in _READERS else found["audience"],
        "why": None if reason is None else rule_in(reason["text"], here.language),
        "may_be_sent_again": bool(found["to"]) and found["state"] in {"sent", "delivered", "failed"},
    }
