"""All that is held of one patient is put together of every service, page by page (PRODUCT A3)."""

from typing import Any

import pytest

from gateway.clients import held
from shared.contracts.errors import Unavailable
from shared.texts.language import LANGUAGES
from tests.builders.gateway.held import ASKED, answers_of_eva
from tests.builders.gateway.patients import EVA, RECORD
from tests.builders.gateway.world import World, refusing

EXPORT = f"/v1/staff/clinics/solna/patients/{EVA}/export"


def test_a3_every_service_is_asked_the_record_first_which_notes_it(world: World) -> None:
    answers_of_eva(world)
    told = world.get(EXPORT, token=world.log_in())
    assert told.status_code == 200
    found: dict[str, Any] = told.json
    assert (found["patient"]["note"], found["complete"]) == ("Afraid of needles.\nRings first.", True)
    assert found["patient"]["sms_ok_said"] == RECORD["sms_ok_said"]
    assert list(found["purpose"]) == list(LANGUAGES), "what consent is for (B18a), in each language"
    assert len(set(found["purpose"].values())) == len(LANGUAGES)
    assert [each["reference"] for each in found["bookings"]] == ["PAST000001", "COMING0001"]
    assert [len(found[name]) for name in ("needs", "recalls", "messages", "access_log")] == [1, 1, 1, 1]
    assert world.patient.calls[0].name == "export"
    assert {
        call.name for service in (world.patient, world.booking, world.notification) for call in service.calls
    } >= ASKED
    (written,) = (call for call in world.notification.calls if call.name == "export")
    assert written.fields == {"patient": EVA, "needs": [found["needs"][0]["id"]]}


def test_a3_what_an_erasure_would_reach_is_counted_in_what_is_handed_out(world: World) -> None:
    answers_of_eva(world)
    world.patient.answers["get"] = RECORD
    counted = world.get(f"/v1/staff/clinics/solna/patients/{EVA}/erasure/preview", token=world.log_in()).json
    assert counted == {
        "patient": EVA, "coming": ["COMING0001"], "bookings": 1, "needs": 1, "recalls": 1, "messages": 1,
        "messages_waiting": 0, "notes": 3, "openings": 1, "complete": True,
    }  # fmt: skip
    assert "export" not in [call.name for call in world.patient.calls], "nothing was handed out"


def test_a3_no_part_is_left_out_unsaid(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    answers_of_eva(world)
    world.notification.answers["export"] = refusing(Unavailable.because("Not now."))
    assert world.get(EXPORT, token=world.log_in()).status_code == 503
    answers_of_eva(world)
    monkeypatch.setattr(held, "MOST_PAGES", 1)
    assert world.get(EXPORT, token=world.log_in()).json["complete"] is False, "there was another page of bookings"
