"""What notification remembers of a booking and its patient, to remind of it later (PRODUCT N3).

No more than a reminder says: the booking's own addresses, since its messages go there whatever the record says, and of
the record only its switches. A booking that is cancelled, missed or done needs no facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.notification.model.clinic import Clinic
from services.notification.model.messages import PATIENT, Addressee, Appointment, read_appointment
from services.notification.model.reminders import Due, reminders_due
from shared.clinic.message_keys import EMAIL, SMS

STANDING = "booked"
_OF_BOOKING = ("epoch", "type", "practitioner", "start", "minutes", "language", "changeable")
_OF_PERSON = ("first_name", "last_name", "mobile", "email", "sms_ok", "email_ok", "message")


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


def facts_of(data: Mapping[str, Any], person: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what to remember of a booking event's `data` and opened `person`; None where the booking is no more."""
    if data["status"] != STANDING:
        return None
    return {
        "data": {name: data.get(name) for name in _OF_BOOKING},
        "person": {name: person.get(name) for name in _OF_PERSON},
    }


def appointment_of(remembered: Remembered, facts: Mapping[str, Any]) -> Appointment:
    """Return the appointment that `facts` (what `facts_of` returned) tell of."""
    return read_appointment(remembered.reference, remembered.version, facts["data"], facts["person"])


def wanted_reminders(remembered: Remembered, appointment: Appointment, clinic: Clinic) -> list[Wanted]:
    """Return every reminder that the clinic, the booking and the patient's record want, past or not."""
    addresses, person = appointment.person.addresses(), appointment.person
    name = f"{person.first_name} {person.last_name}".strip()
    return [
        Wanted(due, Addressee(PATIENT, due.reminder.channel, to, name))
        for due in reminders_due(appointment.start, clinic.reminders, clinic.zone, clinic.quiet_hours)
        if (to := addresses[due.reminder.channel]) and remembered.allows(due.reminder.channel)
    ]
