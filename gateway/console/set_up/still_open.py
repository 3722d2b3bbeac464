"""What a clinic still lacks before patients can book well, each with the page where it is done (issue 14)."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from gateway.console.frame.here import Here
from gateway.http.wording import N_
from shared.clinic.switches import is_active

_MADE: Mapping[str, str] = {
    "invited": N_("The clinic is made. Its administrator gets an email with a link to choose a password."),
    "active": N_("The clinic is made. Its administrator can sign in with the password that you gave."),
}


class Open(NamedTuple):
    """Something to be done: what and why, and the path of its page below the clinic."""

    what: str
    why: str
    path: str


_OFF = Open(
    N_("Start online booking"),
    N_("It is off: patients see the clinic, but no times. Start it when all is as it should be."),
    "/set-up/booking",
)
_NO_HOURS = Open(
    N_("Enter hours in which patients can book"),
    N_("No week template has a block that is open online."),
    "/set-up/templates",
)
_NO_PLAN = Open(
    N_("Say who works by which week template"),
    N_("Without a plan nobody works, and patients find no times."),
    "/set-up/plans",
)
_NO_CONTACT = Open(
    N_("Enter the telephone number"),
    N_("Patients are told to call where they cannot go on online."),
    "/set-up/clinic",
)
_NOBODY = Open(
    N_("Invite an administrator"),
    N_("Nobody of the clinic itself can sign in yet."),
    "/accounts/new",
)
_NO_LOGO = Open(
    N_("Put the logo on the booking page"),
    N_("Patients see by it where they are. It can wait."),
    "/set-up/pictures",
)


def still_open(here: Here) -> list[Open]:
    """Return what is to be done, most needed first; what can wait only beside what cannot."""
    needed = [*_needed(here)]
    look = here.document.get("look") or {}
    return [*needed, *([_NO_LOGO] if needed and not look.get("logo") else [])]


def made(here: Here) -> str | None:
    """Return what is told of a clinic that was made just now."""
    return here.done(_MADE, "made")


def _needed(here: Here) -> Iterator[Open]:
    document = here.document
    if not _has_hours(document):
        yield _NO_HOURS
    elif not document["plans"] and not document["days"]:
        yield _NO_PLAN
    if not document["contact"]["phone"]:
        yield _NO_CONTACT
    if here.is_installer and not here.services.staff.accounts(here.clinic, limit=1)["accounts"]:
        yield _NOBODY
    if not is_active(document):
        yield _OFF


def _has_hours(document: Mapping[str, Any]) -> bool:
    online = {kind["key"] for kind in document["block_kinds"] if kind["online"]}
    weeks = (blocks for template in document["templates"] for blocks in template["week"].values())
    return any(
        block["kind"] in online for blocks in (*weeks, *(day["blocks"] for day in document["days"])) for block in blocks
    )
