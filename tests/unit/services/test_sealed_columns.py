"""Every column that could hold a sealed text says by which keys, or that it is none: or a key could never go (A3)."""

from importlib import import_module

from sqlalchemy import JSON, Column, String
from sqlalchemy.types import TypeEngine

from shared.settings import SERVICES
from shared.storage.keys.resealing import SEALED_BY

SHORTEST = 64
"""Of a sealed text; hashes and names of things are no longer."""

IN_CLEAR = {
    "availability.absence_keys.key": "what callers repeat calls by",
    "availability.clinics.document": "the set-up, which is public",
    "availability.set_up_history.actor": "who works at a clinic",
    "booking.bookings.resources": "rooms and devices",
    "booking.bookings.undo": "times, and who works at a clinic",
    "booking.holds.resources": "rooms and devices",
    "booking.idempotency.key": "what callers repeat calls by",
    "booking.idempotency.answer": "a booking's reference and link, for a day",
    "booking.history.actor": "who works at a clinic",
    "booking.history.digests": "salted digests",
    "booking.occupancy.resource": "rooms, devices and practitioners",
    "booking.recalls.channels": "by which ways",
    "booking.watch_list.done_by": "who works at a clinic",
    "notification.messages.correlation_id": "ids",
    "notification.messages.failure": "what a provider answered",
    "notification.messages.resent_by": "who works at a clinic",
    "notification.reminder_rules.rules": "a part of the set-up",
    "patient.imported.told": "keyed hashes",
    "patient.openings.actor_id": "who works at a clinic",
    "patient.patients.email_ok_said": "a yes or no, when it was said, and who works at a clinic",
    "patient.patients.sms_ok_said": "the same",
    "patient.patients.email": "found by it, as the name is (ARCHITECTURE, Personal data)",
    "patient.patients.first_name": "found by it",
    "patient.patients.last_name": "found by it",
    "patient.patients.name_key": "found by it",
    "patient.patients.sort_key": "listed by it",
    "staff.accounts.email": "found by it",
    "staff.accounts.email_key": "found by it",
    "staff.accounts.password_hash": "a hash",
    "staff.links.email_key": "found by it",
}
"""What is not sealed, and why."""


def _could_hold_one(column: Column[object]) -> bool:
    kind: TypeEngine[object] = column.type
    return isinstance(kind, JSON) or (isinstance(kind, String) and (kind.length is None or kind.length > SHORTEST))


def test_every_column_says_what_seals_it_or_stands_here_in_clear() -> None:
    """A3: a new column of such a kind says `info=BY_EVENT_KEYS`, or stands in this table with its reason."""
    columns = {
        f"{service}.{column.table.name}.{column.name}": column.info.get(SEALED_BY)
        for service in SERVICES
        for table in import_module(f"services.{service}.store").metadata.sorted_tables
        for column in table.columns
        if _could_hold_one(column)
    }
    assert {name for name, sealed_by in columns.items() if sealed_by is None} == IN_CLEAR.keys()
    assert set(columns.values()) <= {None, "EVENT_KEYS", "IDENTITY_KEYS"}
