"""A user of RabbitMQ for each process and each internal tool, with no more rights than its work takes (ADR 16).

Rights are RabbitMQ's: regular expressions over the names of queues and exchanges, and over the routing keys of the
exchange that carries calls, so that nobody listens to the calls of others.
"""

import base64
import hashlib
import json
import os
import re
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.error import URLError

import click

from cli.faces.endings import fail
from cli.serve import CLASSES, house
from shared.bus.client import RPC_EXCHANGE, connection_parameters
from shared.bus.events.topology import Subscription, declare, subscriptions_of
from shared.settings import SERVICES, Settings
from shared.tools import Tool

TOOL = "tool-"
"""What a tool's user is called: this, and the tool's name in `TOOL_KEYS`."""

_PASSWORD_LENGTH = 16
_SECONDS = 30.0
_DEFAULT_EXCHANGE = r"amq\.default"
_RETRIES = r"frontdesk\.retry\.[0-9]+"
_CALLS = rf"({'|'.join(SERVICES)})\.[a-z_]+"
_ANSWERS = "[0-9a-f-]+"
"""Where answers go: ids that nobody can guess."""


@dataclass(frozen=True)
class Rights:
    """What a user may declare or delete, publish to or bind, consume or bind to; which calls it may send, and hear."""

    configure: str
    write: str
    read: str
    calls: str
    hears: str


def rights_of_caller(name: str) -> Rights:
    """Return the rights of who only calls: the gateway, many tools. Nameko's own clients declare the exchange too."""
    mine = _one_of(*_replies(name), RPC_EXCHANGE)
    return Rights(mine, mine, mine, calls=_one_of(_CALLS), hears=_one_of(_ANSWERS))


def rights_of_tool(name: str, hears: Iterable[str]) -> Rights:
    """Return the rights of a tool's user `tool-NAME`: it calls, and hears these services' events in queues of its own.

    Their names begin with its own and a dot. It declares no exchange of events, or it could delete one.
    """
    calling, queues = rights_of_caller(name), rf"{re.escape(name)}\..+"
    mine = (*_replies(name), RPC_EXCHANGE, queues)
    heard = [rf"{source}\.events" for source in hears]
    if not heard:
        return calling
    return replace(calling, configure=_one_of(*mine), write=_one_of(*mine), read=_one_of(*mine, *heard))


def rights_of_service(name: str, subscriptions: Iterable[Subscription]) -> Rights:
    """Return the rights of a service: it publishes its own events only, and reads its own queues.

    Setting aside goes over the default exchange, which leads into any queue; what is put there by whom it does not
    come from is not believed (`shared/bus/events/signatures.py`).
    """
    heard = sorted({f"{each.source}.events" for each in subscriptions if each.service == name})
    queues = (f"rpc-{name}", *_replies(name), rf"evt-.*--{name}\..*", _RETRIES)
    return Rights(
        configure=_one_of(*queues, RPC_EXCHANGE, *{f"{name}.events", *heard}),
        write=_one_of(*queues, RPC_EXCHANGE, f"{name}.events", _DEFAULT_EXCHANGE),
        read=_one_of(*queues, RPC_EXCHANGE, *heard),
        calls=_one_of(_CALLS, _ANSWERS),
        hears=_one_of(rf"{name}\.\*", _ANSWERS),
    )


def definitions(passwords: Mapping[str, str], tools: Mapping[str, Tool], vhost: str) -> dict[str, list[dict[str, str]]]:
    """Return the users with their rights as RabbitMQ imports them; passwords are hashed in it."""
    subscriptions = subscriptions_of(house())
    services = {name: rights_of_service(name, subscriptions) for name in SERVICES}
    others = {f"{TOOL}{name}": rights_of_tool(f"{TOOL}{name}", sorted(tool.hears)) for name, tool in tools.items()}
    known = {**services, **others}
    rights = {name: known.get(name) or rights_of_caller(name) for name in passwords}
    return {
        "users": [_user(name, password) for name, password in passwords.items()],
        "permissions": [
            {"user": name, "vhost": vhost, "configure": may.configure, "write": may.write, "read": may.read}
            for name, may in rights.items()
        ],
        "topic_permissions": [
            {"user": name, "vhost": vhost, "exchange": RPC_EXCHANGE, "write": may.calls, "read": may.hears}
            for name, may in rights.items()
        ],
    }


def make_users(settings: Settings, passwords: str, management: str | None) -> None:
    """Make or change the users, and the queues of all services; print the definitions where no management is named.

    The user of `AMQP_URI` must be the broker's administrator. Ends the program with one sentence where it cannot be.
    """
    broker = connection_parameters(settings.amqp_uri)
    made = definitions(_passwords(passwords, settings), settings.tools, broker.virtual_host)
    if not management:
        click.echo(json.dumps(made, indent=1))
        return
    try:
        _import(made, management, broker.credentials.username, broker.credentials.password)
    except (URLError, ValueError) as refused:
        fail(f"RabbitMQ's management at {management} does not take the users: {refused}.")
    declare(settings.amqp_uri, subscriptions_of(house()))
    click.echo(f"users of the broker: {', '.join(user['name'] for user in made['users'])}")


def _replies(name: str) -> tuple[str, str]:
    """Return the queues of answers: of a process or tool, and of programs that only call (ours, and Nameko's)."""
    return rf"rpc\.reply-{re.escape(name.removeprefix(TOOL))}-.*", r"rpc\.reply-(tool|standalone_rpc_proxy)-.*"


def _one_of(*patterns: str) -> str:
    return f"^({'|'.join(sorted(patterns))})$"


def _passwords(text: str, settings: Settings) -> dict[str, str]:
    pairs = [pair.strip().partition(":") for pair in text.split(",") if pair.strip()]
    if not all(separator for _, separator, _ in pairs):  # what is no pair may be half of a password, and is not shown
        fail("BROKER_PASSWORDS must be written name:password,name:password; no password there holds a comma.")
    found = {name: password for name, _, password in pairs}
    users = {*CLASSES, *(f"{TOOL}{name}" for name in settings.tools)}
    if missing := sorted({*CLASSES} - found.keys()):
        fail(f"BROKER_PASSWORDS must be written name:password,name:password; it has none for {', '.join(missing)}.")
    if unknown := sorted(found.keys() - users):
        fail(f"BROKER_PASSWORDS names {', '.join(unknown)}: no process, and no {TOOL}NAME of a tool in TOOL_KEYS.")
    if short := sorted(name for name, password in found.items() if len(password) < _PASSWORD_LENGTH):
        fail(f"BROKER_PASSWORDS must have {_PASSWORD_LENGTH} characters or more for each, also for {', '.join(short)}.")
    return found


def _user(name: str, password: str) -> dict[str, str]:
    salt = os.urandom(4)
    digest = hashlib.sha256(salt + password.encode()).digest()
    return {
        "name": name,
        "password_hash": base64.b64encode(salt + digest).decode(),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": "",
    }


def _import(made: Mapping[str, Any], management: str, user: str, password: str) -> None:
    login = base64.b64encode(f"{user}:{password}".encode()).decode()
    headers = {"Authorization": f"Basic {login}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{management}/api/definitions", json.dumps(made).encode(), headers)
    with urllib.request.urlopen(request, timeout=_SECONDS):
        pass
