"""Telephone numbers as people type them, and which of them can receive an SMS (PRODUCT B4; CONTRACTS 2, Limits)."""

import re
from collections.abc import Collection
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

_LONGEST_PHONE_TEXT = 40
_KEPT = 1024
"""How many numbers a process knows the countries of: those that it has just written to."""
_PHONE_CHARACTERS = re.compile(r"[\u200e\u200f]*\+?[\d ().\-/‐-―−\u00a0\u200e\u200f]+")

_NO_MOBILE = "This number cannot receive text messages. Enter a mobile number."
_NOT_ORDINARY = "This is neither a mobile nor a landline number."

_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
"""The second where a country does not tell them apart, such as Denmark or the United States."""
_ORDINARY = _MOBILE | {PhoneNumberType.FIXED_LINE, PhoneNumberType.VOIP}
_NO_COUNTRY = "001"
"""What phonenumbers calls the region of satellite networks (+881), of +882, +883, +979 and other numbers of no land."""
_PART_OF = {"AX": "FI", "SJ": "NO"}
"""Åland's and Svalbard's numbers are those of Finland's and Norway's own networks."""


def normal_phone(text: str, country: str | None) -> str:
    """Return a telephone number in E.164; raise ValueError with a sentence where it is none.

    `country` (ISO 3166 alpha-2) is the one whose numbers are meant where no prefix is given.
    """
    return _e164(_number(text, country))


def normal_mobile(text: str, country: str | None, *, or_landline: bool = False) -> str:
    """Return the number of a mobile in E.164; raise ValueError with a sentence where it can be none.

    Premium, satellite and shared-cost numbers never are. With `or_landline` it may be one to be called at.
    """
    number = _number(text, country)
    allowed = _ORDINARY if or_landline else _MOBILE
    if phonenumbers.number_type(number) not in allowed or _region(number) == _NO_COUNTRY:
        raise ValueError(_NOT_ORDINARY if or_landline else _NO_MOBILE)
    return _e164(number)


def readable_phone(number: str, country: str | None) -> str:
    """Return a number in E.164 as people read it aloud: a country's own as at home there, others with their prefix.

    What is no telephone number is returned as it is.
    """
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    is_at_home = country is not None and _region(parsed) in {country, *_parts_of(country)}
    return phonenumbers.format_number(
        parsed, PhoneNumberFormat.NATIONAL if is_at_home else PhoneNumberFormat.INTERNATIONAL
    )


def can_receive_sms(number: str, countries: Collection[str]) -> bool:
    """Tell whether a number in E.164 can be a mobile of one of `countries`; an SMS is written to no other."""
    return _country_of_mobile(number) in countries


def has_numbers_of_its_own(country: str) -> bool:
    """Tell whether a code of ISO 3166-1 is a country's whose telephone numbers can be told from others'."""
    return country in phonenumbers.SUPPORTED_REGIONS and country not in _PART_OF


@lru_cache(_KEPT)
def _country_of_mobile(number: str) -> str | None:
    """Return the country of which a number in E.164 can be a mobile; None where it can be none."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    region = _region(parsed)
    return _PART_OF.get(region, region) if phonenumbers.number_type(parsed) in _MOBILE else None


def _number(text: str, country: str | None) -> PhoneNumber:
    stripped = text.strip()
    wrong = ValueError("Enter the whole telephone number, with the country code if it is foreign: +44 7700 900123.")
    if len(stripped) > _LONGEST_PHONE_TEXT or not _PHONE_CHARACTERS.fullmatch(stripped):
        raise wrong
    try:
        number = phonenumbers.parse(stripped, country)
    except phonenumbers.NumberParseException:
        raise wrong from None
    if not phonenumbers.is_valid_number(number):
        raise wrong
    return number


def _parts_of(country: str) -> list[str]:
    return [part for part, whole in _PART_OF.items() if whole == country]


def _region(number: PhoneNumber) -> str:
    return phonenumbers.region_code_for_number(number) or _NO_COUNTRY


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
