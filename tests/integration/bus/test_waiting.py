"""An event that waits for somebody else costs nothing, however long it waits (ADR 19)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from shared.bus.dead_letter_queues import DeadLetterQueues
from shared.bus.events.signatures import SIGNATURE
from shared.bus.wires.message import WAITING_FOR, WAITING_SINCE, WAITS
from tests.contract.bus.house import DELAYS, House, eventually
from tests.integration.bus.conftest import NewHouse
from tests.servers.postgres import FreshDatabases
from tests.servers.server import Server

EVENTS = 20


def set_aside(house: House) -> list[str]:
    """Return the ids of the listener's dead letters."""
    queue = house.subscription().queue_name
    return [letter.id for letter in DeadLetterQueues(house.amqp_uri).waiting([queue])]


def test_a_database_away_for_longer_than_all_retries_costs_no_event(
    new_house: NewHouse, postgres_server: Server
) -> None:
    house = new_house(databases={"listener": FreshDatabases(postgres_server.address).new()}).start()
    postgres_server.stop()
    written = [house.tell() for _ in range(EVENTS)]
    eventually(lambda: all(len(house.attempts(event_id)) > len(DELAYS) + 2 for event_id in written))
    assert set_aside(house) == []
    postgres_server.start()
    eventually(lambda: all(house.effects(event_id) == 1 for event_id in written))
    assert set_aside(house) == []
    said = house.log.read_text()
    assert "Traceback" not in said, "what waits has no fault that somebody would look for"
    assert f"events in {house.subscription().queue_name} wait, one since" in said


def test_what_waits_survives_the_end_of_its_process_and_is_told_of_after_a_day(
    new_house: NewHouse, channel: Any, tmp_path: Path
) -> None:
    """However many wait: one line for their queue."""
    needed = tmp_path / "needed"
    first = new_house().start()
    waiting = [first.tell(needs=str(needed)) for _ in range(3)]
    queue = first.subscription().queue_name
    eventually(lambda: all(first.attempts(event_id) for event_id in waiting))
    first.end()
    second = new_house(suffix=first.suffix, services=("teller", "driver")).start()
    taken = eventually(lambda: taken_out(channel, queue, len(waiting)))
    since = datetime.now(UTC) - timedelta(days=1)
    for properties, body in taken:
        properties.headers |= {WAITING_SINCE: since.isoformat(), WAITING_FOR: "Unavailable: away", WAITS: 9}
        channel.basic_publish("", queue, body, properties)
    second.end()
    third = new_house(suffix=first.suffix).start()
    eventually(lambda: all(len(third.attempts(event_id)) > 2 for event_id in waiting))
    needed.touch()
    eventually(lambda: all(third.effects(event_id) == 1 for event_id in waiting))
    told = [line for line in third.log.read_text().splitlines() if "ALARM" in line]
    assert len(told) == 1, told
    assert f"events in {queue} wait since {since.isoformat(timespec='seconds')}" in told[0]


def taken_out(channel: Any, queue: str, count: int) -> list[tuple[Any, bytes]] | None:
    """Take messages out of a work queue once all of them have come back to it."""
    if channel.queue_declare(queue, passive=True).method.message_count < count:
        return None
    got = [channel.basic_get(queue, auto_ack=True) for _ in range(count)]
    assert all(SIGNATURE in properties.headers for _method, properties, _body in got)
    return [(properties, body) for _method, properties, body in got]
