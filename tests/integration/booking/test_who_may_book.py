"""Who may book a new time and when, and which of several wrong things is told (PRODUCT B7, B8, S10, S13)."""

from datetime import timedelta
from functools import partial

import pytest

from shared.contracts.errors import (
    BookingOff,
    FunctionOff,
    Invalid,
    InvalidNationalId,
    LoginRequired,
    NewPatientsRefused,
    Refusal,
    SlotNotOffered,
    SlotTaken,
    UnderAge,
)
from tests.builders.booking.world import START
from tests.integration.booking.calls import Calls, patient

SWEDE = "19800517-9885"
NUMBERED = {"identity": "se.personnummer"}


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


def free_with(refused: pytest.ExceptionInfo[Refusal]) -> set[str]:
    """Return with whom the times are that a refusal names."""
    return {key for slot in refused.value.extra["alternatives"] for key in slot["practitioners"]}


def test_where_only_those_are_free_who_take_no_new_patients_that_is_said_and_times_of_others_shown(
    calls: Calls,
) -> None:
    """S13: nobody else has booked the time, so nobody is told so, again and again."""
    calls.world.change_document(**ANNA_REFUSES)
    calls.book()
    for attempt in (calls.book, calls.hold, partial(calls.hold, **{"for": "new"})):
        with pytest.raises(NewPatientsRefused) as refused:
            attempt()
        assert free_with(refused) == {"bo"}
        assert {key for slot in refused.value.extra["alternatives"] for key in slot["new_patients"]} == {"bo"}


def test_a_time_that_nobody_has_left_is_taken_for_new_patients_too(calls: Calls) -> None:
    calls.world.change_document(**ANNA_REFUSES)
    calls.book()
    calls.world.patients.known.add("Maja")
    assert calls.book()["practitioner"] == "anna"
    calls.world.patients.known.clear()
    with pytest.raises(SlotTaken) as refused:
        calls.book()
    assert free_with(refused) == {"bo"}


def test_a_hold_for_any_is_with_somebody_who_takes_new_patients_unless_the_patient_is_known(calls: Calls) -> None:
    """S13."""
    calls.world.change_document(**ANNA_REFUSES)
    assert calls.hold(**{"for": "known"})["practitioner"] == "anna"
    later = (START + timedelta(hours=1)).isoformat()
    held = calls.hold(start=later)
    assert held["practitioner"] == "bo"
    assert calls.book(start=later, hold=held["hold"])["practitioner"] == "bo"


def test_a_hold_with_somebody_named_is_judged_only_where_it_is_said_that_the_patient_is_new(calls: Calls) -> None:
    calls.world.change_document(**ANNA_REFUSES)
    assert calls.hold(practitioner="anna")["practitioner"] == "anna"
    with pytest.raises(NewPatientsRefused):
        calls.hold(practitioner="anna", start=(START + timedelta(hours=1)).isoformat(), **{"for": "new"})


def test_nobody_new_holds_anything_where_the_clinic_takes_no_new_patients(calls: Calls) -> None:
    """B7: who does not say that they are new is known there, or could not book."""
    calls.world.change_document(booking={"new_patients": False})
    assert calls.hold()["practitioner"] == "anna"
    with pytest.raises(NewPatientsRefused) as refused:
        calls.hold(**{"for": "new"})
    assert refused.value.extra["alternatives"] == []
    assert calls.world.availability.slots.calls == [], "there is nothing to look for"


def test_whoever_is_held_is_not_exchanged_for_another_unasked(calls: Calls) -> None:
    """S13: a new patient who held for somebody known hears so; who is known gets whom they saw."""
    calls.world.change_document(**ANNA_REFUSES)
    held = calls.hold(**{"for": "known"})
    with pytest.raises(NewPatientsRefused) as refused:
        calls.book(hold=held["hold"])
    assert free_with(refused) == {"bo"}
    calls.world.patients.known.add("Maja")
    assert calls.book(hold=held["hold"])["practitioner"] == "anna"


def test_who_was_held_and_has_left_the_clinic_is_not_exchanged_either(calls: Calls) -> None:
    held = calls.hold()
    assert held["practitioner"] == "anna"
    calls.world.change_document(practitioners=[{"key": "bo", "name": "Bo Ek"}])
    with pytest.raises(SlotNotOffered) as refused:
        calls.book(hold=held["hold"])
    assert free_with(refused) == {"bo"}


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
        calls.world.close(START)
    number = "19800517-9884" if wrong["number"] else SWEDE
    mobile = "not a number" if wrong["field"] else "070 123 45 67"
    with pytest.raises(refusal) as refused:
        calls.book(patient=patient(national_id=number, mobile=mobile))
    assert type(refused.value) is refusal
