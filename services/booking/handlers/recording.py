"""Every change leaves two traces in its own transaction: a history entry and an event (PRODUCT A1, DESIGN rule 2)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.booking.handlers.desk import Desk
from services.booking.model.bookings import Booking, Hold
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.history import Changes, Entry, Head, differences
from shared.contracts import booking as contract
from shared.contracts.booking import Appointment, BookingState, HoldEnded, HoldState, RecallState
from shared.contracts.envelope import Event, new_event
from shared.contracts.plain import plain

if TYPE_CHECKING:
    from services.booking.store import BookingStore


def record_creation(store: "BookingStore", desk: Desk, booking: Booking, rules: ClinicRules) -> Booking:
    """Write a new booking with its history and its event; return it as written."""
    created, entry = _written_up(desk, contract.BOOKING_CREATED, booking, None)
    store.add_booking(created)
    store.add_history(entry)
    store.publish(_booking_event(desk, contract.BOOKING_CREATED, created, None, rules))
    return created


def record_change(
    store: "BookingStore",
    desk: Desk,
    type: str,
    after: Booking,
    before: Booking,
    rules: ClinicRules,
) -> Booking:
    """Write a changed booking with its history and its event; return it as written."""
    changed, entry = _written_up(desk, type, after, before)
    store.save_booking(changed)
    store.add_history(entry)
    store.publish(_booking_event(desk, type, changed, before, rules))
    return changed


def record_delivery(store: "BookingStore", desk: Desk, event: Event, booking: Booking) -> None:
    """Note in the booking's history what became of a message; the booking itself does not change."""
    told = {name: event.data.get(name) for name in ("message", "event", "channel", "state")}
    entry = desk.chain.entry(
        _head(booking),
        clinic=booking.clinic,
        at=datetime.fromisoformat(event.time),
        type=event.type,
        actor=event.actor,
        source=event.source,
        changes=differences({}, told),
        version=booking.version,
    )
    _append(store, entry)


def record_issue(store: "BookingStore", desk: Desk, booking: Booking, channels: Sequence[str], issued: int) -> None:
    """Note in the booking's history that its recall went out; `booking` must be as the database has it."""
    told = {"channels": list(channels), "issued": issued}
    _append(store, _entry(desk, contract.RECALL_ISSUED, booking, differences({}, told)))


def recall_event(desk: Desk, subject: str, clinic: str, issued: int, data: RecallState) -> Event:
    """Return RecallIssued; `issued` counts how often the recall went out."""
    return _event(desk, contract.RECALL_ISSUED, clinic, subject, issued, data)


def held_event(desk: Desk, hold: Hold) -> Event:
    """Return SlotHeld."""
    state = HoldState(
        hold=hold.id,
        type=hold.type,
        practitioner=hold.practitioner,
        resources=hold.resources,
        start=hold.starts_at,
        end=hold.ends_at,
        busy_from=hold.busy_from,
        busy_to=hold.busy_to,
        expires_at=hold.expires_at,
    )
    return _event(desk, contract.SLOT_HELD, hold.clinic, hold.id, 1, state)


def released_event(desk: Desk, hold: Hold) -> Event:
    """Return SlotReleased."""
    return _event(desk, contract.SLOT_RELEASED, hold.clinic, hold.id, 2, HoldEnded(hold=hold.id))


def _written_up(desk: Desk, type: str, after: Booking, before: Booking | None) -> tuple[Booking, Entry]:
    entry = _entry(desk, type, after, _changes(before, after))
    return replace(after, history_length=entry.position, history_head=entry.hash), entry


def _entry(desk: Desk, type: str, booking: Booking, changes: Changes) -> Entry:
    """Return the next entry of a booking's history: what who acts in this call did."""
    return desk.chain.entry(
        _head(booking),
        clinic=booking.clinic,
        at=desk.now,
        type=type,
        actor=desk.actor.brief(),
        source=desk.actor.source,
        changes=changes,
        version=booking.version,
    )


def _head(booking: Booking) -> Head:
    return Head(booking.reference, booking.history_length, booking.history_head)


def _append(store: "BookingStore", entry: Entry) -> None:
    """Write an entry that changes nothing of its booking but where the history ends."""
    store.add_history(entry)
    store.set_history_head(Head(entry.booking, entry.position, entry.hash))


def _changes(before: Booking | None, after: Booking) -> Changes:
    return differences({} if before is None else _told(before), _told(after))


def _told(booking: Booking) -> dict[str, Any]:
    """Return what the history tells of a booking: nothing personal."""
    return {
        "status": booking.status,
        **plain(_appointment(booking)),
        "need": booking.need,
        "sms_reminder": booking.sms_reminder,
    }


def _appointment(booking: Booking) -> Appointment:
    return Appointment(
        type=booking.type,
        practitioner=booking.practitioner,
        start=booking.starts_at,
        end=booking.ends_at,
        minutes=booking.minutes,
        resources=booking.resources,
    )


def _booking_event(desk: Desk, type: str, booking: Booking, before: Booking | None, rules: ClinicRules) -> Event:
    now, earlier = _appointment(booking), None if before is None else _appointment(before)
    state = BookingState(
        **vars(now),
        reference=booking.reference,
        status=booking.status,
        origin=booking.origin,
        busy_from=booking.busy_from,
        busy_to=booking.busy_to,
        hold=booking.hold,
        need=booking.need,
        language=booking.language,
        sms_reminder=booking.sms_reminder,
        epoch=booking.epoch,
        changeable=rules.patient_may_change(booking.origin),
        created_at=booking.created_at,
        version=booking.version,
        previous=None if earlier == now else earlier,
        person=booking.person,
    )
    return _event(desk, type, booking.clinic, booking.reference, booking.version, state)


def _event(desk: Desk, type: str, clinic: str, subject: str, version: int, data: Any) -> Event:
    return new_event(
        contract.SERVICE,
        type,
        clinic=clinic,
        subject=subject,
        version=version,
        data=data,
        now=desk.now,
        actor=desk.actor.brief(),
        correlation_id=desk.correlation_id,
    )
