"""The clinic that lives in a baseline: its document, its time, its people, and how one speaks to it."""

import re
from datetime import date
from typing import Any

from tests.servers.providers import Providers
from tests.system.api_client import Answer, Client, staff
from tests.system.clinics import OwnClinic, a_block
from tests.system.installation import ADMIN, Installation, wait_until
from tests.system.people import a_patient

DAY = date(2096, 3, 5)
"""A Monday; the days after it have their own parts of the life."""

WEEK = "2096-W10"
LONG_AGO = date(2020, 3, 5)
PUBLIC_URL = "https://booking.frontdesk.example"

_BOOKED_SMS = "Välkommen {{ booking.date }} {{ booking.time }}. {{ booking.message }} {{ link }}"


def rules(**changes: Any) -> dict[str, Any]:
    """Return what the clinic's document holds; `changes` are those of `tests.system.clinics.a_document`."""
    controlled = {"controlled": True, "choose_practitioner": False}
    types = [
        {"key": "visit", "name": "Besök", "alias": {"sv": "Besök", "en": "Visit"}, "length": "30m", "uses": ["room"]},
        {"key": "long", "name": "Lång", "length": "45m", "buffer_after": "10m", "practitioners": ["anna", "bo"],
         "slots": {"mode": "flexible", "step": "15m"}},
        {"key": "checkup", "name": "Kontroll", "length": "30m", "needs": {**controlled, "days_after_week": None}},
        {"key": "lapsed", "name": "Gammal", "length": "30m", "needs": {**controlled, "days_after_week": 0}},
        {"key": "aged", "name": "Äldre", "length": "30m", "min_age": 150},
        {"key": "known", "name": "Känd", "length": "30m", "practitioners": ["lena"]},
    ]  # fmt: skip
    document = {
        "name": "Vårdcentralen Hamnen",
        "country": "SE",
        "languages": ["sv", "en"],
        "identity": "se.personnummer",
        "contact": {"phone": "+46 8 123 45 67", "email": "hamnen@clinics.example", "address": "Kajen 1, Visby"},
        "fields": [{"key": "fear", "kind": "choice", "label": {"sv": "Rädd?"}, "choices": ["Nej", "Ja"]}],
        "practitioners": [
            {"key": "anna", "name": "Anna Berg", "email": "anna@clinics.example"},
            {"key": "bo", "name": "Bo Ek", "email": "bo@clinics.example"},
            {"key": "lena", "name": "Lena Ros", "new_patients": False},
        ],
        "resources": [{"key": f"room-{number}", "name": f"Rum {number}", "pool": "room"} for number in (1, 2)],
        "types": types,
        "reminders": [{"before": "24h", "channel": "sms"}],
        "messages": {"booked": {"sms": {"sv": _BOOKED_SMS}}},
    }
    return {**document, **changes}


def working_hours() -> list[dict[str, Any]]:
    """Return the blocks of each day."""
    return [a_block("08:00", "12:00"), a_block("12:00", "13:00", "lunch"), a_block("13:00", "16:00")]


def clinic_of(installation: Installation, key: str) -> OwnClinic:
    """Return a clinic of an installation, spoken to by patients and by the administrator."""
    return OwnClinic(Client(installation.url), staff(installation.url, *ADMIN), key)


def somebody(number: int) -> dict[str, Any]:
    """Return the `patient` of a booking: always the same invented person for a number."""
    return a_patient("se.personnummer", "SE", 100 + number)


def logged_in(clinic: OwnClinic, providers: Providers, mobile: str, national_id: str) -> Client:
    """Return a client who has proven a mobile by the code that was sent to it."""
    claim = {"mobile": mobile, "national_id": national_id}
    before = len(providers.sms)
    done(clinic.public.post(f"/clinics/{clinic.key}/login-codes", claim), 202)

    def codes() -> list[str]:
        texts = [each.text for each in providers.sms[before:] if each.to == mobile]
        return [found[0] for text in texts if (found := re.search(r"\b[0-9]{6}\b", text))]

    wait_until(codes, "the login code is sent")
    login = done(clinic.public.post(f"/clinics/{clinic.key}/logins", {**claim, "code": codes()[-1]}), 201)
    return Client(clinic.public.url, token=login["token"])


def done(answer: Answer, status: int) -> Answer:
    """Return the answer, which must have that status."""
    assert answer.status == status, answer
    return answer
