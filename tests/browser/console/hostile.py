"""A clinic in which all that anybody could type is hostile: HTML, scripts, letters that turn the direction, long words.

What may not hold such things, as names of patients do not, is as long as it may be.
"""

from dataclasses import dataclass
from typing import Any

from tests.system.clinics import OwnClinic, a_block, a_person, at, in_days, own_clinic
from tests.system.installation import wait_until

MARK = "<i data-hostile>x</i>"
"""Where a page takes a text for HTML, it has such an element."""

LONG = "Donaudampfschifffahrtsgesellschaftskapitaen" * 2 + "switwenrenten"
"""A word of about a hundred letters."""

HOSTILE = (
    f"{MARK}<script>document.title='hostile'</script><img src=x onerror=\"document.title='hostile'\">"
    f"'\"&lt;{{{{7*7}}}}\u202ereversed {LONG}"
)


@dataclass(frozen=True)
class Facts:
    """What there is in the clinic, by its ids."""

    clinic: OwnClinic
    booking: str
    patient: str
    message: str
    absence: str
    need: str
    account: str
    day: str
    start: str
    revision: int


def a_hostile_clinic(public: Any, administrator: Any) -> Facts:
    """Set the clinic up and let things happen there."""
    clinic = own_clinic(
        public, administrator, a_block("08:00", "12:00"), a_block("12:00", "13:00", "lunch"),
        name=f"{MARK}A clinic {LONG}"[:100],
        contact={"phone": "+46 8 123 45 67", "address": f"{MARK} {LONG}"},
        practitioners=[
            {"key": "anna", "name": f"Anna {MARK}", "title": f"{MARK} {LONG}"[:100]},
            {"key": "bo", "name": LONG[:90]},
        ],
        resources=[{"key": "room", "name": f"{MARK}{LONG}"[:90], "pool": "room"}],
        block_kinds=[
            {"key": "open", "name": f"Open {MARK}", "online": True},
            {"key": "lunch", "name": f"{MARK}{LONG}"[:90]},
        ],
        visit={"name": f"US {MARK}", "alias": f"{LONG} {MARK}"[:90], "uses": ["room"]},
        fields=[{"key": "own", "kind": "text", "label": f"Own {MARK}", "types": ["visit"]}],
    )  # fmt: skip
    day = in_days(5)
    person = a_person(first_name=LONG[:100], last_name="O'" + LONG[:80])
    wish = {"practitioner": "anna", "message": HOSTILE, "answers": {"own": f"{MARK} {LONG}"}}
    booked = _done(clinic.book(at(day, "09:00"), person, **wish))
    other = _done(clinic.book(at(day, "10:00"), **wish))
    ticked_off = _done(clinic.book(at(day, "10:30"), **wish))
    for each in (other, ticked_off):
        _done(clinic.link(each["manage_token"], "cancel", {"comment": HOSTILE}))
    _done(clinic.desk("POST", f"watch-list/{_watched(clinic, ticked_off['reference'])}/done"))
    reference = booked["reference"]
    wait_until(lambda: _patient(clinic, reference), "the patient is there")
    patient = _patient(clinic, reference)
    _done(clinic.desk("POST", f"bookings/{reference}/note", {"text": HOSTILE}))
    _done(clinic.desk("PATCH", f"patients/{patient}", {"note": HOSTILE}))
    need = {"patient": patient, "type": "visit", "practitioner": "anna", "week": "2096-W10"}
    absence = {"practitioner": "anna", "from": f"{day}T08:00", "to": f"{day}T12:00", "reason": HOSTILE[:200]}
    account = {"email": f"{'w' * 60}@people.example", "role": "therapist", "practitioner": "bo"}
    return Facts(
        clinic,
        booking=reference,
        patient=patient,
        message=_message(clinic, reference),
        absence=_done(clinic.desk("POST", "absences", absence))["id"],
        need=_done(clinic.desk("POST", "needs", need))["id"],
        account=_done(clinic.desk("POST", "accounts", account))["id"],
        day=day.isoformat(),
        start=at(day, "11:00"),
        revision=_changed(clinic),
    )


def _changed(clinic: OwnClinic) -> int:
    """Change the clinic's set-up; return the revision."""
    document = _done(clinic.desk("GET", "document")).body
    _done(clinic.desk("PUT", "document", {**document, "contact": {**document["contact"], "phone": "+46 8 765 43 21"}}))
    return int(_done(clinic.desk("GET", "document/history"))["history"][0]["revision"])


def _patient(clinic: OwnClinic, reference: str) -> Any:
    return clinic.desk("GET", f"bookings/{reference}")["patient"]["id"]


def _watched(clinic: OwnClinic, reference: str) -> str:
    """Return the id of a cancelled booking's entry on the watch list."""

    def found() -> list[Any]:
        listed = clinic.desk("GET", "watch-list")["watch_list"]
        return [each["id"] for each in listed if each["booking"]["reference"] == reference]

    wait_until(found, "the cancelled booking is on the watch list")
    return str(found()[0])


def _message(clinic: OwnClinic, reference: str) -> str:
    """Return the id of a message about a booking, to the patient."""

    def found() -> list[Any]:
        listed = clinic.desk("GET", f"messages?booking={reference}")["messages"]
        return [each["id"] for each in listed if each["audience"] == "patient" and each["channel"] == "email"]

    wait_until(found, "the patient is told")
    return str(found()[0])


def _done(answer: Any) -> Any:
    assert answer.status < 300, answer
    return answer
