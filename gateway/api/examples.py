"""One example of each request and answer for the API's description: the same patient, clinic and time throughout."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from marshmallow import Schema, fields, validate

from gateway.api.operation import PLACEHOLDER, Operation

_START, _END = "2026-12-01T14:00:00+01:00", "2026-12-01T14:45:00+01:00"
_MANAGE_TOKEN = "7K3M9QX2VTq1Zx0vYw8Rk3Jp6Nd5Tb4Lc2"

_VALUES: Mapping[str, Any] = {
    "actor": {"kind": "patient", "id": None},
    "after": "40m",
    "alias": "Examination",
    "arrived_at": "2026-12-01T13:55:00+01:00",
    "answers": {"fear": "lite"},
    "before": "30m",
    "bookings": 31,
    "by": "day",
    "cancellations": 3,
    "birth_date": "1985-04-12",
    "booking": "7K3M9QX2VT",
    "browser": "Firefox",
    "changes": {"start": ["2026-11-30T09:00:00+01:00", _START]},
    "clinic": "solna",
    "clinics": ["solna"],
    "code": "402817",
    "comment": "I am travelling.",
    "contact": {"phone": "+46 8 123 45 67", "address": "Storgatan 1, Solna"},
    "content": "BEGIN:VCALENDAR…",
    "count": 1,
    "collision_count": 1,
    "absences_unchecked": 0,
    "about": "Takes her time, also with those who are nervous.",
    "accent": "#0b6b6b",
    "bring": "Your list of medicines.",
    "created_at": "2026-11-23T08:00:00+01:00",
    "checked": 482,
    "checkpoint": 31,
    "checkpoints": 40,
    "cursor": "0f3c9a",
    "description": "With X-rays where they are due.",
    "done_at": "2026-11-24T09:05:00+01:00",
    "done_by": "admin@frontdesk.example",
    "details": {"name": "required", "mobile": "required", "email": "optional", "message": "optional"},
    "email": "eva@patients.example",
    "end": _END,
    "event": "booked",
    "expires": "2026-11-23T10:10:00+01:00",
    "fetched_at": "2026-11-30T07:15:00+01:00",
    "fields": ["fear"],
    "first_name": "Eva",
    "free": 7,
    "from": "2026-12-01",
    "functions": {"new": True, "rebook": True, "cancel": True},
    "height": 192,
    "hold": "6f1b7c52a0d94e3b8a7d2c9e5f40b1a3",
    "hour": 17,
    "id": "b7a4e1c09d2f4c6e8a53f1d07c9b2e64",
    "info": "Bring your identity card.",
    "key": "exam",
    "keys": [
        {
            "names": False,
            "name": "few",
            "kind": "whole",
            "low": 0,
            "high": 1000,
            "required": False,
            "default": 3,
            "label": "Number of times up to which a day has few",
            "hint": None,
        }
    ],
    "kind": "exam",
    "language": "sv",
    "lead_time_hours": 212.5,
    "languages": ["sv", "en"],
    "last_name": "Lind",
    "last_used_at": "2026-11-23T09:40:00+01:00",
    "length": "30m",
    "lengths": {"anna": "45m"},
    "limit": 50,
    "moves": 4,
    "missed": 1,
    "logo": "https://booking.example/solna/pictures/logo?v=5d1c0e9ab37f2846",
    "manage_token": _MANAGE_TOKEN,
    "manage_url": f"https://booking.example/m/{_MANAGE_TOKEN}",
    "message": "I would rather come by the back door.",
    "minutes": 45,
    "mobile": "070-174 06 05",
    "name": "Solna Tandvård",
    "national_id": "19850412-1230",
    "new": "another long enough one",
    "need": "3d5f0a9be6c14d7f9b20c8e74a61f5d3",
    "needs": {"controlled": False, "choose_practitioner": False, "days_after_week": None, "without": []},
    "new_patients": ["anna"],
    "note": "Rather comes in the morning.",
    "number": "198504121230",
    "open": 1,
    "old": "a long enough password",
    "password": "a long enough password",
    "path": "types[0].length",
    "patient": "b7a4e1c09d2f4c6e8a53f1d07c9b2e64",
    "picture": "https://booking.example/solna/pictures/anna?v=9c1f0b7d3a52e846",
    "person": "b7a4e1c09d2f4c6e8a53f1d07c9b2e64",
    "practitioner": "anna",
    "practitioners": ["anna"],
    "price": "995.00",
    "q": "lind",
    "qr": "<svg …></svg>",
    "reached_by": ["sms", "email"],
    "change_count": 1,
    "reason": "Holiday",
    "revision": 12,
    "since": 11,
    "recovery_codes": ["7K3M9-QX2VT", "D4F6H-J8L2N"],
    "reference": "7K3M9QX2VT",
    "replaces": "0c9d2e7a41f84b6d9e35b8a1f7d6c204",
    "resources": ["room-1"],
    "scheme": "se.personnummer",
    "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    "send": ["sms", "card"],
    "services": {"availability": True, "booking": True, "patient": True, "notification": True, "staff": True},
    "snippet": '<iframe src="https://booking.example/solna?practitioner=anna&amp;type=exam"></iframe>',
    "source": "web 203.0.113.7",
    "start": _START,
    "subject": "Your appointment",
    "system": "Windows",
    "tell": "all",
    "text": "Welcome on Tuesday 1 December 2026 at 14:00.",
    "texts": {"page": "Welcome!", "confirmation": None},
    "time_zone": "Europe/Stockholm",
    "title": "Dentist",
    "to": "2026-12-07",
    "token": "u2Jk8Qw0ZrY5tXc1VbN7mLp3HsD6gFa9",
    "type": "exam",
    "undo_until": "2026-11-23T08:01:00+01:00",
    "until": "2026-11-30T14:00:00+01:00",
    "uri": "otpauth://totp/Frontdesk:anna%40clinic.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Frontdesk",
    "url": "https://booking.example/solna?practitioner=anna&type=exam",
    "version": 1,
    "week": "2026-W49",
    "weekday": 2,
    "visits": 120,
    "web_share": 0.74,
    "width": 192,
}
"""By a field's name."""

_OWN_VALUES: Mapping[tuple[str, str], Any] = {
    ("Attachment", "name"): "appointment.ics",
    ("Attachment", "type"): "text/calendar; charset=utf-8; method=REQUEST",
    ("ClinicDocument", "practitioners"): [{"key": "anna", "name": "Anna Berg"}],
    ("ClinicDocument", "types"): [{"key": "exam", "name": "US", "length": "30m"}],
    ("EraseBody", "confirm"): "Eva Lind",
    ("HeldRecall", "issued"): 1,
    ("VerifiedHistory", "entries"): 1210,
    ("VerifiedHistory", "waiting"): 1,
    ("AbsenceAnswer", "next"): None,
    ("Collisions", "next"): None,
    ("CollisionTimes", "next"): None,
    ("ResolveBody", "invite"): ["D4F6HJ8L2N"],
    ("ResolveBody", "text"): "Anna is ill. We are sorry.",
    ("Resolved", "refusal"): None,
    ("WatchListRow", "absence"): None,
    ("OwnBooking", "invitation"): None,
    ("OwnBooking", "invited"): False,
    ("Booking", "invited"): False,
    ("CalendarColumn", "key"): "anna",
    ("CalendarDay", "closed"): False,
    ("CalendarDay", "holiday"): None,
    ("CalendarResource", "key"): "room-1",
    ("Day", "holiday"): None,
    ("DocumentHistoryEntry", "actor"): {"kind": "staff", "id": "anna@clinic.example"},
    ("DocumentHistoryEntry", "changes"): [{"path": "types[exam].length", "before": "30m", "after": "40m"}],
    ("DocumentHistoryEntry", "kind"): "document",
    ("DocumentState", "actor"): {"kind": "staff", "id": "anna@clinic.example"},
    ("DocumentState", "changes"): [{"path": "types[exam].length", "before": "30m", "after": "40m"}],
    ("DocumentState", "document"): {"clinic": "solna", "name": "Solna Tandvård"},
    ("DocumentState", "kind"): "document",
    ("DocumentError", "message"): "must be a multiple of the grid, 5m",
    ("DocumentPreviewBody", "document"): {"clinic": "solna", "name": "Solna Tandvård", "booking": {"notice": "2h"}},
    ("DocumentPreview", "practitioners"): [{"key": "anna", "name": "Anna Berg"}],
    ("DocumentPreview", "holidays"): [],
    ("DocumentPreview", "unsearched"): [],
    ("PreviewedType", "alias"): {"sv": "Undersökning", "en": "Examination"},
    ("PreviewedType", "changes"): True,
    ("PreviewedType", "name"): "US",
    ("PreviewedType", "needs"): False,
    ("PreviewedType", "present"): [],
    ("HistoryEntry", "type"): "BookingMoved",
    ("IssuedRecall", "code"): "7K3M-9QX2",
    ("Link", "name"): "US",
    ("NoteBody", "text"): "Comes with her mother.",
    ("Login", "clinics"): None,
    ("Message", "text"): "Welcome on Tuesday 1 December 2026 at 14:00.",
    ("Message", "to"): "+46701740605",
    ("NotSent", "reason"): "no_mobile",
    ("OnlineFigures", "refusals"): {"slot_taken": 2},
    ("OnlineReport", "to"): "2026-12-31",
    ("OnlineReportQuery", "to"): "2026-12-31",
    ("OnlinePeriod", "from"): "2026-10-31",
    ("OnlinePeriod", "to"): "2026-11-30",
    ("OnlinePeriod", "refusals"): {},
    ("OnlineRow", "key"): "2026-12-01",
    ("OnlineRow", "to"): "2026-12-01",
    ("OnlineRow", "refusals"): {"slot_taken": 2},
    ("WouldErase", "coming"): [],
    ("WouldErase", "messages"): 4,
    ("WouldErase", "messages_waiting"): 0,
    ("WouldErase", "needs"): 1,
    ("WouldErase", "notes"): 2,
    ("WouldErase", "openings"): 6,
    ("WouldErase", "recalls"): 1,
    ("Wanted", "code"): "no_times",
    ("Wanted", "count"): 12,
    ("OpenedRecall", "code"): "7K3M-9QX2",
    ("FreeSlot", "outside_online"): [],
    ("Permission", "reason"): None,
    ("Preview", "characters"): 60,
    ("Preview", "encoding"): "GSM-7",
    ("Preview", "segments"): 1,
    ("Preview", "subject"): None,
    ("Preview", "text"): "Solna Tandvård: Welcome on Tuesday 1 December 2026 at 14:00.",
    ("Preview", "warnings"): ["It does not say {{ link }}, so the patient cannot move or cancel by it."],
    ("PreviewBody", "event"): "booked",
    ("PreviewBody", "template"): {"text": "{{ clinic.name }}: Welcome on {{ booking.date }} at {{ booking.time }}."},
    ("Profile", "fields"): [{"key": "fear", "kind": "choice", "label": "Tandvårdsrädd?", "choices": ["nej", "lite"]}],
    ("ProfilePractitioner", "key"): "anna",
    ("ProfilePractitioner", "name"): "Anna Berg",
    ("PutPicture", "name"): "anna",
    ("PutPicture", "type"): "image/webp",
    (
        "NewCalendarFeed",
        "url",
    ): "https://booking.example/calendar/c7f1b7c52a0d94e3b8a7d2c9e5f40b1a3q1Zx0vYw8Rk3Jp6Nd5Tb4Lc2.ics",
    ("PutPicture", "url"): "https://booking.example/solna/pictures/anna?v=9c1f0b7d3a52e846",
    ("RecallBody", "code"): "7K3M-9QX2",
    ("RecallNotSent", "reason"): "no_mobile",
    ("Recalled", "code"): "7K3M-9QX2",
    ("RetentionQuery", "bookings"): "3653d",
    ("RetentionRow", "deleted"): 41,
    ("RetentionRow", "is_more"): False,
    ("RetentionRow", "kind"): "bookings",
    ("RetentionRow", "over"): 1234,
    ("RetentionRow", "period"): "3653d",
    ("RetentionRow", "ran_at"): "2026-11-23T00:12:00+01:00",
    ("SessionChoice", "session"): "all",
    ("Sessions", "clinics"): None,
    ("Sessions", "email"): "admin@frontdesk.example",
    ("Sessions", "role"): "administrator",
    ("AccountChangeBody", "two_step"): False,
    ("TwoStepLogin", "clinics"): None,
    ("WholeMessage", "to"): "+46701740605",
}
"""By shape and name, where the name alone means something else."""

_LEFT_OUT: Mapping[str, frozenset[str]] = {
    "BookingBody": frozenset({"end", "need"}),
    "HoldBody": frozenset({"end", "need", "for"}),
    "IssueBody": frozenset({"need", "reference"}),
    "OpenedRecall": frozenset({"token", "clinic", "need"}),
    "OwnPatient": frozenset({"birth_date", "person"}),
    "PatientDetails": frozenset({"birth_date"}),
    "RecallBody": frozenset({"birth_date"}),
    "RetentionQuery": frozenset({"messages", "access_log", "watch_list", "needs", "patients"}),
    "SearchQuery": frozenset({"need", "for"}),
    "FreeSlotsQuery": frozenset({"moving"}),
    "StaffBookingBody": frozenset({"end", "need", "hold"}),
    "StaffHoldBody": frozenset({"end", "need"}),
    "StaffPatient": frozenset({"id", "birth_date"}),
    "MoveBody": frozenset({"practitioner"}),
    "DocumentPreviewBody": frozenset({"practitioner", "bookings", "as_if_on", "one"}),
    "AbsenceBody": frozenset({"resource"}),
    "AbsenceCheckBody": frozenset({"resource", "cursor"}),
}
"""What goes with another field's absence only."""


def example_of(schema: type[Schema]) -> dict[str, Any]:
    """Return a value of the shape, as JSON writes it."""
    found = {field.data_key or name: field for name, field in schema().fields.items()}
    left_out = _LEFT_OUT.get(schema.__name__, frozenset())
    return {name: _value(schema.__name__, name, field) for name, field in found.items() if name not in left_out}


def request_example(operation: Operation) -> str:
    """Return a whole request as it is sent: address, headers and body."""
    path = PLACEHOLDER.sub(lambda found: str(_VALUES[found[1]]), operation.url)
    needed = {name: _VALUES[name] for name in operation.required_parameters}
    lines = [f"{operation.method} {path}{'?' + urlencode(needed) if needed else ''}"]
    if operation.staff or operation.patient:
        lines.append(f"Authorization: Bearer {_VALUES['token']}")
    if operation.takes:
        return "\n".join([*lines, f"Content-Type: {operation.takes[0]}", "", "(the file's bytes)"])
    if operation.body is None:
        return "\n".join(lines)
    return "\n".join([*lines, "Content-Type: application/json", "", written(example_of(operation.body))])


def written(value: Any) -> str:
    """Return JSON as people like to read it."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def _value(shape: str, name: str, field: fields.Field[Any]) -> Any:
    if (shape, name) in _OWN_VALUES:
        return _OWN_VALUES[shape, name]
    if isinstance(field, fields.Nested):
        return example_of(type(field.schema))
    if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
        return [example_of(type(field.inner.schema))]
    if isinstance(field, fields.List) and _choices(field.inner):
        return _choices(field.inner)[:2]
    if choices := _choices(field):
        return choices[0]
    if isinstance(field, fields.Boolean):
        return True
    return _VALUES[name] if name in _VALUES else field.metadata.get("example")


def _choices(field: fields.Field[Any]) -> list[Any]:
    return [choice for each in field.validators if isinstance(each, validate.OneOf) for choice in each.choices]
