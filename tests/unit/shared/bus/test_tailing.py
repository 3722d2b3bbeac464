"""What somebody who listens to events is shown of them (PRODUCT C5, ADR 55)."""

from datetime import UTC, datetime
from typing import Any

from shared.bus.tailing import SEALED, shown
from shared.contracts import availability, booking, notification, patient, staff
from shared.contracts.envelope import new_event

CONTRACTS = (availability, booking, notification, patient, staff)


def an_event(source: str, event: str, /, **data: object) -> dict[str, Any]:
    return new_event(
        source, event, clinic="solna", subject="s", version=1, data=data, now=datetime(2026, 11, 29, tzinfo=UTC),
        actor={"kind": "tool", "id": "till"}, correlation_id="c",
    ).to_json()  # fmt: skip


def test_what_is_sealed_is_not_shown_nor_what_is_sealed_for_readers_outside() -> None:
    event = an_event("booking", booking.BOOKING_CREATED, person="k1.sealed", practitioner="anna", reference="R")
    told = shown({**event, "readers": {"till": ["k2.sealed"]}})
    assert told["data"] == {"person": SEALED, "practitioner": "anna", "reference": "R"}
    assert told == {**event, "data": told["data"]}


def test_each_event_of_each_contract_hides_what_its_dataclass_marks_as_sealed() -> None:
    hidden = {}
    for each in CONTRACTS:
        for type, holds in each.EVENTS.items():
            told = shown(an_event(each.SERVICE, type, **dict.fromkeys(holds.__dataclass_fields__, "x")))
            hidden[each.SERVICE, type] = [name for name, value in told["data"].items() if value == SEALED]
    assert hidden["booking", booking.BOOKING_CREATED] == ["person"]
    assert hidden["patient", patient.PATIENT_UPDATED] == ["person"]
    assert hidden["staff", staff.LINK_ISSUED]
    assert hidden["availability", availability.CLINIC_CHANGED] == []


def test_of_an_event_that_nobody_describes_nothing_is_shown_but_that_it_was() -> None:
    told = shown(an_event("booking", "SomethingNew", person="k1.sealed", name="Eva"))
    assert (told["type"], told["data"]) == ("SomethingNew", {})
    assert shown({"type": 7, "data": "no data"})["data"] == {}
