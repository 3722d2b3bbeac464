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
        self.accounts: list[str] = []
        self._numbers = count(1)

    def get(self, path: str) -> Any:
        """Answer what is asked."""
        if path.endswith("/document"):
            return self.document
        if path.endswith("/accounts"):
            return {"accounts": [{"email": email} for email in self.accounts]}
        if "/slots?" in path:
            return {"slots": [{"start": "2026-11-24T10:00:00+01:00"}, {"start": "2026-11-24T11:00:00+01:00"}]}
        sent = {"id": "m-1", "audience": "patient", "channel": "sms"}
        return {"messages": [{**sent, "id": "m-clinic", "audience": "clinic"}, sent]}

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Note it."""
        if path.endswith("/bookings") and self.taken(body):
            raise Refused(409, "slot_taken", "Somebody was quicker.")
        self.posted.append((path, body))
        reference = f"R{next(self._numbers)}"
        return {
            "reference": reference, "id": f"patient {reference}", "start": body.get("start"),
            "manage_token": f"token of {reference}",
        }  # fmt: skip

    def bodies(self, ending: str) -> list[Mapping[str, Any]]:
        """Return what was posted to addresses that end so."""
        return [body for path, body in self.posted if path.endswith(ending)]


def lived_in(clinic: str, api: FakeApi | None = None, **options: Any) -> tuple[FakeApi, list[tuple[str, str]]]:
    """Return the calls by which a clinic was given its day, and which messages were lost."""
    api, lost = api or FakeApi(clinic, **options), list[tuple[str, str]]()
    living = Living(api, NOON, lambda ask: ask(), lambda *message: lost.append(message), "the password")
    living.fill(clinic, days()[clinic])
    return api, lost


@pytest.mark.parametrize("clinic", days())
def test_a_demo_clinic_has_staff_a_day_a_watch_list_and_a_failed_message(clinic: str) -> None:
    api, lost = lived_in(clinic)
    accounts = api.bodies("/accounts")
    assert accounts[0]["role"] == "administrator"
    assert {each["password"] for each in accounts} == {"the password"}
    booked = [body for path, body in api.posted if path == f"/v1/staff/clinics/{clinic}/bookings"]
    starts = [datetime.fromisoformat(body["start"]) for body in booked]
    assert min(starts) < NOON < max(starts)
    assert {start.date() for start in starts} >= {NOON.date()}
    begun = [start for start in starts if start < NOON]
    assert (len(api.bodies("/arrived")), len(api.bodies("/no-show"))) == (len(begun) - 1, 1)
    assert {body["text"] for body in api.bodies("/note")} == {*days()[clinic].notes}
    web = [body for path, body in api.posted if path == f"/v1/clinics/{clinic}/bookings"]
    assert len(web) == len(days()[clinic].on_the_web)
    assert [body["comment"] for body in api.bodies("/cancel")] == [days()[clinic].regrets]
    assert lost == [("m-1", "sms")]


@pytest.mark.parametrize("clinic", days())
def test_each_patient_is_entered_once_and_comes_by_their_record(clinic: str) -> None:
    api, _ = lived_in(clinic)
    entered = api.bodies("/patients")
    assert len({body["identity"]["number"] for body in entered}) == len(entered) > 5
    assert {body["identity"]["scheme"] for body in entered} == {api.document["identity"]}
    booked = [body for path, body in api.posted if path == f"/v1/staff/clinics/{clinic}/bookings"]
    assert len({body["patient"]["id"] for body in booked}) == len(entered)


def test_needs_are_of_past_and_coming_weeks_and_of_patients_of_their_own() -> None:
    api, _ = lived_in("aldente")
    needs = api.bodies("/needs")
    assert [need["week"] for need in needs] == ["2026-W44", "2026-W47", "2026-W49", "2026-W52"]
    assert len({need["patient"] for need in needs}) == len(needs)


@pytest.mark.parametrize("clinic", days())
def test_each_practitioner_has_called_a_patient_in_for_a_time_to_come_by_message(clinic: str) -> None:
    """R1, R2."""
    api, _ = lived_in(clinic)
    recalls = api.bodies("/recalls")
    assert [recall["practitioner"] for recall in recalls] == [*days()[clinic].work]
    assert len({recall["patient"] for recall in recalls}) == len(recalls)
    assert all(recall["send"] == ("sms", "email") and recall["start"] for recall in recalls)


def test_who_has_an_account_already_gets_no_other_one() -> None:
    api = FakeApi("norsk")
    api.accounts = [account["email"] for account in days()["norsk"].staff[1:]]
    lived_in("norsk", api)
    assert [body["email"] for body in api.bodies("/accounts")] == [days()["norsk"].staff[0]["email"]]


def test_a_time_that_is_taken_is_passed_over() -> None:
    every, _ = lived_in("frenda")
    some, _ = lived_in("frenda", taken=lambda body: body.get("practitioner") == "erik")
    wanted = [body for body in every.bodies("/bookings") if body.get("practitioner") != "erik"]
    assert len(some.bodies("/bookings")) == len(wanted)


def test_every_other_refusal_is_told() -> None:
    def refused(_: Mapping[str, Any]) -> bool:
        raise Refused(422, "invalid", "The name is missing.")

    with pytest.raises(Refused, match="422 invalid"):
        lived_in("norsk", taken=refused)
