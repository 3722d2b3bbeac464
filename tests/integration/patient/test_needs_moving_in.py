"""Needs of the former system, and whom lines of needs and appointments are of (PRODUCT C14, issue 14)."""

from typing import Any

import pytest

from services.patient.handlers.needs import close_need
from services.patient.store.tables import patients
from shared.contracts.errors import Forbidden
from tests.builders.patient.bookings import published
from tests.builders.patient.desks import BOOKING, STAFF, Work, a_desk
from tests.builders.patient.moving_in import import_needs, import_patients, outcomes, taking_over
from tests.builders.patient.needs import THIS_WEEK, ids, listed

EVA = {"first_name": "Eva", "last_name": "Lind", "national_id": "19811228-9874", "mobile": "070-174 06 99"}
NORA = {"first_name": "Nora", "last_name": "Dahl", "birth_date": "1985-03-12", "mobile": "070-174 06 05"}
NAMED = {"first_name": "nora", "last_name": "DAHL"}
BORN = {"birth_date": "1985-03-12"}


@pytest.fixture
def two(work: Work) -> list[str]:
    """Return the ids of Eva and Nora, who have come by files."""
    return [each["patient"] for each in import_patients(work, {**EVA, "former": "1"}, {**NORA, "former": "2"})]


def need(**line: Any) -> dict[str, Any]:
    return {"patient": {"former": "1"}, "type": "exam", "week": THIS_WEEK, **line}


def resolved(work: Work, *whos: dict[str, Any]) -> list[dict[str, Any]]:
    people: list[dict[str, Any]] = taking_over(work, BOOKING).resolve_imported("solna", whos=list(whos))["people"]
    return people


def test_c14_a_need_is_given_once_as_staff_give_it(work: Work, two: list[str]) -> None:
    lines = need(former="N1"), need(type="hygiene", practitioner="bo", minutes=45), need(patient={"id": two[1]})
    told = len(published(work))
    first = import_needs(work, *lines)
    assert (outcomes(first), [each["patient"] for each in first]) == (3 * ["new"], [two[0], two[0], two[1]])
    there = {each["id"]: each for each in listed(work)["needs"]}
    assert there.keys() == {each["need"] for each in first}
    assert (there[first[0]["need"]]["minutes"], there[first[1]["need"]]["minutes"]) == (30, 45)
    assert [each["type"] for each in published(work)[told:]] == 3 * ["NeedAdded"]
    again = import_needs(work, *lines)
    assert (outcomes(again), [each["need"] for each in again]) == (3 * ["known"], [each["need"] for each in first])
    assert len(published(work)) == told + 3


def test_c14_a_preview_of_needs_writes_nothing(work: Work, two: list[str]) -> None:
    previewed = import_needs(work, need(), need(), dry_run=True)
    assert (outcomes(previewed), [each["need"] for each in previewed]) == (["new", "known"], [None, None])
    assert ids(listed(work)) == []


def test_c14_an_equal_need_that_staff_gave_is_known_and_one_that_was_closed_stays_closed(
    work: Work, two: list[str]
) -> None:
    (given,) = import_needs(work, need())
    assert outcomes(import_needs(work, need(former="N9"))) == ["known"]
    close_need(a_desk(work), "solna", given["need"])
    assert outcomes(import_needs(work, need(), need(former="N9"))) == ["known", "known"]
    assert [each["state"] for each in listed(work)["needs"]] == ["closed"]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (need(type="massage"), "type"),
        (need(type="hygiene", practitioner="anna"), "practitioner"),
        (need(minutes=7), "minutes"),
        (need(week="2026-W54"), "week"),
        (need(patient={"former": "99"}), "patient"),
        (need(patient={"first_name": "Nora"}), "patient"),
        (need(patient={"national_id": "19811228-9873"}), "patient.national_id"),
    ],
)
def test_c14_what_is_wrong_with_a_need_is_said_by_field_and_the_others_are_given(
    work: Work, two: list[str], line: dict[str, Any], field: str
) -> None:
    wrong, right = import_needs(work, line, need())
    assert (wrong["outcome"], list(wrong["errors"]), right["outcome"]) == ("wrong", [field], "new")


WHO = [
    pytest.param({"former": "2"}, True, id="the former system's key"),
    pytest.param({"national_id": "811228-9874"}, True, id="the number"),
    pytest.param({**NAMED, **BORN}, True, id="names and birth date"),
    pytest.param({**NAMED, **BORN, "mobile": "070-174 06 66"}, True, id="names and birth date, whatever telephone"),
    pytest.param({**NAMED, "mobile": "0701740605"}, True, id="names and mobile"),
    pytest.param(NAMED, False, id="names alone"),
    pytest.param({**NAMED, "mobile": "12"}, False, id="names and what is no telephone"),
]


@pytest.mark.parametrize(("who", "is_sure"), WHO)
def test_c14_whose_a_line_is(work: Work, two: list[str], who: dict[str, Any], is_sure: bool) -> None:
    expected = two[0] if "national_id" in who else two[1]
    (found,) = resolved(work, who)
    if is_sure:
        assert (found["outcome"], found["patient"]) == ("found", expected)
        assert found["person"]["unconfirmed"] == []
    else:
        assert (found["outcome"], found["candidates"]) == ("doubtful", [expected])


def test_c14_two_of_one_name_are_told_apart_by_their_mobile_or_are_in_doubt(work: Work, two: list[str]) -> None:
    (other,) = import_patients(work, {**NORA, "mobile": "070-174 06 66", "decided": "new"})
    sure, doubtful, nobody = resolved(
        work, {**NAMED, **BORN, "mobile": "070-174 06 66"}, {**NAMED, **BORN}, {**NAMED, "birth_date": "1999-01-01"}
    )
    assert sure["patient"] == other["patient"]
    assert (doubtful["outcome"], set(doubtful["candidates"])) == ("doubtful", {two[1], other["patient"]})
    assert (nobody["outcome"], list(nobody["errors"])) == ("wrong", ["patient"])


def test_c14_of_whom_was_erased_it_is_said(work: Work, two: list[str]) -> None:
    with work() as store:
        store.connection.execute(patients.delete())
    (answer,) = import_needs(work, need())
    assert (answer["outcome"], list(answer["errors"])) == ("doubtful", ["patient"])


def test_whose_a_line_is_tells_nobody_but_the_house(work: Work) -> None:
    with pytest.raises(Forbidden):
        taking_over(work, STAFF).resolve_imported("solna", whos=[])
