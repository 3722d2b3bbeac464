"""Absences are entered, changed and removed at any time; what collides is listed (PRODUCT S8)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.availability import schemas
from services.availability.handlers import absences, set_up
from services.availability.handlers import desk as handlers
from shared.actor import Actor
from shared.contracts.errors import Forbidden, Invalid, NotFound, Refusal, Timeout, Unavailable
from shared.incoming.fields import checked
from tests.builders.availability.fakes import TOOL, FakeBookings, FakeRevisions, FakeWork, a_desk
from tests.builders.clinics.written import a_written_document

ANNA = Actor(kind="staff", id="anna@solna.example", role="therapist", clinic="solna", practitioner="anna")
NOBODYS = Actor(kind="staff", id="reception@solna.example", role="therapist", clinic="solna")
COLLISION = {"reference": "ABC"}


class Desk:
    """The clinic solna with one absence of Anna's, and the calls that change its absences."""

    def __init__(self) -> None:
        self.work = FakeWork()
        self.revisions = FakeRevisions(self.work)
        self.bookings = FakeBookings(self.work, COLLISION)
        set_up.apply_document(self.at(), "solna", a_written_document(), None)

    def at(self, actor: Actor = TOOL, **others: Any) -> handlers.Desk:
        """Return the surroundings of a call by `actor`."""
        return a_desk(self.work, actor, **{"revisions": self.revisions, "bookings": self.bookings, **others})

    @property
    def absences(self) -> list[dict[str, Any]]:
        document = self.work.store.rows["solna"].document
        assert document is not None
        found: list[dict[str, Any]] = document["absences"]
        return found

    def add(self, clinic: str = "solna", actor: Actor = TOOL, **fields: Any) -> dict[str, Any]:
        return absences.add_absence(self.at(actor), clinic, fields)

    def update(self, id: str, actor: Actor = TOOL, **fields: Any) -> dict[str, Any]:
        return absences.update_absence(self.at(actor), "solna", id, fields)

    def remove(self, id: str, actor: Actor = TOOL) -> None:
        absences.remove_absence(self.at(actor), "solna", id)

    def page(self, **query: Any) -> dict[str, Any]:
        return absences.absences(self.at(), "solna", checked(schemas.AbsencesSchema(), query))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_new_absence_is_in_the_document_and_a_new_revision(desk: Desk) -> None:
    answer = desk.add(**{"practitioner": "erik", "from": "2027-01-04", "to": "2027-01-05", "reason": "Kurs"})
    assert answer["collisions"] == [COLLISION]
    assert desk.absences[-1] == {
        "id": answer["id"],
        "practitioner": "erik",
        "resource": None,
        "from": "2027-01-04",
        "to": "2027-01-05",
        "reason": "Kurs",
    }
    assert desk.revisions.announced[-1] == ("solna", 2)
    assert desk.work.event_types[-1] == "ScheduleChanged"


def test_what_is_told_of_an_absence_is_whose_and_when_it_is_and_neither_why_nor_the_clinic_s_document(
    desk: Desk,
) -> None:
    """Version 0.1.0 reads the revision of it, and nothing else."""
    id = desk.add(**{"practitioner": "erik", "from": "2027-01-04", "to": "2027-01-05", "reason": "Sjuk"})["id"]
    desk.update(id, **{"resource": "room-1", "from": "2026-12-01T10:00", "to": "2026-12-01T10:30"})
    desk.remove(id)
    entered, changed, removed = (event.data for event in desk.work.store.events[-3:])
    assert entered == {
        "revision": 2, "absence": id, "practitioner": "erik", "resource": None,
        "start": "2027-01-03T23:00:00+00:00", "end": "2027-01-05T23:00:00+00:00", "removed": False,
    }  # fmt: skip
    assert changed == {
        "revision": 3, "absence": id, "practitioner": None, "resource": "room-1",
        "start": "2026-12-01T09:00:00+00:00", "end": "2026-12-01T09:30:00+00:00", "removed": False,
    }  # fmt: skip
    assert removed == {**changed, "revision": 4, "removed": True}
    assert [event.subject_version for event in desk.work.store.events[-3:]] == [2, 3, 4]


def test_a_call_that_is_repeated_with_its_key_gets_the_first_answer_and_enters_nothing(desk: Desk) -> None:
    """Also where the absence was taken back meanwhile: the call is the same one, late."""
    fields = {"practitioner": "erik", "from": "2026-12-07", "to": "2026-12-08"}
    first = absences.add_absence(desk.at(), "solna", fields, "k-1")
    assert absences.add_absence(desk.at(), "solna", fields, "k-1") == first
    desk.remove(first["id"])
    before = desk.absences
    assert absences.add_absence(desk.at(), "solna", fields, "k-1") == first
    assert desk.absences == before
    assert absences.add_absence(desk.at(), "solna", fields, "k-2")["id"] != first["id"]


def test_a_key_is_good_for_one_body_of_one_clinic_and_a_day(desk: Desk) -> None:
    fields = {"practitioner": "erik", "from": "2026-12-07", "to": "2026-12-08"}
    now = datetime(2026, 10, 1, tzinfo=UTC)
    first = absences.add_absence(desk.at(now=now), "solna", fields, "k-1")
    with pytest.raises(Invalid) as refused:
        absences.add_absence(desk.at(now=now), "solna", {**fields, "to": "2026-12-09"}, "k-1")
    assert list(refused.value.extra["errors"]) == ["idempotency_key"]
    desk.remove(first["id"])
    again = absences.add_absence(desk.at(now=now + timedelta(hours=24)), "solna", fields, "k-1")
    assert again["id"] != first["id"]


@pytest.mark.parametrize("key", ["", "k" * 201, "å", 5])
def test_a_key_that_is_none_is_refused(desk: Desk, key: Any) -> None:
    with pytest.raises(Invalid):
        absences.add_absence(desk.at(), "solna", {"from": "2026-12-07", "to": "2026-12-08"}, key)


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        (
            {"practitioner": "erik", "from": "2027-01-04", "to": "2027-01-05"},
            {
                "practitioner": "erik",
                "from": "2027-01-03T23:00:00+00:00",
                "to": "2027-01-05T23:00:00+00:00",
            },
        ),
        (
            {"resource": "room-1", "from": "2026-12-01T10:00", "to": "2026-12-01T10:30"},
            {
                "resource": "room-1",
                "from": "2026-12-01T09:00:00+00:00",
                "to": "2026-12-01T09:30:00+00:00",
            },
        ),
        (  # the hour that comes twice: a start takes the first, an end the second
            {"from": "2026-10-25T02:30", "to": "2026-10-25T02:45"},
            {"from": "2026-10-25T00:30:00+00:00", "to": "2026-10-25T01:45:00+00:00"},
        ),
    ],
)
def test_booking_is_asked_for_what_collides_with_it_in_utc(
    desk: Desk, fields: dict[str, Any], asked: dict[str, Any]
) -> None:
    absences.add_absence(desk.at(now=datetime(2026, 10, 1, tzinfo=UTC)), "solna", fields)
    assert desk.bookings.asked == [{"clinic": "solna", "time_zone": "Europe/Stockholm", "stretches": [asked]}]


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({"from": "2026-10-01", "to": "2026-10-02"}, []),
        ({"from": "1990-01-01", "to": "2026-12-31"}, [["2026-11-02T07:00:00+00:00", "2026-12-31T23:00:00+00:00"]]),
        ({"from": "2026-12-01", "to": "2999-12-31"}, [["2026-11-30T23:00:00+00:00", "2200-01-01T00:00:00+00:00"]]),
    ],
)
def test_what_is_over_and_what_nobody_can_book_is_not_asked_for(
    desk: Desk, fields: dict[str, Any], asked: list[list[str]]
) -> None:
    absences.add_absence(desk.at(now=datetime(2026, 11, 2, 7, tzinfo=UTC)), "solna", fields)
    sent = [[each["from"], each["to"]] for call in desk.bookings.asked for each in call["stretches"]]
    assert sent == asked


def test_the_same_absence_twice_is_entered_once_so_that_a_lost_answer_may_be_asked_for_again(desk: Desk) -> None:
    fields = {"from": "2027-01-04", "to": "2027-01-05"}
    first = desk.add(**fields)
    assert desk.add(**fields) == first
    assert desk.work.store.rows["solna"].revision == 2


@pytest.mark.parametrize("trouble", [Unavailable, Timeout])
def test_when_booking_does_not_answer_the_absence_stands_and_what_it_meets_is_said_to_be_unknown(
    desk: Desk, trouble: type[Refusal]
) -> None:
    class Down:
        def find_collisions(self, clinic: str, **fields: Any) -> dict[str, Any]:
            raise trouble.because("booking does not answer")

    fields = {"from": "2027-01-04", "to": "2027-01-05"}
    entered = absences.add_absence(desk.at(bookings=Down()), "solna", fields)
    assert entered == {"id": desk.absences[-1]["id"], "collisions": None, "next": None, "count": None}
    assert len(desk.absences) == 2
    with pytest.raises(trouble):
        absences.check_absence(desk.at(bookings=Down()), "solna", fields, {})
    assert desk.add(**fields) == {"id": entered["id"], "collisions": [COLLISION], "next": None, "count": 1}


def test_s8_what_an_absence_would_meet_is_told_before_anything_is_entered(desk: Desk) -> None:
    fields = {"practitioner": "anna", "from": "2027-01-04", "to": "2027-01-05"}
    found = absences.check_absence(desk.at(ANNA), "solna", fields, {"limit": 10, "cursor": "c"})
    assert found == {"collisions": [COLLISION], "next": None, "count": 1}
    assert (desk.bookings.asked[0]["limit"], desk.bookings.asked[0]["cursor"]) == (10, "c")
    assert (len(desk.absences), desk.work.store.rows["solna"].revision) == (1, 1)
    for actor in (NOBODYS, replace(ANNA, practitioner="erik")):
        with pytest.raises(Forbidden):
            absences.check_absence(desk.at(actor), "solna", fields, {})
    with pytest.raises(Invalid):
        absences.check_absence(desk.at(), "solna", {**fields, "to": "soon"}, {})
    with pytest.raises(NotFound):
        absences.check_absence(desk.at(), "nowhere", fields, {})


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "from"),
        ({"from": "2027-01-04", "to": "2027-01-03"}, "to"),
        ({"from": "soon", "to": "2027-01-03"}, "from"),
        ({"from": "2027-01-04", "to": "2027-01-05", "practitioner": "bo"}, "practitioner"),
        ({"from": "2027-01-04", "to": "2027-01-05", "practitioner": "anna", "resource": "laser"}, "resource"),
        ({"from": "2027-01-04", "to": "2027-01-05", "id": "x"}, "id"),
        ({"from": "2027-01-04", "to": "2027-01-05", "until": "x"}, "until"),
    ],
)
def test_an_absence_with_mistakes_is_refused_by_field(desk: Desk, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        desk.add(**fields)
    assert field in refused.value.extra["errors"]
    assert len(desk.absences) == 1


def test_a_changed_absence_keeps_its_id(desk: Desk) -> None:
    id = desk.absences[0]["id"]
    answer = desk.update(id, **{"practitioner": "anna", "from": "2026-12-24", "to": "2026-12-25"})
    assert answer == {"id": id, "collisions": [COLLISION], "next": None, "count": 1}
    assert [(row["id"], row["to"], row["reason"]) for row in desk.absences] == [(id, "2026-12-25", None)]


def test_a_change_to_what_it_is_already_is_none(desk: Desk) -> None:
    desk.update(desk.absences[0]["id"], **{name: value for name, value in desk.absences[0].items() if name != "id"})
    assert desk.work.event_types == ["ClinicChanged"]


def test_a_removed_absence_is_gone(desk: Desk) -> None:
    id = desk.absences[0]["id"]
    desk.remove(id)
    assert desk.absences == []
    assert desk.revisions.announced[-1] == ("solna", 2)
    with pytest.raises(NotFound):
        desk.remove(id)
    with pytest.raises(NotFound):
        desk.update(id, **{"from": "2026-12-24", "to": "2026-12-25"})


@pytest.mark.parametrize("fields", [{"practitioner": "erik"}, {"resource": "laser"}, {}])
@pytest.mark.parametrize("actor", [ANNA, NOBODYS])
def test_therapists_act_on_their_own_calendar_only(desk: Desk, actor: Actor, fields: dict[str, Any]) -> None:
    """PRODUCT C1."""
    with pytest.raises(Forbidden):
        desk.add(actor=actor, **fields, **{"from": "2027-01-04", "to": "2027-01-05"})


def test_a_therapist_enters_changes_and_removes_her_own_absence_and_no_other(desk: Desk) -> None:
    """PRODUCT C1."""
    dates = {"from": "2027-01-04", "to": "2027-01-05"}
    mine = desk.add(actor=ANNA, practitioner="anna", **dates)["id"]
    his = desk.add(practitioner="erik", **dates)["id"]
    desk.update(mine, actor=ANNA, practitioner="anna", **{**dates, "to": "2027-01-06"})
    for refused in (
        lambda: desk.update(mine, actor=ANNA, practitioner="erik", **dates),
        lambda: desk.update(his, actor=ANNA, practitioner="anna", **dates),
        lambda: desk.remove(his, actor=ANNA),
    ):
        with pytest.raises(Forbidden):
            refused()
    desk.remove(mine, actor=ANNA)
    assert [row["id"] for row in desk.absences if row["practitioner"] == "erik"] == [his]


def test_a_therapist_reads_her_own_absences_and_the_clinic_s_and_no_colleague_s(desk: Desk) -> None:
    """PRODUCT C1."""
    dates = {"from": "2027-01-04", "to": "2027-01-05"}
    for whose in ({"practitioner": "anna"}, {"practitioner": "erik"}, {}):
        desk.add(**whose, **dates)

    def seen(actor: Actor) -> set[str | None]:
        query = checked(schemas.AbsencesSchema(), {"from": "2027-01-01"})
        return {row["practitioner"] for row in absences.absences(desk.at(actor), "solna", query)["absences"]}

    assert seen(TOOL) == {"anna", "erik", None}
    assert seen(ANNA) == {"anna", None}
    assert seen(NOBODYS) == {None}


def test_an_unknown_clinic_has_no_absences(desk: Desk) -> None:
    for clinic in ("nobody", "a\x00b"):
        with pytest.raises(NotFound):
            desk.add(clinic=clinic, **{"from": "2027-01-04", "to": "2027-01-05"})


def test_absences_are_listed_by_their_start_page_by_page(desk: Desk) -> None:
    for day in ("2027-01-09", "2026-11-01", "2027-01-05"):
        desk.add(**{"from": day, "to": day})
    pages, cursor = [], None
    while True:
        page = desk.page(limit=2, cursor=cursor)
        pages.append([row["from"] for row in page["absences"]])
        cursor = page["next"]
        if cursor is None:
            break
    assert pages == [["2026-11-01", "2026-12-24"], ["2027-01-05", "2027-01-09"]]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 1),
        ({"from": "2026-12-31"}, 1),
        ({"from": "2027-01-01"}, 0),
        ({"to": "2026-12-24"}, 1),
        ({"to": "2026-12-23"}, 0),
        ({"practitioner": "anna"}, 1),
        ({"practitioner": "erik"}, 0),
        ({"resource": "laser"}, 0),
    ],
)
def test_absences_that_touch_the_asked_dates_are_listed(desk: Desk, query: dict[str, Any], count: int) -> None:
    assert len(desk.page(**query)["absences"]) == count
