"""Who is offered, in which order (PRODUCT S13), and how slots are listed (CONTRACTS 1, "Any practitioner")."""

from tests.builders.availability.asking import levels, slots, times
from tests.builders.clinics.documents import a_block, a_document, a_practitioner, a_type
from tests.builders.clinics.moments import a_move

HALF_AN_HOUR = a_block("08:00", "08:30")


def a_clinic(*practitioners, **kind):
    return a_document(HALF_AN_HOUR, practitioners=list(practitioners), types=[a_type(**kind)])


CLEO, ANNA, BO = (a_practitioner(key) for key in ("cleo", "anna", "bo"))


def test_s13_a_slot_is_listed_once_with_all_who_can_take_it_in_document_order() -> None:
    document = a_clinic(CLEO, ANNA, BO, practitioners=["anna", "cleo", "bo"])
    assert [slot.practitioners for slot in slots(document)] == [("cleo", "anna", "bo")]
    taken = [("practitioner:anna", "08:00", "08:10")]
    assert [slot.practitioners for slot in slots(document, busy=taken)] == [("cleo", "bo")]


def test_s13_a_patient_picks_one() -> None:
    assert [slot.practitioners for slot in slots(a_clinic(CLEO, ANNA), practitioner="anna")] == [("anna",)]


def test_s13_who_is_not_signed_up_for_online_booking_is_never_offered() -> None:
    away = a_practitioner("bo", online=False)
    named = a_clinic(ANNA, away, practitioners=["anna", "bo"])
    assert [slot.practitioners for slot in slots(named)] == [("anna",)]
    assert times(named, practitioner="bo") == []
    assert [slot.practitioners for slot in slots(a_clinic(ANNA, away))] == [("anna",)]


def test_s12_only_the_practitioners_of_the_type_take_it() -> None:
    document = a_clinic(ANNA, BO, practitioners=["bo"])
    assert [slot.practitioners for slot in slots(document)] == [("bo",)]
    assert times(document, practitioner="anna") == []


def test_s13_who_accepts_no_new_patients_is_offered_all_the_same() -> None:
    document = a_clinic(a_practitioner("anna", new_patients=False))
    assert times(document) == ["08:00"]


def of_new(document, **asked):
    """Return who takes each slot, and who of them takes new patients."""
    return [(slot.practitioners, slot.new_patients) for slot in slots(document, **asked)]


def test_s13_a_slot_says_which_of_its_practitioners_take_new_patients() -> None:
    document = a_clinic(a_practitioner("anna", new_patients=False), BO, CLEO)
    assert of_new(document) == [(("anna", "bo", "cleo"), ("bo", "cleo"))]
    assert of_new(document, practitioner="anna") == [(("anna",), ())]


def test_s13_who_is_new_is_offered_and_counted_those_alone_who_take_new_patients() -> None:
    document = a_clinic(a_practitioner("anna", new_patients=False), BO)
    assert of_new(document, as_new_patient=True) == [(("bo",), ("bo",))]
    taken = [("practitioner:bo", "08:00", "08:10")]
    assert of_new(document, as_new_patient=True, busy=taken) == []
    assert [day.free for day in levels(document, as_new_patient=True, busy=taken)] == [0]
    assert [day.free for day in levels(document, busy=taken)] == [1]
    assert of_new(document, as_new_patient=True, practitioner="anna") == []


def test_b7_nobody_takes_new_patients_where_the_clinic_takes_none() -> None:
    document = a_document(HALF_AN_HOUR, practitioners=[ANNA], booking={"new_patients": False})
    assert of_new(document) == [(("anna",), ())]
    assert of_new(document, as_new_patient=True) == []


def test_c12_who_is_to_choose_another_time_is_offered_all_who_take_the_type_at_the_present_start_too() -> None:
    document = a_clinic(CLEO, ANNA, a_practitioner("bo", online=False))
    moving = a_move(document, "08:00", minutes=30, practitioner=None)
    assert [slot.practitioners for slot in slots(document, moving=moving)] == [("cleo", "anna")]
    of_anna = a_move(document, "08:00", minutes=30)
    assert slots(document, moving=of_anna) == [], "who moves for themselves keeps their practitioner (M4)"
