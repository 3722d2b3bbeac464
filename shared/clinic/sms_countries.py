"""Whose mobiles get SMS from a clinic (`sms_countries`; CONTRACTS 2, Limits), and who needs an email to be told."""

from collections.abc import Collection

from shared.clinic.document import Document
from shared.identity.countries import country_of_zone, neighbours_of
from shared.identity.telephones import can_receive_sms

EUROPE = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO GB CH".split()  # noqa: SIM905
)
"""The European Economic Area, the United Kingdom and Switzerland."""

NO_SMS_THERE = "This clinic cannot send text messages to that number. Please call the clinic."
"""What is said to whoever wants a code at a number to which none can be sent."""

_GIVE_EMAIL = "This clinic cannot send text messages to numbers in that country. Enter an email address as well."
_OTHER_MOBILE = (
    "This clinic cannot send text messages to numbers in that country. Enter a mobile number from another country."
)


def sms_countries(document: Document) -> frozenset[str]:
    """Return the countries whose mobiles get SMS: those listed, else Europe for European clinics, else its neighbours.

    A clinic that names no country lies where its time zone is; where that tells none either, it counts as European.
    A document that was stored before the key was there lists none.
    """
    listed = document.get("sms_countries")
    if listed:
        return frozenset(listed)
    country = document["country"] or country_of_zone(document["time_zone"])
    return EUROPE if country is None or country in EUROPE else neighbours_of(country) | {country}


def who_hears_nothing(
    mobile: str | None, email: str | None, countries: Collection[str], *, asks_for_email: bool
) -> dict[str, str]:
    """Return what is wrong with a mobile (E.164) or email where neither tells the patient anything, by their names.

    `countries` are those to which the clinic sends SMS. Without a mobile nothing is wrong: then the clinic asks for
    none, or the patient wants to give none.
    """
    if mobile is None or email is not None or can_receive_sms(mobile, countries):
        return {}
    return {"email": _GIVE_EMAIL} if asks_for_email else {"mobile": _OTHER_MOBILE}
