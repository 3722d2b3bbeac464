"""The servers that the other tests stand on."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest
import redis
from amqp.exceptions import NotFound
from kombu import Connection

from tests.servers.ports import answers, wait_until
from tests.servers.server import Server


def _speaks_amqp(address: str) -> bool:
    return answers(Connection(address).port, b"AMQP\0\0\x09\x01")


def test_rabbitmq_takes_messages(rabbitmq_uri: str) -> None:
    with Connection(rabbitmq_uri) as connection:
        queue = connection.SimpleQueue("test-servers")
        queue.put({"hello": "world"})
        assert queue.get(timeout=30).payload == {"hello": "world"}
        queue.queue.delete()


def test_virtual_hosts_share_no_queues(new_rabbitmq_vhost: Callable[[], str]) -> None:
    with Connection(new_rabbitmq_vhost()) as here, Connection(new_rabbitmq_vhost()) as there:
        here.SimpleQueue("only-mine").put({})
        with pytest.raises(NotFound):
            there.default_channel.queue_declare("only-mine", passive=True)


def test_each_redis_database_is_empty(new_redis_database: Callable[[], str]) -> None:
    for address in (new_redis_database(), new_redis_database()):
        with redis.Redis.from_url(address) as client:
            assert client.dbsize() == 0
            client.set("only", "mine")


def test_each_postgres_database_is_fresh(new_postgres_database: Callable[[], str]) -> None:
    for address in (new_postgres_database(), new_postgres_database()):
        connection = psycopg2.connect(address.replace("+psycopg2", ""))
        with connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE only_mine (id int)")
        connection.close()


@pytest.mark.parametrize("hurt", ["stop", "kill", "pause"])
def test_a_hurt_rabbitmq_comes_back_at_the_same_address(rabbitmq_server: Server, hurt: str) -> None:
    getattr(rabbitmq_server, hurt)()
    assert wait_until(lambda: not _speaks_amqp(rabbitmq_server.address), 30)  # a busy machine stops it a moment later
    rabbitmq_server.resume()
    rabbitmq_server.start()
    assert wait_until(lambda: _speaks_amqp(rabbitmq_server.address), 30)


_STARTS_ONE_AND_WAITS = """
import signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever began the tests in the background has it ignored
from tests.servers.own_process import OwnProcess, new_folder
program = OwnProcess(["sleep", "600"], address="", folder=new_folder("killed"), ready=lambda: True)
program.start()
print(program.pid, program.folder, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_test_run_that_is_killed_leaves_nothing_behind(how: signal.Signals) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", _STARTS_ONE_AND_WAITS], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert run.stdout is not None
    pid, folder = run.stdout.readline().decode().split()
    assert Path(f"/proc/{pid}").exists()
    assert Path(folder).exists()
    run.send_signal(how)
    run.communicate(timeout=60)
    assert wait_until(lambda: not _runs(int(pid)) and not Path(folder).exists(), 60)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"  # a zombie waits only for whoever adopted it
