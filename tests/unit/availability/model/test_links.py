"""Links to the booking page for the clinic's own site (PRODUCT B15, B16)."""

from typing import Any

import pytest

from services.availability.document import check
from services.availability.handlers import searching
from services.availability.model.current import StoredClinic
from shared.contracts.errors import NotFound
from tests.builders.availability.fakes import KEYS, FakeWork, a_desk
from tests.builders.clinics.written import Written, a_written_document

URL = KEYS.public_url
SIZED = f'\n<script src="{URL}/static/embed.js" async></script>'
"""What follows the frame, and makes it as high as each step."""


def told(document: Written) -> dict[str, Any]:
    """Return what is told of links of a clinic with this document."""
    found = check(document)
    assert found.problems == ()
    work = FakeWork()
    work.store.rows["solna"] = StoredClinic(1, found.document)
    return searching.links(a_desk(work), "solna")


def links(document: Written) -> list[dict[str, Any]]:
    """Return the links of practitioners of a clinic with this document."""
    listed: list[dict[str, Any]] = told(document)["links"]
    return listed


def short(rows: list[dict[str, Any]]) -> list[str]:
    return [f"{row['practitioner']} {row['kind']} {row['key']}" for row in rows]


def test_each_practitioner_has_a_link_for_each_of_their_types_and_week_templates_b15() -> None:
    document = a_written_document()
    document["types"][1]["practitioners"] = ["anna"]
    assert short(links(document)) == ["anna type exam", "anna type acute", "anna template normal", "erik type exam"]


def test_a_link_names_its_choices_and_shows_the_snippet_of_the_document_b16() -> None:
    document = a_written_document()
    by_kind = {row["kind"]: row for row in links(document) if row["practitioner"] == "anna" and row["key"] != "acute"}
    assert by_kind["type"] == {
        "practitioner": "anna",
        "kind": "type",
        "key": "exam",
        "name": "US",
        "url": f"{URL}/solna?type=exam&practitioner=anna",
        "snippet": f'<p><iframe src="{URL}/solna?type=exam&amp;practitioner=anna&amp;embed=1" title="Solna Tandvård"'
        f' width="100%" height="600px"><br/></iframe></p>{SIZED}',
    }
    assert by_kind["template"]["url"] == f"{URL}/solna?template=normal&practitioner=anna"


def test_b16_the_page_with_nothing_chosen_has_a_link_and_a_snippet_too() -> None:
    assert told(a_written_document())["page"] == {
        "url": f"{URL}/solna",
        "snippet": f'<p><iframe src="{URL}/solna?embed=1" title="Solna Tandvård"'
        f' width="100%" height="600px"><br/></iframe></p>{SIZED}',
    }


def test_b16_a_frame_is_called_as_the_clinic_is_whatever_stands_in_its_name() -> None:
    snippet = told({**a_written_document(), "name": 'Öberg & "Ek"'})["page"]["snippet"]
    assert ' title="Öberg &amp; &quot;Ek&quot;" ' in snippet


def test_what_cannot_be_booked_online_has_no_link() -> None:
    document = a_written_document()
    document["practitioners"][1]["online"] = False
    document["types"][1]["online"] = False
    document["templates"].append(
        {"key": "lunches", "week": {"tue": [{"kind": "lunch", "from": "12:00", "to": "13:00"}]}}
    )
    document["plans"] = [
        {"practitioner": "anna", "template": "normal", "to": "2026-06-30"},
        {"practitioner": "anna", "template": "lunches", "from": "2026-07-01"},
    ]
    assert short(links(document)) == ["anna type exam", "anna template normal"]


def test_plans_for_everybody_are_those_of_practitioners_without_their_own_s1() -> None:
    document = a_written_document()
    document["templates"].append({"key": "evenings", "week": document["templates"][0]["week"]})
    document["plans"].append({"practitioner": None, "template": "evenings"})
    assert [row for row in short(links(document)) if "template" in row] == [
        "anna template normal",
        "erik template evenings",
    ]


def test_an_unknown_clinic_has_no_links() -> None:
    with pytest.raises(NotFound):
        searching.links(a_desk(FakeWork()), "nobody")
