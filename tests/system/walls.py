"""Who may do what, as tables: every RPC method and every HTTP call, with a call by which each is tried (PRODUCT C1)."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.api.operation import Operation
from shared.actor import Actor
from tests.builders.pictures import a_drawing
from tests.system.clinics import OwnClinic, a_person, at, in_days
from tests.system.installation import Installation

PASSWORD = "a password of theirs"
NOBODY, THERAPIST, COLLEAGUE, HEAD, STRANGER, TOOL = "n", "t", "c", "h", "s", "k"
"""Nobody; the therapist whose calendar and patient are meant; another one of the clinic; its administrator; that of
another clinic; an internal tool."""

EVERYBODY = "ntchsk"
OF_CLINIC = "tchk"
OWN_CALENDAR = "thk"
ADMINISTRATORS = "hk"
OWN_ACCOUNT = "tchs"
TOOLS_ONLY = "k"
NONE = ""
"""Who is let in, in the tables; what is of the house alone lets none of them in."""

Args = tuple[tuple[Any, ...], dict[str, Any]]


@dataclass
class House:
    """A clinic where a therapist has a booking, with all that follows; `things` are what calls name."""

    installation: Installation
    clinic: OwnClinic
    other: str
    emails: Mapping[str, str]
    things: Mapping[str, str]

    @property
    def actors(self) -> dict[str, Actor]:
        """Those who try, as services see them."""
        here, emails = self.clinic.key, self.emails
        return {
            NOBODY: Actor("patient"),
            THERAPIST: Actor("staff", emails[THERAPIST], "therapist", here, "anna"),
            COLLEAGUE: Actor("staff", emails[COLLEAGUE], "therapist", here, "bo"),
            HEAD: Actor("staff", emails[HEAD], "administrator", here),
            STRANGER: Actor("staff", emails[STRANGER], "administrator", self.other),
            TOOL: Actor("tool", "walls"),
        }


def named(operation: Operation) -> str:
    """Return by what a call stands in the tables."""
    return f"{operation.method} {operation.url}"


def _of(*things: str, **fields: Any) -> Callable[[House], Args]:
    """Return what makes a call that names the clinic first, then these things of it, with these fields."""

    def made(house: House) -> Args:
        return (house.clinic.key, *(house.things[each] for each in things)), _filled(house, fields)

    return made


def _about(**fields: Any) -> Callable[[House], Args]:
    """Return what makes a call that names no clinic, with these fields."""
    return lambda house: ((), _filled(house, fields))


def _filled(house: House, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields; a function among them is asked for its value."""
    return {name: value(house) if callable(value) else value for name, value in fields.items()}


def _thing(name: str) -> Callable[[House], str]:
    return lambda house: house.things[name]


def _newcomer(house: House) -> str:
    return f"new.{house.clinic.key}@people.example"


def _key(house: House) -> str:
    return house.clinic.key


def a_week() -> str:
    """Return an ISO week to come."""
    year, week, _ = in_days(30).isocalendar()
    return f"{year}-W{week:02d}"


_DAY = in_days(12)
_DATES = {"from": _DAY.isoformat(), "to": _DAY.isoformat()}
_FROM = {"from": _DAY.isoformat()}
_AWAY = {"practitioner": "anna", "from": in_days(60).isoformat(), "to": in_days(60).isoformat(), "reason": "Away"}
_BOOKING = {"type": "visit", "practitioner": "anna"}
_CALLED = {**_BOOKING, "start": at(_DAY, "11:00"), "send": ["card"]}
_WEEK = {"week": a_week()}
A_PICTURE = b64encode(a_drawing()).decode()

METHODS: dict[str, tuple[str, Callable[[House], Args]]] = {
    "availability.clinics": (EVERYBODY, _about()),
    "availability.profile": (EVERYBODY, _of()),
    "availability.days": ("ntchk", _of(type="visit", **_DATES)),
    "availability.slots": ("ntchk", _of(type="visit", **_DATES)),
    "availability.next_slots": ("ntchk", _of(type="visit", **_DATES)),
    "availability.free_slots": (OWN_CALENDAR, _of(**_BOOKING, **_DATES)),
    "availability.next_free": (OWN_CALENDAR, _of(type="visit", practitioners=["anna"], **_FROM)),
    "availability.check_slot": ("ntchk", _of(**_BOOKING, start=at(_DAY, "08:00"))),
    "availability.document": (OF_CLINIC, _of()),
    "availability.document_shape": (ADMINISTRATORS, _of()),
    "availability.check_document": (ADMINISTRATORS, _of(document={})),
    "availability.preview_document": (ADMINISTRATORS, _of(**_DATES)),
    "availability.apply_document": (ADMINISTRATORS, _of(document={})),
    "availability.document_history": (ADMINISTRATORS, _of()),
    "availability.document_state": (ADMINISTRATORS, _of(revision=1)),
    "availability.document_without": (ADMINISTRATORS, _of(revision=1)),
    "availability.merge_document": (ADMINISTRATORS, _of(document={}, since=1)),
    "availability.absences": (OF_CLINIC, _of()),
    "availability.add_absence": (OWN_CALENDAR, _of(**_AWAY)),
    "availability.update_absence": (OWN_CALENDAR, _of("absence", **_AWAY)),
    "availability.remove_absence": (OWN_CALENDAR, _of("other absence")),
    "availability.check_absence": (OWN_CALENDAR, _of(practitioner="anna", **_DATES)),
    "availability.links": (OF_CLINIC, _of()),
    "availability.schedule": (OWN_CALENDAR, _of(practitioner="anna", **_DATES)),
    "availability.picture": (EVERYBODY, _of("picture")),
    "availability.put_picture": (ADMINISTRATORS, _of("picture", content=A_PICTURE)),
    "availability.remove_picture": (ADMINISTRATORS, _of("other picture")),
    "availability.former_picture": (ADMINISTRATORS, _of("picture", hash="0")),
    "availability.restore_picture": (ADMINISTRATORS, _of("picture", hash="0")),
    "availability.reconcile": (TOOLS_ONLY, _of()),
    "availability.reconcile_unknown": (TOOLS_ONLY, _of()),
    "availability.ping": (EVERYBODY, _about()),
    "booking.hold": ("nthk", _of(**_BOOKING, start=at(_DAY, "08:00"))),
    "booking.release": (EVERYBODY, _about(hold=_thing("hold"))),
    "booking.book": ("nthk", _of(**_BOOKING, start=at(_DAY, "09:00"), patient=a_person())),
    "booking.get": (OWN_CALENDAR, _of("reference")),
    "booking.find": (OWN_CALENDAR, _of(practitioner="anna")),
    "booking.calendar": (OWN_CALENDAR, _of(practitioner="anna", **_DATES)),
    "booking.calendar_feed": (NONE, _of(practitioner="anna", **_DATES)),
    "booking.open_link": (EVERYBODY, _about(token=_thing("token"))),
    "booking.slots_for": (EVERYBODY, _about(token=_thing("token"), **_DATES)),
    "booking.days_for_need": ("tchk", _of(type="checkup", **_DATES)),
    "booking.slots_for_need": ("tchk", _of(type="checkup", **_DATES)),
    "booking.rebook": (OWN_CALENDAR, _about(clinic=_key, reference=_thing("reference"), start=at(_DAY, "10:00"))),
    "booking.cancel": (OWN_CALENDAR, _about(clinic=_key, reference=_thing("reference"), version=99)),
    "booking.undo": (OWN_CALENDAR, _of("reference", version=99)),
    "booking.arrived": (OWN_CALENDAR, _of("reference")),
    "booking.mark_no_show": (OWN_CALENDAR, _of("reference")),
    "booking.note": (OWN_CALENDAR, _of("reference", text="Comes with her mother.")),
    "booking.my_bookings": (NONE, _of()),
    "booking.recall": (OWN_CALENDAR, _of(**_CALLED, patient=_thing("patient"))),
    "booking.issue_recalls": (OWN_CALENDAR, _of(need=_thing("need"), send=["card"])),
    "booking.recalls": (OF_CLINIC, _of()),
    "booking.recall_cards": (OF_CLINIC, _of(**_WEEK)),
    "booking.open_recall": (EVERYBODY, _about(birth_date="1980-05-05", code="7K3M-9QX2")),
    "booking.open_need": (EVERYBODY, _about(token="n")),
    "booking.watch_list": (OF_CLINIC, _of()),
    "booking.watch_list_count": (OF_CLINIC, _of()),
    "booking.watch_done": (OWN_CALENDAR, _of("watched")),
    "booking.history": (OWN_CALENDAR, _of("reference")),
    "booking.verify_history": (ADMINISTRATORS, _of()),
    "booking.report": (ADMINISTRATORS, _of(**_DATES)),
    "booking.note_online": (NONE, _of(batch="b" * 32, at="2026-12-01T08:00:00+01:00", rows=[])),
    "booking.set_sms_reminder": (OWN_CALENDAR, _of("reference", on=True)),
    "booking.collisions": (ADMINISTRATORS, _of(start=at(_DAY, "08:00"), end=at(_DAY, "09:00"))),
    "booking.find_collisions": (NONE, _of()),
    "booking.collision_times": (OWN_CALENDAR, _of("absence")),
    "booking.resolve_collisions": (OWN_CALENDAR, _of("absence")),
    "booking.new_link": (OWN_CALENDAR, _of("reference", send=False)),
    "booking.seen_since": (NONE, _of(since="2026-12-01T08:00:00+01:00", patients=[])),
    "booking.retention": (ADMINISTRATORS, _of()),
    "booking.treated": (NONE, _of(practitioner="anna", patients=[])),
    "booking.export": (ADMINISTRATORS, _of(patient=_thing("patient"))),
    "booking.import_bookings": (ADMINISTRATORS, _of(lines=[])),
    "booking.states": (NONE, _of()),
    "booking.reconcile": (TOOLS_ONLY, _of()),
    "booking.reconcile_needs": (TOOLS_ONLY, _of()),
    "booking.ping": (EVERYBODY, _about()),
    "patient.identify": (OF_CLINIC, _of(birth_date="1980-05-05", first_name="Test", last_name="Person")),
    "patient.of_login": (NONE, _of(mobile="+46701740001")),
    "patient.people": (NONE, _of()),
    "patient.person": (NONE, _of(mobile="+46701740001", person=_thing("patient"))),
    "patient.find": (OF_CLINIC, _of()),
    "patient.get": (OWN_CALENDAR, _of("patient")),
    "patient.add": (OF_CLINIC, _of(first_name="New", last_name="Person")),
    "patient.update": (OWN_CALENDAR, _of("patient", sms_reminder=True)),
    "patient.export": (ADMINISTRATORS, _of("patient")),
    "patient.erase": (ADMINISTRATORS, _of("patient", confirm="nobody")),
    "patient.erasure": (ADMINISTRATORS, _of("patient")),
    "patient.access_log": (ADMINISTRATORS, _of()),
    "patient.retention": (ADMINISTRATORS, _of()),
    "patient.history_anchors": (NONE, _of()),
    "patient.note_opening": (NONE, _of(booking=_thing("reference"), by={"kind": "staff", "id": "x@people.example"})),
    "patient.needs": (OF_CLINIC, _of()),
    "patient.add_need": (OWN_CALENDAR, _of(patient=_thing("patient"), type="visit", **_WEEK)),
    "patient.close_need": (OWN_CALENDAR, _of("need")),
    "patient.import_patients": (ADMINISTRATORS, _of(lines=[])),
    "patient.import_needs": (ADMINISTRATORS, _of(lines=[])),
    "patient.resolve_imported": (NONE, _of(whos=[])),
    "patient.need_states": (NONE, _of()),
    "patient.reconcile": (TOOLS_ONLY, _of()),
    "patient.reconcile_unknown": (TOOLS_ONLY, _of()),
    "patient.ping": (EVERYBODY, _about()),
    "notification.messages": (OF_CLINIC, _of()),
    "notification.failed_count": (OF_CLINIC, _of()),
    "notification.message": (OWN_CALENDAR, _of("message")),
    "notification.of_recalls": (OF_CLINIC, _of(recalls=[])),
    "notification.export": (ADMINISTRATORS, _of(patient=_thing("patient"))),
    "notification.retention": (ADMINISTRATORS, _of()),
    "notification.resend": (OWN_CALENDAR, _of("message")),
    "notification.confirm_again": (OWN_CALENDAR, _of("reference")),
    "notification.addressees": (OWN_CALENDAR, _of("reference")),
    "notification.preview": (OF_CLINIC, _of(event="booked", channel="email")),
    "notification.send_code": (NONE, _of(mobile="+46701740001", code="123456")),
    "notification.provider_status": (NONE, _about()),
    "notification.provider_inbound": (NONE, _about()),
    "notification.reconcile": (TOOLS_ONLY, _of()),
    "notification.reconcile_unknown": (TOOLS_ONLY, _of()),
    "notification.ping": (EVERYBODY, _about()),
    "staff.log_in": (NONE, _about(email="admin@frontdesk.example", password="a guess")),
    "staff.accounts": (ADMINISTRATORS, _of()),
    "staff.add_account": (ADMINISTRATORS, _of(email=_newcomer, role="therapist", practitioner="anna")),
    "staff.update_account": (ADMINISTRATORS, _of("account", role="administrator")),
    "staff.remove_account": (ADMINISTRATORS, _of("account")),
    "staff.change_password": (OWN_ACCOUNT, _about(old="a guess of one", new="another long one")),
    "staff.begin_two_step": (OWN_ACCOUNT, _about(password="a guess of one")),
    "staff.confirm_two_step": (OWN_ACCOUNT, _about(code="000000")),
    "staff.end_two_step": (OWN_ACCOUNT, _about(code="000000")),
    "staff.recovery_codes": (OWN_ACCOUNT, _about(code="000000")),
    "staff.calendar_feeds": (OF_CLINIC, _of()),
    "staff.add_calendar_feed": (f"{THERAPIST}{HEAD}", _of(practitioner="anna")),
    "staff.remove_calendar_feed": (OF_CLINIC, _of("feed")),
    "staff.open_calendar_feed": (NONE, _about(token="c")),
    "staff.ask_reset": (NONE, _about(email="nobody@people.example")),
    "staff.open_reset": (NONE, _about(token="p")),
    "staff.reset": (NONE, _about(token="p", password=PASSWORD)),
    "staff.ping": (EVERYBODY, _about()),
}  # fmt: skip
"""By method: who is let in, and a call by which it is tried, about what is the therapist's."""

_AT = "/v1/staff/clinics/<clinic>"
CALLS = {
    f"GET {_AT}/absences": "availability.absences",
    f"POST {_AT}/absences": "availability.add_absence",
    f"DELETE {_AT}/absences/<id>": "availability.remove_absence",
    f"PUT {_AT}/absences/<id>": "availability.update_absence",
    f"POST {_AT}/absences/check": "availability.check_absence",
    f"GET {_AT}/absences/<id>/collisions": "booking.collision_times",
    f"POST {_AT}/absences/<id>/collisions": "booking.resolve_collisions",
    f"GET {_AT}/accounts": "staff.accounts",
    f"POST {_AT}/accounts": "staff.add_account",
    f"DELETE {_AT}/accounts/<id>": "staff.remove_account",
    f"PATCH {_AT}/accounts/<id>": "staff.update_account",
    f"GET {_AT}/access-log": "patient.access_log",
    f"GET {_AT}/retention": "patient.retention",
    f"POST {_AT}/patients/<id>/erase": "patient.erase",
    f"GET {_AT}/patients/<id>/erasure": "patient.erasure",
    f"GET {_AT}/patients/<id>/erasure/preview": "patient.erasure",
    f"GET {_AT}/patients/<id>/export": "patient.export",
    f"GET {_AT}/history/verify": "booking.verify_history",
    f"GET {_AT}/reports/online": "booking.report",
    f"GET {_AT}/reports/online.csv": "booking.report",
    f"GET {_AT}/bookings": "booking.find",
    f"POST {_AT}/bookings": "booking.book",
    f"GET {_AT}/bookings/<reference>": "booking.get",
    f"GET {_AT}/bookings/<reference>/addressees": "notification.addressees",
    f"POST {_AT}/bookings/<reference>/arrived": "booking.arrived",
    f"POST {_AT}/bookings/<reference>/cancel": "booking.cancel",
    f"POST {_AT}/bookings/<reference>/confirmation": "notification.confirm_again",
    f"GET {_AT}/bookings/<reference>/history": "booking.history",
    f"POST {_AT}/bookings/<reference>/new-link": "booking.new_link",
    f"POST {_AT}/bookings/<reference>/no-show": "booking.mark_no_show",
    f"POST {_AT}/bookings/<reference>/note": "booking.note",
    f"POST {_AT}/bookings/<reference>/rebook": "booking.rebook",
    f"POST {_AT}/bookings/<reference>/sms-reminder": "booking.set_sms_reminder",
    f"POST {_AT}/bookings/<reference>/undo": "booking.undo",
    f"GET {_AT}/calendar": "booking.calendar",
    f"GET {_AT}/calendar-feeds": "staff.calendar_feeds",
    f"POST {_AT}/calendar-feeds": "staff.add_calendar_feed",
    f"DELETE {_AT}/calendar-feeds/<id>": "staff.remove_calendar_feed",
    f"GET {_AT}/day-list.csv": "booking.find",
    f"GET {_AT}/document": "availability.document",
    f"PUT {_AT}/document": "availability.apply_document",
    f"GET {_AT}/document/shape": "availability.document_shape",
    f"GET {_AT}/document/history": "availability.document_history",
    f"GET {_AT}/document/history/<revision>": "availability.document_state",
    f"POST {_AT}/document/check": "availability.check_document",
    f"POST {_AT}/document/preview": "availability.preview_document",
    f"GET {_AT}/links": "availability.links",
    f"PUT {_AT}/pictures/<name>": "availability.put_picture",
    f"DELETE {_AT}/pictures/<name>": "availability.remove_picture",
    f"GET {_AT}/messages": "notification.messages",
    f"GET {_AT}/messages/<id>": "notification.message",
    f"POST {_AT}/messages/<id>/resend": "notification.resend",
    f"POST {_AT}/messages/preview": "notification.preview",
    f"GET {_AT}/needs": "patient.needs",
    f"POST {_AT}/needs": "patient.add_need",
    f"DELETE {_AT}/needs/<id>": "patient.close_need",
    f"GET {_AT}/patients": "patient.find",
    f"POST {_AT}/patients": "patient.add",
    f"GET {_AT}/patients/<id>": "patient.get",
    f"PATCH {_AT}/patients/<id>": "patient.update",
    f"POST {_AT}/recalls": "booking.recall",
    f"GET {_AT}/recalls/cards.pdf": "booking.recall_cards",
    f"POST {_AT}/recalls/issue": "booking.issue_recalls",
    f"GET {_AT}/slots": "availability.free_slots",
    f"POST {_AT}/holds": "booking.hold",
    f"GET {_AT}/watch-list": "booking.watch_list",
    f"POST {_AT}/watch-list/<id>/done": "booking.watch_done",
    "PUT /v1/staff/password": "staff.change_password",
    "POST /v1/staff/two-step": "staff.begin_two_step",
    "DELETE /v1/staff/two-step": "staff.end_two_step",
    "POST /v1/staff/two-step/confirm": "staff.confirm_two_step",
    "POST /v1/staff/two-step/recovery-codes": "staff.recovery_codes",
}
"""By call: the method that it makes, whose walls are its own."""

OWN_CALLS = {
    "GET /v1/staff/sessions": OWN_ACCOUNT,
    "DELETE /v1/staff/sessions": OWN_ACCOUNT,
    f"GET {_AT}/recalls/<reference>/card.pdf": OWN_CALENDAR,
}
"""Those that make none, or one of another form."""

FOR_STRANGERS = {
    "GET /healthz", "GET /metrics", "GET /openapi.json", "GET /readyz", "GET /v1/clinics", "GET /v1/clinics/<clinic>",
    "POST /v1/clinics/<clinic>/bookings", "GET /v1/clinics/<clinic>/days", "POST /v1/clinics/<clinic>/holds",
    "POST /v1/clinics/<clinic>/login-codes", "DELETE /v1/clinics/<clinic>/logins", "POST /v1/clinics/<clinic>/logins",
    "GET /v1/clinics/<clinic>/my/bookings", "GET /v1/clinics/<clinic>/my/needs", "GET /v1/clinics/<clinic>/my/people",
    "GET /v1/clinics/<clinic>/next",
    "GET /v1/clinics/<clinic>/slots", "DELETE /v1/holds/<hold>", "GET /v1/manage/<token>",
    "POST /v1/manage/<token>/cancel", "POST /v1/manage/<token>/rebook", "GET /v1/manage/<token>/slots",
    "POST /v1/recalls/open", "POST /v1/staff/logins", "POST /v1/staff/password-resets",
    "POST /v1/staff/password-resets/<token>", "POST /v1/webhooks/sendgrid", "POST /v1/webhooks/twilio/inbound",
    "POST /v1/webhooks/twilio/status",
}  # fmt: skip
"""Those that ask for no member of staff; what a patient must have proven there is shown by tests of each."""
