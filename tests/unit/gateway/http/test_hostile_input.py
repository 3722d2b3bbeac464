"""Whatever is sent, the answer is a 4xx problem document and no service is called (issue: bad input)."""

from pathlib import Path
from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

from tests.builders.gateway.bookings import BODY
from tests.builders.gateway.world import World

BOOKINGS = "/v1/clinics/solna/bookings"
SLOTS = "/v1/clinics/solna/slots"


def refused(world: World, response: TestResponse, status: int, code: str = "malformed") -> None:
    """Assert that a response is this problem, and that nothing was asked of any service."""
    assert (response.status_code, response.mimetype) == (status, "application/problem+json"), response.text
    assert response.json["code"] == code
    assert response.json["status"] == status
    services = (world.availability, world.booking, world.patient, world.notification)
    assert [call for service in services for call in service.calls] == []


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b'{"type": "\xc3\x28"}',
        b'{"type": "\\ud800"}',
        b'{"minutes": NaN}',
        b'{"minutes": 1e999}',
        b'{"minutes": Infinity}',
        b"[" * 30_000,
        b'{"a":' * 10_000,
        b"[]",
        b'"text"',
        b"null",
        b"1",
        b"\x00",
    ],
)
def test_a_body_that_is_not_a_json_object_is_malformed(world: World, body: bytes) -> None:
    refused(world, world.post(BOOKINGS, data=body, content_type="application/json"), 400)


def test_nesting_that_json_still_allows_is_refused(world: World) -> None:
    body = b'{"answers":' * 40 + b"1" + b"}" * 40

    refused(world, world.post(BOOKINGS, data=body, content_type="application/json"), 400)


@pytest.mark.parametrize("answers", [b"[" + b"[]," * 20_000 + b"0]", b'{"a":[' + b"{}," * 6_000 + b"0]}"])
def test_more_values_than_a_form_has_are_refused(world: World, answers: bytes) -> None:
    body = b'{"answers":' + answers + b"}"

    refused(world, world.post(BOOKINGS, data=body, content_type="application/json"), 400)


@pytest.mark.parametrize("path", ["first_name", "mobile"])
def test_control_characters_are_named_by_field(world: World, path: str) -> None:
    details = {"first_name": "Maja", "last_name": "Ek", "mobile": "0701740605", path: "a\x00b"}

    response = world.post(BOOKINGS, json={**BODY, "patient": details})

    refused(world, response, 422, "invalid")
    assert list(response.json["errors"]) == [f"patient.{path}"]


def test_a_message_of_several_lines_is_no_attack(world: World) -> None:
    world.booking.answers["book"] = {}

    assert world.post(BOOKINGS, json={**BODY, "message": "one\r\ntwo\tthree"}).status_code == 201


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_a_body_of_another_type_is_refused(world: World, content_type: str) -> None:
    refused(world, world.post(BOOKINGS, data=b"a=b", content_type=content_type), 415)


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("from=%zz", 400, "malformed"),
        ("from=%", 400, "malformed"),
        ("from=%ff", 400, "malformed"),
        ("from=%ed%a0%80", 400, "malformed"),
        ("from=1&from=2", 400, "malformed"),
        ("&".join(f"a{number}=1" for number in range(60)), 400, "malformed"),
        ("type=a%00b", 422, "invalid"),
        ("moving=x", 422, "invalid"),
        ("clinic=other", 422, "invalid"),
        ("self=1", 422, "invalid"),
    ],
)
def test_a_query_that_can_be_read_in_two_ways_is_refused(world: World, query: str, status: int, code: str) -> None:
    refused(world, world.get(SLOTS, query_string=query), status, code)


@pytest.mark.parametrize("path", [SLOTS, "/solna", "/m/token", "/docs", "/v1/nothing", "/no/page"])
def test_raw_bytes_in_a_query_are_refused_on_every_address(world: World, path: str) -> None:
    response = world.get(path, environ={"QUERY_STRING": "lang=sv&a=\xff"})

    assert response.status_code == 400


@pytest.mark.parametrize("path", ["/v1/clinics/%00", "/v1/clinics/a%0ab", "/v1/clinics/%ff", "/v1/clinics/%ed%a0%80"])
def test_an_address_with_unprintable_characters_is_not_found(world: World, path: str) -> None:
    refused(world, world.get(path), 404, "not_found")


@pytest.mark.parametrize("limit", ["9" * 30, "-1", "1e9", "abc", "٣"])
def test_odd_limits_reach_the_service_as_they_are_and_small_ones_as_numbers(world: World, limit: str) -> None:
    world.booking.answers["find"] = {"bookings": [], "next": None}
    token = world.log_in()

    world.get("/v1/staff/clinics/solna/bookings", query_string={"limit": limit}, token=token)
    world.get("/v1/staff/clinics/solna/bookings?limit=20", token=token)

    assert [call.fields["limit"] for call in world.booking.calls] == [-1 if limit == "-1" else limit, 20]


@pytest.mark.parametrize("key", ["", " ", "a" * 201, "ä", "a b"])
def test_an_idempotency_key_must_be_visible_ascii(world: World, key: str) -> None:
    refused(world, world.post(BOOKINGS, json=BODY, headers={"Idempotency-Key": key}), 400)


def test_bodies_are_limited_to_64_kilobytes_and_documents_to_one_megabyte(world: World) -> None:
    token = world.log_in()
    world.availability.answers["apply_document"] = {"document": {}, "revision": 1}
    document, url = {"clinic": "solna", "texts": ["x" * 50_000] * 10}, "/v1/staff/clinics/solna/document"

    refused(world, world.post(BOOKINGS, json={"message": "x" * 70_000}), 413)
    refused(world, world.send("PUT", url, json={"a": "x" * 1_100_000}, token=token), 413)
    assert world.send("PUT", url, json=document, token=token).status_code == 200


@pytest.mark.parametrize("accept_language", ["*", ";;;q=", "sv;q=abc", "x" * 4000, "\xff"])
def test_odd_language_headers_are_answered_in_english(world: World, accept_language: str) -> None:
    response = world.get("/v1/nothing", headers={"Accept-Language": accept_language})

    assert (response.status_code, response.headers["Content-Language"]) == (404, "en")


@pytest.mark.parametrize("given", ["a b", "x" * 65, "ä", "<script>", ""])
def test_a_request_id_that_is_unfit_for_logs_is_replaced(world: World, given: str) -> None:
    response = world.get("/healthz", headers={"X-Request-Id": given})

    assert response.headers["X-Request-Id"] not in {given, ""}


def test_a_request_id_that_is_fit_is_kept_from_a_trusted_proxy_and_from_nobody_else(tmp_path: Path) -> None:
    world = World(tmp_path, trusted_proxies=("10.0.0.0/8",))
    headers = {"X-Request-Id": "abc-1.2"}

    of_proxy = world.get("/healthz", headers=headers, environ={"REMOTE_ADDR": "10.0.0.9"})
    of_anybody = world.get("/healthz", headers=headers)

    assert of_proxy.headers["X-Request-Id"] == "abc-1.2"
    assert of_anybody.headers["X-Request-Id"] != "abc-1.2"


@pytest.mark.parametrize("name", ["a" * 300 + ".css", "..%2fmy.py", "frontdesk.css%00"])
def test_a_static_name_that_no_file_can_have_is_not_there(world: World, name: str) -> None:
    assert world.get(f"/static/{name}").status_code == 404


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_a_form_with_more_fields_than_pages_have_is_refused(world: World, kind: str) -> None:
    fields = {f"answers.f{number}": "x" for number in range(201)}

    response = world.post("/solna", data=fields, content_type=kind)

    assert response.status_code == 413


def test_refusals_in_words_tell_caches_that_they_depend_on_the_language(world: World) -> None:
    assert "Accept-Language" in world.get("/v1/nothing").headers["Vary"]
    assert "Accept-Language" in world.get("/m/no/such/page").headers["Vary"]


def test_a_host_header_of_any_kind_is_answered(world: World) -> None:
    for host in ("", "a b", "evil.example", "[::1", "x" * 3000, "a/../b"):
        assert world.get("/healthz", headers={"Host": host}).status_code == 200


def test_an_address_that_nobody_has_is_a_problem_for_programs_and_a_page_for_people(world: World) -> None:
    refused(world, world.get("/v1/nothing/here"), 404, "not_found")
    page = world.get("/m/no/such/page")

    assert (page.status_code, page.mimetype) == (404, "text/html")


def test_a_wrong_method_says_which_ones_are_right(world: World) -> None:
    response = world.send("PUT", "/v1/clinics/solna/holds")

    refused(world, response, 405)
    assert response.headers["Allow"] == "POST"


@pytest.mark.parametrize("method", ["FOO", "TRACE", "A" * 100])
def test_a_method_that_nobody_knows_is_refused(world: World, method: str) -> None:
    assert world.send(method, "/v1/clinics").status_code == 405
    assert "A" * 100 not in world.metrics.exposition().decode()


def test_options_tell_the_methods_of_an_address(world: World) -> None:
    response = world.send("OPTIONS", "/v1/clinics/solna/bookings")

    assert (response.status_code, response.headers["Allow"]) == (204, "OPTIONS, POST")
    assert world.send("OPTIONS", "/v1/nothing").status_code == 404


def test_head_answers_like_get_without_a_body(world: World) -> None:
    world.availability.answers["clinics"] = {"clinics": []}

    response = world.send("HEAD", "/v1/clinics")

    assert (response.status_code, response.data) == (200, b"")


def test_a_very_long_name_is_echoed_short(world: World) -> None:
    response = world.get(f"{SLOTS}?{quote('n' * 3000)}=1")

    refused(world, response, 422, "invalid")
    assert len(response.text) < 2000
