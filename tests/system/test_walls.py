"""Who may do what: every RPC method and every HTTP call, tried by everybody who might (PRODUCT C1).

A method or call that is not in the tables fails: whoever adds one says who may.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import count
from typing import Any

import pytest

from gateway.api.operation import PLACEHOLDER, Operation, operations_in
from gateway.service import ROUTES
from shared.actor import Actor, sign
from shared.bus.client import BlockingClient
from shared.contracts.errors import Forbidden, LoginRequired, Refusal
from shared.settings import SERVICES
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, a_person, at, in_days, own_clinic
from tests.system.installation import Installation, wait_until

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

_numbers = count(1)
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


def test_every_method_and_every_call_stands_in_the_tables() -> None:
    methods = {f"{name}.{each}" for name in SERVICES for each in import_module(f"shared.contracts.{name}").METHODS}
    assert methods == METHODS.keys()
    operations = operations_in(ROUTES)
    assert {_name(each) for each in operations if each.staff} == CALLS.keys() | OWN_CALLS.keys()
    assert {_name(each) for each in operations if not each.staff} == FOR_STRANGERS


def test_c1_every_method_lets_in_whom_it_is_for_and_nobody_else(house: House) -> None:
    found = {}
    for name, (who, made) in METHODS.items():
        args, fields = made(house)
        order = sorted(house.actors, key=lambda each: each in who)  # those who are let in may change what others try
        let_in = {each for each in order if _is_let_in(house, house.actors[each], name, args, fields)}
        found[name] = "".join(each for each in EVERYBODY if each in let_in)
    assert found == {name: "".join(each for each in EVERYBODY if each in who) for name, (who, _) in METHODS.items()}


def test_c1_every_call_lets_in_whom_its_method_does(house: House) -> None:
    clients = {each: staff(house.clinic.public.url, house.emails[each], PASSWORD) for each in OWN_ACCOUNT}
    clients |= {NOBODY: Client(house.clinic.public.url)}
    found, expected = {}, {}
    for operation in (each for each in operations_in(ROUTES) if each.staff):
        name = _name(operation)
        who = METHODS[CALLS[name]][0] if name in CALLS else OWN_CALLS[name]
        expected[name] = "".join(each for each in OWN_ACCOUNT if each in who)
        order = sorted(clients, key=lambda each: each in who)
        let_in = {each for each in order if _is_answered(house, clients[each], operation)}
        found[name] = "".join(each for each in EVERYBODY if each in let_in)
    assert found == expected


def test_c1_lists_show_therapists_their_own_and_nothing_of_colleagues(house: House) -> None:
    here = f"/staff/clinics/{house.clinic.key}"
    anna, bo = (staff(house.clinic.public.url, house.emails[each], PASSWORD) for each in (THERAPIST, COLLEAGUE))
    for path, name in (("patients", "patients"), ("messages", "messages"), ("bookings", "bookings")):
        assert anna.get(f"{here}/{path}")[name], path
        assert bo.get(f"{here}/{path}")[name] == [], path
    away = {"practitioner": "anna", "from": in_days(40).isoformat(), "to": in_days(41).isoformat(), "reason": "Private"}
    assert house.clinic.desk("POST", "absences", away).status == 201
    seen = [[each["reason"] for each in who.get(f"{here}/absences", limit=200)["absences"]] for who in (anna, bo)]
    assert "Private" in seen[0]
    assert "Private" not in seen[1]


@pytest.fixture
def house(deployed_installation: Installation) -> House:
    """Return a clinic that has been lived in, of which a test may use up what it wants."""
    return lived_in(deployed_installation)


def lived_in(running: Installation) -> House:
    """Set up a clinic with two therapists, of whom Anna has a booking, and all that calls name."""
    admin = staff(running.url, "admin@frontdesk.example", running.environment["FRONTDESK_ADMIN_PASSWORD"])
    practitioners = [{"key": "anna", "name": "Anna"}, {"key": "bo", "name": "Bo"}]
    visit = {"key": "visit", "name": "Visit", "length": "30m"}
    types = [visit, {**visit, "key": "checkup", "needs": {"controlled": True}}]
    clinic = own_clinic(Client(running.url), admin, practitioners=practitioners, types=types)
    other = own_clinic(Client(running.url), admin)
    emails = {each: f"{each}{next(_numbers)}.{clinic.key}@people.example" for each in OWN_ACCOUNT}
    roles = {THERAPIST: ("therapist", "anna"), COLLEAGUE: ("therapist", "bo")}
    for each, email in emails.items():
        role, practitioner = roles.get(each, ("administrator", None))
        account = {"email": email, "role": role, "practitioner": practitioner, "password": PASSWORD}
        assert (other if each == STRANGER else clinic).desk("POST", "accounts", account).status == 201
    booked, cancelled = (clinic.book(at(in_days(9), hour), practitioner="anna") for hour in ("08:00", "08:30"))
    clinic.link(cancelled["manage_token"], "cancel")
    return House(running, clinic, other.key, emails, _things(clinic, booked.body))


def _things(clinic: OwnClinic, booked: Mapping[str, Any]) -> dict[str, str]:
    """Return what calls name: the booking of Anna's, its patient, and what else there is of them."""
    reference = booked["reference"]

    def patient() -> str | None:
        id: str | None = clinic.desk("GET", f"bookings/{reference}")["patient"]["id"]
        return id

    def messages() -> list[Any]:
        found: list[Any] = clinic.desk("GET", "messages", booking=reference)["messages"]
        return found

    def watched() -> list[Any]:
        found: list[Any] = clinic.desk("GET", "watch-list")["watch_list"]
        return found

    wait_until(lambda: patient() and messages() and watched(), "what follows a booking")
    wish = {"patient": patient(), "type": "visit", "practitioner": "anna", "week": _a_week()}
    called = {**wish, "start": at(in_days(9), "09:00"), "send": ["card"]}
    called.pop("week")
    away = {"practitioner": "anna", "from": in_days(50).isoformat(), "to": in_days(51).isoformat(), "reason": "Away"}
    spare = {"email": f"spare{next(_numbers)}.{clinic.key}@people.example", "role": "administrator"}
    return {
        "reference": reference,
        "token": booked["manage_token"],
        "patient": str(patient()),
        "need": clinic.desk("POST", "needs", wish)["id"],
        "absence": clinic.desk("POST", "absences", away)["id"],
        "other absence": clinic.desk("POST", "absences", {**away, "reason": "Away again"})["id"],
        "recall": clinic.desk("POST", "recalls", called)["reference"],
        "message": messages()[0]["id"],
        "watched": watched()[0]["id"],
        "account": clinic.desk("POST", "accounts", spare)["id"],
        "hold": clinic.hold(at(in_days(9), "11:30")).body["hold"],
    }


def _a_week() -> str:
    year, week, _ = in_days(30).isocalendar()
    return f"{year}-W{week:02d}"


def _is_let_in(house: House, actor: Actor, name: str, args: tuple[Any, ...], fields: dict[str, Any]) -> bool:
    """Tell whether a call is refused for another reason than who makes it, or not at all."""
    environment = house.installation.environment
    service, _, method = name.partition(".")
    token = sign(actor, "house", environment["ACTOR_KEY"], datetime.now(UTC), timedelta(minutes=1))
    with BlockingClient(environment["AMQP_URI"], lambda: token) as client:
        try:
            client.call(service, method, *args, timeout=60.0, **fields)
        except (Forbidden, LoginRequired):
            return False
        except Refusal:
            return True
    return True


def _is_answered(house: House, client: Client, operation: Operation) -> bool:
    """Tell whether a call over HTTP is refused for another reason than who makes it, or not at all."""
    name = _name(operation)
    args, fields = METHODS[CALLS[name]][1](house) if name in CALLS else ((), {})
    named = [value for value in args if value != house.clinic.key]
    reference = house.things["recall" if "card.pdf" in name else "reference"]
    values = {"clinic": house.clinic.key, "reference": reference, "id": next(iter(named), "")}
    path = PLACEHOLDER.sub(lambda found: values[found[1]], operation.url).removeprefix("/v1")
    sent = {name: value for name, value in fields.items() if name not in {"clinic", "reference"}}
    if operation.method == "GET":
        response = client.session.get(f"{client.url}/v1{path}", params=sent, headers=_bearer(client), timeout=60)
    else:
        body = sent.get("document", sent)
        response = client.session.request(
            operation.method, f"{client.url}/v1{path}", json=body, headers=_bearer(client), timeout=60,
            params={"session": "none"} if path == "/staff/sessions" else None,
        )  # fmt: skip
    assert response.status_code < 500, response.text
    if response.status_code == 403:
        return False
    return response.status_code != 401 or response.json()["code"] != "login_required"


def _bearer(client: Client) -> dict[str, str]:
    return {"Authorization": f"Bearer {client.token}"} if client.token else {}


def _name(operation: Operation) -> str:
    return f"{operation.method} {operation.url}"


def _of(*named: str, **fields: Any) -> Callable[[House], Args]:
    """Return what makes a call that names the clinic first, then these things of it, with these fields."""

    def made(house: House) -> Args:
        return (house.clinic.key, *(house.things[each] for each in named)), _filled(house, fields)

    return made


def _about(**fields: Any) -> Callable[[House], Args]:
    """Return what makes a call that names no clinic, with these fields."""
    return lambda house: ((), _filled(house, fields))


def _filled(house: House, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields; a function among them is asked for its value."""
    return {name: value(house) if callable(value) else value for name, value in fields.items()}


def _thing(name: str) -> Callable[[House], str]:
    return lambda house: house.things[name]


def _key(house: House) -> str:
    return house.clinic.key


_DAY = in_days(12)
_DATES = {"from": _DAY.isoformat(), "to": _DAY.isoformat()}
_AWAY = {"practitioner": "anna", "from": in_days(60).isoformat(), "to": in_days(60).isoformat(), "reason": "Away"}
_BOOKING = {"type": "visit", "practitioner": "anna"}
_CALLED = {**_BOOKING, "start": at(_DAY, "11:00"), "send": ["card"]}
_ACCOUNT = {"email": "new@people.example", "role": "therapist", "practitioner": "anna"}
_WEEK = {"week": _a_week()}

METHODS: dict[str, tuple[str, Callable[[House], Args]]] = {
    "availability.clinics": (EVERYBODY, _about()),
    "availability.profile": (EVERYBODY, _of()),
    "availability.days": ("ntchk", _of(type="visit", **_DATES)),
    "availability.slots": ("ntchk", _of(type="visit", **_DATES)),
    "availability.next_slots": ("ntchk", _of(type="visit", **_DATES)),
    "availability.check_slot": ("ntchk", _of(**_BOOKING, start=at(_DAY, "08:00"))),
    "availability.document": (OF_CLINIC, _of()),
    "availability.check_document": (ADMINISTRATORS, _of(document={})),
    "availability.apply_document": (ADMINISTRATORS, _of(document={})),
    "availability.absences": (OF_CLINIC, _of()),
    "availability.add_absence": (OWN_CALENDAR, _of(**_AWAY)),
    "availability.update_absence": (OWN_CALENDAR, _of("absence", **_AWAY)),
    "availability.remove_absence": (OWN_CALENDAR, _of("other absence")),
    "availability.check_absence": (OWN_CALENDAR, _of(practitioner="anna", **_DATES)),
    "availability.links": (OF_CLINIC, _of()),
    "availability.reconcile": (TOOLS_ONLY, _of()),
    "availability.reconcile_unknown": (TOOLS_ONLY, _of()),
    "availability.ping": (EVERYBODY, _about()),
    "booking.hold": ("nthk", _of(**_BOOKING, start=at(_DAY, "08:00"))),
    "booking.release": (EVERYBODY, _about(hold=_thing("hold"))),
    "booking.book": ("nthk", _of(**_BOOKING, start=at(_DAY, "09:00"), patient=a_person())),
    "booking.get": (OWN_CALENDAR, _of("reference")),
    "booking.find": (OWN_CALENDAR, _of(practitioner="anna")),
    "booking.open_link": (EVERYBODY, _about(token=_thing("token"))),
    "booking.slots_for": (EVERYBODY, _about(token=_thing("token"), **_DATES)),
    "booking.days_for_need": ("tchk", _of(type="checkup", **_DATES)),
    "booking.slots_for_need": ("tchk", _of(type="checkup", **_DATES)),
    "booking.rebook": (OWN_CALENDAR, _about(clinic=_key, reference=_thing("reference"), start=at(_DAY, "10:00"))),
    "booking.cancel": (OWN_CALENDAR, _about(clinic=_key, reference=_thing("reference"), version=99)),
    "booking.mark_no_show": (OWN_CALENDAR, _of("reference")),
    "booking.my_bookings": (NONE, _of()),
    "booking.recall": (OWN_CALENDAR, _of(**_CALLED, patient=_thing("patient"))),
    "booking.issue_recalls": (OWN_CALENDAR, _of(need=_thing("need"), send=["card"])),
    "booking.recall_cards": (OF_CLINIC, _of(**_WEEK)),
    "booking.open_recall": (EVERYBODY, _about(birth_date="1980-05-05", code="7K3M-9QX2")),
    "booking.open_need": (EVERYBODY, _about(token="n")),
    "booking.watch_list": (OF_CLINIC, _of()),
    "booking.watch_done": (OWN_CALENDAR, _of("watched")),
    "booking.history": (OWN_CALENDAR, _of("reference")),
    "booking.verify_history": (ADMINISTRATORS, _of()),
    "booking.set_sms_reminder": (OWN_CALENDAR, _of("reference", on=True)),
    "booking.collisions": (ADMINISTRATORS, _of(start=at(_DAY, "08:00"), end=at(_DAY, "09:00"))),
    "booking.find_collisions": (NONE, _of()),
    "booking.new_link": (OWN_CALENDAR, _of("reference", send=False)),
    "booking.treated": (NONE, _of(practitioner="anna", patients=[])),
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
    "patient.update": (OWN_CALENDAR, _of("patient", sms_reminder=True)),
    "patient.needs": (OF_CLINIC, _of()),
    "patient.add_need": (OWN_CALENDAR, _of(patient=_thing("patient"), type="visit", **_WEEK)),
    "patient.close_need": (OWN_CALENDAR, _of("need")),
    "patient.need_states": (NONE, _of()),
    "patient.reconcile": (TOOLS_ONLY, _of()),
    "patient.reconcile_unknown": (TOOLS_ONLY, _of()),
    "patient.ping": (EVERYBODY, _about()),
    "notification.messages": (OF_CLINIC, _of()),
    "notification.message": (OWN_CALENDAR, _of("message")),
    "notification.resend": (OWN_CALENDAR, _of("message")),
    "notification.preview": (OF_CLINIC, _of(event="booked", channel="email")),
    "notification.send_code": (NONE, _of(mobile="+46701740001", code="123456")),
    "notification.provider_status": (NONE, _about()),
    "notification.provider_inbound": (NONE, _about()),
    "notification.reconcile": (TOOLS_ONLY, _of()),
    "notification.reconcile_unknown": (TOOLS_ONLY, _of()),
    "notification.ping": (EVERYBODY, _about()),
    "staff.log_in": (NONE, _about(email="admin@frontdesk.example", password="a guess")),
    "staff.accounts": (ADMINISTRATORS, _of()),
    "staff.add_account": (ADMINISTRATORS, _of(**_ACCOUNT)),
    "staff.update_account": (ADMINISTRATORS, _of("account", role="administrator")),
    "staff.remove_account": (ADMINISTRATORS, _of("account")),
    "staff.change_password": (OWN_ACCOUNT, _about(old="a guess of one", new="another long one")),
    "staff.begin_two_step": (OWN_ACCOUNT, _about(password="a guess of one")),
    "staff.confirm_two_step": (OWN_ACCOUNT, _about(code="000000")),
    "staff.end_two_step": (OWN_ACCOUNT, _about(code="000000")),
    "staff.recovery_codes": (OWN_ACCOUNT, _about(code="000000")),
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
    f"GET {_AT}/accounts": "staff.accounts",
    f"POST {_AT}/accounts": "staff.add_account",
    f"DELETE {_AT}/accounts/<id>": "staff.remove_account",
    f"PATCH {_AT}/accounts/<id>": "staff.update_account",
    f"GET {_AT}/bookings": "booking.find",
    f"POST {_AT}/bookings": "booking.book",
    f"GET {_AT}/bookings/<reference>": "booking.get",
    f"POST {_AT}/bookings/<reference>/cancel": "booking.cancel",
    f"GET {_AT}/bookings/<reference>/history": "booking.history",
    f"POST {_AT}/bookings/<reference>/new-link": "booking.new_link",
    f"POST {_AT}/bookings/<reference>/no-show": "booking.mark_no_show",
    f"POST {_AT}/bookings/<reference>/rebook": "booking.rebook",
    f"POST {_AT}/bookings/<reference>/sms-reminder": "booking.set_sms_reminder",
    f"GET {_AT}/document": "availability.document",
    f"PUT {_AT}/document": "availability.apply_document",
    f"POST {_AT}/document/check": "availability.check_document",
    f"GET {_AT}/links": "availability.links",
    f"GET {_AT}/messages": "notification.messages",
    f"GET {_AT}/messages/<id>": "notification.message",
    f"POST {_AT}/messages/<id>/resend": "notification.resend",
    f"POST {_AT}/messages/preview": "notification.preview",
    f"GET {_AT}/needs": "patient.needs",
    f"POST {_AT}/needs": "patient.add_need",
    f"DELETE {_AT}/needs/<id>": "patient.close_need",
    f"GET {_AT}/patients": "patient.find",
    f"GET {_AT}/patients/<id>": "patient.get",
    f"PATCH {_AT}/patients/<id>": "patient.update",
    f"POST {_AT}/recalls": "booking.recall",
    f"GET {_AT}/recalls/cards.pdf": "booking.recall_cards",
    f"POST {_AT}/recalls/issue": "booking.issue_recalls",
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
    "GET /v1/clinics/<clinic>/next", "GET /v1/clinics/<clinic>/slots", "DELETE /v1/holds/<hold>", "GET /v1/manage/<token>",
    "POST /v1/manage/<token>/cancel", "POST /v1/manage/<token>/rebook", "GET /v1/manage/<token>/slots",
    "POST /v1/recalls/open", "POST /v1/staff/logins", "POST /v1/staff/password-resets",
    "POST /v1/staff/password-resets/<token>", "POST /v1/webhooks/sendgrid", "POST /v1/webhooks/twilio/inbound",
    "POST /v1/webhooks/twilio/status",
}  # fmt: skip
"""Those that ask for no member of staff; what a patient must have proven there is shown by tests of each."""
