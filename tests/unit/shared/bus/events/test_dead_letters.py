"""The embedded bus's dead letters, read and marked by other processes than the one that has the bus."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.bus.events.dead_letters import FILE_NAME, KEPT, DeadLetterFile
from shared.bus.wires.message import ATTEMPTS, FIRST_ERROR, WAITING_FOR, WAITING_SINCE, WAITS

QUEUE = "evt-booking-BookingCreated--patient.create_or_fill"


@pytest.fixture
def letters(tmp_path: Path) -> DeadLetterFile:
    """Return a file with two letters of one queue and one of another."""
    file = DeadLetterFile(tmp_path / "new folder")
    for queue, name in ((QUEUE, "a"), (QUEUE, "b"), ("evt-other", "c")):
        file.add(queue, b'{"id": "x"}', {ATTEMPTS: 6, FIRST_ERROR: "ValueError: no"}, {"message_id": name})
    return file


def test_letters_are_listed_by_queue_oldest_first(letters: DeadLetterFile) -> None:
    assert [letter.id for letter in letters.waiting([QUEUE])] == ["a", "b"]


def test_a_letter_tells_its_story(letters: DeadLetterFile) -> None:
    (letter,) = letters.waiting([QUEUE], ["a"])
    assert (letter.attempts, letter.first_error, letter.body) == (6, "ValueError: no", '{"id": "x"}')


def test_a_letter_marked_for_replay_waits_for_the_bus_and_is_no_longer_listed(letters: DeadLetterFile) -> None:
    assert [letter.id for letter in letters.replay([QUEUE], ["a"])] == ["a"]
    assert [letter.id for letter in letters.waiting([QUEUE])] == ["b"]
    assert letters.replay([QUEUE], ["a"]) == []
    (stored,) = letters.to_replay()
    assert (stored.queue, stored.body, stored.properties) == (QUEUE, b'{"id": "x"}', {"message_id": "a"})
    letters.forget(stored.row)
    assert letters.to_replay() == []


def test_a3_a_letter_that_nobody_has_looked_after_for_a_month_goes(letters: DeadLetterFile, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "new folder" / FILE_NAME) as connection:
        for name, age in (("a", KEPT + timedelta(seconds=60)), ("b", KEPT - timedelta(days=1))):
            at = (datetime.now(UTC) - age).isoformat()
            connection.execute("UPDATE dead_letters SET dead_at = ? WHERE message_id = ?", (at, name))
    letters.to_replay()
    assert [letter.id for letter in letters.waiting([QUEUE, "evt-other"])] == ["b", "c"]


def test_a_message_without_an_id_can_be_named_by_its_row(letters: DeadLetterFile) -> None:
    letters.add("evt-nameless", b"{", {}, {})
    (nameless,) = letters.waiting(["evt-nameless"])
    assert letters.drop(["evt-nameless"], [nameless.id]) == [nameless]
    assert letters.waiting(["evt-nameless"]) == []


def test_all_letters_of_some_queues_are_handed_back_at_once(letters: DeadLetterFile) -> None:
    letters.add("evt-third", b"{}", {}, {"message_id": "d"})
    assert [letter.id for letter in letters.replay([QUEUE, "evt-other"])] == ["a", "b", "c"]
    assert [letter.id for letter in letters.waiting([QUEUE, "evt-other", "evt-third"])] == ["d"]


@pytest.mark.parametrize(("queue", "letter"), [(QUEUE, "c"), ("evt-other", "a"), (QUEUE, "")])
def test_what_is_not_there_can_be_neither_replayed_nor_dropped(
    letters: DeadLetterFile, queue: str, letter: str
) -> None:
    assert letters.replay([queue], [letter]) == []
    assert letters.drop([queue], [letter]) == []
    assert letters.waiting([queue], [letter]) == []


def wait(since: str, reason: str = "Unavailable: away") -> dict[str, object]:
    """Return the headers of an event that waits."""
    return {WAITING_SINCE: f"{since}T12:00:00+00:00", WAITING_FOR: reason, WAITS: 3}


def test_what_waits_is_listed_by_queue_oldest_first_and_what_has_failed_is_not(letters: DeadLetterFile) -> None:
    letters.note_delayed([("gone", QUEUE, wait("2026-11-01"))])
    letters.note_delayed(
        [("new", QUEUE, wait("2026-11-09")), ("old", QUEUE, wait("2026-11-02")), ("failed", QUEUE, {ATTEMPTS: 2})]
    )
    assert [event.id for event in letters.held_up([QUEUE])] == ["old", "new"]
    assert letters.held_up(["evt-other"]) == []


def test_what_is_marked_to_be_parked_is_the_bus_s_to_take_once(letters: DeadLetterFile) -> None:
    waiting = [("a", QUEUE, wait("2026-11-01")), ("b", QUEUE, wait("2026-11-01"))]
    letters.note_delayed(waiting)
    assert [event.id for event in letters.park([QUEUE], ["a"])] == ["a"]
    letters.note_delayed(waiting)
    assert [event.id for event in letters.held_up([QUEUE])] == ["b"]
    assert letters.take_to_park() == {("a", QUEUE)}
    assert letters.take_to_park() == set()


def test_a_parked_letter_tells_since_when_and_for_what_it_waited_and_what_failed_before(
    letters: DeadLetterFile,
) -> None:
    failed = {ATTEMPTS: 2, FIRST_ERROR: "ValueError: no"}
    letters.add_parked(QUEUE, b"{}", {"nameko.x": 1, **failed, **wait("2026-11-01")}, {"message_id": "p"})
    (letter,) = letters.waiting([QUEUE], ["p"])
    assert (letter.attempts, letter.first_error) == (2, "ValueError: no")
    assert letter.last_error == "parked, having waited since 2026-11-01T12:00:00+00:00: Unavailable: away"
