"""An administrator erases a patient: what goes is said first, then how far everybody is (PRODUCT A3, ADR 53)."""

from typing import Any

import pytest

from shared.contracts.errors import Invalid, NotFound
from tests.builders.gateway.bookings import a_booking
from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.held import a_held_booking, answers_of_eva
from tests.builders.gateway.patients import EVA, with_eva
from tests.builders.gateway.world import World

RECORD = f"/staff/solna/patients/{EVA}"
ERASE, ERASURE = f"{RECORD}/erase", f"{RECORD}/erasure"
NAME = "Enter the patient’s name as it stands in the record, to confirm."
AT = "2026-11-29T10:00:00+01:00"


def state(**at: str | None) -> dict[str, Any]:
    """Return how far an erasure is, as patient tells it."""
    nothing = dict.fromkeys(("bookings_at", "messages_at", "everywhere_at"))
    return {"patient": EVA, "erased_at": AT, **nothing, **at}


@pytest.fixture
def browser(clinic: World) -> Browser:
    """Return an administrator's browser, at a clinic where Eva has been once and nothing is to come."""
    found = with_eva(Browser(clinic))
    answers_of_eva(clinic)
    past = a_held_booking("PAST000001", "2026-01-12T09:00:00+01:00", "done")
    clinic.booking.answers["export"] = {"bookings": [past], "recalls": [], "next": None}
    return found


def test_a3_what_goes_and_what_stays_is_counted_and_nothing_is_handed_out(browser: Browser) -> None:
    assert f'href="{ERASE}"' in browser.get(RECORD).text
    page = browser.get(ERASE).text
    for said in ("Eva Lind", "What goes for good", "What stays, as nobody’s", "Nobody can undo this.", "/held"):
        assert said in page
    notes, needs, messages = page.index("Notes that staff wrote"), page.index("called in for"), page.index("What mess")
    assert ["<strong>2</strong>" in page[notes : notes + 90], notes < needs < messages] == [True, True]
    assert "Recalls, with" not in page, "there are none"
    assert not [call for call in browser.world.patient.calls if call.name in {"export", "erase"}]


def test_a3_who_is_still_to_come_is_not_erased_and_it_is_said_what_to_do(browser: Browser) -> None:
    coming = a_held_booking("COMING0001", "2026-12-12T09:00:00+01:00")
    browser.world.booking.answers["export"] = {"bookings": [coming], "recalls": [], "next": None}
    page = browser.get(ERASE).text
    assert "Cancel it first" in page
    assert 'href="/staff/solna/bookings/COMING0001"' in page
    assert 'name="confirm"' not in page


def test_a3_it_is_confirmed_by_the_name_and_leads_to_how_far_it_is(browser: Browser) -> None:
    browser.world.patient.answers["erase"] = Invalid.because(NAME, errors={"confirm": [NAME]})
    page = browser.post(ERASE, {"confirm": "Eva"})
    assert (page.status_code, NAME in page.text, 'value="Eva"' in page.text) == (422, True, True)
    browser.world.patient.answers |= {"erase": state(), "erasure": state()}
    answer = browser.post(ERASE, {"confirm": "Eva Lind"})
    assert browser.world.patient.calls[-1].fields == {"confirm": "Eva Lind"}
    assert (answer.status_code, answer.location) == (303, ERASURE)
    assert browser.follow(answer).text.count("Not erased yet") == 2


def test_a3_the_page_asks_on_until_it_is_done_and_is_told_only_what_is_new(browser: Browser) -> None:
    part = {"HX-Request": "true", "HX-Target": "erasure"}
    browser.world.patient.answers["erasure"] = state(bookings_at=AT)
    page = browser.get(ERASURE).text
    assert f'hx-get="{ERASURE}?seen=2"' in page
    assert browser.get(f"{ERASURE}?seen=2", headers=dict(part)).status_code == 204
    browser.world.patient.answers["erasure"] = state(bookings_at=AT, messages_at=AT, everywhere_at=AT)
    page = browser.get(f"{ERASURE}?seen=2", headers=dict(part)).text
    assert "Erased everywhere since" in page
    assert "hx-get" not in page[page.index('id="erasure"') : page.index("</section>")]
    browser.world.patient.answers["erasure"] = NotFound.because("The clinic has erased no such patient.")
    assert browser.get(ERASURE).status_code == 404


def test_a3_a_record_that_was_erased_leads_to_how_far_that_is_and_one_that_never_was_to_nothing(
    browser: Browser,
) -> None:
    gone = NotFound.because("The clinic has no such patient.")
    browser.world.patient.answers |= {"get": gone, "erasure": state()}
    assert browser.get(RECORD).location == ERASURE
    browser.world.patient.answers["erasure"] = NotFound.because("The clinic has erased no such patient.")
    assert browser.get(RECORD).status_code == 404


def test_a3_it_is_for_administrators_alone(clinic: World) -> None:
    therapist = with_eva(Browser(clinic, THERAPIST))
    assert ERASE not in therapist.get(RECORD).text
    assert [therapist.get(path).status_code for path in (ERASE, ERASURE)] == [403, 403]
    assert therapist.post(ERASE, {"confirm": "Eva Lind"}).status_code == 403
    assert not [call for call in clinic.patient.calls if call.name in {"erase", "erasure"}]


def test_a3_a_booking_of_an_erased_patient_says_so_and_leads_nowhere(browser: Browser) -> None:
    nobody = dict.fromkeys(("first_name", "last_name", "mobile", "email"))
    told = {"contact_differs": [], "comment": None, "arrived_at": None, "note": None, "not_told": False}
    gone = a_booking(**{**told, "undo_until": None, "origin": "staff", "patient": {"id": EVA, **nobody}})
    browser.world.booking.answers |= {"get": {**gone, "status": "cancelled"}, "history": {"history": [], "next": None}}
    page = browser.get("/staff/solna/bookings/7K3M9QX2VT").text
    assert "The patient was erased." in page
    assert EVA not in page
