"""`frontdesk audit`: whether the past is as it was written, and who has looked at whom."""

import click

from cli.faces.options import DAY, Day, Paging, clinic, listing
from cli.remote import installation


@click.group()
def audit() -> None:
    """Whether what happened stands as it was written, and who has looked at whose record.

    \b
      frontdesk audit verify
      frontdesk audit history frenda K7QW2M9XTA
      frontdesk audit openings frenda --from yesterday
    """


@audit.command("verify")
@click.argument("clinics", metavar="[CLINIC]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each clinic, for programs.")
def audit_verify(clinics: tuple[str, ...], *, as_json: bool) -> None:
    """Check that no history of a booking was changed, cut off or taken away, at the clinics named or all.

    Exit code 0 where all is as it was written, 1 where something is not.
    """
    from cli.audit import verify

    verify(installation(), clinics, as_json=as_json)


@audit.command("history")
@clinic
@click.argument("reference", metavar="REFERENCE")
@listing
def audit_history(clinic: str, reference: str, paging: Paging, *, as_json: bool) -> None:
    """Show the history of one booking.

    The oldest first: who did what when, and from where.
    """
    from cli.desk.bookings import show_history

    show_history(clinic, reference, paging, as_json=as_json)


@audit.command("openings")
@clinic
@click.option("--from", "first", type=DAY, help="From this day on: 2026-12-24, today, yesterday, -7.")
@click.option("--to", "last", type=DAY, help="Up to and with this day.")
@click.option("--patient", help="Only of this patient, by id.")
@click.option("--by", "actor", help="Only by this account or tool: its address or name.")
@listing
def audit_openings(
    clinic: str,
    first: Day | None,
    last: Day | None,
    patient: str | None,
    actor: str | None,
    paging: Paging,
    *,
    as_json: bool,
) -> None:
    """Show who has opened whose record, the latest first."""
    from cli.desk.openings import show_openings

    show_openings(clinic, first, last, paging, {"patient": patient, "actor": actor}, as_json=as_json)
