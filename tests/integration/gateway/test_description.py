"""The API keeps to its description whatever is sent: schemathesis makes up requests and checks the answers."""

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from PIL import Image

from gateway.api import schemas
from gateway.api.examples import example_of, request_example
from gateway.api.operation import PLACEHOLDER, Operation
from gateway.service import DESCRIPTION
from shared.links import need_token
from tests.builders.gateway.bookings import a_booking
from tests.builders.gateway.calendars import a_booking as a_calendar_booking
from tests.builders.gateway.calendars import a_calendar
from tests.builders.gateway.clinics import open_clinic
from tests.builders.gateway.kept import tell_of_retention
from tests.builders.gateway.world import ADMIN, World

SPEC = DESCRIPTION.specification


def answering(world: World) -> World:
    """Let every service answer as the contracts say, at one clinic."""
    open_clinic(world)
    slot = {"start": "2026-12-01T14:00:00+01:00", "end": "2026-12-01T14:45:00+01:00", "practitioners": ["anna"]}
    place = {"start": slot["start"], "end": slot["end"], "practitioner": "anna"}
    booked = {name: a_booking()[name] for name in ("reference", "status", "type", "practitioner", "start", "end")} | {
        "manage_url": "http://127.0.0.1/m/t",
        "manage_token": "t",
    }
    permission = {"allowed": True, "until": None, "reason": None}
    patient = {"id": "p1", "first_name": "Maja", "last_name": "Ek", "mobile": None, "email": None}
    message = {
        "id": "m1", "channel": "sms", "event": "booked", "to": "+46701740605", "state": "sent", "reason": None,
        "text": "Hej",
    }  # fmt: skip
    document = {"clinic": "solna", "name": "Solna", "time_zone": "Europe/Stockholm", "practitioners": [], "types": []}
    an_entry = {
        "revision": 1, "kind": "made", "at": "2026-11-30T08:00:00+00:00", "actor": {"kind": "tool", "id": "cli"},
        "changes": [], "change_count": 0,
    }  # fmt: skip
    planned = a_calendar(a_calendar_booking())
    absence = {"id": "a1", "practitioner": "anna", "resource": None, "from": "2026-12-24", "to": "2026-12-31"}
    world.availability.answers |= {
        "clinics": {"clinics": [{"clinic": "solna", "name": "Solna", "active": True}]},
        "profile": {
            "name": "Solna", "language": "sv", "contact": {}, "languages": ["sv"], "currency": "SEK", "functions": {},
            "texts": {}, "fields": [], "details": {}, "types": [], "practitioners": [],
        },
        "days": {"days": [{"date": "2026-12-01", "level": "many", "free": 7, "holiday": None}]},
        "slots": {"slots": [slot]},
        "document": {"revision": 1, "document": document},
        "apply_document": {"revision": 2, "document": document, "changes": []},
        "document_history": {"history": [], "next": None},
        "document_state": {**an_entry, "document": document},
        "document_shape": {"shape": {"kind": "section", "keys": [{"name": "few", "kind": "whole"}]}},
        "check_document": {"errors": [], "changes": [{"path": "name", "before": None, "after": "Solna"}]},
        "preview_document": {
            "errors": [], "on": True, "present_on": True, "as_if_on": False, "unsearched": [],
            "types": [{
                "type": "exam", "name": "US", "alias": {"sv": "Undersökning"}, "needs": False, "free": 1,
                "present_free": 0, "changes": True, "slots": [slot], "present": [],
            }],
            "practitioners": [{"key": "anna", "name": "Anna"}], "holidays": [], "collisions": [a_booking()],
            "collision_count": 1, "absences_unchecked": 0,
        },
        "absences": {"absences": [absence], "next": None},
        "add_absence": {"id": "a1", "collisions": [a_booking()], "next": "c", "count": 2},
        "update_absence": {"id": "a1", "collisions": None, "next": None, "count": None},
        "check_absence": {"collisions": [a_booking()], "next": None, "count": 1},
        "links": {"links": [
            {"practitioner": "anna", "kind": "type", "key": "exam", "name": "US", "url": "https://a", "snippet": "<a>"}
        ]},
        "schedule": {"revision": 1, "days": planned["days"]},
        "free_slots": {"slots": [{**slot, "outside_online": ["anna"]}]},
        "put_picture": {
            "name": "anna", "url": "http://127.0.0.1/solna/pictures/anna?v=1", "type": "image/webp", "width": 9,
            "height": 9,
        },
    }  # fmt: skip
    world.booking.answers |= {
        "calendar": {"bookings": planned["bookings"]},
        "hold": {"hold": "h", "practitioner": "anna", **slot, "expires": slot["start"]},
        "book": booked,
        "get": a_booking(),
        "find": lambda _clinic, **asked: {"bookings": [a_booking()], "next": None if asked.get("cursor") else "c"},
        "open_link": {"clinic": "solna", "booking": a_booking(), "may": {"rebook": permission, "cancel": permission}},
        "slots_for": {"slots": [slot]},
        "days_for_need": {"days": [{"date": "2026-12-01", "level": "few", "free": 2, "holiday": None}]},
        "slots_for_need": {"slots": [slot]},
        "my_bookings": {
            "bookings": [a_booking(may={"rebook": permission, "cancel": permission}, manage_token="t")],
            "next": None,
        },
        "recall": {"reference": "7K3M9QX2VT", "code": "7K3M-9QX2", "not_sent": []},
        "issue_recalls": {"issued": [{"need": "n1", "reference": None, "code": "7K3M-9QX2"}], "not_sent": []},
        "recall_cards": {"cards": [], "next": None},
        "open_recall": {"token": "t", "clinic": "solna", "need": "n1"},
        "rebook": a_booking(),
        "cancel": a_booking(status="cancelled"),
        "undo": a_booking(),
        "arrived": a_booking(arrived_at="2026-12-01T13:55:00+01:00"),
        "mark_no_show": a_booking(status="missed"),
        "note": a_booking(note="Comes with her mother."),
        "set_sms_reminder": a_booking(),
        "new_link": {**a_booking(), "manage_url": "http://127.0.0.1/m/t", "manage_token": "t"},
        "watch_list": {"watch_list": [{"id": "w1", "reason": "cancelled", "comment": None}], "next": None},
        "collision_times": {
            "collisions": [
                {"booking": a_booking(), "same": [place], "others": [], "suggested": place, "reach": ["sms"]}
            ],
            "next": None,
            "count": 1,
        },
        "resolve_collisions": {
            "results": [{"reference": "7K3M9QX2VT", "done": "moved", "booking": a_booking(), "refusal": None}],
            "open": 0,
        },
        "history": {
            "history": [{"at": slot["start"], "type": "BookingCreated", "actor": {}, "version": 1}],
            "next": None,
        },
        "verify_history": example_of(schemas.VerifiedHistory),
        "report": example_of(schemas.OnlineReport),
        "export": {"bookings": [], "recalls": [], "next": None},
    }
    need = {
        "id": "n1", "patient": "p1", "type": "exam", "practitioner": None, "minutes": 45, "week": "2026-W49",
        "state": "open", "usable_until": "2026-12-16", "booking": None,
    }  # fmt: skip
    world.patient.answers |= {
        "find": {"patients": [patient], "next": None},
        "get": patient,
        "add": patient,
        "update": patient,
        "needs": {"needs": [need], "next": None},
        "people": {"people": [{"person": "p1", "first_name": "Maja", "last_name": "Lund"}]},
        "add_need": need,
        "close_need": need,
        "export": {"patient": patient, "imported_at": None},
        "erase": example_of(schemas.Erasure),
        "erasure": example_of(schemas.Erasure),
        "access_log": {
            "access_log": [{"at": slot["start"], "actor": {"kind": "staff"}, "patient": "p1", "what": "read"}],
            "next": None,
        },
    }
    tell_of_retention(world)
    account = {
        "id": "a1", "email": "eva@solna.example", "role": "therapist", "practitioner": "anna", "state": "active",
        "two_step": False, "changeable": True, "version": 1,
    }  # fmt: skip
    who = {"account": None, "email": ADMIN, "clinics": None, "revision": 1, "two_step": False}
    world.staff.answers |= {
        "accounts": {"accounts": [account], "next": None},
        "add_account": account,
        "update_account": account,
        "change_password": who,
        "reset": {"email": ADMIN},
        "begin_two_step": {"secret": "JBSWY3DPEHPK3PXP", "uri": "otpauth://totp/Frontdesk?secret=JBSWY3DPEHPK3PXP"},
        "confirm_two_step": {**who, "recovery_codes": ["7K3M-9QX2"]},
        "end_two_step": who,
        "recovery_codes": {"recovery_codes": ["7K3M-9QX2"]},
        "calendar_feeds": example_of(schemas.CalendarFeeds),
        "add_calendar_feed": lambda _clinic, **_sent: {**example_of(schemas.CalendarFeed), "token": "t"},
    }
    world.notification.answers |= {
        "messages": {"messages": [message], "next": None},
        "export": {"messages": [], "next": None},
        "message": {**message, "attachments": []},
        "resend": message,
        "confirm_again": {"messages": [message]},
        "addressees": {"moved": [{"audience": "patient", "name": "Maja Ek", "channel": "sms"}], "cancelled": []},
        "preview": {
            "subject": None, "html": None, "text": "Hej", "encoding": "GSM-7", "characters": 3, "segments": 1,
            "warnings": [],
        },
    }  # fmt: skip
    return world


CHECKS = [
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
]
OPERATIONS = [(path, method) for path, operations in SPEC["paths"].items() for method in operations]


def token_for(world: World, path: str, method: str) -> str:
    """Return the token that an operation wants: the staff's or, of a fresh login at any clinic, the patient's."""
    if {"patient": []} not in SPEC["paths"][path][method].get("security", []):
        return world.log_in()
    return need_token(world.settings.link_key, "a" * 32)


def sent_with(operation: Operation, body: str) -> dict[str, Any]:
    """Return what a call's example sends: its JSON, or a small picture where it takes one."""
    if operation.takes:
        return {"body": a_picture(), "media_type": operation.takes[0]}
    return {"body": json.loads(body), "media_type": "application/json"} if body else {}


def a_picture() -> bytes:
    """Return a small PNG file."""
    file = BytesIO()
    Image.new("RGB", (9, 9), "#0b6b6b").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def described(tmp_path: Path) -> Callable[[str, str], Any]:
    """Return how schemathesis reads an operation by its path and method; its calls bear the token that it wants."""
    world = answering(World(tmp_path, booking_rate_limit=0))

    def read(path: str, method: str) -> Any:
        def app(environ: dict[str, Any], start_response: Any) -> Any:
            environ.pop("HTTP_ACCEPT_ENCODING", None)  # schemathesis does not unpack what a WSGI application packs
            world.door.sessions.end(ADMIN)  # the call before may have logged out
            environ["HTTP_AUTHORIZATION"] = f"Bearer {token_for(world, path, method)}"
            return world.app(environ, start_response)

        return schemathesis.openapi.from_wsgi("/openapi.json", app)[path][method]

    return read


@pytest.mark.parametrize("operation", DESCRIPTION.operations, ids=lambda each: each.name)
def test_the_example_of_each_call_is_answered_as_described(
    described: Callable[[str, str], Any], operation: Operation
) -> None:
    """What is made up comes behind the checks of a body by chance only."""
    sent, _, body = request_example(operation).partition("\n\n")
    address = urlsplit(sent.split()[1])
    path = PLACEHOLDER.sub(r"{\1}", operation.url)
    named = re.fullmatch(PLACEHOLDER.sub(r"(?P<\1>[^/]+)", operation.url), address.path)
    assert named

    described(path, operation.method.lower()).Case(
        path_parameters=named.groupdict(),
        query=dict(parse_qsl(address.query)),
        **sent_with(operation, body),
    ).call_and_validate(checks=CHECKS)


@pytest.mark.hypothesis
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_the_api_keeps_to_its_description_whatever_is_sent(
    described: Callable[[str, str], Any], path: str, method: str
) -> None:
    operation = described(path, method)

    @settings(max_examples=settings().max_examples // 10, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy())
    def keeps_to_it(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    keeps_to_it()
