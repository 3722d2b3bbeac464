"""Makes a clinic and its administrator's account: on every try what is missing, never anything twice (ADR 47)."""

from collections.abc import Mapping
from typing import Any

from gateway.console.accounts.people import accounts_of
from gateway.console.frame.here import Here
from gateway.console.new_clinic.answers import Answers
from gateway.http.bounds import LONG_CALL_SECONDS
from shared.contracts.errors import ChangedMeanwhile
from shared.identity.emails import normal_email

ADMINISTRATOR = "administrator"


class Taken(Exception):
    """Another clinic has the address."""


def make(here: Here, document: Mapping[str, Any]) -> None:
    """Put the document of a clinic into force that is new, or was made by just this document before.

    Raises Taken, and whatever availability refuses.
    """
    availability = here.services.availability.with_timeout(LONG_CALL_SECONDS)
    clinic = document["clinic"]
    try:
        availability.apply_document(clinic, document=document, if_revision=0)
    except ChangedMeanwhile:
        found = availability.check_document(clinic, document=document)
        if found["errors"] or found["changes"]:
            raise Taken from None


def let_in(here: Here, answers: Answers, password: str) -> str:
    """Give the clinic its administrator, unless they are there; return their account's state. Raises Invalid.

    Who gets no password is invited by email.
    """
    email = normal_email(answers["administrator"])
    at = Here(here.services, here.request, answers["clinic"], here.session)
    present = next((each for each in accounts_of(at) if each["email"].casefold() == email.casefold()), None)
    if present is None:
        given = {"password": password} if password else {}
        present = here.services.staff.add_account(answers["clinic"], email=email, role=ADMINISTRATOR, **given)
    return str(present["state"])
