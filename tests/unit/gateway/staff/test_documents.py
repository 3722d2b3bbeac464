"""A clinic's document, read and applied (C3)."""

import pytest
import yaml

from services.availability.document import shape
from shared.contracts.errors import ChangedMeanwhile, Gone, NotFound
from tests.builders.gateway.world import World, refusing

CLINIC = "/v1/staff/clinics/solna"


def test_the_document_comes_as_json_or_yaml_with_its_revision_as_etag(world: World) -> None:
    """C3."""
    document = {"clinic": "solna", "country": "NO", "name": "Åsgård", "block": {"from": "08:00"}}
    world.availability.answers["document"] = {"revision": 12, "document": document}
    token = world.log_in()

    plain = world.get(f"{CLINIC}/document", token=token)
    as_yaml = world.get(f"{CLINIC}/document", token=token, headers={"Accept": "application/yaml"})
    known = world.get(f"{CLINIC}/document", token=token, headers={"If-None-Match": '"12"'})

    assert (plain.json, plain.headers["ETag"]) == (document, '"12"')
    assert (as_yaml.mimetype, yaml.safe_load(as_yaml.text)) == ("application/yaml", document)
    assert "Åsgård" in as_yaml.text
    assert (known.status_code, known.data) == (304, b"")


@pytest.mark.parametrize(
    ("if_match", "revision"), [(None, None), ('"12"', 12), ('W/"12"', -1), ('"old"', -1), ("12", 12), ("*", 7)]
)
def test_if_match_becomes_the_revision_that_must_be_in_force(
    world: World, if_match: str | None, revision: int | None
) -> None:
    world.availability.answers |= {
        "apply_document": {"revision": 13, "document": {"clinic": "solna"}},
        "document": {"revision": 7, "document": {}},
    }
    headers = {} if if_match is None else {"If-Match": if_match}

    response = world.send("PUT", f"{CLINIC}/document", json={"clinic": "solna"}, headers=headers, token=world.log_in())

    assert (response.status_code, response.headers["ETag"], response.json) == (200, '"13"', {"clinic": "solna"})
    assert world.availability.calls[-1].fields == {"document": {"clinic": "solna"}, "if_revision": revision}


def test_s8_headers_say_what_new_absences_meet_and_how_many_were_not_looked_at(world: World) -> None:
    applied = {"revision": 13, "document": {"clinic": "solna"}, "collisions": [{"reference": "ABC"}]}
    told = []
    for count, left in ((1, 3), (0, 0)):
        world.availability.answers["apply_document"] = {**applied, "collision_count": count, "absences_unchecked": left}
        headers = world.send("PUT", f"{CLINIC}/document", json={"clinic": "solna"}, token=world.log_in()).headers
        told.append([headers.get(name) for name in ("Collisions", "Collision-Count", "Absences-Unchecked")])
    assert told == [["ABC", "1", "3"], [None, None, None]]


def test_a_stale_document_is_refused(world: World) -> None:
    world.availability.answers["apply_document"] = refusing(ChangedMeanwhile)

    response = world.send("PUT", f"{CLINIC}/document", json={}, headers={"If-Match": '"1"'}, token=world.log_in())

    assert (response.status_code, response.json["code"]) == (409, "changed_meanwhile")


def test_if_match_any_on_a_new_clinic_is_refused(world: World) -> None:
    world.availability.answers["document"] = refusing(NotFound)

    response = world.send("PUT", f"{CLINIC}/document", json={}, headers={"If-Match": "*"}, token=world.log_in())

    assert (response.status_code, response.json["code"]) == (409, "changed_meanwhile")


@pytest.mark.parametrize("content_type", ["application/yaml", "application/x-yaml", "text/yaml; charset=utf-8"])
def test_yaml_goes_to_availability_as_it_was_written(world: World, content_type: str) -> None:
    world.availability.answers["check_document"] = {"errors": [], "changes": []}
    written = "clinic: solna\ncountry: NO\n"

    response = world.post(
        f"{CLINIC}/document/check", data=written.encode(), content_type=content_type, token=world.log_in()
    )

    assert response.json == {"errors": [], "changes": []}
    assert world.availability.calls[0].fields == {"document": written}


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        (b"\xff", "application/yaml", 400),
        (b"[]", "application/json", 400),
        (b"{", "application/json", 400),
        (b"a", "text/csv", 415),
        (b"", "application/yaml", 400),
    ],
)
def test_a_document_that_cannot_be_read_is_malformed(world: World, data: bytes, content_type: str, status: int) -> None:
    response = world.send("PUT", f"{CLINIC}/document", data=data, content_type=content_type, token=world.log_in())

    assert (response.status_code, response.json["code"]) == (status, "malformed")
    assert world.availability.calls == []


def test_staff_get_the_links_of_their_clinic(world: World) -> None:
    world.availability.answers["links"] = {"links": []}
    answer = world.get("/v1/staff/clinics/solna/links", token=world.log_in())
    assert answer.json == {"links": []}
    assert world.availability.calls[0].args == ("solna",)


@pytest.mark.parametrize(("language", "label"), [("sv", "Antal tider som räknas som få"), ("fr", "Nombre d’horaires")])
def test_c3_each_key_is_told_with_what_it_takes_and_is_called(world: World, language: str, label: str) -> None:
    world.availability.answers["document_shape"] = {"shape": shape()}
    headers = {"Accept-Language": language}
    response = world.get(f"{CLINIC}/document/shape", headers=headers, token=world.log_in())
    assert response.headers["Content-Language"] == language
    keys = {key["name"]: key for key in response.json["keys"]}
    few = next(key for key in keys["booking"]["keys"] if key["name"] == "few")
    assert few.items() >= {"kind": "whole", "low": 0, "high": 1000, "default": 3}.items()
    assert few["label"].startswith(label)
    assert all(key["label"] for key in keys["types"]["item"]["keys"])


def test_c3_the_history_and_the_document_of_then_are_asked_by_number(world: World) -> None:
    """Issue 14.4."""
    entry = {"revision": 12, "kind": "document", "at": "2026-11-30T08:00:00+00:00", "changes": [], "change_count": 0}
    world.availability.answers |= {
        "document_history": {"history": [entry], "next": None},
        "document_state": {**entry, "document": {"clinic": "solna"}},
    }
    token = world.log_in()

    listed = world.get(f"{CLINIC}/document/history?since=11&limit=5", token=token)
    shown = world.get(f"{CLINIC}/document/history/12", token=token)

    assert listed.json["history"] == [entry]
    assert shown.json["document"] == {"clinic": "solna"}
    assert [each.fields for each in world.availability.calls[-2:]] == [{"since": 11, "limit": 5}, {"revision": 12}]
    assert world.get(f"{CLINIC}/document/history/x", token=token).status_code == 404


def test_c3_what_is_older_than_the_history_is_gone(world: World) -> None:
    world.availability.answers["document_state"] = refusing(Gone)
    assert world.get(f"{CLINIC}/document/history/1", token=world.log_in()).status_code == 410
