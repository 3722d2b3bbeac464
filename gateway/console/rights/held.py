"""All that is held of one patient, to be handed to them: as a sheet that people read, and as a file (PRODUCT A3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.wrappers import Response

from gateway.clients.held import PURPOSE, held_of
from gateway.console.accounts.access_log import WHAT
from gateway.console.bookings.happened import history_of
from gateway.console.bookings.named import Booking
from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.frame.written import shown
from gateway.console.patients.belongings import NEED_STATES, STATUSES
from gateway.console.patients.consent import words_of
from gateway.console.patients.finding import born
from gateway.http.answers import answer, attached
from gateway.views.rendering import moment
from shared.texts.language import LANGUAGES


def held(here: Here, id: str) -> Response:
    """Show it as a sheet of paper, in the language that the patient booked in last, or in the one that is asked for."""
    found = held_of(here.services, here.clinic, id)
    if not here.asked("lang"):
        here = here.speaking(_language_of(found["bookings"]) or here.language)
    return here.show(
        "console/patients/held.html",
        section="patients",
        patient=found["patient"],
        born=born(found["patient"]),
        said=words_of(here, found["patient"]),
        purpose=PURPOSE,
        exported_at=moment(found["exported_at"], here.zone),
        added_at=moment(found["patient"]["created_at"], here.zone),
        imported_at=_at(here, found["imported_at"]),
        bookings=[
            (Booking(told, here.names), list(reversed(history_of(here, told["history"])))) for told in found["bookings"]
        ],
        statuses=STATUSES,
        needs=[_need(here, told) for told in found["needs"]],
        need_states=NEED_STATES,
        recalls=[{**told, "issued_at": _at(here, told["issued_at"])} for told in found["recalls"] if told["issued_at"]],
        messages=[shown(each, here) for each in found["messages"]],
        opened=[{**each, "at": _at(here, each["at"])} for each in found["access_log"]],
        what=WHAT,
        complete=found["complete"],
        contact=here.document["contact"],
    )


def held_file(here: Here, id: str) -> Response:
    """Return it as a file that programs read."""
    return attached(answer(held_of(here.services, here.clinic, id)), f"{here.clinic}-{id[:8]}.json")


def _language_of(bookings: Sequence[Mapping[str, Any]]) -> str | None:
    """Return in which language the latest of these bookings was made; None where there is none that we speak."""
    return next((each["language"] for each in reversed(bookings) if each["language"] in LANGUAGES), None)


def _at(here: Here, told: str | None) -> Any:
    return moment(told, here.zone) if told else None


def _need(here: Here, told: Mapping[str, Any]) -> dict[str, Any]:
    key = told["practitioner"]
    names = {"type": here.names.type_and_alias(told["type"]), "practitioner": key and here.names.practitioner(key)}
    return {**told, **names}


ROUTES = (
    Page("GET", "/patients/<id>/held", held, administrators=True),
    Page("GET", "/patients/<id>/held.json", held_file, administrators=True),
)
