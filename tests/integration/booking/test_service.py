"""The Nameko class offers what the contract lists, under names that are in queues and stay (STYLE, names)."""

from datetime import timedelta
from inspect import getmembers
from typing import Any
from unittest.mock import Mock

import pytest
from nameko.testing.services import worker_factory
from nameko.timer import Timer

from services.booking.service import BookingService
from shared.actor import PUBLIC
from shared.bus.calls.serving import Rpc
from shared.bus.events.consumer import EventConsumer
from shared.clock import FakeClock
from shared.contracts import booking as contract
from shared.contracts.errors import InvalidNationalId
from tests.builders.booking.world import CLINIC, KEYS, NOW, PATIENT, START
from tests.integration.booking.calls import Calls


def entrypoints(kind: type) -> list[tuple[str, Any]]:
    """Return the class's entrypoints of a kind with their methods' names."""
    return [
        (name, entrypoint)
        for name, member in getmembers(BookingService)
        for entrypoint in getattr(member, "nameko_entrypoints", ())
        if isinstance(entrypoint, kind)
    ]


def test_every_method_of_the_contract_is_served_and_no_other() -> None:
    assert {name for name, _ in entrypoints(Rpc)} == set(contract.METHODS)


def test_the_consumers_names_are_frozen() -> None:
    assert {(entry.source, entry.type, name) for name, entry in entrypoints(EventConsumer)} == {
        ("patient", "PatientCreated", "link_patient"),
        ("patient", "PatientUpdated", "link_patient"),
        ("patient", "NeedAdded", "keep_need"),
        ("patient", "NeedClosed", "keep_need"),
        ("notification", "MessageSent", "note_delivery"),
        ("notification", "MessageFailed", "note_delivery"),
        ("booking", "BookingCancelled", "watch_cancellation"),
    }


@pytest.mark.parametrize("accepted", [False, True])
def test_b4_a_number_made_for_tests_books_only_where_the_installation_is_for_tests(
    calls: Calls, accepted: bool
) -> None:
    calls.world.change_document(identity="no.fodselsnummer", country="NO")
    service = worker_factory(
        BookingService,
        work=calls.world.work,
        clock=FakeClock(NOW),
        keys=KEYS,
        actor=Mock(get=lambda: PUBLIC, correlation_id="c" * 32),
        documents=calls.world.documents,
        availability=Mock(in_own_name=lambda: calls.world.availability),
        patient=Mock(in_own_name=lambda: calls.world.patients),
        settings=Mock(accept_test_numbers=accepted),
    )
    fields = {"type": "visit", "start": START.isoformat(), "patient": {**PATIENT, "mobile": "+47 400 00 000"}}
    fields["patient"]["national_id"] = "15818650148"
    if accepted:
        assert service.book(CLINIC, **fields)["status"] == "booked"
    else:
        with pytest.raises(InvalidNationalId):
            service.book(CLINIC, **fields)


def test_b12_a_hold_that_has_run_out_is_given_back_by_the_clock_alone(calls: Calls) -> None:
    held = calls.hold()
    ((method, timer),) = entrypoints(Timer)
    later = FakeClock(NOW + timedelta(minutes=10))
    nobody = Mock(get=lambda: PUBLIC, correlation_id="c" * 32)
    service = worker_factory(BookingService, work=calls.world.work, clock=later, keys=KEYS, actor=nobody)
    getattr(service, method)()
    assert calls.occupied() == []
    assert [event.subject for event in calls.events("SlotReleased")] == [held["hold"]]
    assert timer.interval <= 60
