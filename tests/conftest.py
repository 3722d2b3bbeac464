"""What every test can ask for. Servers start when the first test asks, and end with the run (tests/servers)."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, settings

from tests.servers import chromium, postgres, redis
from tests.servers.memory import write_into_memory
from tests.servers.rabbitmq import FreshVhosts
from tests.servers.server import Server, ServerMissing
from tests.servers.sources import POSTGRES, POSTGRES_TO_HURT, RABBITMQ, RABBITMQ_TO_HURT, REDIS, Kind, new_server

_ANY_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fixed", _ANY_MACHINE, max_examples=150, derandomize=True)  # the same in every run
settings.register_profile("fast", _ANY_MACHINE, max_examples=25, derandomize=True)
settings.register_profile("deep", _ANY_MACHINE, max_examples=1500)  # others in each run
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


def pytest_configure() -> None:
    """Keep what tests write off the disk, before the first of them writes."""
    write_into_memory()


def pytest_collection_finish() -> None:
    """Refuse to run where importing a test has patched this process: eventlet belongs into processes of its own.

    What stands by then stays for the whole run.
    """
    patcher = sys.modules.get("eventlet.patcher")
    if patcher is not None and patcher.is_monkey_patched("socket"):
        pytest.exit("A test module imports something that calls eventlet.monkey_patch(); start it as a process.", 1)
    _collect_garbage_less_often()


def _collect_garbage_less_often() -> None:
    """Leave what is imported and collected alone: looking through it for garbage took a tenth of the quick tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@contextmanager
def _address(kind: Kind) -> Iterator[str]:
    if given := kind.given():
        yield given
        return
    with _own(kind) as server:
        yield server.address


@contextmanager
def _own(kind: Kind) -> Iterator[Server]:
    try:
        server = new_server(kind)
    except ServerMissing as missing:
        pytest.fail(str(missing), pytrace=False)
    try:
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def new_rabbitmq_vhost() -> Iterator[Callable[[], str]]:
    """Return a function that makes an empty virtual host and returns its address (`pyamqp://…`)."""
    with _address(RABBITMQ) as address:
        vhosts = FreshVhosts(address, os.environ.get("TEST_AMQP_MANAGEMENT_URL"))
        yield vhosts.new
        if RABBITMQ.given():  # one of our own ends with all that is in it
            vhosts.drop_all()


@pytest.fixture(scope="session")
def new_postgres_database() -> Iterator[Callable[..., str]]:
    """Return a function that makes an empty PostgreSQL database, or one `like` another, and returns its address."""
    with _address(POSTGRES) as address:
        databases = postgres.FreshDatabases(address)
        yield databases.new
        if POSTGRES.given():
            databases.drop_all()


@pytest.fixture(scope="session")
def new_redis_database() -> Iterator[Callable[[], str]]:
    """Return a function that returns the address of an empty Redis database."""
    with _address(REDIS) as address:
        yield redis.FreshDatabases(address).new


@pytest.fixture(scope="module")
def rabbitmq_uri(new_rabbitmq_vhost: Callable[[], str]) -> str:
    """Return the address of a virtual host of this module's own."""
    return new_rabbitmq_vhost()


@pytest.fixture(scope="module")
def postgres_url(new_postgres_database: Callable[[], str]) -> str:
    """Return the address of an empty PostgreSQL database of this module's own."""
    return new_postgres_database()


@pytest.fixture(scope="module")
def redis_url(new_redis_database: Callable[[], str]) -> str:
    """Return the address of an empty Redis database of this module's own."""
    return new_redis_database()


@pytest.fixture(scope="session")
def rabbitmq_to_hurt() -> Iterator[Server]:
    """Return the RabbitMQ behind `rabbitmq_server`, for fixtures that outlive a test."""
    with _own(RABBITMQ_TO_HURT) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_to_hurt() -> Iterator[Server]:
    """Return the PostgreSQL behind `postgres_server`, for fixtures that outlive a test; it keeps what it committed."""
    with _own(POSTGRES_TO_HURT) as server:
        yield server


@pytest.fixture(scope="session")
def redis_to_hurt() -> Iterator[Server]:
    """Return the Redis behind `redis_server`, for fixtures that outlive a test."""
    with _own(REDIS) as server:
        yield server


def _healed(server: Server) -> Iterator[Server]:
    yield server
    server.resume()
    server.start()


@pytest.fixture
def rabbitmq_server(rabbitmq_to_hurt: Server) -> Iterator[Server]:
    """Return a RabbitMQ for fault tests, apart from `rabbitmq_uri`'s; the next test finds it well again."""
    yield from _healed(rabbitmq_to_hurt)


@pytest.fixture
def postgres_server(postgres_to_hurt: Server) -> Iterator[Server]:
    """Return a PostgreSQL for fault tests, apart from `postgres_url`'s."""
    yield from _healed(postgres_to_hurt)


@pytest.fixture
def redis_server(redis_to_hurt: Server) -> Iterator[Server]:
    """Return a Redis for fault tests, apart from `redis_url`'s."""
    yield from _healed(redis_to_hurt)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return the path of a Chromium for Playwright's `executable_path`."""
    try:
        return chromium.chromium_path()
    except ServerMissing as missing:
        pytest.fail(str(missing), pytrace=False)
