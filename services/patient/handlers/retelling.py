"""What the clinic has confirmed of the records of version 0.1.0 is told to who took them as they were (ADR 15).

Booking and notification keep what patient has told of needs and of staff's bookings, and that version told all
addresses alike. So each such record is told of once more: what goes to an address that the web brought, and nobody has
confirmed, ends with it.
"""

from services.patient.handlers.desk import Desk
from services.patient.handlers.telling import write_changed
from services.patient.model.patients import told_anew

AT_ONCE = 50
"""How many records one transaction tells of."""


def tell_doubts(desk: Desk) -> int:
    """Tell of the next records that version 0.1.0 has told of, as far as they have anything unconfirmed.

    Returns how many were looked at, up to `AT_ONCE`. What is told and that it was told are one transaction, so that
    nothing is told twice, whoever dies or does the same at this moment.
    """
    with desk.work.reading() as store:
        if not store.anything_untold():
            return 0
    with desk.work() as store:
        found = store.untold(AT_ONCE)
        write_changed(desk, store, [told_anew(record) for record in found if record.unconfirmed])
        store.note_told([record.id for record in found])
    return len(found)
