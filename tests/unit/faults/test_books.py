"""The comparison of all books finds whatever does not follow from a booking, and nothing where all does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.faults.books import Books, plain_address
from tests.faults.ledger import BOOKED, CANCELLED, Kept, Place, State

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEN, END = NINE + timedelta(hours=1), NINE + timedelta(hours=1, minutes=15)


def a_row(**columns: Any) -> Any:
    """Return what a query would."""
    return SimpleNamespace(**columns)


def a_message(event: str, version: int, channel: str, state: str = "sent") -> Any:
    """Return a message to the patient; a reminder is due a day before the appointment."""
    return a_row(
        booking="R1", booking_version=version, event=event, channel=channel, state=state, due_at=TEN - timedelta(days=1)
    )


def whole() -> Books:
    """Return the books of a clinic with one booking that was moved from nine to ten."""
    taken = a_row(booking="R1", resource="practitioner:anna", starts_at=TEN, ends_at=END)
    created = {"status": [None, BOOKED], "practitioner": [None, "anna"], "start": [None, NINE.isoformat()]}
    return Books(
        bookings=[
            a_row(
                reference="R1", status=BOOKED, practitioner="anna", resources=[], version=2, patient_id="p1",
                starts_at=TEN, busy_from=TEN, busy_to=END,
            )
        ],
        history=[
            a_row(booking="R1", type="BookingCreated", version=1, changes=created),
            a_row(booking="R1", type="MessageSent", version=1, changes={"message": [None, "m1"]}),
            a_row(booking="R1", type="BookingMoved", version=2, changes={"start": ["", TEN.isoformat()]}),
        ],
        occupancy=[taken],
        projected=[taken],
        patients=[a_row(id="p1", email="person7@patients.example")],
        messages=[
            a_message("booked", 1, "sms"), a_message("booked", 1, "email", "withdrawn"), a_message("moved", 2, "sms"),
            a_message("reminder", 2, "sms", "planned"), a_message("reminder", 1, "sms", "withdrawn"),
        ],
        absences=[],
        subjects={"R1": 7},
    )  # fmt: skip


def test_books_from_which_nothing_is_missing_are_without_fault() -> None:
    assert whole().effects() == {}
    states = (State(1, BOOKED, Place("anna", NINE)), State(2, BOOKED, Place("anna", TEN)))
    assert whole().kept() == [Kept("R1", 7, states[1], states)]


@pytest.mark.parametrize(
    ("table", "row"), [("occupancy", 0), ("projected", 0), ("patients", 0), *(("messages", row) for row in range(4))]
)
def test_each_row_that_is_missing_is_found(table: str, row: int) -> None:
    rows = list(getattr(whole(), table))
    del rows[row]
    assert "missing" in replace(whole(), **{table: rows}).effects()


@pytest.mark.parametrize(("table", "row"), [("patients", 0), *(("messages", row) for row in range(4))])
def test_each_row_that_is_there_twice_is_found(table: str, row: int) -> None:
    rows = list(getattr(whole(), table))
    rows.append(rows[row] if table == "messages" else a_row(id="p2", email=rows[row].email))
    assert "repeated" in replace(whole(), **{table: rows}).effects()


def test_what_a_cancelled_booking_still_occupies_or_reminds_of_is_found() -> None:
    books = whole()
    books.bookings[0].status = CANCELLED
    assert len(books.effects()["stale"]) == 3


def test_a_message_that_nobody_sends_and_one_of_no_event_are_found() -> None:
    books = whole()
    books.messages[0].state = "planned"
    books.messages.append(a_message("cancelled", 3, "sms"))
    assert {"missing", "unasked"} <= set(books.effects())


def test_the_brokers_first_virtual_host_has_a_name_of_its_own_in_pikas_addresses() -> None:
    assert plain_address("pyamqp://guest:guest@127.0.0.1:5672//") == "amqp://guest:guest@127.0.0.1:5672/%2F"
    assert plain_address("pyamqp://guest:guest@127.0.0.1:5672/own") == "amqp://guest:guest@127.0.0.1:5672/own"
