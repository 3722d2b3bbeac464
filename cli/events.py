"""Events from the outboxes of services: published anew after a back-up was restored, or a queue was lost."""

from collections.abc import Collection
from datetime import UTC, datetime

import click
from sqlalchemy import Table
from sqlalchemy.exc import SQLAlchemyError

from cli.faces.endings import fail
from shared.bus.events.outbox import outbox_table
from shared.bus.events.republishing import REMEMBERED, publish_anew
from shared.settings import SERVICES, Settings
from shared.storage.database import Database, new_metadata


def republish(settings: Settings, since: datetime, services: Collection[str]) -> None:
    """Let the relays of all services, or of those named, publish once more what happened since a moment.

    Says of how many events, and what can no longer be had; ends the program with one sentence where a database cannot
    be changed.
    """
    now = datetime.now(UTC)
    if since > now:
        fail(f"{since.isoformat(timespec='seconds')} is still to come; name a moment that has passed.")
    outbox = outbox_table(new_metadata())
    for service in services or SERVICES:
        count = _publish_anew(settings.database_url(service), service, outbox, since, now)
        click.echo(f"{service}: {count} event(s) go out again")
    if since < now - REMEMBERED:
        oldest = (now - REMEMBERED).isoformat(timespec="seconds")
        click.echo(f"frontdesk: what happened before {oldest} is not published anew: services may have forgotten that "
                   "they have it.", err=True)  # fmt: skip


def moment(text: str) -> datetime:
    """Return the moment that is written as ISO 8601, in UTC where it names no zone; raise BadParameter."""
    try:
        written = datetime.fromisoformat(text)
    except ValueError as wrong:
        how = "write it as 2026-12-24T03:00, in UTC, or with an offset as …+01:00."
        raise click.BadParameter(how, param_hint="--since") from wrong
    return written if written.tzinfo else written.replace(tzinfo=UTC)


def _publish_anew(url: str, service: str, outbox: Table, since: datetime, now: datetime) -> int:
    database = Database(url, limits=None)
    try:
        return publish_anew(database, outbox, since, now)
    except SQLAlchemyError as trouble:
        fail(f"the database of {service} cannot be changed: {str(trouble).splitlines()[0]}.")
    finally:
        database.close()
