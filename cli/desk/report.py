"""The report on online booking, as the command line prints it (PRODUCT A2)."""

from collections.abc import Callable, Mapping
from typing import Any

import click

from cli.faces.asking import day_at, services, zone_of
from cli.faces.options import Day
from cli.faces.printing import Column, Row, column, show_json, show_rows

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_PATIENCE = 30.0


def show_report(clinic: str, first: Day, last: Day, by: str, *, as_json: bool) -> None:
    """Print the report: a row for each part of the period, their sum, and that of the time before."""
    with services() as client:
        zone = zone_of(client, clinic)
        days = {"from": day_at(first, zone), "to": day_at(last, zone)}
        found = client.call("booking", "report", clinic, timeout=_PATIENCE, by=by, **days)
    if as_json:
        show_json(found)
        return
    columns = (
        column(by, "key"), column("visits"), column("bookings"), Column("online", _share_of("web_share")),
        column("moves"), column("cancelled", "cancellations"), column("missed"),
        Column("refused", lambda row: sum(row["refusals"].values())),
        Column("hours ahead", lambda row: row["lead_time_hours"]),
    )  # fmt: skip
    sums = [{**found["total"], "key": "all"}, {**found["before"], "key": "before"}]
    click.echo(f"{clinic}, {found['from']} to {found['to']}; before is {_dates(found['before'])}")
    show_rows(columns, [*found["rows"], *sums], nothing="")
    if found["wanted"]:
        click.echo("\nWanted, and not to be had:")
        wanted = (
            column("times", "count"),
            column("why", "code"),
            Column("day", _weekday),
            Column("at", lambda row: None if row["hour"] is None else f"{row['hour']:02}:00"),
        )
        show_rows(wanted, found["wanted"], nothing="")


def _dates(period: Mapping[str, Any]) -> str:
    return f"{period['from']} to {period['to']}"


def _share_of(name: str) -> Callable[[Row], str | None]:
    return lambda row: None if row[name] is None else f"{row[name]:.0%}"


def _weekday(row: Row) -> str | None:
    return None if row["weekday"] is None else _WEEKDAYS[row["weekday"] - 1]
