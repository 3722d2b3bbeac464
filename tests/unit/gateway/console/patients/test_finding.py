"""Patients are found while one types; what is typed stands in no address (PRODUCT C8)."""

import pytest

from shared.contracts.errors import Invalid
from tests.builders.gateway.console import Browser
from tests.builders.gateway.patients import EVA, LISTED, with_eva
from tests.builders.gateway.world import World, refusing

PATIENTS = "/staff/solna/patients"
WHILE_TYPING = {"HX-Request": "true", "HX-Target": "found"}


@pytest.fixture
def browser(clinic: World) -> Browser:
    """Return an administrator's browser at Eva's clinic."""
    return with_eva(Browser(clinic))


def test_c8_a_search_is_posted_and_no_address_names_anybody(browser: Browser) -> None:
    page = browser.get(PATIENTS)
    assert '<form method="post" action="/staff/solna/patients"' in page.text
    assert browser.world.patient.calls == []
    part = browser.post(PATIENTS, {"q": "lin"}, headers=WHILE_TYPING)
    assert browser.world.patient.calls[0].fields == {"q": "lin", "limit": 20}
    assert f'href="/staff/solna/patients/{EVA}"' in part.text
    assert "<html" not in part.text


def test_c8_what_tells_namesakes_apart_is_shown_and_the_number_masked(browser: Browser) -> None:
    part = browser.post(PATIENTS, {"q": "lin"}, headers=WHILE_TYPING).text
    assert "Eva Lind" in part
    assert "19850412-••••" in part
    assert "070-174 06 05" in part


def test_c8_who_has_no_number_is_told_apart_by_the_whole_date_of_birth(browser: Browser) -> None:
    browser.world.patient.answers["find"] = {"patients": [{**LISTED, "identity": None}], "next": None}
    assert "12 April 1985" in browser.post(PATIENTS, {"q": "lin"}, headers=WHILE_TYPING).text


def test_c8_pressing_enter_leads_to_the_only_one_that_is_found(browser: Browser) -> None:
    assert browser.post(PATIENTS, {"search": "lind"}).location == f"/staff/solna/patients/{EVA}"
    browser.world.patient.answers["find"] = {"patients": [LISTED, {**LISTED, "id": "f" * 32}], "next": "f" * 32}
    page = browser.post(PATIENTS, {"q": "lind"})
    assert page.status_code == 200
    assert "There are more." in page.text


def test_c8_a_reference_leads_straight_to_its_booking(browser: Browser) -> None:
    named = {"reference": "7K3M9QX2VT", "patient": {"id": EVA}}
    browser.world.booking.answers["find"] = {"bookings": [named], "next": None}
    assert browser.post(PATIENTS, {"search": "7k3m-9qx2vt"}).location == "/staff/solna/bookings/7K3M9QX2VT"
    assert [call.name for call in browser.world.booking.calls] == ["find"], "looking for it opens nothing yet (A3)"
    browser.world.booking.answers["find"] = {"bookings": [], "next": None}
    assert browser.post(PATIENTS, {"search": "7k3m-9qx2vt"}).location == f"/staff/solna/patients/{EVA}"


def test_c8_who_is_not_found_can_be_added_with_what_was_typed(browser: Browser) -> None:
    browser.world.patient.answers["find"] = {"patients": [], "next": None}
    part = browser.post(PATIENTS, {"q": "Nora <b>Dahl"}, headers=WHILE_TYPING).text
    assert "Nobody found." in part
    assert 'name="q" value="Nora &lt;b&gt;Dahl"' in part


def test_what_is_too_long_to_be_searched_for_finds_nobody(browser: Browser) -> None:
    browser.world.patient.answers["find"] = refusing(Invalid)
    assert "Nobody found." in browser.post(PATIENTS, {"q": "x"}, headers=WHILE_TYPING).text
    assert browser.post(PATIENTS, {"q": ""}).status_code == 200


def test_c8_what_is_typed_into_a_form_is_as_easy_to_read_as_what_is_shown(browser: Browser) -> None:
    page = browser.get(f"{PATIENTS}/{EVA}/edit").text
    assert 'value="070-174 06 05"' in page
    assert 'value="19850412-1230"' in page
