"""A patient's record with all that belongs to them (PRODUCT C8, C9)."""

import re
from typing import Any

import pytest

from services.notification.model.delivery import REASONS, UNDELIVERED
from shared.contracts.errors import Forbidden, Invalid, Refusal, Timeout, Unavailable
from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.patients import BOOKINGS, EVA, LISTED, NEED, RECORD, a_booking, with_eva
from tests.builders.gateway.world import World, refusing

PATIENT = f"/staff/solna/patients/{EVA}"


@pytest.fixture
def browser(clinic: World) -> Browser:
    """Return an administrator's browser at Eva's clinic."""
    return with_eva(Browser(clinic))


def test_c8_a_record_shows_contacts_note_appointments_and_needs(browser: Browser) -> None:
    page = browser.get(PATIENT).text
    for text in (
        "Eva Lind",
        "070-174 06 05",
        "19850412-1230",
        "12 April 1985",
        "Afraid of needles.",
        "US (Examination)",
        "Anna Berg",
    ):
        assert text in page
    assert 'href="tel:+46701740605"' in page
    assert page.index("COMING0001") < page.index("MISSED0001") < page.index("PAST000001")
    assert "Missed appointments: 1" in page
    assert f"need={NEED}&amp;type=acute&amp;minutes=45&amp;with.anna=yes" in page


def test_c8_a_record_shows_what_was_written_to_the_patient(browser: Browser) -> None:
    message = {
        "id": "a" * 32, "clinic": "solna", "channel": "sms", "event": "reminder", "audience": "patient",
        "to": RECORD["mobile"], "state": "failed", "subject": None, "text": "Hello", "booking": "COMING0001",
        "at": "2026-11-23T10:00:00+01:00", "reason": {"code": UNDELIVERED, "text": REASONS[UNDELIVERED]},
    }  # fmt: skip
    browser.world.notification.answers["messages"] = {"messages": [message], "next": "b" * 32}
    page = browser.get(PATIENT).text
    (call,) = [each for each in browser.world.notification.calls if each.name == "messages"]
    assert (call.args, call.fields["patient"]) == (("solna",), EVA)
    row = page.split(f'href="/staff/solna/messages/{"a" * 32}"')[1].split("</li>")[0]
    for said in ("Reminder", "SMS", "failed", REASONS[UNDELIVERED]):
        assert said in row
    assert f'href="/staff/solna/messages?patient={EVA}"' in page


@pytest.mark.parametrize("refused", [Unavailable, Timeout, Invalid])
def test_c8_where_messages_cannot_be_asked_for_the_rest_is_shown(browser: Browser, refused: type[Refusal]) -> None:
    browser.world.notification.answers["messages"] = refused.because("Not now.")
    page = browser.get(PATIENT)
    assert page.status_code == 200
    assert "Messages cannot be shown just now." in page.text
    assert "COMING0001" in page.text


def test_a3_consent_says_since_when_and_by_whom_where_that_is_noted(browser: Browser) -> None:
    def shown(**words: Any) -> list[str]:
        browser.world.patient.answers["get"] = {**RECORD, **words}
        facts = browser.get(PATIENT).text.split("<dt>Messages</dt>")[1].split("</ul>")[0]
        return [" ".join(re.sub("<[^>]*>", "", each).split()) for each in facts.split("<li>")[1:]]

    def word(kind: str, id: str | None = None) -> dict[str, Any]:
        return {"at": "2026-11-29T11:29:00+00:00", "actor": {"kind": kind, "id": id}}

    assert shown() == [
        "Text messages are fine · Friday 20 November 2026 at 10:00, ann@solna.example",
        "Emails are fine",
    ]
    assert shown(sms_ok_said=word("patient"), email_ok_said=word("import", "ann@solna.example")) == [
        "Text messages are fine · Sunday 29 November 2026 at 12:29, by booking on the web",
        "Emails are fine · Sunday 29 November 2026 at 12:29, from the former system, ann@solna.example",
    ]
    refused = shown(sms_ok=False, sms_ok_said=word("tool", "crm"))
    assert refused[0] == "No text messages · Sunday 29 November 2026 at 12:29, by a program, crm"
    of_before = {name: value for name, value in RECORD.items() if not name.endswith("_said")}
    browser.world.patient.answers["get"] = of_before
    assert "Text messages are fine" in browser.get(PATIENT).text, (
        "a patient service of version 0.1.0 tells nothing of it"
    )


def test_c8_a_date_of_birth_has_its_year(browser: Browser) -> None:
    assert "12 April 1985" in browser.get(PATIENT).text


def test_c8_what_nobody_has_confirmed_says_so(browser: Browser) -> None:
    assert browser.get(PATIENT).text.count("not confirmed") == 1
    browser.world.patient.answers["get"] = {**RECORD, "email_confirmed": True}
    assert "not confirmed" not in browser.get(PATIENT).text


def test_c8_titles_and_addresses_name_nobody(browser: Browser) -> None:
    page = browser.get(PATIENT).text
    title = page.split("<title>")[1].split("</title>")[0]
    assert "Lind" not in title
    assert "Eva" not in title


def test_c9_text_of_patients_and_staff_is_shown_as_text(browser: Browser) -> None:
    browser.world.patient.answers["get"] = {**RECORD, "note": "<script>alert(1)</script>", "last_name": "<i>Lind"}
    page = browser.get(PATIENT).text
    assert "<script>alert(1)" not in page
    assert "<i>Lind" not in page


def test_c1_what_is_refused_to_a_therapist_is_refused_by_the_service(clinic: World) -> None:
    browser = with_eva(Browser(clinic, THERAPIST))
    clinic.patient.answers["get"] = refusing(Forbidden)
    page = browser.get(PATIENT)
    assert page.status_code == 403
    assert "Afraid" not in page.text


def test_c8_many_past_appointments_are_cut_short_and_all_of_them_shown_on_demand(browser: Browser) -> None:
    many = [a_booking(f"PAST{day:06d}", f"2026-03-{day:02d}T09:00:00+01:00", "done") for day in range(1, 20)]
    browser.world.booking.answers["find"] = {"bookings": many, "next": None}
    assert browser.get(PATIENT).text.count("/bookings/PAST") == 8
    assert browser.get(f"{PATIENT}?all=yes").text.count("/bookings/PAST") == 19


def test_c8_the_sheet_for_the_patient_names_types_as_patients_know_them(browser: Browser) -> None:
    page = browser.get(f"{PATIENT}/appointments").text
    sheet = page.split('class="sheet"')[1].split("</article>")[0]
    assert "Examination" in sheet
    assert "US" not in sheet
    assert "Afraid" not in sheet
    assert sheet.count("<tr>") == 2
    assert browser.get(f"{PATIENT}/appointments?all=yes").text.count("<tr>") == 2 + len(BOOKINGS)


def test_b3_a_patient_whose_name_was_never_asked_for_is_called_something_everywhere(browser: Browser) -> None:
    nameless = {"first_name": "", "last_name": None}
    browser.world.patient.answers["get"] = {**RECORD, **nameless}
    browser.world.patient.answers["find"] = {"patients": [{**LISTED, **nameless}], "next": None}
    browser.world.availability.answers["next_free"] = {"slots": []}
    assert "<h1><bdi>No name given</bdi></h1>" in browser.get(PATIENT).text
    for address in (f"{PATIENT}/appointments", f"/staff/solna/bookings/new?patient={EVA}"):
        assert "<bdi>No name given</bdi>" in browser.get(address).text
    part = {"HX-Request": "true", "HX-Target": "found"}
    assert "<bdi>No name given</bdi>" in browser.post("/staff/solna/patients", {"q": "0701740605"}, headers=part).text
