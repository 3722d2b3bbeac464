"""The servers that the other tests stand on."""

from collections.abc import Callable

import psycopg2
import pytest
import redis
from kombu import Connection

from tests.servers.ports import answers
from tests.servers.server import Server


def _speaks_amqp(address: str) -> bool:
    return answers(Connection(address).port, b"AMQP\0\0\x09\x01")


def test_rabbitmq_takes_messages(rabbitmq_uri: str) -> None:
    with Connection(rabbitmq_uri) as connection:
        queue = connection.SimpleQueue("test-servers")
        queue.put({"hello": "world"})
        assert queue.get(timeout=5).payload == {"hello": "world"}
        queue.queue.delete()


def test_redis_answers(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.ping()


def test_each_postgres_database_is_fresh(new_postgres_database: Callable[[], str]) -> None:
    for address in (new_postgres_database(), new_postgres_database()):
        connection = psycopg2.connect(address.replace("+psycopg2", ""))
        with connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE only_mine (id int)")
        connection.close()


@pytest.mark.parametrize("hurt", ["stop", "kill", "pause"])
def test_a_hurt_rabbitmq_comes_back_at_the_same_address(rabbitmq_server: Server, hurt: str) -> None:
    getattr(rabbitmq_server, hurt)()
    assert not _speaks_amqp(rabbitmq_server.address)
    rabbitmq_server.resume()
    rabbitmq_server.start()
    assert _speaks_amqp(rabbitmq_server.address)
