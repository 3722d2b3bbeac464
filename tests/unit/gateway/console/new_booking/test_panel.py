"""Staff make a booking: patient first or time first, and one button (PRODUCT C2, C6, C7)."""

from typing import Any

import pytest

from shared.contracts.errors import HoldExpired, SlotNotOffered, SlotTaken
from tests.builders.gateway.clinics import BOOKED, START, open_clinic
from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.patients import EVA, LISTED, NEED, RECORD, with_eva
from tests.builders.gateway.world import World, refusing

NEW = "/staff/solna/bookings/new"
AT = "2026-12-01T14%3A00%3A00%2B01%3A00"
FREE = {
    "slots": [
        {"start": START, "end": "2026-12-01T14:45:00+01:00", "practitioners": ["anna", "erik"], "outside_online": []},
        {
            "start": "2026-12-02T08:00:00+01:00",
            "end": "2026-12-02T08:45:00+01:00",
            "practitioners": ["erik"],
            "outside_online": ["erik"],
        },
    ]
}
CHOSEN = {"patient": EVA, "type": "exam", "practitioner": "anna", "start": START, "hold": "h1", "once": "k1"}


@pytest.fixture
def browser(clinic: World) -> Browser:
    """Return an administrator's browser at Eva's clinic, where there are free times."""
    clinic.availability.answers |= {"free_slots": FREE, "next_free": FREE}
    return with_eva(Browser(clinic))


def booked(browser: Browser) -> list[dict[str, Any]]:
    """Return what was asked for each time that something was to be booked."""
    return [call.fields for call in browser.world.booking.calls if call.name == "book"]


def test_c7_the_next_times_stand_there_before_anything_is_chosen(browser: Browser) -> None:
    page = browser.get(NEW, in_panel=True).text
    assert f'data-start="{START}"' in page
    assert "Tuesday 1 December 2026" in page
    assert page.count("not on the web") == 1
    assert "Book</button>" not in page


def test_c2_a_patient_s_note_needs_missed_visits_and_appointments_are_seen_at_once(browser: Browser) -> None:
    page = browser.get(f"{NEW}?patient={EVA}", in_panel=True).text
    for text in ("Afraid of needles.", "Missed appointments: 1", "COMING0001", "MISSED0001", f"need={NEED}"):
        assert text in page, text


def test_c2_a_patient_without_a_number_is_told_apart_by_the_whole_date_of_birth(browser: Browser) -> None:
    browser.world.patient.answers["get"] = {**RECORD, "identity": None}
    assert "12 April 1985" in browser.get(f"{NEW}?patient={EVA}", in_panel=True).text


def test_c2_the_type_is_what_the_patient_is_called_in_for_else_what_they_came_for(browser: Browser) -> None:
    page = browser.get(f"{NEW}?patient={EVA}", in_panel=True).text
    assert '<option value="acute" selected>' in page
    browser.world.patient.answers["needs"] = {"needs": [], "next": None}
    assert '<option value="exam" selected>' in browser.get(f"{NEW}?patient={EVA}", in_panel=True).text
    assert '<option value="acute" selected>' in browser.get(f"{NEW}?patient={EVA}&type=acute", in_panel=True).text


def test_c2_what_is_searched_in_the_middle_of_a_booking_leads_on_in_it(browser: Browser) -> None:
    typed = {"q": "lin", "start": START, "practitioner": "anna"}
    part = browser.post(f"{NEW}/patients", typed, headers={"HX-Request": "true", "HX-Target": "found"}).text
    assert f'href="/staff/solna/bookings/new?start={AT}&amp;practitioner=anna&amp;patient={EVA}"' in part
    assert 'name="then" value="book"' in part


@pytest.mark.parametrize("typed", [None, "", "lin", "zzz"])
def test_c2_a_new_patient_can_be_added_whatever_was_searched_and_stands_there_once(
    browser: Browser, typed: str | None
) -> None:
    found = {"patients": [LISTED], "next": None} if typed == "lin" else {"patients": [], "next": None}
    browser.world.patient.answers["find"] = found
    page = browser.get(NEW, in_panel=True) if typed is None else browser.post(f"{NEW}/patients", {"q": typed})
    assert page.text.count(">New patient</button>") == 1
    assert ">New patient</a>" not in page.text


def test_c2_a_chosen_time_and_patient_are_booked_by_one_button(browser: Browser) -> None:
    page = browser.get(f"{NEW}?patient={EVA}&type=exam&practitioner=anna&start={AT}", in_panel=True).text
    assert "Book</button>" in page
    assert 'hx-trigger="load"' in page
    browser.world.booking.answers["book"] = {**BOOKED, "unconfirmed": []}
    answer = browser.post(NEW, {**CHOSEN, "message": "By the back door", "tell": "none", "minutes": "60"})
    assert answer.location == "/staff/solna/bookings/7K3M9QX2VT?done=booked"
    (asked,) = booked(browser)
    assert {name: value for name, value in asked.items() if value} == {
        "type": "exam",
        "practitioner": "anna",
        "start": START,
        "minutes": 60,
        "patient": {"id": EVA},
        "message": "By the back door",
        "tell": "none",
        "hold": "h1",
        "idempotency_key": "k1",
    }


QUESTIONS = [
    {"key": "fear", "kind": "choice", "label": "Afraid?", "choices": ["No", "A little"], "required": True},
    {"key": "stairs", "kind": "yes_no", "label": "Can climb stairs?", "types": ["exam"]},
    {"key": "last", "kind": "date", "label": "Last seen"},
    {"key": "teeth", "kind": "number", "label": "Teeth"},
    {"key": "acute", "kind": "long_text", "label": "What hurts?", "types": ["acute"]},
]


def test_b5_the_clinic_s_own_questions_are_asked_and_none_has_to_be_answered(browser: Browser) -> None:
    open_clinic(browser.world, fields=QUESTIONS)
    browser.world.availability.answers |= {"free_slots": FREE, "next_free": FREE}
    page = browser.get(f"{NEW}?patient={EVA}&type=exam&practitioner=anna&start={AT}", in_panel=True).text
    for asked in ('name="answers.fear"', 'value="A little"', "Can climb stairs?", "Last seen", "Teeth"):
        assert asked in page, asked
    assert "What hurts?" not in page
    assert "Afraid?" not in browser.get(f"{NEW}?patient={EVA}&type=exam", in_panel=True).text
    browser.world.booking.answers["book"] = {**BOOKED, "unconfirmed": []}
    typed = {"answers.stairs": "no", "answers.last": "2025-06-02", "answers.teeth": "28", "answers.acute": "All"}
    assert browser.post(NEW, {**CHOSEN, **typed}).status_code == 303
    assert booked(browser)[-1]["answers"] == {"stairs": "no", "last": "2025-06-02", "teeth": "28"}


def test_b5_an_answer_that_cannot_be_is_said_at_its_question_and_what_was_typed_stays(browser: Browser) -> None:
    open_clinic(browser.world, fields=QUESTIONS)
    browser.world.availability.answers |= {"free_slots": FREE, "next_free": FREE}
    page = browser.post(NEW, {**CHOSEN, "answers.last": "the 40th", "answers.teeth": "many"})
    assert page.status_code == 422
    assert 'href="#answers-last"' in page.text
    assert 'value="many"' in page.text
    assert booked(browser) == []


def test_c2_where_nothing_could_be_sent_the_booking_s_page_is_told(browser: Browser) -> None:
    browser.world.booking.answers["book"] = {**BOOKED, "unconfirmed": ["email"]}
    answer = browser.post(NEW, {**CHOSEN, "confirm.mobile": "yes"})
    assert answer.location.endswith("done=booked_unconfirmed")
    assert booked(browser)[0]["confirm"] == ["mobile"]


def test_c7_a_hold_that_has_run_out_is_no_obstacle(browser: Browser) -> None:
    def book(_clinic: str, **fields: Any) -> dict[str, Any]:
        if fields.get("hold"):
            raise refusing(HoldExpired)
        return {**BOOKED, "unconfirmed": []}

    browser.world.booking.answers["book"] = book
    assert browser.post(NEW, CHOSEN).status_code == 303
    keys = [fields["idempotency_key"] for fields in booked(browser)]
    assert keys == ["k1", "k1.late"], "B13: pressed again, it is not booked again"


def test_c7_a_time_that_is_lost_is_said_with_others_and_nothing_typed_is_lost(browser: Browser) -> None:
    browser.world.booking.answers["book"] = refusing(SlotTaken, alternatives=FREE["slots"])
    page = browser.post(NEW, {**CHOSEN, "message": "By the back door"})
    assert page.status_code == 409
    assert "By the back door" in page.text
    assert "Afraid of needles." in page.text
    assert "start=2026-12-02T08%3A00%3A00%2B01%3A00" in page.text


def test_c6_outside_the_plan_is_booked_after_a_question(browser: Browser) -> None:
    browser.world.booking.answers["book"] = refusing(SlotNotOffered)
    page = browser.post(NEW, CHOSEN)
    assert 'name="outside_plan"' in page.text
    browser.world.booking.answers["book"] = {**BOOKED, "unconfirmed": []}
    assert browser.post(NEW, {**CHOSEN, "outside_plan": "yes"}).status_code == 303
    assert booked(browser)[-1]["outside_plan"] is True


def test_c1_a_therapist_books_in_their_own_calendar(clinic: World) -> None:
    clinic.availability.answers |= {"free_slots": FREE, "next_free": FREE}
    browser = with_eva(Browser(clinic, THERAPIST))
    page = browser.get(NEW, in_panel=True).text
    assert "with-anna" not in page
    assert clinic.availability.calls[-1].fields["practitioners"] == ["erik"]
    clinic.booking.answers["book"] = {**BOOKED, "unconfirmed": []}
    browser.post(NEW, CHOSEN)
    assert booked(browser)[-1]["practitioner"] == "erik"


def test_what_changes_with_the_wish_is_answered_without_opening_the_record_again(browser: Browser) -> None:
    part = browser.get(
        f"{NEW}?patient={EVA}&type=acute&minutes=60", headers={"HX-Request": "true", "HX-Target": "wish"}
    )
    assert browser.world.patient.calls == []
    assert browser.world.availability.calls[-1].fields["minutes"] == 60
    assert "<html" not in part.text
    assert "Afraid of needles." not in part.text


@pytest.mark.parametrize(
    "query",
    ["start=soon", "minutes=-5", "minutes=%C2%B2", "type=none", "patient=x", "day=never", "need=1", "part=night"],
)
def test_what_no_booking_can_be_is_left_out(browser: Browser, query: str) -> None:
    assert browser.get(f"{NEW}?{query}").status_code == 200
