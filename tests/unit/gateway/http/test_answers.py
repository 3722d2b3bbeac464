"""What all answers share: headers that protect, ETags, compression, the log without personal data."""

import gzip
import logging

import pytest

from shared.contracts.errors import NotFound
from tests.builders.gateway.bookings import a_booking
from tests.builders.gateway.world import World, refusing

SECRET = "K7MANAGETOKEN"
PERSONAL = f"/v1/manage/{SECRET}"


def test_an_answer_that_is_known_is_not_sent_again(world: World) -> None:
    world.availability.answers["slots"] = {"slots": []}
    first = world.get("/v1/clinics/solna/slots")

    second = world.get("/v1/clinics/solna/slots", headers={"If-None-Match": first.headers["ETag"]})
    world.availability.answers["slots"] = {"slots": [1]}
    third = world.get("/v1/clinics/solna/slots", headers={"If-None-Match": first.headers["ETag"]})

    assert (second.status_code, second.data) == (304, b"")
    assert third.status_code == 200


def test_large_answers_are_compressed_for_those_who_can_read_it(world: World) -> None:
    world.availability.answers["slots"] = {"slots": ["x" * 50] * 100}

    plain = world.get("/v1/clinics/solna/slots")
    packed = world.get("/v1/clinics/solna/slots", headers={"Accept-Encoding": "gzip, br"})
    refused = world.get("/v1/clinics/solna/slots", headers={"Accept-Encoding": "gzip;q=0"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == refused.data
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.parametrize("path", ["/healthz", "/v1/nothing", "/docs", "/no/page"])
def test_every_answer_protects_its_reader(world: World, path: str) -> None:
    headers = world.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Request-Id"]


def test_no_cache_keeps_personal_answers(world: World) -> None:
    world.booking.answers |= {
        "open_link": {"clinic": "solna", "booking": a_booking(), "may": {}},
        "book": {},
        "get": a_booking(),
    }
    world.availability.answers["slots"] = {"slots": []}

    answers = [
        world.get(PERSONAL),
        world.post("/v1/clinics/solna/bookings", json={}),
        world.get("/v1/staff/clinics/solna/bookings/R1", token=world.log_in()),
    ]

    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store"] * 3
    assert world.get("/v1/clinics/solna/slots").headers["Cache-Control"] == "no-cache"


def test_the_log_tells_the_route_and_nothing_that_stands_in_address_query_or_body(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world.booking.answers["open_link"] = refusing(NotFound)
    world.patient.answers["find"] = {"patients": [], "next": None}
    token = world.log_in()

    world.get(PERSONAL)
    world.get(f"/m/{SECRET}")
    world.get("/v1/staff/clinics/solna/patients?q=Maja+Ek", token=token)
    world.get("/19811228-9874")
    world.get("/v1/clinics/19811228-9874/days%0d%0aforged")
    world.post("/v1/clinics/solna/bookings", json={"patient": {"first_name": "Maja"}})

    assert "GET /v1/manage/<token> 404" in caplog.text
    assert "GET /v1/staff/clinics/<clinic>/patients 200" in caplog.text
    for secret in (SECRET, "19811228", "forged", "Maja", "203.0.113.7", token):
        assert secret not in caplog.text
