"""When a patient will be reminded of an appointment, as its confirmation and its link's page say (N3)."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from gateway.http.wording import N_
from gateway.views.clinic_view import ClinicView
from shared.clinic.times.durations import Duration, parse_duration

_BY: Mapping[str, str] = {
    "sms": N_("We will remind you by text message on %(day)s."),
    "email": N_("We will remind you by email on %(day)s."),
}


class Reminded(NamedTuple):
    """One sentence: its msgid, and the moment on whose day it comes."""

    text: str
    at: datetime


def reminded(clinic: ClinicView, start: datetime, now: datetime, told: Collection[str]) -> list[Reminded]:
    """Return the reminders to come, of the channels that the patient is `told` by, the next one first.

    Quiet hours may bring one forward, and with it the day: where a clinic has them nothing is promised.
    """
    if clinic.has_quiet_hours:
        return []
    kept = [(row["channel"], parse_duration(row["before"])) for row in clinic.reminders]
    found = sorted((_before(start, length), channel) for channel, length in kept if channel in told)
    return [Reminded(_BY[channel], at.astimezone(clinic.zone)) for at, channel in found if at > now]


def _before(start: datetime, length: Duration) -> datetime:
    """Return the moment so long before; whole days before it is the same time of that date."""
    return start - timedelta(days=length.days) if length.days is not None else start - length.elapsed()
