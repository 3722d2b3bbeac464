"""By what a patient will be told of a booking, said before it is made (PRODUCT C10)."""

from collections.abc import Mapping
from typing import Any

from gateway.http.wording import N_
from shared.clinic.sms_countries import sms_countries
from shared.identity.telephones import can_receive_sms

_BY: Mapping[tuple[str, ...], str] = {
    ("email",): N_("by email"),
    ("sms",): N_("by text message"),
    ("email", "sms"): N_("by text message and email"),
    (): N_("No message reaches this patient: call them."),
}


def said_to_reach(document: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    """Return by what the confirmation reaches a patient, for the catalogue; nothing goes where nobody has confirmed."""
    ways = {"email": _reads(record, "email", "email_ok"), "sms": _gets_sms(document, record)}
    return _BY[tuple(way for way in sorted(document["channels"]["booked"]) if ways[way])]


def _gets_sms(document: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    return _reads(record, "mobile", "sms_ok") and can_receive_sms(record["mobile"], sms_countries(document))


def _reads(record: Mapping[str, Any], address: str, said: str) -> bool:
    return bool(record[address] and record[f"{address}_confirmed"] and record[said] is not False)
