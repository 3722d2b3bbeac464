"""What the slot cache promises, on Redis and on its twin inside the process (PRODUCT S8, B11; DESIGN "Slot search")."""

import socket
import time
from collections.abc import Iterator, Mapping
from itertools import count

import eventlet
import pytest
import redis

from gateway.clients import search
from gateway.clients.search import Search
from shared.clinic_documents import Revisions
from shared.storage import slot_cache
from shared.storage.redis_store import connect
from shared.storage.slot_cache import Asked, Entry, Question, SlotCache

DAY, NEXT_DAY = "2026-12-01", "2026-12-02"
BOTH = (DAY, NEXT_DAY)
_numbers = count()


class Clinic:
    """A clinic of its own in one Redis, at revision 1."""

    def __init__(self, url: str) -> None:
        self.client = connect(url, decoded=False)
        self.cache = SlotCache(self.client)
        self.revisions = Revisions(connect(url))
        self.name = f"clinic-{next(_numbers)}-{time.monotonic_ns()}"
        self.question = Question("slots", self.name, "exam", None)
        self.revisions.announce(self.name, 1)

    def keep(self, *days: str, revision: int = 1, seconds: float = 20.0) -> None:
        """Keep an entry for each date that holds its own name."""
        before = self.cache.before(self.name, days)
        assert before is not None
        self.cache.keep(self.question, revision, before, {day: day.encode() for day in days}, lambda _: seconds)

    def drop(self, *days: str) -> None:
        """Change these dates, and work nothing out anew."""
        self.cache.renew(self.name, 1, self.cache.drop_unasked(self.name, days), {})

    def renew(self, asked: Mapping[str, Asked], body: bytes, *, revision: int = 1, seconds: float = 20.0) -> None:
        """Put `body` anew for each question that was asked of the dates."""
        entries = {day: [Entry(each, body, seconds) for each in its.questions] for day, its in asked.items()}
        self.cache.renew(self.name, revision, asked, entries)

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
    clinic.drop(DAY)
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
    clinic.drop(DAY)
    entries = dict.fromkeys(BOTH, b"worked out before")
    clinic.cache.keep(clinic.question, 1, before, entries, lambda _: 20.0)
    assert clinic.known() == [None, b"worked out before"]


def test_a_generation_that_was_forgotten_never_comes_again(clinic: Clinic) -> None:
    clinic.drop(DAY)
    before = clinic.cache.before(clinic.name, BOTH)
    assert before is not None
    clinic.client.delete(f"frontdesk:slots:{clinic.name}:{DAY}")  # as Redis does when the hour is over
    clinic.drop(DAY)
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
    clinic.drop(*BOTH)
    clinic.cache.claim(clinic.name)
    keys = [key for key in clinic.client.scan_iter("frontdesk:s*") if clinic.name.encode() in key]
    assert len(keys) == 7
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


def test_what_is_asked_of_a_changed_date_is_put_anew_and_all_else_is_dropped(clinic: Clinic) -> None:
    """Nobody finds the date empty meanwhile: until it is put anew it counts as it was."""
    clinic.keep(*BOTH)
    asked = clinic.cache.drop_unasked(clinic.name, ["2026-11-30", DAY])
    assert {day: its.questions for day, its in asked.items()} == {DAY: (clinic.question,)}
    assert clinic.known() == [DAY.encode(), NEXT_DAY.encode()]
    clinic.renew(asked, b"as it is now")
    assert clinic.known() == [b"as it is now", NEXT_DAY.encode()]


def test_questions_are_told_as_they_were_asked_the_last_one_first(clinic: Clinic) -> None:
    asked = [
        clinic.question,
        clinic.question._replace(kind="days", practitioner="anna"),
        clinic.question._replace(type="acute", as_new_patient=True),
        clinic.question,
    ]
    for clinic.question in asked:
        clinic.keep(DAY)
    assert clinic.cache.drop_unasked(clinic.name, [DAY])[DAY].questions == (asked[3], asked[2], asked[1])


def test_of_one_date_only_the_last_questions_are_remembered(clinic: Clinic) -> None:
    asked = [clinic.question._replace(type=f"type-{number}") for number in range(slot_cache.MOST_ASKED + 3)]
    for clinic.question in asked:
        clinic.keep(DAY)
    assert clinic.cache.drop_unasked(clinic.name, [DAY])[DAY].questions == tuple(reversed(asked[3:]))


def test_who_was_overtaken_by_another_change_puts_nothing_anew(clinic: Clinic) -> None:
    """PRODUCT B11: of two bookings, the one that read the database first knows nothing of the other."""
    clinic.keep(*BOTH)
    first = clinic.cache.drop_unasked(clinic.name, BOTH)
    second = clinic.cache.drop_unasked(clinic.name, [DAY])
    clinic.renew(second, b"with both")
    clinic.renew(first, b"with the first alone")
    assert clinic.known() == [None, b"with the first alone"], "the date that both have changed is searched again"


def test_who_comes_after_another_change_puts_it_anew(clinic: Clinic) -> None:
    clinic.keep(DAY)
    first = clinic.cache.drop_unasked(clinic.name, [DAY])
    clinic.renew(first, b"with the first alone")
    clinic.renew(clinic.cache.drop_unasked(clinic.name, [DAY]), b"with both")
    assert clinic.known()[0] == b"with both"


def test_a_search_that_began_before_a_change_does_not_replace_what_was_put_anew(clinic: Clinic) -> None:
    before = clinic.cache.before(clinic.name, [DAY])
    assert before is not None
    clinic.keep(DAY)
    clinic.renew(clinic.cache.drop_unasked(clinic.name, [DAY]), b"as it is now")
    clinic.cache.keep(clinic.question, 1, before, {DAY: b"as it was"}, lambda _: 20.0)
    assert clinic.known()[0] is None, "what is void is searched again"


def test_what_is_put_anew_by_an_older_revision_does_not_count(clinic: Clinic) -> None:
    clinic.keep(DAY)
    asked = clinic.cache.drop_unasked(clinic.name, [DAY])
    clinic.revisions.announce(clinic.name, 2)
    clinic.renew(asked, b"by the old document")
    assert clinic.known()[0] is None


def test_what_is_put_anew_lasts_no_longer_than_it_would_have(clinic: Clinic) -> None:
    """Whatever nobody asks for any more runs out, however often its date changes."""
    clinic.keep(DAY, seconds=5)
    clinic.keep(NEXT_DAY)
    clinic.renew(clinic.cache.drop_unasked(clinic.name, BOTH), b"anew", seconds=10)
    lives = [clinic.client.pttl(f"frontdesk:slots:{clinic.name}:{day}:slots:exam:") / 1000 for day in BOTH]
    assert 0 < lives[0] <= 5
    assert 5 < lives[1] <= 10, "and no longer than it is right"
    clinic.client.delete(f"frontdesk:slots:{clinic.name}:{DAY}:slots:exam:")  # as Redis does at its end
    assert list(clinic.cache.drop_unasked(clinic.name, BOTH)) == [NEXT_DAY]


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
        cache = SlotCache(client)
        assert cache.look_up(Question("slots", "solna", "exam", None), BOTH) is None
        assert cache.before("solna", BOTH) is None
        assert cache.drop_unasked("solna", BOTH) == {}
        cache.renew("solna", 1, {DAY: Asked(b"", ())}, {})
        cache.release("x")
        assert cache.claim("x"), "everybody searches"
        before = slot_cache.Before(1, dict.fromkeys(BOTH))
        cache.keep(Question("slots", "solna", "exam", None), 1, before, {DAY: b""}, lambda _: 20.0)
