"""Every message is written exactly once, in whatever order and however often its event comes (PRODUCT N6, DESIGN 3)."""

import itertools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from services.notification.handlers.reading import message, messages
from shared.contracts.envelope import Event
from shared.contracts.errors import Invalid, NotFound
from tests.builders.lying_open import lying_open
from tests.builders.notification.mailroom import Work, listed, tell
from tests.builders.notification.messages import (
    KEYS,
    NOW,
    START,
    FakeDocuments,
    a_desk,
    a_document,
    an_event,
    previously,
)

DOCUMENTS: Any = FakeDocuments(solna=a_document(), lund=a_document(clinic="lund"))


def take_in(work: Work, event: Event) -> None:
    tell(a_desk(work, DOCUMENTS), event)


def a_bookings_life(reference: str = "7K3M9PQR2T") -> list[Event]:
    """Return the events of a booking that was made, moved, given to another practitioner and cancelled."""
    later = START + timedelta(days=1)
    now: dict[str, Any] = {"reference": reference, "start": later, "practitioner": "bo"}
    return [
        an_event("BookingCreated", 1, reference=reference),
        an_event("BookingMoved", 2, reference=reference, start=later, previous=previously()),
        an_event("BookingChanged", 3, **now, previous=previously(start=later)),
        an_event("BookingCancelled", 4, **now, status="cancelled"),
    ]


def test_n6_each_message_is_written_once_in_any_order_of_events_that_come_twice(work: Work) -> None:
    for number, order in enumerate(itertools.permutations(range(4))):
        life = a_bookings_life(f"REF{number}")
        events = [life[position] for position in order]
        for event in (*events, *reversed(events)):
            take_in(work, event)
        _assert_each_message_once(work, f"REF{number}")


def _assert_each_message_once(work: Work, booking: str) -> None:
    written = Counter((each["event"], each["channel"], each["to"]) for each in listed(work, booking=booking))
    assert written == {
        ("booked", "sms", "+46701740699"): 1,
        ("booked", "email", "eva@example.org"): 1,
        ("practitioner_booked", "email", "anna@solna.example"): 1,
        ("practitioner_booked", "email", "info@solna.example"): 1,
        ("moved", "sms", "+46701740699"): 2,
        ("moved", "email", "eva@example.org"): 2,
        ("practitioner_moved", "email", "anna@solna.example"): 2,
        ("practitioner_moved", "email", "bo@solna.example"): 1,
        ("practitioner_moved", "email", "info@solna.example"): 2,
        ("cancelled", "sms", "+46701740699"): 1,
        ("cancelled", "email", "eva@example.org"): 1,
        ("practitioner_cancelled", "email", "bo@solna.example"): 1,
        ("practitioner_cancelled", "email", "info@solna.example"): 1,
    }
    planned = {(each["event"], each["to"]) for each in listed(work, booking=booking, state="planned")}
    assert planned == {
        ("cancelled", "+46701740699"),
        ("cancelled", "eva@example.org"),
        ("practitioner_cancelled", "bo@solna.example"),
        ("practitioner_cancelled", "info@solna.example"),
        ("practitioner_moved", "anna@solna.example"),
    }, "all that a newer version has overtaken is withdrawn, but the practitioner whom the booking left is still told"


def test_a_message_of_a_version_already_superseded_is_recorded_as_withdrawn(work: Work) -> None:
    created, moved, *_ = a_bookings_life()
    take_in(work, moved)
    take_in(work, created)
    assert {each["state"] for each in listed(work) if each["event"] == "booked"} == {"withdrawn"}
    assert {each["state"] for each in listed(work) if each["event"] == "moved"} == {"planned"}


@pytest.mark.parametrize("first", ["BookingCreated", "BookingChanged"])
def test_n2_a_change_that_nobody_is_told_of_withdraws_nothing(work: Work, first: str) -> None:
    """An SMS reminder that staff switch off before the confirmation has gone out must not take it back."""
    events = [an_event("BookingCreated", 1), an_event("BookingChanged", 2, sms_reminder=False)]
    for event in sorted(events, key=lambda event: event.type != first):
        take_in(work, event)
    assert {(each["event"], each["state"]) for each in listed(work)} == {
        ("booked", "planned"),
        ("practitioner_booked", "planned"),
    }


def test_the_practitioner_whom_a_booking_left_and_came_back_to_is_not_told_that_it_left(work: Work) -> None:
    away = an_event("BookingChanged", 2, practitioner="bo", previous=previously(practitioner="anna"))
    back = an_event("BookingChanged", 3, practitioner="anna", previous=previously(practitioner="bo"))
    take_in(work, away)
    take_in(work, back)
    planned = {(each["to"], each["subject"].split(":")[0]) for each in listed(work, state="planned") if each["subject"]}
    assert ("anna@solna.example", "Ändrad bokning") in planned
    assert ("anna@solna.example", "Inte längre din bokning") not in planned


@pytest.mark.both_databases
def test_n6_one_event_delivered_to_several_workers_at_once_writes_each_message_once(work: Work) -> None:
    event = an_event()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: take_in(work, event), range(8)))
    assert len(listed(work)) == 4


def test_n6_the_ledger_holds_even_where_the_inbox_has_forgotten_the_event(work: Work) -> None:
    event = an_event()
    take_in(work, event)
    with work() as store:
        store.connection.execute(store.inbox.delete())
    take_in(work, event)
    assert len(listed(work)) == 4


@pytest.mark.both_databases
def test_nothing_personal_lies_open_in_the_database(work: Work) -> None:
    take_in(work, an_event())
    with work.reading() as store:
        for table in ("messages", "bookings", "inbox", "outbox"):
            rows = lying_open(store.connection.exec_driver_sql(f"SELECT * FROM {table}").all(), KEYS.people)
            for secret in ("Eva", "Lind", "46701740699", "eva@example.org", "anna@solna", "/m/"):
                assert secret not in rows, table


def test_messages_are_listed_newest_first_by_pages_without_attachments(work: Work) -> None:
    for number in range(5):
        event = an_event(reference=f"REF{number}")
        tell(a_desk(work, DOCUMENTS, now=NOW + timedelta(minutes=number)), event)
    pages, cursor = [], None
    while True:
        fields = {"booking": None, "state": None, "limit": 4, "cursor": cursor}
        page = messages(a_desk(work), "solna", fields)
        pages.append(page["messages"])
        cursor = page["next"]
        if cursor is None:
            break
    flat = [each for page in pages for each in page]
    assert [len(page) for page in pages] == [4, 4, 4, 4, 4]
    assert len({each["id"] for each in flat}) == 20
    assert [each["booking"] for each in flat] == [f"REF{number}" for number in (4, 3, 2, 1, 0) for _ in range(4)]
    assert set(flat[0]) == {
        "id", "clinic", "channel", "event", "audience", "to", "state", "subject", "text", "booking",
        "at", "reason",
    }  # fmt: skip
    assert flat[0]["at"] == "2026-11-22T10:04:00+01:00"
    assert {each["booking"] for each in listed(work, booking="REF2")} == {"REF2"}


def test_clinics_are_kept_apart_and_the_installation_sees_all(work: Work) -> None:
    elsewhere = an_event(reference="ELSEWHERE")
    take_in(work, Event(**{**elsewhere.to_json(), "clinic": "lund"}))
    take_in(work, an_event())
    everything = {"booking": None, "state": None, "limit": 50, "cursor": None}
    assert {each["clinic"] for each in messages(a_desk(work), "lund", everything)["messages"]} == {"lund"}
    assert {each["clinic"] for each in messages(a_desk(work), None, everything)["messages"]} == {"lund", "solna"}
    of_lund = messages(a_desk(work), "lund", everything)["messages"][0]["id"]
    with pytest.raises(NotFound):
        message(a_desk(work), "solna", of_lund)
    with pytest.raises(Invalid):
        messages(a_desk(work), "solna", {**everything, "cursor": of_lund})


def test_one_message_shows_its_attachment_as_text(work: Work) -> None:
    take_in(work, an_event())
    email = next(each for each in listed(work) if each["event"] == "booked" and each["channel"] == "email")
    whole = message(a_desk(work), "solna", email["id"])
    assert whole["text"] == email["text"]
    assert whole["html"].startswith("<!doctype html>")
    assert [(each["name"], each["type"]) for each in whole["attachments"]] == [
        ("appointment.ics", "text/calendar; method=REQUEST; charset=utf-8")
    ]
    assert whole["attachments"][0]["content"].startswith("BEGIN:VCALENDAR")


def test_what_is_no_message_is_not_found(work: Work) -> None:
    for id in ("", "x", "0" * 32, "\x00", "../etc"):
        with pytest.raises(NotFound):
            message(a_desk(work), "solna", id)
