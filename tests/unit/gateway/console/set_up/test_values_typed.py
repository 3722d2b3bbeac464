"""Values as people type them into the set-up's forms, and what the document then holds (C3, S2, S4, S9, S12)."""

import re
from html import unescape

import pytest

from tests.builders.gateway.console import Browser
from tests.builders.gateway.sent_forms import sent_by
from tests.builders.gateway.set_up import keep, put_in_force
from tests.builders.gateway.set_up_forms import SET_UP, checked_document, send, typed
from tests.builders.gateway.world import World


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
