"""Who is lost below a clinic's address is not without help (CONTRACTS 2, pages)."""

import pytest

from shared.contracts.errors import Gone, NotFound, Refusal
from tests.builders.gateway.clinics import heading_of, main_of, open_clinic
from tests.builders.gateway.world import World, refusing


def test_an_address_below_a_clinic_that_is_none_knows_the_clinic_and_the_ways_from_it(world: World) -> None:
    open_clinic(world)
    answer = world.get("/solna/appointments?lang=sv")
    assert answer.status_code == 404
    assert heading_of(answer.text) == "Sidan finns inte"
    main = main_of(answer)
    for way in ("tel:+4681234567", "/solna?lang=sv", "/solna/my?lang=sv", "/recall?lang=sv"):
        assert f'href="{way}"' in main
    assert "Solna Tandv\u00e5rd" in answer.text


def test_a_link_that_opens_nothing_leads_to_the_card_and_to_all_clinics(world: World) -> None:
    answer = world.get("/m/nothing/at/all", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert 'href="/recall"' in answer.text


@pytest.mark.parametrize(
    ("refusal", "said"),
    [(NotFound, "This link has been replaced."), (Gone, "Links to an appointment stop working 30 days after it.")],
)
def test_a_link_that_opens_no_more_says_whose_it_was_and_the_ways_from_there(
    world: World, refusal: type[Refusal], said: str
) -> None:
    open_clinic(world)
    world.booking.answers["open_link"] = refusing(refusal, clinic="solna")
    answer = world.get(f"/m/7K3M9QX2VT{'a' * 24}", headers={"Accept-Language": "en"})
    assert answer.status_code == refusal.status
    main = main_of(answer)
    assert said in main
    for way in ("tel:+4681234567", "/solna", "/solna/my", "/recall"):
        assert f'href="{way}"' in main


def test_of_a_link_that_was_never_ours_no_clinic_is_told(world: World) -> None:
    open_clinic(world)
    world.booking.answers["open_link"] = refusing(NotFound)
    answer = world.get(f"/m/7K3M9QX2VT{'a' * 24}", headers={"Accept-Language": "en"})
    assert (answer.status_code, "Solna" in answer.text) == (404, False)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_addresses_of_the_api_stay_what_they_are(world: World, method: str) -> None:
    answer = world.send(method, "/v1/clinics/solna/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
