"""What a booking page is told of a clinic (CONTRACTS 2)."""

from typing import Any

import pytest

from services.availability import schemas
from services.availability.document import check
from services.availability.handlers import searching
from services.availability.model.current import StoredClinic
from shared.contracts.errors import Invalid, NotFound
from shared.incoming.fields import checked
from tests.builders.availability.fakes import FakeWork, a_desk
from tests.builders.clinics.written import Written, a_written_document


def profile(document: Written, **query: Any) -> dict[str, Any]:
    """Return the profile of a clinic with this document."""
    found = check(document)
    assert found.problems == ()
    work = FakeWork()
    work.store.rows["solna"] = StoredClinic(1, found.document)
    return searching.profile(a_desk(work), "solna", checked(schemas.ProfileSchema(), query))


def a_clinic(**changes: Any) -> Written:
    """Return a document with texts in two languages, and people and types that are not online."""
    document = a_written_document(
        texts={"page": {"sv": "Välkommen", "en": "Welcome"}, "choose": {"sv": "Välj"}},
        fields=[
            {"key": "fear", "kind": "choice", "label": {"sv": "Rädd?", "en": "Afraid?"}, "choices": ["nej", "ja"]},
            {"key": "tooth", "kind": "text", "label": "Vilken tand?", "types": ["acute"]},
        ],
        booking={"active": True, "opens_at": "2026-12-01T09:00", "last_date": "2026-12-31", "hold": "1h5m"},
    )
    document["practitioners"][0]["title"] = {"sv": "Tandläkare", "en": "Dentist"}
    document["practitioners"].append({"key": "maja", "name": "Maja", "online": False})
    document["types"].append({"key": "inner", "name": "Internt", "length": "30m", "online": False})
    document["types"][0] |= {"alias": {"sv": "Undersökning", "en": "Examination"}, "practitioners": ["maja", "anna"]}
    return document | changes


def test_texts_are_in_the_asked_language_and_else_in_the_clinics_first() -> None:
    """PRODUCT B6, S12."""
    english = profile(a_clinic(), language="en")
    assert english["language"] == "en"
    assert english["texts"] == {
        "page": "Welcome",
        "choose": "Välj",
        "details": None,
        "review": None,
        "confirmation": None,
    }
    assert [kind["alias"] for kind in english["types"]] == ["Examination", "Akut"]
    assert english["practitioners"][0].items() >= {"key": "anna", "name": "Anna Berg", "title": "Dentist"}.items()
    assert [field["label"] for field in english["fields"]] == ["Afraid?", "Vilken tand?"]
    for language in (None, "fa", "xx"):
        assert profile(a_clinic(), language=language)["texts"]["page"] == "Välkommen"


def test_choices_are_in_the_asked_language_where_they_have_it() -> None:
    """PRODUCT B5."""
    fear = {"key": "fear", "kind": "choice", "label": "Rädd?", "choices": ["nej", {"sv": "lite", "en": "a little"}]}
    for language, choices in (("en", ["nej", "a little"]), ("sv", ["nej", "lite"])):
        assert profile(a_clinic(fields=[fear]), language=language)["fields"][0]["choices"] == choices


def test_what_is_not_online_is_not_shown_and_internal_names_never() -> None:
    """PRODUCT S12, S13."""
    shown = profile(a_clinic())
    assert [kind["key"] for kind in shown["types"]] == ["exam", "acute"]
    assert [person["key"] for person in shown["practitioners"]] == ["anna", "erik"]
    assert [kind["practitioners"] for kind in shown["types"]] == [["anna"], ["anna", "erik"]]
    assert all("name" not in kind for kind in shown["types"])
    assert "resources" not in shown


def test_a_type_tells_which_fields_it_asks_for() -> None:
    """PRODUCT B5."""
    assert [kind["fields"] for kind in profile(a_clinic())["types"]] == [["fear"], ["fear", "tooth"]]


def test_the_booking_rules_that_a_page_needs_are_told() -> None:
    booking = profile(a_clinic())["booking"]
    assert booking == {
        "without_login": True,
        "new_patients": True,
        "hold_minutes": 65,
        "first_date": None,
        "last_date": "2026-12-31",
        "opens_at": "2026-12-01T09:00:00+01:00",
        "closes_at": None,
        "tracking": {"visit": None, "completed": None},
        "embed_origins": [],
    }


def test_the_clinics_own_data_is_told_as_it_is() -> None:
    shown = profile(a_clinic(contact={"phone": "08-123"}, identity="se.personnummer"))
    assert shown["contact"] == {"phone": "08-123", "email": None, "address": None, "website": None}
    assert (shown["identity"], shown["country"], shown["time_zone"], shown["currency"], shown["languages"]) == (
        "se.personnummer",
        "SE",
        "Europe/Stockholm",
        "SEK",
        ["sv", "en"],
    )
    assert shown["details"]["mobile"] == "required"


@pytest.mark.parametrize(
    ("booking", "functions"),
    [
        ({"active": True}, {"active": True, "new": True, "rebook": True, "cancel": True}),
        ({"active": True, "new": False}, {"active": True, "new": False, "rebook": True, "cancel": True}),
        ({"active": False}, {"active": False, "new": False, "rebook": False, "cancel": False}),
    ],
)
def test_what_is_switched_off_is_told_as_off(booking: dict[str, bool], functions: dict[str, bool]) -> None:
    """PRODUCT B1."""
    assert profile(a_clinic(booking=booking))["functions"] == functions


def test_a_week_template_restricts_the_types_to_those_bookable_in_it() -> None:
    """PRODUCT B15."""
    document = a_clinic()
    document["block_kinds"].append({"key": "emergency", "name": "Akut", "online": True})
    document["types"][1]["blocks"] = ["emergency"]
    document["templates"] += [
        {"key": "nights", "week": {"sun": [{"kind": "emergency", "from": "20:00", "to": "24:00"}]}},
        {"key": "closed", "week": {"sun": [{"kind": "lunch", "from": "12:00", "to": "13:00"}]}},
    ]
    shown = {name: profile(document, template=name)["types"] for name in ("normal", "nights", "closed")}
    keys = {name: [kind["key"] for kind in types] for name, types in shown.items()}
    assert keys == {"normal": ["exam"], "nights": ["exam", "acute"], "closed": []}


def test_a_template_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        profile(a_clinic(), template="norml")
    assert list(refused.value.extra["errors"]) == ["template"]


def test_an_unknown_clinic_has_no_profile() -> None:
    with pytest.raises(NotFound):
        searching.profile(a_desk(FakeWork()), "nobody", checked(schemas.ProfileSchema(), {}))
