"""The front page."""

from typing import Any

import pytest

from shared.clinic_documents import ClinicDocuments, Revisions
from shared.contracts.errors import Unavailable
from tests.builders.gateway.clinics import main_of, open_clinic
from tests.builders.gateway.world import World, refusing


def front_page(world: World, *rows: dict[str, Any]) -> str:
    world.availability.answers["clinics"] = {"clinics": list(rows)}
    return main_of(world.get("/", headers={"Accept-Language": "en"}))


def a_row(clinic: str = "solna", **changes: Any) -> dict[str, Any]:
    return {"clinic": clinic, "name": "Solna Tandvård", "active": True, **changes}


def test_the_front_page_lists_open_clinics_with_place_kind_and_languages(world: World) -> None:
    open_clinic(world)
    html = front_page(world, a_row(), a_row("shut", name="Shut", active=False))
    assert 'href="/solna"' in html
    assert "Shut" not in html
    for told in ("Storgatan 1, Solna", "Dentist", "English", "Svenska"):
        assert told in html


def test_it_leads_to_the_staff_the_programs_and_the_messages_that_stay_here(world: World) -> None:
    html = front_page(world)
    for way in ("/staff", "/docs", "/outbox"):
        assert f'href="{way}"' in html


@pytest.mark.parametrize(("state", "shown"), [("loaded", True), (None, False)])
def test_test_numbers_stand_beside_demo_clinics_alone(world: World, state: str | None, shown: bool) -> None:
    open_clinic(world)
    if state:
        world.cache.set("frontdesk:demo", state)
    html = front_page(world, a_row("frenda"), a_row("other"))
    assert html.count("19121212-1212") == shown
    assert ("You can try everything here." in html) is shown


def test_a_clinic_whose_document_cannot_be_had_is_listed_by_its_name(world: World) -> None:
    def away(_clinic: str) -> dict[str, Any]:
        raise refusing(Unavailable)

    world.documents = ClinicDocuments(Revisions(world.cache), away)
    assert 'href="/solna"' in front_page(world, a_row())
