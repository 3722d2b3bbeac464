"""By what a patient will be told of a booking, said before it is made (PRODUCT C10)."""

from collections.abc import Mapping
from typing import Any

from gateway.http.wording import N_
from shared.clinic.sms_countries import sms_countries
from shared.clinic.telling.reaching import addresses_of
from shared.contracts.people import ADDRESSES

_BY: Mapping[tuple[str, ...], str] = {
    ("email",): N_("by email"),
    ("sms",): N_("by text message"),
    ("email", "sms"): N_("by text message and email"),
    (): N_("No message reaches this patient: call them."),
}


def said_to_reach(document: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    """Return by what the confirmation reaches a patient, for the catalogue; nothing goes where nobody has confirmed."""
    ways = addresses_of(
        record["mobile"],
        record["email"],
        sms_ok=record["sms_ok"] is not False,
        email_ok=record["email_ok"] is not False,
        unconfirmed=[name for name in ADDRESSES if not record[f"{name}_confirmed"]],
        countries=sms_countries(document),
    )
    return _BY[tuple(way for way in sorted(document["channels"]["booked"]) if ways[way])]
