"""Whom a login books for: those whose confirmed mobile it has proven, by their names, or somebody else (B22)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.clients.services import Services
from gateway.public.draft import PERSON, SOMEBODY_ELSE, Draft
from gateway.public.known_patient import KnownPatient
from shared.contracts.errors import LoginRequired, Timeout, Unavailable


@dataclass(frozen=True)
class OwnPerson:
    """One of them: the id that a booking names, and their name."""

    id: str
    name: str


def own_people(services: Services, clinic: str, known: KnownPatient) -> list[OwnPerson]:
    """Return whom the login, or who came by a recall, may book for without typing who they are; else nobody.

    Where that cannot be asked, or not of a recall by the version before, they type it.
    """
    if not known.opens_needs:
        return []
    try:
        return [_own_person(row) for row in services.patient.people(clinic)["people"]]
    except (Unavailable, Timeout):
        return []
    except LoginRequired:
        if known.mobile:
            raise
        return []


def chosen_person(draft: Draft) -> str | None:
    """Return the id of whom it is booked for, None where they are typed."""
    person = draft.value(PERSON)
    return person if person and person != SOMEBODY_ELSE else None


def _own_person(row: Mapping[str, Any]) -> OwnPerson:
    return OwnPerson(row["person"], " ".join(filter(None, (row["first_name"], row["last_name"]))))
