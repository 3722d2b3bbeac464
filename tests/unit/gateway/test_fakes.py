"""The services that the gateway's tests put in place of the real ones know what those can do."""

import pytest

from tests.builders.contracts import NotInContract
from tests.builders.gateway.world import World


@pytest.mark.parametrize(
    ("service", "method", "args", "fields"),
    [
        ("booking", "book_twice", ("solna",), {}),
        ("booking", "get", ("solna",), {}),
        ("booking", "release", ("h1",), {"why": "late"}),
        ("booking", "open_link", ("token", "again"), {}),
        ("availability", "clinics", (), {"active": True}),
        ("notification", "send_code", ("solna", "+46701740605"), {}),
        ("patient", "identify_all", (), {}),
    ],
)
def test_a_call_that_the_contract_does_not_know_is_refused(
    world: World, service: str, method: str, args: tuple[object, ...], fields: dict[str, object]
) -> None:
    with pytest.raises(NotInContract):
        getattr(getattr(world, service), method)(*args, **fields)
    assert getattr(world, service).calls == []


def test_a_call_of_the_contract_is_answered_and_remembered(world: World) -> None:
    world.booking.answers["rebook"] = {"status": "booked"}
    world.get("/healthz")  # so that somebody acts
    assert world.booking.rebook(token="t", start="2026-12-01T14:00:00+01:00") == {"status": "booked"}
    [call] = world.booking.calls
    assert (call.name, call.args, call.fields) == ("rebook", (), {"token": "t", "start": "2026-12-01T14:00:00+01:00"})
