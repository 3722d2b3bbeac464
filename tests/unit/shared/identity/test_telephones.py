"""Telephone numbers as PRODUCT B4 asks."""

import pytest

from shared.identity.telephones import normal_phone


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
    with pytest.raises(ValueError, match="country prefix"):
        normal_phone("070-174 06 05", None)
