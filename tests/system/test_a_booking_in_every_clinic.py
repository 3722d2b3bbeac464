"""A patient books, moves and cancels in each of the five demo clinics, and everything that must follow, follows."""

from datetime import timedelta
from typing import Any

import pytest

from tests.system.api_client import Client
from tests.system.demo_bookings import BOOKABLE, CLINICS, a_booking, in_a_week
from tests.system.installation import PROMPT, wait_until


@pytest.fixture(params=sorted(BOOKABLE))
def clinic(request: pytest.FixtureRequest) -> str:
    """Return each clinic in turn."""
    name: str = request.param
    return name


def test_b2_a_booking_is_made_moved_and_cancelled_and_all_that_follows_is_seen(
    clinic: str, public: Client, administrator: Client
) -> None:
    first, second, *_ = public.slots(clinic, BOOKABLE[clinic], in_a_week())
    held = public.post(f"/clinics/{clinic}/holds", {"type": BOOKABLE[clinic], "start": first["start"]})
    assert held.status == 201, held
    booked = public.post(f"/clinics/{clinic}/bookings", a_booking(clinic, first, hold=held["hold"]))
    assert booked.status == 201, booked
    reference, token = booked["reference"], booked["manage_token"]

    opened = public.get(f"/manage/{token}")
    assert opened.status == 200, opened
    assert opened["start"] == first["start"]
    assert opened["may"]["rebook"]["allowed"]
    assert opened["may"]["cancel"]["allowed"]

    other = public.call("GET", f"/manage/{token}/slots", **{"from": second["start"][:10], "to": second["start"][:10]})
    assert other.status == 200, other
    target = next(slot for slot in other["slots"] if slot["start"] != first["start"])
    moved = public.post(f"/manage/{token}/rebook", {"start": target["start"]})
    assert moved.status == 200, moved
    assert moved["start"] == target["start"]

    cancelled = public.post(f"/manage/{token}/cancel", {"comment": "Something came up"})
    assert cancelled.status == 200, cancelled
    assert cancelled["status"] == "cancelled"

    at = f"/staff/clinics/{clinic}"
    history = administrator.get(f"{at}/bookings/{reference}/history")["history"]
    assert [entry["type"] for entry in history if entry["type"].startswith("Booking")] == [
        "BookingCreated", "BookingMoved", "BookingCancelled",
    ]  # fmt: skip

    def watched() -> bool:
        entries = administrator.get(f"{at}/watch-list", limit=200)["watch_list"]
        return any(entry["comment"] == "Something came up" and reference in str(entry) for entry in entries)

    wait_until(watched, "M5: the cancellation on the watch list")

    def messages() -> list[dict[str, Any]]:
        listed = administrator.get(f"{at}/messages", booking=reference, limit=200)["messages"]
        return [message for message in listed if message["booking"] == reference]

    channels = CLINICS[clinic].get("channels", {}).get("booked", ["sms", "email"])
    wait_until(
        lambda: {m["event"] for m in messages()} >= {"booked", "moved", "cancelled"}, "N2: messages of all three events"
    )
    to_patient = [m for m in messages() if m["event"] == "booked"]
    asked = [c for c in channels if c == "sms" or CLINICS[clinic]["details"]["email"] != "hidden"]
    assert sorted(m["channel"] for m in to_patient) == sorted(asked), "N1: each channel once"
    assert any(m["event"].startswith("practitioner") for m in messages()), "N1: the practitioner is told"

    def linked() -> Any:
        return administrator.get(f"{at}/bookings/{reference}")["patient"]["id"]

    wait_until(linked, "B18: the patient is created and linked to the booking")


def test_b12_a_held_time_is_not_offered_until_it_is_released(clinic: str, public: Client) -> None:
    def offered(slot: dict[str, Any]) -> bool:
        return any(
            slot["start"] == other["start"]
            for other in public.slots(clinic, BOOKABLE[clinic], in_a_week(), practitioner=slot["practitioners"][0])
        )

    slot = public.slots(clinic, BOOKABLE[clinic], in_a_week())[-1]
    body = {"type": BOOKABLE[clinic], "start": slot["start"], "practitioner": slot["practitioners"][0]}
    held = public.post(f"/clinics/{clinic}/holds", body)
    assert held.status == 201
    wait_until(lambda: not offered(slot), "the held time gone from the search", PROMPT)
    assert public.post(f"/clinics/{clinic}/holds", body).status == 409
    assert public.call("DELETE", f"/holds/{held['hold']}").status == 204
    wait_until(lambda: offered(slot), "the released time back", PROMPT)


def test_b13_a_repeated_submit_makes_one_booking(clinic: str, public: Client) -> None:
    slot = public.slots(clinic, BOOKABLE[clinic], in_a_week() + timedelta(days=7))[0]
    body = a_booking(clinic, slot)
    key = f"{clinic}-{slot['start']}"
    answers = [public.post(f"/clinics/{clinic}/bookings", body, Idempotency_Key=key) for _ in range(3)]
    assert {answer.status for answer in answers} == {201}
    assert len({answer["reference"] for answer in answers}) == 1
    changed = public.post(f"/clinics/{clinic}/bookings", {**body, "message": "another"}, Idempotency_Key=key)
    assert (changed.status, changed["code"]) == (422, "invalid")


def test_b4_a_wrong_national_number_is_refused_and_nothing_is_booked(clinic: str, public: Client) -> None:
    slot = public.slots(clinic, BOOKABLE[clinic], in_a_week())[-1]
    body = a_booking(clinic, slot)
    body["patient"]["national_id"] = "123"
    refused = public.post(f"/clinics/{clinic}/bookings", body)
    assert (refused.status, refused["code"]) == (422, "invalid_national_id")
    assert slot in public.slots(clinic, BOOKABLE[clinic], in_a_week())
