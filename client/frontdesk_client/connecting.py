"""The way to RabbitMQ."""

from __future__ import annotations

import pika

CONNECT_SECONDS = 5.0


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
