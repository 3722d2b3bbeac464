"""The lists of needs that staff see (PRODUCT R3, C1)."""

import itertools
from datetime import timedelta

import pytest

from services.patient.handlers.needs import close_need, needs
from services.patient.schemas import NeedsSchema
from shared.clinic.times.weeks import week_of
from shared.contracts.errors import Forbidden, Invalid
from shared.incoming.fields import checked
from tests.builders.patient.desks import NOW, FakeDocuments, Work, a_desk
from tests.builders.patient.documents import a_type
from tests.builders.patient.needs import OF_ANNA, OF_NOBODY, TODAY, give, hear, id_of, ids, listed, told


def test_r3_the_lists_are_what_a_look_at_every_need_tells(people: Work, subtests: pytest.Subtests) -> None:
    patient = id_of(people, "Eva")
    for number, (type, weeks) in enumerate(itertools.product(("exam", "hygiene", "visit"), range(-6, 7))):
        week = week_of(TODAY + timedelta(weeks=weeks))
        given = [give(people, patient=patient, type=type, week=week)["id"] for _ in range(3)]
        hear(people, told(f"A{number:09d}", given[1]))
        close_need(a_desk(people), "solna", given[2])
    for days in range(-16, 40, 5):
        now = NOW + timedelta(days=days)
        over = week_of(now.date())
        everything = listed(people, now=now, limit=200)["needs"]
        assert len(everything) == 3 * 13 * 3
        by_hand = {
            "due": [need for need in everything if need["state"] == "open" and need["week"] >= over],
            "overdue": [need for need in everything if need["state"] == "open" and need["week"] < over],
            "booked": [need for need in everything if need["state"] == "used"],
            "expired": [need for need in everything if need["state"] == "expired"],
            "closed": [need for need in everything if need["state"] == "closed"],
        }
        for name, expected in by_hand.items():
            with subtests.test(name, days=days):
                assert listed(people, now=now, limit=200, list=name)["needs"] == expected
                assert expected, "a list that is empty shows nothing"


def test_r3_lists_are_ordered_by_week_and_come_in_pages(people: Work) -> None:
    for weeks in (5, 1, 3, 1, 2, 1, 4):
        give(people, week=week_of(TODAY + timedelta(weeks=weeks)))
    everything, cursor, pages = [], None, 0
    while cursor is not None or not pages:
        answer = listed(people, limit=3, cursor=cursor)
        everything += answer["needs"]
        cursor, pages = answer["next"], pages + 1
    order = [(need["week"], need["id"]) for need in everything]
    assert (len(order), pages, order) == (7, 3, sorted(order))
    with pytest.raises(Invalid):
        listed(people, cursor="0" * 32)


def test_r3_lists_are_of_one_week_one_patient_or_one_type(people: Work) -> None:
    asa = id_of(people, "Åsa")
    wanted = give(people, patient=asa, type="hygiene", week="2026-W50")["id"]
    others = [give(people, patient=asa, type="hygiene"), give(people, patient=asa, week="2026-W50"), give(people)]
    assert ids(listed(people, patient=asa, type="hygiene", week="2026-W50")) == [wanted]
    assert set(ids(listed(people, patient=asa))) == {wanted, *(need["id"] for need in others[:2])}
    assert ids(listed(people, type="hygiene", list="due", week="2026-W50")) == [wanted]
    for query in ({"week": "2027-W53"}, {"list": "open"}, {"patient": "x"}, {"limit": 201}, {"z": 1}):
        with pytest.raises(Invalid):
            listed(people, **query)


def test_r3_a_change_of_the_document_changes_what_has_expired(people: Work) -> None:
    need = give(people, week=week_of(TODAY - timedelta(weeks=3)))
    assert need["state"] == "expired"
    without_limit = FakeDocuments(types=[a_type("exam")])
    desk = a_desk(people, documents=without_limit)
    for name, expected in (("overdue", [need["id"]]), ("expired", [])):
        assert ids(needs(desk, "solna", checked(NeedsSchema(), {"list": name}))) == expected


def test_c1_therapists_see_give_and_take_back_their_own_and_nobodys(people: Work) -> None:
    nobodys, hers = give(people, OF_ANNA), give(people, OF_ANNA, practitioner="anna")
    of_bo = give(people, practitioner="bo")
    assert set(ids(listed(people, OF_ANNA))) == {nobodys["id"], hers["id"]}
    assert ids(listed(people, OF_NOBODY)) == [nobodys["id"]]
    with pytest.raises(Forbidden):
        give(people, OF_ANNA, practitioner="bo")
    with pytest.raises(Forbidden):
        close_need(a_desk(people, OF_ANNA), "solna", of_bo["id"])
    assert close_need(a_desk(people, OF_ANNA), "solna", hers["id"])["state"] == "closed"
