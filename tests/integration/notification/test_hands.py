"""Several messages go out side by side, each within its time, and all are put down before a process ends (N5, N6)."""

from collections.abc import Iterator
from typing import Any

import eventlet
import pytest
from eventlet.event import Event

from services.notification.channels import Outgoing, Unclear, hands
from services.notification.channels.hands import HANDS, Pool, WithinSeconds
from services.notification.model.messages import Content

MESSAGE = Outgoing("a" * 32, "solna", "sms", Content(to="+46701740699", text="Hej"))


@pytest.fixture
def pool() -> Iterator[Pool]:
    """Return idle hands; nothing here takes longer than ten seconds."""
    pool = Pool()
    pool.setup()
    with eventlet.Timeout(10):
        yield pool


def test_n5_a_slow_channel_keeps_its_own_hands_busy_and_no_other(pool: Pool) -> None:
    going, done = Event(), Event()
    begun: list[str] = []

    def slowly(channel: str) -> None:
        begun.append(channel)
        if len(begun) < 3 * HANDS:
            pool.ask("sms", slowly)
        going.wait()

    pool.ask("sms", slowly)
    while len(begun) < HANDS:
        eventlet.sleep(0)
    pool.ask("email", lambda _: done.send())
    done.wait()
    assert begun == ["sms"] * HANDS
    going.send()


def test_n6_what_is_asked_for_while_all_hands_are_busy_is_done_by_the_next_one(pool: Pool) -> None:
    going = Event()
    done: list[str] = []

    def send(channel: str) -> None:
        done.append(channel)
        going.wait()

    for _ in range(HANDS):
        pool.ask("sms", send)
        eventlet.sleep(0)
    assert len(done) == HANDS
    pool.ask("sms", send)
    going.send()
    pool.finish()
    assert len(done) == HANDS + 1


def test_n6_a_hand_that_stumbles_says_so_without_naming_anybody(pool: Pool, caplog: pytest.LogCaptureFixture) -> None:
    def stumble(_: str) -> None:
        raise ConnectionError("+46701740699")

    pool.ask("sms", stumble)
    pool.finish()
    assert "sending by sms stopped: ConnectionError" in caplog.text
    assert "46701740699" not in caplog.text


def test_n6_a_process_that_ends_puts_down_what_it_has_and_takes_nothing_new(pool: Pool) -> None:
    done: list[str] = []

    def send(channel: str) -> None:
        eventlet.sleep(0.01)
        done.append(channel)

    assert pool.ask("sms", send)
    pool.finish()
    assert done == ["sms"]
    assert not pool.ask("sms", send)


class Trickling:
    """A way out that never comes to an end."""

    leaves_house = True

    def send(self, message: Outgoing) -> str | None:
        eventlet.sleep(600)
        return None

    def taken(self, message: Outgoing, since: Any) -> Any:
        eventlet.sleep(600)
        yield ""


def test_n6_a_provider_that_never_comes_to_an_end_is_left(pool: Pool) -> None:
    way = WithinSeconds(Trickling(), 0.01)
    with pytest.raises(Unclear):
        way.send(MESSAGE)
    with pytest.raises(Unclear):
        way.taken(MESSAGE, None)


def test_n6_who_waits_for_the_database_goes_on_until_the_process_ends(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hands, "_PAUSE_SECONDS", 0)
    waited: list[bool] = []

    def wait(_: str) -> None:
        while pool.pause():
            waited.append(True)

    pool.ask("sms", wait)
    while not waited:
        eventlet.sleep(0)
    pool.finish()
    assert not pool.pause()
