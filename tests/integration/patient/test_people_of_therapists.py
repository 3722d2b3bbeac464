"""Therapists see and change the patients whom they treat, and no others (PRODUCT C1)."""

from dataclasses import replace

import pytest

from services.patient.handlers.desk import Desk
from services.patient.handlers.needs import add_need
from services.patient.handlers.records import find, get, update
from services.patient.schemas import FindSchema, NeedSchema, UpdateSchema
from shared.contracts.errors import Forbidden, NotFound
from shared.incoming.fields import checked
from tests.builders.patient.desks import FakeTreating, Work, a_desk
from tests.builders.patient.needs import OF_ANNA, OF_NOBODY, id_of


@pytest.fixture
def anna(people: Work) -> Desk:
    """Return the surroundings of calls by Anna, who treats Eva and her child but not Åsa."""
    return a_desk(people, OF_ANNA, bookings=FakeTreating(id_of(people, "Åsa")))


def names(desk: Desk) -> list[str]:
    """Return whom a search for everybody finds."""
    return sorted(each["first_name"] for each in find(desk, "solna", checked(FindSchema(), {}))["patients"])


def test_c1_a_therapist_finds_those_whom_they_treat(people: Work, anna: Desk) -> None:
    assert names(anna) == ["Eva", "Little"]
    assert names(a_desk(people)) == ["Eva", "Little", "Åsa"]
    assert names(replace(anna, actor=OF_NOBODY)) == [], "whose calendar is nobody's treats nobody"


def test_c1_a_therapist_is_not_told_that_others_match(people: Work, anna: Desk) -> None:
    def pages(desk: Desk, limit: int) -> list[list[str]]:
        found, cursor = [], None
        while True:
            asked = {"limit": limit, **({"cursor": cursor} if cursor else {})}
            page = find(desk, "solna", checked(FindSchema(), asked))
            found.append([each["first_name"] for each in page["patients"]])
            cursor = page["next"]
            if cursor is None:
                return found

    everybody = a_desk(people)
    in_order = [name for page in pages(everybody, 1) for name in page]
    assert [len(page) for page in pages(everybody, 1)] == [1, 1, 1]
    assert pages(anna, 1) == [[name] for name in in_order if name != "Åsa"]
    assert pages(anna, 2) == [[name for name in in_order if name != "Åsa"]]
    for stranger in in_order:
        others = [id_of(people, name) for name in in_order if name != stranger]
        alone = replace(anna, bookings=FakeTreating(*others))
        assert pages(alone, 1) == [[stranger]], "whether others come before or behind"


def test_c1_a_therapist_neither_opens_nor_changes_nor_calls_in_somebody_else_s(people: Work, anna: Desk) -> None:
    theirs, others = id_of(people, "Eva"), id_of(people, "Åsa")
    week = {"type": "exam", "week": "2026-W49"}
    assert get(anna, "solna", theirs)["first_name"] == "Eva"
    for call in (
        lambda: get(anna, "solna", others),
        lambda: update(anna, "solna", others, checked(UpdateSchema(), {"sms_ok": False})),
        lambda: add_need(anna, "solna", checked(NeedSchema(), {"patient": others, **week})),
    ):
        with pytest.raises(Forbidden):
            call()
    assert add_need(anna, "solna", checked(NeedSchema(), {"patient": theirs, **week}))["patient"] == theirs


def test_who_is_nobody_s_patient_is_not_found(anna: Desk) -> None:
    for id in ("f" * 32, "nonsense"):
        with pytest.raises(NotFound):
            get(anna, "solna", id)
