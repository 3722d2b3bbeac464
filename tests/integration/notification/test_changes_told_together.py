"""A booking that changes time and again is told of by its last state alone (CONTRACTS 2, limits)."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.notification.handlers.reading import message
from shared.contracts.envelope import Event
from tests.builders.clock import FakeClock
from tests.builders.notification.mailroom import FakeChannel, Work, listed, send, tell
from tests.builders.notification.messages import NOW, START, a_desk, an_event, previously

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def moved(version: int) -> Event:
    """Return the event of a move by an hour."""
    now, before = START + version * HOUR, START + (version - 1) * HOUR
    return an_event("BookingMoved", version, start=now, previous=previously(start=before))


def take_in(work: Work, event: Event, seconds: float = 0) -> None:
    tell(a_desk(work, now=NOW + timedelta(seconds=seconds)), event)


def in_hand(work: Work, *events: Event, room: int = 9) -> Any:
    """Let a process with `room` on each channel take in what has gathered; return what it wrote."""
    return tell(replace(a_desk(work), room={"sms": room, "email": room}), *events)


def to_patient(work: Work, *states: str) -> list[tuple[str, str]]:
    found = [each for each in listed(work) if each["audience"] == "patient" and each["state"] in states]
    return sorted((each["event"], each["channel"]) for each in found)


def a_flurry(work: Work, changes: int) -> FakeChannel:
    """Book, move so often, sending at once whatever is due; return what was sent."""
    channel = FakeChannel()
    take_in(work, an_event())
    send(work, channel, FakeClock(NOW))
    for number in range(changes):
        take_in(work, moved(2 + number), number)
        send(work, channel, FakeClock(NOW + number * SECOND))
    return channel


def test_three_changes_within_an_hour_are_told_one_by_one(work: Work) -> None:
    a_flurry(work, 3)
    assert to_patient(work, "sent") == sorted(
        [("booked", "sms"), ("booked", "email")] + 3 * [("moved", "email"), ("moved", "sms")]
    )


def test_from_the_fourth_on_only_the_last_is_told_after_a_minute(work: Work) -> None:
    channel = a_flurry(work, 6)
    before = len(channel.sent)
    assert to_patient(work, "planned") == [("moved", "email"), ("moved", "sms")]
    assert to_patient(work, "withdrawn") == sorted(2 * [("moved", "email"), ("moved", "sms")])
    send(work, channel, FakeClock(NOW + 64 * SECOND))
    assert len(channel.sent) == before, "a minute after the last change"
    send(work, channel, FakeClock(NOW + 65 * SECOND))
    told = [each for each in channel.sent[before:] if each.content.to == "eva@example.org"]
    (email,) = told
    (calendar,) = email.content.attachments
    assert "SEQUENCE:6" in calendar["content"]
    assert "Before the change" not in email.content.text + "".join(each.content.text for each in channel.sent[before:])


def test_a_cancellation_after_a_flurry_is_told_in_the_place_of_the_last_move(work: Work) -> None:
    channel = a_flurry(work, 4)
    take_in(work, an_event("BookingCancelled", 6, status="cancelled"), 10)
    assert to_patient(work, "planned") == [("cancelled", "email"), ("cancelled", "sms")]
    before = len(channel.sent)
    send(work, channel, FakeClock(NOW + 69 * SECOND))
    assert len(channel.sent) == before, "a minute after"
    send(work, channel, FakeClock(NOW + 70 * SECOND))
    assert {each.content.to for each in channel.sent[before:]} >= {"eva@example.org", "+46701740699"}
    assert to_patient(work, "planned") == []


def test_changes_of_more_than_an_hour_ago_do_not_count(work: Work) -> None:
    a_flurry(work, 3)
    take_in(work, moved(5), 3601)
    channel = FakeChannel()
    send(work, channel, FakeClock(NOW + 3601 * SECOND))
    assert len({each.content.to for each in channel.sent}) > 1, "at once"


def test_changes_of_other_bookings_do_not_count(work: Work) -> None:
    a_flurry(work, 3)
    other: dict[str, Any] = {"reference": "ANOTHER000"}
    take_in(work, an_event(**other), 4)
    take_in(work, an_event("BookingMoved", 2, **other, start=START + HOUR, previous=previously(start=START)), 5)
    due = [each for each in listed(work, booking="ANOTHER000") if each["event"] == "moved"]
    whole = [message(a_desk(work), "solna", each["id"]) for each in due]
    assert due
    assert all("Before the change" in each["text"] for each in whole if each["channel"] == "email")
    assert any(each["channel"] == "email" for each in whole)


def test_n6_of_changes_that_are_heard_of_together_only_the_last_is_taken_in_hand(work: Work) -> None:
    """ADR 26: what one of them has overtaken is withdrawn at once, in whatever order they come."""
    for reference, versions in {"FORWARDS00": (2, 3), "BACKWARDS0": (3, 2)}.items():
        take_in(work, an_event(reference=reference))
        send(work, FakeChannel(), FakeClock(NOW))
        events = [
            an_event("BookingMoved", version, reference=reference, start=START + version * HOUR, previous=previously())
            for version in versions
        ]
        written = in_hand(work, *events)
        moves = [each for each in listed(work, booking=reference) if each["event"] == "moved"]
        assert {claim.message.booking_version for claim in written.in_hand} == {3}
        assert Counter(each["state"] for each in moves) == {"planned": 2, "withdrawn": 2}


def test_n6_whom_a_booking_has_left_is_told_so_though_it_has_gone_on(work: Work) -> None:
    take_in(work, an_event())
    to_bo = an_event("BookingChanged", 2, practitioner="bo", previous=previously())
    later = an_event("BookingMoved", 3, practitioner="bo", start=START + HOUR, previous=previously(practitioner="bo"))
    assert in_hand(work, to_bo, later).others, "the sender is to look for it"
    waiting = [each for each in listed(work, state="planned") if each["audience"] == "practitioner"]
    assert "anna@solna.example" in {each["to"] for each in waiting}


def test_n6_a_process_takes_in_hand_what_it_has_room_for_however_often_bookings_change(work: Work) -> None:
    for reference in ("ONCE000000", "TWICE00000"):
        take_in(work, an_event(reference=reference))
    changes = [("ONCE000000", 2), ("TWICE00000", 2), ("TWICE00000", 3)]
    events = [
        an_event("BookingMoved", version, reference=reference, start=START + version * HOUR, previous=previously())
        for reference, version in changes
    ]
    written = in_hand(work, *events, room=1)
    assert Counter(claim.message.channel for claim in written.in_hand) == {"sms": 1, "email": 1}
    assert written.others
