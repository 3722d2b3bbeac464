"""A clinic's logo, faces and colour on its pages (PRODUCT B21)."""

import re
from base64 import b64encode
from typing import Any

import pytest

from shared.contracts.errors import Unavailable
from tests.builders.gateway.clinics import DOCUMENT, main_of, open_clinic
from tests.builders.gateway.links import LINK, open_link
from tests.builders.gateway.visits import confirm
from tests.builders.gateway.world import World, refusing

LOGO, ANNA = {"hash": "10c0", "width": 480, "height": 120}, {"hash": "a11a", "width": 144, "height": 192}
PEOPLE = [
    {
        **DOCUMENT["practitioners"][0],
        "picture": "anna",
        "about": {"en": "Kind & calm", "sv": "Snäll"},
        "languages": ["sv", "so"],
    },
    *DOCUMENT["practitioners"][1:],
]
TYPES = [
    {**DOCUMENT["types"][0], "bring": {"en": "Your <b>identity</b> card", "sv": "Legitimation"}},
    *DOCUMENT["types"][1:],
]


def open_with_faces(world: World, **changes: Any) -> None:
    """Open a clinic with a logo, a colour and one face."""
    look = {"logo": "logo", "accent": "#8a1c4a"}
    shown = {"look": look, "practitioners": PEOPLE, "types": TYPES, **changes}
    open_clinic(world, {"logo": LOGO, "anna": ANNA, "unused": ANNA}, **shown)


def kept(world: World, content: bytes = b"webp", hash: str = "a11a") -> None:
    """Let availability have Anna's picture."""
    told = {**ANNA, "hash": hash, "name": "anna", "type": "image/webp", "content": b64encode(content).decode()}
    world.availability.answers["picture"] = told


def asked(world: World) -> int:
    """Return how often availability was asked for a picture."""
    return sum(call.name == "picture" for call in world.availability.calls)


def test_b21_logo_and_colour_stand_in_the_head_of_every_page(world: World) -> None:
    open_with_faces(world)
    for path in ("/solna", "/solna/my", "/solna/no/such/page"):
        page = world.get(path).text
        assert '<img class="logo" src="/solna/pictures/logo?v=10c0" width="240" height="60" alt="">' in page
        assert 'class="mark"' not in page
        assert page.index("/static/frontdesk.css") < page.index("/solna/look.css?v=")


def test_b21_inside_a_site_the_colour_is_the_clinics_and_the_head_its_own(world: World) -> None:
    open_with_faces(world)
    page = world.get("/solna?embed=1").text
    assert "/solna/look.css?v=" in page
    assert "/pictures/logo" not in page


def test_b21_a_clinic_without_a_look_has_our_mark_and_colours(world: World) -> None:
    open_clinic(world)
    page = world.get("/solna").text
    assert 'class="mark"' in page
    assert "look.css" not in page
    assert world.get("/solna/look.css").status_code == 404


def test_b21_a_logo_that_is_not_there_is_not_shown(world: World) -> None:
    open_with_faces(world)
    open_clinic(world, {}, look={"logo": "logo", "accent": None})
    assert "/pictures/" not in world.get("/solna").text


def test_b21_a_practitioners_card_shows_face_lines_and_languages(world: World) -> None:
    open_with_faces(world)
    page = main_of(world.get("/solna?type=exam"))
    face = '<img class="face" src="/solna/pictures/anna?v=a11a" width="72" height="96" alt="" loading="lazy"'
    assert page.count(face) == 1
    assert "Kind &amp; calm" in page
    assert "Speaks Swedish and Somali" in page
    assert '<span class="face" aria-hidden="true">' in page  # Erik's place


def test_b21_where_there_is_nobody_to_choose_the_one_that_there_is_stands_beside_the_times(world: World) -> None:
    open_with_faces(world)
    page = main_of(world.get("/solna?type=acute"))
    assert page.count('class="face" src="/solna/pictures/anna?v=a11a"') == 2  # folded, and in a wide window
    for told in ("Kind &amp; calm", "Speaks Swedish and Somali"):
        assert page.count(told) == 2


def test_b21_where_nobody_has_a_face_there_are_no_places_for_any(world: World) -> None:
    open_clinic(world)
    assert 'class="face"' not in world.get("/solna?type=exam").text


def test_b21_the_lines_are_in_the_readers_language(world: World) -> None:
    open_with_faces(world)
    page = main_of(world.get("/solna?type=exam&lang=sv"))
    assert "Snäll" in page
    assert "svenska och somaliska" in page


def test_b21_what_to_bring_stands_on_the_confirmation_as_text(world: World) -> None:
    open_with_faces(world)
    page = main_of(confirm(world))
    assert "Your &lt;b&gt;identity&lt;/b&gt; card" in page


def test_b21_what_to_bring_stands_behind_the_link_until_it_is_cancelled(world: World) -> None:
    open_with_faces(world)
    for status, count in (("booked", 1), ("cancelled", 0)):
        open_link(world, status=status)
        open_with_faces(world)
        assert main_of(world.get(LINK)).count("&lt;b&gt;identity") == count


def test_b21_a_picture_is_kept_for_ever_by_who_asks_for_it_by_its_hash(world: World) -> None:
    open_with_faces(world)
    kept(world)
    named, other = world.get("/solna/pictures/anna?v=a11a"), world.get("/solna/pictures/anna?v=older")
    assert (named.status_code, named.mimetype, named.data) == (200, "image/webp", b"webp")
    assert named.headers["X-Content-Type-Options"] == "nosniff"
    assert named.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert named.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert other.headers["Cache-Control"] == "public, max-age=300"
    again = world.get("/solna/pictures/anna?v=a11a", headers={"If-None-Match": named.headers["ETag"]})
    assert again.status_code == 304


def test_b21_availability_is_asked_once_for_a_picture_however_many_look_at_it(world: World) -> None:
    open_with_faces(world)
    kept(world)
    for _ in range(5):
        assert world.get("/solna/pictures/anna?v=a11a").status_code == 200
    assert asked(world) == 1


def test_b21_a_picture_that_was_replaced_meanwhile_is_not_kept_under_the_old_ones_name(world: World) -> None:
    open_with_faces(world)
    kept(world, b"newer", "b22b")
    answer = world.get("/solna/pictures/anna?v=a11a")
    assert (answer.data, answer.headers["Cache-Control"]) == (b"newer", "public, max-age=300")


@pytest.mark.parametrize("name", ["nobody", "erik", "..%2fanna", "anna.webp"])
def test_b21_pictures_that_there_are_not_are_not_asked_for(world: World, name: str) -> None:
    open_with_faces(world)
    assert world.get(f"/solna/pictures/{name}").status_code == 404
    assert asked(world) == 0


def test_b21_while_availability_is_away_a_picture_is_missing_and_nothing_else(world: World) -> None:
    open_with_faces(world)
    world.availability.answers["picture"] = refusing(Unavailable)
    assert world.get("/solna/pictures/anna").status_code == 503
    assert world.get("/solna?type=exam").status_code == 200


def test_b21_the_sheet_has_the_colours_shades_for_light_and_dark(world: World) -> None:
    open_with_faces(world)
    address = re.search(r"/solna/look\.css\?v=\w+", world.get("/solna").text)
    assert address
    sheet = world.get(address[0])
    assert (sheet.mimetype, sheet.headers["Cache-Control"]) == ("text/css", "public, max-age=31536000, immutable")
    light, dark = sheet.text.split("@media (prefers-color-scheme: dark)")
    assert "--accent: #8a1c4a;" in light
    assert "--accent: #" in dark
    assert "--accent: #8a1c4a;" not in dark
    assert world.get("/solna/look.css").headers["Cache-Control"] == "public, max-age=300"
