"""A clinic's pictures: kept, shown, removed (PRODUCT B21)."""

from base64 import b64decode, b64encode
from typing import Any

import pytest

from services.availability import schemas
from services.availability.document import check
from services.availability.handlers import desk as handlers
from services.availability.handlers import pictures, searching, set_up
from services.availability.model.current import StoredClinic
from shared.contracts.errors import Invalid, NotFound
from shared.incoming.fields import checked
from tests.builders.availability.fakes import FakeRevisions, FakeWork, a_desk
from tests.builders.clinics.written import a_written_document
from tests.builders.pictures import a_drawing, opened

LOOK = {"logo": "logo", "accent": "#0b6b6b"}


class Clinic:
    """The clinic solna at revision 7, and what is done with its pictures."""

    def __init__(self) -> None:
        document = a_written_document(look=LOOK)
        document["practitioners"][0] |= {"picture": "anna", "about": {"en": "Kind"}, "languages": ["sv", "ar"]}
        document["types"][0]["bring"] = {"sv": "Legitimation", "en": "Identity card"}
        found = check(document)
        assert found.problems == ()
        self.work = FakeWork()
        self.work.store.rows["solna"] = StoredClinic(7, found.document)
        self.revisions = FakeRevisions(self.work)

    def desk(self) -> handlers.Desk:
        return a_desk(self.work, revisions=self.revisions)

    def put(self, name: str = "anna", file: bytes = b"", clinic: str = "solna") -> dict[str, Any]:
        content = b64encode(file or a_drawing()).decode()
        return pictures.put_picture(self.desk(), clinic, name, content)

    def profile(self) -> dict[str, Any]:
        return searching.profile(self.desk(), "solna", checked(schemas.ProfileSchema(), {"language": "en"}))


@pytest.fixture
def clinic() -> Clinic:
    return Clinic()


def test_b21_a_picture_that_was_put_is_shown_as_it_is_kept(clinic: Clinic) -> None:
    put = clinic.put()
    shown = pictures.picture(clinic.desk(), "solna", "anna")
    assert put == {
        "name": "anna",
        "url": f"https://book.example/solna/pictures/anna?v={shown['hash']}",
        "type": "image/webp",
        "width": 288,
        "height": 192,
    }
    assert (shown["name"], shown["type"], shown["width"], shown["height"]) == ("anna", "image/webp", 288, 192)
    assert opened(b64decode(shown["content"])).size == (288, 192)


def test_b21_every_process_learns_of_another_picture_by_the_revision_and_no_event_holds_it(clinic: Clinic) -> None:
    before = clinic.work.store.rows["solna"].document
    clinic.put()
    assert clinic.revisions.announced == [("solna", 8)]
    assert clinic.work.event_types == ["ClinicChanged"]
    assert clinic.work.store.events[0].data == {"revision": 8, "document": before}
    told = set_up.document(clinic.desk(), "solna")
    assert (told["revision"], told["pictures"].keys()) == (8, {"anna"})
    clinic.put(file=a_drawing(colour="red"))
    again = set_up.document(clinic.desk(), "solna")
    assert again["revision"] == 9
    assert again["pictures"]["anna"]["hash"] != told["pictures"]["anna"]["hash"]


def test_b21_the_same_picture_once_more_changes_nothing(clinic: Clinic) -> None:
    assert clinic.put() == clinic.put()
    assert clinic.revisions.announced == [("solna", 8)]


def test_b21_a_removed_picture_is_shown_no_more(clinic: Clinic) -> None:
    clinic.put()
    pictures.remove_picture(clinic.desk(), "solna", "anna")
    assert clinic.revisions.announced == [("solna", 8), ("solna", 9)]
    assert clinic.profile()["practitioners"][0]["picture"] is None
    for act in (pictures.picture, pictures.remove_picture):
        with pytest.raises(NotFound):
            act(clinic.desk(), "solna", "anna")
    assert clinic.revisions.announced == [("solna", 8), ("solna", 9)]


def test_b21_the_profile_tells_of_faces_colour_lines_languages_and_what_to_bring(clinic: Clinic) -> None:
    assert clinic.profile()["look"] == {"logo": None, "accent": "#0b6b6b"}
    logo, anna = clinic.put("logo")["url"], clinic.put("anna")["url"]
    told = clinic.profile()
    assert told["look"] == {"logo": logo, "accent": "#0b6b6b"}
    assert told["practitioners"][0] == {
        "key": "anna",
        "name": "Anna Berg",
        "title": None,
        "picture": anna,
        "about": "Kind",
        "languages": ["sv", "ar"],
    }
    assert [kind["bring"] for kind in told["types"]] == ["Identity card", None]


def test_b21_the_profile_of_a_document_that_version_0_1_0_stored_has_nothing_of_it(clinic: Clinic) -> None:
    document: dict[str, Any] = clinic.work.store.rows["solna"].document or {}
    del document["look"], document["types"][0]["bring"]
    for person in document["practitioners"]:
        del person["picture"], person["about"], person["languages"]
    told = clinic.profile()
    assert told["look"] == {"logo": None, "accent": None}
    assert told["practitioners"][0]["languages"] == []


@pytest.mark.parametrize("name", ["", "-a", "a/b", "a" * 41, "å", None])
def test_b21_a_name_that_no_document_could_say_is_refused(clinic: Clinic, name: Any) -> None:
    with pytest.raises(Invalid) as refused:
        clinic.put(name)
    assert refused.value.extra["errors"].keys() == {"name"}
    for act in (pictures.picture, pictures.remove_picture):
        with pytest.raises(NotFound):
            act(clinic.desk(), "solna", name)


@pytest.mark.parametrize("content", ["not base64!", "å", b64encode(b"no picture").decode(), ""])
def test_b21_what_is_no_picture_is_refused_and_leaves_all_as_it_was(clinic: Clinic, content: str) -> None:
    with pytest.raises(Invalid) as refused:
        pictures.put_picture(clinic.desk(), "solna", "anna", content)
    assert refused.value.extra["errors"].keys() == {"picture"}
    assert clinic.revisions.announced == []


@pytest.mark.parametrize("other", ["lund", "../solna"])
def test_b21_a_clinic_that_does_not_exist_has_no_pictures(clinic: Clinic, other: str) -> None:
    with pytest.raises(NotFound):
        clinic.put(clinic=other)
    with pytest.raises(NotFound):
        pictures.picture(clinic.desk(), other, "anna")


def test_b21_a_clinic_has_only_so_many_pictures(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PICTURES", 2)
    clinic.put("anna")
    clinic.put("erik")
    clinic.put("erik", a_drawing(colour="red"))
    with pytest.raises(Invalid, match="at most 2"):
        clinic.put("logo")
