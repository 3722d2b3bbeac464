"""Calls that are refused: one for each code that needs neither a passing of time nor a fault."""

from typing import Any

from tests.system.clinics import OwnClinic, at
from tests.upgrade.harbour import DAY, rules, somebody, working_hours
from tests.upgrade.making.life import Life

CODES = {
    "not_found", "gone", "slot_not_offered", "slot_taken", "slot_held", "hold_expired", "already_cancelled",
    "changed_meanwhile", "invalid", "invalid_national_id", "under_age", "new_patients_refused", "no_open_need",
    "need_expired", "function_off", "booking_off", "not_changeable", "login_required", "wrong_login",
}  # fmt: skip
"""The codes that `be_refused` meets."""


def be_refused(life: Life) -> set[str]:
    """Make all these calls at a clinic that has lived, and return the codes that were answered."""
    clinic, noted = life.clinic, life.noted
    codes = {
        clinic.link("NOTHING000" + "x" * 24)["code"],
        clinic.link(noted["been"]["manage_token"])["code"],
        clinic.link(noted["cancelled"]["manage_token"], "cancel")["code"],
        clinic.link(noted["changed"]["manage_token"], "cancel")["code"],
        clinic.link(noted["stays"]["manage_token"], "rebook", {"start": "soon"})["code"],
        clinic.book(at(DAY, "07:00"), somebody(20))["code"],
        clinic.book(at(DAY, "08:00"), somebody(20), practitioner="anna")["code"],
        clinic.book(at(DAY, "09:00"), {**somebody(20), "national_id": "19811228-9875"})["code"],
        clinic.book(at(DAY, "09:00"), somebody(20), type="aged")["code"],
        clinic.book(at(DAY, "09:00"), somebody(20), type="known")["code"],
        clinic.book(at(DAY, "09:00"), somebody(20), type="checkup")["code"],
        clinic.desk("POST", f"bookings/{noted['stays']['reference']}/rebook", {"minutes": 60, "version": 99})["code"],
        *_of_holds(clinic),
        *_of_needs(life),
    }
    for switched, attempt in (("new", "09:00"), ("active", "09:30")):
        clinic.apply(*working_hours(), **rules(booking={switched: False}))
        codes.add(clinic.book(at(DAY, attempt), somebody(20))["code"])
    clinic.apply(*working_hours(), **rules())
    return codes


def _of_holds(clinic: OwnClinic) -> set[str]:
    start = at(DAY, "09:30")
    held = clinic.hold(start, practitioner="bo")["hold"]
    taken = clinic.book(start, somebody(20), practitioner="bo")["code"]
    clinic.public.call("DELETE", f"/holds/{held}")
    expired = clinic.book(start, somebody(20), practitioner="bo", hold=held)["code"]
    return {taken, expired}


def _of_needs(life: Life) -> set[str]:
    clinic, noted = life.clinic, life.noted
    patient = clinic.desk("GET", f"bookings/{noted['stays']['reference']}")["patient"]["id"]
    body: dict[str, Any] = {"type": "lapsed", "start": at(DAY, "09:00"), "patient": {"id": patient}}
    wrong_code = {"national_id": somebody(1)["national_id"], "code": "0000-0000"}
    return {
        clinic.desk("POST", "recalls/issue", {"need": noted["expired need"], "send": ["card"]})["code"],
        clinic.desk("POST", "recalls/issue", {"need": noted["closed need"], "send": ["card"]})["code"],
        clinic.desk("POST", "bookings", {**body, "need": noted["closed need"]})["code"],
        clinic.public.post("/recalls/open", wrong_code)["code"],
    }
