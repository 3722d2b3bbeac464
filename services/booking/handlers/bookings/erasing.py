"""Booking forgets a person: of their bookings only when and for what they were is left (PRODUCT A3, ADR 53)."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from services.booking.handlers.desk import Desk
from services.booking.model.told import RecordEnd
from shared.bus.events.effects import Effect
from shared.contracts.booking import BOOKINGS_ERASED, EVENTS, BookingPerson, BookingsEnd, RecallPerson, RecallState
from shared.contracts.envelope import Event
from shared.contracts.plain import plain

if TYPE_CHECKING:
    from services.booking.store import BookingStore

_NOBODY: dict[str, Any] = dict.fromkeys(
    ("first_name", "last_name", "mobile", "email", "sms_ok", "email_ok", "identity", "birth_date"), None
)


def forget_patients(desk: Desk, events: Sequence[Event]) -> Effect[tuple[Event, RecordEnd]]:
    """Take erased patients out of their bookings, needs and recalls, and tell whose those were.

    It is told also where there were none: whoever waits for it knows then that there is nothing here.
    """
    told = [(event, (event, RecordEnd.read(event.data))) for event in events]
    return Effect(told, partial(_forget_all, desk))


def _forget_all(desk: Desk, store: "BookingStore", told: Sequence[tuple[Event, RecordEnd]]) -> None:
    store.one_at_a_time({event.subject for event, _ in told})
    for event, end in told:
        store.note_erased(event.subject, desk.now)
        _forget(desk, store, event, store.bookings_to_erase(event.clinic, event.subject), end.needs)


def forget_late(desk: Desk, store: "BookingStore", event: Event, references: Collection[str]) -> None:
    """Do the same for bookings that were linked to an erased patient only now, as `event` tells."""
    _forget(desk, store, event, references, ())


def _forget(
    desk: Desk, store: "BookingStore", event: Event, references: Collection[str], needs: Collection[str]
) -> None:
    take_out(desk, store, references, needs)
    end = BookingsEnd(references=tuple(references), needs=tuple(needs))
    version = event.subject_version
    store.publish(desk.event(BOOKINGS_ERASED, event.clinic, event.subject, version, end, cause=event))


def take_out(desk: Desk, store: "BookingStore", references: Collection[str], needs: Collection[str]) -> None:
    """Take the person out of bookings, needs, their recalls and histories, and out of what was told of them."""
    nobody = desk.keys.people.seal(plain(BookingPerson(**_NOBODY)))
    store.erase_bookings(references, nobody, desk.now)
    store.erase_needs(needs, nobody)
    histories = store.histories_of(references)
    store.erase_history(
        desk.chain.erased(entry) for entries in histories.values() for entry in entries if entry.erased is None
    )
    store.blank_persons([*references, *needs], partial(_nobody_in, desk))


def _nobody_in(desk: Desk, type: str) -> str | None:
    """Return what stands for the person in an event of a type that was erased; None where it holds none."""
    data: Any = EVENTS.get(type)
    if data is None or "person" not in data.__dataclass_fields__:
        return None
    person = RecallPerson(**_NOBODY, code=None) if data is RecallState else BookingPerson(**_NOBODY)
    return desk.keys.people.seal(plain(person))
