"""Several messages go out side by side, each within its time, and all are put down before a process ends (N5, N6)."""

from collections.abc import Iterator
from functools import partial
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

    def slowly() -> None:
        begun.append("sms")
        going.wait()

    for _ in range(3 * HANDS):
        pool.ask("sms", slowly)
    while len(begun) < HANDS:
        eventlet.sleep(0)
    pool.ask("email", done.send)
    done.wait()
    assert begun == ["sms"] * HANDS
    going.send()


def test_n6_what_is_asked_for_while_all_hands_are_busy_is_done_in_its_order_and_room_is_told(pool: Pool) -> None:
    going = Event()
    done: list[int] = []
    for _ in range(HANDS):
        pool.ask("sms", going.wait)
    eventlet.sleep(0)
    assert (pool.room("sms", 3), pool.room("email", 3)) == (3, 3)
    for number in range(4):
        pool.ask("sms", partial(done.append, number))
    assert (pool.room("sms", 5), pool.room("sms", 3)) == (1, 0)
    going.send()
    pool.finish()
    assert done == [0, 1, 2, 3]


def test_n6_who_waits_to_look_at_a_channel_is_joined_by_no_other(pool: Pool) -> None:
    looked: list[str] = []

    def look_again() -> None:
        looked.append("again")
        if len(looked) < 3:
            pool.look("sms", look_again)

    for _ in range(5):
        pool.look("sms", partial(looked.append, "once"))
        pool.look("email", partial(looked.append, "once"))
    while len(looked) < 2:
        eventlet.sleep(0)
    assert looked == ["once", "once"]
    pool.look("sms", look_again)
    while len(looked) < 3:
        eventlet.sleep(0)
    pool.finish()
    assert looked == ["once", "once", "again"]


def test_n6_a_hand_that_stumbles_says_so_without_naming_anybody(pool: Pool, caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    def stumble() -> None:
        raise ConnectionError("+46701740699")

    pool.ask("sms", stumble)
    pool.ask("sms", partial(done.append, "the next"))
    pool.finish()
    assert "sending by sms stopped: ConnectionError" in caplog.text
    assert "46701740699" not in caplog.text
    assert done == ["the next"]


def test_n6_a_process_that_ends_puts_down_what_it_has_and_takes_nothing_new(pool: Pool) -> None:
    done: list[bool] = []

    def send() -> None:
        eventlet.sleep(0.01)
        done.append(pool.goes_on())

    assert all(pool.ask("sms", send) for _ in range(2 * HANDS))
    pool.finish()
    assert done == [False] * 2 * HANDS, "who is asked late knows that the process ends"
    assert not pool.ask("sms", send)
    assert pool.room("sms", 9) == 0


def test_n6_what_hands_give_in_one_turn_and_while_something_is_written_is_written_together(pool: Pool) -> None:
    going = Event()
    written: list[list[str]] = []

    def write(given: list[str]) -> None:
        written.append(given)
        if len(written) == 1:
            going.wait()

    for channel in ("sms", "email"):
        pool.ask(channel, partial(pool.note, [f"{channel} 1"], write))
    while not written:
        eventlet.sleep(0)
    for number, channel in enumerate(("sms", "email", "sms"), 2):
        pool.ask(channel, partial(pool.note, [f"{channel} {number}"], write))
    eventlet.sleep(0)
    assert written == [["sms 1", "email 1"]], "nobody waits until it is written"
    going.send()
    pool.finish()
    assert [sorted(each) for each in written[1:]] == [["email 3", "sms 2", "sms 4"]]


def test_n6_what_stumbles_as_it_is_written_holds_up_nothing_else(pool: Pool, caplog: pytest.LogCaptureFixture) -> None:
    written: list[str] = []

    def write(given: list[str]) -> None:
        if "+46701740699" in given:
            raise ConnectionError(given)
        written.extend(given)

    pool.note(["+46701740699"], write)
    eventlet.sleep(0)
    pool.note(["the next"], write)
    pool.finish()
    assert "noting what was sent stopped: ConnectionError" in caplog.text
    assert "46701740699" not in caplog.text
    assert written == ["the next"]


def test_n6_what_is_given_to_a_process_that_ends_is_written_before_the_giver_goes_on(pool: Pool) -> None:
    written: list[str] = []
    pool.ask("sms", partial(pool.note, ["of a hand"], written.extend))
    pool.finish()
    pool.note(["of a worker"], written.extend)
    assert written == ["of a hand", "of a worker"]


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

    def wait() -> None:
        while pool.pause():
            waited.append(True)

    pool.ask("sms", wait)
    while not waited:
        eventlet.sleep(0)
    pool.finish()
    assert not pool.pause()
