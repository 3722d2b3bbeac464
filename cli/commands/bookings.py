"""`frontdesk bookings`: the clinics' bookings, as their desks see and change them (PRODUCT C2, C5)."""

from datetime import datetime
from typing import Any

import click

from cli.faces.options import DAY, MOMENT, Day, Paging, as_json, clinic, listing

STATUSES = ("booked", "done", "missed", "cancelled")
TELL = click.option(
    "--tell", type=click.Choice(("all", "practitioner", "none")), help="Who is told of it; else everybody concerned."
)
reference = click.argument("reference", metavar="REFERENCE")


@click.group()
def bookings() -> None:
    """Find, show, make, move and cancel bookings, as the clinic's desk does.

    Times are those of the clinic's clock.

    \b
      frontdesk bookings find frenda --from today --to +7
      frontdesk bookings times frenda exam --from tomorrow
      frontdesk bookings book frenda exam --start 2026-12-01T09:30 --patient 0f…
      frontdesk bookings move frenda K7QW2M9XTA --start 2026-12-02T10:00
      frontdesk bookings cancel frenda K7QW2M9XTA --comment "Illness"
    """


@bookings.command("find")
@clinic
@click.option("--from", "first", type=DAY, help="From this day on: 2026-12-24, today, tomorrow, +7; else from today.")
@click.option("--to", "last", type=DAY, help="Up to and with this day.")
@click.option("--practitioner", help="Only with this one, by key.")
@click.option("--status", type=click.Choice(STATUSES), help="Only those that stand so.")
@click.option("--patient", help="Only of this patient, by id; then also past ones.")
@listing
def find(
    clinic: str,
    first: Day | None,
    last: Day | None,
    practitioner: str | None,
    status: str | None,
    patient: str | None,
    paging: Paging,
    *,
    as_json: bool,
) -> None:
    """List bookings by their start."""
    from cli.desk.bookings import require_practitioner, show_bookings
    from cli.faces.asking import day_at, listed, services, zone_of
    from cli.faces.printing import show_json

    if first is None and patient is None:
        first = Day(None)
    with services() as client:
        zone = zone_of(client, clinic)
        days = {"from": day_at(first, zone), "to": day_at(last, zone)}
        asked = {"practitioner": practitioner, "status": status, "patient": patient}
        found = listed(client, "booking", "find", clinic, "bookings", paging, **days, **asked)
        if practitioner is not None and not found["bookings"]:
            require_practitioner(client, clinic, practitioner)
    show_json(found) if as_json else show_bookings(found)


@bookings.command("show")
@clinic
@reference
@as_json
def show(clinic: str, reference: str, *, as_json: bool) -> None:
    """Show a booking.

    That you did is written into the clinic's access log.
    """
    _do(clinic, reference, "get", as_json=as_json)


@bookings.command("times")
@clinic
@click.argument("type", metavar="TYPE")
@click.option("--from", "first", type=DAY, default="today", help="From this day on; else from today.")
@click.option("--practitioner", "practitioners", multiple=True, help="With one of these, by key; else with anybody.")
@click.option("--minutes", type=click.IntRange(1), help="Of this length; else as the type has it.")
@click.option("--days", type=click.IntRange(1, 7), default=1, show_default=True, help="So many days that have any.")
@listing
def times(
    clinic: str,
    type: str,
    first: Day,
    practitioners: tuple[str, ...],
    minutes: int | None,
    days: int,
    paging: Paging,
    *,
    as_json: bool,
) -> None:
    """List the next free times for a TYPE of appointment; with --json all of these days."""
    from cli.desk.bookings import show_times
    from cli.faces.asking import day_at, given, services, zone_of
    from cli.faces.printing import show_json

    with services() as client:
        asked = given(practitioners=list(practitioners) or None, minutes=minutes)
        asked["from"] = day_at(first, zone_of(client, clinic))
        found = client.call("availability", "next_free", clinic, type=type, days=days, **asked)
    slots = found["slots"][: paging.limit]
    show_json(found) if as_json else show_times(slots, more=len(slots) < len(found["slots"]))


@bookings.command("book")
@clinic
@click.argument("type", metavar="TYPE")
@click.option("--start", type=MOMENT, required=True, help="2026-12-24T09:30 by the clinic's clock.")
@click.option("--practitioner", help="With whom, by key; else with whoever is free.")
@click.option("--minutes", type=click.IntRange(1), help="How long; else as the type has it.")
@click.option("--outside-plan", is_flag=True, help="Also where the plan offers no such time.")
@click.option("--patient", "id", help="For whom, by id (`frontdesk patients find`); else say who it is:")
@click.option("--first-name")
@click.option("--last-name")
@click.option("--birth-date", type=click.DateTime(["%Y-%m-%d"]), metavar="1985-04-12")
@click.option("--national-id")
@click.option("--mobile")
@click.option("--email")
@click.option("--sms/--no-sms", "sms_ok", default=None, help="Whether the patient agrees to SMS.")
@click.option("--mail/--no-mail", "email_ok", default=None, help="Whether the patient agrees to email.")
@click.option("--message", help="What the patient says.")
@click.option("--language", help="Which language the patient is written in; else the clinic's first.")
@TELL
@click.option("--key", help="Names this wish: sent again with the same key, it books nothing twice.")
@as_json
def book(
    clinic: str, type: str, start: datetime, key: str | None, birth_date: datetime | None, *, as_json: bool, **said: Any
) -> None:
    """Book a time for a patient."""
    from cli.desk.bookings import book_one

    book_one(clinic, type, start, key, birth_date, said, as_json=as_json)


@bookings.command("move")
@clinic
@reference
@click.option("--start", type=MOMENT, help="To when: 2026-12-24T09:30 by the clinic's clock.")
@click.option("--practitioner", help="To whom, by key.")
@click.option("--type", help="To which type, by key.")
@click.option("--minutes", type=click.IntRange(1), help="To which length.")
@click.option("--outside-plan", is_flag=True, help="Also where the plan offers no such time.")
@TELL
@as_json
def move(
    clinic: str, reference: str, start: datetime | None, *, outside_plan: bool, as_json: bool, **said: Any
) -> None:
    """Move a booking, or change with whom, for what or how long it is."""
    from cli.desk.bookings import move_one

    changed = [name for name in ("practitioner", "type", "minutes") if said[name] is not None]
    if start is None and not changed:
        raise click.UsageError("Say what is to change: --start, --practitioner, --type or --minutes.")
    move_one(clinic, reference, start, {**said, "outside_plan": outside_plan or None}, as_json=as_json)


@bookings.command("cancel")
@clinic
@reference
@click.option("--comment", help="Why; it stands on the watch list.")
@TELL
@click.confirmation_option(prompt="The time is given to others, and those concerned are told. Cancel it?")
@as_json
def cancel(clinic: str, reference: str, comment: str | None, tell: str | None, *, as_json: bool) -> None:
    """Cancel a booking. It stands at once, and those concerned are told: nothing takes it back."""
    _do(clinic, reference, "cancel", as_json=as_json, comment=comment, tell=tell)


@bookings.command("arrived")
@clinic
@reference
@click.option("--undo", is_flag=True, help="Take it back.")
@as_json
def arrived(clinic: str, reference: str, *, undo: bool, as_json: bool) -> None:
    """Note that the patient is there."""
    _do(clinic, reference, "arrived", as_json=as_json, on=not undo)


@bookings.command("no-show")
@clinic
@reference
@click.option("--undo", is_flag=True, help="Take it back.")
@as_json
def no_show(clinic: str, reference: str, *, undo: bool, as_json: bool) -> None:
    """Note that the patient did not come."""
    _do(clinic, reference, "mark_no_show", as_json=as_json, on=not undo)


@bookings.command("history")
@clinic
@reference
@listing
def history(clinic: str, reference: str, paging: Paging, *, as_json: bool) -> None:
    """Show all that happened to a booking.

    The oldest first: who did what when, and from where.
    """
    from cli.desk.bookings import show_history

    show_history(clinic, reference, paging, as_json=as_json)


def _do(clinic: str, reference: str, method: str, *, as_json: bool, **fields: Any) -> None:
    """Call what is done to one booking, and show it as it is now."""
    from cli.desk.bookings import show_booking
    from cli.faces.asking import given, services

    with services() as client:
        done = client.call("booking", method, clinic=clinic, reference=reference, **given(**fields))
    show_booking(done, as_json=as_json)
