"""A day's bookings on paper (PRODUCT C11, C15)."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gateway.pdf.day_lists import lines_of, printed_day
from services.availability.document import check
from shared.texts.language import LANGUAGES
from tests.builders.gateway.bookings import a_booking
from tests.builders.gateway.clinics import DOCUMENT
from tests.builders.gateway.paper import pages_of, words_on

DAY = date(2026, 12, 1)
AS_OF = datetime(2026, 11, 30, 18, 5, tzinfo=ZoneInfo("Europe/Stockholm"))


def document() -> dict[str, Any]:
    """Return a clinic's document in normal form."""
    checked = check({**DOCUMENT, "resources": [{"key": "room-1", "name": "Room 1"}]})
    assert not checked.problems, checked.problems
    made: dict[str, Any] = checked.document
    return made


def pages(*bookings: dict[str, Any], language: str = "en") -> list[str]:
    """Return what stands on each page."""
    lines = lines_of(bookings, document(), language)
    return [words_on(page) for page in pages_of(printed_day(lines, document(), DAY, language, AS_OF))]


def at(hour: int, minute: int = 0, **changes: Any) -> dict[str, Any]:
    """Return a booking of half an hour."""
    start, end = (f"2026-12-01T{hour:02}:{minute + add:02}:00+01:00" for add in (0, 30))
    return a_booking(start=start, end=end, **changes)


def test_c11_each_practitioner_has_a_page_of_their_own_in_order_of_time() -> None:
    erik, late, early = at(9, practitioner="erik"), at(15), at(8, message="Please ring the bell.")
    found = pages(erik, late, early)
    assert len(found) == 2
    assert "Anna Berg" in found[0]
    assert "Tuesday 1 December 2026" in found[0]
    assert found[0].index("08:00–08:30") < found[0].index("15:00–15:30")
    assert "Please ring the bell." in found[0]
    assert "Erik Lund" in found[1]


def test_c15_who_has_to_be_called_is_there_with_their_telephone_and_when_it_was_known() -> None:
    (page,) = pages(at(8, resources=["room-1"]))
    assert all(text in page for text in ("Maja Ek", "+46701740605", "US", "Room 1", "18:05"))


def test_what_was_cancelled_is_left_out_and_an_empty_day_says_so() -> None:
    (page,) = pages(at(8, status="cancelled"))
    assert "Maja" not in page
    assert "Nothing is booked on this day." in page


def test_a_full_day_goes_on_with_the_same_head() -> None:
    day = [at(8 + number // 10, number % 10, message="word " * 60) for number in range(60)]
    found = pages(*day)
    assert len(found) > 2
    assert all("Anna Berg" in page for page in found)
    assert sum(page.count("Maja Ek") for page in found) == 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_written_in_each_language_and_holds_what_people_wrote(language: str) -> None:
    hostile = {"first_name": "<b>Ev" + "a" * 80, "last_name": "نوری", "mobile": None}
    (page,) = pages(at(8, patient=hostile, message="\u202edesrever"), language=language)
    assert "<b>Ev" in page
