"""Telephone numbers as PRODUCT B4 asks."""

import phonenumbers
import pytest

from shared.identity.telephones import (
    can_receive_sms,
    has_numbers_of_its_own,
    normal_mobile,
    normal_phone,
    readable_phone,
)

EVERYWHERE = frozenset(phonenumbers.SUPPORTED_REGIONS)


@pytest.mark.parametrize(
    ("text", "country", "stored"),
    [
        ("070-174 06 05", "SE", "+46701740605"),
        ("0046 70 174 06 05", "SE", "+46701740605"),
        ("+46 (0)70 174 06 05", None, "+46701740605"),
        ("۰۹۱۲ ۳۴۵ ۶۷۸۹", "IR", "+989123456789"),
        ("22 33 44 55", "DK", "+4522334455"),
        ("400 00 000", "NO", "+4740000000"),
        ("079 123 45 67", "CH", "+41791234567"),
    ],
)
def test_b4_a_telephone_number_is_stored_in_e164(text: str, country: str | None, stored: str) -> None:
    assert normal_phone(text, country) == stored


@pytest.mark.parametrize(
    "text", ["", "12", "070-174 06 05 ext 5", "0800 FLOWERS", "tel:+46701740605", "+46701740605\n1"]
)
def test_b4_what_is_no_telephone_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="telephone number"):
        normal_phone(text, "SE")


def test_b4_without_a_country_a_telephone_number_needs_its_prefix() -> None:
    with pytest.raises(ValueError, match="country code"):
        normal_phone("070-174 06 05", None)


MOBILES = [
    "+46701740605",
    "+4790000901",
    "+4522334455",
    "+41791234567",
    "+12025550123",
    "+989123456789",
    "+447400123456",
]
LANDLINES = ["+4684650041", "+4722334455", "+41446681800", "+982188776655", "+442079460018"]
NEVER = [
    "+979123456789", "+881612345678", "+88213300655", "+883510012345", "+46900123456", "+19005551234", "+46771123456",
    "+4620123456", "+4580808080", "+46740123456", "+447011234567", "+448001111111", "+4782012345",
]  # fmt: skip


@pytest.mark.parametrize("number", MOBILES)
def test_a_mobile_is_a_number_that_can_receive_sms(number: str) -> None:
    assert normal_mobile(number, None) == number
    assert normal_mobile(number, None, or_landline=True) == number


@pytest.mark.parametrize("number", LANDLINES)
def test_a_landline_is_no_mobile_but_may_be_called(number: str) -> None:
    with pytest.raises(ValueError, match="cannot receive text messages"):
        normal_mobile(number, None)
    assert normal_mobile(number, None, or_landline=True) == number
    assert not can_receive_sms(number, EVERYWHERE)


@pytest.mark.parametrize("number", NEVER)
def test_a_premium_satellite_or_shared_cost_number_is_never_a_patients_telephone(number: str) -> None:
    for or_landline in (False, True):
        with pytest.raises(ValueError, match=r"text messages|landline|telephone number"):
            normal_mobile(number, None, or_landline=or_landline)
    assert not can_receive_sms(number, EVERYWHERE)


@pytest.mark.parametrize(
    ("number", "countries", "can"),
    [
        ("+46701740605", {"SE"}, True),
        ("+46701740605", {"NO", "DK"}, False),
        ("+358401234567", {"FI"}, True),
        ("+3584570123456", {"FI"}, True),
        ("+4779012345", {"NO"}, False),
        ("+12025550123", {"US"}, True),
        ("+12025550123", {"CA"}, False),
        ("+18764101234", {"US", "CA"}, False),
        ("+447624123456", {"GB"}, False),
        ("0701740605", {"SE"}, False),
        ("", {"SE"}, False),
        ("+46", {"SE"}, False),
    ],
)
def test_an_sms_goes_to_mobiles_of_the_countries_that_are_named(number: str, countries: set[str], can: bool) -> None:
    assert can_receive_sms(number, countries) is can


def test_countries_are_those_whose_numbers_can_be_told_from_others() -> None:
    assert all(map(has_numbers_of_its_own, ("SE", "XK", "GB", "IR")))
    assert not any(map(has_numbers_of_its_own, ("AX", "SJ", "001", "XX", "se", "")))


@pytest.mark.parametrize(
    ("number", "country", "read"),
    [
        ("+46701740605", "SE", "070-174 06 05"),
        ("+4791234567", "NO", "91 23 45 67"),
        ("+4520123456", "DK", "20 12 34 56"),
        ("+41791234567", "CH", "079 123 45 67"),
        ("+46701740605", "NO", "+46 70 174 06 05"),
        ("+46701740605", None, "+46 70 174 06 05"),
        ("+358401234567", "FI", "040 1234567"),
        ("somebody@example.org", "SE", "somebody@example.org"),
    ],
)
def test_a_number_is_shown_as_it_is_read_aloud_in_the_country_where_it_is_read(
    number: str, country: str | None, read: str
) -> None:
    assert readable_phone(number, country) == read
    if "@" not in read:
        assert normal_phone(read, country) == number
