"""What the slot cache promises, on Redis and on its twin inside the process (PRODUCT S8, B11; DESIGN "Slot search")."""

import socket
import time
from collections.abc import Iterator
from itertools import count

import eventlet
import pytest
import redis

from gateway.clients import search
from gateway.clients.search import Search
from shared.clinic_documents import Revisions
from shared.storage import slot_cache
from shared.storage.redis_store import connect, reader
from shared.storage.slot_cache import Question, SlotCache

DAY, NEXT_DAY = "2026-12-01", "2026-12-02"
BOTH = (DAY, NEXT_DAY)
_numbers = count()


class Clinic:
    """A clinic of its own in one Redis, at revision 1."""

    def __init__(self, url: str) -> None:
        self.client = connect(url, decoded=False)
        self.cache = SlotCache(self.client, reader(self.client))
        self.revisions = Revisions(connect(url))
        self.name = f"clinic-{next(_numbers)}-{time.monotonic_ns()}"
        self.question = Question("slots", self.name, "exam", None)
        self.revisions.announce(self.name, 1)

    def keep(self, *days: str, revision: int = 1, seconds: float = 20.0) -> None:
        """Keep an entry for each date that holds its own name."""
        before = self.cache.before(self.name, days)
        assert before is not None
        self.cache.keep(self.question, revision, before, {day: day.encode() for day in days}, lambda _: seconds)

    def known(self, question: Question | None = None) -> list[bytes | None]:
        """Return what is known of both dates."""
        kept = self.cache.look_up(question or self.question, BOTH)
        assert kept is not None
        return kept.entries


@pytest.fixture(params=["memory", "redis"])
def clinic(request: pytest.FixtureRequest) -> Iterator[Clinic]:
    url = "memory://" if request.param == "memory" else request.getfixturevalue("redis_url")
    found = Clinic(url)
    yield found
    found.client.close()


def test_what_was_kept_is_known_until_its_date_is_dropped(clinic: Clinic) -> None:
    clinic.keep(*BOTH)
    assert clinic.known() == [DAY.encode(), NEXT_DAY.encode()]
    clinic.cache.drop(clinic.name, [DAY])
    assert clinic.known() == [None, NEXT_DAY.encode()], "exactly the dropped date is gone"


def test_every_question_has_its_own_answer(clinic: Clinic) -> None:
    clinic.keep(*BOTH)
    for other in (
        clinic.question._replace(kind="days"),
        clinic.question._replace(type="acute"),
        clinic.question._replace(practitioner="anna"),
        clinic.question._replace(type="exam:", practitioner=None),
        clinic.question._replace(as_new_patient=True),
    ):
        assert clinic.known(other) == [None, None]


def test_any_number_of_questions_can_be_asked(clinic: Clinic) -> None:
    for number in range(300):
        assert clinic.known(clinic.question._replace(type=f"type-{number}")) == [None, None]


def test_a_new_revision_leaves_nothing_of_the_old_one(clinic: Clinic) -> None:
    """PRODUCT S8: slots follow at once."""
    clinic.keep(*BOTH)
    clinic.revisions.announce(clinic.name, 2)
    assert clinic.known() == [None, None]


def test_what_was_worked_out_before_a_change_never_counts_after_it(clinic: Clinic) -> None:
    """PRODUCT B11: no race brings a taken time back."""
    before = clinic.cache.before(clinic.name, BOTH)
    assert before is not None
    clinic.cache.drop(clinic.name, [DAY])
    entries = dict.fromkeys(BOTH, b"worked out before")
    clinic.cache.keep(clinic.question, 1, before, entries, lambda _: 20.0)
    assert clinic.known() == [None, b"worked out before"]


def test_a_generation_that_was_forgotten_never_comes_again(clinic: Clinic) -> None:
    clinic.cache.drop(clinic.name, [DAY])
    before = clinic.cache.before(clinic.name, BOTH)
    assert before is not None
    clinic.client.delete(f"frontdesk:slots:{clinic.name}:{DAY}")  # as Redis does when the hour is over
    clinic.cache.drop(clinic.name, [DAY])
    clinic.cache.keep(clinic.question, 1, before, {DAY: b"old"}, lambda _: 20.0)
    assert clinic.known()[0] is None


def test_an_entry_ends_with_its_time_and_never_later_than_the_bound(clinic: Clinic) -> None:
    started = time.monotonic()
    clinic.keep(DAY, seconds=3600)
    clinic.keep(NEXT_DAY, seconds=15)
    lives = sorted(
        clinic.client.pttl(key) / 1000 for key in clinic.client.scan_iter(f"frontdesk:slots:{clinic.name}:*")
    )
    passed = time.monotonic() - started + 0.1
    assert len(lives) == 2, "nothing else was stored"
    assert 15 - passed < lives[0] <= 15
    assert slot_cache.LIFE_SECONDS - passed < lives[1] <= slot_cache.LIFE_SECONDS


def test_an_answer_that_is_over_already_is_not_kept(clinic: Clinic) -> None:
    clinic.keep(*BOTH, seconds=0)
    assert clinic.known() == [None, None]


def test_every_key_expires_by_itself(clinic: Clinic) -> None:
    clinic.keep(*BOTH)
    clinic.cache.drop(clinic.name, BOTH)
    clinic.cache.claim(clinic.name)
    keys = [key for key in clinic.client.scan_iter("frontdesk:s*") if clinic.name.encode() in key]
    assert len(keys) == 5
    assert all(clinic.client.ttl(key) > 0 for key in keys)


def test_a_change_that_nobody_heard_of_heals_within_the_bound(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry's life and one search fit into 30 s; here the life is short, and no event tells of the change."""
    assert slot_cache.LIFE_SECONDS + slot_cache.CLAIM_SECONDS < 30
    clinic.keep(*BOTH)
    assert None not in clinic.known()
    monkeypatch.setattr(slot_cache, "LIFE_SECONDS", 0.2)
    clinic.keep(*BOTH)
    end = time.monotonic() + 10
    while clinic.known() != [None, None]:
        assert time.monotonic() < end
        eventlet.sleep(0.02)


def test_a_revision_that_redis_lost_is_announced_by_the_next_search(clinic: Clinic) -> None:
    clinic.client.delete(f"frontdesk:revision:{clinic.name}")
    assert clinic.cache.look_up(clinic.question, BOTH) is None
    clinic.keep(*BOTH, revision=3)
    assert clinic.revisions.current(clinic.name) == 3
    assert None not in clinic.known()


def test_one_process_at_a_time_claims_a_search(clinic: Clinic) -> None:
    assert clinic.cache.claim(clinic.name)
    assert not clinic.cache.claim(clinic.name)
    clinic.cache.release(clinic.name)
    assert clinic.cache.claim(clinic.name)


class Availability:
    """Answers slowly, keeps what it answered, and counts its searches."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic
        self.searches = 0

    def slots(self, clinic: str, **query: str) -> dict[str, list[dict[str, str]]]:
        self.searches += 1
        before = self._clinic.cache.before(clinic, BOTH)
        assert before is not None
        eventlet.sleep(0.1)
        rows = [{"start": f"{day}T09:00:00+01:00"} for day in BOTH]
        entries = slot_cache.entries_by_day(rows, BOTH)
        self._clinic.cache.keep(self._clinic.question, 1, before, entries, lambda _: 20.0)
        return {"slots": rows}


def test_two_hundred_clients_of_three_processes_have_a_cold_day_worked_out_once(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slot_cache, "CLAIM_SECONDS", 60.0)  # the search below takes as long as the machine does
    monkeypatch.setattr(search, "_PATIENCE_SECONDS", 60.0)
    availability = Availability(clinic)
    processes = [Search(clinic.cache) for _ in range(3)]
    asked = {"type": "exam", "from": DAY, "to": NEXT_DAY}
    clients = [
        eventlet.spawn(processes[number % 3].find, availability, "slots", clinic.name, asked) for number in range(200)
    ]
    answers = {client.wait() for client in clients}
    assert len(answers) == 1
    assert availability.searches == 1


def test_without_redis_nothing_is_known_and_nothing_fails() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        client = redis.Redis.from_url(
            f"redis://127.0.0.1:{taken.getsockname()[1]}", socket_connect_timeout=1, retry=None
        )
        cache = SlotCache(client, reader(client))
        assert cache.look_up(Question("slots", "solna", "exam", None), BOTH) is None
        assert cache.before("solna", BOTH) is None
        cache.drop("solna", BOTH)
        cache.release("x")
        assert cache.claim("x"), "everybody searches"
        before = slot_cache.Before(1, dict.fromkeys(BOTH))
        cache.keep(Question("slots", "solna", "exam", None), 1, before, {DAY: b""}, lambda _: 20.0)
