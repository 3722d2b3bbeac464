"""Calling patients in, from the staff's desk to the booking that a code on a card opens (PRODUCT M2, R1, R2)."""

from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from shared.clinic.times.weeks import week_of
from tests.system.api_client import Answer, Client, staff
from tests.system.clinics import PHONE, OwnClinic, a_person, at, in_days, own_clinic
from tests.system.installation import ADMIN, Installation, wait_until

DAY = in_days(15)
TYPES = [
    {"key": "visit", "name": "Visit", "length": "30m"},
    {"key": "exam", "name": "US", "alias": "Examination", "length": "30m",
     "needs": {"controlled": True, "days_after_week": 14}},
]  # fmt: skip
BORN = a_person()["birth_date"]
_DAYS = count(40)


@pytest.fixture
def clinic(installation: Installation) -> OwnClinic:
    """Return a clinic whose examinations are controlled by needs; Anna and Bo take them."""
    two = [{"key": "anna", "name": "Anna Berg"}, {"key": "bo", "name": "Bo Ek"}]
    administrator = staff(installation.url, *ADMIN)
    return own_clinic(Client(installation.url), administrator, types=TYPES, practitioners=two)


def a_patient(clinic: OwnClinic, **changes: Any) -> str:
    """Return the id of somebody whom the clinic knows; of nobody's visits the time is another's, for a minute."""
    person, day = a_person(**changes), in_days(next(_DAYS))
    made = clinic.desk("POST", "bookings", {"type": "visit", "start": at(day, "08:00"), "patient": person})
    assert made.status == 201, made
    name = person["last_name"]
    wait_until(lambda: clinic.desk("GET", "patients", q=name)["patients"], "the patient's record")
    assert clinic.desk("POST", f"bookings/{made['reference']}/cancel").status == 200
    found: str = clinic.desk("GET", "patients", q=name)["patients"][0]["id"]
    return found


def a_need(clinic: OwnClinic, patient: str, day: date = DAY, **fields: Any) -> str:
    """Give a patient a need of an examination of 45 minutes in the week of `day`, and return its id."""
    need = {"patient": patient, "type": "exam", "minutes": 45, "week": week_of(day), **fields}
    given = clinic.desk("POST", "needs", need)
    assert given.status == 201, given
    return str(given["id"])


def issued(clinic: OwnClinic, **fields: Any) -> Answer:
    """Send recalls, once booking has heard of what is named."""
    answers: list[Answer] = []

    def known() -> bool:
        answers[:] = [clinic.desk("POST", "recalls/issue", {"send": ["sms", "card"], **fields})]
        return answers[0].status != 404

    wait_until(known, "booking hears of the need")
    return answers[0]


def recalled(clinic: OwnClinic, patient: str, time: str, **fields: Any) -> Answer:
    """Book a visit for a patient and call them in."""
    body = {"patient": patient, "type": "visit", "practitioner": "anna", "start": at(DAY, time), "send": ["card"]}
    return clinic.desk("POST", "recalls", {**body, **fields})


def opened(clinic: OwnClinic, code: str, born: str = BORN) -> Answer:
    """Open a recall as its patient."""
    return clinic.public.post("/recalls/open", {"birth_date": born, "code": code})


def by_need(clinic: OwnClinic, token: str) -> Client:
    """Return a client who came by a recall's code."""
    return Client(clinic.public.url, token=token)


def test_r1_m2_m3_a_booked_recall_is_reached_by_its_code_and_moved(clinic: OwnClinic) -> None:
    made = recalled(clinic, a_patient(clinic), "08:00")
    assert (made.status, made["not_sent"]) == (201, [])
    found = opened(clinic, made["code"].lower().replace("-", " "))
    assert found.status == 200, found
    token = found["manage_token"]
    assert clinic.link(token)["may"]["rebook"]["allowed"] is True
    assert clinic.link(token, "rebook", {"start": at(DAY, "09:00")}).status == 200
    booking = clinic.desk("GET", f"bookings/{made['reference']}")
    assert (booking["origin"], booking["start"]) == ("recall", at(DAY, "09:00"))
    entries = clinic.desk("GET", f"bookings/{made['reference']}/history")["history"]
    assert [row["type"] for row in entries][:3] == ["BookingCreated", "RecallIssued", "BookingMoved"]
    wrong = opened(clinic, "0000-0000")
    assert (wrong.status, wrong["code"]) == (401, "wrong_login")


@pytest.mark.both_forms
def test_b9_r2_a_need_without_a_time_is_booked_by_the_code_of_its_card(clinic: OwnClinic) -> None:
    """The whole way: days, times, hold, booking; length and practitioner are the need's, and it is used once."""
    need = a_need(clinic, a_patient(clinic), practitioner="bo")
    answer = issued(clinic, need=need)
    assert (answer.status, answer["not_sent"]) == (200, [])
    (row,) = answer["issued"]
    found = opened(clinic, row["code"])
    assert {name: found[name] for name in ("clinic", "need")} == {"clinic": clinic.key, "need": need}
    patient = by_need(clinic, found["token"])

    dates = {"type": "exam", "from": DAY.isoformat(), "to": DAY.isoformat()}
    assert patient.get(f"/clinics/{clinic.key}/days", **dates)["days"][0]["free"] == 6, "45 minutes from 08:00, fixed"
    slots = patient.slots(clinic.key, "exam", DAY, 1)
    assert {slot["start"][11:16] for slot in slots} == {"08:00", "08:45", "09:30", "10:15", "11:00", "11:45"}
    assert {key for slot in slots for key in slot["practitioners"]} == {"bo"}
    start = slots[0]["start"]
    held = patient.post(f"/clinics/{clinic.key}/holds", {"type": "exam", "start": start})
    assert (held.status, held["practitioner"], held["end"]) == (201, "bo", slots[0]["end"])
    body = {"type": "exam", "start": start, "hold": held["hold"], "patient": a_person()}
    booked = patient.post(f"/clinics/{clinic.key}/bookings", body)
    assert (booked.status, booked["practitioner"], booked["end"]) == (201, "bo", slots[0]["end"]), booked

    again = patient.post(f"/clinics/{clinic.key}/bookings", {**body, "start": slots[2]["start"], "hold": None})
    assert (again.status, again["code"], again["phone"]) == (422, "no_open_need", PHONE)
    assert opened(clinic, row["code"]).body == {"manage_token": booked["manage_token"]}
    assert clinic.link(booked["manage_token"], "cancel").status == 200
    assert opened(clinic, row["code"])["need"] == need, "cancelling opens it again"


def test_b9_the_slot_cache_never_shows_a_need_s_times_to_others(clinic: OwnClinic) -> None:
    """Who asks without a login, right after somebody who may, is refused as before."""
    need = a_need(clinic, a_patient(clinic))
    patient = by_need(clinic, opened(clinic, issued(clinic, need=need)["issued"][0]["code"])["token"])
    dates = {"type": "exam", "from": DAY.isoformat(), "to": DAY.isoformat()}
    for _ in range(2):
        assert patient.get(f"/clinics/{clinic.key}/slots", **dates)["slots"]
        for search in ("days", "slots"):
            answer = clinic.public.get(f"/clinics/{clinic.key}/{search}", **dates)
            assert (answer.status, answer["code"]) == (401, "login_required")


def test_b10_an_expired_need_says_so_and_whom_to_call(clinic: OwnClinic) -> None:
    need = a_need(clinic, a_patient(clinic), in_days(-7))
    code = issued(clinic, need=need)["issued"][0]["code"]
    token = opened(clinic, code)["token"]
    shorter = [TYPES[0], {**TYPES[1], "needs": {"controlled": True, "days_after_week": 0}}]
    clinic.apply(types=shorter, practitioners=[{"key": "anna", "name": "Anna Berg"}])
    body = {"type": "exam", "start": at(DAY, "08:00"), "patient": a_person()}
    for answer in (opened(clinic, code), by_need(clinic, token).post(f"/clinics/{clinic.key}/bookings", body)):
        assert (answer.status, answer["code"], answer["phone"]) == (422, "need_expired", PHONE), answer


def test_r2_a_week_goes_out_once_and_tells_whom_it_does_not_reach(clinic: OwnClinic) -> None:
    reached, unreached = a_patient(clinic), a_patient(clinic)
    assert clinic.desk("PATCH", f"patients/{unreached}", {"mobile": ""}).status == 200
    needs = [a_need(clinic, reached), a_need(clinic, unreached)]
    reference = recalled(clinic, reached, "10:00")["reference"]
    for need in needs:
        issued(clinic, need=need, send=["email"])
    answer = issued(clinic, week=week_of(DAY), send=["sms"])
    assert {row["need"] or row["reference"] for row in answer["issued"]} == {needs[0], reference}
    missed = {"need": needs[1], "reference": None, "channel": "sms", "reason": "no_mobile"}
    assert answer["not_sent"] == [missed]
    assert issued(clinic, week=week_of(DAY), send=["sms"])["issued"] == []


@pytest.mark.parametrize("send", [[], ["fax"], None])
def test_a_recall_goes_out_by_something(clinic: OwnClinic, send: list[str] | None) -> None:
    answer = recalled(clinic, "0" * 32, "08:00", send=send)
    assert (answer.status, answer["code"]) == (422, "invalid")
    assert [name.partition(".")[0] for name in answer["errors"]] == ["send"]


def test_recalls_are_for_staff(clinic: OwnClinic) -> None:
    for path in ("recalls", "recalls/issue"):
        answer = clinic.public.post(f"/staff/clinics/{clinic.key}/{path}", {"nonsense": True})
        assert (answer.status, answer["code"]) == (401, "login_required")


def test_a_need_of_one_clinic_opens_nothing_at_another(clinic: OwnClinic, installation: Installation) -> None:
    need = a_need(clinic, a_patient(clinic))
    token = opened(clinic, issued(clinic, need=need)["issued"][0]["code"])["token"]
    administrator = staff(installation.url, *ADMIN)
    other = own_clinic(Client(installation.url), administrator, types=TYPES)
    body = {"type": "exam", "start": at(DAY + timedelta(days=1), "08:00"), "patient": a_person()}
    answer = by_need(other, token).post(f"/clinics/{other.key}/bookings", body)
    assert (answer.status, answer["code"]) == (422, "no_open_need")
