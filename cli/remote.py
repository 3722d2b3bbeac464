"""How commands reach the services: RPC over RabbitMQ, as an internal tool that signs with the house's key."""

import getpass
import sys
from datetime import UTC, datetime
from typing import NoReturn

import click

from shared.actor import Actor, sign
from shared.bus.client import BlockingClient
from shared.settings import Settings


def connect(settings: Settings) -> BlockingClient:
    """Return a client of the services; end the program with one sentence where they cannot be reached from here."""
    if settings.embedded:
        fail(
            "This command talks to services over RabbitMQ, and AMQP_URI is not set; "
            "an installation in one process (`frontdesk up`) is reached by its HTTP API alone (see README)."
        )
    tool = Actor(kind="tool", id="frontdesk", source=f"command line of {getpass.getuser()}")
    return BlockingClient(settings.amqp_uri, lambda: sign(tool, "house", settings.actor_key, datetime.now(UTC)))


def fail(sentence: str) -> NoReturn:
    """End the program: what is wrong goes to standard error, the exit code is 1."""
    click.echo(f"frontdesk: {sentence}", err=True)
    sys.exit(1)
