"""How often patients may book, by page and by API (CONTRACTS 2, Limits)."""

import pytest
from werkzeug.test import TestResponse

from gateway.access import limits
from gateway.access.windows import Tier
from shared.contracts.errors import NewPatientsRefused
from tests.builders.gateway.bookings import BODY
from tests.builders.gateway.clinics import CHOSEN, DETAILS, HELD, open_clinic
from tests.builders.gateway.world import World, refusing


def test_holds_and_bookings_of_an_address_are_limited_together_and_searches_are_not(tmp_path: object) -> None:
    world = World(tmp_path, booking_rate_limit=3)  # type: ignore[arg-type]
    world.booking.answers |= {"hold": HELD, "book": {}}
    world.availability.answers["slots"] = {"slots": []}
    hold = {"type": "exam", "start": BODY["start"]}

    for _ in range(2):
        assert world.post("/v1/clinics/solna/holds", json=hold).status_code == 201
    assert world.post("/v1/clinics/solna/bookings", json=BODY).status_code == 201
    refused = world.post("/v1/clinics/lund/bookings", json=BODY)
    elsewhere = world.post("/v1/clinics/solna/bookings", json=BODY, environ={"REMOTE_ADDR": "198.51.100.4"})

    assert (refused.status_code, refused.json["code"]) == (429, "rate_limited")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert elsewhere.status_code == 201
    assert world.get("/v1/clinics/solna/slots").status_code == 200


@pytest.mark.parametrize("by_page", [False, True])
@pytest.mark.parametrize("held", [False, True])
def test_one_network_cannot_book_a_whole_calendar(
    tmp_path: object, by_page: bool, held: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PRODUCT B12; CONTRACTS 2, Limits: nor have us send an SMS for each booking, with a hold before or without."""
    assert Tier(60, 300) == limits.BOOKINGS_OF_NETWORK
    monkeypatch.setattr(limits, "BOOKINGS_OF_NETWORK", Tier(12, 60))  # as five times as many would
    world = World(tmp_path)  # type: ignore[arg-type]
    open_clinic(world)

    def book(number: int) -> int:
        environ, own = {"REMOTE_ADDR": f"2001:db8:1:{number:x}::1"}, {"hold": f"h{number}"} if held else {}
        if by_page:
            form = {**CHOSEN, **DETAILS, "hold": "", **own, "go": "confirm", "key": f"k{number}"}
            return world.post("/solna", data=form, environ=environ).status_code
        return world.post("/v1/clinics/solna/bookings", json={**BODY, **own}, environ=environ).status_code

    assert [book(number) for number in range(16)] == [200 if by_page else 201] * 12 + [429] * 4


@pytest.mark.parametrize("by_page", [False, True])
def test_refusals_that_tell_who_is_a_patient_are_limited_by_address(tmp_path: object, by_page: bool) -> None:
    """CONTRACTS 2, Limits; PRODUCT B7: nobody may try numbers out to learn who is a patient."""
    world = World(tmp_path, booking_rate_limit=0)  # type: ignore[arg-type]
    open_clinic(world)
    world.booking.answers["book"] = refusing(NewPatientsRefused)

    def book(address: str) -> TestResponse:
        if by_page:
            form = {**CHOSEN, **DETAILS, "go": "confirm", "key": "k1"}
            return world.post("/solna", data=form, environ={"REMOTE_ADDR": address})
        return world.post("/v1/clinics/solna/bookings", json=BODY, environ={"REMOTE_ADDR": address})

    assert {book("203.0.113.7").status_code for _ in range(20)} == {422}
    tried = len(world.booking.calls)
    refused = book("203.0.113.7")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 15 * 60
    assert len(world.booking.calls) == tried, "one that went through would tell as much"
    assert book("198.51.100.4").status_code == 422
