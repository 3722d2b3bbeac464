"""Applying, checking and showing the clinic document (C3)."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.availability.document import check
from services.availability.handlers import desk as handlers
from services.availability.handlers import set_up
from services.availability.model.current import CurrentClinics
from services.availability.model.lost_time import WEEKS_AHEAD
from shared.actor import Actor
from shared.contracts.errors import ChangedMeanwhile, Forbidden, Invalid, NotFound, Timeout
from shared.texts.document_text import to_yaml
from tests.builders.availability.fakes import FakeBookings, FakeRevisions, FakeWork, a_desk
from tests.builders.clinics.written import a_written_document

CLINICS_ADMINISTRATOR = Actor(kind="staff", id="a@solna.example", role="administrator", clinic="solna")


class Desk:
    """A fresh installation and its one way to apply documents."""

    def __init__(self) -> None:
        self.work = FakeWork()
        self.revisions = FakeRevisions(self.work)

    def at(self, **call: Any) -> handlers.Desk:
        """Return the surroundings of a call."""
        return a_desk(self.work, **call, revisions=self.revisions)

    def apply(self, document: object, if_revision: int | None = None, **call: Any) -> dict[str, Any]:
        return set_up.apply_document(self.at(**call), "solna", document, if_revision)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_new_clinic_is_revision_one_and_its_document_is_what_document_answers(desk: Desk) -> None:
    answer = desk.apply(a_written_document())
    assert answer["revision"] == 1
    shown = set_up.document(desk.at(), "solna")
    assert shown == {"revision": 1, "document": answer["document"], "pictures": {}}
    assert all(absence["id"] for absence in answer["document"]["absences"])


def test_each_change_is_announced_after_the_commit_and_told_by_an_event_with_the_whole_document(desk: Desk) -> None:
    desk.apply(a_written_document())
    answer = desk.apply(a_written_document(name="Ny"))
    assert desk.revisions.announced == [("solna", 1), ("solna", 2)]
    assert desk.work.event_types == ["ClinicChanged", "ClinicChanged"]
    event = desk.work.store.events[-1]
    assert (event.clinic, event.subject, event.subject_version) == ("solna", "solna", 2)
    assert event.data == {"revision": 2, "document": answer["document"]}
    assert event.actor == {"kind": "tool", "id": "cli"}
    assert answer["changes"] == [{"path": "name", "before": "Solna Tandvård", "after": "Ny"}]


@pytest.mark.parametrize("form", ["json", "yaml", "as it was written"])
def test_applying_an_export_changes_nothing_and_tells_nobody(desk: Desk, form: str) -> None:
    applied = desk.apply(a_written_document())
    exported = set_up.document(desk.at(), "solna")["document"]
    source = {"json": exported, "yaml": to_yaml(exported)}.get(form, a_written_document())
    again = desk.apply(source)
    assert (again["revision"], again["document"], again["changes"]) == (1, applied["document"], [])
    assert desk.work.event_types == ["ClinicChanged"]


def test_a_document_with_mistakes_changes_nothing_and_names_each_path(desk: Desk) -> None:
    desk.apply(a_written_document())
    with pytest.raises(Invalid) as refused:
        desk.apply(a_written_document(name=None, grid="7m"))
    assert list(refused.value.extra["errors"]) == ["name", "grid"]
    assert desk.work.store.rows["solna"].revision == 1


def test_a_stale_edit_is_refused(desk: Desk) -> None:
    desk.apply(a_written_document())
    desk.apply(a_written_document(name="B"), if_revision=1)
    with pytest.raises(ChangedMeanwhile):
        desk.apply(a_written_document(name="C"), if_revision=1)
    assert desk.work.store.rows["solna"].revision == 2


def test_revision_nought_means_that_the_clinic_must_be_new(desk: Desk) -> None:
    desk.apply(a_written_document(), if_revision=0)
    with pytest.raises(ChangedMeanwhile):
        desk.apply(a_written_document(), if_revision=0)


def test_only_who_belongs_to_no_clinic_makes_new_ones(desk: Desk) -> None:
    """PRODUCT C1."""
    with pytest.raises(Forbidden):
        desk.apply(a_written_document(), actor=CLINICS_ADMINISTRATOR)
    assert desk.work.store.rows == {}
    desk.apply(a_written_document())
    assert desk.apply(a_written_document(name="Ny"), actor=CLINICS_ADMINISTRATOR)["revision"] == 2


def test_a_document_of_another_clinic_is_refused(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        desk.apply(a_written_document(clinic="lund"))
    assert list(refused.value.extra["errors"]) == ["clinic"]


def test_checking_tells_the_mistakes_or_what_would_change_and_changes_nothing(desk: Desk) -> None:
    desk.apply(a_written_document())
    new = [*a_written_document()["absences"], {"from": "2027-01-02", "to": "2027-01-02"}]
    assert set_up.check_document(desk.at(), "solna", a_written_document(absences=new)) == {
        "errors": [],
        "changes": [
            {
                "path": "absences[2027-01-02 2027-01-02]",
                "before": None,
                "after": {
                    "id": None,
                    "practitioner": None,
                    "resource": None,
                    "from": "2027-01-02",
                    "to": "2027-01-02",
                    "reason": None,
                },
            }
        ],
        "collisions": [],
        "collision_count": 0,
        "absences_unchecked": 0,
    }
    found = set_up.check_document(desk.at(), "solna", "name: a\nname: b")
    assert found == {
        "errors": [{"path": "line 2", "message": '"name" stands twice in one section; remove one.'}],
        "changes": [],
        "collisions": [],
        "collision_count": 0,
        "absences_unchecked": 0,
    }
    assert desk.work.store.rows["solna"].revision == 1


def test_s8_a_document_tells_which_bookings_its_new_and_changed_absences_meet(desk: Desk) -> None:
    desk.apply(a_written_document())
    (vacation,) = a_written_document()["absences"]
    closed = {"resource": "laser", "from": "2027-01-02T10:00", "to": "2027-01-02T12:00"}
    document = a_written_document(absences=[vacation, closed])
    bookings = FakeBookings(desk.work, {"reference": "ABC"})
    for told in (
        set_up.check_document(desk.at(bookings=bookings), "solna", document),
        desk.apply(document, bookings=bookings),
    ):
        assert (told["collisions"], told["collision_count"]) == ([{"reference": "ABC"}], 1)
    asked = {"resource": "laser", "from": "2027-01-02T09:00:00+00:00", "to": "2027-01-02T11:00:00+00:00"}
    assert [call["stretches"] for call in bookings.asked] == [[asked]] * 2, "what stood before was told before"
    longer = a_written_document(absences=[{**vacation, "to": "2027-01-02"}, closed])
    desk.apply(longer, bookings=bookings)
    assert [each["practitioner"] for each in bookings.asked[2]["stretches"]] == ["anna"]


def test_s8_c3_a_document_tells_which_bookings_lie_in_working_time_that_it_takes_away(desk: Desk) -> None:
    desk.apply(a_written_document())
    shorter = a_written_document()
    shorter["templates"][0]["week"]["mon"] = [{"kind": "exam", "from": "08:00", "to": "12:00"}]
    bookings = FakeBookings(desk.work, {"reference": "ABC"})
    told = set_up.check_document(desk.at(bookings=bookings), "solna", shorter)
    assert (told["collisions"], told["collision_count"]) == ([{"reference": "ABC"}], 1)
    stretches = bookings.asked[0]["stretches"]
    assert {each["practitioner"] for each in stretches} == {"anna"}
    assert len(stretches) == WEEKS_AHEAD
    longer = a_written_document()
    longer["templates"][0]["week"]["tue"] = [{"kind": "exam", "from": "08:00", "to": "12:00"}]
    assert set_up.check_document(desk.at(bookings=bookings), "solna", longer)["collisions"] == []
    assert len(bookings.asked) == 1, "what only adds time meets nobody"


@pytest.mark.parametrize(("new", "left"), [(200, 0), (203, 3)])
def test_of_many_new_absences_it_is_said_how_many_were_not_looked_at(desk: Desk, new: int, left: int) -> None:
    desk.apply(a_written_document())
    dates = [(date(2027, 1, 1) + timedelta(days=number)).isoformat() for number in range(new)]
    over = {"from": "2026-01-02", "to": "2026-01-02"}
    document = a_written_document(absences=[over, *({"from": each, "to": each} for each in dates)])
    bookings = FakeBookings(desk.work, {"reference": "ABC"})
    for told in (
        set_up.check_document(desk.at(bookings=bookings), "solna", document),
        desk.apply(document, bookings=bookings),
    ):
        assert (told["collision_count"], told["absences_unchecked"]) == (1, left)
    assert {len(call["stretches"]) for call in bookings.asked} == {200}


def test_a_document_that_adds_no_absence_asks_nobody(desk: Desk) -> None:
    bookings = FakeBookings(desk.work, {"reference": "ABC"})
    for name in ("A", "B"):
        told = desk.apply(a_written_document(name=name), bookings=bookings)
        assert (told["collisions"], told["collision_count"]) == ([], 0)
    assert bookings.asked == []


def test_a_document_is_in_force_also_where_nobody_knows_what_its_absences_meet(desk: Desk) -> None:
    class Down:
        def find_collisions(self, clinic: str, **fields: Any) -> dict[str, Any]:
            raise Timeout.because("booking does not answer")

    desk.apply(a_written_document())
    told = desk.apply(a_written_document(absences=[{"from": "2027-01-02", "to": "2027-01-02"}]), bookings=Down())
    assert (told["revision"], told["collisions"], told["collision_count"]) == (2, None, None)


def test_checking_a_clinic_that_is_new_lists_everything(desk: Desk) -> None:
    changes = set_up.check_document(desk.at(), "solna", a_written_document())["changes"]
    assert {"path": "name", "before": None, "after": "Solna Tandvård"} in changes


@pytest.mark.parametrize("clinic", ["nobody", "a\x00b", "", None, 5, ["x"]])
def test_a_clinic_that_does_not_exist_is_not_found(desk: Desk, clinic: Any) -> None:
    with pytest.raises(NotFound):
        set_up.document(desk.at(), clinic)


@pytest.mark.parametrize("clinic", ["a\x00b", "", None, 5, ["x"]])
def test_a_name_that_can_be_no_clinics_applies_nowhere(desk: Desk, clinic: Any) -> None:
    with pytest.raises(Invalid):
        set_up.apply_document(desk.at(), clinic, a_written_document(), None)
    assert set_up.check_document(desk.at(), clinic, a_written_document())["errors"][0]["path"] == "clinic"


def test_a_process_sees_a_new_document_at_its_next_look() -> None:
    """DESIGN rule 11."""
    desk, known = Desk(), CurrentClinics()
    desk.apply(a_written_document())
    first = known.get(desk.work.store, "solna")
    assert known.get(desk.work.store, "solna") is first
    desk.apply(a_written_document(name="Ny"))
    assert known.get(desk.work.store, "solna").document["name"] == "Ny"
    assert check(known.get(desk.work.store, "solna").document).problems == ()
