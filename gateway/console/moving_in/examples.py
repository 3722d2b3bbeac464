"""A file of each kind as it could be, in the reader's language and with the clinic's own names (C14)."""

from collections.abc import Mapping
from datetime import date, timedelta

from gateway.console.frame.here import Here
from gateway.console.moving_in.words import FIELDS
from gateway.views.own_texts import OwnTexts
from shared.clinic.times.weeks import week_of
from shared.identity.numbers import birth_date, check_number
from shared.moving_in.fields import APPOINTMENTS, NEEDS, PATIENTS
from shared.moving_in.leftovers import leftovers
from shared.texts.language import calendar_parts

_NUMBERS: Mapping[str, str] = {
    "se.personnummer": "19121212-1212",
    "no.fodselsnummer": "131169 00216",
    "dk.cpr": "251248-9996",
    "ch.ssn": "756.9217.0769.85",
    "ir.melli": "9990000001",
}
"""Numbers that belong to nobody, made for tests."""
_PEOPLE: Mapping[str, tuple[str, str]] = {
    "SE": ("Tolvan", "Tolvansson"),
    "NO": ("Kari", "Nordmann"),
    "DK": ("Nancy Ann", "Berggren"),
    "CH": ("Zoé", "Rochat"),
    "IR": ("سارا", "کریمی"),
}
_BORN = date(1985, 3, 12)
"""Of whose number tells no date of birth."""
_FIRST_HOUR = "09:00"


def example(here: Here, kind: str) -> str:
    """Return a CSV with the columns that matter and a line of an invented person."""
    values = {**_person(here), **_what(here)}
    columns = {
        PATIENTS: (
            "former",
            "national_id",
            "first_name",
            "last_name",
            "birth_date",
            "mobile",
            "email",
            "sms_ok",
            "note",
        ),
        NEEDS: ("former", "national_id", "first_name", "last_name", "birth_date", "type", "practitioner", "week"),
        APPOINTMENTS: (
            *("former", "national_id", "first_name", "last_name", "birth_date", "start", "time", "minutes", "type"),
            *("practitioner", "message"),
        ),
    }[kind]
    asked = [name for name in columns if name != "national_id" or here.document["identity"] in _NUMBERS]
    return leftovers([here.say(FIELDS[name]) for name in asked[:-1]], here.say(FIELDS[asked[-1]]), [
        ([values.get(name, "") for name in asked[:-1]], values.get(asked[-1], ""))
    ])  # fmt: skip


def _person(here: Here) -> dict[str, str]:
    first, last = _PEOPLE.get(here.document["country"], ("Alex", "Example"))
    scheme = here.document["identity"]
    number = _NUMBERS.get(scheme, "")
    told = birth_date(scheme, check_number(scheme, number)) if number else None
    born = _written(told or _BORN, here.language)
    return {"former": "1001", "national_id": number, "first_name": first, "last_name": last, "birth_date": born,
            "email": "alex@patient.example", "sms_ok": "1"}  # fmt: skip


def _what(here: Here) -> dict[str, str]:
    own = OwnTexts(here.language, here.document["languages"][0])
    types, people = here.document["types"], here.document["practitioners"]
    day = here.today + timedelta(days=14)
    return {
        "type": own(types[0]["name"]) or types[0]["key"] if types else "",
        "practitioner": own(people[0]["name"]) or people[0]["key"] if people else "",
        "start": _written(day, here.language),
        "time": _FIRST_HOUR,
        "minutes": "30",
        "week": week_of(day),
    }


def _written(day: date, language: str) -> str:
    """Return a date as the language's calendar counts it, year first, which every reader takes for the same."""
    year, month, of_month = calendar_parts(day, language)
    return f"{year}-{int(month):02}-{int(of_month):02}"
