"""Looks at a reminder when it is due: is it still wanted, may it go out now, and what does it say by now (PRODUCT N3).

Names, texts and reminders are those in force when it is sent, not when it was planned: what a clinic sets up now
counts for the bookings that it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from services.notification.handlers.desk import links_of
from services.notification.model.clinic import Clinic
from services.notification.model.delivery import TOO_LATE
from services.notification.model.messages import FAILED, WITHDRAWN, Content, Message
from services.notification.model.remembered import Remembered, appointment_of, wanted_reminders
from services.notification.model.reminder_ids import reminder_id
from services.notification.wording.compose import compose
from shared.clinic.message_keys import REMINDER
from shared.contracts.errors import NotFound, Timeout, Unavailable

if TYPE_CHECKING:
    from services.notification.store import NotificationStore
    from shared.bus.events.unit_of_work import UnitOfWork
    from shared.clinic_documents import ClinicDocuments
    from shared.clock import Clock
    from shared.desk import Keys

    Work = UnitOfWork[NotificationStore]

AGAIN_WITHOUT_DOCUMENT = timedelta(seconds=10)
"""How long a reminder waits where the clinic's document cannot be fetched."""


class NotNow(Exception):
    """A reminder must not go out at this moment: `until` says when to look again, None that it never goes out.

    `state` and `reason` are what becomes of one that never does; neither names anybody.
    """

    def __init__(self, reason: str, *, until: datetime | None = None, state: str = WITHDRAWN) -> None:
        super().__init__(reason)
        self.reason = reason
        self.until = until
        self.state = state


@dataclass(frozen=True)
class DueReminders:
    """Brings reminders up to date as they are sent."""

    work: Work
    documents: ClinicDocuments
    keys: Keys
    clock: Clock

    def ready(self, claimed: Message) -> Content:
        """Return what a claimed reminder says now, and keep it with the message; raise NotNow where it stays here.

        Waits for a change of the booking that is being written, so that none goes out to the time before it.
        """
        clinic = self._clinic(claimed.clinic)
        with self.work() as store:
            remembered = store.remembered(claimed.booking) if claimed.booking else None
            content = self._content(claimed, remembered, clinic)
            if not store.rewrite(claimed, self.keys.people.seal(content.to_json())):
                raise NotNow("another process has it in hand")
        return content

    def _clinic(self, key: str) -> Clinic:
        try:
            return self.documents.get(key).as_read(Clinic.from_document)
        except NotFound:
            raise NotNow("the clinic is gone") from None
        except (Unavailable, Timeout):
            raise NotNow("no document", until=self.clock.now() + AGAIN_WITHOUT_DOCUMENT) from None

    def _content(self, claimed: Message, remembered: Remembered | None, clinic: Clinic) -> Content:
        now = self.clock.now()
        if remembered is None or remembered.facts is None:
            raise NotNow("the booking no longer stands")
        appointment = appointment_of(remembered, self.keys.people.open(remembered.facts))
        for wanted in wanted_reminders(remembered, appointment, clinic):
            if reminder_id(remembered.reference, remembered.start, wanted.due.reminder) == claimed.source_event:
                _refuse_late(remembered.start, clinic, now)
                return compose(appointment, REMINDER, wanted.to, clinic, links_of(self.keys), now)
        raise NotNow("neither clinic, booking nor patient's record wants it any more")


def _refuse_late(start: datetime, clinic: Clinic, now: datetime) -> None:
    """Put off a reminder that comes late into quiet hours; give up one that the appointment has overtaken."""
    at = clinic.quiet_hours.after(now, clinic.zone)
    if at >= start:
        raise NotNow(TOO_LATE, state=FAILED)
    if at > now:
        raise NotNow("it is quiet", until=at)
