"""What a person sees where no page of a clinic could be shown."""

from shared.contracts import errors
from tests.builders.gateway.clinics import heading_of
from tests.builders.gateway.world import World, refusing


def test_a_wrong_address_gets_a_page_that_helps(world: World):
    answer = world.get("/no/such/page", headers={"Accept-Language": "sv"})
    assert answer.status_code == 404
    assert heading_of(answer.text) == "Sidan finns inte"
    assert "All clinics" not in answer.text


def test_a_page_whose_clinic_cannot_be_had_keeps_what_was_sent(world: World):
    world.availability.answers["clinics"] = refusing(errors.Unavailable)
    answer = world.get("/?lang=en")
    assert answer.status_code == 503
    assert 'href="/?lang=en"' in answer.text
    assert answer.headers["Retry-After"]
