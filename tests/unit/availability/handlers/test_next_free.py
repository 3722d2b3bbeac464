"""The next times that staff may give, as one question (PRODUCT C7)."""

from dataclasses import replace
from typing import Any

import pytest

from services.availability.handlers.next_free import MOST_DAYS
from shared.actor import Actor
from shared.contracts.errors import Forbidden, Invalid
from tests.builders.availability.desk import TEN_TO_ELEVEN, Desk
from tests.builders.availability.fakes import TOOL
from tests.builders.clinics.documents import a_block, a_document, a_practitioner, an_absence

ANNA = Actor(kind="staff", id="anna@solna.example", role="therapist", clinic="solna", practitioner="anna")
BOTH = [a_practitioner("anna"), a_practitioner("bo")]


def starts(desk: Desk, actor: Actor = TOOL, **query: Any) -> list[str]:
    """Return when the times begin, as `12-01 10:00`."""
    return [time["start"][5:16].replace("T", " ") for time in desk.next_free(actor, **query)]


def test_c7_the_next_days_that_have_any_are_told_as_free_times_are() -> None:
    desk = Desk()
    found = desk.next_free(TOOL)
    days = [{"from": f"2026-12-0{day}", "to": f"2026-12-0{day}"} for day in (1, 2, 3)]
    assert found == [time for day in days for time in desk.free(TOOL, **day)]
    assert starts(desk, days=1) == ["12-01 10:00", "12-01 10:30"]
    assert starts(desk, minutes=60, days=2) == ["12-01 10:00", "12-02 10:00"]


def test_c7_days_without_times_are_passed_over_however_many_and_not_for_ever() -> None:
    away = an_absence("2026-12-01", "2027-01-10", "anna")
    assert starts(Desk(a_document(TEN_TO_ELEVEN, absences=[away])), days=1) == ["01-11 10:00", "01-11 10:30"]
    assert MOST_DAYS == 84
    away = an_absence("2026-12-01", "2027-02-22", "anna")
    assert starts(Desk(a_document(TEN_TO_ELEVEN, absences=[away]))) == [], "the 84th day is 22 February"


def test_c7_mornings_and_afternoons_are_told_apart_at_noon() -> None:
    desk = Desk(a_document(a_block("11:00", "13:00")))
    assert starts(desk, part="morning", days=1) == ["12-01 11:00", "12-01 11:30"]
    assert starts(desk, part="afternoon", days=1) == ["12-01 12:00", "12-01 12:30"]


def test_c7_only_with_whom_it_is_wanted() -> None:
    desk = Desk(a_document(TEN_TO_ELEVEN, practitioners=[*BOTH, a_practitioner("cleo")]))
    for wanted in (["bo"], ["anna", "cleo"]):
        assert {tuple(time["practitioners"]) for time in desk.next_free(TOOL, practitioners=wanted)} == {tuple(wanted)}
    desk.hear("BookingCreated", "REF")
    assert starts(desk, practitioners=["anna"], days=1) == ["12-01 10:30"]


def test_c1_therapists_are_told_of_their_own() -> None:
    desk = Desk(a_document(TEN_TO_ELEVEN, practitioners=BOTH))
    for own in ([], ["anna"]):
        assert {key for time in desk.next_free(ANNA, practitioners=own) for key in time["practitioners"]} == {"anna"}
    for actor, others in ((ANNA, ["anna", "bo"]), (replace(ANNA, practitioner=None), [])):
        with pytest.raises(Forbidden):
            desk.next_free(actor, practitioners=others)


@pytest.mark.parametrize(
    ("query", "field"),
    [({"type": "nonsense"}, "type"), ({"practitioners": ["anna", "cleo"]}, "practitioner"), ({"from": "soon"}, "from"),
     ({"days": 8}, "days"), ({"part": "night"}, "part"), ({"minutes": 0}, "minutes")],
)  # fmt: skip
def test_what_is_asked_amiss_is_named(query: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        Desk().next_free(TOOL, **query)
    assert list(refused.value.extra["errors"]) == [field]
