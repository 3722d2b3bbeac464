"""What staff move or cancel they take back within a minute, and until then its old time stays theirs (PRODUCT C10)."""

from datetime import timedelta
from typing import Any

import pytest

from services.booking.handlers.bookings import undoing
from services.booking.handlers.making import holding
from shared.actor import Actor
from shared.contracts.envelope import Event, new_event
from shared.contracts.errors import ChangedMeanwhile, Forbidden, NoOpenNeed, SlotHeld, TooLate
from shared.ids import new_id
from shared.storage.database import Database
from tests.builders.booking.world import CLINIC, NOW, STAFF, START, TOOL, World, a_need, by_recall
from tests.integration.booking.calls import Calls
from tests.integration.booking.needs.clinic import FIRST, controlled

LATER = START + timedelta(hours=2)
A_LITTLE_LATER = START + timedelta(minutes=15)
SECOND = timedelta(seconds=1)
COLLEAGUE = Actor(kind="staff", id="ulf@solna.example", role="administrator", clinic=CLINIC)


def moved(calls: Calls, **fields: Any) -> str:
    """Book with Anna at START and let staff move it; return its reference."""
    booked = calls.book(practitioner="anna", type=fields.pop("booked", "visit"))
    calls.change(STAFF, booked["reference"], **{"start": LATER.isoformat(), **fields})
    return str(booked["reference"])


def place(shown: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(shown[name] for name in ("status", "type", "practitioner", "resources", "start", "end"))


@pytest.mark.parametrize(
    "change",
    [
        {"start": LATER.isoformat()},
        {"start": A_LITTLE_LATER.isoformat()},
        {"start": START.isoformat(), "practitioner": "bo"},
        {"start": START.isoformat(), "type": "laser", "minutes": 60},
        {"start": START.isoformat(), "minutes": 15},
    ],
)
def test_c10_a_move_is_taken_back_whatever_it_was(database: Database, change: dict[str, Any]) -> None:
    """Also where old and new time overlap: nobody's time is taken twice, and all is occupied as before."""
    calls = Calls(World(database))
    booked = calls.book(practitioner="anna", type="roomy")
    before, occupied = calls.get(booked["reference"], STAFF), calls.occupied()
    changed = calls.change(STAFF, booked["reference"], **change)
    undone = calls.undo(STAFF, booked["reference"], changed["version"])
    assert place(undone) == place(before)
    assert (undone["version"], undone["undo_until"]) == (3, None)
    assert calls.occupied() == occupied
    back = calls.events()[-1]
    assert back.type in {"BookingMoved", "BookingChanged"}
    assert (back.data["undoes"], back.data["undo_until"], back.data["previous"]["start"]) == (
        2, None, calls.events("BookingMoved", "BookingChanged")[0].data["start"],
    )  # fmt: skip


def test_c10_a_cancellation_taken_back_stands_as_before(database: Database) -> None:
    calls = Calls(World(database))
    booked = calls.book(practitioner="anna", type="roomy")
    before, occupied = calls.get(booked["reference"], STAFF), calls.occupied()
    cancelled = calls.cancel_as_staff(STAFF, booked["reference"], comment="By mistake")
    undone = calls.undo(STAFF, booked["reference"], cancelled["version"])
    assert (place(undone), undone["comment"]) == (place(before), None)
    assert calls.occupied() == occupied
    (restored,) = calls.events("BookingRestored")
    assert (restored.data["status"], restored.data["undoes"], restored.data["previous"]) == ("booked", 2, None)
    *_, entry = calls.history(STAFF, booked["reference"])["history"]
    assert (entry["type"], entry["changes"]) == (
        "BookingRestored", {"status": ["cancelled", "booked"], "undoes": [None, 2]},
    )  # fmt: skip


def test_c10_the_old_time_is_nobody_else_s_for_the_minute(database: Database) -> None:
    calls = Calls(World(database))
    moved(calls)
    (held,) = calls.events("SlotHeld")
    assert held.data["expires_at"] == (calls.world.now + timedelta(seconds=65)).isoformat()
    with pytest.raises(SlotHeld):
        calls.book(practitioner="anna")
    with pytest.raises(SlotHeld):
        calls.book(COLLEAGUE, practitioner="anna")
    calls.world.now += 65 * SECOND
    calls.book(practitioner="anna")


def test_c10_who_has_cleared_a_time_gives_it_away_which_is_the_end_of_undoing(database: Database) -> None:
    """By booking there: it need not be the whole time."""
    calls = Calls(World(database))
    reference = moved(calls)
    assert calls.book(STAFF, practitioner="anna", start=A_LITTLE_LATER.isoformat())["status"] == "booked"
    assert calls.get(reference, STAFF)["undo_until"] is None
    with pytest.raises(TooLate):
        calls.undo(STAFF, reference, 2)
    assert len(calls.occupied()) == 2, "nothing is kept any more"
    assert len(calls.events("SlotHeld")) == len(calls.events("SlotReleased")) == 1


def test_c10_or_by_moving_another_booking_there(database: Database) -> None:
    calls = Calls(World(database))
    cancelled = calls.book(practitioner="anna")["reference"]
    other = calls.book(practitioner="anna", start=LATER.isoformat())["reference"]
    calls.cancel_as_staff(STAFF, cancelled)
    assert calls.change(STAFF, other, start=START.isoformat())["undo_until"]
    assert calls.get(cancelled, STAFF)["undo_until"] is None
    assert calls.undo(STAFF, other, 2)["start"] == "2026-12-01T16:00:00+01:00", "this one is undone as ever"
    with pytest.raises(TooLate):
        calls.undo(STAFF, cancelled, 2)


def test_c10_to_hold_a_time_gives_nothing_up_and_says_that_booking_it_will(database: Database) -> None:
    """A panel that is opened takes nothing back."""
    calls = Calls(World(database))
    reference = moved(calls)
    with pytest.raises(SlotHeld) as refused:
        calls.hold(STAFF, practitioner="anna")
    assert refused.value.extra["gives_up_undo"] is True
    with pytest.raises(SlotHeld) as refused:
        calls.hold(COLLEAGUE, practitioner="anna")
    assert "gives_up_undo" not in refused.value.extra
    assert calls.undo(STAFF, reference, 2)["start"] == "2026-12-01T14:00:00+01:00"


def test_c10_nothing_is_given_up_where_something_else_stands_in_the_way_or_somebody_else_is_free(
    database: Database,
) -> None:
    calls = Calls(World(database))
    reference = moved(calls)
    assert calls.book(STAFF)["practitioner"] == "bo", "whoever it may be with"
    calls.hold(practitioner="anna", start=A_LITTLE_LATER.replace(minute=30).isoformat())
    with pytest.raises(SlotHeld):
        calls.book(STAFF, practitioner="anna", start=A_LITTLE_LATER.isoformat())
    assert calls.undo(STAFF, reference, 2)["start"] == "2026-12-01T14:00:00+01:00"


def test_what_is_left_of_the_old_time_alone_is_kept(calls: Calls) -> None:
    moved(calls, start=A_LITTLE_LATER.isoformat())
    taken = [(start, end) for resource, start, end in calls.occupied() if resource == "practitioner:anna"]
    assert sorted(taken) == [(START, A_LITTLE_LATER), (A_LITTLE_LATER, A_LITTLE_LATER + timedelta(minutes=30))]


def test_staff_who_move_on_or_back_by_hand_are_not_in_their_own_way(database: Database) -> None:
    calls = Calls(World(database))
    reference = moved(calls)
    assert calls.change(STAFF, reference, start=A_LITTLE_LATER.isoformat())["version"] == 3
    calls.change(STAFF, reference, start=START.isoformat())
    assert calls.undo(STAFF, reference, 4)["start"] == "2026-12-01T14:15:00+01:00", "one step alone"
    with pytest.raises(TooLate):
        calls.undo(STAFF, reference, 5)
    assert len(calls.occupied()) == 1
    assert len(calls.events("SlotHeld")) == len(calls.events("SlotReleased")) == 3


def test_the_patient_who_changes_it_meanwhile_takes_it_over(calls: Calls) -> None:
    booked = calls.book(practitioner="anna")
    calls.change(STAFF, booked["reference"], start=LATER.isoformat())
    calls.move(booked["manage_token"], A_LITTLE_LATER)
    with pytest.raises(ChangedMeanwhile):
        calls.undo(STAFF, booked["reference"], 2)
    with pytest.raises(TooLate):
        calls.undo(STAFF, booked["reference"], 3)
    assert len(calls.occupied()) == 1


def test_only_who_made_the_change_takes_it_back_and_only_within_the_minute(calls: Calls) -> None:
    reference = moved(calls)
    assert calls.get(reference, STAFF)["undo_until"] == "2026-11-02T10:01:00+01:00"
    assert calls.get(reference, COLLEAGUE)["undo_until"] is None
    with pytest.raises(Forbidden):
        calls.undo(COLLEAGUE, reference, 2)
    with pytest.raises(ChangedMeanwhile):
        calls.undo(STAFF, reference, 1)
    calls.world.now += 59 * SECOND
    assert calls.get(reference, STAFF)["undo_until"]
    calls.world.now += SECOND
    assert calls.get(reference, STAFF)["undo_until"] is None
    with pytest.raises(TooLate):
        calls.undo(STAFF, reference, 2)


def test_what_patients_and_tools_change_stands_at_once(calls: Calls) -> None:
    booked = calls.book(practitioner="anna")
    calls.move(booked["manage_token"], LATER)
    calls.change(TOOL, booked["reference"], start=START.isoformat())
    calls.cancel_as_staff(TOOL, booked["reference"])
    assert calls.events("SlotHeld") == []
    assert {event.data["undo_until"] for event in calls.events()} == {None}
    assert calls.occupied() == []


def test_when_the_minute_is_over_nothing_of_it_is_left(database: Database) -> None:
    calls = Calls(World(database))
    reference = moved(calls)
    calls.world.now += 65 * SECOND
    holding.sweep(calls.world.desk())
    undoing.forget(calls.world.desk())
    assert len(calls.events("SlotReleased")) == 1
    assert len(calls.occupied()) == 1
    with calls.world.work.reading() as store:
        kept = store.booking(reference)
    assert kept is not None
    assert kept.undo is None
    with pytest.raises(TooLate):
        calls.undo(STAFF, reference, 2)


def test_c10_its_need_is_nobody_else_s_for_the_minute_and_used_again(database: Database) -> None:
    calls = Calls(World(database, types=[controlled()]))
    calls.hear(a_need())
    booked = calls.book(by_recall(FIRST))
    calls.cancel_as_staff(STAFF, booked["reference"])
    with pytest.raises(NoOpenNeed):
        calls.book(by_recall(FIRST), start=LATER.isoformat())
    calls.undo(STAFF, booked["reference"], 2)
    (restored,) = calls.events("BookingRestored")
    assert restored.data["need"] == FIRST
    calls.cancel_as_staff(STAFF, booked["reference"])
    calls.world.now += 65 * SECOND
    assert calls.book(by_recall(FIRST), start=LATER.isoformat())["status"] == "booked"


def test_c10_whom_staff_did_not_tell_stays_visible_until_somebody_does(calls: Calls) -> None:
    """The history says what was chosen; an undone change leaves the booking as much told of as it was."""
    booked = calls.book(practitioner="anna")
    changed = calls.change(STAFF, booked["reference"], start=LATER.isoformat(), tell="practitioner")
    assert changed["not_told"] is True
    (event,) = calls.events("BookingMoved")
    assert (event.data["tell"], event.data["not_told"]) == ("practitioner", True)
    *_, entry = calls.history(STAFF, booked["reference"])["history"]
    assert entry["changes"]["tell"] == [None, "practitioner"]
    calls.undo(STAFF, booked["reference"], 2)
    assert calls.get(booked["reference"], STAFF)["not_told"] is False
    calls.cancel_as_staff(STAFF, booked["reference"], tell="none")
    assert calls.events()[-1].data["tell"] == "none"
    calls.undo(STAFF, booked["reference"], 4)
    calls.change(STAFF, booked["reference"], start=LATER.isoformat(), tell="none")
    assert calls.change(STAFF, booked["reference"], start=START.isoformat())["not_told"] is False


def test_c10_staff_book_and_tell_nobody(calls: Calls) -> None:
    booked = calls.book(STAFF, practitioner="anna", tell="none")
    assert calls.get(booked["reference"], STAFF)["not_told"] is True
    assert calls.events()[-1].data["tell"] == "none"


def test_undoing_twice_or_at_once_undoes_once(calls: Calls) -> None:
    reference = moved(calls)
    calls.undo(STAFF, reference, 2)
    with pytest.raises(ChangedMeanwhile):
        calls.undo(STAFF, reference, 2)
    assert calls.get(reference, STAFF)["start"] == "2026-12-01T14:00:00+01:00"


def delivery(event: str, version: int | None, reference: str, state: str = "sent") -> Event:
    """Return what notification tells of a message of a booking, as of one of its versions."""
    data = {
        "message": "m" * 32, "event": event, "channel": "sms", "booking": reference, "state": state, "person": "sealed",
        **({} if version is None else {"booking_version": version}),
    }  # fmt: skip
    return new_event(
        "notification", "MessageSent", clinic=CLINIC, subject=new_id(), version=1, data=data, now=NOW,
        actor={"kind": "service", "id": "notification"}, correlation_id="c",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("event", "version", "told"),
    [
        ("reminder", 2, True),
        ("booked", 3, True),
        ("booked", 1, False),
        ("practitioner_moved", 2, False),
        ("booked", None, False),
    ],
)
def test_c10_a_message_to_the_patient_about_what_they_were_not_told_tells_them(
    database: Database, event: str, version: int | None, told: bool
) -> None:
    """Nothing about an earlier version, nor to the practitioner, nor of a neighbour of the version before does."""
    calls = Calls(World(database))
    reference = calls.book(practitioner="anna")["reference"]
    calls.change(STAFF, reference, start=LATER.isoformat(), tell="none")
    calls.hear(delivery(event, version, reference))
    assert calls.get(reference, STAFF)["not_told"] is not told


@pytest.mark.parametrize("undone", [False, True])
@pytest.mark.parametrize("cancelled", [False, True])
def test_what_was_taken_back_is_told_again_as_its_event_told_it(calls: Calls, cancelled: bool, undone: bool) -> None:
    """So that who compares what it holds tells nobody of it either."""
    reference = calls.book(practitioner="anna")["reference"]
    if cancelled:
        calls.cancel_as_staff(STAFF, reference, tell="practitioner")
    else:
        calls.change(STAFF, reference, start=LATER.isoformat(), tell="practitioner")
    if undone:
        calls.undo(STAFF, reference, 2)
    (told,) = calls.by(Actor(kind="service", id="notification")).states(CLINIC, references=[reference])["bookings"]
    newest = [event for event in calls.events() if event.subject == reference][-1]
    assert told["event"]["type"] == newest.type
    assert told["event"]["data"] == newest.data
    assert told["news"] == newest.subject_version
