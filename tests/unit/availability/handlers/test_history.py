"""Every change of a set-up stays in its history, and is taken back by it (C3, issue 14.4, ADR 42)."""

import base64
from copy import deepcopy
from typing import Any

import pytest

from services.availability.handlers import absences, history, pictures, set_up
from services.availability.handlers import desk as handlers
from services.availability.model.current import StoredClinic
from shared.actor import Actor
from shared.contracts.errors import Gone, Invalid, NotFound
from tests.builders.availability.fakes import FakeWork, a_desk
from tests.builders.clinics.written import a_written_document
from tests.builders.pictures import a_drawing

ANNA = Actor(kind="staff", id="anna@solna.example", role="administrator", clinic="solna")
FIRST = {"limit": 20, "cursor": None, "since": 0}
LEAVE = {"practitioner": "anna", "from": "2027-03-01", "to": "2027-03-02", "reason": "Operation"}


class House:
    """A clinic whose set-up is changed."""

    def __init__(self) -> None:
        self.work = FakeWork()
        self.document = self.apply(a_written_document())["document"]

    def at(self, actor: Actor = ANNA) -> handlers.Desk:
        return a_desk(self.work, actor if self.work.store.rows else Actor(kind="tool", id="cli"))

    def apply(self, document: Any) -> dict[str, Any]:
        return set_up.apply_document(self.at(), "solna", document, None)

    def change(self, **changes: Any) -> dict[str, Any]:
        self.document = self.apply({**deepcopy(self.document), **changes})["document"]
        return self.document

    def history(self, **query: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = history.document_history(self.at(), "solna", {**FIRST, **query})["history"]
        return found

    def put_picture(self, drawing: bytes) -> str:
        content = base64.b64encode(drawing).decode()
        pictures.put_picture(self.at(), "solna", "anna", content)
        return str(pictures.picture(self.at(), "solna", "anna")["hash"])


@pytest.fixture
def house() -> House:
    return House()


def test_c3_each_change_says_who_when_and_what_is_another(house: House) -> None:
    before = house.document["name"]
    house.change(name="Ny")
    newest, first = house.history()
    assert (newest["revision"], newest["kind"], newest["actor"]) == (2, "document", ANNA.brief())
    assert newest["changes"] == [{"path": "name", "before": before, "after": "Ny"}]
    assert (first["revision"], first["kind"], first["actor"]["kind"]) == (1, "made", "tool")
    assert newest["at"] == house.at().now.isoformat()


def test_c3_a_save_that_changes_nothing_leaves_no_entry(house: House) -> None:
    house.apply(house.document)
    assert len(house.history()) == 1


def test_c3_absences_are_told_without_their_reasons_and_keep_no_state(house: House) -> None:
    id = absences.add_absence(house.at(), "solna", LEAVE)["id"]
    (change,) = house.history()[0]["changes"]
    assert change["before"] is None
    told = {name: LEAVE[name] for name in ("practitioner", "from", "to")}
    assert change["after"] == {"id": id, "resource": None, **told}
    absences.remove_absence(house.at(), "solna", id)
    assert [each["kind"] for each in house.history()] == ["absence", "absence", "made"]
    assert "Operation" not in str(house.work.store.recorded)
    assert [state is None for _, state in house.work.store.recorded["solna"].values()] == [False, True, True]


def test_c3_absences_that_a_document_brings_are_told_alike(house: House) -> None:
    house.change(absences=[*house.document["absences"], {**LEAVE, "resource": None, "id": None}])
    (change,) = house.history()[0]["changes"]
    assert (change["path"], "reason" in change["after"]) == ("absences[anna 2027-03-01 2027-03-02]", False)


def test_c3_an_older_clinic_begins_with_what_was_in_force(house: House) -> None:
    """Also where a process of a version without a history has changed something in between."""
    house.work.store.recorded.clear()
    house.work.store.rows["solna"] = StoredClinic(7, house.document)
    house.change(name="Ny")
    assert [(each["revision"], each["kind"]) for each in house.history()] == [(8, "document"), (7, "begun")]
    assert history.document_state(house.at(), "solna", 7)["document"]["name"] == "Solna Tandvård"
    with pytest.raises(Gone, match="begins with revision 7"):
        history.document_state(house.at(), "solna", 6)
    with pytest.raises(NotFound):
        history.document_state(house.at(), "solna", 9)


def test_c3_the_state_of_then_is_told_whole_but_for_absences(house: House) -> None:
    first = house.document
    house.change(name="Ny")
    absences.add_absence(house.at(), "solna", LEAVE)
    assert history.document_state(house.at(), "solna", 1)["document"] == {**first, "absences": []}
    assert history.document_state(house.at(), "solna", 3)["document"] == {**house.document, "absences": []}


def test_c3_one_change_is_taken_back_where_nothing_else_has_touched_it(house: House) -> None:
    name, country = house.document["name"], house.document["country"]
    house.change(name="Ny", country="NO")
    house.change(currency="NOK")
    absences.add_absence(house.at(), "solna", LEAVE)
    found = history.document_without(house.at(), "solna", 2)
    assert (found["revision"], found["both"]) == (4, [])
    kept = found["document"]
    assert (kept["name"], kept["country"], kept["currency"]) == (name, country, "NOK")
    assert [each["reason"] for each in kept["absences"]][-1] == "Operation"


def test_c3_what_was_changed_again_since_stays_and_is_told(house: House) -> None:
    name = house.document["name"]
    house.change(name="Ny")
    house.change(name="Nyare")
    found = history.document_without(house.at(), "solna", 2)
    assert found["document"]["name"] == "Nyare"
    assert found["both"] == [{"path": "name", "before": "Ny", "mine": name, "theirs": "Nyare"}]


def test_c3_a_clinic_s_beginning_is_no_change_to_be_taken_back(house: House) -> None:
    with pytest.raises(Invalid):
        history.document_without(house.at(), "solna", 1)


def test_c3_who_was_overtaken_gets_both_changes_and_what_the_others_did(house: House) -> None:
    mine = {**deepcopy(house.document), "name": "Mitt"}
    house.change(currency="NOK")
    absences.add_absence(house.at(), "solna", LEAVE)
    found = history.merge_document(house.at(), "solna", mine, 1)
    assert (found["revision"], found["errors"], found["both"]) == (3, [], [])
    assert [each["kind"] for each in found["meanwhile"]] == ["absence", "document"]
    assert (found["document"]["name"], found["document"]["currency"]) == ("Mitt", "NOK")
    assert found["document"]["absences"][-1]["reason"] == "Operation"


def test_c3_an_absence_that_others_removed_meanwhile_does_not_come_back(house: House) -> None:
    absences.add_absence(house.at(), "solna", LEAVE)
    mine = {**deepcopy(set_up.document(house.at(), "solna")["document"]), "name": "Mitt"}
    absences.remove_absence(house.at(), "solna", mine["absences"][-1]["id"])
    found = history.merge_document(house.at(), "solna", mine, 2)
    assert (found["both"], found["document"]["absences"]) == ([], mine["absences"][:-1])


def test_c3_an_absence_that_both_have_changed_is_a_clash(house: House) -> None:
    id = absences.add_absence(house.at(), "solna", LEAVE)["id"]
    mine = deepcopy(set_up.document(house.at(), "solna")["document"])
    mine["absences"][-1]["reason"] = "Kurs"
    absences.update_absence(house.at(), "solna", id, {**LEAVE, "reason": "Semester"})
    assert len(history.merge_document(house.at(), "solna", mine, 2)["both"]) == 1


def test_c3_mistakes_of_a_stale_document_are_told_with_what_the_others_did(house: House) -> None:
    house.change(name="Ny")
    found = history.merge_document(house.at(), "solna", {**house.document, "grid": "7m"}, 1)
    assert found["document"] is None
    assert [each["path"] for each in found["errors"]] == ["grid"]
    assert len(found["meanwhile"]) == 1


def test_c3_the_history_comes_in_pages_and_since_a_revision(house: House) -> None:
    for name in ("A", "B", "C"):
        house.change(name=name)
    page = history.document_history(house.at(), "solna", {**FIRST, "limit": 3})
    assert ([each["revision"] for each in page["history"]], page["next"]) == ([4, 3, 2], "2")
    assert [each["revision"] for each in house.history(cursor="2")] == [1]
    assert [each["revision"] for each in house.history(since=2)] == [4, 3]
    with pytest.raises(Invalid):
        house.history(cursor="x")
    with pytest.raises(NotFound):
        history.document_history(house.at(Actor(kind="tool", id="cli")), "lund", FIRST)


def test_b21_a_picture_that_was_replaced_or_removed_is_kept_and_put_back(house: House) -> None:
    first, second = house.put_picture(a_drawing()), house.put_picture(a_drawing(colour="navy"))
    pictures.remove_picture(house.at(), "solna", "anna")
    shown = [(each["kind"], each["changes"][0]["before"], each["changes"][0]["after"]) for each in house.history()[:3]]
    assert [(kind, before and before["hash"], after and after["hash"]) for kind, before, after in shown] == [
        ("picture", second, None), ("picture", first, second), ("picture", None, first),
    ]  # fmt: skip
    assert pictures.former_picture(house.at(), "solna", "anna", first)["hash"] == first
    pictures.restore_picture(house.at(), "solna", "anna", first)
    assert pictures.picture(house.at(), "solna", "anna")["hash"] == first
    assert house.history()[0]["changes"][0]["before"] is None
    with pytest.raises(NotFound):
        pictures.restore_picture(house.at(), "solna", "anna", "0" * 16)


def test_c3_a_change_that_fails_leaves_no_entry_and_no_entry_fails_without_the_change(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(house.work.store, "record", fail, raising=False)
    with pytest.raises(RuntimeError):
        house.change(name="Ny")
    assert house.work.store.rows["solna"].revision == 1
