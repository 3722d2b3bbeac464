"""`frontdesk recalls`: who is to be called in, and calling them in (PRODUCT R1, R2, R3, M2)."""

from pathlib import Path

import click

from cli.faces.options import Paging, as_json, clinic, listing

LISTS = ("due", "overdue", "booked", "expired", "closed")
_LAYOUTS = ("a4", "a6")


@click.group()
def recalls() -> None:
    """Show who is to be called in, send recalls, and print their cards.

    \b
      frontdesk recalls due frenda
      frontdesk recalls issue frenda --week 2026-W50 --send sms --send email
      frontdesk recalls issue frenda --week 2026-W50 --send card
      frontdesk recalls cards frenda --week 2026-W50 --output cards.pdf
    """


@recalls.command("due")
@clinic
@click.option("--week", metavar="2026-W50", help="Only of this week.")
@click.option("--list", "which", type=click.Choice(LISTS), default="due", show_default=True, help="Which needs.")
@listing
def due(clinic: str, week: str | None, which: str, paging: Paging, *, as_json: bool) -> None:
    """List the needs of patients who are to come."""
    from cli.desk.recalls import show_needs

    show_needs(clinic, week, which, paging, as_json=as_json)


@recalls.command("issue")
@clinic
@click.option("--week", metavar="2026-W50", help="All who are to come in this week.")
@click.option("--need", help="This need alone, by id; also once more.")
@click.option("--reference", help="This booked recall alone; also once more.")
@click.option("--send", multiple=True, required=True, type=click.Choice(("sms", "email", "card")), help="By what.")
@as_json
def issue(
    clinic: str, week: str | None, need: str | None, reference: str | None, send: tuple[str, ...], *, as_json: bool
) -> None:
    """Call patients in: all of a week, each by each channel once, or one."""
    from cli.desk.recalls import issue

    if sum(each is not None for each in (week, need, reference)) != 1:
        raise click.UsageError("Say --week, --need or --reference, and one of them only.")
    issue(clinic, {"week": week, "need": need, "reference": reference}, send, as_json=as_json)


@recalls.command("cards")
@clinic
@click.option("--week", metavar="2026-W50", help="Those of this week that were issued by card.")
@click.option("--id", help="The one of this need or booking.")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Which PDF to write.")
@click.option("--layout", type=click.Choice(_LAYOUTS), default="a4", show_default=True, help="Four on a sheet, or one.")
def cards(clinic: str, week: str | None, id: str | None, output: Path, layout: str) -> None:
    """Write recall cards as a PDF that only you can read."""
    from cli.desk.recalls import write_cards

    if (week is None) is (id is None):
        raise click.UsageError("Say --week or --id, and one of them only.")
    write_cards(clinic, {"week": week, "id": id}, output, layout)
