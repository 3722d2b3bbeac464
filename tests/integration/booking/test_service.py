"""The Nameko class offers what the contract lists, under names that are in queues and stay (STYLE, names)."""

from inspect import getmembers
from typing import Any

from services.booking.service import BookingService
from shared.bus.consumer import EventConsumer
from shared.bus.serving import Rpc
from shared.contracts import booking as contract


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
