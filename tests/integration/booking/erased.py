"""Maja, of whom nothing may be left: what is hers, and who tells that she is erased."""

from sqlalchemy import select

from services.booking.store.tables import metadata
from shared.contracts.envelope import Event, new_event
from tests.builders.booking.world import CLINIC, KEYS, MAJA, START, a_contact
from tests.builders.lying_open import opened
from tests.integration.booking.calls import Calls, an_event

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
