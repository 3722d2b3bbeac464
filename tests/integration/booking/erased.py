"""Maja, of whom nothing may be left: what is hers, and who tells that she is erased."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from services.booking.store.tables import metadata
from shared.contracts.envelope import Event, new_event
from tests.builders.booking.world import CLINIC, KEYS, MAJA, STAFF, START, a_contact, a_need
from tests.builders.lying_open import opened
from tests.integration.booking.calls import Calls, an_event
from tests.integration.booking.recalls.clinic import FIRST, RECORD

PERSONAL = ("Maja", "Lund", "701234567", "maja@", "Ring på", "sjuk", "Afraid", "192.0.2")


def erased(*needs: str) -> Event:
    """Return the event by which patient tells that Maja is erased."""
    return new_event(
        "patient", "PatientErased", clinic=CLINIC, subject=MAJA, version=5, data={"needs": list(needs)},
        now=START, actor={"kind": "staff", "id": "eva@solna.example"}, correlation_id="c",
    )  # fmt: skip


def linked(reference: str) -> Event:
    """Return the event by which patient says that a booking is Maja's."""
    return an_event("patient", "PatientCreated", patient=MAJA, booking=reference, person=a_contact())


def everything(calls: Calls) -> str:
    """Return all that booking's database holds, every sealed text opened."""
    with calls.world.database.reading() as connection:
        rows = [[*map(tuple, connection.execute(select(table)))] for table in metadata.sorted_tables]
    return opened(rows, KEYS.people)


def a_past(calls: Calls) -> str:
    """Let Maja book by the web, move and cancel with a comment, be noted of and called in; return the reference."""
    calls.world.patients.records[MAJA] = dict(RECORD)
    booked = calls.book(message="Ring på", key="k")
    calls.hear(linked(booked["reference"]))
    calls.note(booked["reference"], "Afraid of needles.")
    calls.move(booked["manage_token"], START + timedelta(minutes=30))
    calls.cancel(booked["manage_token"], "Maja är sjuk")
    calls.hear(a_need())
    calls.issue(need=FIRST, send=["email", "sms"])
    return str(booked["reference"])


def verified(calls: Calls) -> list[Any]:
    """Return what of the histories is not as it was written."""
    found: list[Any] = calls.by(STAFF).verify_history(CLINIC)["broken"]
    return found
