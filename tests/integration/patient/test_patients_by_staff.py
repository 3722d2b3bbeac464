"""Staff make patients whom the clinic does not know, and note for themselves what it knows of them (PRODUCT C8, C9)."""

from dataclasses import replace
from typing import Any

import pytest

from services.patient.handlers.adding import add
from services.patient.handlers.desk import Desk
from services.patient.handlers.openings import access_log
from services.patient.handlers.records import find, get, update
from services.patient.schemas import AccessLogSchema, AddSchema, FindSchema, UpdateSchema
from shared.contracts.errors import Forbidden, Invalid, InvalidNationalId, NotFound
from shared.incoming.fields import checked
from tests.builders.patient.bookings import a_booking, published, records, take_in
from tests.builders.patient.desks import KEYS, FakeTreating, Work, a_desk
from tests.builders.patient.needs import OF_ANNA

NORA = {"first_name": "Nora", "last_name": "Dahl"}
NUMBER = {"scheme": "se.personnummer", "number": "19811228-9874"}
OF_BO = replace(OF_ANNA, id="bo@solna.example", practitioner="bo")


def made(work: Work, desk: Desk | None = None, clinic: str = "solna", **fields: Any) -> dict[str, Any]:
    return add(desk or a_desk(work), clinic, checked(AddSchema(), {**NORA, **fields}))


def noted(work: Work, id: str, **changes: Any) -> dict[str, Any]:
    return update(a_desk(work), "solna", id, checked(UpdateSchema(), changes))


def test_patients_are_named_by_id_as_lists_show_them_and_nobody_opens_them(work: Work) -> None:
    nora, ida = made(work), made(work, first_name="Ida")
    asked = checked(FindSchema(), {"ids": [nora["id"], ida["id"], "0" * 32]})
    found = find(a_desk(work), "solna", asked)
    assert ({each["first_name"] for each in found["patients"]}, found["next"]) == ({"Nora", "Ida"}, None)
    assert "note" not in found["patients"][0]
    assert find(a_desk(work), "lund", asked)["patients"] == []
    own = find(a_desk(work, OF_ANNA, bookings=FakeTreating(nora["id"])), "solna", asked)["patients"]
    assert [each["first_name"] for each in own] == ["Ida"], "a therapist sees their own (C1)"
    opened = access_log(a_desk(work), "solna", checked(AccessLogSchema(), {}))["access_log"]
    assert {each["what"] for each in opened} == {"changed"}, "they were made, and not read"


def refusal(work: Work, **fields: Any) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as refused:
        made(work, **fields)
    errors: dict[str, list[str]] = refused.value.extra["errors"]
    return errors


def test_c8_staff_make_a_patient_whose_contacts_count_as_confirmed(work: Work) -> None:
    nora = made(work, mobile="070-174 06 05", email="nora@example.org", identity=NUMBER, sms_ok=False)
    assert (nora["mobile"], nora["mobile_confirmed"], nora["email_confirmed"]) == ("+46701740605", True, True)
    assert (nora["sms_ok"], nora["email_ok"], nora["sms_reminder"]) == (False, True, True)
    assert (nora["birth_date"], nora["origin"], nora["version"]) == ("1981-12-28", "staff", 1)
    assert get(a_desk(work), "solna", nora["id"]) == nora
    (event,) = published(work)
    assert (event["type"], event["subject"], event["data"]["booking"]) == ("PatientCreated", nora["id"], None)


def test_c8_a_name_is_enough_and_a_name_there_must_be(work: Work) -> None:
    assert made(work)["mobile"] is None
    with pytest.raises(Invalid) as refused:
        checked(AddSchema(), {"first_name": "Nora", "last_name": " "})
    assert list(refused.value.extra["errors"]) == ["last_name"]


def test_c8_whom_the_clinic_knows_by_number_or_by_name_and_contact_is_not_made_again(work: Work) -> None:
    take_in(work, [a_booking()])
    assert list(refusal(work, identity=NUMBER)) == ["identity.number"]
    made(work, mobile="070-174 06 05")
    assert list(refusal(work, mobile="0701740605")) == ["last_name"]
    assert made(work, mobile="070-174 06 06")["id"], "a namesake with another telephone is somebody else"
    assert made(work, clinic="lund", mobile="070-174 06 05")["id"], "another clinic knows its own"


def test_c8_what_cannot_be_is_named_by_its_field(work: Work) -> None:
    assert list(refusal(work, mobile="12", email="nora@", birth_date="2999-01-01")) == ["mobile", "email", "birth_date"]
    with pytest.raises(InvalidNationalId):
        made(work, identity={**NUMBER, "number": "19811228-9873"})
    with pytest.raises(NotFound):
        made(work, clinic="oslo")


def test_c8_a_later_booking_of_the_same_person_finds_the_record_that_staff_made(work: Work) -> None:
    nora = made(work, identity=NUMBER)
    take_in(work, [a_booking()])
    assert [row.id for row in records(work)] == [nora["id"]]


def test_c1_a_therapist_s_own_patient_is_whom_they_have_made(work: Work) -> None:
    nora = made(work, a_desk(work, OF_ANNA))
    nobody_s = FakeTreating(nora["id"])
    annas, bos = (a_desk(work, actor, bookings=nobody_s) for actor in (OF_ANNA, OF_BO))
    assert get(annas, "solna", nora["id"])["last_name"] == "Dahl"
    sought = checked(FindSchema(), {"q": "dahl"})
    assert [each["id"] for each in find(annas, "solna", sought)["patients"]] == [nora["id"]]
    assert find(bos, "solna", sought)["patients"] == []
    with pytest.raises(Forbidden):
        get(bos, "solna", nora["id"])


def test_who_makes_a_record_is_written_down(work: Work) -> None:
    nora = made(work)
    rows = access_log(a_desk(work), "solna", checked(AccessLogSchema(), {}))["access_log"]
    assert [(each["patient"], each["what"]) for each in rows] == [(nora["id"], "changed")]


def test_c9_a_note_is_sealed_shown_with_the_record_and_in_no_list_or_event(work: Work) -> None:
    nora = made(work, note=" Afraid of needles. ")
    assert nora["note"] == "Afraid of needles."
    (row,) = records(work)
    assert row.note_sealed is not None
    assert "needles" not in row.note_sealed
    assert KEYS.people.open(row.note_sealed) == "Afraid of needles."
    (listed,) = find(a_desk(work), "solna", checked(FindSchema(), {}))["patients"]
    assert "note" not in listed
    for event in published(work):
        assert "needles" not in str(KEYS.people.open(event["data"]["person"]))


def test_c9_a_note_is_changed_with_the_version_and_taken_away_by_an_empty_one(work: Work) -> None:
    nora = made(work, note="Afraid of needles.")
    same = noted(work, nora["id"], note="Afraid of needles.", version=1)
    assert same["version"] == 1, "the same note sealed anew is no change"
    later = noted(work, nora["id"], note="Not any more.\nShe says.", version=1)
    assert (later["note"], later["version"]) == ("Not any more.\nShe says.", 2)
    assert noted(work, nora["id"], note=" ", version=2)["note"] is None
