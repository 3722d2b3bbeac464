"""The normal form: every key is there, and what may be written in several ways is written in one."""

from datetime import date
from typing import Any

import pytest

from services.availability.document import check
from services.availability.document.schema import CLINIC
from services.availability.document.shape import Many, Section
from tests.builders.clinics.written import a_written_document, changed

MINIMAL = {
    "clinic": "solna",
    "name": "Solna",
    "time_zone": "Europe/Stockholm",
    "practitioners": [{"key": "anna", "name": "Anna"}],
    "types": [{"key": "exam", "name": "US", "length": "30m"}],
}


def read(document: object) -> dict[str, Any]:
    """Return the normal form of a document that must have no mistakes."""
    checked = check(document)
    assert checked.problems == ()
    return checked.document


def test_the_required_keys_alone_make_a_document_with_the_defaults_of_the_contract() -> None:
    document = read(MINIMAL)
    assert document["booking"] == {
        "active": False,
        "new": True,
        "rebook": True,
        "cancel": True,
        "without_login": True,
        "new_patients": True,
        "changeable": ["web", "recall"],
        "first_date": None,
        "last_date": None,
        "opens_at": None,
        "closes_at": None,
        "horizon": None,
        "days_after_today": None,
        "notice": "0m",
        "rebook_deadline": "24h",
        "cancel_deadline": "24h",
        "hold": "10m",
        "few": 3,
        "calendar": "week",
        "holidays": {"closed": True, "shown": True, "open_dates": [], "closed_dates": []},
        "tracking": {"visit": None, "completed": None},
        "embed_origins": [],
    }
    assert document["details"] == {"name": "required", "mobile": "required", "email": "optional", "message": "optional"}
    assert document["channels"] == {
        "booked": ["sms", "email"],
        "moved": ["sms", "email"],
        "cancelled": ["sms", "email"],
        "practitioner": ["email"],
    }
    assert document["two_step"] == {"patients": False, "staff": "optional"}
    assert (document["grid"], document["identity"], document["languages"]) == ("5m", "none", ["en"])
    assert document["practitioners"][0] | {"online": True, "new_patients": True} == document["practitioners"][0]
    assert (
        document["types"][0]
        | {
            "alias": {"en": "US"},
            "lengths": {},
            "online": True,
            "buffer_before": "0m",
            "buffer_after": "0m",
            "slots": {"mode": "fixed", "step": "15m", "end": None},
            "needs": {"controlled": False, "choose_practitioner": False, "days_after_week": None, "without": []},
        }
        == document["types"][0]
    )
    assert document["reminders"] == document["absences"] == document["plans"] == []
    assert document["messages"] == {}
    assert document["sms_countries"] is document["quiet_hours"] is None


def test_every_key_is_present_at_every_depth() -> None:
    def complete(shape: object, value: Any) -> bool:
        if isinstance(shape, Section) and value is not None:
            return list(value) == list(shape.keys) and all(
                complete(key.shape, value[name]) for name, key in shape.keys.items()
            )
        return not isinstance(shape, Many) or all(complete(shape.item, item) for item in value or ())

    assert complete(CLINIC, read(a_written_document(quiet_hours={"from": "21:00", "to": "08:00"})))


def test_defaults_are_never_shared_between_documents() -> None:
    read(MINIMAL)["booking"]["changeable"].append("staff")
    assert read(MINIMAL)["booking"]["changeable"] == ["web", "recall"]


def test_null_means_left_out() -> None:
    assert read({**MINIMAL, "booking": None, "languages": None, "resources": None}) == read(MINIMAL)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Välkommen", {"sv": "Välkommen"}),
        ({"sv": "Välkommen", "en": "Welcome"}, {"sv": "Välkommen", "en": "Welcome"}),
        ({"en": "Welcome", "sv": None}, {"en": "Welcome"}),
        ({}, None),
        ("", None),
        (None, None),
    ],
)
def test_a_text_for_patients_is_kept_by_language(written: object, normal: object) -> None:
    assert read(changed(["texts", "page"], written))["texts"]["page"] == normal


def test_choices_are_plain_or_one_text_per_language_and_stay_as_they_are_written() -> None:
    """B5."""
    choices = ["nej", {"sv": "lite", "en": "a little"}, {"en": "a lot"}]
    fields = [{"key": "fear", "kind": "choice", "label": "Rädd?", "choices": choices}]
    checked = check(a_written_document(fields=fields))
    assert not checked.problems
    assert checked.document["fields"][0]["choices"] == choices


def test_an_alias_that_is_left_out_is_the_name_in_the_first_language() -> None:
    assert read(a_written_document())["types"][0]["alias"] == {"sv": "US"}


@pytest.mark.parametrize(
    ("path", "written", "normal"),
    [
        (["types", 0, "length"], "60m", "60m"),
        (["types", 0, "length"], "1h", "1h"),
        (["booking", "rebook_deadline"], "2d", "2d"),
        (["booking", "rebook_deadline"], "48h", "48h"),
        (["booking", "few"], 0, 0),
        (["booking", "few"], 3.0, 3),
        (["booking", "days_after_today"], 0, 0),
        (["booking", "horizon"], "90d", "90d"),
        (["types", 0, "price"], 995, "995"),
        (["days", 0, "date"], date(2026, 12, 23), "2026-12-23"),
        (["templates", 0, "week", "mon", 0, "from"], "8:00", "08:00"),
        (["booking", "opens_at"], "2026-12-01T09:00", "2026-12-01T09:00"),
        (["booking", "opens_at"], "2026-12-01 09:00:00", "2026-12-01T09:00"),
        (["booking", "opens_at"], "2026-12-01T09:00Z", "2026-12-01T10:00"),
        (["booking", "opens_at"], "2026-07-01T09:00:00-04:00", "2026-07-01T15:00"),
        (["absences", 0], {"from": "2026-12-24T10:07", "to": "2026-12-24T11:00:00+01:00"}, None),
        (["booking", "embed_origins"], ["https://Solna.example:8443"], ["https://solna.example:8443"]),
        (["types", 0, "uses"], ["room", ["room-1", "room-2"]], ["room", ["room-1", "room-2"]]),
        (["types", 0, "slots"], {"mode": "spaced", "step": "0m"}, {"mode": "spaced", "step": "0m", "end": None}),
    ],
)
def test_values_have_one_written_form(path: list[str | int], written: object, normal: object) -> None:
    place: Any = read(changed(path, written))
    for step in path:
        place = place[step]
    if normal is None:
        normal = {
            "id": None,
            "practitioner": None,
            "resource": None,
            "from": "2026-12-24T10:07",
            "to": "2026-12-24T11:00",
            "reason": None,
        }
    assert place == normal


def test_messages_are_kept_per_event_and_channel() -> None:
    """PRODUCT N4: kept now, rendered later."""
    messages = {"booked": {"sms": "Hej", "email": {"subject": {"sv": "Din tid"}, "text": {"en": "Your time"}}}}
    assert read(a_written_document(messages=messages))["messages"] == {
        "booked": {
            "sms": {"sv": "Hej"},
            "email": {"subject": {"sv": "Din tid"}, "text": {"en": "Your time"}, "html": None},
        }
    }


def test_whole_days_and_moments_are_both_absences() -> None:
    """PRODUCT S8, exir 7: blocking a single time is an absence given as moments."""
    absences = [
        {"from": "2026-12-24", "to": "2026-12-24"},
        {"resource": "room-1", "from": "2026-12-24T10:00", "to": "2026-12-24T10:30"},
    ]
    found = read(a_written_document(absences=absences))["absences"]
    assert [(row["from"], row["to"], row["resource"]) for row in found] == [
        ("2026-12-24", "2026-12-24", None),
        ("2026-12-24T10:00", "2026-12-24T10:30", "room-1"),
    ]
