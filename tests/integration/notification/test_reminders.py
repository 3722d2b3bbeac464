"""Reminders are planned, moved and withdrawn with their bookings and patients' switches (PRODUCT N3, N6)."""

import itertools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.notification.model.messages import PLANNED
from services.notification.store import messages
from shared.clinic.message_keys import REMINDER
from tests.builders.lying_open import lying_open
from tests.builders.notification.mailroom import Work, tell
from tests.builders.notification.messages import KEYS, START, a_document, an_event, previously
from tests.builders.notification.reminding_clinic import BY_EMAIL, DAY, PATIENT, TWO_DAYS, House, moved


def test_n3_a_booking_gets_every_reminder_of_the_clinic_planned_for_its_moment(work: Work) -> None:
    house = House(work, DAY, TWO_DAYS, BY_EMAIL)
    house.take_in(an_event())
    assert house.planned() == [("email", "28 13:00"), ("sms", "29 13:00"), ("sms", "30 13:00")]
    shown = house.listed()[0]
    assert (shown["event"], shown["to"], shown["state"]) == ("reminder", "eva@example.org", "planned")
    assert shown["at"] == "2026-11-28T14:00:00+01:00"
    assert "Reminder: your appointment" in shown["subject"]


def test_n3_no_reminder_by_sms_is_planned_to_what_is_no_mobile_of_the_clinics_countries(work: Work) -> None:
    house = House(work, DAY, TWO_DAYS, BY_EMAIL)
    house.take_in(an_event(person={"mobile": "+989123456789"}, origin="staff"))
    assert house.planned() == [("email", "28 13:00")]


def test_n3_a_reminder_whose_moment_has_passed_when_the_booking_is_made_is_none(work: Work) -> None:
    house = House(work, DAY, TWO_DAYS, {"before": "2h", "channel": "sms"})
    house.clock.moment = START - timedelta(hours=10)
    house.take_in(an_event())
    assert house.planned() == [("sms", "01 11:00")]
    assert len(house.listed()) == 1


def test_n3_who_books_after_the_moment_before_quiet_hours_has_the_confirmation_for_a_reminder(work: Work) -> None:
    """Due at 07:30, so at 20:45 the evening before; booked at 22:00: the confirmation comes later than that."""
    house = House(work, DAY)
    early = datetime(2026, 12, 2, 6, 30, tzinfo=UTC)
    house.clock.moment = datetime(2026, 11, 30, 21, 0, tzinfo=UTC)
    house.take_in(an_event(start=early))
    assert house.listed() == []
    house.clock.moment = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
    house.take_in(an_event(reference="8K3M9PQR2T", start=early))
    assert house.planned() == [("sms", "30 19:45")]


def test_n3_a_moved_booking_is_reminded_of_its_new_time_only(work: Work) -> None:
    house = House(work, DAY)
    later = START + timedelta(days=7)
    house.take_in(an_event(), moved(2, later))
    assert house.send_at(START - timedelta(hours=24)) == []
    (sent,) = house.send_at(later - timedelta(hours=24))
    assert "8 Dec" in sent.content.text
    assert Counter(each["state"] for each in house.listed()) == {"withdrawn": 1, "sent": 1}


def test_n3_a_booking_that_comes_back_to_its_time_has_one_reminder_again(work: Work) -> None:
    house = House(work, DAY, TWO_DAYS)
    later = START + timedelta(days=7)
    house.take_in(an_event())
    house.send_at(START - timedelta(hours=48))
    house.take_in(moved(2, later), moved(3, START, later))
    assert len(house.send_at(START - timedelta(hours=24))) == 1
    assert house.send_at(later) == []


@pytest.mark.parametrize(
    ("type", "status"), [("BookingCancelled", "cancelled"), ("BookingMissed", "missed")], ids=["cancelled", "missed"]
)
def test_n3_what_was_cancelled_or_missed_is_not_reminded_of(work: Work, type: str, status: str) -> None:
    house = House(work, DAY, BY_EMAIL)
    house.take_in(an_event(), an_event(type, 2, status=status))
    assert house.send_at(START - timedelta(hours=24)) == []
    assert {each["state"] for each in house.listed()} == {"withdrawn"}


def test_n3_n6_reminders_are_the_same_in_any_order_of_events_that_come_twice(work: Work) -> None:
    house = House(work, DAY, TWO_DAYS)
    later = START + timedelta(days=3)
    for number, order in enumerate(itertools.permutations(range(4))):
        reference = f"REF{number}"
        life = [
            an_event("BookingCreated", 1, reference=reference),
            an_event("BookingMoved", 2, reference=reference, start=later, previous=previously()),
            an_event("BookingChanged", 3, reference=reference, start=later, sms_reminder=True),
            an_event("BookingChanged", 4, reference=reference, start=later, minutes=60),
        ]
        house.take_in(*(life[position] for position in (*order, *reversed(order))))
    assert Counter(house.planned()) == {("sms", "02 13:00"): 24, ("sms", "03 13:00"): 24}


def test_n3_n6_an_old_event_that_comes_last_brings_no_old_reminder_back(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event("BookingCancelled", 2, status="cancelled"), an_event("BookingCreated", 1))
    assert house.listed("planned") == []
    assert house.send_at(START - timedelta(hours=24)) == []


def test_n3_sms_reminders_are_switched_off_and_on_for_one_booking(work: Work) -> None:
    house = House(work, DAY, BY_EMAIL)
    house.take_in(an_event(), an_event("BookingChanged", 2, sms_reminder=False))
    assert house.planned() == [("email", "28 13:00")]
    house.take_in(an_event("BookingChanged", 3, sms_reminder=True))
    assert house.planned() == [("email", "28 13:00"), ("sms", "30 13:00")]
    assert len(house.send_at(START - timedelta(hours=72))) == 1
    assert len(house.send_at(START - timedelta(hours=24))) == 1


@pytest.mark.parametrize("patient_first", [True, False])
def test_n3_sms_reminders_are_switched_off_for_a_patient(work: Work, patient_first: bool) -> None:
    house = House(work, DAY, BY_EMAIL)
    if patient_first:
        house.hear_of_patient(2, an_event().subject, sms_reminder=False)
    house.take_in(an_event())
    house.hear_of_patient(2, an_event().subject, sms_reminder=False)
    assert house.planned() == [("email", "28 13:00")]
    house.hear_of_patient(1, sms_reminder=True)
    assert house.planned() == [("email", "28 13:00")], "what is older than known counts for nothing"
    house.hear_of_patient(3, sms_reminder=True)
    assert house.planned() == [("email", "28 13:00"), ("sms", "30 13:00")]


@pytest.mark.parametrize(("refused", "left"), [("sms_ok", "email"), ("email_ok", "sms")])
def test_b18a_a_patient_who_takes_back_consent_is_not_reminded_by_that_channel(
    work: Work, refused: str, left: str
) -> None:
    house = House(work, DAY, {"before": "24h", "channel": "email"})
    house.take_in(an_event(person={"patient": PATIENT}))
    switched_off: dict[str, Any] = {refused: False}
    house.hear_of_patient(2, **switched_off)
    assert [sent.channel for sent in house.send_at(START - timedelta(hours=24))] == [left]


def test_b18a_who_was_never_asked_is_reminded_as_the_booking_says(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event(person={"patient": PATIENT}), an_event(reference="NO", person={"sms_ok": False}))
    house.hear_of_patient(1, sms_ok=None, email_ok=None)
    assert len(house.planned()) == 1


@pytest.mark.both_databases
def test_n6_one_event_taken_in_by_several_workers_at_once_plans_each_reminder_once(work: Work) -> None:
    house = House(work, DAY, TWO_DAYS)
    events = [an_event(), moved(2, START + timedelta(days=1)), an_event("BookingChanged", 3, start=START)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(house.take_in, events * 4))
    assert house.planned() == [("sms", "29 13:00"), ("sms", "30 13:00")]


@pytest.mark.both_databases
def test_nothing_personal_is_kept_open_and_nothing_of_what_ended(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(
        an_event(person={"patient": PATIENT, "identity": {"scheme": "se.personnummer", "number": "198504121230"}})
    )
    house.hear_of_patient(1)
    with work.reading() as store:
        for table in ("messages", "appointments", "patients", "booked_patients", "reminder_rules"):
            rows = lying_open(store.connection.exec_driver_sql(f"SELECT * FROM {table}").all(), KEYS.people)
            for secret in ("Eva", "Lind", "46701740699", "eva@example.org", "198504121230", "/m/"):
                assert secret not in rows, table
        known = store.connection.exec_driver_sql("SELECT facts FROM appointments").scalar_one()
    assert set(KEYS.people.open(known)["person"]) == {
        "first_name", "last_name", "mobile", "email", "sms_ok", "email_ok", "unconfirmed", "message",
    }  # fmt: skip
    house.take_in(an_event("BookingCancelled", 2, status="cancelled"))
    with work.reading() as store:
        assert store.connection.exec_driver_sql("SELECT facts FROM appointments").scalar_one() is None


def test_n3_reminders_of_bookings_heard_of_together_say_each_what_has_caused_it(work: Work) -> None:
    house = House(work, DAY)
    created = [replace(an_event(reference=f"REF{number}"), correlation_id=f"of {number}") for number in range(3)]
    tell(house.desk, *created)
    later = [(version, START + timedelta(days=version)) for version in (2, 3)]
    tell(house.desk, *(replace(moved(version, start), correlation_id=f"move {version}") for version, start in later))
    with work.reading() as store:
        planned = select(messages.c.booking, messages.c.correlation_id).where(messages.c.state == PLANNED)
        found = {tuple(row) for row in store.connection.execute(planned.where(messages.c.event == REMINDER))}
    assert found == {("REF0", "of 0"), ("REF1", "of 1"), ("REF2", "of 2"), ("7K3M9PQR2T", "move 3")}


@pytest.mark.parametrize("past", [False, True])
def test_c14_what_was_taken_over_from_the_former_system_tells_nobody_and_is_reminded_of(work: Work, past: bool) -> None:
    """Nor is anybody told or reminded of what was over before."""
    house = House(work, DAY, BY_EMAIL, channels=a_document()["channels"])
    start = house.clock.moment - timedelta(days=40) if past else START
    house.take_in(an_event(start=start, origin="staff", tell="none"))
    assert house.planned() == ([] if past else [("email", "28 13:00"), ("sms", "30 13:00")])
    assert {each["event"] for each in house.listed()} <= {"reminder"}
