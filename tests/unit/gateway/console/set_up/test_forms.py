"""The set-up by forms: drawn from the document's shape, checked, compared and saved (C3)."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from gateway.clients.document_words.headings import HEADINGS
from gateway.clients.document_words.labels import LABELS
from services.availability.document import shape
from shared.contracts import errors
from shared.texts.language import LANGUAGES
from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.sent_forms import sent_by
from tests.builders.gateway.set_up import in_normal_form, keep, put_in_force
from tests.builders.gateway.set_up_forms import SET_UP, applied, checked_document, send, typed
from tests.builders.gateway.world import World

DEMO = Path(__file__).parents[5] / "demo"
LISTS = {
    "practitioners": "practitioners", "types": "types", "resources": "resources", "block-kinds": "block_kinds",
    "templates": "templates", "plans": "plans", "days": "days", "questions": "fields",
}  # fmt: skip


@pytest.fixture
def browser(world: World) -> Browser:
    """Return the browser of an administrator."""
    put_in_force(world)
    return Browser(world)


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
    for path in ("/clinic", "/booking", "/texts", "/messages", *(f"/{part}/{item}" for part, item in last.items())):
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


def test_c3_what_becomes_different_is_shown_in_words_and_then_saved(browser: Browser) -> None:
    page = typed(
        browser, "/types/exam", length__number="45", price="1200", alias__en="Check-up", slots__mode="flexible"
    )
    text = unescape(page.text)
    for said in ("What becomes different", "Length", "45\u00a0min", "1200", "English", "Check-up", "Flexible"):
        assert said in text
    assert not applied(browser)
    answer = send(browser, "/types/exam", sent_by(page.text), do="apply")
    assert answer.location == f"{SET_UP}/types?done=applied"
    (fields,) = applied(browser)
    assert fields["if_revision"] == 7
    assert fields["document"]["types"][0]["length"] == "45m"
    assert "The set-up is saved." in browser.follow(answer).text


def test_c3_what_is_added_is_told_by_its_name_and_not_by_its_key(browser: Browser) -> None:
    page = unescape(typed(browser, "/practitioners/-new", name="Gunilla Ek").text)
    assert "<strong>Practitioners</strong>, <bdi>Gunilla Ek</bdi>" in page
    assert "Short name" not in page.partition("<table")[2].partition("</table>")[0]


def test_c3_what_was_typed_after_the_differences_were_seen_is_shown_before_it_is_saved(browser: Browser) -> None:
    seen = sent_by(typed(browser, "/types/exam", length__number="45").text)
    page = send(browser, "/types/exam", seen, do="apply", length__number="60")
    assert page.status_code == 200
    assert "1\u00a0h" in page.text
    assert not applied(browser)


def test_c3_a_mistake_stands_beside_its_field(browser: Browser) -> None:
    page = typed(browser, "/types/exam", length__number="47", name="")
    assert page.status_code == 422
    assert '<a href="#length">' in page.text
    assert 'id="error-length"' in page.text
    assert '<a href="#name">' in page.text
    assert re.search(r'<a href="#length">Length: <span data-mistake>[^<]+</span></a>', page.text)
    assert 'value="47"' in page.text, "what was typed is still there"
    assert 'value="apply"' not in page.text


def test_c3_a_mistake_elsewhere_in_the_document_is_told_with_the_way_there(browser: Browser) -> None:
    page = typed(browser, "/templates/normal", do="remove")
    assert page.status_code == 422
    assert "Plans</strong>" in page.text
    assert f'href="{SET_UP}/plans"' in page.text
    assert not applied(browser)


def test_c3_what_somebody_else_saved_meanwhile_is_told_and_not_overwritten(browser: Browser) -> None:
    form = sent_by(browser.get(f"{SET_UP}/booking").text)
    put_in_force(browser.world, name="Another name")
    browser.world.availability.answers["document"]["revision"] = 8
    page = send(browser, "/booking", form, booking__few="5")
    assert page.status_code == 409
    assert "Somebody else has saved the set-up meanwhile" in page.text
    again = sent_by(page.text)
    assert again["revision"] == ["8"]
    send(browser, "/booking", again, do="apply")
    (fields,) = applied(browser)
    assert (fields["if_revision"], fields["document"]["name"]) == (8, "Another name"), "theirs stays"


def test_c3_who_is_overtaken_in_the_last_moment_is_told_as_well(browser: Browser) -> None:
    seen = sent_by(typed(browser, "/booking", booking__few="5").text)
    browser.world.availability.answers["apply_document"] = errors.ChangedMeanwhile.because("Revision 8 now.")
    page = send(browser, "/booking", seen, do="apply")
    assert page.status_code == 409
    assert 'name="booking.few" type="text" value="5"' in page.text


@pytest.mark.parametrize("method", ["check_document", "apply_document"])
def test_c3_what_was_typed_stays_where_the_service_is_away(browser: Browser, method: str) -> None:
    seen = sent_by(typed(browser, "/booking", booking__few="5").text)
    browser.world.availability.answers[method] = errors.Unavailable.because("availability does not answer")
    page = send(browser, "/booking", seen, do="apply" if method == "apply_document" else "check")
    assert page.status_code == 503
    assert 'name="booking.few" type="text" value="5"' in page.text


def test_s12_a_new_type_gets_a_key_from_its_name_and_stands_where_it_was_put(browser: Browser) -> None:
    typed(browser, "/types/-new", name="Rotfyllning å", length__number="50", **{"-place": "0"})
    new, *others = checked_document(browser)["types"]
    assert (new["key"], new["name"], new["length"]) == ("rotfyllning-a", "Rotfyllning å", "50m")
    assert [each["key"] for each in others] == ["exam", "acute"]


@pytest.mark.parametrize(
    ("name", "key"), [("Kjøring og sårstell", "kjoring-og-sarstell"), ("ویزیت", "wyzyt"), ("…", "type")]
)
def test_s12_a_key_is_made_from_a_name_in_any_script(browser: Browser, name: str, key: str) -> None:
    typed(browser, "/types/-new", name=name, length__number="50")
    assert checked_document(browser)["types"][-1]["key"] == key


@pytest.mark.parametrize(
    ("over", "age"),
    [
        ({}, None),
        ({"min_age__on": "yes"}, 24),
        ({"min_age__on": "yes", "min_age": ""}, 24),
        ({"min_age__on": "yes", "min_age": "۱۸"}, 18),
        ({"min_age": "18"}, None),
    ],
)
def test_b8_the_age_filter_is_a_switch_that_stands_at_24(
    browser: Browser, over: dict[str, str], age: int | None
) -> None:
    typed(browser, "/types/acute", **over)
    document = checked_document(browser)
    assert document["types"][1]["min_age"] == age
    keep(browser.world, document)
    typed(browser, "/types/acute", min_age__on="")
    assert checked_document(browser)["types"][1]["min_age"] is None


@pytest.mark.parametrize(
    ("typed_as", "amount"),
    [("995", "995"), ("995,50", "995.50"), ("1 250,50", "1250.50"), ("1’250.50", "1250.50"), ("۲٬۵۰۰٬۰۰۰", "2500000")],
)
def test_s12_a_price_is_typed_as_people_write_it(browser: Browser, typed_as: str, amount: str) -> None:
    typed(browser, "/types/exam", price=typed_as)
    assert checked_document(browser)["types"][0]["price"] == amount


def test_s12_a_price_that_can_be_read_in_two_ways_is_not_guessed(browser: Browser) -> None:
    assert "error-price" in typed(browser, "/types/exam", price="1,250").text


def test_s12_a_description_of_501_characters_is_told_how_long_it_is_and_kept(browser: Browser) -> None:
    """… samt en beskrivning (max 500 tecken) som patienten ser på webben när dom ska boka."""
    browser.language = "sv"
    page = typed(browser, "/types/exam", description__sv="å" * 501)
    assert page.status_code == 422
    assert "Texten har 501 tecken. Korta till högst 500." in page.text
    assert sent_by(page.text)["description.sv"] == ["å" * 501], "no browser cuts it either"
    assert not re.search(r'<textarea[^>]*name="description[^>]*maxlength', page.text)
    assert typed(browser, "/types/exam", description__sv="å" * 500).status_code == 200


def test_m6_a_deadline_that_is_not_set_stands_at_hours(browser: Browser) -> None:
    assert sent_by(browser.get(f"{SET_UP}/types/exam").text)["cancel_deadline.unit"] == ["h"]
    typed(browser, "/types/exam", cancel_deadline__number="48")
    assert checked_document(browser)["types"][0]["cancel_deadline"] == "48h"
    row = sent_by(browser.get(f"{SET_UP}/messages").text)
    send(browser, "/messages", row, reminders__0__before__number="72", reminders__0__channel="sms")
    assert checked_document(browser)["reminders"] == [{"before": "72h", "channel": "sms"}], "an empty row as well"


@pytest.mark.parametrize("typed_as", ["75", "1h15", "1:15", "1 h 15 min", "۱:۱۵"])
def test_s4_a_length_of_an_hour_and_a_quarter_is_typed_as_people_write_it(browser: Browser, typed_as: str) -> None:
    typed(browser, "/types/exam", length__number=typed_as, length__unit="m")
    assert checked_document(browser)["types"][0]["length"] == "75m"


def test_s2_a_day_s_blocks_are_told_in_a_line(browser: Browser) -> None:
    page = typed(browser, "/templates/normal", week__tue__0__kind="exam", week__tue__0__from="8", week__tue__0__to="16",
                 week__tue__0__step__number="20")  # fmt: skip
    assert ">08:00–16:00 Undersökning (20\u00a0min)</span>" in unescape(page.text)
    new = typed(browser, "/templates/-new", key="new", week__tue__0__kind="lunch", week__tue__0__from="8",
                week__tue__0__to="9", week__tue__1__kind="exam", week__tue__1__from="9", week__tue__1__to="10",
                week__tue__rows="2")  # fmt: skip
    assert "Tuesday: 08:00–09:00 Lunch, 09:00–10:00 Undersökning" in unescape(new.text)


def test_c3_people_and_blocks_are_called_by_their_names_in_a_form_and_in_what_becomes_different(
    browser: Browser,
) -> None:
    page = typed(browser, "/types/exam", lengths__anna__number="50", blocks=["", "exam"])
    text = unescape(page.text)
    assert 'aria-label="Anna Berg"' in text
    different = text.partition("What becomes different")[2].partition("</table>")[0]
    assert "Length where it differs – Anna Berg" in different
    assert "Undersökning" in different
    plan = unescape(typed(browser, "/plans/1", weeks="odd").text)
    assert "<bdi>Anna Berg · normal · Thursday 1 January 2026 · Odd weeks</bdi>" in plan


def test_s13_practitioners_are_put_in_another_order(browser: Browser) -> None:
    typed(browser, "/practitioners/anna", **{"-place": "1"})
    assert [each["key"] for each in checked_document(browser)["practitioners"]] == ["erik", "anna"]


def test_s2_blocks_of_a_week_are_changed_added_and_taken_away(browser: Browser) -> None:
    typed(
        browser, "/templates/normal",
        week__mon__1__gone="yes", week__mon__0__to="11.30", week__tue__0__kind="exam", week__tue__0__from="8",
        week__tue__0__to="۱۶:۰۰",
    )  # fmt: skip
    week = checked_document(browser)["templates"][0]["week"]
    assert [(each["from"], each["to"]) for each in week["mon"]] == [("08:00", "11:30"), ("13:00", "24:00")]
    assert week["mon"][1]["step"] == "20m"
    assert [(each["kind"], each["from"], each["to"]) for each in week["tue"]] == [("exam", "08:00", "16:00")]


def test_s2_a_button_gives_more_rows_and_keeps_what_was_typed(browser: Browser) -> None:
    page = typed(browser, "/templates/normal", do="more:week.tue", week__tue__0__from="08:00")
    sent = sent_by(page.text)
    assert sent["week.tue.0.from"] == ["08:00"]
    assert "week.tue.4.from" in sent
    assert not [each for each in browser.world.availability.calls if each.name == "check_document"]


def test_c3_a_mistake_in_a_row_stands_in_it_though_rows_before_it_were_taken_away(browser: Browser) -> None:
    page = typed(browser, "/templates/normal", week__mon__0__gone="yes", week__mon__2__from="13:01")
    assert '<a href="#week-mon-1-from">' in page.text
    assert sent_by(page.text)["week.mon.1.from"] == ["13:01"]


def test_s9_dates_are_typed_by_the_readers_calendar(browser: Browser) -> None:
    browser.language = "fa"
    typed(browser, "/booking", booking__holidays__closed_dates="۱۴۰۵-۱۰-۰۳\r\n1405/10/4", **{
        "booking.first_date.year": "۱۴۰۵", "booking.first_date.month": "10", "booking.first_date.day": "1",
    })  # fmt: skip
    booking = checked_document(browser)["booking"]
    assert booking["holidays"]["closed_dates"] == ["2026-12-24", "2026-12-25"]
    assert booking["first_date"] == "2026-12-22"


def test_s14_what_a_type_uses_is_one_of_those_that_are_ticked(browser: Browser) -> None:
    for ticked, uses in (
        (["room"], "room"), (["laser"], ["laser"]), (["room-1", "laser"], ["room-1", "laser"]),
        (["room", "laser"], ["room-1", "room-2", "laser"]),
    ):  # fmt: skip
        typed(browser, "/types/exam", uses__0=["", *ticked], uses__rows="1")
        assert checked_document(browser)["types"][0]["uses"] == [uses]


def test_c3_what_needs_no_saying_is_left_out_again(world: World) -> None:
    put_in_force(world, quiet_hours={"from": "22:00", "to": "07:00"}, privacy={"practitioner": "brief"})
    browser = Browser(world)
    typed(browser, "/messages", quiet_hours__from="", quiet_hours__to="", privacy__practitioner="full")
    document = checked_document(browser)
    assert (document["quiet_hours"], document["privacy"]) == (None, None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_c3_all_forms_are_drawn_in_every_language(world: World, language: str) -> None:
    put_in_force(world)
    browser = Browser(world, language=language)
    new = [f"/{part}/-new" for part in LISTS]
    for path in ("", "/clinic", "/booking", "/texts", "/messages", *(f"/{part}" for part in LISTS), *new):
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


@pytest.mark.parametrize(
    ("path", "over", "said"),
    [
        ("/types/exam", {"length__number": "47"}, "Det skal passe til tidsrasteret: 45m or 50m."),
        ("/types/exam", {"length__number": "x"}, "Indtast et tal."),
        ("/types/exam", {"name": ""}, "Udfyld dette."),
        ("/types/exam", {"price": "much"}, "Indtast et beløb, for eksempel 995 eller 79,50."),
        ("/types/exam", {"min_age__on": "yes", "min_age": "151"}, "Indtast et helt tal fra 0 til 150."),
        ("/practitioners/anna", {"email": "anna"}, "Indtast en e-mailadresse, for eksempel info@clinic.example."),
        ("/clinic", {"look__accent": "#ffff00"}, "Den er for lys til at læse."),
        (
            "/booking",
            {"booking__tracking__visit": "http://x.example"},
            "Indtast en adresse, der begynder med https://.",
        ),
        ("/plans/1", {"to": "2025-01-01"}, "Sidste dag er før første dag."),
        ("/templates/normal", {"week__mon__0__to": "12:30"}, "Den overlapper en anden blok."),
        ("/messages", {"quiet_hours__from": "22", "quiet_hours__to": "22"}, "Begge klokkeslæt er ens."),
        ("/messages", {"messages__reminder__sms__sv": "{{ patient.name }}"}, "”patient.name” kan ikke udfyldes."),
        ("/messages", {"messages__booked__sms__sv": "{{ code }}"}, "”code” udfyldes aldrig i denne besked."),
        ("/messages", {"messages__booked__sms__sv": "Hej {{ link"}, "De dobbelte klammer i linje 1 hører ikke sammen."),
        ("/messages", {"messages__recall__sms__sv": "Kom!"}, "Uden linket eller koden kan ingen booke."),
    ],
)
def test_c3_a_mistake_is_told_in_the_readers_language_with_what_to_do(
    browser: Browser, path: str, over: dict[str, str], said: str
) -> None:
    browser.language = "da"
    page = typed(browser, path, **over)
    assert page.status_code == 422
    assert said in unescape(page.text)
