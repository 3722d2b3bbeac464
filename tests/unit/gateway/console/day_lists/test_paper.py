"""The day list as a file, from the console (C11, C15)."""

from typing import Any

import pytest

from shared.contracts.errors import Unavailable
from tests.builders.gateway.bookings import a_booking
from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.paper import pages_of, words_on
from tests.builders.gateway.world import World, refusing

LIST = "/staff/solna/day-list.pdf"
TABLE = "/staff/solna/day-list.csv"


@pytest.fixture
def browser(clinic: World) -> Browser:
    """Return a browser at a clinic with a booking."""
    clinic.booking.answers["find"] = {"bookings": [a_booking()], "next": None}
    return Browser(clinic)


def test_the_day_that_is_asked_for_comes_as_a_file(browser: Browser) -> None:
    answer = browser.get(f"{LIST}?date=2026-12-01")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'filename="solna-2026-12-01.pdf"' in answer.headers["Content-Disposition"]
    assert "Maja Ek" in words_on(pages_of(answer.data)[0])
    call = browser.world.booking.calls[-1]
    assert (call.name, call.fields["from"], call.fields["to"]) == ("find", "2026-12-01", "2026-12-01")


def test_all_of_a_long_day_is_asked_for(browser: Browser) -> None:
    pages: dict[Any, Any] = {
        None: {"bookings": [a_booking()], "next": "c"},
        "c": {"bookings": [a_booking(patient={"first_name": "Last", "last_name": "One"})], "next": None},
    }
    browser.world.booking.answers["find"] = lambda clinic, cursor=None, **_query: pages[cursor]
    assert "Last One" in words_on(pages_of(browser.get(LIST).data)[0])


def test_c15_where_nobody_can_be_asked_it_is_the_list_as_it_was_last_known(browser: Browser) -> None:
    browser.get(f"{LIST}?date=2026-12-01")
    browser.world.booking.answers["find"] = refusing(Unavailable)
    kept = browser.get(f"{LIST}?date=2026-12-01")
    assert kept.status_code == 200
    assert "Maja Ek" in words_on(pages_of(kept.data)[0])
    assert "10:00" in words_on(pages_of(kept.data)[0]), "when it was known, by the clinic's clock"
    assert browser.get(f"{LIST}?date=2026-12-02").status_code == 503
    assert Browser(browser.world, THERAPIST).get(f"{LIST}?date=2026-12-01").status_code == 503, "C1: not theirs"


def test_a_day_that_is_none_is_told(browser: Browser) -> None:
    assert browser.get(f"{LIST}?date=2026-13-01").status_code == 422


def test_c16_the_same_day_comes_as_a_table_that_excel_opens(browser: Browser) -> None:
    answer = browser.get(f"{TABLE}?date=2026-12-01")
    assert (answer.status_code, answer.content_type) == (200, "text/csv; charset=utf-8")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "filename=solna-2026-12-01.csv" in answer.headers["Content-Disposition"]
    assert answer.data.startswith("\ufeff".encode())
    assert "Maja Ek" in answer.text


def test_c16_of_one_practitioner_who_is_named_and_as_last_known(browser: Browser) -> None:
    browser.get(f"{TABLE}?date=2026-12-01&practitioner=anna")
    assert browser.world.booking.calls[-1].fields["practitioner"] == "anna"
    browser.world.booking.answers["find"] = refusing(Unavailable)
    assert "Maja Ek" in browser.get(f"{TABLE}?date=2026-12-01&practitioner=anna").text
    assert browser.get(f"{TABLE}?date=2026-12-01").status_code == 503, "of all nothing is known"
