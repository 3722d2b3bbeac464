"""The personal link, for programs (CONTRACTS 2)."""

from tests.builders.gateway.bookings import BODY, a_booking
from tests.builders.gateway.world import World


def test_a_personal_link_shows_only_the_names_of_the_patient(world: World) -> None:
    may = {"rebook": {"allowed": True, "until": None, "reason": None}}
    world.booking.answers["open_link"] = {"clinic": "solna", "booking": a_booking(), "may": may}

    shown = world.get("/v1/manage/some-token").json

    assert shown["patient"] == {"first_name": "Maja", "last_name": "Ek"}
    assert (shown["clinic"], shown["may"], shown["reference"]) == ("solna", may, "7K3M9QX2VT")


def test_moving_and_cancelling_by_link_answer_the_booking_as_it_is_now(world: World) -> None:
    """M4, M5."""
    world.booking.answers |= {"rebook": a_booking(version=2), "cancel": a_booking(status="cancelled")}

    moved = world.post("/v1/manage/tok/rebook", json={"start": BODY["start"]})
    cancelled = world.post("/v1/manage/tok/cancel")

    assert (moved.status_code, moved.json["version"]) == (200, 2)
    assert (cancelled.status_code, cancelled.json["status"]) == (200, "cancelled")
    assert "mobile" not in moved.json["patient"]
    assert [call.fields for call in world.booking.calls] == [{"token": "tok", "start": BODY["start"]}, {"token": "tok"}]
