"""Patients are made and corrected in the console, with the version that one had in view (PRODUCT C8)."""

from typing import Any

import pytest

from shared.contracts.errors import ChangedMeanwhile, Invalid
from tests.builders.gateway.console import Browser
from tests.builders.gateway.patients import EVA, RECORD, with_eva
from tests.builders.gateway.world import World, refusing

NEW = "/staff/solna/patients/new"
EDIT = f"/staff/solna/patients/{EVA}/edit"
SWITCHES = {"sms_ok": "yes", "email_ok": "yes", "sms_reminder": "yes"}
AS_IT_STANDS = {
    "first_name": "Eva",
    "last_name": "Lind",
    "mobile": "+46701740605",
    "email": "eva@example.org",
    "identity.number": "198504121230",
    "birth_date": "1985-04-12",
    "note": "Afraid of needles.",
    "version": "4",
    **SWITCHES,
    **{f"was.{name}": "yes" for name in SWITCHES},
}


@pytest.fixture
def browser(clinic: World) -> Browser:
    """Return an administrator's browser at Eva's clinic."""
    return with_eva(Browser(clinic))


def sent(browser: Browser, name: str) -> dict[str, Any]:
    """Return the fields of the last call of a method of patient."""
    return [call.fields for call in browser.world.patient.calls if call.name == name][-1]


def test_c8_a_patient_is_added_with_what_was_typed(browser: Browser) -> None:
    typed = {"first_name": "Nora", "last_name": "Dahl", "mobile": "070-1", "identity.number": "850412-1230", **SWITCHES}
    answer = browser.post(NEW, {**typed, "email_ok": ""})
    assert sent(browser, "add") == {
        "first_name": "Nora",
        "last_name": "Dahl",
        "mobile": "070-1",
        "identity": {"scheme": "se.personnummer", "number": "850412-1230"},
        "sms_ok": True,
        "email_ok": False,
        "sms_reminder": True,
    }
    assert answer.location == f"/staff/solna/patients/{EVA}?done=made"
    assert "The patient has been added." in browser.follow(answer).text


def test_c8_who_is_added_in_the_middle_of_a_booking_is_booked_at_once(browser: Browser) -> None:
    booking = {"then": "book", "start": "2026-12-01T14:00:00+01:00", "practitioner": "anna"}
    page = browser.get(NEW + "?then=book&start=2026-12-01T14%3A00%3A00%2B01%3A00&practitioner=anna").text
    assert "Save and continue booking" in page
    answer = browser.post(NEW, {"first_name": "Nora", "last_name": "Dahl", **booking})
    assert answer.location == (
        f"/staff/solna/bookings/new?patient={EVA}&start=2026-12-01T14%3A00%3A00%2B01%3A00&practitioner=anna"
    )


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [("Nora Dahl", "last_name", "Dahl"), ("Nora", "first_name", "Nora"), ("070-174 06 05", "mobile", "070-174 06 05")],
)
def test_c8_a_search_that_found_nobody_begins_the_form(browser: Browser, typed: str, name: str, value: str) -> None:
    page = browser.post(NEW, {"begin": "yes", "q": typed}).text
    assert f'name="{name}"' in page
    assert f'value="{value}"' in page.split(f'name="{name}"')[1][:200]


def test_c8_whom_the_clinic_knows_by_number_is_shown_instead_of_being_made_again(browser: Browser) -> None:
    errors = {"identity.number": ["Another patient of the clinic has this number."]}
    browser.world.patient.answers["add"] = Invalid.because("Taken.", errors=errors)
    page = browser.post(NEW, {"first_name": "Nora", "last_name": "Dahl", "identity.number": "850412-1230"})
    assert page.status_code == 422
    assert "Another patient of the clinic has this number." in page.text
    assert f'href="/staff/solna/patients/{EVA}"' in page.text
    assert 'value="Nora"' in page.text


def test_c8_a_record_is_corrected_with_its_version_and_what_was_not_touched_is_not_said(browser: Browser) -> None:
    answer = browser.post(EDIT, {**AS_IT_STANDS, "mobile": "", "confirm.email": "yes"})
    assert sent(browser, "update") == {
        "first_name": "Eva",
        "last_name": "Lind",
        "mobile": "",
        "email": "eva@example.org",
        "note": "Afraid of needles.",
        "birth_date": "1985-04-12",
        "identity": {"scheme": "se.personnummer", "number": "198504121230"},
        "version": 4,
        "confirm": ["email"],
    }
    assert answer.location == f"/staff/solna/patients/{EVA}?done=saved"


def test_n3_the_text_message_reminder_is_switched_off_for_a_patient(browser: Browser) -> None:
    browser.post(EDIT, {**AS_IT_STANDS, "sms_reminder": ""})
    assert sent(browser, "update")["sms_reminder"] is False


def test_c8_what_somebody_else_changed_meanwhile_is_told_and_what_was_typed_stays(browser: Browser) -> None:
    browser.world.patient.answers |= {
        "update": refusing(ChangedMeanwhile),
        "get": {**RECORD, "mobile": "+46701740699", "version": 5},
    }
    page = browser.post(EDIT, {**AS_IT_STANDS, "note": "Rings first."})
    assert page.status_code == 409
    assert "070-174 06 99" in page.text
    assert "Rings first." in page.text
    assert 'name="version" value="5"' in page.text


def test_c8_a_date_that_is_none_is_said_at_its_field(browser: Browser) -> None:
    page = browser.post(NEW, {"first_name": "Nora", "last_name": "Dahl", "birth_date": "soon"})
    assert page.status_code == 422
    assert 'href="#birth_date"' in page.text
    assert not [call for call in browser.world.patient.calls if call.name == "add"]
