"""Who may book with a need, by which proof, and which of several is used (PRODUCT B9)."""

from typing import Any

import pytest

from shared.contracts.errors import Invalid, LoginRequired, NewPatientsRefused, NoOpenNeed, UnderAge
from tests.builders.booking.world import CLINIC, MAJA, PATIENT, PUBLIC, STAFF, START, a_need, by_recall, logged_in
from tests.integration.booking.calls import Calls
from tests.integration.booking.needs.clinic import (
    CHILD,
    FIRST,
    HALF_HOUR,
    NUMBER,
    OTHER_NUMBER,
    SECOND,
    THIRD,
    controlled,
    numbered,
    person_with,
    typed,
)


def test_only_who_has_proven_whose_need_it_is_sees_or_takes_times(calls: Calls) -> None:
    calls.hear(a_need())
    for nobody in (PUBLIC, logged_in(clinic="other"), by_recall(FIRST, clinic="other")):
        for attempt in (calls.days_for_need, calls.slots_for_need, calls.hold, calls.book):
            with pytest.raises(LoginRequired):
                attempt(nobody)


def test_a_login_sealed_with_a_key_that_is_gone_is_none(calls: Calls) -> None:
    calls.hear(a_need())
    gone = logged_in()
    with pytest.raises(LoginRequired):
        calls.book(type(gone)(kind="patient", clinic=CLINIC, login=f"k9.{str(gone.login).partition('.')[2]}"))


@pytest.mark.parametrize("known", [[], [CHILD]])
def test_another_s_need_opens_nothing(calls: Calls, known: list[str]) -> None:
    """B9: neither by a login without it, nor by naming it."""
    calls.world.patients.of_mobile = {"+46709999999": known}
    calls.hear(a_need())
    for named in ({}, {"need": FIRST}):
        for attempt in (calls.days_for_need, calls.slots_for_need, calls.hold, calls.book):
            with pytest.raises(NoOpenNeed) as refused:
                attempt(logged_in("+46709999999"), **named)
            assert refused.value.extra["phone"] == "+46 8 123 45 67"


def test_a_recall_s_link_opens_its_own_need_only(calls: Calls) -> None:
    calls.hear(a_need(FIRST, minutes=50))
    calls.hear(a_need(SECOND, minutes=20, week="2026-W40"))
    with pytest.raises(NoOpenNeed):
        calls.book(by_recall(FIRST), need=SECOND)
    with pytest.raises(NoOpenNeed):
        calls.book(by_recall(THIRD))
    assert calls.book(by_recall(FIRST))["end"] == "2026-12-01T14:50:00+01:00"
    assert calls.world.patients.of_login.calls == []


def test_a_recall_s_link_opens_nothing_at_another_clinic(calls: Calls) -> None:
    calls.hear(a_need(clinic="other"))
    with pytest.raises(NoOpenNeed):
        calls.book(by_recall(FIRST))


def test_the_earliest_week_is_used_first_and_any_may_be_named(calls: Calls) -> None:
    calls.hear(a_need(SECOND, minutes=20, week="2026-W48"))
    calls.hear(a_need(FIRST, minutes=50, week="2026-W49"))
    calls.hear(a_need(THIRD, minutes=40, week="2026-W49"))
    ends = [calls.book(logged_in(), start=(START + n * HALF_HOUR * 2).isoformat(), **named)["end"][11:16]
            for n, named in enumerate(({"need": THIRD}, {}, {}))]  # fmt: skip
    assert ends == ["14:40", "15:20", "16:50"]
    assert [event.data["need"] for event in calls.events("BookingCreated")] == [THIRD, SECOND, FIRST]


def test_a_need_of_another_type_does_not_count(calls: Calls) -> None:
    calls.hear(a_need(type="cleaning"))
    with pytest.raises(NoOpenNeed):
        calls.book(logged_in())
    with pytest.raises(NoOpenNeed):
        calls.book(by_recall(FIRST))


def test_a_type_that_is_not_controlled_is_booked_with_a_need_where_one_is_named(calls: Calls) -> None:
    """R1: a need can be of any type; without naming it nothing but the type decides."""
    calls.world.change_document()
    calls.hear(a_need(minutes=50))
    assert calls.book()["end"] == "2026-12-01T14:30:00+01:00"
    with pytest.raises(LoginRequired):
        calls.book(need=FIRST)
    assert calls.book(by_recall(FIRST), need=FIRST)["end"] == "2026-12-01T14:50:00+01:00"
    calls.world.change_document(booking={"without_login": False, "active": True})
    assert calls.slots_for_need(PUBLIC)["slots"][0]["end"] == "2026-12-01T09:30:00+01:00", "looking wants no login"


# Whose number


def test_where_the_clinic_has_numbers_the_typed_one_must_be_the_patient_s(calls: Calls) -> None:
    numbered(calls)
    calls.hear(a_need(person=person_with(NUMBER)))
    for actor in (logged_in(), by_recall(FIRST)):
        with pytest.raises(NoOpenNeed):
            calls.book(actor, patient=typed(OTHER_NUMBER))
    booked = calls.book(by_recall(FIRST), patient=typed("19121212-1212"))
    assert calls.get(booked["reference"], STAFF)["patient"]["id"] == MAJA


def test_a_parent_books_the_need_of_the_child_whose_number_they_type(calls: Calls) -> None:
    """Two patients on one telephone: the number tells whose need it is."""
    numbered(calls)
    calls.world.patients.of_mobile = {"+46701234567": [MAJA, CHILD]}
    calls.hear(a_need(FIRST, person=person_with(NUMBER), week="2026-W40"))
    calls.hear(a_need(SECOND, patient=CHILD, person=person_with(OTHER_NUMBER), minutes=20))
    booked = calls.book(logged_in(), patient=typed(OTHER_NUMBER))
    assert booked["end"] == "2026-12-01T14:20:00+01:00"
    assert calls.get(booked["reference"], STAFF)["patient"]["id"] == CHILD


def test_without_numbers_the_booking_is_the_need_s_patient_s(calls: Calls) -> None:
    """B18: whoever types the form; the event names the record, so that none is made anew."""
    calls.hear(a_need())
    booked = calls.book(by_recall(FIRST), patient={**PATIENT, "first_name": "Maya"})
    assert calls.get(booked["reference"], STAFF)["patient"]["id"] == MAJA
    (event,) = calls.events("BookingCreated")
    assert calls.world.desk().open_person(event.data["person"]).patient == MAJA


def test_a_patient_whose_number_is_not_known_is_told_by_the_link(calls: Calls) -> None:
    numbered(calls)
    calls.hear(a_need(person=person_with(None)))
    booked = calls.book(by_recall(FIRST), patient=typed())
    assert calls.get(booked["reference"], STAFF)["patient"]["id"] == MAJA


# The order of refusals (CONTRACTS 2)


def test_who_may_comes_in_the_contract_s_order(calls: Calls) -> None:
    calls.world.change_document(types=[{**controlled(), "min_age": 24}], booking={"new_patients": False})
    child = {**PATIENT, "birth_date": "2015-01-01"}
    with pytest.raises(NewPatientsRefused):
        calls.book(logged_in(), patient=child)
    calls.world.patients.known = {"Maja"}
    with pytest.raises(UnderAge):
        calls.book(logged_in(), patient=child)
    with pytest.raises(NoOpenNeed):
        calls.book(logged_in())
    calls.hear(a_need())
    with pytest.raises(UnderAge):
        calls.book(logged_in(), patient=child)


def test_searches_find_nothing_while_the_clinic_takes_no_bookings(calls: Calls) -> None:
    """B1: also without a login, since there is nothing to log in for."""
    for switch in ({"active": False}, {"new": False}):
        calls.world.change_document(types=[controlled()], booking={"active": True, **switch})
        assert calls.slots_for_need(PUBLIC) == {"slots": []}
        assert calls.days_for_need(PUBLIC) == {"days": []}


@pytest.mark.parametrize(
    "query",
    [{"type": "none"}, {"practitioner": "none"}, {"from": "x"}, {"to": "2026-11-30"}, {"to": "2027-01-01"},
     {"need": "x"}, {"other": 1}],
)  # fmt: skip
def test_a_search_that_makes_no_sense_is_invalid(calls: Calls, query: dict[str, Any]) -> None:
    calls.hear(a_need())
    with pytest.raises(Invalid):
        calls.slots_for_need(logged_in(), **query)
