"""`frontdesk day-lists` and `frontdesk reconcile`: what is run each night, or after a mishap."""

from pathlib import Path

import click

from cli.faces.options import DAY, Day
from cli.remote import installation


@click.command("day-lists")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--clinic", "clinics", multiple=True, help="Only of this clinic; else of all.")
@click.option("--date", "day", type=DAY, default="tomorrow", help="Of this day: 2026-12-24, today; else of tomorrow.")
def day_lists(folder: Path, clinics: tuple[str, ...], day: Day) -> None:
    """Write the clinics' day lists into FOLDER as PDF, for the day on which nothing else works.

    To be run each evening; tomorrow is by each clinic's clock. The files hold patients' names and telephones.
    """
    from cli.day_lists import write

    write(installation(), folder, clinics, day)


@click.command()
@click.option("--clinic", "clinics", multiple=True, help="Only of this clinic; else of all.")
@click.option("--since", help="Bookings that start from then on: 2026-12-24, in UTC; two weeks ago where left out.")
@click.option("--all", "everything", is_flag=True, help="All bookings that there ever were.")
@click.option("--repair", is_flag=True, help="Put right what differs; else it is only shown.")
def reconcile(clinics: tuple[str, ...], since: str | None, everything: bool, repair: bool) -> None:
    """Compare what all services hold of bookings with what booking says.

    The exit code is 1 where anything differs that was not put right.
    """
    from cli.events import moment
    from cli.reconcile import reconcile, two_weeks_ago

    if since and everything:
        raise click.UsageError("Say --since or --all.")
    first = moment(since) if since else two_weeks_ago()
    reconcile(installation(), clinics, None if everything else first, repair=repair)
