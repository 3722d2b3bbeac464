"""Who has opened whose record, read by administrators in the console (PRODUCT A3, C1)."""

from typing import Any

import pytest

from tests.builders.gateway.console import INSTALLER, THERAPIST, Browser
from tests.builders.gateway.patients import EVA, with_eva
from tests.builders.gateway.world import World

LOG = "/staff/solna/access-log"
TODAY = "2026-11-23"
ERIK = {
    "id": "e1", "email": "erik@solna.example", "role": "therapist", "practitioner": "erik", "state": "active",
    "two_step": True, "changeable": True, "version": 3,
}  # fmt: skip


def opened(at: str = "09:30:00", **changes: Any) -> dict[str, Any]:
    """Return an entry of today's."""
    return {
        "at": f"{TODAY}T{at}+01:00",
        "actor": {"kind": "staff", "id": ERIK["email"]},
        "patient": EVA,
        "what": "read",
        "booking": None,
        **changes,
    }


@pytest.fixture
def browser(clinic: World) -> Browser:
    """Return an administrator's browser, at a clinic where Erik has opened Eva's record."""
    clinic.staff.answers["accounts"] = {"accounts": [ERIK], "next": None}
    clinic.patient.answers["access_log"] = {"access_log": [opened()], "next": None}
    return with_eva(Browser(clinic))


def asked(browser: Browser) -> dict[str, Any]:
    """Return how the log was asked for last."""
    return [call.fields for call in browser.world.patient.calls if call.name == "access_log"][-1]


def test_a3_a_day_s_openings_say_when_who_whose_and_what(browser: Browser) -> None:
    page = browser.get(LOG)
    assert page.status_code == 200
    for shown in ("09:30", "erik@solna.example", "Eva Lind", "Record opened", "Monday 23 November 2026"):
        assert shown in page.text
    assert asked(browser) == {"from": TODAY, "to": TODAY, "limit": 100}
    assert "get" not in [call.name for call in browser.world.patient.calls], "reading the log opens nobody"


def test_a3_a_day_and_an_account_are_chosen_and_no_address_names_anybody(browser: Browser) -> None:
    answer = browser.post(LOG, {"date": "2026-11-20", "who": "e1"})
    assert answer.location == f"{LOG}?date=2026-11-20&who=e1"
    page = browser.follow(answer).text
    assert asked(browser) == {"from": "2026-11-20", "to": "2026-11-20", "actor": "erik@solna.example", "limit": 100}
    assert f'href="{LOG}?date=2026-11-19&amp;who=e1"' in page
    assert f'href="{LOG}?date=2026-11-21&amp;who=e1"' in page


@pytest.mark.parametrize("date", ["2026-11-24", "9999-12-31", "soon", ""])
def test_no_day_to_come_is_looked_at(browser: Browser, date: str) -> None:
    page = browser.get(f"{LOG}?date={date}")
    assert asked(browser)["from"] == TODAY
    assert "Next day" not in page.text


def test_a_persian_reader_chooses_by_their_calendar(clinic: World) -> None:
    clinic.staff.answers["accounts"] = {"accounts": [], "next": None}
    browser = Browser(clinic, language="fa")
    typed = {"date.year": "1405", "date.month": "8", "date.day": "29"}
    assert browser.post(LOG, typed).location == f"{LOG}?date=2026-11-20"


def test_a3_of_one_patient_all_days_are_shown(browser: Browser) -> None:
    page = browser.get(f"{LOG}?patient={EVA}").text
    assert asked(browser) == {"patient": EVA, "limit": 100}
    assert "Eva Lind" in page
    assert f'href="/staff/solna/patients/{EVA}"' in page


def test_what_repeats_on_end_is_one_row_and_the_rest_stands_in_order(browser: Browser) -> None:
    booking = {"what": "booking", "booking": "7K3M9QX2VT"}
    rows = [opened("09:32:00", **booking), opened("09:31:00", **booking), opened(), opened("09:29:00", **booking)]
    browser.world.patient.answers["access_log"] = {"access_log": rows, "next": "7"}
    page = browser.get(LOG).text
    assert page.count("<tr>") == 4, "the head, and three"
    assert "(2 times)" in page
    assert "09:31" not in page
    assert f'href="{LOG}?date={TODAY}&amp;cursor=7"' in page


def test_tools_and_who_is_no_more_and_what_has_no_record_yet_are_said(browser: Browser) -> None:
    rows = [
        opened(actor={"kind": "tool", "id": "till"}, patient="f" * 32),
        opened(patient=None, what="booking", booking="7K3M9QX2VT"),
    ]
    browser.world.patient.answers["access_log"] = {"access_log": rows, "next": None}
    page = browser.get(LOG).text
    for shown in ("Program:", "till", "A record that is no more", "Booking opened", "7K3M9QX2VT"):
        assert shown in page


def test_c1_it_is_for_administrators_and_shown_to_nobody_else(browser: Browser) -> None:
    record = f"/staff/solna/patients/{EVA}"
    assert f'href="{LOG}?patient={EVA}"' in browser.get(record).text
    assert Browser(browser.world, INSTALLER).get(LOG).status_code == 200
    therapist = Browser(browser.world, THERAPIST)
    assert therapist.get(LOG).status_code == 403
    assert therapist.post(LOG, {"date": TODAY}).status_code == 403
    assert "access-log" not in therapist.get(record).text


def test_c14_whose_record_was_taken_over_is_said(browser: Browser) -> None:
    browser.world.patient.answers["access_log"] = {"access_log": [opened(what="imported")], "next": None}
    assert "Record taken over" in browser.get(LOG).text
