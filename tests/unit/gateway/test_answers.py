"""What all answers share: headers that protect, ETags, compression, the log without personal data, the probes."""

import gzip
import logging

import pytest

from shared.contracts.errors import NotFound, Timeout, Unavailable
from tests.unit.gateway.world import World, a_booking, refusing

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


def test_the_log_tells_route_and_clinic_but_no_token_query_address_or_body(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world.booking.answers["open_link"] = refusing(NotFound)
    world.patient.answers["find"] = {"patients": [], "next": None}
    token = world.log_in()

    world.get(PERSONAL)
    world.get(f"/m/{SECRET}")
    world.get("/v1/staff/clinics/solna/patients?q=Maja+Ek", token=token)
    world.post("/v1/clinics/solna/bookings", json={"patient": {"first_name": "Maja"}})

    assert "GET /v1/manage/<token> 404" in caplog.text
    assert "GET /v1/staff/clinics/solna/patients 200" in caplog.text
    for secret in (SECRET, "Maja", "203.0.113.7", token):
        assert secret not in caplog.text


def test_measures_are_by_route_and_code(world: World) -> None:
    world.booking.answers["open_link"] = refusing(NotFound)
    world.get(PERSONAL)
    world.get(PERSONAL)

    measured = world.get("/metrics").text

    assert 'frontdesk_http_requests_total{method="GET",route="/v1/manage/<token>",status="404"} 2.0' in measured
    assert 'frontdesk_refusals_total{code="not_found"} 2.0' in measured
    assert "frontdesk_http_request_seconds_bucket" in measured
    assert SECRET not in measured


def test_it_lives_without_asking_anybody(world: World) -> None:
    for service in (world.availability, world.booking, world.patient, world.notification):
        service.answers["ping"] = refusing(Unavailable)

    assert world.get("/healthz").json == {"status": "ok"}


def test_it_is_ready_when_every_service_answers(world: World) -> None:
    ready = world.get("/readyz")
    world.patient.answers["ping"] = refusing(Timeout)
    not_ready = world.get("/readyz")

    assert (ready.status_code, ready.json["status"]) == (200, "ready")
    assert (not_ready.status_code, not_ready.json["status"]) == (503, "starting")
    assert not_ready.json["services"] == {
        "availability": True, "booking": True, "patient": False, "notification": True,
    }  # fmt: skip


@pytest.mark.parametrize(("demo", "status"), [(None, 200), ("loading", 503), ("loaded", 200)])
def test_it_is_ready_only_when_the_demo_clinics_are_loaded(world: World, demo: str | None, status: int) -> None:
    if demo:
        world.cache.set("frontdesk:demo", demo)

    assert world.get("/readyz").status_code == status
