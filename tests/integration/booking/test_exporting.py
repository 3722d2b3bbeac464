"""All that booking holds of one person is handed out, with all that happened (PRODUCT A3)."""

from datetime import timedelta
from typing import Any

import pytest

from services.booking.handlers.bookings import exporting
from shared.contracts.errors import Forbidden, Invalid
from tests.builders.booking.world import CLINIC, MAJA, STAFF, START, a_contact, a_need
from tests.integration.booking.calls import BO, Calls, an_event
from tests.integration.booking.recalls.clinic import FIRST, RECORD


def booked_for_maja(calls: Calls, hours: int) -> dict[str, Any]:
    """Book so many hours after START, by the web, and let patient say that it is Maja's."""
    booked = calls.book(start=(START + timedelta(hours=hours)).isoformat(), message="Ring på")
    told = {"patient": MAJA, "booking": booked["reference"], "person": a_contact()}
    calls.hear(an_event("patient", "PatientCreated", **told))
    return booked


def test_a3_bookings_come_with_what_was_typed_noted_and_done(calls: Calls) -> None:
    booked = booked_for_maja(calls, 0)
    calls.note(booked["reference"], "Afraid of needles.")
    calls.cancel(booked["manage_token"], "Maja är sjuk")
    calls.book(start=(START + timedelta(hours=1)).isoformat())  # whose it is, is not known yet
    held = calls.by(STAFF).export(CLINIC, patient=MAJA)
    (found,) = held["bookings"]
    assert (found["reference"], found["message"], found["note"], found["comment"]) == (
        booked["reference"], "Ring på", "Afraid of needles.", "Maja är sjuk",
    )  # fmt: skip
    assert (found["sms_ok"], found["email_ok"]) == (True, True), "B18a: what was agreed to as it was booked"
    assert [entry["type"] for entry in found["history"]] == ["BookingCreated", "BookingNoted", "BookingCancelled"]
    assert found["history"][2]["changes"]["comment"] == [None, "Maja är sjuk"]
    assert (held["recalls"], held["next"]) == ([], None)


def test_a3_they_come_page_by_page(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    references = [booked_for_maja(calls, hours)["reference"] for hours in (0, 1)]
    first = calls.by(STAFF).export(CLINIC, patient=MAJA)
    last = calls.by(STAFF).export(CLINIC, patient=MAJA, cursor=first["next"])
    assert [page["bookings"][0]["reference"] for page in (first, last)] == references
    assert last["next"] is None


def test_a3_that_somebody_was_called_in_is_told_and_no_code_that_would_open_it(calls: Calls) -> None:
    calls.world.patients.records[MAJA] = dict(RECORD)
    calls.hear(a_need())
    calls.issue(need=FIRST, send=["email", "sms"])
    (recall,) = calls.by(STAFF).export(CLINIC, patient=MAJA)["recalls"]
    assert (recall["need"], recall["channels"], recall["issued"]) == (FIRST, ["sms", "email"], 1)
    assert "code" not in recall


def test_a3_therapists_are_refused_and_what_is_no_patient_is_said(calls: Calls) -> None:
    with pytest.raises(Forbidden):
        calls.by(BO).export(CLINIC, patient=MAJA)
    with pytest.raises(Invalid):
        calls.by(STAFF).export(CLINIC, patient="nobody")
