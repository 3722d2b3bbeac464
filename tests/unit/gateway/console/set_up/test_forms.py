"""The set-up by forms: drawn from the document's shape, for every key, in every language (C3)."""

from html import unescape
from pathlib import Path
from typing import Any

import pytest

from gateway.clients.document_words.headings import HEADINGS
from gateway.clients.document_words.labels import LABELS
from services.availability.document import shape
from shared.texts.language import LANGUAGES
from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.sent_forms import sent_by
from tests.builders.gateway.set_up import in_normal_form, keep, put_in_force
from tests.builders.gateway.set_up_forms import SET_UP, checked_document, typed
from tests.builders.gateway.world import World

DEMO = Path(__file__).parents[5] / "demo"
LISTS = {
    "practitioners": "practitioners", "types": "types", "resources": "resources", "block-kinds": "block_kinds",
    "templates": "templates", "plans": "plans", "days": "days", "questions": "fields",
}  # fmt: skip


def paths_of(told: dict[str, Any], path: str = "") -> list[str]:
    """Return the path of every key that is told."""
    found = []
    for key in told.get("keys", ()):
        own = f"{path}.{key['name']}".strip(".")
        found += [own, *paths_of(key, own), *paths_of(key.get("item", {}), own), *paths_of(key.get("value", {}), own)]
    return found


@pytest.mark.parametrize("path", paths_of(shape()))
def test_c3_every_key_of_the_document_has_words(path: str) -> None:
    if path == "absences.id":
        return  # nobody types it
    ends = [path.split(".", count)[-1] for count in range(path.count(".") + 1)]
    assert any(end in LABELS for end in ends)


def test_c3_every_heading_stands_above_a_key_and_is_shown(browser: Browser) -> None:
    assert HEADINGS.keys() <= set(paths_of(shape()))
    forms = {"booking": "booking", "types": "types/exam", "practitioners": "practitioners/anna"}
    pages = {part: unescape(browser.get(f"{SET_UP}/{address}").text) for part, address in forms.items()}
    for path, heading in HEADINGS.items():
        part, _, key = path.partition(".")
        level, name = (3, path) if part == "booking" else (2, key)
        above, _, below = pages[part].partition(f">{heading}</h{level}>")
        assert f'name="{name}' in below, path
        assert f'name="{name}' not in above, path


def test_c3_every_part_is_found_from_the_overview_and_from_there_all_keys(browser: Browser) -> None:
    page = browser.get(SET_UP).text
    names = set()
    for part in page.split(f'href="{SET_UP}/')[1:]:
        address = part.partition('"')[0]
        if address in ("document", "pictures"):
            continue
        if address in LISTS:
            names.add(LISTS[address])
            assert browser.get(f"{SET_UP}/{address}").status_code == 200
        else:
            names |= {name.partition(".")[0] for name in sent_by(browser.get(f"{SET_UP}/{address}").text)}
    assert names >= {key["name"] for key in shape()["keys"]} - {"clinic", "absences"}


@pytest.mark.parametrize("clinic", ["aldente", "exir", "frenda", "norsk", "optamed"])
@pytest.mark.parametrize("language", ["en", "fa"])
def test_c3_a_form_that_nobody_touched_changes_nothing(world: World, clinic: str, language: str) -> None:
    document = in_normal_form((DEMO / f"{clinic}.yaml").read_text(encoding="utf-8"))
    keep(world, document)
    browser = Browser(world, language=language)
    last = {part: document[key][-1].get("key") or len(document[key]) for part, key in LISTS.items() if document[key]}
    for path in (
        "/clinic",
        "/booking",
        "/texts",
        "/messages",
        "/retention",
        *(f"/{part}/{item}" for part, item in last.items()),
    ):
        page = typed(browser, path)
        assert page.status_code == 200, path
        assert checked_document(browser) == document, path


def test_c3_a_key_that_is_added_to_the_document_makes_its_field(browser: Browser) -> None:
    told = shape()
    told["keys"].append(
        {"name": "fax", "kind": "text", "longest": 20, "lines": False, "required": False, "default": None}
    )
    types = next(key for key in told["keys"] if key["name"] == "types")
    types["item"]["keys"].append({"name": "quiet", "kind": "flag", "required": False, "default": False})
    browser.world.availability.answers["document_shape"] = {"shape": told}
    assert f'href="{SET_UP}/others"' in browser.get(SET_UP).text
    typed(browser, "/others", fax="08-1")
    assert checked_document(browser)["fax"] == "08-1"
    typed(browser, "/types/exam", quiet="yes")
    assert checked_document(browser)["types"][0]["quiet"] is True


@pytest.mark.parametrize("language", LANGUAGES)
def test_c3_all_forms_are_drawn_in_every_language(world: World, language: str) -> None:
    put_in_force(world)
    browser = Browser(world, language=language)
    new = [f"/{part}/-new" for part in LISTS]
    pages = ("", "/clinic", "/booking", "/texts", "/messages", "/retention")
    for path in (*pages, *(f"/{part}" for part in LISTS), *new):
        assert browser.get(f"{SET_UP}{path}").status_code == 200, path


@pytest.mark.parametrize("path", ["/nowhere", "/types/nothing", "/plans/9", "/clinic/name"])
def test_c3_what_is_not_there_is_not_found(browser: Browser, path: str) -> None:
    assert browser.get(f"{SET_UP}{path}").status_code == 404


def test_c1_therapists_have_no_forms(world: World) -> None:
    put_in_force(world)
    therapist = Browser(world, THERAPIST)
    for path in ("", "/booking", "/types", "/types/exam"):
        assert therapist.get(f"{SET_UP}{path}").status_code == 403
        assert therapist.post(f"{SET_UP}{path}").status_code in (403, 405)
    assert not world.availability.calls
