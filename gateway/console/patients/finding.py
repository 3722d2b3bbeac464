"""Finding a patient while one types: by name, number, telephone or a booking's reference (PRODUCT C8).

What is typed is posted: nothing personal stands in an address.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from werkzeug.wrappers import Response

from gateway.clients.references import booking_named, found_patients
from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from shared.contracts.errors import Invalid

SHOWN = 20
"""So many are shown at once: who finds more types on."""
FOUND = "found"
"""The part of pages in which they are shown."""


def patients(here: Here) -> Response:
    """Ask whom to find."""
    return here.show("console/patients/patients.html", section="patients", q="", found=None)


def search(here: Here) -> Response:
    """Show whom what was typed finds; where one presses Enter, the only one of them or the booking itself."""
    q = here.form["q"] or here.form["search"]
    if here.wants_part(FOUND):
        return here.show("console/patients/found.html", q=q, found=search_for(here, q, here.form["cursor"]))
    booking = booking_named(here.services, here.clinic, q)
    if booking is not None:
        return here.go(f"/bookings/{booking['reference']}")
    found = search_for(here, q, here.form["cursor"])
    if q and found is not None and len(found["patients"]) == 1 and not here.form["cursor"]:
        return here.go(f"/patients/{found['patients'][0]['id']}")
    return here.show("console/patients/patients.html", section="patients", q=q, found=found)


def search_for(here: Here, q: str, cursor: str = "") -> Mapping[str, Any] | None:
    """Return a page of the patients that `q` finds, None where nothing was typed, or too much for a name."""
    if not q:
        return None
    try:
        found: Mapping[str, Any] = found_patients(
            here.services, here.clinic, q=q, limit=SHOWN, **({"cursor": cursor} if cursor else {})
        )
    except Invalid:
        return {"patients": [], "next": None}
    return {**found, "patients": [{**row, "born": born(row)} for row in found["patients"]]}


def born(record: Mapping[str, Any]) -> date | None:
    """Return a patient's date of birth, None where it is not known."""
    return date.fromisoformat(record["birth_date"]) if record["birth_date"] else None


ROUTES = (Page("GET", "/patients", patients), Page("POST", "/patients", search))
