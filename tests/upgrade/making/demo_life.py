"""Some bookings in each demo clinic: of the days after the baseline was made, which are soon over, and of 2096."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.system.clinics import OwnClinic
from tests.system.installation import Installation
from tests.system.people import a_patient
from tests.upgrade.harbour import DAY, clinic_of, done

BOOKABLE = {"aldente": "toothache", "exir": "visit", "frenda": "exam", "norsk": "consultation", "optamed": "osteopathy"}
"""The demo clinics, each with a type that anybody may book."""

ANSWERS = {"exir": {"insurance": "سلامت"}}


def live_in_demo_clinics(installation: Installation) -> dict[str, Any]:
    """Book in each clinic and return the receipts: one that was moved, one of staff."""
    return {key: _live(clinic_of(installation, key)) for key in BOOKABLE}


def a_person(document: dict[str, Any]) -> dict[str, Any]:
    """Return an invented patient as the clinic's page asks for one."""
    person = a_patient(document["identity"], document["country"], 301)
    hidden = {
        key
        for detail, keys in {"name": ("first_name", "last_name"), "email": ("email",)}.items()
        for key in keys
        if document["details"][detail] == "hidden"
    }
    return {name: value for name, value in person.items() if name not in hidden}


def _live(clinic: OwnClinic) -> dict[str, Any]:
    document = clinic.desk("GET", "document").body
    moves = _book(clinic, document)
    token = moves["manage_token"]
    day = date.fromisoformat(moves["start"][:10])
    other = next(time for time in clinic.places_to_move(token, day) if time != moves["start"][11:16])
    done(clinic.link(token, "rebook", {"start": moves["start"].replace(moves["start"][11:16], other)}), 200)
    far = {"type": BOOKABLE[clinic.key], "start": f"{DAY}T03:00:00+00:00", "outside_plan": True}
    full = a_patient(document["identity"], document["country"], 302)
    person = {"patient": full, "answers": ANSWERS.get(clinic.key, {})}
    of_staff = done(clinic.desk("POST", "bookings", {**far, **person}), 201).body
    return {"moves": moves, "of staff": of_staff}


def _book(clinic: OwnClinic, document: dict[str, Any]) -> dict[str, Any]:
    soon = datetime.now(UTC).date() + timedelta(days=5)
    type_key = BOOKABLE[clinic.key]
    slot = clinic.public.slots(clinic.key, type_key, soon)[0]
    person = {"patient": a_person(document), "answers": ANSWERS.get(clinic.key, {})}
    body = {"type": type_key, "start": slot["start"], **person}
    receipt: dict[str, Any] = done(clinic.public.post(f"/clinics/{clinic.key}/bookings", body), 201).body
    return receipt
