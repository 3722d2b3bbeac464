"""What services tell, as it happens: over RabbitMQ, or over the socket of an installation in one process."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from cli.faces.asking import Answer, zone_of
from cli.faces.printing import said
from cli.local.client import LocalClient
from cli.remote import Client, connect
from shared.contracts.errors import Refusal
from shared.settings import SERVICES, Settings

_LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class Wanted:
    """Which events are shown; an empty set stands for all."""

    services: frozenset[str]
    types: frozenset[str]
    clinics: frozenset[str]

    def takes(self, event: Answer) -> bool:
        """Tell whether an event is one of them."""
        chosen = ((self.services, "source"), (self.types, "type"), (self.clinics, "clinic"))
        return all(not names or event.get(field) in names for names, field in chosen)


def tail(settings: Settings, wanted: Wanted, count: int | None, *, as_json: bool) -> None:
    """Print events as they are told, `count` of them or until Ctrl-C; raises Unavailable where the bus is lost."""
    zones: dict[str, ZoneInfo | None] = {}
    with connect(settings) as client:
        shown = 0
        for event in _told(settings, client):
            if not wanted.takes(event):
                continue
            click.echo(json.dumps(event, ensure_ascii=False) if as_json else _line(client, zones, event))
            shown += 1
            if shown == count:
                return


def _told(settings: Settings, client: Client) -> Iterator[Answer]:
    if isinstance(client, LocalClient):
        yield from client.events(_say_ready)
        return
    from shared.bus.tailing import told_events

    told = told_events(settings.amqp_uri, SERVICES, wait=_LOOK_SECONDS)
    next(told)
    _say_ready()
    yield from (event for event in told if event is not None)


def _say_ready() -> None:
    click.echo("Listening; Ctrl-C ends it.", err=True)


def _line(client: Client, zones: dict[str, ZoneInfo | None], event: Answer) -> str:
    """Return an event in a line, its time by its clinic's clock, and in UTC where it is of no clinic that there is."""
    clinic = str(event.get("clinic"))
    if clinic not in zones:
        zones[clinic] = _zone(client, clinic)
    at = datetime.fromisoformat(event["time"]).astimezone(zones[clinic] or ZoneInfo("UTC"))
    subject = f"{event.get('subject')} v{event.get('subject_version')}"
    words: tuple[Any, ...] = (f"{at:%Y-%m-%d %H:%M:%S}", clinic, event.get("type"), subject, _who(event))
    return "  ".join(map(said, words))


def _who(event: Answer) -> str:
    actor = event.get("actor") or {}
    return " ".join(filter(None, ("by", actor.get("kind"), actor.get("id"))))


def _zone(client: Client, clinic: str) -> ZoneInfo | None:
    try:
        return zone_of(client, clinic)
    except Refusal:
        return None
