"""The API's description is complete, and the API keeps to it."""

import json
import re
from html import unescape

import pytest

from gateway.api.examples import example_of, request_example
from gateway.api.operation import Operation
from gateway.http.wording import WORDS
from gateway.service import DESCRIPTION, ROUTES
from shared.contracts.errors import REFUSALS
from tests.builders.gateway.world import World

SPEC = DESCRIPTION.specification


def test_every_route_of_the_api_is_described_and_nothing_else() -> None:
    described = {(method.upper(), path) for path, operations in SPEC["paths"].items() for method in operations}
    routes = {
        (route.method, route.url.replace("<", "{").replace(">", "}"))
        for route in ROUTES
        if route.url.startswith(("/v1/", "/healthz", "/readyz", "/metrics", "/openapi.json"))
    }

    assert described == routes


def test_every_code_of_the_contract_has_words_and_an_explanation(world: World) -> None:
    codes = {refusal.code for refusal in REFUSALS.values()} | {"internal_error"}

    page = world.get("/docs").text

    assert set(WORDS) == codes
    assert all(f'id="{code}"' in page for code in codes)


def test_operations_say_whose_token_they_want_and_which_they_take_without() -> None:
    """A patient's for what is theirs; types controlled by needs and clinics with a login make it of use elsewhere."""
    searching_and_booking = {f"/v1/clinics/{{clinic}}/{name}" for name in ("days", "slots", "holds", "bookings")}
    for path, operations in SPEC["paths"].items():
        for method, operation in operations.items():
            wanted = operation.get("security")
            lets_in = path == "/v1/staff/logins" or path.startswith("/v1/staff/password-resets")
            if path.startswith("/v1/staff/") and not lets_in:
                assert wanted == [{"staff": []}]
            elif "/my/" in path or (method == "delete" and path.endswith("/logins")):
                assert wanted == [{"patient": []}]
            else:
                assert wanted == ([{}, {"patient": []}] if path in searching_and_booking else None), path
            assert ("401" in operation["responses"]) >= (wanted is not None), path


def test_the_readable_page_names_every_operation_and_loads_nothing(world: World) -> None:
    response = world.get("/docs")

    assert response.status_code == 200
    for path in SPEC["paths"]:
        assert path in response.text
    assert "<code>slot_taken</code>" in response.text
    assert "`" not in response.text
    assert "<script" not in response.text
    assert not re.search(r"<[^>]*\b(src|href)=\"?(//|http|data:)|<(img|iframe|object|embed)\b", response.text)


def test_what_strangers_read_cites_nothing_that_only_the_house_can_look_up(world: World) -> None:
    """Such as the id of a requirement."""
    for text in (json.dumps(SPEC), world.get("/docs").text):
        assert re.findall(r"\([A-Z]\d+\b.*?\)", text) == []


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [each.name for each in DESCRIPTION.operations]
    assert len(names) > 50
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("operation", DESCRIPTION.operations, ids=lambda each: each.name)
def test_every_operation_has_an_example_that_its_own_shapes_accept(operation: Operation) -> None:
    request, _, body = request_example(operation).partition("\n\n")
    if operation.body is not None:
        sent = json.loads(body)
        assert operation.body().validate(sent) == {}
        assert sent.keys() >= set(operation.required_names)
        assert None not in sent.values(), "an example of every field"
    assert request.split()[0] == operation.method
    assert "<" not in request
    if operation.answer is not None:
        assert operation.answer().validate(example_of(operation.answer)) == {}


def test_examples_are_shown_to_readers_and_told_to_machines(world: World) -> None:
    page = unescape(world.get("/docs").text)
    booking = SPEC["paths"]["/v1/clinics/{clinic}/bookings"]["post"]

    assert "POST /v1/clinics/solna/holds\nAuthorization: Bearer" in page
    assert '"start": "2026-12-01T14:00:00+01:00"' in page
    assert booking["requestBody"]["content"]["application/json"]["example"]["patient"]["first_name"] == "Eva"
    assert booking["responses"]["201"]["content"]["application/json"]["example"]["status"] == "booked"


def test_a_hold_is_described_as_refused_to_new_patients_where_only_others_are_free() -> None:
    """PRODUCT S13."""
    told = SPEC["paths"]["/v1/clinics/{clinic}/holds"]["post"]["responses"]["422"]["description"]
    assert "`new_patients_refused`" in told


def test_the_description_is_served_and_is_plain_json(world: World) -> None:
    served = world.get("/openapi.json")

    assert served.json == json.loads(json.dumps(SPEC))
    assert served.json["openapi"].startswith("3.1")
