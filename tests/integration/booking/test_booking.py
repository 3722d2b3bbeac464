"""Booking a new time: the rules of PRODUCT B, one test each, through the whole use case."""

from datetime import timedelta
from typing import Any

import pytest

from services.booking.model.bookings import is_reference
from shared.actor import Actor
from shared.contracts.errors import (
    BookingOff,
    Forbidden,
    FunctionOff,
    HoldExpired,
    Invalid,
    InvalidNationalId,
    LoginRequired,
    NewPatientsRefused,
    NotFound,
    Refusal,
    SlotHeld,
    SlotNotOffered,
    SlotTaken,
    Timeout,
    UnderAge,
)
from shared.links import manage_token
from tests.integration.booking.calls import Calls
from tests.unit.booking.world import CLINIC, KEYS, NOW, PATIENT, STAFF, START, TOOL

HALF_HOUR = timedelta(minutes=30)
SWEDE = "19800517-9885"
NUMBERED = {"identity": "se.personnummer"}


def patient(**changes: Any) -> dict[str, Any]:
    """Return Maja's details with changes; None leaves a field out."""
    return {name: value for name, value in {**PATIENT, **changes}.items() if value is not None}


def test_a_booking_answers_with_its_link(calls: Calls) -> None:
    answer = calls.book()
    assert is_reference(answer["reference"])
    token = manage_token(KEYS.link, answer["reference"], 1)
    assert answer == {
        "reference": answer["reference"],
        "status": "booked",
        "type": "visit",
        "practitioner": "anna",
        "start": "2026-12-01T14:00:00+01:00",
        "end": "2026-12-01T14:30:00+01:00",
        "manage_token": token,
        "manage_url": f"https://booking.example/m/{token}",
    }


def test_the_event_tells_the_whole_state_and_seals_the_person(calls: Calls) -> None:
    booked = calls.book(message="Ring på", language="en")
    (event,) = calls.events("BookingCreated")
    person = event.data.pop("person")
    assert event.data == {
        "reference": booked["reference"],
        "status": "booked",
        "origin": "web",
        "type": "visit",
        "practitioner": "anna",
        "resources": [],
        "start": "2026-12-01T13:00:00+00:00",
        "end": "2026-12-01T13:30:00+00:00",
        "busy_from": "2026-12-01T13:00:00+00:00",
        "busy_to": "2026-12-01T13:30:00+00:00",
        "minutes": 30,
        "hold": None,
        "need": None,
        "language": "en",
        "sms_reminder": True,
        "epoch": 1,
        "changeable": True,
        "created_at": NOW.isoformat(),
        "version": 1,
        "previous": None,
    }
    assert KEYS.sealer.open(person) == {
        "identity": None,
        "birth_date": "1980-05-17",
        "first_name": "Maja",
        "last_name": "Lund",
        "mobile": "+46701234567",
        "email": "maja@example.org",
        "sms_ok": True,
        "email_ok": True,
        "message": "Ring på",
        "answers": {},
        "patient": None,
    }
    assert (event.clinic, event.subject, event.subject_version) == (CLINIC, booked["reference"], 1)


def test_a_hold_becomes_the_booking_without_a_second_check(calls: Calls) -> None:
    held = calls.hold()
    answer = calls.book(hold=held["hold"], practitioner=held["practitioner"])
    assert answer["practitioner"] == held["practitioner"]
    assert len(calls.world.availability.check_slot.calls) == 1
    assert calls.occupied() == [("practitioner:anna", START, START + HALF_HOUR)]
    assert calls.events("BookingCreated")[0].data["hold"] == held["hold"]


def test_a_hold_of_an_older_document_is_checked_again(calls: Calls) -> None:
    held = calls.hold()
    calls.world.change_document()
    calls.world.availability.closed.add(START)
    with pytest.raises(SlotNotOffered):
        calls.book(hold=held["hold"])
    calls.world.availability.closed.clear()
    assert calls.book(hold=held["hold"])["status"] == "booked"
    assert len(calls.occupied()) == 1


def test_a_held_time_is_not_there_for_others_until_it_is_given_back(calls: Calls) -> None:
    """B12."""
    held = calls.hold(practitioner="anna")
    assert (
        held["expires"] == (NOW + timedelta(minutes=10)).astimezone(calls.world.desk().rules(CLINIC).zone).isoformat()
    )
    with pytest.raises(SlotHeld):
        calls.hold(practitioner="anna")
    with pytest.raises(SlotHeld):
        calls.book(practitioner="anna")
    calls.release(held["hold"])
    calls.release(held["hold"])
    assert calls.book(practitioner="anna")["status"] == "booked"
    assert len(calls.events("SlotReleased")) == 1


def test_a_hold_that_has_run_out_does_not_book(calls: Calls) -> None:
    held = calls.hold()
    calls.world.now += timedelta(minutes=10)
    with pytest.raises(HoldExpired) as refused:
        calls.book(hold=held["hold"])
    assert [slot["start"] for slot in refused.value.extra["alternatives"]][2] == "2026-12-01T14:00:00+01:00"


@pytest.mark.parametrize(
    "changes", [{"type": "roomy"}, {"start": (START + HALF_HOUR).isoformat()}, {"practitioner": "bo"}]
)
def test_a_hold_of_something_else_is_invalid(calls: Calls, changes: dict[str, str]) -> None:
    held = calls.hold()
    with pytest.raises(Invalid) as refused:
        calls.book(hold=held["hold"], **changes)
    assert list(refused.value.extra["errors"]) == ["hold"]


def test_an_unknown_hold_counts_as_expired(calls: Calls) -> None:
    with pytest.raises(HoldExpired):
        calls.book(hold="never-given")


def test_a_hold_that_was_used_means_the_time_is_taken(calls: Calls) -> None:
    held = calls.hold()
    calls.book(hold=held["hold"])
    with pytest.raises(SlotTaken):
        calls.book(hold=held["hold"])


def test_losers_see_the_nearest_free_times_by_booking_s_own_knowledge(calls: Calls) -> None:
    """B11."""
    calls.book(practitioner="anna")
    calls.book(practitioner="anna", start=(START - HALF_HOUR).isoformat())
    with pytest.raises(SlotTaken) as refused:
        calls.book(practitioner="anna")
    assert [slot["start"] for slot in refused.value.extra["alternatives"]] == [
        "2026-12-01T12:30:00+01:00",
        "2026-12-01T13:00:00+01:00",
        "2026-12-01T14:30:00+01:00",
        "2026-12-01T15:00:00+01:00",
        "2026-12-01T15:30:00+01:00",
    ]


def test_without_availability_losers_are_refused_all_the_same(calls: Calls) -> None:
    held = calls.hold(practitioner="anna")
    calls.world.availability.down = Timeout.because("late")
    calls.world.now += timedelta(minutes=11)
    with pytest.raises(HoldExpired) as refused:
        calls.book(hold=held["hold"])
    assert refused.value.extra["alternatives"] == []


def test_any_practitioner_is_the_first_in_document_order_and_then_the_next(calls: Calls) -> None:
    assert [calls.book()["practitioner"], calls.book()["practitioner"]] == ["anna", "bo"]
    with pytest.raises(SlotTaken):
        calls.book()


def test_a_pool_gives_its_first_free_room(calls: Calls) -> None:
    """S14."""
    first, second = calls.book(type="roomy", practitioner="anna"), calls.book(type="roomy", practitioner="bo")
    rooms = [calls.get(each["reference"], STAFF)["resources"] for each in (first, second)]
    assert rooms == [["room-1"], ["room-2"]]


def test_buffers_are_kept_free(calls: Calls) -> None:
    calls.book(type="laser", practitioner="anna")
    with pytest.raises(SlotTaken):
        calls.book(type="visit", practitioner="anna", start=(START + HALF_HOUR).isoformat())
    after = (START + timedelta(minutes=40)).isoformat()
    assert calls.book(type="visit", practitioner="anna", start=after)["status"] == "booked"


# Who may book


def test_unknown_patients_are_refused_where_the_clinic_says_so(calls: Calls) -> None:
    """B7."""
    calls.world.change_document(booking={"new_patients": False, "active": True})
    with pytest.raises(NewPatientsRefused) as refused:
        calls.book()
    assert refused.value.extra["phone"] == "+46 8 123 45 67"
    calls.world.patients.known.add("Maja")
    assert calls.book()["status"] == "booked"


def test_patient_is_not_asked_where_no_rule_needs_it(calls: Calls) -> None:
    calls.book()
    assert calls.world.patients.identify.calls == []


ANNA_REFUSES = {
    "practitioners": [
        {"key": "anna", "name": "Anna Berg", "new_patients": False},
        {"key": "bo", "name": "Bo Ek"},
    ]
}


def test_any_gives_unknown_patients_somebody_who_accepts_them(calls: Calls) -> None:
    """S13."""
    calls.world.change_document(**ANNA_REFUSES)
    assert calls.book()["practitioner"] == "bo"
    calls.world.patients.known.add("Maja")
    assert calls.book()["practitioner"] == "anna"


def test_a_practitioner_without_new_patients_refuses_the_unknown(calls: Calls) -> None:
    calls.world.change_document(**ANNA_REFUSES)
    with pytest.raises(NewPatientsRefused):
        calls.book(practitioner="anna")


def test_unknown_patients_are_shown_only_times_of_those_who_accept_them(calls: Calls) -> None:
    """S13."""
    calls.world.change_document(**ANNA_REFUSES)
    calls.book()
    with pytest.raises(SlotTaken) as refused:
        calls.book()
    assert {key for slot in refused.value.extra["alternatives"] for key in slot["practitioners"]} == {"bo"}


def test_a_hold_for_any_goes_to_another_who_accepts_the_unknown_patient(calls: Calls) -> None:
    calls.world.change_document(**ANNA_REFUSES)
    held = calls.hold()
    assert held["practitioner"] == "anna"
    assert calls.book(hold=held["hold"], practitioner="anna")["practitioner"] == "bo"
    assert [row[0] for row in calls.occupied()] == ["practitioner:bo"]


def test_a_hold_for_any_stays_for_a_patient_who_is_known(calls: Calls) -> None:
    calls.world.change_document(**ANNA_REFUSES)
    calls.world.patients.known.add("Maja")
    held = calls.hold()
    assert calls.book(hold=held["hold"])["practitioner"] == "anna"


YOUNG = {"types": [{"key": "visit", "name": "B", "length": "30m", "min_age": 24}]}


@pytest.mark.parametrize(("born", "refused"), [("2002-12-02", True), ("2002-12-01", False)])
def test_the_24th_birthday_is_adult_by_the_day_of_the_appointment(calls: Calls, born: str, refused: bool) -> None:
    """B8."""
    calls.world.change_document(**YOUNG)
    if refused:
        with pytest.raises(UnderAge):
            calls.book(patient=patient(birth_date=born))
    else:
        assert calls.book(patient=patient(birth_date=born))["status"] == "booked"


def test_the_age_is_counted_by_the_clinic_s_date(calls: Calls) -> None:
    """B8: 23:30 UTC is already the next day in Stockholm."""
    calls.world.change_document(**YOUNG)
    late = START.replace(hour=23, minute=30)
    assert calls.book(start=late.isoformat(), patient=patient(birth_date="2002-12-02"))["status"] == "booked"


def test_the_age_comes_from_the_number(calls: Calls) -> None:
    calls.world.change_document(**YOUNG, **NUMBERED)
    with pytest.raises(UnderAge):
        calls.book(patient=patient(birth_date="1980-05-17", national_id="20100101-2390"))


def test_types_controlled_by_needs_want_a_login(calls: Calls) -> None:
    needed = {"key": "visit", "name": "B", "length": "30m", "needs": {"controlled": True}}
    calls.world.change_document(types=[needed])
    for attempt in (calls.book, calls.hold):
        with pytest.raises(LoginRequired):
            attempt()


def test_a_clinic_without_anonymous_booking_wants_a_login(calls: Calls) -> None:
    """B14."""
    calls.world.change_document(booking={"without_login": False, "active": True})
    for attempt in (calls.book, calls.hold):
        with pytest.raises(LoginRequired):
            attempt()


@pytest.mark.parametrize(
    ("opens", "closes", "open"),
    [("2026-11-02T10:00", None, True), ("2026-11-02T10:01", None, False), (None, "2026-11-02T10:00", False)],
)
def test_booking_opens_and_closes_at_moments_of_the_clinic_s_wall_clock(
    calls: Calls, opens: str | None, closes: str | None, open: bool
) -> None:
    """S10: now is 10:00 in Stockholm."""
    calls.world.change_document(booking={"active": True, "opens_at": opens, "closes_at": closes})
    if open:
        assert calls.book()["status"] == "booked"
    else:
        with pytest.raises(SlotNotOffered):
            calls.book()


# The order of checks (CONTRACTS 2)

WRONG = ("active", "new", "field", "number", "login", "unknown", "young", "closed")


@pytest.mark.parametrize(
    ("healed", "refusal"),
    [
        ((), BookingOff),
        (("active",), FunctionOff),
        (("active", "new"), Invalid),
        (("active", "new", "field"), InvalidNationalId),
        (("active", "new", "field", "number"), LoginRequired),
        (("active", "new", "field", "number", "login"), NewPatientsRefused),
        (("active", "new", "field", "number", "login", "unknown"), UnderAge),
        (("active", "new", "field", "number", "login", "unknown", "young"), SlotNotOffered),
    ],
)
def test_the_first_wrong_thing_of_the_contract_s_order_is_told(
    calls: Calls, healed: tuple[str, ...], refusal: type[Refusal]
) -> None:
    wrong = {name: name not in healed for name in WRONG}
    calls.world.change_document(
        booking={
            "active": not wrong["active"],
            "new": not wrong["new"],
            "without_login": not wrong["login"],
            "new_patients": not wrong["unknown"],
        },
        types=[{"key": "visit", "name": "B", "length": "30m", "min_age": 100 if wrong["young"] else 24}],
        **NUMBERED,
    )
    if wrong["closed"]:
        calls.world.availability.closed.add(START)
    number = "19800517-9884" if wrong["number"] else SWEDE
    mobile = "not a number" if wrong["field"] else "070 123 45 67"
    with pytest.raises(refusal) as refused:
        calls.book(patient=patient(national_id=number, mobile=mobile))
    assert type(refused.value) is refusal


# Repeats (B13)


def test_a_repeated_submit_makes_one_booking_and_gets_the_first_answer(calls: Calls) -> None:
    first = calls.book(key="k-1")
    calls.move(first["manage_token"], START + HALF_HOUR)
    assert calls.book(key="k-1") == first
    assert len(calls.events("BookingCreated")) == 1


def test_the_same_key_with_another_body_is_invalid(calls: Calls) -> None:
    calls.book(key="k-1")
    with pytest.raises(Invalid):
        calls.book(key="k-1", message="another")


def test_a_key_is_free_again_after_24_hours(calls: Calls) -> None:
    first = calls.book(key="k-1")
    calls.world.now += timedelta(hours=24)
    assert calls.book(key="k-1")["reference"] != first["reference"]


def test_a_refused_attempt_does_not_use_the_key_up(calls: Calls) -> None:
    held = calls.hold(practitioner="anna")
    with pytest.raises(SlotHeld):
        calls.book(key="k-1", practitioner="anna")
    calls.release(held["hold"])
    assert calls.book(key="k-1", practitioner="anna")["status"] == "booked"


def test_without_a_key_two_submits_are_two_attempts(calls: Calls) -> None:
    assert calls.book()["reference"] != calls.book()["reference"]


@pytest.mark.parametrize("key", ["", "x" * 201, "ä", "a\nb"])
def test_a_key_that_is_none_is_refused(calls: Calls, key: str) -> None:
    with pytest.raises(Invalid):
        calls.book(key=key)


# Staff and tools


def test_staff_override_every_rule_but_overlap(calls: Calls) -> None:
    calls.world.change_document(
        booking={"active": False, "new_patients": False, "without_login": False, "opens_at": "2027-01-01T00:00"},
        types=[{"key": "visit", "name": "B", "length": "30m", "online": False, "min_age": 24}],
    )
    calls.world.availability.closed.add(START)
    answer = calls.book(
        STAFF,
        practitioner="anna",
        minutes=50,
        outside_plan=True,
        patient={"first_name": "Kim", "last_name": "Ung", "birth_date": "2020-01-01"},
    )
    assert answer["end"] == "2026-12-01T14:50:00+01:00"
    assert calls.world.availability.check_slot.calls[0]["outside_plan"] is True
    with pytest.raises(SlotTaken):
        calls.book(STAFF, practitioner="anna")


@pytest.mark.parametrize(("actor", "origin"), [(STAFF, "staff"), (TOOL, "api")])
def test_the_origin_tells_who_booked(calls: Calls, actor: Actor, origin: str) -> None:
    """B19."""
    booked = calls.book(actor)
    assert calls.get(booked["reference"], STAFF)["origin"] == origin


def test_staff_see_message_answers_and_contacts_as_they_were_typed(calls: Calls) -> None:
    """B3, B5."""
    calls.world.change_document(fields=[{"key": "fear", "kind": "text", "label": "Tandvårdsrädd?"}])
    typed = {"mobile": "+46701740699", "email": "other@example.org"}
    booked = calls.book(patient=patient(**typed), message="Ring på", answers={"fear": "lite"})
    for seen in (calls.get(booked["reference"], STAFF), calls.find(STAFF)["bookings"][0]):
        assert (seen["message"], seen["answers"]) == ("Ring på", {"fear": "lite"})
        assert seen["patient"] == {"id": None, "first_name": "Maja", "last_name": "Lund", **typed}


def test_staff_name_a_patient_by_id(calls: Calls) -> None:
    record = {"first_name": "Maja", "last_name": "Lund", "mobile": "+46701234567", "email": None, "sms_ok": False}
    calls.world.patients.records["a" * 32] = record
    booked = calls.book(STAFF, patient={"id": "a" * 32})
    seen = calls.get(booked["reference"], STAFF)["patient"]
    assert seen == {
        "id": "a" * 32, "first_name": "Maja", "last_name": "Lund", "mobile": "+46701234567", "email": None,
    }  # fmt: skip
    person = KEYS.sealer.open(calls.events("BookingCreated")[0].data["person"])
    assert (person["patient"], person["sms_ok"]) == ("a" * 32, False)


def test_a_patient_that_staff_name_must_exist(calls: Calls) -> None:
    with pytest.raises(Invalid) as refused:
        calls.book(STAFF, patient={"id": "b" * 32})
    assert list(refused.value.extra["errors"]) == ["patient.id"]


@pytest.mark.parametrize("fields", [{"minutes": 5}, {"outside_plan": True}, {"patient": {**PATIENT, "id": "a" * 32}}])
def test_patients_cannot_use_what_is_for_staff(calls: Calls, fields: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        calls.book(**fields)


def test_staff_of_another_clinic_are_refused(calls: Calls) -> None:
    with pytest.raises(Forbidden):
        calls.book(Actor(kind="staff", id="x@y.example", role="administrator", clinic="other"))


def test_therapists_book_in_their_own_calendar_only(calls: Calls) -> None:
    """C1."""
    bo = Actor(kind="staff", id="bo@solna.example", role="therapist", clinic=CLINIC, practitioner="bo")
    assert calls.book(bo)["practitioner"] == "bo"
    with pytest.raises(Forbidden):
        calls.book(bo, practitioner="anna")


def test_an_unknown_clinic_is_not_found(calls: Calls) -> None:
    calls.world.documents.document["clinic"] = "elsewhere"
    with pytest.raises(NotFound):
        calls.book()
