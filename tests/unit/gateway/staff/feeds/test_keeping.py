"""Secret addresses of calendars over the staff API (PRODUCT C16, CONTRACTS 2a)."""

from tests.builders.gateway.world import World

FEEDS = "/v1/staff/clinics/solna/calendar-feeds"
SHOWN = {
    "id": "f1", "practitioner": "anna", "names": False, "email": "ann@solna.example", "own": True,
    "created_at": "2026-11-23T08:00:00+00:00", "fetched_at": None,
}  # fmt: skip


def test_c16_its_address_is_told_when_it_is_made(world: World) -> None:
    world.staff.answers["add_calendar_feed"] = lambda _clinic, **_fields: {**SHOWN, "token": "c123"}
    asked = {"practitioner": "anna", "names": True}
    made = world.post(FEEDS, json=asked, token=world.log_in(), headers={"Accept-Language": "sv"})
    assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store")
    assert made.json == {**SHOWN, "url": f"{world.settings.public_url}/calendar/c123.ics"}
    (call,) = world.staff.calls
    assert (call.args, call.fields) == (("solna",), {**asked, "language": "sv"})


def test_c16_they_are_listed_and_revoked(world: World) -> None:
    world.staff.answers |= {"calendar_feeds": {"feeds": [SHOWN]}, "remove_calendar_feed": None}
    token = world.log_in()
    assert world.get(FEEDS, token=token).json == {"feeds": [SHOWN]}
    assert world.send("DELETE", f"{FEEDS}/f1", token=token).status_code == 204
    assert world.staff.calls[-1].args == ("solna", "f1")
