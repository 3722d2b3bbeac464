"""A time that staff book to call a patient in (PRODUCT R1, M3)."""

import re
from typing import Any

import pytest

from shared.actor import Actor
from shared.contracts.errors import Forbidden, Invalid, LoginRequired, SlotNotOffered, SlotTaken
from shared.storage.database import Database
from tests.builders.booking.world import MAJA, PUBLIC, STAFF, START, World, a_need, logged_in
from tests.integration.booking.calls import Calls
from tests.integration.booking.recalls.clinic import BO, FIRST, HALF_HOUR, RECORD, known, person_of

CARD_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")


def test_staff_book_a_recall_that_its_patient_may_move_and_cancel(calls: Calls) -> None:
    """R1, M3."""
    made = calls.recall()
    assert set(made) == {"reference", "code", "not_sent", "unconfirmed"}
    assert CARD_CODE.fullmatch(made["code"])
    assert made["not_sent"] == []
    booking = calls.get(made["reference"], STAFF)
    assert (booking["origin"], booking["patient"]["id"], booking["start"]) == (
        "recall", MAJA, "2026-12-01T14:00:00+01:00",
    )  # fmt: skip
    token = calls.open_recall(birth_date="1912-12-12", code=made["code"])["manage_token"]
    assert {name: may["allowed"] for name, may in calls.open(token)["may"].items()} == {"rebook": True, "cancel": True}
    calls.move(token, START + HALF_HOUR)
    assert calls.cancel(token)["status"] == "cancelled"


def test_a_recall_uses_the_patient_s_open_need_and_its_length(calls: Calls) -> None:
    calls.hear(a_need(minutes=50))
    calls.recall()
    created, issued = calls.events("BookingCreated", "RecallIssued")
    assert (created.data["need"], created.data["minutes"]) == (FIRST, 50)
    assert (issued.data["need"], issued.data["reference"]) == (FIRST, created.subject)
    calls.recall(start=(START + 4 * HALF_HOUR).isoformat())
    assert calls.events("BookingCreated")[1].data["need"] is None, "without one it is booked all the same"


def test_a_recall_s_length_is_staff_s_if_they_say_one(calls: Calls) -> None:
    calls.hear(a_need(minutes=50))
    calls.recall(minutes=20)
    assert calls.events("BookingCreated")[0].data["minutes"] == 20


def test_a_recall_is_booked_outside_any_plan_where_staff_say_so(calls: Calls) -> None:
    calls.world.change_document(plans=[])
    calls.recall(outside_plan=True)
    assert len(calls.events("BookingCreated")) == 1


def test_what_a_booked_recall_tells_the_other_services(calls: Calls) -> None:
    made = calls.recall()
    (event,) = calls.events("RecallIssued")
    data = {name: value for name, value in event.data.items() if name != "person"}
    assert (event.subject, event.subject_version, event.source) == (made["reference"], 1, "booking")
    assert data == {
        "reference": made["reference"], "need": None, "type": "visit", "practitioner": "anna", "minutes": 30,
        "start": "2026-12-01T13:00:00+00:00", "end": "2026-12-01T13:30:00+00:00", "week": "2026-W49",
        "usable_until": None, "language": "sv", "epoch": 1, "changeable": True, "version": 1,
        "send": ["sms", "email"],
    }  # fmt: skip
    person = person_of(event)
    assert person["code"] == made["code"]
    assert {"first_name", "mobile", "email", "message", "answers", "patient", "comment", "sms_ok"} <= person.keys()
    assert made["code"] not in str(event.data), "a code is personal and travels sealed"


UNREACHABLE = [
    ({"mobile": None}, ["sms"], "no_mobile"),
    ({"sms_ok": False}, ["sms"], "no_consent"),
    ({"email": None}, ["email"], "no_email"),
    ({"email_ok": False}, ["email"], "no_consent"),
    ({"mobile_confirmed": False}, ["sms"], "unconfirmed"),
    ({"email_confirmed": False}, ["email"], "unconfirmed"),
    ({"identity": None, "birth_date": None}, ["card"], "no_identity"),
]


@pytest.mark.parametrize(("changes", "send", "reason"), UNREACHABLE)
def test_what_does_not_reach_the_patient_is_told_and_the_booking_stands(
    calls: Calls, changes: dict[str, Any], send: list[str], reason: str
) -> None:
    known(calls, **changes)
    made = calls.recall(send=send)
    assert made["not_sent"] == [{"channel": send[0], "reason": reason}]
    assert calls.get(made["reference"], STAFF)["status"] == "booked"
    assert calls.events("RecallIssued") == [], "nothing went out"
    assert (made["code"] is None) is (reason == "no_identity"), "a code that would open nothing is not given"


def test_a_recall_that_finds_no_time_leaves_nothing(database: Database) -> None:
    calls = Calls(World(database))
    calls.world.patients.records[MAJA] = dict(RECORD)
    calls.book(practitioner="anna")
    with pytest.raises(SlotTaken):
        calls.recall()
    assert [event.type for event in calls.events()] == ["BookingCreated"]
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM recalls").scalar_one() == 0


def test_a_recall_outside_any_plan_is_refused_as_other_bookings_of_staff(calls: Calls) -> None:
    calls.world.change_document(plans=[])
    with pytest.raises(SlotNotOffered):
        calls.recall()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"send": []}, "send"), ({"send": ["fax"]}, "send.0"), ({"send": None}, "send"), ({"patient": "x"}, "patient"),
        ({"patient": "c" * 32}, "patient.id"), ({"type": "none"}, "type"), ({"practitioner": "none"}, "practitioner"),
        ({"practitioner": None}, "practitioner"), ({"start": "soon"}, "start"), ({"minutes": 0}, "minutes"),
        ({"message": "x"}, "message"),
    ],
)  # fmt: skip
def test_a_recall_that_makes_no_sense_is_invalid(calls: Calls, fields: dict[str, Any], wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        calls.recall(**fields)
    assert wrong in refused.value.extra["errors"]
    assert calls.events() == []


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [(PUBLIC, LoginRequired), (logged_in(), LoginRequired), (BO, Forbidden),
     (Actor(kind="staff", id="x", role="administrator", clinic="other"), Forbidden)],
)  # fmt: skip
def test_only_staff_of_that_calendar_book_recalls(calls: Calls, actor: Actor, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        calls.recall(actor)
