"""An appointment as a calendar file: an iTIP message that calendars take in by themselves (RFC 5545, RFC 5546).

All files of one booking carry the same UID; SEQUENCE grows with each version, so that a calendar which gets them out
of order keeps the newest. Times are UTC: every calendar shows them in its owner's zone, without a VTIMEZONE.

The few lines are written as they are: the library that reads calendars builds a tree of objects for each, which took as
long as all else of an email. Tests hold every file against what that library writes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"

_LINE_OCTETS = 74
"""Of a line, without its end and the space that a folded one begins with (RFC 5545, 3.1)."""
_PAIRS = b"\\^"
"""What escapes the sign behind it, and is left together with it."""
_CONTINUES = 0b1100_0000, 0b1000_0000
"""By which bits, and what they say, an octet is known that is not the first of its letter in UTF-8."""
_ESCAPED_IN_NAMES = re.compile(r'\r\n|[\^\r\n"]')
_ESCAPES_IN_NAMES = {"^": "^^", '"': "^'"}
_QUOTED = re.compile("[,;:\u2019 ']")


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
        "content": "".join(f"{_folded(line)}\r\n" for line in _lines(invitation)),
    }


def _lines(invitation: Invitation) -> Iterator[str]:
    """Yield the file's lines, those of the event in the order in which calendars like to read them."""
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Frontdesk//Appointments//EN")
    yield f"METHOD:{invitation.method}"
    yield "BEGIN:VEVENT"
    yield f"SUMMARY:{_text(invitation.summary)}"
    yield f"DTSTART:{_moment(invitation.start)}"
    yield f"DTEND:{_moment(invitation.end)}"
    yield f"DTSTAMP:{_moment(invitation.stamp)}"
    yield f"UID:{_text(invitation.uid)}"
    yield f"SEQUENCE:{invitation.sequence}"
    if invitation.attendee:
        yield _party("ATTENDEE", invitation.attendee, ";PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;RSVP=FALSE")
    yield f"DESCRIPTION:{_text(invitation.description)}"
    yield f"LOCATION:{_text(invitation.location)}"
    yield _party("ORGANIZER", invitation.organizer)
    if not invitation.goes_on:
        yield "STATUS:CANCELLED" if invitation.method == CANCEL else "STATUS:CONFIRMED"
    if invitation.url:
        yield _in_one_line(f"URL:{invitation.url}")
    if invitation.alarm and invitation.method != CANCEL:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(invitation.summary)}")
        yield from (f"TRIGGER:-PT{invitation.alarm // timedelta(minutes=1)}M", "END:VALARM")
    yield from ("END:VEVENT", "END:VCALENDAR")


def _party(name: str, party: Party, parameters: str = "") -> str:
    return _in_one_line(f"{name};CN={_name(party.name)}{parameters}:mailto:{party.email}")


def _moment(moment: datetime) -> str:
    utc = moment.astimezone(UTC)
    return f"{utc.year:04}{utc.month:02}{utc.day:02}T{utc.hour:02}{utc.minute:02}{utc.second:02}Z"


def _text(text: str) -> str:
    """Return a text as a value: with its line ends and what separates values escaped (RFC 5545, 3.3.11)."""
    lines = text.replace(r"\N", "\n").replace("\r\n", "\n").replace("\r", "\n")
    return lines.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,").replace("\n", r"\n")


def _name(name: str) -> str:
    """Return a name as a parameter, which has other escapes (RFC 6868), in quotes where signs of it need them."""
    escaped = _ESCAPED_IN_NAMES.sub(lambda found: _ESCAPES_IN_NAMES.get(found[0], "^n"), name)
    return f'"{escaped}"' if _QUOTED.search(name) else escaped


def _in_one_line(line: str) -> str:
    """Return a line whose value cannot be escaped; raise ValueError where it has an end inside."""
    if "\r" in line or "\n" in line:
        raise ValueError("an address of more than one line")
    return line


def _folded(line: str) -> str:
    """Return a line cut into such as are short enough, never inside a letter or an escape (RFC 5545, 3.1)."""
    octets = line.encode()
    if len(octets) <= _LINE_OCTETS:
        return line
    parts, start, (bits, continues) = [], 0, _CONTINUES
    while len(octets) - start > _LINE_OCTETS:
        end = start + _LINE_OCTETS
        while octets[end] & bits == continues:
            end -= 1
        end -= octets[end - 1] in _PAIRS
        parts.append(octets[start:end])
        start = end
    return b"\r\n ".join([*parts, octets[start:]]).decode()
