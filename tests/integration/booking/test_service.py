"""The Nameko class offers what the contract lists, under names that are in queues and stay (STYLE, names)."""

from datetime import timedelta
from inspect import getmembers
from types import SimpleNamespace
from typing import Any

import pytest
from nameko.timer import Timer

from services.booking.service import BookingService
from shared.actor import PUBLIC, Actor
from shared.bus.calls.serving import Rpc
from shared.bus.events.consumer import EventConsumer
from shared.contracts import booking as contract
from shared.contracts.errors import InvalidNationalId
from tests.builders.booking.world import CLINIC, KEYS, NOW, PATIENT, START
from tests.builders.calling import Acting, served
from tests.builders.clock import FakeClock
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
        ("patient", "PatientErased", "forget_patient"),
        ("notification", "MessageSent", "note_delivery"),
        ("notification", "MessageFailed", "note_delivery"),
        ("booking", "BookingCancelled", "watch_cancellation"),
        ("booking", "BookingCreated", "count_change"),
        ("booking", "BookingMoved", "count_change"),
        ("booking", "BookingChanged", "count_change"),
        ("booking", "BookingCancelled", "count_change"),
        ("booking", "BookingMissed", "count_change"),
        ("booking", "BookingRestored", "count_change"),
    }


class InOwnName:
    """Another service, which booking calls in its own name alone."""

    def __init__(self, service: Any) -> None:
        self._service = service

    def in_own_name(self) -> Any:
        """Return the service."""
        return self._service


@pytest.mark.parametrize("accepted", [False, True])
def test_b4_a_number_made_for_tests_books_only_where_the_installation_is_for_tests(
    calls: Calls, accepted: bool
) -> None:
    calls.world.change_document(identity="no.fodselsnummer", country="NO")
    service = served(
        BookingService,
        work=calls.world.work,
        clock=FakeClock(NOW),
        keys=KEYS,
        actor=Acting(PUBLIC),
        documents=calls.world.documents,
        availability=InOwnName(calls.world.availability),
        patient=InOwnName(calls.world.patients),
        settings=SimpleNamespace(accept_test_numbers=accepted),
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
    timer = dict(entrypoints(Timer))["release_expired_holds"]
    later = FakeClock(NOW + timedelta(minutes=11))
    service = served(
        BookingService,
        work=calls.world.work,
        clock=later,
        keys=KEYS,
        actor=Acting(Actor(kind="service", id="booking")),
        documents=calls.world.documents,
        availability=InOwnName(calls.world.availability),
        patient=InOwnName(calls.world.patients),
        settings=SimpleNamespace(accept_test_numbers=False),
    )
    service.release_expired_holds()
    assert calls.occupied() == []
    assert [event.subject for event in calls.events("SlotReleased")] == [held["hold"]]
    assert timer.interval <= 60
