"""What staff book uses the patient's need by itself (PRODUCT R1)."""

from datetime import timedelta

import pytest

from shared.contracts.errors import NoOpenNeed, SlotNotOffered
from tests.builders.booking.world import MAJA, NOW, PATIENT, STAFF, START, TOOL, a_need
from tests.integration.booking.calls import Calls
from tests.integration.booking.needs.clinic import CHILD, FIRST, HALF_HOUR, SECOND, THIRD, controlled


@pytest.mark.parametrize("named", ["by id", "by what was typed"])
def test_staff_use_the_patient_s_earliest_need_by_themselves(calls: Calls, named: str) -> None:
    """Also one that has expired for its patient; the length is the need's unless staff say another."""
    calls.world.change_document(types=[controlled(days_after_week=0)])
    calls.world.patients.records[MAJA] = {"first_name": "Maja", "last_name": "Lund", "mobile": "+46701234567"}
    calls.world.patients.known, calls.world.patients.ids = {"Maja"}, {"Maja": MAJA}
    calls.hear(a_need(FIRST, week="2026-W30", practitioner="bo"))
    calls.hear(a_need(SECOND, week="2026-W49"))
    patient = {"id": MAJA} if named == "by id" else PATIENT
    booked = calls.book(STAFF, patient=patient, practitioner="anna")
    assert (booked["practitioner"], booked["end"]) == ("anna", "2026-12-01T14:50:00+01:00")
    later = calls.book(STAFF, patient=patient, start=(START + 4 * HALF_HOUR).isoformat(), minutes=10)
    assert later["end"] == "2026-12-01T16:10:00+01:00"
    assert [event.data["need"] for event in calls.events("BookingCreated")] == [FIRST, SECOND]


def test_staff_book_without_a_need_too(calls: Calls) -> None:
    for actor in (STAFF, TOOL):
        assert calls.book(actor)["end"] == "2026-12-01T14:30:00+01:00"


def test_staff_may_name_an_open_need_of_that_patient_and_type(calls: Calls) -> None:
    calls.world.patients.records[CHILD] = {"first_name": "Ann", "last_name": "Lund"}
    calls.hear(a_need(FIRST))
    for wrong in ({"need": SECOND}, {"need": FIRST, "patient": {"id": CHILD}}):
        with pytest.raises(NoOpenNeed):
            calls.book(STAFF, **wrong)
    assert calls.slots_for_need(STAFF, need=FIRST)["slots"][0]["end"] == "2026-12-01T09:50:00+01:00"
    calls.hear(a_need(THIRD, practitioner="bo", minutes=40))
    assert calls.slots_for_need(STAFF, need=THIRD)["slots"][0]["practitioners"] == ["bo"]
    held = calls.hold(STAFF, need=THIRD, practitioner="anna", start=(START + 4 * HALF_HOUR).isoformat())
    assert (held["practitioner"], held["end"]) == ("anna", "2026-12-01T16:40:00+01:00"), "staff override the need"
    calls.book(STAFF, need=FIRST)
    assert calls.events("BookingCreated")[0].data["need"] == FIRST
    with pytest.raises(NoOpenNeed):
        calls.slots_for_need(STAFF, need=FIRST)


def test_staff_who_name_nobody_book_with_whom_the_need_names_as_their_search_shows(calls: Calls) -> None:
    """B9: also where the need is used by itself."""
    calls.hear(a_need(FIRST, practitioner="bo"))
    assert calls.slots_for_need(STAFF, need=FIRST)["slots"][0]["practitioners"] == ["bo"]
    booked = calls.book(STAFF, need=FIRST)
    assert booked["practitioner"] == "bo"
    calls.cancel_as_staff(STAFF, booked["reference"])
    calls.world.now = NOW + timedelta(minutes=2)  # until nobody may take the cancellation back the need is used (C10)
    calls.world.patients.records[MAJA] = {"first_name": "Maja", "last_name": "Lund"}
    assert calls.book(STAFF, patient={"id": MAJA})["practitioner"] == "bo"
    assert [event.data["need"] for event in calls.events("BookingCreated")] == [FIRST, FIRST]


def test_a_need_with_who_has_left_the_clinic_does_not_stop_staff_who_name_somebody(calls: Calls) -> None:
    calls.hear(a_need(FIRST, practitioner="cecilia"))
    with pytest.raises(SlotNotOffered):
        calls.book(STAFF, need=FIRST)
    assert calls.book(STAFF, need=FIRST, practitioner="anna")["practitioner"] == "anna"
