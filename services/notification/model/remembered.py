"""What notification remembers of a booking and its patient, to remind of it later (PRODUCT N3).

No more than a reminder says: the booking's own addresses, since its messages go there whatever the record says, and of
the record only its switches. A booking that is cancelled, missed or done needs no facts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from services.notification.model.clinic import Clinic
from services.notification.model.messages import PATIENT, Addressee, Appointment, appointment_booked
from services.notification.model.told import Addressed, Booked
from shared.clinic.message_keys import EMAIL, SMS
from shared.clinic.telling.reminders import Due, reminders_due
from shared.contracts.plain import plain

STANDING = "booked"

OVER = 2**31 - 1
"""The version of an erased booking: whatever is told of it is older, so that nobody is told it any more."""

_OF_BOOKING = tuple(field.name for field in fields(Booked))
_OF_PERSON = tuple(field.name for field in fields(Addressed))


@dataclass(frozen=True)
class Consent:
    """What a patient's record says of messages; `sms_reminder` is the clinic's switch, None was never asked."""

    sms_reminder: bool = True
    sms_ok: bool | None = None
    email_ok: bool | None = None

    @property
    def refuses_nothing(self) -> bool:
        """Whether the record lets every reminder go out."""
        return self.allows(SMS) and self.allows(EMAIL)

    def allows(self, channel: str) -> bool:
        """Tell whether the record lets a reminder go out by `channel`."""
        return {SMS: self.sms_reminder and self.sms_ok is not False, EMAIL: self.email_ok is not False}[channel]


NOTHING_SAID = Consent()


@dataclass(frozen=True)
class Remembered:
    """A booking's newest state; `facts` are sealed, None where it no longer stands. `consent` is the record's."""

    reference: str
    clinic: str
    version: int
    start: datetime
    sms_reminder: bool
    facts: str | None
    consent: Consent = NOTHING_SAID

    def allows(self, channel: str) -> bool:
        """Tell whether patient's record and booking let a reminder go out by `channel` (N3)."""
        return self.consent.allows(channel) and (channel != SMS or self.sms_reminder)


@dataclass(frozen=True)
class Wanted:
    """A reminder that an appointment should have: to whom, and when."""

    due: Due
    to: Addressee


def facts_of(booked: Booked, person: Addressed) -> dict[str, Any]:
    """Return what to remember of a booking that stands, as plain JSON; of what else is told of it, nothing."""
    return {"data": _only(_OF_BOOKING, booked), "person": _only(_OF_PERSON, person)}


def appointment_of(remembered: Remembered, facts: Mapping[str, Any]) -> Appointment:
    """Return the appointment that `facts` (what `facts_of` returned) tell of."""
    booked, person = Booked.read(facts["data"]), Addressed.read(facts["person"])
    return appointment_booked(remembered.reference, remembered.version, booked, person)


def _only(names: Sequence[str], told: Any) -> dict[str, Any]:
    """Return some fields of what is told in plain form."""
    return {name: plain(getattr(told, name)) for name in names}


def wanted_reminders(remembered: Remembered, appointment: Appointment, clinic: Clinic) -> list[Wanted]:
    """Return every reminder that the clinic, the booking and the patient's record want, past or not."""
    addresses, person = appointment.person.addresses(clinic), appointment.person
    name = f"{person.first_name} {person.last_name}".strip()
    return [
        Wanted(due, Addressee(PATIENT, due.reminder.channel, to, name))
        for due in reminders_due(appointment.start, clinic.reminders, clinic.zone, clinic.quiet_hours)
        if (to := addresses[due.reminder.channel]) and remembered.allows(due.reminder.channel)
    ]
