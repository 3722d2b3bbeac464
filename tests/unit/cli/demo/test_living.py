"""What a demo clinic's day is made of, and by which calls."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from cli.demo.clinics import demo_documents
from cli.demo.days import days
from cli.demo.living import Living
from cli.demo.staff_api import Refused
from services.availability.document import check

NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
"""A Wednesday on which all five work."""


class FakeApi:
    """Notes what is posted, and answers as the gateway does; those times `taken` are."""

    def __init__(self, clinic: str, taken: Callable[[Mapping[str, Any]], bool] = lambda _: False) -> None:
        self.document = check(demo_documents()[clinic]).document
        self.taken = taken
        self.posted: list[tuple[str, Mapping[str, Any]]] = []
        self._numbers = count(1)

    def get(self, path: str) -> Any:
        """Answer what is asked."""
        if path.endswith("/document"):
            return self.document
        if "/slots?" in path:
            return {"slots": [{"start": "2026-11-24T10:00:00+01:00"}, {"start": "2026-11-24T11:00:00+01:00"}]}
        if "/messages?" in path:
            sent = {"id": "m-1", "audience": "patient", "channel": "sms"}
            return {"messages": [{**sent, "id": "m-clinic", "audience": "clinic"}, sent]}
        return {"patient": {"id": f"patient of {path.rpartition('/')[2]}"}}

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Note it."""
        if path.endswith("/bookings") and self.taken(body):
            raise Refused(409, "slot_taken", "Somebody was quicker.")
        self.posted.append((path, body))
        reference = f"R{next(self._numbers)}"
        return {"reference": reference, "end": body.get("start"), "manage_token": f"token of {reference}"}

    def bodies(self, ending: str) -> list[Mapping[str, Any]]:
        """Return what was posted to addresses that end so."""
        return [body for path, body in self.posted if path.endswith(ending)]


def filled(clinic: str, **options: Any) -> tuple[FakeApi, list[tuple[str, str]]]:
    """Return the calls by which a clinic was given its day, and which messages were lost."""
    api, lost = FakeApi(clinic, **options), list[tuple[str, str]]()
    Living(api, NOON, lambda ask: ask(), lambda *message: lost.append(message), "the password").fill(
        clinic, days()[clinic]
    )
    return api, lost


@pytest.mark.parametrize("clinic", days())
def test_a_demo_clinic_has_staff_a_day_a_watch_list_and_a_failed_message(clinic: str) -> None:
    api, lost = filled(clinic)
    accounts = api.bodies("/accounts")
    assert accounts[0]["role"] == "administrator"
    assert {each["password"] for each in accounts} == {"the password"}
    booked = [body for path, body in api.posted if path == f"/v1/staff/clinics/{clinic}/bookings"]
    starts = [datetime.fromisoformat(body["start"]) for body in booked]
    assert min(starts) < NOON < max(starts)
    assert {start.date() for start in starts} >= {NOON.date()}
    assert any("message" in body for body in booked)
    assert api.bodies("/no-show") == [{}]
    web = [body for path, body in api.posted if path == f"/v1/clinics/{clinic}/bookings"]
    assert len(web) == len(days()[clinic].on_the_web)
    assert [body["comment"] for body in api.bodies("/cancel")] == [days()[clinic].regrets]
    assert lost == [("m-1", "sms")]


def test_needs_are_of_past_and_coming_weeks_and_of_patients_whose_addresses_are_theirs() -> None:
    api, _ = filled("aldente")
    needs = api.bodies("/needs")
    assert [need["week"] for need in needs] == ["2026-W44", "2026-W47", "2026-W49", "2026-W52"]
    assert len({need["patient"] for need in needs}) == len(needs)
    assert all(need["confirm"] == ["mobile", "email"] for need in needs)


def test_a_time_that_is_taken_is_passed_over() -> None:
    every, _ = filled("frenda")
    some, _ = filled("frenda", taken=lambda body: body.get("practitioner") == "erik")
    wanted = [body for body in every.bodies("/bookings") if body.get("practitioner") != "erik"]
    assert len(some.bodies("/bookings")) == len(wanted)


def test_every_other_refusal_is_told() -> None:
    def refused(_: Mapping[str, Any]) -> bool:
        raise Refused(422, "invalid", "The name is missing.")

    with pytest.raises(Refused, match="422 invalid"):
        filled("norsk", taken=refused)
