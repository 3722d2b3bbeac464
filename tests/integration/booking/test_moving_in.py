"""The former system's appointments are taken over, each once, and nothing stands twice (PRODUCT C14, issue 14)."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.contracts.errors import Forbidden, LoginRequired
from shared.storage.database import Database
from tests.builders.booking.world import CLINIC, KEYS, MAJA, NOW, PUBLIC, STAFF, START, World, a_document
from tests.integration.booking.calls import BO, Calls, an_event
from tests.integration.booking.competing import Booking, all_at_once
from tests.integration.booking.dying import kill_in_the_middle
from tests.integration.statements import statements

HALF_AN_HOUR, AN_HOUR, A_DAY = timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)
NILS = "b" * 32


@pytest.fixture
def calls(sqlite: Database) -> Calls:
    """Return the calls of a clinic that knows Maja and Nils, who share a mobile."""
    return with_patients(World(sqlite))


def with_patients(world: World) -> Calls:
    for id, first_name in ((MAJA, "Maja"), (NILS, "Nils")):
        world.patients.records[id] = {
            "first_name": first_name, "last_name": "Lund", "mobile": "+46701234567", "email": None, "sms_ok": None,
        }  # fmt: skip
    return Calls(world)


def at(hours: float, **line: Any) -> dict[str, Any]:
    return {"start": (START + timedelta(hours=hours)).isoformat(), **line}


def outcomes(answers: list[dict[str, Any]]) -> list[str]:
    return [each["outcome"] for each in answers]


def test_c14_an_appointment_is_booked_as_others_are_and_nobody_is_told(calls: Calls) -> None:
    (answer,) = calls.take_over({"former": "4711", "message": " By the back door. "})
    booking = calls.get(answer["reference"], STAFF)
    assert (answer["outcome"], answer["patient"]) == ("new", MAJA)
    assert (booking["status"], booking["origin"]) == ("booked", "staff")
    assert booking["patient"]["id"] == MAJA
    assert booking["not_told"] is False, "who knows of it from the former system is not waiting to be told"
    (event,) = calls.events()
    assert (event.type, event.subject, event.data["tell"], event.data["undo_until"]) == (
        "BookingCreated", answer["reference"], "none", None,
    )  # fmt: skip
    person = KEYS.people.open(event.data["person"])
    assert (person["patient"], person["message"], person["sms_ok"]) == (MAJA, "By the back door.", True)
    assert calls.occupied() == [("practitioner:anna", START, START + HALF_AN_HOUR)]


def test_c14_the_history_says_who_has_taken_it_over_and_cannot_be_tampered_with(calls: Calls) -> None:
    (answer,) = calls.take_over({})
    (entry,) = calls.history(STAFF, answer["reference"])["history"]
    assert (entry["type"], entry["actor"]["id"], entry["changes"]["imported"]) == (
        "BookingCreated", STAFF.id, [None, True],
    )  # fmt: skip
    assert calls.by(STAFF).verify_history(CLINIC)["broken"] == []


@pytest.mark.parametrize("line", [{"former": "4711"}, {}], ids=["by its key", "by what it says"])
def test_c14_a_second_run_changes_nothing(calls: Calls, line: dict[str, Any]) -> None:
    lines = line, at(1, former="4712"), at(2, patient={"id": NILS})
    first = calls.take_over(*lines)
    before = calls.events(), calls.occupied()
    again = calls.take_over(*lines)
    assert (outcomes(first), outcomes(again)) == (3 * ["new"], 3 * ["known"])
    assert [each["reference"] for each in again] == [each["reference"] for each in first]
    assert (calls.events(), calls.occupied()) == before


def test_c14_a_preview_answers_the_same_and_writes_nothing(calls: Calls) -> None:
    booked = calls.book(practitioner="anna")["reference"]
    before = calls.events(), calls.occupied()
    lines = {"patient": {"id": NILS}}, at(1), at(1, patient={"id": NILS}), {"type": "none"}
    previewed, really = calls.take_over(*lines, dry_run=True), None
    assert (calls.events(), calls.occupied()) == before
    really = calls.take_over(*lines)
    assert outcomes(previewed) == outcomes(really) == ["collides", "new", "collides", "wrong"]
    assert previewed[0]["with"] == really[0]["with"] == [booked]
    assert previewed[2]["with_lines"] == really[2]["with_lines"] == [2]
    assert previewed[1]["reference"] is None


def test_b11_what_collides_is_listed_and_left_out_and_all_else_is_written(calls: Calls) -> None:
    """Overlap stays refused: also by rooms, by buffers, and by a time that somebody is just about to book."""
    held = calls.hold(practitioner="bo", start=(START + AN_HOUR).isoformat())
    laser = {"type": "laser", "patient": {"id": NILS}}
    answers = calls.take_over(
        {"practitioner": "anna"},
        at(0.25, patient={"id": NILS}),
        at(1, practitioner="bo"),
        at(2, **laser, practitioner="bo"),
        at(2.5, **laser, practitioner="anna"),
        at(3, **laser, practitioner="anna"),
    )
    assert outcomes(answers) == ["new", "collides", "collides", "new", "collides", "new"]
    assert answers[1]["with_lines"] == [1]
    assert (answers[2]["held"], held["hold"] is not None) == (True, True)
    assert answers[4]["with_lines"] == [4, 6], "ten minutes after it the laser is still warm"
    assert len(calls.find(STAFF)["bookings"]) == 3


def test_b12_a_hold_that_has_expired_is_in_nobody_s_way(calls: Calls) -> None:
    calls.hold(practitioner="anna")
    calls.world.now = NOW + AN_HOUR
    assert outcomes(calls.take_over({})) == ["new"]
    assert [event.type for event in calls.events("SlotReleased", "BookingCreated")] == [
        "SlotReleased",
        "BookingCreated",
    ]


def test_c14_rooms_are_those_that_the_file_names_else_any_that_is_free(calls: Calls) -> None:
    answers = calls.take_over(
        {"type": "roomy", "resources": ["room-2"]},
        {"type": "roomy", "practitioner": "bo", "patient": {"id": NILS}},
        at(1, type="roomy", resources=[]),
        at(2, resources=["sauna"]),
    )
    assert outcomes(answers) == ["new", "new", "new", "wrong"]
    used = [calls.get(each["reference"], STAFF)["resources"] for each in answers[:3]]
    assert used == [["room-2"], ["room-1"], []]


def test_c14_a_newer_file_moves_what_is_untouched_and_makes_room_for_others(calls: Calls) -> None:
    first = calls.take_over({"former": "1"}, at(1, former="2"), at(2, former="3"))
    answers = calls.take_over(at(1, former="1"), at(3, former="2"), at(2, former="3", minutes=45))
    assert outcomes(answers) == ["changed", "changed", "changed"]
    assert [each["reference"] for each in answers] == [each["reference"] for each in first]
    assert sorted(event.type for event in calls.events()[3:]) == ["BookingChanged", "BookingMoved", "BookingMoved"]
    assert {event.data["tell"] for event in calls.events()} == {"none"}
    again = calls.take_over(at(1, former="1"), at(3, former="2"), at(2, former="3", minutes=45))
    assert outcomes(again) == ["known", "known", "known"]
    assert calls.by(STAFF).verify_history(CLINIC)["broken"] == []


def test_c14_what_was_moved_or_cancelled_here_stays_so(calls: Calls) -> None:
    moved, cancelled = calls.take_over({"former": "1"}, at(1, former="2"))
    calls.change(STAFF, moved["reference"], start=(START + A_DAY).isoformat())
    calls.cancel_as_staff(STAFF, cancelled["reference"])
    before = len(calls.events())
    for lines in ([{"former": "1"}, at(1, former="2")], [at(4, former="1"), at(5, former="2")]):
        answers = calls.take_over(*lines)
        assert [(each["outcome"], each["kept"]) for each in answers] == [("known", "moved"), ("known", "cancelled")]
    assert len(calls.events()) == before


@pytest.mark.parametrize(
    ("first", "again"),
    [({}, {}), ({}, {"type": "roomy"}), ({}, {"former": "1"}), ({"former": "1"}, {})],
    ids=["as it was", "as another type", "with a number", "without its number"],
)
def test_c14_what_was_moved_here_does_not_come_twice_though_another_file_tells_it_otherwise(
    calls: Calls, first: dict[str, Any], again: dict[str, Any]
) -> None:
    """ADR 48: a second run may name another type for it, or have no numbers where the first one had some."""
    (taken,) = calls.take_over(first)
    calls.change(STAFF, taken["reference"], start=(START + A_DAY).isoformat())
    calls.world.now += timedelta(minutes=5)  # so long the time that it had is kept for an undo
    for _ in range(2):
        (answer,) = calls.take_over(again)
        assert (answer["outcome"], answer["reference"], answer.get("kept")) == ("known", taken["reference"], "moved")


def test_c14_a_number_that_comes_later_parts_what_is_said_alike(calls: Calls) -> None:
    """ADR 48: two numbers are two appointments, also where the second stands where the first one stood."""
    (unnumbered,) = calls.take_over({})
    (numbered,) = calls.take_over({"former": "1"})
    assert numbered["reference"] == unnumbered["reference"]
    moved, new = calls.take_over(at(3, former="1"), {"former": "2"})
    assert (moved["outcome"], moved["reference"], new["outcome"]) == ("changed", unnumbered["reference"], "new")
    again = calls.take_over(at(3), {})
    assert [(each["outcome"], each["reference"]) for each in again] == [
        ("known", moved["reference"]), ("known", new["reference"]),
    ]  # fmt: skip


def test_c14_what_staff_have_typed_already_is_known(calls: Calls) -> None:
    booked = calls.book(STAFF, practitioner="anna", patient={"id": MAJA})["reference"]
    calls.hear(linked(calls, booked))
    (answer,) = calls.take_over({"former": "1"})
    assert (answer["outcome"], answer["reference"]) == ("known", booked)
    assert outcomes(calls.take_over(at(1, former="1"))) == ["changed"]


def linked(calls: Calls, booking: str) -> Any:
    person = KEYS.people.seal({"mobile": None, "email": None, "unconfirmed": []})
    return an_event("patient", "PatientUpdated", patient=MAJA, booking=booking, sms_reminder=True, person=person)


def test_c14_a_line_that_stands_twice_is_one_appointment(calls: Calls) -> None:
    answers = calls.take_over({}, {}, at(1, former="1"), at(2, former="1"))
    assert outcomes(answers) == ["new", "known", "new", "known"]
    assert answers[1]["reference"] == answers[0]["reference"]


def test_c14_past_appointments_are_done_and_of_times_outside_the_plan_it_is_said(calls: Calls) -> None:
    calls.world.change_document(plans=[])
    answers = calls.take_over({"start": (NOW - 30 * A_DAY).isoformat()}, {})
    assert outcomes(answers) == ["new", "new"]
    assert calls.get(answers[0]["reference"], STAFF)["status"] == "done"
    assert [each.get("outside_plan") for each in answers] == [None, True]


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-12-01T14:00", "2026-12-01T13:00+00:00"),
        ("2026-12-01 14:00:30", "2026-12-01T13:00+00:00"),
        ("2026-12-01T14:00+02:00", "2026-12-01T12:00+00:00"),
        ("2026-10-25T02:30", "2026-10-25T00:30+00:00"),
        ("2027-03-28T02:30", "2027-03-28T01:00+00:00"),
    ],
    ids=["local", "with seconds", "with its offset", "a time that comes twice", "a time that a spring night lacks"],
)
def test_c14_times_are_the_clinic_s_own(calls: Calls, written: str, utc: str) -> None:
    (answer,) = calls.take_over({"start": written})
    start = datetime.fromisoformat(calls.get(answer["reference"], STAFF)["start"])
    assert start == datetime.fromisoformat(utc)
    assert start.utcoffset() == start.astimezone(ZoneInfo("Europe/Stockholm")).utcoffset()


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"type": "massage"}, "type"),
        ({"practitioner": "zoe"}, "practitioner"),
        ({"start": "soon"}, "start"),
        ({"start": "0001-01-01T00:00"}, "start"),
        ({"start": "9999-12-31T23:59-14:00"}, "start"),
        ({"minutes": 0}, "minutes"),
        ({"message": "x" * 2001}, "message"),
        ({"patient": {"id": "c" * 32}}, "patient"),
        ({"patient": {"mobile": "070 123 45 67"}}, "patient"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_c14_what_is_wrong_with_a_line_is_said_by_field(calls: Calls, line: dict[str, Any], field: str) -> None:
    wrong, right = calls.take_over(line, at(1, patient={"id": NILS}))
    assert (wrong["outcome"], list(wrong["errors"]), right["outcome"]) == ("wrong", [field], "new")


def test_c14_whose_it_is_may_be_in_doubt(calls: Calls) -> None:
    (answer,) = calls.take_over({"patient": {"former": "?"}})
    assert (answer["outcome"], answer["candidates"]) == ("doubtful", [MAJA, NILS])
    assert calls.occupied() == []


def test_c1_therapists_and_patients_take_nothing_over(calls: Calls) -> None:
    with pytest.raises(Forbidden):
        calls.take_over({}, actor=BO)
    with pytest.raises(LoginRequired):
        calls.take_over({}, actor=PUBLIC)


def half_hours(number: int) -> list[dict[str, Any]]:
    """Return appointments on end, of both practitioners in turns."""
    return [at(n // 2 / 2, former=f"A{n}", practitioner=("anna", "bo")[n % 2]) for n in range(number)]


def test_two_hundred_appointments_are_ten_statements_and_known_ones_three(postgres: Database) -> None:
    calls = with_patients(World(postgres))
    with statements(postgres) as first:
        assert outcomes(calls.take_over(*half_hours(200))) == 200 * ["new"]
    assert len(first) <= 10, [statement for statement, _ in first]
    with statements(postgres) as again:
        assert outcomes(calls.take_over(*half_hours(200))) == 200 * ["known"]
    assert len(again) <= 3, [statement for statement, _ in again]
    assert len(calls.occupied()) == 200


def test_b11_batches_and_patients_who_book_at_the_same_moment_never_overlap_nor_cross(
    postgres: Database, processes: list[Booking]
) -> None:
    """The same file twice at once, by two processes, among patients who want the same times."""
    lines = half_hours(40)
    batch = {"do": "take over", "lines": lines}
    visits = [{"do": "book", "practitioner": each["practitioner"], "start": each["start"]} for each in lines]
    answered = all_at_once(processes, a_document(), [batch, batch, *visits])
    assert not [each for each in answered if "error" in each]
    won = [each["won"] for each in answered if "won" in each]
    first, second = (each for each in won if isinstance(each, list))
    booked = len(won) - 2
    taken = Counter(outcomes(first)) + Counter(outcomes(second))
    assert taken["new"] + booked == 40, "each time is somebody's, once"
    assert taken["known"] == taken["new"]
    calls = Calls(World(postgres))
    assert len(calls.occupied()) == len(set(calls.occupied())) == 40


def test_c14_a_process_that_dies_in_a_batch_has_taken_nothing_over_and_the_next_run_does(
    postgres: Database, booking_postgres_url: str
) -> None:
    kill_in_the_middle(booking_postgres_url, {"do": "take over", "lines": half_hours(20)})
    calls = with_patients(World(postgres))
    assert (calls.occupied(), calls.events(), calls.find(STAFF)["bookings"]) == ([], [], [])
    assert outcomes(calls.take_over(*half_hours(20))) == 20 * ["new"]
    assert outcomes(calls.take_over(*half_hours(20))) == 20 * ["known"]
