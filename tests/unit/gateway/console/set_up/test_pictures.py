"""A clinic's pictures in the console: put by one press, named where they are not, and removed (PRODUCT B21)."""

import io
from base64 import b64decode
from html import unescape
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from gateway.http.bounds import PICTURE_LIMIT
from shared.clinic_documents import ClinicDocuments, Revisions
from shared.contracts.errors import ChangedMeanwhile, Invalid
from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.set_up import a_document
from tests.builders.gateway.world import World, refusing

PICTURES = "/staff/solna/set-up/pictures"
ERIK = {"hash": "e11e", "width": 144, "height": 192}


@pytest.fixture
def browser(world: World) -> Browser:
    """Return the browser of an administrator; the clinic has a picture of Erik and names no other."""
    document = a_document(look={"accent": "#0b6b6b"})
    document["practitioners"][1]["picture"] = "erik-2"
    told = {"revision": 7, "document": document, "pictures": {"erik-2": ERIK}}
    world.documents = ClinicDocuments(Revisions(world.cache), lambda _clinic: told)
    world.availability.answers |= {"put_picture": {}, "apply_document": {}, "remove_picture": None}
    return Browser(world)


def send(browser: Browser, place: str, content: bytes = b"a picture", name: str = "x.png") -> TestResponse:
    boundary, form = encode_multipart({"picture": FileStorage(io.BytesIO(content), name, "picture")})
    kind = f'multipart/form-data; boundary="{boundary}"'
    return browser.world.post(f"{PICTURES}/{place}", data=form, content_type=kind, headers=browser.sending())


def calls(browser: Browser, name: str) -> list[Any]:
    return [each for each in browser.world.availability.calls if each.name == name]


def test_b21_all_places_of_pictures_are_shown_with_what_is_there(browser: Browser) -> None:
    page = unescape(browser.get(PICTURES).text)
    assert 'src="/solna/pictures/erik-2?v=e11e" width="72" height="96"' in page
    assert page.count('type="file"') == 3
    assert page.count("Remove picture") == 1
    for heading in ("Logo", "Anna Berg", "Erik Lund"):
        assert heading in page


def test_b21_a_picture_is_put_under_the_name_that_the_document_has_for_it(browser: Browser) -> None:
    answer = send(browser, "erik", bytes(range(256)))
    (call,) = calls(browser, "put_picture")
    assert (call.args, b64decode(call.fields["content"])) == (("solna", "erik-2"), bytes(range(256)))
    assert not calls(browser, "apply_document")
    assert "The picture is shown from now on." in browser.follow(answer).text


@pytest.mark.parametrize(("place", "name"), [("anna", "anna"), ("-logo", "logo")])
def test_b21_where_the_document_names_none_it_names_the_new_one(browser: Browser, place: str, name: str) -> None:
    assert send(browser, place).status_code == 303
    assert calls(browser, "put_picture")[0].args == ("solna", name)
    (applied,) = calls(browser, "apply_document")
    assert applied.fields["if_revision"] == 7
    document = applied.fields["document"]
    named = document["look"]["logo"] if place == "-logo" else document["practitioners"][0]["picture"]
    assert named == name
    assert document["look"]["accent"] == "#0b6b6b"
    assert document["practitioners"][1]["picture"] == "erik-2"


def test_b21_what_is_wrong_with_a_file_stands_beside_its_field_in_the_readers_language(browser: Browser) -> None:
    sentence = "The picture is larger than 2 MB. Choose a smaller one."
    browser.world.availability.answers["put_picture"] = refusing(Invalid, errors={"picture": [sentence]})
    browser.language = "sv"
    page = send(browser, "anna")
    assert page.status_code == 422
    assert page.text.count("Bilden \u00e4r st\u00f6rre \u00e4n 2 MB.") == 1
    assert 'aria-describedby="picture-anna-error"' in page.text
    assert not calls(browser, "apply_document")


def test_b21_a_form_without_a_file_says_so(browser: Browser) -> None:
    page = send(browser, "anna", b"", "")
    assert (page.status_code, "Choose a picture first." in page.text) == (422, True)
    assert not calls(browser, "put_picture")


def test_b21_two_megabytes_find_room_in_the_form(browser: Browser) -> None:
    assert send(browser, "erik", bytes(PICTURE_LIMIT)).status_code == 303


def test_b21_who_is_overtaken_by_a_change_of_the_document_is_told(browser: Browser) -> None:
    browser.world.availability.answers["apply_document"] = refusing(ChangedMeanwhile)
    assert send(browser, "anna").status_code == 409


def test_b21_a_picture_is_removed_and_its_name_stays(browser: Browser) -> None:
    answer = browser.post(f"{PICTURES}/erik/remove")
    assert calls(browser, "remove_picture")[0].args == ("solna", "erik-2")
    assert not calls(browser, "apply_document")
    assert "The picture is removed." in browser.follow(answer).text


def test_b21_a_place_that_there_is_not_has_no_picture(browser: Browser) -> None:
    assert send(browser, "nobody").status_code == 404
    assert not calls(browser, "put_picture")


def test_b21_therapists_neither_see_nor_put_pictures(world: World, browser: Browser) -> None:
    therapist = Browser(world, THERAPIST)
    assert therapist.get(PICTURES).status_code == 403
    assert send(therapist, "anna").status_code == 403
    assert not calls(browser, "put_picture")
