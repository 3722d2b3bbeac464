"""What a use case works with: the installation's keys, and events that say who caused them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.actor import Actor
from shared.contracts.envelope import Event
from shared.desk import Desk, Keys
from shared.incoming.unread import Unread
from shared.settings import from_environment

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
STAFF = Actor(kind="staff", id="eva@solna.example", role="administrator", clinic="solna")


class Bookings(Desk):
    """A service's desk."""

    source = "booking"


def a_desk(**changes: Any) -> Desk:
    """Return the surroundings of a call by staff; it tells of something, and asks nobody."""
    keys: Any = None
    work: Any = None
    surroundings = {"actor": STAFF, "correlation_id": "c0ffee", "now": NOW, "documents": None}
    return Bookings(**{**surroundings, "work": work, "keys": keys, **changes})


def test_an_event_says_who_caused_it_in_which_request_and_when() -> None:
    event = a_desk().event("BookingCreated", "solna", "ABC", 1, {"reference": "ABC"})
    assert (event.source, event.type, event.clinic, event.subject, event.subject_version) == (
        "booking", "BookingCreated", "solna", "ABC", 1,
    )  # fmt: skip
    assert (event.actor, event.correlation_id, event.time) == (STAFF.brief(), "c0ffee", NOW.isoformat())


def test_what_follows_from_an_event_is_done_by_who_caused_that() -> None:
    by_patient = {"kind": "patient", "id": None}
    cause = Event("1", "BookingCreated", "booking", NOW.isoformat(), "solna", "ABC", 1, by_patient, "abc")
    event = a_desk(actor=Actor(kind="service", id="patient")).event("PatientCreated", "solna", "p", 1, {}, cause)
    assert (event.actor, event.correlation_id) == (by_patient, "abc")


def test_the_keys_are_those_of_the_installation(tmp_path: Path) -> None:
    settings = from_environment({"DATA_DIR": str(tmp_path), "PUBLIC_URL": "https://booking.example"})
    keys = Keys.from_settings(settings)
    assert (keys.link, keys.lookup, keys.public_url) == (settings.link_key, settings.lookup_key, settings.public_url)
    assert keys.people.open(keys.people.seal({"first_name": "Eva"})) == {"first_name": "Eva"}


def test_what_was_sent_is_read_when_it_is_asked_for() -> None:
    read: list[Any] = []
    unread = Unread({"start": "now"}, lambda sent: read.append(sent) or len(read))
    assert read == []
    assert unread.read() == 1
    assert read == [unread.sent]
