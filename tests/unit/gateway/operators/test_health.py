"""Whether the gateway lives, is ready, and how it does."""

from pathlib import Path

import pytest

from gateway.http.app import IS_STOPPING
from shared.contracts.errors import NotFound, Timeout, Unavailable
from tests.builders.gateway.dead_redis import DeadRedis
from tests.builders.gateway.world import World, refusing

HERE = {"REMOTE_ADDR": "127.0.0.1"}
SECRET = "K7MANAGETOKEN"
PERSONAL = f"/v1/manage/{SECRET}"


def test_measures_are_by_route_and_code(world: World) -> None:
    world.booking.answers["open_link"] = refusing(NotFound)
    world.get(PERSONAL)
    world.get(PERSONAL)

    measured = world.get("/metrics", environ=HERE).text

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
    world.cache.delete("frontdesk:ready")
    not_ready = world.get("/readyz")

    assert (ready.status_code, ready.json["status"]) == (200, "ready")
    assert (not_ready.status_code, not_ready.json["status"]) == (503, "starting")
    assert not_ready.json["services"] == {
        "availability": True, "booking": True, "patient": False, "notification": True, "staff": True,
    }  # fmt: skip


def test_who_works_at_clinics_may_be_kept_out_without_keeping_patients_from_booking(world: World) -> None:
    """ADR 40: Kubernetes takes a gateway that is not ready from everybody."""
    world.staff.answers["ping"] = refusing(Unavailable)
    before = world.get("/readyz")
    world.staff.answers["ping"] = "pong"
    world.cache.delete("frontdesk:ready")
    whole = world.get("/readyz")
    world.staff.answers["ping"] = refusing(Timeout)
    world.cache.delete("frontdesk:ready")
    without = world.get("/readyz")

    assert [each.status_code for each in (before, whole, without)] == [503, 200, 200]
    assert without.json["services"]["staff"] is False


def test_a_process_at_its_end_is_not_ready_whoever_answers(world: World) -> None:
    stopping = world.get("/readyz", environ={IS_STOPPING: True})

    assert (stopping.status_code, stopping.json["status"]) == (503, "stopping")
    assert all(stopping.json["services"].values())


def test_the_services_are_asked_once_a_second_however_often_readiness_is(world: World) -> None:
    for _ in range(5):
        assert world.get("/readyz").status_code == 200

    assert len(world.booking.calls) == 1
    assert 0 < world.cache.pttl("frontdesk:ready") <= 1000


def test_measures_are_for_this_machine_and_for_who_has_the_token(tmp_path: Path) -> None:
    world = World(tmp_path, metrics_token="a-long-enough-token")

    assert world.get("/metrics").status_code == 401
    assert world.get("/metrics", token="another-long-token").status_code == 401
    assert world.get("/metrics", environ=HERE, headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 401
    assert world.get("/metrics", environ=HERE).status_code == 200
    assert world.get("/metrics", token="a-long-enough-token").status_code == 200


@pytest.mark.parametrize(("demo", "status"), [(None, 200), ("loading", 503), ("loaded", 200)])
def test_it_is_ready_only_when_the_demo_clinics_are_loaded(world: World, demo: str | None, status: int) -> None:
    if demo:
        world.cache.set("frontdesk:demo", demo)

    assert world.get("/readyz").status_code == status


def test_without_redis_it_is_not_ready_and_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.cache, "execute_command", DeadRedis().execute_command)

    ready = world.get("/readyz")

    assert (ready.status_code, ready.json["demo"]) == (503, "unknown")
