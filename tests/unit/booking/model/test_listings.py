"""Free times listed a moment ago (PRODUCT B11, ADR 25)."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event, Lock

import pytest

from services.booking.model.listings import Listings, Slot
from shared.contracts.errors import Timeout

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
LIMIT = 30.0
"""Seconds after which what should have happened at once has not."""


class Asked:
    """What is asked while a second one wants to know the same: it goes on when that one waits, or asks too."""

    def __init__(self, answer: Callable[[], Sequence[Slot]]) -> None:
        self.count = 0
        self.begun, self.joined = Event(), Event()
        self._answer = answer
        self._counting = Lock()

    def __call__(self) -> Sequence[Slot]:
        with self._counting:
            self.count += 1
            if self.count > 1:
                self.joined.set()
        self.begun.set()
        assert self.joined.wait(LIMIT)
        return self._answer()


def _asked_by_two(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> list[Future[Sequence[Slot]]]:
    """Return what two get who want to know the same, the second while the first one asks."""
    listings, waited = Listings(), Future.result
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(listings.of, "the same", NOW, asked)
        assert asked.begun.wait(LIMIT)

        def joined(future: Future[Sequence[Slot]], timeout: float | None = None) -> Sequence[Slot]:
            asked.joined.set()
            return waited(future, timeout)

        with monkeypatch.context() as patched:
            patched.setattr(Future, "result", joined)
            second = pool.submit(listings.of, "the same", NOW, asked)
            assert asked.joined.wait(LIMIT)
        return [first, second]


def test_who_wants_to_know_what_is_being_asked_waits_for_that_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """B11: in a rush all lose the same time before the first of them has heard of others."""
    listed = [{"start": "2026-12-01T09:00:00+01:00"}]
    asked = Asked(lambda: listed)
    assert [each.result(LIMIT) for each in _asked_by_two(asked, monkeypatch)] == [listed, listed]
    assert asked.count == 1


def test_what_fails_fails_for_all_who_waited_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """B11: where availability is away, nobody waits for it longer than the one who asked."""

    def late() -> Sequence[Slot]:
        raise Timeout.because("late")

    asked = Asked(late)
    for each in _asked_by_two(asked, monkeypatch):
        with pytest.raises(Timeout):
            each.result(LIMIT)
    assert asked.count == 1


def test_what_failed_is_not_kept() -> None:
    listings = Listings()

    def late() -> Sequence[Slot]:
        raise Timeout.because("late")

    with pytest.raises(Timeout):
        listings.of("the same", NOW, late)
    assert listings.of("the same", NOW, lambda: [{}]) == [{}]
