"""Who may book a new time and when, and which of several wrong things is told (PRODUCT B7, B8, S10, S13)."""

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
