"""A copy is never older than what availability last answered (DESIGN rule 11)."""

from typing import Any

import fakeredis
import pytest
import redis

from shared.clinic_documents import ClinicDocuments, Revisions
from shared.contracts.errors import NotFound, Unavailable


class FakeAvailability:
    """Answers `document(clinic)` and counts how often it was asked."""

    def __init__(self) -> None:
        self.revision = 1
        self.asked = 0

    def document(self, clinic: str) -> dict[str, Any]:
        """Return the present document."""
        self.asked += 1
        if clinic == "nowhere":
            raise NotFound.because("There is no such clinic.")
        return {"revision": self.revision, "document": {"clinic": clinic, "revision": self.revision}}


class BrokenRedis:
    """A Redis that does not answer."""

    def get(self, *_: object) -> None:
        """Fail as redis-py does."""
        raise redis.ConnectionError("refused")

    eval = get


@pytest.fixture
def availability() -> FakeAvailability:
    return FakeAvailability()


@pytest.fixture
def revisions() -> Revisions:
    return Revisions(fakeredis.FakeRedis(server=fakeredis.FakeServer(), decode_responses=True))


def test_a_document_is_fetched_once(availability: FakeAvailability, revisions: Revisions) -> None:
    documents = ClinicDocuments(revisions, availability.document)
    assert documents.get("solna") == documents.get("solna")
    assert availability.asked == 1


def test_what_was_read_is_kept_where_each_look_is_a_fetch(availability: FakeAvailability) -> None:
    documents = ClinicDocuments(Revisions(BrokenRedis()), availability.document)  # type: ignore[arg-type]
    assert documents.get("solna").as_read(id) == documents.get("solna").as_read(id)
    assert availability.asked == 2


def test_an_announced_revision_is_in_force_at_the_next_look(
    availability: FakeAvailability, revisions: Revisions
) -> None:
    documents = ClinicDocuments(revisions, availability.document)
    documents.get("solna")
    availability.revision = 2
    revisions.announce("solna", 2)
    assert documents.get("solna").document == {"clinic": "solna", "revision": 2}
    assert availability.asked == 2


def test_announcements_that_overtake_each_other_do_no_harm(revisions: Revisions) -> None:
    revisions.announce("solna", 10)
    revisions.announce("solna", 9)
    assert revisions.current("solna") == 10


def test_clinics_are_kept_apart(availability: FakeAvailability, revisions: Revisions) -> None:
    documents = ClinicDocuments(revisions, availability.document)
    assert documents.get("solna").document["clinic"] == "solna"
    assert documents.get("lund").document["clinic"] == "lund"


def test_an_announcement_that_was_lost_is_made_up_for(availability: FakeAvailability, revisions: Revisions) -> None:
    """Redis came back with an older state: the copy is right, and is not fetched for ever."""
    availability.revision = 5
    revisions.announce("solna", 4)
    documents = ClinicDocuments(revisions, availability.document)
    assert [documents.get("solna").revision for _ in range(3)] == [5, 5, 5]
    assert availability.asked == 1


def test_without_redis_every_look_is_a_fetch(availability: FakeAvailability) -> None:
    documents = ClinicDocuments(Revisions(BrokenRedis()), availability.document)  # type: ignore[arg-type]
    assert documents.get("solna").revision == 1
    availability.revision = 2
    assert documents.get("solna").revision == 2


def test_an_announcement_that_failed_is_repeated_by_an_event_that_waits_for_redis() -> None:
    Revisions(BrokenRedis()).announce("solna", 2)  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        Revisions(BrokenRedis()).repeat("solna", 2)  # type: ignore[arg-type]


def test_an_unknown_clinic_stays_unknown(availability: FakeAvailability, revisions: Revisions) -> None:
    with pytest.raises(NotFound):
        ClinicDocuments(revisions, availability.document).get("nowhere")
