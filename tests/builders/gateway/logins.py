"""Patients who log in: what they type, and what the services answer them."""

from typing import Any

from werkzeug.test import TestResponse

from shared.links import need_token
from tests.builders.gateway.clinics import DOCUMENT, open_clinic
from tests.builders.gateway.world import World

MOBILE = "070-174 06 05"
PROVEN = "+46701740605"
NEED = "a" * 32
CODES, LOGINS = "/v1/clinics/solna/login-codes", "/v1/clinics/solna/logins"
CONTROLLED = {
    "key": "recall",
    "name": "REC",
    "alias": {"sv": "Revision", "en": "Check-up"},
    "length": "30m",
    "needs": {"controlled": True, "days_after_week": 7},
}


def a_need(**changes: Any) -> dict[str, Any]:
    """Return a need as patients are told of it."""
    return {
        "id": NEED,
        "patient": "p1",
        "type": "recall",
        "practitioner": "erik",
        "minutes": 50,
        "week": "2026-W49",
        "state": "open",
        "usable_until": "2026-12-13",
        "booking": None,
    } | changes


def open_clinic_with_needs(world: World, *needs: dict[str, Any], **changes: Any) -> None:
    """Give the world a clinic with a type controlled by needs, and the caller these needs."""
    rules = {**CONTROLLED, "needs": {**CONTROLLED["needs"], **changes.pop("needs", {})}}
    open_clinic(world, types=[*DOCUMENT["types"], rules], **changes)
    world.patient.answers["needs"] = {"needs": list(needs), "next": None}
    days, slots = world.availability.answers["days"], world.availability.answers["slots"]
    world.booking.answers |= {"days_for_need": days, "slots_for_need": slots}


def session_of(world: World, mobile: str = PROVEN, clinic: str = "solna") -> str:
    """Return the token of a login that was made before."""
    return world.door.patients.start(clinic, mobile, None)


def sent_code(world: World) -> str:
    """Return the code that was sent last."""
    sent = [call.args for call in world.notification.calls if call.name == "send_code"]
    return str(sent[-1][2])


def ask(world: World, mobile: Any = MOBILE, **fields: Any) -> TestResponse:
    """Ask for a code over the API."""
    return world.post(CODES, json={"mobile": mobile, **fields})


def refused(response: TestResponse, status: int, code: str) -> TestResponse:
    """Check why a call was refused."""
    assert (response.status_code, response.json["code"]) == (status, code), response.text
    return response


def open_recall_link(world: World, **need: Any) -> str:
    """Let a recall's link open a need; return its path."""
    found = a_need(**need)
    open_clinic_with_needs(world, found)
    world.booking.answers["open_need"] = {"clinic": "solna", "need": found}
    return f"/m/{need_token(world.settings.link_key, NEED)}"
