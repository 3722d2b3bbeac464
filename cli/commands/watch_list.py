"""`frontdesk watch-list`: who cancelled, or whose time was taken (PRODUCT M5, C12)."""

import click

from cli.faces.options import Paging, as_json, clinic, listing


@click.group("watch-list")
def watch_list() -> None:
    """Show the watch list: patients who cancelled, or whose time an absence takes, until somebody has dealt with it.

    \b
      frontdesk watch-list list frenda
      frontdesk watch-list done frenda 5e1a…
    """


@watch_list.command("list")
@clinic
@click.option("--done", is_flag=True, help="Those that were ticked off, the latest first.")
@listing
def show_list(clinic: str, paging: Paging, *, done: bool, as_json: bool) -> None:
    """List what is open, the oldest first."""
    from cli.desk.bookings import NAME
    from cli.faces.asking import listed, services
    from cli.faces.printing import Column, column, moment, moments, show_json, show_rows

    with services() as client:
        found = listed(client, "booking", "watch_list", clinic, "watch_list", paging, done=done)
    if as_json:
        show_json(found)
        return
    columns = (
        column("id"), moments("since", "at"), column("why", "reason"),
        column("booking", "booking", "reference"),
        Column("start", lambda row: moment(row["booking"]["start"])),
        Column("patient", lambda row: NAME.of(row["booking"])),
        column("mobile", "booking", "patient", "mobile"), column("comment"),
        *((moments("done", "done_at"), column("by", "done_by")) if done else ()),
    )  # fmt: skip
    show_rows(columns, found["watch_list"], nothing="Nothing is open." if not done else "Nothing was ticked off.",
              more=found["next"] is not None)  # fmt: skip


@watch_list.command("done")
@clinic
@click.argument("id", metavar="ENTRY")
@click.option("--undo", is_flag=True, help="Take it back.")
@as_json
def done(clinic: str, id: str, *, undo: bool, as_json: bool) -> None:
    """Tick an entry off."""
    from cli.faces.asking import services
    from cli.faces.printing import show_json

    with services() as client:
        ticked = client.call("booking", "watch_done", clinic, id, on=not undo)
    show_json(ticked) if as_json else click.echo(f"{ticked['id']}: {'done' if ticked['done'] else 'open again'}")
