"""When a patient will be reminded of an appointment, as its confirmation and its link's page say (N3)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from gateway.http.wording import N_
from gateway.views.clinic_view import ClinicView
from shared.clinic.telling.reminders import reminders_due

_BY: Mapping[str, str] = {
    "sms": N_("We will remind you by text message on %(day)s, unless you have opted out."),
    "email": N_("We will remind you by email on %(day)s, unless you have opted out."),
}
"""Their record may say no, or a STOP that they have answered; neither is asked for whoever has the link."""


class Reminded(NamedTuple):
    """One sentence: its msgid, and the moment on whose day it comes."""

    text: str
    at: datetime


def reminded(clinic: ClinicView, start: datetime, now: datetime, told: Collection[str]) -> list[Reminded]:
    """Return the reminders to come, of the channels that the patient is `told` by, the next one first.

    When they go out is what notification plans, by the clinic's quiet hours, which may bring one forward a day.
    """
    due = reminders_due(start, clinic.reminders, clinic.zone, clinic.quiet_hours)
    coming = sorted((each.at, each.reminder.channel) for each in due if each.reminder.channel in told and each.at > now)
    return [Reminded(_BY[channel], at.astimezone(clinic.zone)) for at, channel in coming]
