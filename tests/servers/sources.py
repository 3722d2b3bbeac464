"""Where a server comes from: the environment, a container, this machine's programs, or a package installed now."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from tests.servers import debian, postgres, rabbitmq, redis
from tests.servers.container import engine_answers
from tests.servers.server import Server, ServerMissing


@dataclass(frozen=True)
class Kind:
    """One kind of server: how it is called, found and made."""

    name: str
    variable: str
    package: str
    in_container: Callable[[], Server]
    installed: Callable[[], Server | None]

    def given(self) -> str | None:
        """Return the address in the environment, or None."""
        return os.environ.get(self.variable) or None


RABBITMQ = Kind("RabbitMQ", "TEST_AMQP_URI", "rabbitmq-server", rabbitmq.in_container, rabbitmq.installed)
POSTGRES = Kind("PostgreSQL", "TEST_POSTGRES_URL", "postgresql", postgres.in_container, postgres.installed)
POSTGRES_TO_HURT = replace(
    POSTGRES,
    in_container=partial(postgres.in_container, durable=True),
    installed=partial(postgres.installed, durable=True),
)
RABBITMQ_TO_HURT = replace(RABBITMQ, installed=partial(rabbitmq.installed, managed=False))
REDIS = Kind("Redis", "TEST_REDIS_URL", "redis-server", redis.in_container, redis.installed)


def new_server(kind: Kind) -> Server:
    """Return a running server of this test run's own; raise ServerMissing where none can be had."""
    server = _make(kind)
    server.start()
    return server


def _make(kind: Kind) -> Server:
    if engine_answers():
        return kind.in_container()
    server = kind.installed()
    if server is None and debian.may_install() and debian.install(kind.package):
        server = kind.installed()
    if server is None:
        raise ServerMissing(
            f"{kind.name} is missing: start Docker, install the package {kind.package}, "
            f"or set {kind.variable} to the address of one."
        )
    return server
