"""Histories, lists, and what booking does with others' events."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from services.booking.model.history import Head, Personal
from services.booking.store.tables import history
from shared.actor import PUBLIC, Actor
from shared.contracts.envelope import Event, new_event
from shared.contracts.errors import Forbidden, Invalid, LoginRequired, NotFound
from shared.incoming.paging import write_cursor
from shared.sealed import Sealer
from shared.storage.database import Database
from tests.builders.booking.world import CLINIC, KEYS, NOW, STAFF, START, World, a_contact
from tests.builders.lying_open import lying_open
from tests.integration.booking.calls import Calls

HALF_HOUR = timedelta(minutes=30)
BO = Actor(kind="staff", id="bo@solna.example", role="therapist", clinic=CLINIC, practitioner="bo")


def an_event(source: str, type: str, **data: Any) -> Event:
    """Return an event of another service."""
    return new_event(
        source, type, clinic=CLINIC, subject="m" * 32, version=1, data=data, now=NOW,
        actor={"kind": "service", "id": source}, correlation_id="c",
    )  # fmt: skip


def test_the_history_tells_who_did_what_from_where(calls: Calls) -> None:
    """A1."""
    booked = calls.book()
    calls.world.now += timedelta(hours=1)
    calls.change(STAFF, booked["reference"], start=(START + HALF_HOUR).isoformat())
    created, moved = calls.history(STAFF, booked["reference"])["history"]
    assert (created["type"], created["actor"]) == ("BookingCreated", {"kind": "patient", "id": None})
    assert created["changes"]["start"] == [None, "2026-12-01T14:00:00+01:00"]
    assert moved == {
        "at": "2026-11-02T11:00:00+01:00",
        "type": "BookingMoved",
        "actor": {"kind": "staff", "id": "eva@solna.example"},
        "source": "192.0.2.7",
        "changes": {
            "start": ["2026-12-01T14:00:00+01:00", "2026-12-01T14:30:00+01:00"],
            "end": ["2026-12-01T14:30:00+01:00", "2026-12-01T15:00:00+01:00"],
        },
        "version": 2,
    }


def test_the_history_as_it_is_stored_holds_nothing_personal(database: Database) -> None:
    """A3: not even from where somebody came."""
    calls = Calls(World(database))
    booked = calls.book(message="Ring på")
    calls.change(STAFF, booked["reference"], start=(START + HALF_HOUR).isoformat())
    calls.cancel(booked["manage_token"], "Maja är sjuk")
    with database.reading() as connection:
        stored = lying_open(connection.execute(select(history)).all(), KEYS.people)
    assert not any(word in stored for word in ("Maja", "sjuk", "Lund", "701234567", "maja@", "Ring", "192.0.2"))
    told = str(calls.history(STAFF, booked["reference"]))
    assert not any(word in told for word in ("Lund", "701234567", "maja@", "Ring"))
    assert calls.by(STAFF).verify_history(CLINIC) == {"checked": 1, "broken": []}


def test_a_source_that_version_0_1_0_wrote_in_clear_is_still_shown_and_verified(database: Database) -> None:
    calls = Calls(World(database))
    reference = calls.book()["reference"]
    with calls.world.work() as store:
        booking = store.booking(reference, for_change=True)
        assert booking is not None
        entry = calls.world.desk().chain.entry(
            Head(reference, booking.history_length, booking.history_head),
            clinic=CLINIC, at=NOW, type="BookingMoved", actor={"kind": "patient", "id": None},
            source="web 198.51.100.9", changes={}, version=1,
        )  # fmt: skip
        store.add_history(entry)
        store.set_history_heads([Head(reference, entry.position, entry.hash)])
    calls.change(STAFF, reference, start=(START + HALF_HOUR).isoformat())
    shown = calls.history(STAFF, reference)["history"]
    assert [each["source"] for each in shown] == [None, "web 198.51.100.9", "192.0.2.7"]
    assert calls.by(STAFF).verify_history(CLINIC)["broken"] == []


def test_from_where_a_change_came_is_for_administrators_alone(calls: Calls) -> None:
    reference = calls.book(practitioner="bo")["reference"]
    calls.change(STAFF, reference, start=(START + HALF_HOUR).isoformat())
    assert [each["source"] for each in calls.history(BO, reference)["history"]] == [None, None]


def test_a_source_of_any_length_and_a_key_that_is_gone_lose_no_entry(database: Database) -> None:
    calls = Calls(World(database))
    reference = calls.book()["reference"]
    calls.change(replace(STAFF, source="x" * 500), reference, start=(START + HALF_HOUR).isoformat())
    assert calls.history(STAFF, reference)["history"][1]["source"] == "x" * 80
    with database.reading() as connection:
        stored = connection.scalars(select(history.c.source).where(history.c.position == 2)).one()
    other_key = Personal(Sealer("k2:" + "QUJBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="))
    assert (len(stored) < 200, other_key.opened(stored)) == (True, None)


def test_the_history_comes_in_pages(calls: Calls) -> None:
    booked = calls.book()
    for minutes in (30, 60):
        calls.move(booked["manage_token"], START + timedelta(minutes=minutes))
    first = calls.history(STAFF, booked["reference"], limit=2)
    second = calls.history(STAFF, booked["reference"], limit=2, cursor=first["next"])
    assert [len(first["history"]), len(second["history"]), second["next"]] == [2, 1, None]


TAMPERING = {
    "a changed entry": "UPDATE history SET at = '2020-01-01 00:00:00.000000' WHERE position = 1",
    "a changed detail": "UPDATE history SET source = '198.51.100.1' WHERE position = 2",
    "a missing entry in the middle": "DELETE FROM history WHERE position = 2",
    "a missing last entry": "DELETE FROM history WHERE position = 3",
    "all entries missing": "DELETE FROM history",
}


@pytest.mark.parametrize("tampering", TAMPERING.values(), ids=TAMPERING)
def test_any_later_change_to_a_history_is_detected(database: Database, tampering: str) -> None:
    """A1."""
    calls = Calls(World(database))
    calls.book()
    booked = calls.book(key="other", start=(START + timedelta(hours=3)).isoformat())
    for minutes in (210, 240):
        calls.move(booked["manage_token"], START + timedelta(minutes=minutes))
    administrator = calls.by(STAFF)
    assert administrator.verify_history(CLINIC) == {"checked": 2, "broken": []}
    _without_triggers(
        database, f"{tampering} {'AND' if 'WHERE' in tampering else 'WHERE'} booking = '{booked['reference']}'"
    )
    broken = administrator.verify_history(CLINIC)["broken"]
    assert {each["reference"] for each in broken} == {booked["reference"]}


def _without_triggers(database: Database, statement: str) -> None:
    with database.transaction() as connection:
        if database.is_sqlite:
            connection.execute(text("DROP TRIGGER history_is_append_only_update"))
            connection.execute(text("DROP TRIGGER history_is_append_only_delete"))
            connection.execute(text(statement))
        else:
            connection.execute(text("ALTER TABLE history DISABLE TRIGGER USER"))
            connection.execute(text(statement))
            connection.execute(text("ALTER TABLE history ENABLE TRIGGER USER"))


def test_therapists_do_not_verify_histories(calls: Calls) -> None:
    with pytest.raises(Forbidden):
        calls.by(BO).verify_history(CLINIC)


# Others' events


def test_the_patient_is_linked_once_made_or_found(calls: Calls) -> None:
    booked = calls.book()
    assert calls.get(booked["reference"], STAFF)["patient"]["id"] is None
    for patient in ("a" * 32, "b" * 32):
        told = {"patient": patient, "booking": booked["reference"], "person": a_contact()}
        calls.hear(an_event("patient", "PatientCreated", **told))
    assert calls.get(booked["reference"], STAFF)["patient"]["id"] == "a" * 32
    assert calls.get(booked["reference"], STAFF)["version"] == 1


def test_staff_see_where_a_booking_has_other_addresses_than_its_record(calls: Calls) -> None:
    """CONTRACTS 1, Patients: the booking keeps what was typed, and staff see the difference."""
    reference = calls.book()["reference"]
    marks = lambda: [each["contact_differs"] for each in calls.find(STAFF)["bookings"]]  # noqa: E731 - asked each time
    assert marks() == [[]]
    of_record = a_contact("+46709999999", "MAJA@example.org")
    told = {"patient": "a" * 32, "booking": reference}
    calls.hear(an_event("patient", "PatientCreated", **told, person=of_record))
    assert marks() == [["mobile"]]
    assert calls.get(reference, STAFF)["version"] == 1
    calls.change(STAFF, reference, start=(START + HALF_HOUR).isoformat())
    assert marks() == [["mobile"]], "a move keeps it"
    corrected = {"patient": "a" * 32, "booking": None, "person": a_contact("+46701234567", "other@example.org")}
    calls.hear(an_event("patient", "PatientUpdated", **corrected))
    assert marks() == [["email"]], "staff have corrected the record"


def test_a_patient_without_a_booking_is_no_business_of_booking(calls: Calls) -> None:
    told = {"patient": "a" * 32, "booking": None, "person": a_contact()}
    calls.hear(an_event("patient", "PatientUpdated", **told))


def test_deliveries_are_noted_once_whatever_the_bus_repeats(calls: Calls) -> None:
    """A1."""
    booked = calls.book()
    told = {"message": "m" * 32, "event": "booked", "channel": "sms", "booking": booked["reference"], "person": "x"}
    sent = an_event("notification", "MessageSent", state="sent", **told)
    failed = an_event("notification", "MessageFailed", state="failed", **told)
    for event in (failed, sent, sent, failed):
        calls.hear(event)
    entries = calls.history(STAFF, booked["reference"])["history"][1:]
    assert [entry["type"] for entry in entries] == ["MessageFailed", "MessageSent"]
    assert entries[1]["changes"]["state"] == [None, "sent"]
    assert calls.by(STAFF).verify_history(CLINIC)["broken"] == []


def test_consoles_see_what_became_of_messages_and_what_was_ticked_off(calls: Calls) -> None:
    """What publishes an event is seen by itself; of these booking tells once they are written."""
    booked = calls.book()
    told = {"message": "m" * 32, "event": "booked", "channel": "sms", "booking": booked["reference"], "person": "x"}
    calls.by(STAFF).note_delivery(an_event("notification", "MessageFailed", state="failed", **told))
    calls.by(STAFF).note_delivery(an_event("notification", "MessageSent", **{**told, "booking": None}, state="sent"))
    assert calls.changes.beats == [{CLINIC}]
    calls.cancel(booked["manage_token"], "Jag är sjuk")
    calls.by(STAFF).watch_done(CLINIC, calls.watch_list(STAFF)["watch_list"][0]["id"])
    assert calls.changes.beats == [{CLINIC}, {CLINIC}]


def test_a_move_after_a_delivery_continues_the_same_chain(calls: Calls) -> None:
    booked = calls.book()
    told = {"message": "m", "event": "booked", "channel": "sms", "state": "sent", "booking": booked["reference"]}
    calls.hear(an_event("notification", "MessageSent", **told))
    calls.move(booked["manage_token"], START + HALF_HOUR)
    assert len(calls.history(STAFF, booked["reference"])["history"]) == 3
    assert calls.by(STAFF).verify_history(CLINIC)["broken"] == []


# The watch list (M5)


def test_m5_a_patient_who_cancels_is_watched_in_the_same_transaction_until_ticked_off(database: Database) -> None:
    calls = Calls(World(database))
    booked = calls.book()
    calls.cancel(booked["manage_token"], "Jag är sjuk")
    (entry,) = calls.watch_list(STAFF)["watch_list"]
    assert (entry["comment"], entry["booking"]["reference"]) == ("Jag är sjuk", booked["reference"])
    assert entry["booking"]["patient"]["mobile"] == "+46701234567"
    for _ in range(2):
        calls.by(STAFF).watch_done(CLINIC, entry["id"])
    assert calls.watch_list(STAFF)["watch_list"] == []


def test_m5_what_was_ticked_off_is_open_again_when_that_is_taken_back(calls: Calls) -> None:
    calls.cancel(calls.book()["manage_token"], "Jag är sjuk")
    (entry,) = calls.watch_list(STAFF)["watch_list"]
    calls.by(STAFF).watch_done(CLINIC, entry["id"])
    for _ in range(2):
        assert calls.by(STAFF).watch_done(CLINIC, entry["id"], on=False) == {"id": entry["id"], "done": False}
    assert calls.watch_list(STAFF)["watch_list"] == [entry]
    with pytest.raises(Forbidden):
        calls.by(BO).watch_done(CLINIC, entry["id"], on=False)
    with pytest.raises(Invalid):
        calls.by(STAFF).watch_done(CLINIC, entry["id"], on="perhaps")


def test_m5_a_neighbour_of_version_0_1_0_finds_what_is_watched_done(database: Database) -> None:
    """It asks its inbox by the same name, and would fail on a second row."""
    calls = Calls(World(database))
    calls.cancel(calls.book()["manage_token"])
    (event,) = calls.events("BookingCancelled")
    with calls.world.work() as store:
        assert not store.first_times("watch_cancellation", [event], NOW)


def test_m5_what_a_neighbour_of_version_0_1_0_cancelled_is_watched_when_it_is_heard_of_once(calls: Calls) -> None:
    reference = calls.book()["reference"]
    patients, staffs = (
        replace(an_event("booking", "BookingCancelled"), subject=reference, actor={"kind": kind, "id": None})
        for kind in ("patient", "staff")
    )
    calls.hear(staffs)
    assert calls.watch_list(STAFF)["watch_list"] == []
    for _ in range(2):
        calls.hear(patients)
    calls.hear(replace(patients, id="f" * 32))
    (entry,) = calls.watch_list(STAFF)["watch_list"]
    assert entry["booking"]["reference"] == reference


def test_m5_the_reason_stays_with_the_booking_and_in_its_history_when_the_entry_is_ticked_off(calls: Calls) -> None:
    booked = calls.book()
    reference = booked["reference"]
    assert calls.get(reference, STAFF)["comment"] is None
    calls.cancel(booked["manage_token"], "Jag är sjuk")
    calls.by(STAFF).watch_done(CLINIC, calls.watch_list(STAFF)["watch_list"][0]["id"])
    assert calls.get(reference, STAFF)["comment"] == "Jag är sjuk"
    cancelled = calls.history(STAFF, reference)["history"][-1]
    assert cancelled["changes"] == {"status": ["booked", "cancelled"], "comment": [None, "Jag är sjuk"]}
    assert "comment" not in calls.open(booked["manage_token"])["booking"]


def test_m5_what_was_ticked_off_is_looked_up_in_pages_the_latest_first(database: Database) -> None:
    calls = Calls(World(database))
    for number in range(4):
        booked = calls.book(start=(START + number * HALF_HOUR).isoformat())
        calls.cancel(booked["manage_token"], f"reason {number}")
    waiting = {entry["comment"]: entry["id"] for entry in calls.watch_list(STAFF)["watch_list"]}
    for number in (2, 0, 3):
        calls.world.now += timedelta(minutes=1)
        calls.by(STAFF).watch_done(CLINIC, waiting[f"reason {number}"])
    assert [entry["comment"] for entry in calls.watch_list(STAFF)["watch_list"]] == ["reason 1"]
    first = calls.watch_list(STAFF, done="true", limit=2)
    second = calls.watch_list(STAFF, done=True, limit=2, cursor=first["next"])
    assert [each["comment"] for each in first["watch_list"] + second["watch_list"]] == [
        "reason 3", "reason 0", "reason 2",
    ]  # fmt: skip
    assert second["next"] is None
    latest = first["watch_list"][0]
    assert (latest["done_at"], latest["done_by"]) == ("2026-11-02T10:03:00+01:00", "eva@solna.example")
    assert calls.watch_list(BO, done=True)["watch_list"] == [], "a therapist sees their own patients"


def test_what_staff_cancel_is_not_watched(calls: Calls) -> None:
    booked = calls.book()
    calls.cancel_as_staff(STAFF, booked["reference"])
    assert calls.watch_list(STAFF)["watch_list"] == []


def test_the_watch_list_comes_in_pages(calls: Calls) -> None:
    for number in range(3):
        booked = calls.book(start=(START + number * HALF_HOUR).isoformat())
        calls.cancel(booked["manage_token"])
    first = calls.watch_list(STAFF, limit=2)
    second = calls.watch_list(STAFF, limit=2, cursor=first["next"])
    ids = [entry["id"] for entry in first["watch_list"] + second["watch_list"]]
    assert (len(set(ids)), second["next"]) == (3, None)


@pytest.mark.parametrize("id", ["x", "0" * 32, "\0"])
def test_an_unknown_entry_of_the_watch_list_is_not_found(database: Database, id: str) -> None:
    calls = Calls(World(database))
    with pytest.raises(NotFound):
        calls.by(STAFF).watch_done(CLINIC, id)


# Lists


def test_bookings_come_in_pages_by_start_without_gap_or_repeat(database: Database) -> None:
    calls = Calls(World(database))
    made = {calls.book(start=(START + (number // 2) * HALF_HOUR).isoformat())["reference"] for number in range(7)}
    seen: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = calls.find(STAFF, limit=3, cursor=cursor)
        seen += page["bookings"]
        cursor = page["next"]
        if cursor is None:
            break
    assert [booking["start"] for booking in seen] == sorted(booking["start"] for booking in seen)
    assert (len(seen), {booking["reference"] for booking in seen}) == (7, made)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, 3),
        ({"from": "2026-12-01", "to": "2026-12-01"}, 2),
        ({"to": "2026-11-30"}, 0),
        ({"from": "2026-12-02"}, 1),
        ({"practitioner": "bo"}, 1),
        ({"status": "cancelled"}, 1),
        ({"status": "booked"}, 1),
        ({"status": "done"}, 1),
        ({"status": "missed"}, 0),
        ({"patient": "a" * 32}, 1),
    ],
)
def test_bookings_are_found_by_day_practitioner_status_and_patient(
    database: Database, query: dict[str, str], expected: int
) -> None:
    calls = Calls(World(database))
    done = calls.book(practitioner="anna")
    cancelled = calls.book(practitioner="bo")
    calls.cancel(cancelled["manage_token"])
    midnight = datetime(2026, 12, 1, 23, 0, tzinfo=UTC)
    calls.book(practitioner="anna", start=midnight.isoformat())
    calls.hear(an_event("patient", "PatientCreated", patient="a" * 32, booking=done["reference"], person=a_contact()))
    calls.world.now = START + HALF_HOUR
    assert len(calls.find(STAFF, **query)["bookings"]) == expected


def test_therapists_find_their_own_bookings_only(calls: Calls) -> None:
    """C1."""
    calls.book(practitioner="anna")
    calls.book(practitioner="bo")
    assert [booking["practitioner"] for booking in calls.find(BO)["bookings"]] == ["bo"]
    with pytest.raises(Forbidden):
        calls.find(BO, practitioner="anna")


def test_lists_are_read_and_ticked_off_by_the_clinic_s_staff_alone(calls: Calls) -> None:
    """C1."""
    calls.cancel(calls.book()["manage_token"])
    (watched,) = calls.watch_list(STAFF)["watch_list"]
    stretch = {"practitioner": "anna", "from": START.isoformat(), "to": (START + HALF_HOUR).isoformat()}
    of_another = Actor(kind="staff", id="x", role="administrator", clinic="other")
    for actor, refusal in ((PUBLIC, LoginRequired), (of_another, Forbidden)):
        booking = calls.by(actor)
        for read in (
            lambda booking=booking: booking.watch_done(CLINIC, watched["id"]),
            lambda booking=booking: booking.collisions(CLINIC, **stretch),
            lambda booking=booking: booking.verify_history(CLINIC),
            lambda booking=booking: booking.find(CLINIC),
            lambda booking=booking: booking.watch_list(CLINIC),
        ):
            with pytest.raises(refusal):
                read()
    assert calls.watch_list(STAFF)["watch_list"] == [watched]


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0}, {"limit": 201}, {"cursor": "!"}, {"cursor": "WzEsMl0"}, {"status": "x"}, {"from": "soon"},
        {"from": "2026-12-02", "to": "2026-12-01"}, {"practitioner": "a\0"}, {"other": 1}, {"from": "9999-12-31"},
        {"cursor": "WyIyMDI2LTAxLTAxIiwgIlwwIl0"}, {"patient": ["x"]},
        {"cursor": write_cursor(datetime.fromisoformat("0001-01-01T00:00:00+14:00"), "A")},
        {"cursor": write_cursor(datetime.fromisoformat("9999-12-31T23:59:59-14:00"), "A")},
    ],
)  # fmt: skip
def test_a_query_that_makes_no_sense_is_invalid(calls: Calls, query: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        calls.find(STAFF, **query)
