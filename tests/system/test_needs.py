"""Needs from the staff's lists to a booking and back, through every service (PRODUCT B9, B10, R1, R3)."""

from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from shared.clinic.times.weeks import week_of
from tests.system.api_client import Answer, Client
from tests.system.clinics import OwnClinic, a_person, at, in_days, own_clinic
from tests.system.installation import wait_until

LISTS = ("due", "overdue", "booked", "expired", "closed")
CONTROLLED = {"needs": {"controlled": True, "days_after_week": 7}}


def weeks_away(number: int) -> str:
    """Return the week that many weeks from the clinic's own."""
    return week_of(in_days(7 * number))


def a_patient(clinic: OwnClinic, day: date, time: str) -> str:
    """Return the id of somebody new, known because staff booked a visit that is over with."""
    person = a_person()
    booked = clinic.desk("POST", "bookings", {"type": "visit", "start": at(day, time), "patient": person})
    assert booked.status == 201, booked
    found: list[str] = []

    def known() -> bool:
        rows = clinic.desk("GET", "patients", q=person["mobile"])["patients"]
        found[:] = [row["id"] for row in rows]
        return bool(found)

    wait_until(known, "the patient's record")
    return found[0]


@pytest.fixture
def clinic(public: Client, administrator: Client) -> OwnClinic:
    """Return a clinic where an examination needs a need that lasts a week beyond its own."""
    exam = {"key": "exam", "name": "Exam", "length": "30m", **CONTROLLED}
    visit = {"key": "visit", "name": "Visit", "length": "30m"}
    return own_clinic(public, administrator, types=[visit, exam])


def give(clinic: OwnClinic, patient: str, week: str, **fields: Any) -> Answer:
    """Give a patient a need of an examination."""
    return clinic.desk("POST", "needs", {"patient": patient, "type": "exam", "week": week, **fields})


def lists(clinic: OwnClinic, **query: Any) -> dict[str, list[str]]:
    """Return the ids on each list of needs."""
    found = {name: clinic.desk("GET", "needs", list=name, **query)["needs"] for name in LISTS}
    return {name: [need["id"] for need in needs] for name, needs in found.items() if needs}


@pytest.mark.both_forms
def test_r1_r3_a_need_goes_from_due_to_booked_to_due_to_closed(clinic: OwnClinic) -> None:
    patient = a_patient(clinic, in_days(20), "08:00")
    need = give(clinic, patient, weeks_away(2), minutes=45, practitioner="anna")
    assert need.status == 201, need
    assert {name: need[name] for name in ("minutes", "practitioner", "state", "booking")} == {
        "minutes": 45,
        "practitioner": "anna",
        "state": "open",
        "booking": None,
    }
    assert lists(clinic) == {"due": [need["id"]]}

    booked: list[Answer] = []
    days = count(21)

    def uses_the_need() -> bool:
        """Book, and cancel where booking has not heard of the need yet: staff may book without.

        On another day each time: what staff have cancelled is nobody's for a minute.
        """
        day = in_days(next(days))
        start = at(day, "08:00")
        booked[:] = [clinic.desk("POST", "bookings", {"type": "exam", "start": start, "patient": {"id": patient}})]
        assert booked[0].status == 201, booked
        if booked[0]["end"] == at(day, "08:45"):
            return True
        clinic.desk("POST", f"bookings/{booked[0]['reference']}/cancel")
        return False

    wait_until(uses_the_need, "a booking of 45 minutes, as the need says")
    reference = booked[0]["reference"]
    wait_until(lambda: lists(clinic) == {"booked": [need["id"]]}, "the need on the list of booked ones")
    (listed,) = clinic.desk("GET", "needs", patient=patient)["needs"]
    given = {name: value for name, value in need.body.items() if name != "unconfirmed"}
    assert listed == {**given, "state": "used", "booking": reference}
    refused = clinic.desk("DELETE", f"needs/{need['id']}")
    assert (refused.status, refused["code"]) == (422, "invalid")

    assert clinic.desk("POST", f"bookings/{reference}/cancel").status == 200
    wait_until(lambda: lists(clinic) == {"due": [need["id"]]}, "the need open again")
    for _ in range(2):
        assert clinic.desk("DELETE", f"needs/{need['id']}").status == 204
    assert lists(clinic) == {"closed": [need["id"]]}


def test_r3_b10_lists_follow_the_week_and_the_document(clinic: OwnClinic) -> None:
    patient = a_patient(clinic, in_days(20), "08:00")
    last, older, future = (give(clinic, patient, weeks_away(number))["id"] for number in (-1, -3, 4))
    assert lists(clinic) == {"due": [future], "overdue": [last], "expired": [older]}
    assert lists(clinic, week=weeks_away(-3)) == {"expired": [older]}
    sunday = in_days(0) - timedelta(days=in_days(0).isoweekday())
    assert clinic.desk("GET", "needs", list="overdue")["needs"][0]["usable_until"] == str(sunday + timedelta(days=7))

    exam = {"key": "exam", "name": "Exam", "length": "30m", "needs": {"controlled": True, "days_after_week": None}}
    clinic.apply(types=[{"key": "visit", "name": "Visit", "length": "30m"}, exam])
    assert lists(clinic) == {"due": [future], "overdue": [older, last]}


def test_r2_a_recall_goes_where_the_patient_is_now_and_only_as_they_consent(clinic: OwnClinic) -> None:
    patient = a_patient(clinic, in_days(20), "08:00")
    need = give(clinic, patient, weeks_away(2))["id"]
    corrected = a_person()["mobile"]
    assert clinic.desk("PATCH", f"patients/{patient}", {"mobile": corrected, "email_ok": False}).status == 200

    def without_consent() -> bool:
        asked = clinic.desk("POST", "recalls/issue", {"need": need, "send": ["email"]})
        return asked.status == 200 and [each["reason"] for each in asked["not_sent"]] == ["no_consent"]

    wait_until(without_consent, "booking hears of the refusal")
    assert clinic.desk("POST", "recalls/issue", {"need": need, "send": ["sms"]})["not_sent"] == []

    def recalled() -> list[str]:
        listed = clinic.desk("GET", "messages")["messages"]
        return [each["to"] for each in listed if (each["event"], each["channel"]) == ("recall", "sms")]

    wait_until(recalled, "the recall's message")
    assert recalled() == [corrected]


def test_r1_what_is_wrong_with_a_need_is_said_by_field(clinic: OwnClinic) -> None:
    patient = a_patient(clinic, in_days(20), "08:00")
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"week": "2027-W53"}, "week"),
        ({"minutes": 7}, "minutes"),
        ({"practitioner": "nobody"}, "practitioner"),
        ({"type": "nothing"}, "type"),
        ({"patient": "0" * 32}, "patient"),
    ]
    for fields, name in wrong:
        refused = give(clinic, **{"patient": patient, "week": weeks_away(1), **fields})
        assert (refused.status, refused["code"], list(refused["errors"])) == (422, "invalid", [name])
    assert clinic.desk("GET", "needs", list="open").status == 422
    assert clinic.desk("DELETE", f"needs/{'0' * 32}").status == 404
    assert lists(clinic) == {}


def test_b9_without_a_login_nobody_books_what_needs_control(clinic: OwnClinic) -> None:
    day = in_days(21)
    span = {"type": "exam", "from": str(day), "to": str(day)}
    for answer in (
        clinic.public.get(f"/clinics/{clinic.key}/days", **span),
        clinic.public.get(f"/clinics/{clinic.key}/slots", **span),
        clinic.hold(at(day, "08:00"), type="exam"),
        clinic.book(at(day, "08:00"), type="exam"),
    ):
        assert (answer.status, answer["code"]) == (401, "login_required"), answer


def test_b9_with_whom_the_clinic_names_everybody_books_what_needs_control_for_others(
    public: Client, administrator: Client
) -> None:
    people = [{"key": "anna", "name": "Anna"}, {"key": "bo", "name": "Bo"}]
    exam = {"key": "exam", "name": "Exam", "length": "30m", "needs": {"controlled": True, "without": ["bo"]}}
    clinic = own_clinic(public, administrator, types=[exam], practitioners=people)
    day = in_days(21)
    span = {"type": "exam", "from": str(day), "to": str(day)}
    for _ in ("searched", "kept"):
        assert {tuple(slot["practitioners"]) for slot in clinic.slots(day, "exam")} == {("bo",)}
        assert public.get(f"/clinics/{clinic.key}/days", **span)["days"][0]["free"] == len(clinic.slots(day, "exam"))
        refused = public.get(f"/clinics/{clinic.key}/slots", **span, practitioner="anna")
        assert (refused.status, refused["code"]) == (401, "login_required"), refused
    start = clinic.slots(day, "exam")[0]["start"]
    held = clinic.hold(start, type="exam")
    assert (held.status, held["practitioner"]) == (201, "bo"), held
    assert clinic.book(start, type="exam", hold=held["hold"])["practitioner"] == "bo"
    refused = clinic.book(clinic.slots(day, "exam")[-1]["start"], type="exam", practitioner="anna")
    assert (refused.status, refused["code"]) == (401, "login_required"), refused
