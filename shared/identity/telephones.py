"""Telephone numbers as people type them (PRODUCT B4)."""

import re

import phonenumbers

_LONGEST_PHONE_TEXT = 40
_PHONE_CHARACTERS = re.compile(r"[\u200e\u200f]*\+?[\d ().\-/‐-―−\u00a0\u200e\u200f]+")


def normal_phone(text: str, country: str | None) -> str:
    """Return a telephone number in E.164; raise ValueError with a sentence where it is none.

    `country` (ISO 3166 alpha-2) is the one whose numbers are meant where no prefix is given.
    """
    stripped = text.strip()
    wrong = ValueError("Give a telephone number in full, with its country prefix if it is foreign: +44 7700 900123.")
    if len(stripped) > _LONGEST_PHONE_TEXT or not _PHONE_CHARACTERS.fullmatch(stripped):
        raise wrong
    try:
        number = phonenumbers.parse(stripped, country)
    except phonenumbers.NumberParseException:
        raise wrong from None
    if not phonenumbers.is_valid_number(number):
        raise wrong
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
