"""Bookings that are heard of together make their patients together, each once (PRODUCT B18; ADR 22)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from services.patient.handlers.following import create_or_fill
from shared.bus.events.effects import take_in
from shared.contracts.envelope import Event
from tests.builders.patient.bookings import NUMBER, a_booking, published, records
from tests.builders.patient.desks import BOOKING, NOW, Work, a_desk
from tests.integration.statements import statements

pytestmark = pytest.mark.both_databases


def hear(work: Work, *events: Event) -> None:
    """Take events in as one batch."""
    take_in(work, create_or_fill(a_desk(work, BOOKING), events), "create_or_fill", NOW)


def numbered(*numbers: int) -> list[Event]:
    """Return bookings of people with these serial numbers."""
    return [a_booking(identity={**NUMBER, "number": f"19811228{number:04}"}) for number in numbers]


def told(work: Work) -> list[tuple[str, Any, int]]:
    """Return what was told, of which booking, at which version of its patient."""
    return [(body["type"], body["data"]["booking"], body["subject_version"]) for body in published(work)]


def test_fifty_new_patients_are_six_statements(work: Work) -> None:
    events = numbered(*range(50))
    with statements(work.database) as sent:
        hear(work, *events)
    assert len(records(work)) == 50
    assert len(sent) <= 6, [statement for statement, _ in sent]
    assert told(work) == [("PatientCreated", event.subject, 1) for event in events]
    assert [body["correlation_id"] for body in published(work)] == [event.correlation_id for event in events]


def test_several_bookings_of_one_person_in_a_batch_are_of_one_patient(work: Work) -> None:
    """With a number and without one; what the first left open, the next fill in."""
    for typed in ({}, {"identity": None, "first_name": "Åsa"}):
        first, second, third = (
            a_booking(email=None, **typed),
            a_booking(**typed),
            a_booking(mobile="+46701740605", **typed),
        )
        before = len(records(work)), len(told(work))
        hear(work, first, second, third)
        assert len(records(work)) == before[0] + 1
        assert told(work)[before[1] :] == [
            ("PatientCreated", first.subject, 1),
            ("PatientUpdated", second.subject, 2),
            ("PatientUpdated", third.subject, 2),
        ]
        (record,) = [row for row in records(work) if (row.number_hash is None) == bool(typed)]
        assert (record.mobile, record.email, record.version) == ("+46701740699", "eva@example.org", 2)


def test_a_known_patient_is_filled_in_once_by_a_batch_that_names_them_in_two_ways(work: Work) -> None:
    hear(work, a_booking(mobile=None, email=None))
    (eva,) = records(work)
    hear(work, a_booking(patient=eva.id, email=None), a_booking(mobile=None))
    (eva,) = records(work)
    assert (eva.mobile, eva.email, eva.version) == ("+46701740699", "eva@example.org", 3)


def test_what_was_taken_in_before_does_nothing_in_a_batch_with_what_was_not(work: Work) -> None:
    old, new = numbered(1, 2)
    hear(work, old)
    hear(work, old, new, replace(old))
    assert len(records(work)) == 2
    assert told(work) == [("PatientCreated", old.subject, 1), ("PatientCreated", new.subject, 1)]


def test_batches_of_several_processes_with_the_same_bookings_and_people_in_any_order_act_once(work: Work) -> None:
    """None waits for another in a circle."""
    events = [event for number in range(8) for event in numbered(number) + numbered(number)]
    orders = [events, events[::-1], events[8:] + events[:8], events[::2] + events[1::2]]
    with ThreadPoolExecutor(4) as processes:
        list(processes.map(lambda order: hear(work, *order), orders))
    assert len(records(work)) == 8
    assert len(told(work)) == 16
