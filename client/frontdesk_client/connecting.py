"""The way to RabbitMQ."""

from __future__ import annotations

import pika
from pika.exceptions import AuthenticationError, ProbableAccessDeniedError, ProbableAuthenticationError

CONNECT_SECONDS = 5.0
REFUSED_USERS = (AuthenticationError, ProbableAccessDeniedError, ProbableAuthenticationError)
"""What `connection_to` raises where user, password or virtual host are wrong: another time is no better."""


def connection_to(address: str, *, heartbeat: int | None = None) -> pika.BlockingConnection:
    """Return a connection to `amqp://user:password@host/vhost` (`amqps` with TLS); raise pika's errors.

    Quote signs in user and password that have a meaning in addresses: `@` is `%40`.
    """
    parameters = pika.URLParameters(address)
    parameters.socket_timeout = CONNECT_SECONDS
    parameters.stack_timeout = CONNECT_SECONDS
    parameters.blocked_connection_timeout = CONNECT_SECONDS
    parameters.heartbeat = heartbeat
    return pika.BlockingConnection(parameters)
