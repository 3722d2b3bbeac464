"""The booking page, step by step, without a script (PRODUCT B)."""

import re
from typing import Any

import pytest

from shared.contracts import errors
from tests.builders.gateway.clinics import (
    BOOKED,
    CHOSEN,
    DETAILS,
    HELD,
    START,
    buttons_of,
    fields_of,
    heading_of,
    open_clinic,
)
from tests.builders.gateway.visits import ENGLISH, booked_with, confirm, get, post
from tests.builders.gateway.world import World, refusing


def test_types_are_shown_by_alias_with_length_and_price_and_offline_ones_not_at_all_s12(world: World):
    open_clinic(world)
    html = get(world).text
    assert buttons_of(html, "type") == ["exam", "acute"]
    assert "Examination" in html
    assert "30\u00a0min / 45\u00a0min" in html
    assert "SEK\u00a0995" in html
    assert "US<" not in html


def test_practitioners_are_offered_in_order_with_any_first_and_without_those_offline_s13(world: World):
    open_clinic(world)
    assert buttons_of(get(world, type="exam").text, "practitioner") == ["any", "anna", "erik"]


def test_a_single_practitioner_is_not_asked_for(world: World):
    open_clinic(world)
    get(world, type="acute")
    assert world.availability.calls[0].fields["practitioner"] == "anna"


def test_any_practitioner_searches_without_one(world: World):
    open_clinic(world)
    get(world, type="exam", practitioner="any")
    assert "practitioner" not in world.availability.calls[0].fields


def test_days_tell_their_level_in_words_too_and_white_ones_cannot_be_chosen_s15(world: World):
    open_clinic(world)
    html = get(world, type="exam", practitioner="any", date="2026-12-24").text
    assert buttons_of(html, "date") == ["2026-12-01", "2026-12-02"]
    assert 'class="day many" name="date" value="2026-12-01" aria-label="Tuesday 1 December 2026: many available' in html
    assert 'class="day few" name="date" value="2026-12-02" aria-label="Wednesday 2 December 2026: few available' in html
    assert "Julafton" in html


def test_a_time_is_listed_once_whoever_takes_it(world: World):
    open_clinic(world)
    html = get(world, type="exam", practitioner="any", date="2026-12-01").text
    assert buttons_of(html, "choose") == [START, "2026-12-01T17:30:00+01:00"]
    assert "Afternoon" in html
    assert "Evening" in html


def test_a_day_with_very_many_times_is_shown_by_its_hours_the_first_one_open(world: World):
    open_clinic(world)
    slots = [
        {"start": f"2026-12-01T{hour:02}:{minute:02}:00+01:00", "end": START, "practitioners": ["anna"]}
        for hour in (9, 10, 11, 13)
        for minute in range(0, 60, 5)
    ]
    world.availability.answers["slots"] = {"slots": slots}
    html = get(world, type="exam", practitioner="any", date="2026-12-01").text
    assert re.findall(r"<details( open)?>\s*<summary>(.*?)</summary>", html.split('id="times"')[1]) == [
        (" open", "09:00–09:55"), ("", "10:00–10:55"), ("", "11:00–11:55"), ("", "13:00–13:55"),
    ]  # fmt: skip
    assert len(buttons_of(html, "choose")) == len(slots)


def test_holidays_are_shown_by_name_whether_they_close_the_day_or_not_s9(world: World):
    open_clinic(world)
    world.availability.answers["days"] = {
        "days": [
            {"date": "2026-12-24", "level": "many", "free": 9, "holiday": "Julafton"},
            {"date": "2026-12-25", "level": "none", "free": 0, "holiday": "Juldagen"},
            {"date": "2026-12-26", "level": "few", "free": 1, "holiday": None},
        ]
    }
    html = get(world, type="exam", practitioner="any", month="2026-12-01").text
    listed = html.split('<ul class="holidays">')[1].split("</ul>")[0]
    assert re.findall(r"(\d+)[^:<]*: (\w+)</li>", listed) == [("24", "Julafton"), ("25", "Juldagen")]
    assert 'aria-label="Thursday 24 December 2026: many available times, Julafton"' in html
    assert "no available times, Juldagen</span>" in html


def test_the_days_of_the_first_week_bear_their_holidays_names_and_those_without_times_follow_s9(world: World):
    open_clinic(world)
    world.availability.answers["days"] = {
        "days": [
            {"date": "2026-12-01", "level": "many", "free": 9, "holiday": "Annandag <jul>"},
            {"date": "2026-12-03", "level": "none", "free": 0, "holiday": "Juldagen"},
        ]
    }
    html = get(world, type="exam", practitioner="any").text
    day = html.split('<h3 id="day-2026-12-01">')[1].split("<ul")[0]
    assert '<p class="holiday">Annandag &lt;jul&gt;</p>' in day
    assert re.search(r'<ul class="holidays"><li>[^<]*3[^<]*: Juldagen</li></ul>', html)
    assert [call.name for call in world.availability.calls] == ["days", "slots"]


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "Christmas Day"), ("sv", "Juldagen"), ("nb", "Første juledag"), ("da", "Juledag"), ("fr", "Noël"),
        ("fa", "کریسمس"),
    ],
)  # fmt: skip
def test_a_holiday_is_shown_as_the_reader_calls_it_s9(world: World, language: str, name: str):
    open_clinic(world)
    names = {"en": "Christmas Day", "sv": "Juldagen"}
    christmas = {"date": "2026-12-25", "level": "none", "free": 0, "holiday": "Juldagen", "holidays": names}
    world.availability.answers["days"] = {"days": [christmas]}
    html = get(world, type="exam", practitioner="any", month="2026-12-25", lang=language).text
    assert f"{name}</li>" in html.split('<ul class="holidays">')[1]


def test_choosing_a_time_holds_it_and_leads_to_the_details_b12(world: World):
    open_clinic(world)
    answer = post(world, type="exam", practitioner="any", choose=START)
    assert answer.status_code == 303
    assert "hold=h2" in answer.location
    assert world.booking.calls[0].fields == {"type": "exam", "start": START, "practitioner": None}
    html = world.get(answer.location, headers=ENGLISH).text
    assert heading_of(html) == "Your details"
    assert "We are holding this time for you until 10:10." in html


def test_choosing_another_time_gives_the_first_one_back_once_the_new_one_is_held(world: World):
    open_clinic(world)
    post(world, **CHOSEN, choose=START)
    assert [(call.name, call.fields.get("replaces")) for call in world.booking.calls] == [("hold", "h1")]


def test_going_back_gives_the_time_back_and_keeps_what_was_typed_out_of_addresses(world: World):
    open_clinic(world)
    answer = post(world, **CHOSEN, **DETAILS, go="when")
    assert world.booking.calls[0].name == "release"
    assert answer.status_code == 200
    assert fields_of(answer.text).items() >= DETAILS.items()
    assert 'method="get"' not in answer.text.split("<main")[1]


def test_a_time_chosen_after_the_details_were_typed_leads_straight_to_the_review(world: World):
    open_clinic(world)
    html = post(world, type="exam", practitioner="any", choose=START, **DETAILS).text
    assert heading_of(html) == "Check your answers"


def test_a_hold_that_cannot_be_released_does_not_stop_the_patient(world: World):
    open_clinic(world)
    world.booking.answers["release"] = refusing(errors.Unavailable)
    assert post(world, **CHOSEN, go="when").status_code == 303


def test_the_blue_box_shows_info_price_and_address_beside_the_details_b2(world: World):
    open_clinic(world)
    html = get(world, **CHOSEN).text
    box = html.split('class="info-box"')[1].split("</aside>")[0]
    for shown in ("Bring your identity card.", "SEK\u00a0995", "Storgatan 1, Solna"):
        assert shown in box


def test_the_review_shows_everything_with_a_way_to_edit_each_part_b2(world: World):
    open_clinic(world)
    html = post(world, **CHOSEN, **DETAILS, go="review").text
    for shown in ("Examination", "Anna Berg", "Tuesday 1 December 2026 at 14:00", "Eva", "070-174 06 05"):
        assert shown in html
    assert {"type", "practitioner", "when", "details", "confirm"} == set(buttons_of(html, "go"))
    assert fields_of(html)["key"]


def test_confirming_books_once_with_the_key_of_the_page_b13(world: World):
    open_clinic(world)
    answer = confirm(world)
    assert answer.status_code == 200
    assert booked_with(world) == {
        "type": "exam",
        "practitioner": None,
        "start": START,
        "language": "en",
        "hold": "h1",
        "idempotency_key": "k1",
        "patient": {
            "national_id": "19850412-1230",
            "first_name": "Eva",
            "last_name": "Lind",
            "mobile": "070-174 06 05",
        },
    }


def test_the_confirmation_says_what_happens_next_and_gives_the_personal_link_m1(world: World):
    open_clinic(world, texts={"confirmation": "Come five minutes early."})
    html = confirm(world).text
    assert heading_of(html) == "Your appointment is booked"
    for shown in ("7K3M9QX2VT", "by text message to \u2066070-174 06 05\u2069", "Come five minutes early."):
        assert shown in html
    assert f'href="/m/{BOOKED["manage_token"]}"' in html
    assert "by email" not in html


def test_the_link_is_not_shown_where_nothing_can_be_changed_by_it_but_the_calendar_file_is_m1(world: World):
    open_clinic(world, booking={"rebook": False, "cancel": False})
    html, token = confirm(world).text, BOOKED["manage_token"]
    assert f'href="/m/{token}/calendar.ics"' in html
    assert html.count(token) == 1
    assert "personal link" not in html


def test_a_time_whose_hold_has_run_out_is_booked_all_the_same_if_it_is_free_b12(world: World):
    open_clinic(world)
    answers = iter([refusing(errors.HoldExpired), BOOKED])
    tried: list[dict[str, Any]] = []

    def book(clinic: str, **fields: Any) -> dict[str, Any]:
        tried.append(fields)
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    world.booking.book = book  # type: ignore[attr-defined]
    assert heading_of(confirm(world).text) == "Your appointment is booked"
    assert [(each.get("hold"), each["idempotency_key"]) for each in tried] == [("h1", "k1"), (None, "k1.late")]


@pytest.mark.parametrize("refusal", [errors.SlotTaken, errors.SlotHeld, errors.SlotNotOffered])
def test_a_taken_time_offers_the_nearest_ones_and_keeps_what_was_typed_b11(world: World, refusal):
    open_clinic(world)
    nearest = [{"start": "2026-12-01T14:45:00+01:00", "end": "2026-12-01T15:30:00+01:00", "practitioners": ["anna"]}]
    world.booking.answers["book"] = refusing(refusal, alternatives=nearest)
    answer = confirm(world)
    assert answer.status_code == 409
    assert buttons_of(answer.text, "choose") == ["2026-12-01T14:45:00+01:00"]
    kept = fields_of(answer.text)
    assert kept.items() >= DETAILS.items()
    assert "hold" not in kept


def test_a_time_that_is_taken_when_it_is_chosen_offers_the_nearest_ones(world: World):
    open_clinic(world)
    world.booking.answers["hold"] = refusing(errors.SlotHeld, alternatives=[])
    answer = post(world, type="exam", practitioner="any", choose=START)
    assert answer.status_code == 409
    assert "See all available times" in answer.text


@pytest.mark.parametrize("refusal", [errors.Unavailable, errors.Timeout, errors.RateLimited])
def test_a_service_that_is_away_loses_nothing_and_can_be_tried_again(world: World, refusal):
    open_clinic(world)
    world.booking.answers["book"] = refusing(refusal, retry_after=7)
    answer = confirm(world)
    assert answer.status_code == refusal.status
    assert "Try again" in answer.text
    again = fields_of(answer.text.split("<main")[1])
    assert again == {**CHOSEN, **DETAILS, "go": "confirm", "key": "k1"}
    assert answer.headers["Retry-After"] == "7"


@pytest.mark.parametrize(
    ("refusal", "back"),
    [
        (errors.UnderAge, True),
        (errors.NewPatientsRefused, True),
        (errors.FunctionOff, False),
        (errors.BookingOff, False),
        (errors.NoOpenNeed, True),
        (errors.NeedExpired, False),
    ],
)
def test_refused_patients_are_told_the_telephone_number_b7_b8(world: World, refusal, back):
    open_clinic(world)
    world.booking.answers["book"] = refusing(refusal, phone="+46 8 123 45 67")
    answer = confirm(world)
    assert answer.status_code == refusal.status
    assert 'href="tel:+4681234567"' in answer.text.split("<main")[1].split("</main>")[0]
    assert ("Back to your details" in answer.text) is back


@pytest.mark.parametrize("switch", ["active", "new"])
def test_what_is_switched_off_is_neither_shown_nor_asked_for_b1(world: World, switch):
    open_clinic(world, booking={switch: False})
    for answer in (get(world, type="exam"), confirm(world)):
        assert answer.status_code == 422
        assert "+46 8 123 45 67" in answer.text
        assert not buttons_of(answer.text, "type")
    assert not world.booking.calls + world.availability.calls


def test_custom_texts_stand_on_their_steps_b6(world: World):
    open_clinic(world, texts={step: f"<{step}>" for step in ("page", "choose", "details", "review", "confirmation")})
    first, details = get(world).text, get(world, **CHOSEN).text
    review, done = post(world, **CHOSEN, **DETAILS, go="review").text, confirm(world).text
    assert "&lt;page&gt;" in first
    assert "&lt;choose&gt;" in first
    assert "&lt;details&gt;" in details
    assert "&lt;review&gt;" in review
    assert "&lt;confirmation&gt;" in done


@pytest.mark.parametrize(
    "query",
    [
        {"type": "nothing"},
        {"type": "exam", "practitioner": "nobody"},
        {"type": "exam", "practitioner": "nils"},
        {"type": "exam", "practitioner": "any", "date": "yesterday", "month": "2026-13-01"},
        {"type": "exam", "practitioner": "any", "start": "then", "hold": "h"},
        {"type": "exam", "practitioner": "any", "start": "2026-12-01T14:00:00", "hold": "h"},
        {"lang": "xx", "embed": "1"},
    ],
)
def test_choices_that_are_not_to_be_had_lead_to_the_step_that_asks_for_them(world: World, query):
    open_clinic(world)
    assert get(world, **query).status_code == 200


@pytest.mark.parametrize("go", ["confirm", "review", "details", "when", "type", "nonsense", ""])
def test_a_step_that_comes_too_early_leads_to_the_first_open_question(world: World, go):
    open_clinic(world)
    assert post(world, go=go, key="k").status_code in (200, 303)
    assert not world.booking.calls


def test_holds_and_bookings_of_one_address_are_limited(world: World):
    open_clinic(world)
    for _ in range(world.settings.booking_rate_limit):
        post(world, type="exam", practitioner="any", choose=START)
    assert post(world, type="exam", practitioner="any", choose=START).status_code == 429


@pytest.mark.parametrize(
    ("origins", "ancestors"), [([], "frame-ancestors 'self' *"), (["https://a.example"], "'self' https://a.example")]
)
def test_the_booking_page_may_be_framed_by_the_sites_that_the_clinic_names_b16(world: World, origins, ancestors):
    open_clinic(world, booking={"embed_origins": origins})
    answer = get(world)
    assert answer.headers["Content-Security-Policy"].endswith(ancestors)
    assert "X-Frame-Options" not in answer.headers


def test_pages_are_in_the_language_asked_for_then_the_browsers_then_the_clinics(world: World):
    open_clinic(world)
    assert 'lang="sv"' in world.get("/solna", headers={"Accept-Language": "sv-SE"}).text
    assert 'lang="en"' in world.get("/solna", headers={"Accept-Language": "fr"}).text
    persian = world.get("/solna?lang=fa", headers={"Accept-Language": "sv"})
    assert '<html lang="fa" dir="rtl"' in persian.text
    assert persian.headers["Content-Language"] == "fa"


def test_pages_carry_no_script_or_style_of_their_own(world: World):
    open_clinic(world)
    for html in (get(world).text, get(world, **CHOSEN).text, confirm(world).text):
        assert " style=" not in html
        assert " onclick=" not in html
        assert html.count("<script") == 1
    assert HELD["hold"] not in get(world).text


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-12-01", "then"])
def test_moments_that_no_clock_can_show_lead_back_to_the_calendar(world: World, moment: str):
    open_clinic(world)
    response = get(world, type="exam", practitioner="anna", start=moment, hold="h", held_until=moment)
    assert response.status_code == 200
    assert heading_of(response.text) == "When would you like to come?"
