"""Whose telephone a login has proven, for whom they may book without typing it again (PRODUCT B22)."""

from dataclasses import replace
from typing import Any

import pytest

from services.patient.handlers.needs import close_need
from services.patient.handlers.people import people as people_of
from services.patient.handlers.people import person
from services.patient.handlers.records import update
from services.patient.schemas import PersonSchema, UpdateSchema
from shared.actor import PUBLIC, Actor
from shared.contracts.errors import Invalid, LoginRequired, NotFound
from shared.incoming.fields import checked
from tests.builders.patient.bookings import NUMBER, a_booking, take_in
from tests.builders.patient.desks import BOOKING, STAFF, Work, a_desk
from tests.builders.patient.needs import ASA, EVA, give, hear, id_of, logged_in, told


def names(work: Work, actor: Actor) -> list[str]:
    return [each["first_name"] for each in people_of(a_desk(work, actor), "solna")["people"]]


def a_record(work: Work, id: str, mobile: str, identity: Any = None) -> dict[str, Any]:
    asked = checked(PersonSchema(), {"person": id, "mobile": mobile, "identity": identity})
    found: dict[str, Any] = person(a_desk(work, BOOKING), "solna", asked)
    return found


def test_b22_all_of_a_family_that_shares_a_telephone_are_listed_by_their_names_alone(people: Work) -> None:
    found = people_of(a_desk(people, logged_in(EVA)), "solna")["people"]
    expected = [(id_of(people, name), name, "Lind") for name in ("Eva", "Little")]
    assert sorted(tuple(each.values()) for each in found) == sorted(expected)
    assert {tuple(each) for each in found} == {("person", "first_name", "last_name")}
    assert names(people, logged_in(ASA)) == ["Åsa"]
    assert names(people, logged_in(EVA, NUMBER)) == ["Eva"], "who named a number is that person alone"


def test_what_somebody_on_the_web_brought_opens_nobody(work: Work) -> None:
    """CONTRACTS 1, Patients."""
    take_in(work, [a_booking()])
    id = id_of(work, "Eva")
    assert names(work, logged_in(EVA)) == []
    with pytest.raises(NotFound):
        a_record(work, id, EVA)
    update(a_desk(work), "solna", id, checked(UpdateSchema(), {"confirm": ["mobile"]}))
    assert names(work, logged_in(EVA)) == ["Eva"]
    assert a_record(work, id, EVA)["identity"] == NUMBER


def test_a_booking_gets_nothing_that_nobody_has_confirmed(people: Work) -> None:
    id = id_of(people, "Åsa")
    known = a_record(people, id, ASA)
    assert (known["mobile"], known["email"], known["sms_ok"]) == (ASA, "eva@example.org", True)
    update(a_desk(people, STAFF), "solna", id, checked(UpdateSchema(), {"email": ""}))
    same = {"identity": None, "first_name": "Åsa", "last_name": "Öberg", "mobile": ASA}
    take_in(people, [a_booking(**same, email="planted@example.org", email_ok=False)])
    known = a_record(people, id, ASA)
    assert (known["mobile"], known["email"], known["email_ok"]) == (ASA, None, None)


@pytest.mark.parametrize("mobile", [ASA, "+46701740000"])
def test_nobody_else_s_record_is_told(people: Work, mobile: str) -> None:
    for id in (id_of(people, "Eva"), id_of(people, "Eva", "lund")):
        with pytest.raises(NotFound):
            a_record(people, id, mobile)


def called(need: str, clinic: str = "solna") -> Actor:
    return Actor(kind="patient", clinic=clinic, need=need)


def of_need(work: Work, id: str, need: str, clinic: str = "solna") -> dict[str, Any]:
    asked = checked(PersonSchema(), {"person": id, "need": need})
    found: dict[str, Any] = person(a_desk(work, BOOKING), clinic, asked)
    return found


def test_b22_who_comes_by_a_recall_is_whose_need_it_is_and_nobody_else(people: Work) -> None:
    """Also where the clinic has confirmed no address: the recall was handed out by it."""
    need = give(people, patient=id_of(people, "Åsa"))["id"]
    assert names(people, called(need)) == ["Åsa"]
    assert of_need(people, id_of(people, "Åsa"), need)["last_name"] == "Öberg"
    with pytest.raises(NotFound):
        of_need(people, id_of(people, "Eva"), need)


def test_a_recall_that_is_used_closed_or_another_clinic_s_opens_nobody(people: Work) -> None:
    eva, used, closed = id_of(people, "Eva"), give(people)["id"], give(people)["id"]
    hear(people, told("AAAA", used))
    close_need(a_desk(people), "solna", closed)
    for need, clinic in ((used, "solna"), (closed, "solna"), (give(people)["id"], "lund"), ("1" * 32, "solna")):
        assert people_of(a_desk(people, called(need, clinic)), clinic)["people"] == []
        with pytest.raises(NotFound):
            of_need(people, eva, need, clinic)


@pytest.mark.parametrize("proven", [{}, {"mobile": ASA, "need": "1" * 32}])
def test_a_person_is_asked_for_by_one_proof(proven: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        checked(PersonSchema(), {"person": "1" * 32, **proven})


@pytest.mark.parametrize("actor", [PUBLIC, STAFF])
def test_only_who_has_proven_something_lists_people(people: Work, actor: Actor) -> None:
    with pytest.raises(LoginRequired):
        names(people, actor)
    with pytest.raises(LoginRequired):
        names(people, replace(logged_in(EVA), clinic="lund"))
