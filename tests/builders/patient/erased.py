"""What is left in patient's database and told of it when somebody was erased."""

from typing import Any

from sqlalchemy import select

from services.patient.store import metadata
from services.patient.store.tables import outbox
from shared.contracts.envelope import Event, new_event
from tests.builders.lying_open import opened
from tests.builders.patient.desks import KEYS, NOW, STAFF, Work


def everything(work: Work) -> str:
    """Return all that patient's database holds, every sealed text opened."""
    with work.reading() as store:
        rows = [[*map(tuple, store.connection.execute(select(table)))] for table in metadata.sorted_tables]
    return opened(rows, KEYS.people, KEYS.numbers)


def told(work: Work) -> list[tuple[str, str]]:
    """Return types and subjects of what others are told, in its order."""
    with work.reading() as store:
        bodies = store.connection.scalars(select(outbox.c.body).order_by(outbox.c.position)).all()
    return [(body["type"], body["subject"]) for body in bodies]


def from_others(source: str, type: str, patient: str, **data: Any) -> Event:
    """Return an event by which another service says that it is done."""
    return new_event(
        source, type, clinic="solna", subject=patient, version=2, data=data, now=NOW, actor=STAFF.brief(),
        correlation_id="c",
    )  # fmt: skip
