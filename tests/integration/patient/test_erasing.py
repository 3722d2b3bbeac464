"""A patient's record is erased, with all that tells of the person, and stays so (PRODUCT A3, ADR 53)."""

import pytest

from services.patient.handlers.erasing import erase, erasure, note_bookings_erased, note_messages_erased
from services.patient.handlers.openings import access_log
from services.patient.handlers.records import get, update
from services.patient.schemas import AccessLogSchema, UpdateSchema
from shared.bus.events.effects import take_in as take_in_effect
from shared.contracts.errors import Invalid, NotFound
from shared.incoming.fields import checked
from tests.builders.patient.bookings import a_booking, take_in
from tests.builders.patient.desks import NOW, FakeTreating, Work, a_desk
from tests.builders.patient.erased import everything, from_others, told
from tests.builders.patient.needs import give, id_of


def test_a3_nothing_of_the_person_is_left_and_the_others_are_told_needs_first(people: Work) -> None:
    asa, desk = id_of(people, "Åsa"), a_desk(people)
    update(desk, "solna", asa, checked(UpdateSchema(), {"note": "Rings first."}))
    need = give(people, patient=asa)["id"]
    before = everything(people)
    assert all(text in before for text in ("Öberg", "Rings first."))
    state = erase(desk, "solna", asa, "  åsa   öberg ")
    after = everything(people)
    assert not any(text in after for text in ("Öberg", "öberg", "Rings first."))
    assert told(people)[-2:] == [("NeedClosed", need), ("PatientErased", asa)]
    assert (state["erased_at"], state["everywhere_at"]) == ("2026-11-22T10:00:00+01:00", None)
    with pytest.raises(NotFound):
        get(desk, "solna", asa)
    row = access_log(desk, "solna", checked(AccessLogSchema(), {}))["access_log"][0]
    assert (row["what"], row["actor"]["id"]) == ("erased", "ann@solna.example")


def test_a3_it_is_confirmed_by_the_name_and_refused_while_somebody_is_to_come(people: Work) -> None:
    asa = id_of(people, "Åsa")
    with pytest.raises(Invalid, match="Enter the patient’s name"):
        erase(a_desk(people), "solna", asa, "Eva Lind")
    with pytest.raises(Invalid, match="Cancel it first"):
        erase(a_desk(people, bookings=FakeTreating(coming=[{"reference": "R"}])), "solna", asa, "Åsa Öberg")
    with pytest.raises(NotFound):
        erase(a_desk(people), "lund", asa, "Åsa Öberg")
    with pytest.raises(NotFound):
        erasure(a_desk(people), "solna", asa)


def test_a3_it_is_said_when_the_others_have_done_it_however_often_they_tell(people: Work) -> None:
    asa, desk = id_of(people, "Åsa"), a_desk(people)
    erase(desk, "solna", asa, "Åsa Öberg")
    bookings = from_others("booking", "BookingsErased", asa, references=["7K3M9QX2VT"], needs=[])
    messages = from_others("notification", "MessagesErased", asa)
    for _ in range(2):
        take_in_effect(people, note_bookings_erased(desk, [bookings]), "note_bookings_erased", NOW)
    assert erasure(desk, "solna", asa)["everywhere_at"] is None
    take_in_effect(people, note_messages_erased(desk, [messages]), "note_messages_erased", NOW)
    assert erasure(desk, "solna", asa)["everywhere_at"] == "2026-11-22T10:00:00+01:00"


def test_a3_no_late_event_makes_the_person_again(people: Work) -> None:
    asa, desk = id_of(people, "Åsa"), a_desk(people)
    late = a_booking(identity=None, first_name="Åsa", last_name="Öberg")
    erase(desk, "solna", asa, "Åsa Öberg")
    gone = from_others("booking", "BookingsErased", asa, references=[late.subject], needs=[])
    take_in_effect(people, note_bookings_erased(desk, [gone]), "note_bookings_erased", NOW)
    take_in(people, [late])
    assert "Öberg" not in everything(people)
