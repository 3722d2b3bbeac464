"""`frontdesk report`: what online booking brought (PRODUCT A2)."""

import click

from cli.faces.options import DAY, Day, as_json, clinic

_BY = ("day", "week", "month", "type", "practitioner")


@click.command()
@clinic
@click.option("--from", "first", type=DAY, default="-29", help="From this day on; else of the last 30 days.")
@click.option("--to", "last", type=DAY, default="today", help="Up to and with this day; else today.")
@click.option("--by", type=click.Choice(_BY), default="week", show_default=True, help="A row for each.")
@as_json
def report(clinic: str, first: Day, last: Day, by: str, *, as_json: bool) -> None:
    """Tell what online booking brought: visits, bookings, cancellations, and what patients wanted in vain.

    \b
      frontdesk report frenda
      frontdesk report frenda --from 2026-11-01 --to 2026-11-30 --by practitioner
    """
    from cli.desk.report import show_report

    show_report(clinic, first, last, by, as_json=as_json)
