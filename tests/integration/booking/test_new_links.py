"""A link that leaked is made void, and the booking has another one from then on (PRODUCT C13)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.actor import PUBLIC, Actor
from shared.contracts.errors import ChangedMeanwhile, Forbidden, Gone, Invalid, LoginRequired, NotFound
from shared.links import manage_token
from shared.storage.database import Database
from tests.builders.booking.world import CLINIC, KEYS, MOBILE, STAFF, START, World, logged_in
from tests.integration.booking.calls import Calls

BO = Actor(kind="staff", id="bo@solna.example", role="therapist", clinic=CLINIC, practitioner="bo")
HALF_HOUR = timedelta(minutes=30)


def renewed(calls: Calls, reference: str, actor: Actor = STAFF, **fields: Any) -> dict[str, Any]:
    """Return the booking with its new link."""
    answer: dict[str, Any] = calls.by(actor).new_link(CLINIC, reference, **fields)
    return answer


def test_c13_the_old_link_opens_nothing_and_the_new_one_does_all_that_it_did(database: Database) -> None:
    calls = Calls(World(database))
    booked = calls.book()
    answer = renewed(calls, booked["reference"])
    assert answer["manage_token"] == manage_token(KEYS.link, booked["reference"], 2)
    assert answer["manage_url"].endswith(f"/m/{answer['manage_token']}")
    assert (answer["reference"], answer["version"], answer["status"]) == (booked["reference"], 2, "booked")
    old = booked["manage_token"]
    for attempt in (lambda: calls.open(old), lambda: calls.move(old, START + HALF_HOUR), lambda: calls.cancel(old)):
        with pytest.raises(NotFound):
            attempt()
    moved = calls.move(answer["manage_token"], START + HALF_HOUR)
    assert moved["version"] == 3
    assert calls.cancel(answer["manage_token"])["status"] == "cancelled"
    (mine,) = calls.my_bookings(logged_in(MOBILE))["bookings"]
    assert mine["manage_token"] == answer["manage_token"], "a login shows the one that opens"


def test_a_link_that_was_made_void_or_is_over_tells_whose_clinic_it_was_and_a_forged_one_nothing(calls: Calls) -> None:
    booked = calls.book()
    old, forged = booked["manage_token"], manage_token("another key", booked["reference"], 1)
    latest = renewed(calls, booked["reference"])["manage_token"]
    calls.world.now = START + timedelta(days=31)
    for token, refusal, told in (
        (old, NotFound, {"clinic": CLINIC}),
        (latest, Gone, {"clinic": CLINIC}),
        (forged, NotFound, {}),
    ):
        with pytest.raises(refusal) as over:
            calls.open(token)
        assert over.value.extra == told


def test_c13_the_history_and_the_event_tell_of_it(database: Database) -> None:
    """A1: others hear of the whole state, with the epoch from which links are made now."""
    calls = Calls(World(database))
    booked = calls.book()
    renewed(calls, booked["reference"])
    entry = calls.history(STAFF, booked["reference"])["history"][-1]
    assert (entry["type"], entry["actor"]["id"]) == ("LinkRenewed", "eva@solna.example")
    assert entry["changes"] == {"epoch": [1, 2]}
    assert calls.by(STAFF).verify_history(CLINIC)["broken"] == []
    (event,) = calls.events("LinkRenewed")
    (created,) = calls.events("BookingCreated")
    assert (event.subject, event.subject_version) == (booked["reference"], 2)
    assert event.data == {**created.data, "epoch": 2, "version": 2, "send": True}


def test_the_new_link_is_sent_only_where_that_is_wanted_and_something_is_to_come(calls: Calls) -> None:
    silent, cancelled, over = (calls.book(start=(START + n * HALF_HOUR).isoformat()) for n in range(3))
    renewed(calls, silent["reference"], send=False)
    calls.cancel(cancelled["manage_token"])
    renewed(calls, cancelled["reference"])
    calls.world.now = START + 2 * HALF_HOUR
    renewed(calls, over["reference"])
    assert [event.data["send"] for event in calls.events("LinkRenewed")] == [False, False, False]
    with pytest.raises(NotFound):
        calls.open(cancelled["manage_token"])


def test_who_may_make_a_link_void(calls: Calls) -> None:
    """C1: staff of the clinic, therapists for their own calendar."""
    reference = calls.book(practitioner="anna")["reference"]
    for actor, refusal in (
        (PUBLIC, LoginRequired), (replace(STAFF, clinic="other"), Forbidden), (BO, Forbidden),
    ):  # fmt: skip
        with pytest.raises(refusal):
            renewed(calls, reference, actor)
    with pytest.raises(NotFound):
        renewed(calls, "0000000000")
    with pytest.raises(Invalid):
        renewed(calls, reference, send="maybe")
    with pytest.raises(ChangedMeanwhile):
        renewed(calls, reference, version=7)
    assert renewed(calls, reference, version=1)["version"] == 2
