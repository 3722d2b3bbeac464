"""Erasing a patient: what goes and what stays is said first, then how far every service is (PRODUCT A3, ADR 53)."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from gateway.clients.held import counted_of
from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.patients.belongings import belongings_of
from gateway.http.wording import N_
from gateway.views.rendering import moment
from shared.contracts.errors import Refusal

_PARTS: Mapping[str, str] = {
    "erased_at": N_("Record and needs"),
    "bookings_at": N_("Appointments and their histories"),
    "messages_at": N_("Messages"),
}
"""What each service has to erase, by when it has."""


def erasing(here: Here, id: str, **again: Any) -> Response:
    """Show what would go and what would stay, and ask for the name that confirms it."""
    found = belongings_of(here, id)
    reach = counted_of(here.services, here.clinic, found.record)
    coming = [each for each in found.appointments.coming if each.reference in reach["coming"]]
    return here.show(
        "console/patients/erase.html",
        section="patients",
        patient=found.record,
        reach=reach,
        coming=coming,
        **again,
    )


def erase(here: Here, id: str) -> Response:
    """Erase the patient, and show how far that is; what stands against it is told on the page."""
    try:
        here.services.patient.erase(here.clinic, id, confirm=here.form["confirm"])
    except Refusal as refused:
        return erasing(here, id, **here.told(refused))
    return here.go(f"/patients/{id}/erasure")


def erasure(here: Here, id: str) -> Response:
    """Show how far the erasure is; nothing where whoever asks has seen as much already."""
    found = here.services.patient.erasure(here.clinic, id)
    parts = [(label, _at(here, found[name])) for name, label in _PARTS.items()]
    done = sum(at is not None for _, at in parts)
    if here.wants_part("erasure") and here.asked("seen").get("seen") == str(done):
        return Response(status=204)
    return here.show(
        "console/patients/erasure.html",
        section="patients",
        id=id,
        parts_of=parts,
        done=done,
        everywhere_at=_at(here, found["everywhere_at"]),
    )


def _at(here: Here, told: str | None) -> Any:
    return moment(told, here.zone) if told else None


ROUTES = (
    Page("GET", "/patients/<id>/erase", erasing, administrators=True),
    Page("POST", "/patients/<id>/erase", erase, administrators=True),
    Page("GET", "/patients/<id>/erasure", erasure, administrators=True),
)
