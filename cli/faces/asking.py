"""What commands ask of services: in pages, and by the clinic's clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from cli.faces.options import MOST_AT_ONCE, Day, Paging
from cli.remote import Client, connect, installation

Answer = dict[str, Any]


@contextmanager
def services() -> Iterator[Client]:
    """Yield a client of the installation that the environment names."""
    with connect(installation()) as client:
        yield client


def given(**fields: Any) -> Answer:
    """Return the fields that were said, without those that are None."""
    return {name: value for name, value in fields.items() if value is not None}


def listed(
    client: Client, service: str, method: str, clinic: str | None, rows: str, paging: Paging, **query: Any
) -> Answer:
    """Return `{rows, next}`: as much of a list as is wanted, `next` being None where that is all of it."""
    asked = given(**query)
    named = () if clinic is None else (clinic,)
    page: Answer = client.call(service, method, *named, **asked, limit=paging.limit or MOST_AT_ONCE)
    while paging.limit is None and page["next"] is not None:
        more = client.call(service, method, *named, **asked, limit=MOST_AT_ONCE, cursor=page["next"])
        page = {**more, rows: page[rows] + more[rows]}
    return page


def zone_of(client: Client, clinic: str) -> ZoneInfo:
    """Return the clinic's time zone; raise NotFound where there is no such clinic."""
    return ZoneInfo(client.call("availability", "profile", clinic)["time_zone"])


def day_at(day: Day | None, zone: ZoneInfo) -> str | None:
    """Return a day as services take it, by the clinic's clock; None where none is named."""
    return None if day is None else day.on(today_at(zone)).isoformat()


def today_at(zone: ZoneInfo) -> date:
    """Return the date that it is at a clinic."""
    return datetime.now(UTC).astimezone(zone).date()


def moment_at(moment: datetime, zone: ZoneInfo, option: str) -> str:
    """Return a moment as services take it, by the clinic's clock where it names no offset.

    Raises BadParameter for a time that a night of daylight saving lacks, or has twice, and does not say which.
    """
    if moment.tzinfo is not None:
        return moment.isoformat()
    first, second = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.isoformat()
    there_is = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == moment
    why = "is there twice that night; say which by its offset" if there_is else "is left out that night by the clocks"
    either = " or ".join(each.isoformat() for each in (first, second)) if there_is else ""
    raise click.BadParameter(f"{moment:%H:%M} {why}{either and ': '}{either}.", param_hint=option)
