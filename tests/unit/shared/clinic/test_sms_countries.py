"""Whose mobiles get SMS from a clinic, and who must give an email to be told (CONTRACTS 2, Limits)."""

from typing import Any

import pytest

from shared.clinic.sms_countries import EUROPE, sms_countries, who_hears_nothing


def a_document(**keys: Any) -> dict[str, Any]:
    """Return what the rule reads of a document."""
    return {"country": None, "time_zone": "Europe/Stockholm", "sms_countries": None, **keys}


def test_a_clinic_names_the_countries_itself() -> None:
    assert sms_countries(a_document(country="SE", sms_countries=["SE", "IR"])) == {"SE", "IR"}


@pytest.mark.parametrize("country", ["SE", "NO", "DK", "CH", "GB", "FR", "IS"])
def test_a_european_clinic_sends_to_the_eea_the_uk_and_switzerland(country: str) -> None:
    assert sms_countries(a_document(country=country)) == EUROPE
    assert {"SE", "IS", "LI", "NO", "GB", "CH"} <= EUROPE
    assert not {"RU", "TR", "RS", "UA", "JE", "US"} & EUROPE
    assert len(EUROPE) == 27 + 3 + 2


def test_any_other_clinic_sends_to_its_own_country_and_its_land_neighbours() -> None:
    assert sms_countries(a_document(country="IR")) == {"IR", "AF", "AM", "AZ", "IQ", "PK", "TM", "TR"}
    assert sms_countries(a_document(country="JP")) == {"JP"}


@pytest.mark.parametrize(
    ("zone", "countries"), [("Europe/Oslo", EUROPE), ("Asia/Tokyo", {"JP"}), ("UTC", EUROPE), ("Etc/UTC", EUROPE)]
)
def test_a_clinic_without_a_country_lies_where_its_time_zone_is(zone: str, countries: frozenset[str]) -> None:
    assert sms_countries(a_document(time_zone=zone)) == countries


def test_a_document_that_was_stored_before_the_key_was_there_names_no_countries() -> None:
    document = a_document(country="SE")
    del document["sms_countries"]
    assert sms_countries(document) == EUROPE


SWEDISH, IRANIAN = "+46701740605", "+989123456789"


def test_a_mobile_of_another_country_needs_an_email_to_be_told_by() -> None:
    assert who_hears_nothing(SWEDISH, None, EUROPE, asks_for_email=True) == {}
    assert who_hears_nothing(None, None, EUROPE, asks_for_email=True) == {}
    assert who_hears_nothing(IRANIAN, "eva@example.org", EUROPE, asks_for_email=True) == {}
    assert "email" in who_hears_nothing(IRANIAN, None, EUROPE, asks_for_email=True)
    assert "mobile" in who_hears_nothing(IRANIAN, None, EUROPE, asks_for_email=False)
