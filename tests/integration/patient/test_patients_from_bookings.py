"""Bookings make patients, each person once, whatever the bus does (PRODUCT B18, DESIGN rule 3)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest

from services.patient.handlers.records import identify
from tests.builders.lying_open import lying_open
from tests.builders.patient.bookings import NUMBER, a_booking, published, records, take_in
from tests.builders.patient.desks import BOOKING, KEYS, Work, a_desk


def test_b18_a_new_number_makes_a_patient_flagged_from_the_web(work: Work) -> None:
    event = a_booking(sms_ok=False)
    take_in(work, [event])
    (record,) = records(work)
    assert (record.first_name, record.mobile, record.email) == ("Eva", "+46701740699", "eva@example.org")
    assert (bool(record.sms_ok), bool(record.email_ok), record.origin) == (False, True, "web")
    (told,) = published(work)
    assert (told["type"], told["subject"], told["subject_version"]) == ("PatientCreated", record.id, 1)
    assert (told["data"]["patient"], told["data"]["booking"]) == (record.id, event.subject)
    assert (told["actor"], told["correlation_id"]) == (event.actor, "c0ffee")
    assert KEYS.people.open(told["data"]["person"]) == {
        "first_name": "Eva",
        "last_name": "Lind",
        "mobile": "+46701740699",
        "email": "eva@example.org",
        "sms_ok": None,
        "email_ok": None,
        "unconfirmed": ["mobile", "email"],
    }


def test_b18_a_known_number_is_filled_in_only_where_something_is_missing(work: Work) -> None:
    take_in(work, [a_booking(mobile=None, sms_ok=False), a_booking(mobile="+46701740605", email="new@example.org")])
    (record,) = records(work)
    assert (record.mobile, record.email, record.version) == ("+46701740605", "eva@example.org", 2)
    assert [event["type"] for event in published(work)] == ["PatientCreated", "PatientUpdated"]


def test_a_patient_found_unchanged_still_tells_booking_who_it_is(work: Work) -> None:
    first, second = a_booking(), a_booking()
    take_in(work, [first, second])
    created, found = published(work)
    assert (found["type"], found["data"]["booking"]) == ("PatientUpdated", second.subject)
    assert found["data"]["patient"] == created["data"]["patient"]
    assert records(work)[0].version == 1


def test_an_event_that_comes_twice_acts_once(work: Work) -> None:
    events = [a_booking(mobile=None), a_booking()]
    take_in(work, [*events, *reversed(events), *events])
    assert len(records(work)) == 1
    assert len(published(work)) == 2


@pytest.mark.both_databases
@pytest.mark.parametrize("identity", [NUMBER, None])
def test_bookings_of_the_same_new_person_at_once_make_one_patient(work: Work, identity: Any) -> None:
    events = [a_booking(identity=identity) for _ in range(12)]
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda event: take_in(work, [event, event]), events))
    assert len(records(work)) == 1
    kinds = [event["type"] for event in published(work)]
    assert sorted(kinds) == ["PatientCreated"] + ["PatientUpdated"] * 11
    assert {event["data"]["booking"] for event in published(work)} == {event.subject for event in events}


def test_without_numbers_the_same_mobile_or_email_is_the_same_person(work: Work) -> None:
    take_in(
        work,
        [
            a_booking(identity=None),
            a_booking(identity=None, first_name="EVA", email=None),
            a_booking(identity=None, mobile=None),
            a_booking(identity=None, mobile="+46701740605", email="other@example.org"),
            a_booking(identity=None, birth_date="1981-12-29"),
        ],
    )
    assert len(records(work)) == 3


def test_each_clinic_has_patients_of_its_own(work: Work) -> None:
    take_in(work, [a_booking("solna"), a_booking("lund")])
    one, other = records(work)
    assert {one.clinic, other.clinic} == {"solna", "lund"}
    assert one.number_hash != other.number_hash, "who goes to both clinics cannot be read from the database"


def test_staff_who_name_a_patient_mean_that_record(work: Work) -> None:
    take_in(work, [a_booking(email=None)])
    (record,) = records(work)
    take_in(work, [a_booking(origin="staff", identity=None, birth_date=None, mobile=None, patient=record.id)])
    (filled,) = records(work)
    assert (filled.id, filled.email) == (record.id, "eva@example.org")


@pytest.mark.both_databases
def test_a3_the_number_lies_sealed_in_the_database_and_in_no_event(work: Work) -> None:
    take_in(work, [a_booking()])
    with work.reading() as store:
        for table in ("patients", "outbox", "inbox"):
            stored = store.connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            rows = lying_open(stored, KEYS.people, KEYS.numbers)
            assert "198112289874" not in rows
            assert "secret message" not in rows
            if table != "patients":
                assert "Eva" not in rows
    assert KEYS.numbers.open(records(work)[0].number_sealed) == "198112289874"


def test_b7_the_clinic_knows_who_has_booked_before_by_number_or_by_person(work: Work) -> None:
    take_in(work, [a_booking()])
    (record,) = records(work)
    desk = a_desk(work, BOOKING)
    born = datetime.fromisoformat(str(record.birth_date)).date()
    asked: dict[str, Any] = {"identity": None, "birth_date": None}
    by_name = {"birth_date": born, "first_name": "eva", "last_name": "LIND"}
    for fields, known in (
        ({"identity": {"scheme": "se.personnummer", "number": "811228-9874"}}, True),
        ({"identity": {"scheme": "se.personnummer", "number": "701063-2391"}}, False),
        ({**by_name, "mobile": "+46701740699"}, True),
        ({**by_name, "email": "x@example.org"}, False),
    ):
        answer = identify(desk, "solna", {**asked, **fields})
        assert answer == {"known": known, "patient": record.id if known else None}
    assert identify(desk, "lund", {**asked, "identity": NUMBER})["known"] is False
