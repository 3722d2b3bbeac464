"""How the contract notes bookings and their reminders, and looks at what is remembered."""

from datetime import datetime
from typing import Any

from services.notification.model.messages import PLANNED, Message
from services.notification.model.remembered import Consent, Remembered
from shared.clinic.message_keys import REMINDER
from tests.builders.notification.messages import NOW
from tests.builders.notification.rows import a_confirmation
from tests.integration.notification.store_contract.messages import Work

NO_SMS = Consent(sms_reminder=False, sms_ok=False, email_ok=None)


def a_booking(reference: str = "A", version: int = 1, start: datetime = NOW, **changes: Any) -> Remembered:
    """Return what is remembered of a booking of solna that stands."""
    fields = {"clinic": "solna", "sms_reminder": True, "facts": "sealed", **changes}
    return Remembered(reference=reference, version=version, start=start, **fields)


def a_reminder(id: str = "1", state: str = PLANNED, **changes: Any) -> Message:
    """Return a reminder of booking A; all are made of one source, so that only one of them can be."""
    return a_confirmation(id, state, **{"event": REMINDER, "source_event": "of A", "before": "24h", **changes})


def remember(work: Work, *bookings: Remembered) -> None:
    """Note bookings."""
    with work() as store:
        assert store.remember(bookings).keys() == {booking.reference for booking in bookings}


def remembered(work: Work, reference: str = "A") -> Remembered | None:
    """Return what is remembered of a booking."""
    with work() as store:
        return store.remembered(reference)
