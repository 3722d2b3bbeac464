"""What booking hears of is taken in together, each once, and costs few statements (ADR 22)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.envelope import Event, new_event
from shared.storage.database import Database
from tests.builders.booking.world import CLINIC, KEYS, NOW, STAFF, START, World, a_contact, a_need
from tests.integration.booking.calls import Calls
from tests.integration.statements import statements

MANY = 8


def told(source: str, type: str, **data: Any) -> Event:
    """Return an event of another service."""
    return new_event(
        source, type, clinic=CLINIC, subject="m" * 32, version=1, data=data, now=NOW,
        actor={"kind": "service", "id": source}, correlation_id="c",
    )  # fmt: skip


def delivery(reference: str, state: str = "sent") -> Event:
    """Return what notification tells of a message of a booking."""
    return told(
        "notification", "MessageSent", message="m", event="booked", channel="sms", state=state, booking=reference
    )


def booked(calls: Calls) -> list[str]:
    """Make bookings, and return their references."""
    starts = [START + number * timedelta(minutes=30) for number in range(MANY)]
    return [str(calls.book(key=f"{start}", start=start.isoformat())["reference"]) for start in starts]


def test_two_messages_of_each_booking_are_four_statements(postgres: Database) -> None:
    """The inbox, the bookings, their histories, and where these end."""
    calls = Calls(World(postgres))
    references = booked(calls)
    events = [delivery(reference, state) for state in ("sent", "failed") for reference in references]
    with statements(postgres) as sent:
        calls.hear(*events, delivery("NOBODY00001"))
    assert [statement.split()[0] for statement, _ in sent] == ["INSERT", "SELECT", "INSERT", "UPDATE"]
    for reference in references:
        history = calls.history(STAFF, reference)["history"]
        assert [entry["changes"].get("state") for entry in history] == [None, [None, "sent"], [None, "failed"]]
    assert calls.by(STAFF).verify_history(CLINIC)["broken"] == []


def test_linking_bookings_with_their_patients_is_four_statements_and_a_lock(postgres: Database) -> None:
    calls = Calls(World(postgres))
    references = booked(calls)
    person = KEYS.people.seal({"mobile": "+46701234567", "email": "maja@example.org"})
    events = [
        told("patient", "PatientCreated", booking=reference, patient=f"patient of {reference}", person=person)
        for reference in references
    ]
    with statements(postgres) as sent:
        calls.hear(*events)
    assert [statement.split()[0] for statement, _ in sent] == ["INSERT", "SELECT", "SELECT", "UPDATE", "SELECT"]
    assert "pg_advisory_xact_lock" in sent[1][0], "which is sent with the next: nobody waits for its answer"
    others = [
        told("patient", "PatientCreated", booking=reference, patient="another", person=person)
        for reference in references
    ]
    calls.hear(*others)
    with postgres.reading() as connection:
        linked = dict(connection.exec_driver_sql("SELECT reference, patient_id FROM bookings").all())
    assert linked == {reference: f"patient of {reference}" for reference in references}, "the first word stands"


def test_needs_are_kept_by_one_statement_and_of_each_the_newest(postgres: Database) -> None:
    """B9: staff call in a whole week at once, and take one back."""
    calls = Calls(World(postgres))
    others = [a_need(f"{number:032d}") for number in range(MANY)]
    with statements(postgres) as sent:
        calls.hear(a_need(version=2, state="closed"), *others, a_need())
    assert [statement.split()[0] for statement, _ in sent] == ["SELECT", "SELECT", "INSERT"], "the lock, who is erased"
    with calls.world.work.reading() as store:
        kept = {event.subject: store.need(CLINIC, event.subject) for event in (a_need(), *others)}
    assert {id: need and (need.version, need.state) for id, need in kept.items()} == {
        **{event.subject: (1, "open") for event in others},
        a_need().subject: (2, "closed"),
    }


@pytest.mark.parametrize("repeated", [1, 2])
def test_batches_of_several_processes_note_each_message_once_in_whole_chains(postgres: Database, repeated: int) -> None:
    """None waits for another in a circle, in whatever order the events of the same bookings come."""
    calls = Calls(World(postgres))
    references = booked(calls)
    events = [delivery(reference) for reference in references for _ in range(2)] * repeated
    orders = [events, events[::-1], events[::2] + events[1::2], events[7:] + events[:7]]
    with ThreadPoolExecutor(4) as processes:
        list(processes.map(lambda order: calls.hear(*order), orders))
    assert [len(calls.history(STAFF, reference)["history"]) for reference in references] == [3] * MANY
    verified = calls.by(STAFF).verify_history(CLINIC)
    assert (verified["checked"], verified["broken"]) == (MANY, [])


def test_a_booking_is_compared_with_its_record_as_the_last_event_of_a_batch_tells_of_it(calls: Calls) -> None:
    """CONTRACTS 1, Patients: staff change a record, then a booking fills in what it lacks; or the other way round."""
    mobile, email = "+46701234567", "maja@example.org"
    filled_in_last, changed_last = booked(calls)[:2]

    def linked(reference: str, patient: str, email: str | None) -> Event:
        record = {"patient": patient, "booking": reference, "person": a_contact(mobile, email)}
        return replace(told("patient", "PatientUpdated", **record), actor={"kind": "patient", "id": None})

    def changed(patient: str, email: str | None) -> Event:
        return told("patient", "PatientUpdated", patient=patient, booking=None, person=a_contact(mobile, email))

    calls.hear(
        changed("a" * 32, None),
        linked(filled_in_last, "a" * 32, email),
        linked(changed_last, "b" * 32, email),
        changed("b" * 32, None),
    )
    differ = {reference: calls.get(reference, STAFF)["contact_differs"] for reference in (filled_in_last, changed_last)}
    assert differ == {filled_in_last: [], changed_last: ["email"]}
