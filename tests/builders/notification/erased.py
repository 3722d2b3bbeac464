"""Eva, of whom nothing may be left: who tells that she is erased, and what is held."""

from sqlalchemy import select

from services.notification.store.tables import metadata
from shared.contracts.envelope import Event, new_event
from tests.builders.lying_open import opened
from tests.builders.notification.mailroom import Work
from tests.builders.notification.messages import KEYS, NOW, STAFF, an_event

EVA = "e" * 32


def everything(work: Work) -> str:
    """Return all that notification's database holds, every sealed text opened."""
    with work.reading() as store:
        rows = [[*map(tuple, store.connection.execute(select(table)))] for table in metadata.sorted_tables]
    return opened(rows, KEYS.people)


def erased(*needs: str) -> Event:
    """Return the event by which booking tells that a patient was taken out of a booking, and of needs."""
    return new_event(
        "booking", "BookingsErased", clinic="solna", subject=EVA, version=2,
        data={"references": [an_event().subject], "needs": [*needs]}, now=NOW, actor=STAFF.brief(), correlation_id="c",
    )  # fmt: skip
