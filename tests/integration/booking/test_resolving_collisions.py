"""What an absence makes impossible is dealt with at once: moved, or left to its patients to choose (PRODUCT C12)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.actor import Actor
from shared.contracts.errors import (
    AlreadyCancelled,
    BookingOff,
    Forbidden,
    Invalid,
    NotChangeable,
    NotFound,
    TooLate,
)
from shared.storage.database import Database
from tests.builders.booking.world import CLINIC, KEYS, PATIENT, STAFF, START, World
from tests.integration.booking.calls import Calls
from tests.integration.statements import statements

HALF_HOUR, DAY = timedelta(minutes=30), timedelta(days=1)
ILL = "1" * 32
ANNA, BO = (
    Actor(kind="staff", id=f"{key}@solna.example", role="therapist", clinic=CLINIC, practitioner=key)
    for key in ("anna", "bo")
)


def away(calls: Calls, practitioner: str | None = "anna", **changes: Any) -> None:
    """Let somebody, or the whole clinic, be away on START's date."""
    absence = {"id": ILL, "practitioner": practitioner, "resource": None, "from": "2026-12-01", "to": "2026-12-01"}
    calls.world.change_document(**changes)
    document = calls.world.documents.document
    calls.world.documents.document = {**document, "absences": [{**absence, "reason": "Ill"}]}


def booked(calls: Calls, count: int = 1, actor: Actor = STAFF, **fields: Any) -> list[str]:
    """Return the references of so many bookings with Anna in a row from START on."""
    made = [
        calls.book(actor, **{"practitioner": "anna", "start": (START + n * HALF_HOUR).isoformat(), **fields})
        for n in range(count)
    ]
    return [each["reference"] for each in made]


def times(calls: Calls, actor: Actor = STAFF, **paging: Any) -> dict[str, Any]:
    """Return what stands in the way, with other times."""
    found: dict[str, Any] = calls.by(actor).collision_times(CLINIC, absence=ILL, **paging)
    return found


def resolve(calls: Calls, actor: Actor = STAFF, **fields: Any) -> dict[str, Any]:
    """Deal with it."""
    done: dict[str, Any] = calls.by(actor).resolve_collisions(CLINIC, absence=ILL, **fields)
    return done


def to(reference: str, start: datetime, version: int = 1, **fields: Any) -> dict[str, Any]:
    """Return where a booking is to go."""
    return {"reference": reference, "start": start.isoformat(), "version": version, **fields}


def outcome(done: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what became of each booking: what was done, or the refusal's code."""
    return [(each["reference"], each["done"] or each["refusal"]["code"]) for each in done["results"]]


def open_on_watch_list(calls: Calls, actor: Actor = STAFF) -> list[str]:
    """Return which bookings stand on the watch list for an absence."""
    listed = calls.watch_list(actor)["watch_list"]
    return [each["booking"]["reference"] for each in listed if each["reason"] == "absence"]


def test_c12_each_booking_is_shown_with_free_times_of_its_practitioner_and_of_others(database: Database) -> None:
    calls = Calls(World(database))
    made = booked(calls, 2)
    away(calls)
    calls.world.availability.closed |= {START.replace(hour=8) + n * HALF_HOUR for n in range(16)}
    found = times(calls)
    assert [each["booking"]["reference"] for each in found["collisions"]] == made
    assert (found["count"], found["next"]) == (2, None)
    first, second = found["collisions"]
    assert {place["practitioner"] for place in first["same"]} == {"anna"}
    assert {place["practitioner"] for place in first["others"]} == {"bo"}
    assert first["suggested"] in first["same"]
    assert first["suggested"] != second["suggested"]
    assert first["reach"] == ["sms", "email"]
    (query,) = calls.world.availability.free_slots.calls
    assert (query["type"], query["minutes"], query["from"]) == ("visit", 30, "2026-11-30"), "alike, they are one search"


def test_c12_moves_and_invitations_go_in_one_call_each_with_its_own_result(database: Database) -> None:
    calls = Calls(World(database))
    moved, taken, invited, left = booked(calls, 4)
    calls.book(STAFF, practitioner="anna", start=(START + 2 * DAY).isoformat())
    away(calls)
    done = resolve(
        calls,
        move=[to(moved, START, practitioner="bo"), to(taken, START + 2 * DAY), to("NOBODY0000", START + DAY)],
        invite=[invited, "NOBODY0000"],
        text="Anna is ill. We are sorry.",
    )
    assert outcome(done) == [
        (moved, "moved"), (taken, "slot_taken"), ("NOBODY0000", "not_found"), (invited, "invited"),
        ("NOBODY0000", "not_found"),
    ]  # fmt: skip
    assert done["results"][0]["booking"]["practitioner"] == "bo"
    assert done["results"][1]["refusal"]["alternatives"], "who loses a time is shown others"
    assert done["results"][3]["booking"]["invited"]
    assert done["open"] == 3
    assert sorted(open_on_watch_list(calls)) == sorted([taken, invited, left]), "what is open stays on the watch list"


def test_c12_who_is_invited_moves_by_the_link_whatever_origin_and_deadline_to_whoever_takes_the_type(
    database: Database,
) -> None:
    calls = Calls(World(database))
    booking = calls.book(STAFF, practitioner="anna")
    token = booking["manage_token"]
    away(calls)
    calls.world.now = START - timedelta(hours=1)
    with pytest.raises(NotChangeable):
        calls.move(token, START + DAY)
    resolve(calls, invite=[booking["reference"]], text="Anna is ill.")
    opened = calls.open(token)
    assert opened["booking"]["invitation"] == "Anna is ill."
    assert opened["may"]["rebook"]["allowed"]
    assert not opened["may"]["cancel"]["allowed"], "the rest is as it was"
    slots = calls.by().slots_for(token, **{"from": "2026-12-02", "to": "2026-12-02"})["slots"]
    assert slots[0]["practitioners"] == ["anna", "bo"]
    moved = calls.move(token, START + DAY, practitioner="bo", version=2)
    assert (moved["practitioner"], moved["invited"], moved["version"]) == ("bo", False, 3)
    with pytest.raises(NotChangeable):
        calls.move(token, START + 2 * DAY)


def test_c12_an_invitation_outlives_the_time_that_could_not_be_kept(calls: Calls) -> None:
    booking = calls.book(STAFF, practitioner="anna")
    away(calls)
    resolve(calls, invite=[booking["reference"]])
    calls.world.now = START + 3 * DAY
    assert calls.move(booking["manage_token"], START + 4 * DAY)["status"] == "booked"
    again = calls.book(STAFF, practitioner="anna", start=(START + 5 * DAY).isoformat())
    calls.world.now = START + 5 * DAY - timedelta(hours=1)
    with pytest.raises(NotChangeable):
        calls.move(again["manage_token"], START + 6 * DAY)


def test_c12_without_a_wish_whoever_is_free_takes_the_new_time(calls: Calls) -> None:
    booking = calls.book(STAFF, practitioner="bo")
    calls.book(STAFF, practitioner="anna", start=(START + DAY).isoformat())
    away(calls, None)
    resolve(calls, invite=[booking["reference"]])
    assert calls.move(booking["manage_token"], START + DAY)["practitioner"] == "bo"


def test_m4_who_was_not_invited_keeps_their_practitioner(calls: Calls) -> None:
    booking = calls.book(practitioner="anna")
    with pytest.raises(Invalid) as refused:
        calls.move(booking["manage_token"], START + DAY, practitioner="bo")
    assert set(refused.value.extra["errors"]) == {"practitioner"}
    assert calls.move(booking["manage_token"], START + DAY, practitioner="anna")["practitioner"] == "anna"


def test_c12_the_watch_list_ticks_itself_off_when_the_booking_has_moved_whoever_moves_it(database: Database) -> None:
    calls = Calls(World(database))
    by_patient, by_staff, cancelled = booked(calls, 3)
    away(calls)
    resolve(calls, invite=[by_patient])
    assert calls.by(STAFF).watch_list_count(CLINIC) == {"open": 3}
    token = calls.by(STAFF).new_link(CLINIC, by_patient, send=False)["manage_token"]
    calls.move(token, START + DAY)
    calls.change(STAFF, by_staff, start=(START + 2 * DAY).isoformat())
    calls.cancel_as_staff(STAFF, cancelled)
    assert open_on_watch_list(calls) == []
    assert calls.by(STAFF).watch_list_count(CLINIC) == {"open": 0}
    done = calls.watch_list(STAFF, done=True)["watch_list"]
    assert {each["booking"]["reference"]: each["done_by"] for each in done} == {
        by_patient: None, by_staff: STAFF.id, cancelled: STAFF.id,
    }  # fmt: skip


def test_c12_what_is_in_the_way_is_watched_by_as_few_statements_however_much_it_is(postgres: Database) -> None:
    calls, counted = Calls(World(postgres)), []
    for first, last in ((0, 1), (1, 5)):
        for number in range(first, last):
            calls.book(STAFF, practitioner="anna", start=(START + number * HALF_HOUR).isoformat())
        away(calls)
        with statements(postgres) as sent:
            assert resolve(calls)["open"] == last
        counted.append(len(sent))
        calls.world.change_document(absences=[])
    assert counted[0] == counted[1]
    assert len(open_on_watch_list(calls)) == 5


def test_m5_who_cancels_instead_of_choosing_stands_on_the_watch_list_as_such(calls: Calls) -> None:
    booking = calls.book(practitioner="anna")
    away(calls)
    resolve(calls, invite=[booking["reference"]])
    calls.cancel(booking["manage_token"], comment="No time suits me.")
    (entry,) = calls.watch_list(STAFF)["watch_list"]
    assert (entry["reason"], entry["comment"], entry["done_at"]) == ("cancelled", "No time suits me.", None)


def test_what_was_ticked_off_does_not_come_back_for_the_same_absence(calls: Calls) -> None:
    (reference,) = booked(calls)
    away(calls)
    resolve(calls)
    (entry,) = calls.watch_list(STAFF)["watch_list"]
    calls.by(STAFF).watch_done(CLINIC, entry["id"])
    resolve(calls)
    assert open_on_watch_list(calls) == []
    assert times(calls)["collisions"][0]["booking"]["reference"] == reference, "it still stands in the way"


def test_c12_an_invitation_is_told_in_the_history_and_to_the_house_without_the_words(calls: Calls) -> None:
    booking = calls.book(practitioner="anna")
    away(calls)
    resolve(calls, invite=[booking["reference"]], text="Anna is ill.")
    entry = calls.history(STAFF, booking["reference"])["history"][-1]
    assert (entry["type"], entry["actor"]["id"]) == ("MoveInvited", STAFF.id)
    assert entry["changes"] == {"invitation": [None, "Anna is ill."]}
    (event,) = calls.events("MoveInvited")
    assert (event.data["invited"], event.data["changeable"], event.data["version"]) == (True, True, 2)
    assert "Anna is ill" not in str(event.data)
    assert KEYS.people.open(event.data["person"])["invitation"] == "Anna is ill."
    assert calls.by(STAFF).verify_history(CLINIC)["broken"] == []


def test_nobody_is_invited_who_cannot_choose_or_is_not_reached(calls: Calls) -> None:
    silent = calls.book(
        STAFF,
        practitioner="anna",
        patient={**PATIENT, "email": None, "sms_ok": False},
    )["reference"]
    elsewhere = calls.book(STAFF, practitioner="bo")["reference"]
    (standing,) = booked(calls, start=(START + HALF_HOUR).isoformat())
    away(calls)
    assert outcome(resolve(calls, invite=[silent, elsewhere])) == [(silent, "invalid"), (elsewhere, "invalid")]
    away(calls, booking={"active": True, "rebook": False, "holidays": {"closed": False}})
    assert outcome(resolve(calls, invite=[standing])) == [(standing, "function_off")]
    away(calls, booking={"active": False, "holidays": {"closed": False}})
    assert outcome(resolve(calls, invite=[standing])) == [(standing, "booking_off")]
    away(calls, booking={"active": True, "holidays": {"closed": False}})
    calls.cancel_as_staff(STAFF, standing)
    assert outcome(resolve(calls, invite=[standing])) == [(standing, "invalid")]
    assert calls.events("MoveInvited") == []


def test_a_move_decided_on_an_older_version_is_not_done(calls: Calls) -> None:
    (reference,) = booked(calls)
    calls.by(STAFF).set_sms_reminder(CLINIC, reference, on=False)
    away(calls)
    assert outcome(resolve(calls, move=[to(reference, START + DAY)])) == [(reference, "changed_meanwhile")]
    assert outcome(resolve(calls, move=[to(reference, START + DAY, version=2)])) == [(reference, "moved")]


def test_c1_a_therapist_deals_with_their_own_absence_within_their_own_calendar(calls: Calls) -> None:
    (reference,) = booked(calls)
    away(calls)
    for act in (times, resolve):
        with pytest.raises(Forbidden):
            act(calls, BO)
    (shown,) = times(calls, ANNA)["collisions"]
    assert (shown["others"], bool(shown["same"])) == ([], True)
    assert outcome(resolve(calls, ANNA, move=[to(reference, START, practitioner="bo")])) == [(reference, "forbidden")]
    assert outcome(resolve(calls, ANNA, move=[to(reference, START + DAY)])) == [(reference, "moved")]
    away(calls, None)
    with pytest.raises(Forbidden):
        times(calls, ANNA)


def test_an_absence_that_is_not_there_is_not_found(calls: Calls) -> None:
    for act in (times, resolve):
        with pytest.raises(NotFound):
            act(calls)


@pytest.mark.parametrize(
    "wrong",
    [
        {"move": [{"reference": "R"}]},
        {"move": [{"reference": "R", "start": START.isoformat(), "version": "1"}]},
        {"invite": ["R"] * 51},
        {"text": "x" * 1001},
        {"tell": "nobody at all"},
    ],
)
def test_what_makes_no_sense_is_invalid(calls: Calls, wrong: dict[str, Any]) -> None:
    away(calls)
    with pytest.raises(Invalid):
        resolve(calls, **wrong)


def test_a_link_that_was_invited_still_says_that_the_booking_is_over_or_off(calls: Calls) -> None:
    booking = calls.book(STAFF, practitioner="anna")
    token = booking["manage_token"]
    away(calls)
    resolve(calls, invite=[booking["reference"]])
    away(calls, booking={"active": False, "holidays": {"closed": False}})
    with pytest.raises(BookingOff):
        calls.move(token, START + DAY)
    away(calls, booking={"active": True, "holidays": {"closed": False}})
    calls.cancel_as_staff(STAFF, booking["reference"])
    with pytest.raises(AlreadyCancelled):
        calls.move(token, START + DAY)


def test_deadlines_bind_those_who_were_not_invited(calls: Calls) -> None:
    booking = calls.book(practitioner="anna")
    calls.world.now = START - timedelta(hours=1)
    with pytest.raises(TooLate):
        calls.move(booking["manage_token"], START + DAY)


def test_c10_c12_who_takes_a_move_out_of_the_way_back_finds_it_on_the_watch_list_again(database: Database) -> None:
    calls = Calls(World(database))
    (reference,) = booked(calls)
    away(calls)
    resolve(calls, invite=[reference])
    version = calls.get(reference, STAFF)["version"]
    resolve(calls, move=[to(reference, START + DAY, version)])
    assert open_on_watch_list(calls) == []
    undone = calls.undo(STAFF, reference, version + 1)
    assert undone["invited"]
    assert open_on_watch_list(calls) == [reference]
