"""How long it takes, with whom, and until when it can be booked: the need says so (PRODUCT B9, B10)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.contracts.errors import NeedExpired, SlotNotOffered
from tests.builders.booking.world import START, a_need, logged_in
from tests.integration.booking.calls import Calls
from tests.integration.booking.needs.clinic import FIRST, HALF_HOUR, SECOND, controlled


def test_the_need_says_how_long_it_takes(calls: Calls) -> None:
    """B9: in days, times, hold and booking, whatever the type's length is."""
    calls.hear(a_need(minutes=50))
    patient = logged_in()
    assert calls.slots_for_need(patient)["slots"][0]["end"] == "2026-12-01T09:50:00+01:00"
    assert calls.days_for_need(patient)["days"] == [{"date": "2026-12-01", "level": "many", "free": 16}]
    assert [call["minutes"] for call in calls.world.availability.days.calls] == [50]
    held = calls.hold(patient)
    assert held["end"] == "2026-12-01T14:50:00+01:00"
    assert calls.book(patient, hold=held["hold"])["end"] == "2026-12-01T14:50:00+01:00"


def test_a_hold_of_another_length_than_the_need_s_is_not_taken_as_it_is(calls: Calls) -> None:
    calls.hear(a_need(FIRST, minutes=50))
    held = calls.hold(logged_in())
    calls.hear(a_need(FIRST, version=2, state="closed"))
    calls.hear(a_need(SECOND, minutes=20))
    assert calls.book(logged_in(), hold=held["hold"])["end"] == "2026-12-01T14:20:00+01:00"


def test_a_hold_with_another_practitioner_than_the_need_s_is_not_taken_as_it_is(calls: Calls) -> None:
    """Held with anybody for one need, booked with another need, which names somebody."""
    calls.hear(a_need(FIRST))
    held = calls.hold(logged_in())
    assert held["practitioner"] == "anna"
    calls.hear(a_need(SECOND, practitioner="bo"))
    assert calls.book(logged_in(), hold=held["hold"], need=SECOND)["practitioner"] == "bo"


def test_the_need_says_with_whom(calls: Calls) -> None:
    """B9: searches show their times only, and nobody else can be held or booked."""
    calls.hear(a_need(practitioner="bo"))
    patient = logged_in()
    for asked in ({}, {"practitioner": "anna"}):
        assert {*calls.slots_for_need(patient, **asked)["slots"][0]["practitioners"]} == {"bo"}
    for attempt in (calls.hold, calls.book):
        with pytest.raises(SlotNotOffered) as refused:
            attempt(patient, practitioner="anna")
        assert {key for slot in refused.value.extra["alternatives"] for key in slot["practitioners"]} == {"bo"}
    assert calls.hold(patient)["practitioner"] == "bo"
    calls.world.now += timedelta(minutes=11)
    assert calls.book(patient)["practitioner"] == "bo"


def test_a_clinic_may_let_the_patient_choose_all_the_same(calls: Calls) -> None:
    """B9: `choose_practitioner`; the length stays the need's."""
    calls.world.change_document(types=[controlled(choose_practitioner=True)])
    calls.hear(a_need(practitioner="bo"))
    patient = logged_in()
    assert calls.slots_for_need(patient)["slots"][0]["practitioners"] == ["anna", "bo"]
    assert calls.slots_for_need(patient, practitioner="anna")["slots"][0]["practitioners"] == ["anna"]
    booked = calls.book(patient, practitioner="anna")
    assert (booked["practitioner"], booked["end"]) == ("anna", "2026-12-01T14:50:00+01:00")


def test_a_need_that_names_nobody_is_for_all_who_take_the_type(calls: Calls) -> None:
    calls.hear(a_need(practitioner=None))
    assert calls.slots_for_need(logged_in())["slots"][0]["practitioners"] == ["anna", "bo"]
    assert calls.book(logged_in(), practitioner="bo")["practitioner"] == "bo"


def test_a_need_with_who_has_left_the_clinic_offers_nothing(calls: Calls) -> None:
    calls.hear(a_need(practitioner="cecilia"))
    assert calls.slots_for_need(logged_in()) == {"slots": []}
    assert calls.days_for_need(logged_in()) == {"days": []}
    for attempt in (calls.hold, calls.book):
        with pytest.raises(SlotNotOffered):
            attempt(logged_in())


def test_a_practitioner_without_new_patients_takes_whoever_is_called_to_them(calls: Calls) -> None:
    """S13: who has a need is a patient of the clinic, and nobody is asked."""
    refuses = [{"key": "anna", "name": "A", "new_patients": False}, {"key": "bo", "name": "B"}]
    calls.world.change_document(practitioners=refuses, types=[controlled()], booking={"new_patients": False})
    calls.hear(a_need(practitioner="anna"))
    held = calls.hold(logged_in())
    assert calls.book(logged_in(), hold=held["hold"])["practitioner"] == "anna"
    assert calls.world.patients.identify.calls == []


# Until when (B10)

NEW_YEAR = [
    # week, days after it, the last day; 2026 has 53 weeks, and the last of them ends in 2027
    ("2026-W53", 0, "2027-01-03"),
    ("2026-W53", 100, "2027-04-13"),
    ("2027-W01", 0, "2027-01-10"),
    ("2026-W52", 7, "2027-01-03"),
    ("2026-W49", 1, "2026-12-07"),
]


@pytest.mark.parametrize(("week", "days", "last"), NEW_YEAR)
def test_a_need_is_used_until_so_many_days_after_its_week_to_the_clinic_s_midnight(
    calls: Calls, week: str, days: int, last: str
) -> None:
    """B10, over the new year."""
    calls.world.change_document(types=[controlled(days_after_week=days)])
    calls.hear(a_need(week=week))
    midnight = datetime.fromisoformat(f"{last}T00:00").replace(tzinfo=ZoneInfo("Europe/Stockholm")) + timedelta(days=1)
    start = (midnight + timedelta(days=2)).isoformat()
    calls.world.now = midnight
    for attempt in (calls.book, calls.hold, calls.days_for_need, calls.slots_for_need):
        with pytest.raises(NeedExpired) as refused:
            attempt(logged_in(), **({"start": start} if attempt in (calls.book, calls.hold) else {}))
        assert refused.value.extra["phone"] == "+46 8 123 45 67"
    calls.world.now = midnight - timedelta(seconds=1)
    assert calls.book(logged_in(), start=start)["status"] == "booked", "the day on which one books counts"


def test_a_need_without_a_limit_is_good_for_ever_and_one_for_later_at_once(calls: Calls) -> None:
    calls.hear(a_need(FIRST, week="2020-W10"))
    assert calls.book(logged_in())["status"] == "booked"
    calls.world.change_document(types=[controlled(days_after_week=3)])
    calls.hear(a_need(SECOND, week="2029-W10"))
    assert calls.book(logged_in(), start=(START + 4 * HALF_HOUR).isoformat())["status"] == "booked"


def test_an_expired_need_does_not_hide_one_that_can_be_used(calls: Calls) -> None:
    calls.world.change_document(types=[controlled(days_after_week=0)])
    calls.hear(a_need(FIRST, week="2026-W40", minutes=20))
    with pytest.raises(NeedExpired):
        calls.book(logged_in())
    calls.hear(a_need(SECOND, minutes=50))
    with pytest.raises(NeedExpired):
        calls.book(logged_in(), need=FIRST)
    assert calls.book(logged_in())["end"] == "2026-12-01T14:50:00+01:00"
