"""A failing event is neither lost nor hot-looped, and nothing vanishes for want of a queue (DESIGN rules 3 and 4)."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pika

from shared.bus.dead_letter_queues import DeadLetterQueues
from shared.bus.events.dead_letters import DeadLetter
from shared.bus.events.signatures import SIGNATURE
from shared.bus.events.topology import DELIVERY_LIMIT, declare
from tests.contract.bus.house import ROOT, House, eventually
from tests.integration.bus.conftest import NewHouse
from tests.servers.server import Server

PLAIN_LISTENER = """
import eventlet; eventlet.monkey_patch()
import sys
from nameko.events import event_handler
from nameko.runners import ServiceRunner

class Theirs:
    name = "theirs"

    @event_handler({source!r}, "Told")
    def hear(self, body):
        print(body["id"], body["type"], body["source"], body["data"]["words"], flush=True)

runner = ServiceRunner({{"AMQP_URI": {uri!r}}})
runner.add_service(Theirs)
runner.start()
print("ready", flush=True)
runner.wait()
"""


def test_a_failing_event_waits_outside_the_queue_while_others_pass(house: House) -> None:
    failing = house.tell(failures=99)
    passing = [house.tell() for _ in range(20)]
    eventually(lambda: all(house.effects(event_id) == 1 for event_id in passing))
    first, second = eventually(lambda: (seen := house.attempts(failing))[1:] and seen)
    assert second - first >= 0.9


def test_a_waiting_retry_survives_the_end_of_its_process_and_of_the_broker(
    new_house: NewHouse, rabbitmq_server: Server
) -> None:
    house = new_house(rabbitmq_server.address, delays=(1.5,)).start()
    event_id = house.tell(failures=1)
    eventually(lambda: house.attempts(event_id))
    rabbitmq_server.restart()
    eventually(lambda: house.ask(house.listener, "effects", event_id, timeout=3.0).get("result") == 1)


def test_an_event_whose_consumer_is_killed_comes_again(new_house: NewHouse, tmp_path: Path) -> None:
    first = new_house().start()
    event_id = first.tell(kills_once=str(tmp_path / "now"))
    (tmp_path / "now").touch()
    first.gone()
    second = new_house(suffix=first.suffix).start()
    eventually(lambda: second.effects(event_id) == 1)


def test_a_process_that_is_killed_in_the_middle_of_a_batch_has_done_none_of_it(
    new_house: NewHouse, tmp_path: Path
) -> None:
    """ADR 22: all of it comes again, and each event acts once."""
    gate, mark = tmp_path / "gate", tmp_path / "mark"
    first = new_house().start()
    held = first.tell(gate=str(gate))
    eventually(Path(f"{gate}.runs").exists)
    written = [first.tell(**({"kills_in_writing_once": str(mark)} if number == 20 else {})) for number in range(40)]
    eventually(lambda: first.gathered() == len(written))
    gate.touch()
    first.gone()
    assert mark.exists()
    second = new_house(suffix=first.suffix).start()
    eventually(lambda: all(second.effects(event_id) == 1 for event_id in [held, *written]))


def test_what_was_done_and_perhaps_not_acknowledged_when_its_process_was_killed_acts_once(new_house: NewHouse) -> None:
    """ADR 27: acknowledgements wait for each other."""
    first = new_house().start()
    written = [first.tell() for _ in range(20)]
    eventually(lambda: all(first.effects(event_id) == 1 for event_id in written))
    first.end()
    second = new_house(suffix=first.suffix).start()
    later = second.tell()
    eventually(lambda: second.effects(later) == 1 and second.gathered() == 0)
    assert {second.effects(event_id) for event_id in written} == {1}


def test_who_stops_leaves_nothing_unacknowledged_that_it_has_done(new_house: NewHouse, channel: Any) -> None:
    """ADR 27: it would come again."""
    house = new_house().start()
    written = [house.tell() for _ in range(5)]
    eventually(lambda: all(house.effects(event_id) == 1 for event_id in written))
    house.end(signal.SIGTERM)
    queue = house.subscription().queue_name
    left = eventually(
        lambda: (found := channel.queue_declare(queue, passive=True).method).consumer_count == 0 and found
    )
    assert left.message_count == 0


def test_two_processes_take_the_same_events_in_batches_and_act_once(new_house: NewHouse, postgres_url: str) -> None:
    """They have come twice, and lie with both."""
    houses = [new_house(databases={"listener": postgres_url}).start()]
    houses.append(new_house(suffix=houses[0].suffix, databases={"listener": postgres_url}).start())
    written = [houses[0].tell() for _ in range(30)]
    for event_id in written:
        houses[0].call(houses[0].teller, "repeat", event_id)
    eventually(lambda: all(houses[0].effects(event_id) == 1 for event_id in written))
    eventually(lambda: sum(len(house.attempts(event_id)) for house in houses for event_id in written) >= 60)
    assert {houses[0].effects(event_id) for event_id in written} == {1}


def test_an_event_that_ends_every_process_is_set_aside_in_the_end(
    rabbitmq_uri: str, new_house: NewHouse, channel: Any
) -> None:
    subscription = new_house().subscription()
    declare(rabbitmq_uri, [subscription])
    channel.basic_publish("", subscription.queue_name, b"{}", pika.BasicProperties(message_id="deadly"))
    dead_letters = DeadLetterQueues(rabbitmq_uri)
    taken = 0

    def taken_and_dropped_until_set_aside() -> Any:
        nonlocal taken
        method, _properties, _body = channel.basic_get(subscription.queue_name)
        if method is None:
            return dead_letters.waiting([subscription.queue_name], ["deadly"])
        taken += 1
        channel.basic_nack(method.delivery_tag, requeue=True)
        return None

    assert eventually(taken_and_dropped_until_set_aside)
    assert taken == DELIVERY_LIMIT + 1


def test_what_is_no_event_is_set_aside_at_once(house: House, channel: Any) -> None:
    queue = house.subscription().queue_name
    dead_letters = DeadLetterQueues(house.amqp_uri)

    def without_id() -> list[DeadLetter]:
        """Return what this test sent: other tests' events have ids of their own."""
        return [letter for letter in dead_letters.waiting([queue]) if letter.id.startswith("delivery-")]

    for body in (b"{", b"[]", b'{"id": "x"}', b"\xff"):
        signed = {SIGNATURE: house.signatures.of(house.teller, "Told", body)}
        properties = pika.BasicProperties(content_type="text/plain", headers=signed)
        channel.basic_publish(f"{house.teller}.events", "Told", body, properties)
    letters = eventually(lambda: (found := without_id())[3:] and found)
    assert {letter.attempts for letter in letters} == {1}
    assert all("not an event" in letter.last_error for letter in letters)
    event_id = house.tell()
    eventually(lambda: house.effects(event_id) == 1)


def test_an_event_for_a_service_that_has_never_run_waits_for_it(new_house: NewHouse) -> None:
    teller = new_house(services=("teller", "driver"), house=("listener",)).start()
    event_id = teller.tell()
    listener = new_house(suffix=teller.suffix, services=("listener", "driver")).start()
    eventually(lambda: listener.effects(event_id) == 1)


def test_a_queue_that_exists_with_other_arguments_ends_the_start_loudly(new_house: NewHouse, channel: Any) -> None:
    house = new_house()
    channel.queue_declare(house.subscription().queue_name, durable=True)
    house.start(wait=False)
    assert house.gone() != 0
    assert "PRECONDITION_FAILED" in house.log.read_text() or "PreconditionFailed" in house.log.read_text()


def test_plain_nameko_handlers_of_other_teams_receive_the_events(house: House) -> None:
    listener = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", PLAIN_LISTENER.format(source=house.teller, uri=house.amqp_uri)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert listener.stdout is not None
    try:
        assert listener.stdout.readline() == "ready\n"
        event_id = house.tell(words="hej")
        assert listener.stdout.readline() == f"{event_id} Told {house.teller} hej\n"
    finally:
        listener.kill()
        listener.wait()
        listener.stdout.close()


def test_events_flow_again_by_themselves_after_the_broker_was_gone(
    new_house: NewHouse, rabbitmq_server: Server
) -> None:
    house = new_house(rabbitmq_server.address)
    all_of_them = [house.subscription("Told"), house.subscription("Sung"), house.subscription("Shown", "look")]
    declare(rabbitmq_server.address, all_of_them)
    rabbitmq_server.restart()  # RabbitMQ 3.10 does not find quorum queues again that are seconds old at a power cut
    house.start()
    rabbitmq_server.kill()
    with_no_broker = [
        answer for answer in (house.ask(house.teller, "echo", 1) for _ in range(2)) if answer.get("refusal")
    ]
    assert with_no_broker
    rabbitmq_server.start()
    eventually(lambda: house.ask(house.teller, "echo", 1, timeout=3.0).get("result") == 1)
    event_id = house.tell()
    eventually(lambda: house.ask(house.listener, "effects", event_id, timeout=3.0).get("result") == 1)
    said = house.log.read_text()
    assert "the connection to the message bus is lost" in said
    assert "Connection to broker lost" not in said, "of what is nobody's fault there is a sentence and no traceback"
