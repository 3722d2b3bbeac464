"""Every RPC has a time limit, whatever happens to the callee or to the broker (DESIGN rules 5 and 6)."""

import json
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pika
import pytest
from sqlalchemy import make_url, select

from shared.actor import LIFETIME, Actor, sign
from shared.bus.client import BlockingClient
from shared.contracts.errors import Forbidden, SlotTaken, Timeout, Unavailable
from shared.storage.database import Database
from tests.contract.bus.house import House, eventually
from tests.contract.bus.services import Store
from tests.integration.bus.conftest import NewHouse
from tests.servers.proxy import Proxies
from tests.servers.server import Server


def key_of(house: House) -> str:
    """Return the house's own actor key."""
    key: str = json.loads((house.folder / "keys.json").read_text())["ACTOR_KEY"]
    return key


def test_a_callee_that_dies_alone_costs_its_caller_the_time_limit_and_kills_no_other(new_house: NewHouse) -> None:
    caller = new_house(services=("driver",)).start()
    callee = new_house(suffix=caller.suffix, services=("teller", "driver")).start()
    assert caller.call(caller.teller, "echo", 1) == 1
    answer = caller.ask(caller.teller, "die", "deadly", timeout=4.0)
    assert answer["refusal"] == "Timeout"
    assert answer["seconds"] < 15
    callee.gone()
    successor = new_house(suffix=caller.suffix, services=("teller", "driver")).start()
    assert successor.call(caller.teller, "echo", 1) == 1
    assert successor.call(caller.teller, "effects", "deadly") == 1


def test_a_call_interrupted_by_its_process_end_is_not_run_again_and_its_caller_told_before_its_limit(
    new_house: NewHouse,
) -> None:
    caller = new_house(services=("driver",)).start()
    callee = new_house(suffix=caller.suffix, services=("teller", "driver")).start()
    successor = new_house(suffix=caller.suffix, services=("teller", "driver")).start()
    with BlockingClient(caller.amqp_uri) as client:
        assert client.call(caller.teller, "echo", 1) == 1
        with pytest.raises(Unavailable, match="whether it was done is open"):
            client.call(caller.teller, "die", "deadly", timeout=60.0)
    survivors = [house for house in (callee, successor) if house.process and house.process.poll() is None]
    assert len(survivors) == 1
    assert survivors[0].call(caller.teller, "effects", "deadly") == 1


def test_a_request_whose_caller_gave_up_never_runs(new_house: NewHouse) -> None:
    house = new_house(services=("teller", "driver")).start()
    house.end()
    with BlockingClient(house.amqp_uri) as client:
        with pytest.raises(Timeout):
            client.call(house.teller, "slow", 0, "stale", timeout=0.5)
        house.start()
        assert client.call(house.teller, "runs", "stale") == 0


def test_a_request_that_waited_too_long_for_a_free_worker_never_runs(new_house: NewHouse, tmp_path: Path) -> None:
    house = new_house(services=("teller", "driver"), max_workers=1).start()
    gate = tmp_path / "gate"
    with BlockingClient(house.amqp_uri) as busy, BlockingClient(house.amqp_uri) as waiting, ThreadPoolExecutor() as at:
        working = at.submit(busy.call, house.teller, "wait_for", str(gate), timeout=60.0)
        eventually(Path(f"{gate}.runs").exists)
        with pytest.raises(Timeout):
            waiting.call(house.teller, "slow", 0, "too late", timeout=0.5)
        gate.touch()
        assert working.result() is None
        assert waiting.call(house.teller, "runs", "too late", timeout=30.0) == 0


def test_a_call_whose_connection_is_lost_before_its_answer_is_not_made_again(
    house: House, rabbitmq_uri: str, tmp_path: Path
) -> None:
    """C5: whether it was done is for its caller to find out; one that was lost while nobody called is made anew."""
    port = make_url(rabbitmq_uri).port or 5672
    way, gate = Proxies(broker=port), tmp_path / "gate"
    try:
        uri = rabbitmq_uri.replace(f":{port}/", f":{way.ports['broker']}/")
        with BlockingClient(uri) as client, ThreadPoolExecutor() as at:
            assert client.call(house.teller, "echo", 1) == 1
            working = at.submit(client.call, house.teller, "change", "lost", str(gate), timeout=60.0)
            eventually(Path(f"{gate}.runs").exists)
            way.set("broker", "closed")
            way.set("broker", "open")
            gate.touch()
            with pytest.raises(Unavailable):
                working.result()
            eventually(lambda: house.call(house.teller, "effects", "lost") == 1)
            assert client.call(house.teller, "echo", 1) == 1
            way.set("broker", "closed")
            way.set("broker", "open")
            assert client.call(house.teller, "echo", 2) == 2
    finally:
        way.close()


def test_a_frozen_broker_costs_no_more_than_the_limit_and_old_calls_are_not_run_after_it(
    new_house: NewHouse, rabbitmq_server: Server
) -> None:
    house = new_house(rabbitmq_server.address, services=("teller", "driver")).start()
    assert house.call(house.teller, "echo", 1) == 1
    rabbitmq_server.pause()
    answers = [house.ask(house.teller, "slow", 0, "frozen", timeout=1.0) for _ in range(3)]
    assert all(answer.get("refusal") in {"Timeout", "Unavailable"} for answer in answers), answers
    assert max(answer["seconds"] for answer in answers) < 10
    rabbitmq_server.resume()
    eventually(lambda: house.ask(house.teller, "echo", 1).get("result") == 1, within=30)
    assert house.call(house.teller, "runs", "frozen") == 0
    assert house.do("pending")["result"] == 0


def test_without_a_broker_a_call_is_unavailable_at_once_and_works_again_after_its_restart(
    new_house: NewHouse, rabbitmq_server: Server
) -> None:
    house = new_house(rabbitmq_server.address, services=("teller", "driver")).start()
    rabbitmq_server.stop()
    answers = [house.ask(house.teller, "echo", 1, timeout=20.0) for _ in range(3)]
    assert {answer.get("refusal") for answer in answers} == {"Unavailable"}
    assert max(answer["seconds"] for answer in answers) < 15
    rabbitmq_server.start()
    eventually(lambda: house.ask(house.teller, "echo", 1, timeout=3.0).get("result") == 1)
    assert house.do("pending")["result"] == 0


def test_what_a_caller_was_told_is_committed(new_house: NewHouse) -> None:
    house = new_house(services=("teller", "driver")).start()
    event_id = house.tell("NobodyListens")
    house.end()
    database = Database(f"sqlite:///{house.folder / 'teller.sqlite3'}")
    with database.reading() as connection:
        assert event_id in connection.execute(select(Store.outbox.c.event_id)).scalars().all()
    database.close()


def test_a_call_without_a_token_is_nobodys(house: House) -> None:
    with BlockingClient(house.amqp_uri) as client, pytest.raises(Forbidden):
        client.call(house.teller, "whoami")


def test_a_service_that_was_called_by_nobody_lends_its_name_to_nobody(house: House) -> None:
    with BlockingClient(house.amqp_uri) as client, pytest.raises(Forbidden):
        client.call(house.teller, "whoami_over_two")


def test_a_token_ends_with_its_minute_however_long_the_chain(house: House) -> None:
    anna = Actor(kind="staff", id="anna@solna.example", role="therapist", clinic="solna")
    now = datetime.now(UTC)

    def acting(moment: datetime) -> BlockingClient:
        return BlockingClient(house.amqp_uri, lambda: sign(anna, "house", key_of(house), moment))

    with acting(now) as client:
        assert client.call(house.teller, "whoami_over_two")["id"] == anna.id
    with acting(now - LIFETIME - timedelta(seconds=1)) as client, pytest.raises(Forbidden):
        client.call(house.teller, "whoami_over_two")


def test_rubbish_in_the_request_queue_does_no_harm(house: House, channel: Any) -> None:
    rubbish = [b"", b"\xff\xfe", b"[]", b'{"args": 1, "kwargs": []}', b'{"args": [1], "kwargs": {}}']
    headers = [{}, {"nameko.call_id_stack": 5}, {"nameko.deadline": "soon"}, {"nameko.correlation_id": 7}]
    for body in rubbish:
        for header in headers:
            properties = pika.BasicProperties(headers=header, content_type="application/x-python-serialize")
            channel.basic_publish("nameko-rpc", f"{house.teller}.echo", body, properties)
    assert house.call(house.teller, "echo", 1) == 1


def test_the_command_lines_client_gets_answers_and_refusals(house: House) -> None:
    with BlockingClient(house.amqp_uri) as client:
        assert client.call(house.teller, "echo", value="Åsa") == "Åsa"
        with pytest.raises(SlotTaken) as refused:
            client.call(house.teller, "refuse", "SlotTaken", {"alternatives": [1]})
        assert refused.value.extra == {"alternatives": [1]}
        with pytest.raises(Timeout):
            client.call(house.teller, "slow", 10, "x", timeout=0.3)
        with pytest.raises(Unavailable):
            client.call(f"nobody{uuid.uuid4().hex}", "ping")


def test_the_command_lines_client_says_so_when_there_is_no_broker() -> None:
    with BlockingClient("pyamqp://guest:guest@127.0.0.1:1//") as client, pytest.raises(Unavailable):
        client.call("booking", "ping", timeout=2.0)


def test_the_command_lines_client_survives_a_restart_of_the_broker(
    new_house: NewHouse, rabbitmq_server: Server
) -> None:
    house = new_house(rabbitmq_server.address, services=("teller", "driver")).start()
    with BlockingClient(rabbitmq_server.address) as client:
        assert client.call(house.teller, "echo", 1) == 1
        rabbitmq_server.restart()

        def answered() -> bool:
            try:
                return bool(client.call(house.teller, "echo", 1, timeout=3.0) == 1)
            except (Timeout, Unavailable):
                return False

        assert eventually(answered)


def test_a_plain_nameko_program_can_call(house: House) -> None:
    program = (
        "import eventlet; eventlet.monkey_patch()\n"
        "from nameko.standalone.rpc import ClusterRpcProxy\n"
        f"with ClusterRpcProxy({{'AMQP_URI': {house.amqp_uri!r}}}, timeout=30) as services:\n"
        f"    print(services[{house.teller!r}].echo(value='Åsa'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.strip() == "Åsa", done.stderr
