"""What patients' searches, holds and bookings pass on, and what comes back (CONTRACTS 2)."""

import pytest

from shared.contracts.errors import (
    Invalid,
)
from tests.builders.gateway.bookings import BODY, SLOT
from tests.builders.gateway.world import World, refusing


def test_only_clinics_whose_booking_is_active_are_listed(world: World) -> None:
    world.availability.answers["clinics"] = {
        "clinics": [
            {"clinic": "solna", "name": "Solna", "active": True},
            {"clinic": "lund", "name": "Lund", "active": False},
        ]
    }

    assert world.get("/v1/clinics").json == {"clinics": [{"clinic": "solna", "name": "Solna"}]}


def test_a_search_is_passed_on_under_the_same_names_without_empty_parameters(world: World) -> None:
    world.availability.answers["slots"] = {"slots": [SLOT]}

    response = world.get("/v1/clinics/solna/slots?type=exam&practitioner=&from=2026-12-01&to=2026-12-02&lang=sv")

    assert response.json == {"slots": [SLOT]}
    call = world.availability.calls[0]
    assert (call.name, call.args) == ("slots", ("solna",))
    assert call.fields == {"type": "exam", "from": "2026-12-01", "to": "2026-12-02"}


@pytest.mark.parametrize(
    ("accept_language", "name"), [(None, "Juldagen"), ("en", "Christmas Day"), ("fr-CH", "Noël"), ("fa", "کریسمس")]
)
def test_s9_a_holiday_is_named_in_the_readers_language_whatever_is_kept_for_all(
    world: World, accept_language: str | None, name: str
) -> None:
    names = {"en": "Christmas Day", "sv": "Juldagen"}
    day = {"date": "2026-12-25", "level": "none", "free": 0, "holiday": "Juldagen"}
    world.availability.answers["days"] = {"days": [{**day, "holidays": names}]}
    headers = {"Accept-Language": accept_language} if accept_language else {}

    response = world.get("/v1/clinics/solna/days?type=exam&from=2026-12-25&to=2026-12-25", headers=headers)

    assert response.json == {"days": [{**day, "holiday": name}]}
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize(
    ("query", "accept_language", "language"),
    [("", None, "sv"), ("", "en-GB,en;q=0.8", "en"), ("", "fr", "sv"), ("?lang=en", "sv", "en")],
)
def test_a_profile_is_asked_for_in_the_readers_language(
    world: World, query: str, accept_language: str | None, language: str
) -> None:
    world.languages = ["sv", "en"]
    world.availability.answers["profile"] = {"name": "Solna", "language": language}
    headers = {"Accept-Language": accept_language} if accept_language else {}

    response = world.get(f"/v1/clinics/solna{query}", headers=headers)

    assert world.availability.calls[0].fields == {"language": language}
    assert response.headers["Content-Language"] == language


def test_public_calls_are_made_by_the_anonymous_patient_and_tell_where_from(world: World) -> None:
    world.availability.answers["slots"] = {"slots": []}

    world.get("/v1/clinics/solna/slots")

    actor = world.availability.calls[0].actor
    assert (actor.kind, actor.id, actor.role, actor.clinic) == ("patient", None, None, None)
    assert actor.source == "web 203.0.113.7"


def test_required_fields_that_are_left_out_reach_the_service_as_null_so_that_it_names_them(world: World) -> None:
    world.booking.answers["hold"] = refusing(Invalid, errors={"type": ["Missing data for required field."]})

    response = world.post("/v1/clinics/solna/holds", json={})

    assert world.booking.calls[0].fields == {"type": None, "start": None}
    assert response.status_code == 422
    assert response.json["errors"] == {"type": ["Missing data for required field."]}


def test_a_hold_is_created_and_given_back(world: World) -> None:
    held = {"hold": "h1", "practitioner": "anna", "start": "s", "end": "e", "expires": "2026-11-23T10:10:00+01:00"}
    world.booking.answers["hold"] = held

    created = world.post("/v1/clinics/solna/holds", json={"type": "exam", "start": BODY["start"]})
    released = world.send("DELETE", "/v1/holds/h1")

    assert (created.status_code, created.json) == (201, held)
    assert (released.status_code, released.data) == (204, b"")
    assert world.booking.calls[1].args == ("h1",)


def test_the_idempotency_key_travels_with_the_booking(world: World) -> None:
    """B13."""
    world.booking.answers["book"] = {"reference": "7K3M9QX2VT"}

    response = world.post("/v1/clinics/solna/bookings", json=BODY, headers={"Idempotency-Key": "click-1"})

    assert response.status_code == 201
    assert world.booking.calls[0].fields == {**BODY, "idempotency_key": "click-1"}


def test_a_body_cannot_slip_arguments_past_the_contract(world: World) -> None:
    for name in ("clinic", "idempotency_key", "minutes", "outside_plan", "self", "origin"):
        response = world.post("/v1/clinics/solna/bookings", json={**BODY, name: "x"})

        assert response.status_code == 422, name
        assert list(response.json["errors"]) == [name]
    assert world.booking.calls == []
