"""After every refusal the page says what to do next (PRODUCT B1, B7), in every language."""

import pytest
from werkzeug.test import TestResponse

from gateway.http.wording import LOCALES
from gateway.public.refusals import HEADINGS
from shared.contracts.errors import REFUSALS
from shared.texts.language import LANGUAGES, format_length, translations
from tests.builders.gateway.clinics import (
    CHOSEN,
    DETAILS,
    START,
    buttons_of,
    fields_of,
    heading_of,
    main_of,
    open_clinic,
)
from tests.builders.gateway.world import World, refusing

BY_CODE = {refusal.code: refusal for refusal in REFUSALS.values()}
SLOT = {"start": START, "end": "2026-12-01T14:45:00+01:00", "practitioners": ["anna"]}
OF_TIME = ("slot_taken", "slot_held", "slot_not_offered")
CORRECTABLE = ("new_patients_refused", "under_age", "no_open_need")


def confirm(world: World, code: str, language: str) -> TestResponse:
    """Confirm a booking that is refused."""
    open_clinic(world, identity="se.personnummer")
    nearest = [SLOT] if code in OF_TIME else []
    world.booking.answers["book"] = refusing(BY_CODE[code], alternatives=nearest, retry_after=7)
    return world.post("/solna", data={**CHOSEN, **DETAILS, "lang": language, "go": "confirm", "key": "k1"})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [*OF_TIME, *CORRECTABLE, "need_expired", "function_off", "booking_off"])
def test_each_refusal_names_the_way_on_in_the_readers_language(world: World, code: str, language: str) -> None:
    answer = confirm(world, code, language)
    main = main_of(answer)
    english = HEADINGS[code]
    assert (heading_of(answer.text) == english) is (language == "en")
    if code in OF_TIME:
        assert buttons_of(main, "choose") == [START]
        assert "when" in buttons_of(main, "go"), "all times are one click away"
    else:
        assert 'href="tel:+4681234567"' in main
    if code in CORRECTABLE:
        assert "details" in buttons_of(main, "go")
        assert fields_of(main).items() >= DETAILS.items()


@pytest.mark.parametrize("code", [*CORRECTABLE, "need_expired"])
def test_something_else_can_be_booked_instead_by_one_click(world: World, code: str) -> None:
    assert 'href="/solna?lang=en"' in main_of(confirm(world, code, "en"))


@pytest.mark.parametrize("code", ["function_off", "booking_off"])
def test_what_is_off_does_not_lead_back_to_itself_b1(world: World, code: str) -> None:
    main = main_of(confirm(world, code, "en"))
    assert 'href="/solna' not in main
    assert "the link in your confirmation still opens it" in main


@pytest.mark.parametrize("code", ["unavailable", "timeout", "rate_limited"])
def test_what_passes_can_be_tried_again_with_all_that_was_typed(world: World, code: str) -> None:
    answer = confirm(world, code, "en")
    assert answer.headers["Retry-After"]
    assert fields_of(main_of(answer)).items() >= {**DETAILS, "go": "confirm", "key": "k1"}.items()
    assert 'href="tel:+4681234567"' in main_of(answer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_tried_too_often_is_told_for_how_many_minutes_to_wait(world: World, language: str) -> None:
    open_clinic(world)
    world.booking.answers["hold"] = refusing(BY_CODE["rate_limited"], retry_after=421)
    refused = world.post("/solna", data={**CHOSEN, "hold": "", "lang": language, "choose": START})

    assert refused.headers["Retry-After"] == "421"
    told = translations(LOCALES, language).gettext("Please try again in %(time)s.")
    assert told % {"time": format_length(8, language)} in main_of(refused)


@pytest.mark.parametrize("code", ["unavailable", "timeout"])
def test_a_calendar_that_passes_by_can_be_loaded_again(world: World, code: str) -> None:
    open_clinic(world)
    world.availability.answers["days"] = refusing(BY_CODE[code])
    answer = world.get("/solna?type=acute&month=2026-12-01&lang=en")
    assert answer.status_code == BY_CODE[code].status
    assert 'class="button" href="/solna?type=acute&amp;month=2026-12-01&amp;lang=en"' in main_of(answer)


def test_a_clinic_without_a_telephone_number_shows_no_empty_one(world: World) -> None:
    open_clinic(world, contact={"email": "info@solna.example"})
    world.booking.answers["book"] = refusing(BY_CODE["new_patients_refused"])
    answer = world.post("/solna", data={**CHOSEN, **DETAILS, "go": "confirm", "key": "k1"})
    assert "tel:" not in answer.text
