"""An appointment as a calendar file: an iTIP message that calendars take in by themselves (RFC 5545, RFC 5546).

All files of one booking carry the same UID; SEQUENCE grows with each version, so that a calendar which gets them out
of order keeps the newest. Times are UTC: every calendar shows them in its owner's zone, without a VTIMEZONE.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


@dataclass(frozen=True)
class Party:
    """Somebody with an email address."""

    name: str
    email: str


@dataclass(frozen=True)
class Invitation:
    """An appointment put into a calendar (REQUEST) or taken out of it (CANCEL). `stamp` is when that happened.

    PUBLISH is for whoever fetches the file: it invites nobody and has no `attendee`. Where the appointment `goes_on`
    without the attendee, CANCEL uninvites only them (RFC 5546, 3.2.5). With an `alarm` the calendar reminds its owner
    so long before.
    """

    method: str
    uid: str
    sequence: int
    stamp: datetime
    start: datetime
    end: datetime
    summary: str
    location: str
    description: str
    url: str | None
    organizer: Party
    attendee: Party | None = None
    goes_on: bool = False
    alarm: timedelta | None = None


def uid_of(clinic: str, reference: str) -> str:
    """Return what all calendar files of one booking carry, so that each replaces the one before."""
    return f"{reference}@{clinic}.frontdesk"


def attachment(invitation: Invitation) -> Mapping[str, str]:
    """Return the file as an attachment `{name, type, content}`."""
    return {
        "name": "appointment.ics",
        "type": f"text/calendar; method={invitation.method}; charset=utf-8",
        "content": _calendar(invitation).to_ical().decode(),
    }


def _calendar(invitation: Invitation) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Frontdesk//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", invitation.method)
    calendar.add_component(_event(invitation))
    return calendar


def _event(invitation: Invitation) -> Event:
    event = Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.stamp.astimezone(UTC))
    event.add("dtstart", invitation.start.astimezone(UTC))
    event.add("dtend", invitation.end.astimezone(UTC))
    event.add("summary", invitation.summary)
    event.add("location", invitation.location)
    event.add("description", invitation.description)
    if not invitation.goes_on:
        event.add("status", "CANCELLED" if invitation.method == CANCEL else "CONFIRMED")
    event.add("organizer", _address(invitation.organizer))
    if invitation.attendee:
        event.add("attendee", _address(invitation.attendee, ROLE="REQ-PARTICIPANT", PARTSTAT="ACCEPTED", RSVP="FALSE"))
    if invitation.url:
        event.add("url", invitation.url)
    if invitation.alarm and invitation.method != CANCEL:
        event.add_component(_alarm(invitation.alarm, invitation.summary))
    return event


def _alarm(before: timedelta, summary: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", -before)
    return alarm


def _address(party: Party, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{party.email}")
    for name, value in {"CN": party.name, **parameters}.items():
        address.params[name] = vText(value)
    return address
