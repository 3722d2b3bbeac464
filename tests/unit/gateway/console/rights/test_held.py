"""What the clinic holds of a patient, as a sheet that is handed to them and as a file (PRODUCT A3)."""

import json

from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.held import a_held_booking, answers_of_eva
from tests.builders.gateway.patients import EVA, with_eva
from tests.builders.gateway.world import World

RECORD = f"/staff/solna/patients/{EVA}"
HELD = f"{RECORD}/held"


def test_a3_the_sheet_says_everything_notes_messages_and_who_looked(clinic: World) -> None:
    browser = with_eva(Browser(clinic))
    answers_of_eva(clinic)
    page = browser.get(HELD).text
    for said in (
        "What we hold about you", "19850412-1230", "Afraid of needles.", "Came late.", "Ring the bell.", "192.0.2.7",
        "Welcome on Monday.", "All data handed out", "ann@solna.example", "We hold it to make your appointments",
    ):  # fmt: skip
        assert said in page
    assert "Some lists are too long" not in page
    assert page.count("No emails") == 2, "what was said with each of her two bookings"


def test_a3_consent_stands_there_with_its_purpose_and_whose_word_it_is(clinic: World) -> None:
    browser = with_eva(Browser(clinic))
    answers_of_eva(clinic)
    page = browser.get(HELD).text
    facts = page.split("<dt>Messages</dt>")[1].split("</dd>")[0]
    assert "20 November 2026" in facts
    assert "ann@solna.example" in facts
    assert "only about your appointments with us" in facts
    assert "bara om dina tider hos oss" in browser.get(f"{HELD}?lang=sv").text


def test_a3_the_sheet_is_in_the_patient_s_language_or_in_another_that_is_chosen(clinic: World) -> None:
    browser = with_eva(Browser(clinic))
    answers_of_eva(clinic)
    held = {**a_held_booking("COMING0001", "2026-12-12T09:00:00+01:00"), "language": "fa"}
    clinic.booking.answers["export"] = {"bookings": [held], "recalls": [], "next": None}
    assert '<html lang="fa" dir="rtl">' in browser.get(HELD).text
    assert '<html lang="nb" dir="ltr">' in browser.get(f"{HELD}?lang=nb").text
    assert f"{HELD}?lang=sv" in browser.get(HELD).text
    clinic.booking.answers["export"] = {"bookings": [{**held, "language": "xx"}], "recalls": [], "next": None}
    assert '<html lang="en" dir="ltr">' in browser.get(HELD).text, "the reader's, where we do not speak the patient's"


def test_a3_the_file_is_what_the_api_answers(clinic: World) -> None:
    browser = with_eva(Browser(clinic))
    answers_of_eva(clinic)
    file = browser.get(f"{HELD}.json")
    assert file.headers["Content-Disposition"] == f"attachment; filename=solna-{EVA[:8]}.json"
    assert json.loads(file.text)["bookings"][1]["reference"] == "COMING0001"


def test_a3_it_is_for_administrators_alone(clinic: World) -> None:
    assert HELD in with_eva(Browser(clinic)).get(RECORD).text
    therapist = with_eva(Browser(clinic, THERAPIST))
    answers_of_eva(clinic)
    assert HELD not in therapist.get(RECORD).text
    assert [therapist.get(path).status_code for path in (HELD, f"{HELD}.json")] == [403, 403]
    assert not [call for call in clinic.patient.calls if call.name == "export"]
