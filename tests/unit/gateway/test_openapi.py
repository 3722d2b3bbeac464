"""The API's description is complete, and the API keeps to it."""

import json

from gateway.openapi import specification
from gateway.service import Gateway
from gateway.wording import WORDS
from shared.contracts.errors import REFUSALS
from tests.unit.gateway.world import METHODS, World

SPEC = specification(Gateway)


def test_every_route_of_the_api_is_described_and_nothing_else() -> None:
    described = {(method.upper(), path) for path, operations in SPEC["paths"].items() for method in operations}
    routes = {
        (endpoint.method, endpoint.url.replace("<", "{").replace(">", "}"))
        for endpoint in METHODS
        if endpoint.url.startswith(("/v1/", "/healthz", "/readyz", "/metrics", "/openapi.json"))
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
            if path.startswith("/v1/staff/") and path != "/v1/staff/logins":
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
    assert "src=" not in response.text
    assert "http" not in response.text.replace('lang="en"', "").replace("/v1/http", "").split("<main>")[1]


def test_the_description_is_served_and_is_plain_json(world: World) -> None:
    served = world.get("/openapi.json")

    assert served.json == json.loads(json.dumps(SPEC))
    assert served.json["openapi"].startswith("3.1")
