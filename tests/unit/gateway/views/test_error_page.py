"""What a person sees where no page of a clinic could be shown."""

import pytest

from gateway.views.error_page import explained
from shared.contracts import errors
from shared.texts.language import LANGUAGES
from tests.builders.gateway.clinics import heading_of
from tests.builders.gateway.world import World, refusing


def test_a_wrong_address_gets_a_page_that_helps(world: World):
    answer = world.get("/m/no/such/page", headers={"Accept-Language": "sv"})
    assert answer.status_code == 404
    assert heading_of(answer.text) == "Sidan finns inte"
    assert "All clinics" not in answer.text


def test_an_address_that_was_cut_on_its_way_is_answered_in_plain_words(world: World):
    answer = world.get("/", environ={"QUERY_STRING": "type=\xe4"}, headers={"Accept-Language": "en"})
    assert answer.status_code == 400
    assert heading_of(answer.text) == "This did not work"
    assert "Please check the address." in answer.text
    assert "UTF-8" not in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [errors.Malformed, errors.Invalid])
def test_whatever_is_refused_before_any_page_a_person_reads_what_to_do(code: type[errors.Refusal], language: str):
    heading, explanation = explained(code.because("The query is not UTF-8."), language)
    assert "UTF-8" not in explanation
    assert len(explanation) > len(heading)


def test_a_page_whose_clinic_cannot_be_had_keeps_what_was_sent(world: World):
    world.availability.answers["clinics"] = refusing(errors.Unavailable)
    answer = world.get("/?lang=en")
    assert answer.status_code == 503
    assert 'href="/?lang=en"' in answer.text
    assert answer.headers["Retry-After"]


class NoDocuments:
    """Documents that cannot be had."""

    def __init__(self, refusal: errors.Refusal) -> None:
        self._refusal = refusal

    def get(self, clinic: str) -> object:
        """Refuse."""
        raise self._refusal


def test_in_a_clinics_own_site_a_refusal_is_a_page_and_no_dead_frame_b16(world: World):
    world.documents = NoDocuments(refusing(errors.NotFound))
    framed, alone, staffs = (world.get(path) for path in ("/nowhere", "/m/nothing", "/staff"))

    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed.headers
    assert {alone.headers["X-Frame-Options"], staffs.headers["X-Frame-Options"]} == {"DENY"}
    assert "frame-ancestors 'none'" in staffs.headers["Content-Security-Policy"]


def test_what_our_forms_do_not_send_is_not_shown_again(world: World):
    world.documents = NoDocuments(refusing(errors.Unavailable))
    fields = {"patient.first_name": "Maja", "<b>": "a stranger's", "x" * 200: "long", "X-Odd": "odd"}
    many = {f"answers.f{number}": "kept" for number in range(150)}

    response = world.post("/solna", data={**fields, **many})

    assert "Maja" in response.text
    assert not [text for text in ("stranger", "long", "odd") if f'value="{text}' in response.text]
    assert response.text.count('value="kept"') < 60
