"""What staff may still take back is told nobody, and what was taken back never (PRODUCT C10)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.contracts.envelope import Event
from tests.builders.clock import FakeClock
from tests.builders.notification.mailroom import FakeChannel, Work, listed, send, tell
from tests.builders.notification.messages import NOW, START, a_desk, an_event, previously

HOUR = timedelta(hours=1)
UNTIL = NOW + timedelta(seconds=65)
BOTH = [("moved", "email"), ("moved", "sms")]


def moved(version: int, to: datetime, *, before: datetime, **data: Any) -> Event:
    """Return the event of a move that can be undone, where nothing else is said."""
    known = {"start": to, "previous": previously(start=before), "undo_until": UNTIL.isoformat(), **data}
    return an_event("BookingMoved", version, **known)


def undone(version: int, **data: Any) -> Event:
    """Return the event that takes the move of the version before back."""
    known = {"start": START, "previous": previously(start=START + HOUR), "undoes": version - 1, **data}
    return an_event("BookingMoved", version, **known)


def to_patient(work: Work, *states: str) -> list[tuple[str, str]]:
    found = [each for each in listed(work) if each["audience"] == "patient" and each["state"] in states]
    return sorted((each["event"], each["channel"]) for each in found if each["event"] != "reminder")


def a_told_booking(work: Work) -> FakeChannel:
    """Take in a new booking, and send what is told of it."""
    channel = FakeChannel()
    tell(a_desk(work), an_event())
    send(work, channel, FakeClock(NOW))
    assert to_patient(work, "sent") == [("booked", "email"), ("booked", "sms")]
    return channel


def test_c10_a_change_that_may_be_undone_waits_as_long(work: Work) -> None:
    channel = a_told_booking(work)
    tell(a_desk(work), moved(2, START + HOUR, before=START))
    before = len(channel.sent)
    send(work, channel, FakeClock(UNTIL - timedelta(seconds=1)))
    assert len(channel.sent) == before
    assert to_patient(work, "planned") == BOTH
    send(work, channel, FakeClock(UNTIL))
    assert to_patient(work, "planned") == []


@pytest.mark.parametrize("together", [True, False])
def test_c10_what_was_undone_is_never_told(work: Work, together: bool) -> None:
    channel = a_told_booking(work)
    events = [moved(2, START + HOUR, before=START), undone(3)]
    for gathered in [events] if together else [[each] for each in events]:
        tell(a_desk(work), *gathered)
    before = len(channel.sent)
    send(work, channel, FakeClock(UNTIL + HOUR))
    assert len(channel.sent) == before
    assert to_patient(work, "withdrawn") == BOTH


def test_c10_nor_where_the_undoing_is_heard_of_first(work: Work) -> None:
    channel = a_told_booking(work)
    tell(a_desk(work), undone(3))
    tell(a_desk(work), moved(2, START + HOUR, before=START))
    before = len(channel.sent)
    send(work, channel, FakeClock(UNTIL + HOUR))
    assert len(channel.sent) == before


@pytest.mark.parametrize("undone_first", [True, False])
def test_c10_what_the_undone_change_had_kept_from_people_goes_out(work: Work, undone_first: bool) -> None:
    """Staff move twice within the minute and take the second move back: of the first everybody is told."""
    channel = a_told_booking(work)
    tell(a_desk(work), moved(2, START + HOUR, before=START))
    again = moved(3, START + 2 * HOUR, before=START + HOUR)
    back = undone(4, start=START + HOUR, previous=previously(start=START + 2 * HOUR))
    for event in (back, again) if undone_first else (again, back):
        tell(a_desk(work), event)
    before = len(channel.sent)
    send(work, channel, FakeClock(UNTIL))
    assert to_patient(work, "sent") == sorted([("booked", "email"), ("booked", "sms"), *BOTH])
    told = [each.content.text for each in channel.sent[before:]]
    assert told
    assert all("16:00" not in text for text in told), "of the time that was taken back"


def test_c10_but_not_where_staff_had_kept_that_from_them(work: Work) -> None:
    channel = a_told_booking(work)
    tell(a_desk(work), moved(2, START + HOUR, before=START, tell="none"))
    tell(a_desk(work), moved(3, START + 2 * HOUR, before=START + HOUR))
    back = undone(4, start=START + HOUR, previous=previously(start=START + 2 * HOUR), tell="none")
    before = len(channel.sent)
    tell(a_desk(work), back)
    send(work, channel, FakeClock(UNTIL))
    assert len(channel.sent) == before


@pytest.mark.parametrize("restored_first", [True, False])
def test_c10_a_cancellation_taken_back_is_never_told_and_its_reminders_are_planned_again(
    work: Work, restored_first: bool
) -> None:
    channel = a_told_booking(work)
    cancelled = an_event("BookingCancelled", 2, status="cancelled", undo_until=UNTIL.isoformat())
    restored = an_event("BookingRestored", 3, undoes=2)
    for event in (restored, cancelled) if restored_first else (cancelled, restored):
        tell(a_desk(work), event)
    before = len(channel.sent)
    send(work, channel, FakeClock(UNTIL + HOUR))
    assert len(channel.sent) == before


@pytest.mark.parametrize(
    ("choice", "told"), [("all", {"patient", "practitioner", "clinic"}), ("practitioner", {"practitioner", "clinic"})]
)
def test_c10_staff_choose_who_is_told(work: Work, choice: str, told: set[str]) -> None:
    """None of what was planned before goes out in its place."""
    tell(a_desk(work), an_event())
    tell(a_desk(work), an_event("BookingCancelled", 2, status="cancelled", tell=choice))
    assert {each["audience"] for each in listed(work) if each["state"] == "planned"} == told


def test_c10_staff_tell_nobody(work: Work) -> None:
    tell(a_desk(work), an_event())
    tell(a_desk(work), an_event("BookingCancelled", 2, status="cancelled", tell="none"))
    assert {each["state"] for each in listed(work)} == {"withdrawn"}
